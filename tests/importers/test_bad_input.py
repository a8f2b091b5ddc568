"""What goes wrong with registers on their way from office to file: each is read, warned of or refused by name, never silently changed."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from app.importers import table
from app.importers.drafts import TableOptions
from tests.importers.old_workbook import old_workbook
from tests.importers.tables import HEADERS, PERSON, csv_file, ods, read, text_file, workbook

ZEROS = "nollor i början kan ha försvunnit"
NAMES = "".join(
    f" xmlns:{short}='urn:oasis:names:tc:opendocument:xmlns:{short}:1.0'" for short in ("office", "table", "text")
)


def said(path: Path, options: TableOptions = table.AUTOMATIC) -> str:
    return " ".join(table.preview(path, options).warnings)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "xls"])
def test_columns_of_the_same_name_are_numbered_and_said(tmp_path: Path, kind: str) -> None:
    rows = ("Namn", "Ort", "Ort"), ("A", "X", "Y")
    path = (
        csv_file(tmp_path, *rows)
        if kind == "csv"
        else workbook(tmp_path, *rows)
        if kind == "xlsx"
        else old_workbook(tmp_path / "r.xls", *rows)
    )
    seen = table.preview(path)
    assert (seen.kind, seen.headers, seen.mapping) == (kind, ("Namn", "Ort", "Ort (2)"), ("name", "city", None))
    assert "samma namn" in said(path)


def test_merged_cells_are_said_in_every_kind_of_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (("Namn", "Ort"), ("A", "X"), ("B", "")):
        sheet.append(row)
    sheet.merge_cells("B2:B3")
    book.save(tmp_path / "r.xlsx")
    assert "sammanslagna celler" in said(tmp_path / "r.xlsx")
    assert [row.values.get("city") for row in read(tmp_path / "r.xlsx")[0]] == ["X", None]
    assert "sammanslagna celler" in said(
        old_workbook(tmp_path / "r.xls", ("Namn", "Ort"), ("A", "X"), ("B", "Y"), merged=True)
    )

    def sheet_of(attribute: str) -> str:
        cell = "<table:table-cell office:value-type='string'{}><text:p>{}</text:p></table:table-cell>"
        rows = "".join(
            f"<table:table-row>{cell.format('', first)}{cell.format(attribute, second)}</table:table-row>"
            for first, second in (("Namn", "Ort"), ("A", "X"))
        )
        return (
            f"<office:document-content{NAMES}><office:body><office:spreadsheet><table:table table:name='B'>{rows}"
            "</table:table></office:spreadsheet></office:body></office:document-content>"
        )

    assert "sammanslagna" in said(ods(tmp_path, sheet_of(' table:number-rows-spanned="2"')))
    assert "sammanslagna" not in said(ods(tmp_path, sheet_of(' table:number-rows-spanned="1"')))


def test_dates_as_text_are_read_and_those_that_mean_two_days_are_problems_with_line_and_remedy(tmp_path: Path) -> None:
    days = ["2024-05-31", "31 maj 2024", "20240531", "31.5.2024", "31/5 2024", date(2024, 5, 31)]
    rows, problems = read(
        workbook(tmp_path, ("Namn", "Kund till"), *(("A", day) for day in [*days, "05/06/24", 45443]))
    )
    assert [row.values["relation_end"] for row in rows] == ["2024-05-31"] * len(days)
    assert [(problem.line, problem.column) for problem in problems] == [
        (8, "Kundrelationen slutade"),
        (9, "Kundrelationen slutade"),
    ]
    assert all("2026-11-03" in problem.remedy for problem in problems)


@pytest.mark.parametrize(
    ("header", "number", "is_doubtful"),
    [
        ("Kundnummer", 123, True),
        ("Postnr", 1234, True),
        ("Postnr", 12345, False),
        ("Personnummer", 408233234, True),
        ("Personnummer", 196408233234, False),
        ("Telefon", 701740605, True),
        ("Belopp", 123, False),
        ("Fakturanr", 20418, False),
    ],
)
def test_a_number_that_may_have_lost_its_zeros_is_pointed_out(
    tmp_path: Path, header: str, number: int, is_doubtful: bool
) -> None:
    for path in (
        workbook(tmp_path, ("Namn", header), ("A", number)),
        old_workbook(tmp_path / "r.xls", ("Namn", header), ("A", number)),
    ):
        warnings = table.preview(path).warnings
        assert [text for text in warnings if text.startswith(f"{header}: {ZEROS}")] == [
            text for text in warnings if ZEROS in text
        ]
        assert (ZEROS in " ".join(warnings)) is is_doubtful


def test_in_a_text_file_zeros_are_kept_and_a_column_that_has_lost_some_is_pointed_out(tmp_path: Path) -> None:
    rows = ("Namn", "Kundnr", "Postnr"), ("A", "00123", "753 31"), ("B", "00456", "75331")
    assert said(csv_file(tmp_path, *rows)) == ""
    assert [row.values["customer_no"] for row in read(csv_file(tmp_path, *rows))[0]] == ["00123", "00456"]
    assert f"Kundnr: {ZEROS}" in said(csv_file(tmp_path, *rows, ("C", "789", "75331")))
    assert f"Postnr: {ZEROS}" in said(csv_file(tmp_path, *rows, ("C", "00789", "1050")))


def test_a_postcode_and_a_number_are_read_as_they_stand_with_a_warning_on_the_row(tmp_path: Path) -> None:
    (row,) = read(workbook(tmp_path, ("Namn", "Postnr"), ("A", 1050)))[0]
    assert row.values["postcode"] == "1050"
    assert any("färre än fem siffror" in text for text in row.warnings)
    (row,) = read(csv_file(tmp_path, ("Namn", "Postnr"), ("A", "753 31")))[0]
    assert row.warnings == ()


def test_formulas_are_never_worked_out(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (("Namn", "Ort"), ("A", "=1+1"), ("B", "X")):
        book.worksheets[0].append(row)
    book.save(tmp_path / "r.xlsx")
    assert "formler" in said(tmp_path / "r.xlsx")
    assert [row.values.get("city") for row in read(tmp_path / "r.xlsx")[0]] == [None, "X"]
    old = old_workbook(tmp_path / "r.xls", ("Namn", "Ort"), ("A", "=3+4"), ("B", "X"))
    assert "formler" in said(old)
    assert [row.values.get("city") for row in read(old)[0]] == ["7", "X"]
    assert "formler" not in said(old_workbook(tmp_path / "r.xls", ("Namn", "Ort"), ("A", "X")))
    text = csv_file(tmp_path, ("Namn", "Ort"), ("A", "=HYPERLINK(1)"))
    assert "börjar med =" in said(text)
    assert read(text)[0][0].values["city"] == "=HYPERLINK(1)"


def test_two_hundred_columns_are_read_and_one_more_is_refused(tmp_path: Path) -> None:
    names = ["Namn", *(f"k{number}" for number in range(198)), "E-post"]
    path = workbook(tmp_path, names, ["Åsa", *["x"] * 198, "asa@example.se"])
    assert len(table.preview(path).headers) == 200
    assert read(path)[0][0].values == {"name": "Åsa", "email": "asa@example.se"}


def test_a_million_empty_rows_cost_nothing_and_the_last_row_is_read(tmp_path: Path) -> None:
    path = text_file(tmp_path, b"Namn;Ort\r\n" + b";\r\n" * 1_000_000 + b"A;X\r\n")
    assert [(row.line, row.values["name"]) for row in read(path)[0]] == [(1_000_002, "A")]


@pytest.mark.parametrize("kind", ["csv", "tsv", "json", "vcf", "xlsx"])
def test_a_file_with_a_tenth_of_bad_rows_gives_the_others_and_names_each_bad_one(tmp_path: Path, kind: str) -> None:
    people = [(f"Person {n}", "fel" if n % 10 == 0 else f"p{n}@example.se") for n in range(1, 101)]
    if kind == "xlsx":
        path = workbook(tmp_path, ("Namn", "E-post"), *people)
    elif kind in ("csv", "tsv"):
        made = csv_file(tmp_path, ("Namn", "E-post"), *people, separator="\t" if kind == "tsv" else ";")
        path = made.rename(tmp_path / f"r.{kind}")
    elif kind == "vcf":
        text = "".join(f"BEGIN:VCARD\nFN:{name}\nEMAIL:{email}\nEND:VCARD\n" for name, email in people)
        path = text_file(tmp_path, text.encode(), "r.vcf")
    else:
        rows = ",".join(f'{{"namn": "{name}", "epost": "{email}"}}' for name, email in people)
        path = text_file(tmp_path, f"[{rows}]".encode(), "r.json")
    assert table.preview(path).kind == kind
    rows_read, problems = read(path)
    assert len(rows_read) == 90
    first = 1 if kind in ("csv", "tsv", "xlsx") else 0
    assert [problem.line for problem in problems] == [n + first for n in range(10, 101, 10)]
    assert {problem.column for problem in problems} == {"E-post"}
    assert all(problem.remedy and "fel" not in problem.what for problem in problems)


def test_an_old_workbook_is_read_whole(tmp_path: Path) -> None:
    rows, problems = read(old_workbook(tmp_path / "r.xls", HEADERS, PERSON, (*PERSON[:6], 1234.5, PERSON[7])))
    assert problems == []
    assert [row.values["amount"] for row in rows] == ["1234.50", "1234.5"]
    assert rows[0].values["name"] == "Åsa Öberg"


def test_a_tab_decides_in_a_file_that_calls_itself_tsv(tmp_path: Path) -> None:
    raw = b"Namn\tNotering\r\nA\tb; c; d\r\nB\te; f; g\r\n"
    assert table.preview(text_file(tmp_path, raw, "r.tsv")).separator == "\t"
    assert table.preview(text_file(tmp_path, b"Namn;Ort\r\nA;X\r\n", "r.tsv")).separator == ";"
