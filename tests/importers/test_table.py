from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from app.domain.errors import Cancelled, ExitCode, UserError
from app.i18n import language_as
from app.importers import table
from app.importers.drafts import TableOptions
from tests.importers.tables import HEADERS, PERSON, TODAY, chunks, csv_file, read, text_file, workbook

EXPECTED = {
    "name": "Åsa Öberg",
    "personnummer": "196408233234",
    "customer_no": "1001",
    "email": "asa@example.se",
    "mobile": "+46701740605",
    "postcode": "123 45",
    "amount": "1234.50",
    "relation_end": "2024-05-31",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_a_text_table_is_understood_whatever_its_encoding_and_separator(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    path = csv_file(tmp_path, HEADERS, PERSON, encoding=encoding, separator=separator)
    seen = table.preview(path)
    assert seen.headers == HEADERS
    assert seen.separator == separator
    assert seen.sample == (PERSON,)
    assert seen.mapping == tuple(EXPECTED)
    rows, problems = read(path)
    assert [row.values for row in rows] == [EXPECTED]
    assert problems == []
    assert rows[0].line == 2


def test_commas_separate_when_decimals_are_quoted(tmp_path: Path) -> None:
    path = text_file(tmp_path, b'Namn,Belopp,Ort\r\nA,"1,5",X\r\nB,"2,5",Y\r\n')
    assert [row.values["amount"] for row in read(path)[0]] == ["1.5", "2.5"]


def test_excels_own_line_about_the_separator_is_obeyed(tmp_path: Path) -> None:
    path = text_file(tmp_path, b"sep=|\r\nNamn|Ort;a,b,c\r\nA|X;1,2,3\r\n")
    assert table.preview(path).headers == ("Namn", "Ort;a,b,c")


def test_a_workbook_is_read_with_its_dates_and_numbers(tmp_path: Path) -> None:
    row = ("Åsa Öberg", 196408233234, 1001.0, "asa@example.se", "070-174 06 05", 12345, 1234.5, date(2024, 5, 31))
    path = workbook(tmp_path, HEADERS, row)
    seen = table.preview(path)
    assert (seen.kind, seen.sheet, seen.rows_estimate) == ("xlsx", "Sheet", 1)
    rows, problems = read(path)
    assert [found.values for found in rows] == [EXPECTED | {"amount": "1234.5"}]
    assert problems == []


def test_a_workbook_with_the_wrong_name_is_still_a_workbook(tmp_path: Path) -> None:
    path = workbook(tmp_path, HEADERS, PERSON).rename(tmp_path / "register.csv")
    assert table.preview(path).kind == "xlsx"


def test_an_opendocument_sheet_is_read(tmp_path: Path) -> None:
    from tests.importers.tables import ods

    cells = "".join(
        f"<table:table-cell office:value-type='string'><text:p>{text}</text:p></table:table-cell>"
        for text in ("A", "X")
    )
    heads = cells.replace(">A<", ">Namn<").replace(">X<", ">Ort<")
    names = "".join(
        f" xmlns:{short}='urn:oasis:names:tc:opendocument:xmlns:{long}:1.0'"
        for short, long in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    content = (
        f"<office:document-content{names}><office:body><office:spreadsheet><table:table table:name='Blad'>"
        f"<table:table-row>{heads}</table:table-row><table:table-row>{cells}</table:table-row>"
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    rows, _problems = read(ods(tmp_path, content))
    assert [row.values for row in rows] == [{"name": "A", "city": "X"}]


@pytest.mark.parametrize("text", ["<b>x</b>", "=1+1", "a\u200fb\u202ec", "@SUM(A1)", "'; DROP TABLE", "{name}", "%s"])
def test_texts_pass_through_unchanged(tmp_path: Path, text: str) -> None:
    assert read(csv_file(tmp_path, ("Namn", "Ort"), (text, "X"), separator="|"))[0][0].values["name"] == text
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Namn", "Ort"])
    sheet.append(["", "X"])
    sheet["A2"].value = text
    sheet["A2"].data_type = "s"
    book.save(tmp_path / "text.xlsx")
    assert read(tmp_path / "text.xlsx")[0][0].values["name"] == text


def test_a_header_row_below_titles_and_empty_rows_is_found(tmp_path: Path) -> None:
    path = workbook(tmp_path, (), ("Kundlista",), (), HEADERS, PERSON, (), (), PERSON)
    seen = table.preview(path)
    assert seen.headers == HEADERS
    assert any("ovanför rubrikraden" in warning for warning in seen.warnings)
    assert [row.line for row in read(path)[0]] == [5, 8]


def test_columns_of_the_same_name_are_numbered_and_mapped_once(tmp_path: Path) -> None:
    seen = table.preview(csv_file(tmp_path, ("Namn", "Ort", "Ort", ""), ("A", "X", "Y", "z")))
    assert seen.headers == ("Namn", "Ort", "Ort (2)")
    assert seen.mapping == ("name", "city", None)
    assert any("numreras" in warning for warning in seen.warnings)


def test_a_file_without_headers_is_pointed_out(tmp_path: Path) -> None:
    assert any("Saknar filen rubriker" in text for text in table.preview(csv_file(tmp_path, PERSON, PERSON)).warnings)


def test_merged_cells_formulas_faults_and_other_sheets_are_pointed_out(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (("Namn", "Ort"), ("A", "X"), ("=1+1", "#N/A")):
        sheet.append(row)
    sheet.merge_cells("A4:B4")
    book.create_sheet("Andra")
    book.save(tmp_path / "mycket.xlsx")
    said = " ".join(table.preview(tmp_path / "mycket.xlsx").warnings)
    assert all(word in said for word in ("flera blad", "sammanslagna", "formler", "saknar sparat värde", "felvärde"))
    assert table.preview(workbook(tmp_path, HEADERS, PERSON)).warnings == ()


def test_another_sheet_can_be_chosen_and_a_missing_one_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Läs mig"])
    sheet = book.create_sheet("Kunder")
    sheet.append(["Namn", "Ort"])
    sheet.append(["A", "X"])
    path = tmp_path / "blad.xlsx"
    book.save(path)
    assert table.preview(path).sheet == "Kunder"
    assert table.preview(path, TableOptions(sheet="Kunder")).headers == ("Namn", "Ort")
    with pytest.raises(UserError, match="Bladet"):
        table.preview(path, TableOptions(sheet="Borta"))


@pytest.mark.parametrize(
    ("column", "value", "word"),
    [
        (1, "19640823-3235", "kontrollsiffran"),
        (1, "1,96E+11", "kortats"),
        (3, "asa.example.se", "e-postadress"),
        (6, "1.234", "två sätt"),
        (7, "2024-02-30", "datum"),
        (7, "2026-03-02", "framtiden"),
    ],
)
def test_a_bad_cell_rejects_its_row_and_no_other(tmp_path: Path, column: int, value: str, word: str) -> None:
    bad = [*PERSON]
    bad[column] = value
    path = csv_file(tmp_path, HEADERS, PERSON, bad, PERSON)
    (chunk,) = chunks(path)
    assert [row.line for row in chunk.rows] == [2, 4]
    (problem,) = chunk.problems
    assert problem.line == 3
    assert problem.column
    assert word in problem.what
    assert problem.remedy
    assert value not in problem.what + problem.remedy + problem.column
    assert [(row.line, row.cells) for row in chunk.rejected] == [(3, tuple(bad))]


def test_problems_come_in_the_language_of_the_window(tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEADERS, [*PERSON[:3], "x", *PERSON[4:]])
    assert read(path)[1][0].column == "E-post"
    with language_as("sv"):
        assert read(path)[1][0].column == "E-post"


def test_a_row_that_names_nobody_is_rejected(tmp_path: Path) -> None:
    rows, problems = read(csv_file(tmp_path, ("Namn", "Ort"), ("", "X"), ("A", "")))
    assert [row.values for row in rows] == [{"name": "A"}]
    assert [(problem.line, problem.column) for problem in problems] == [(2, "")]


def test_a_telephone_number_nobody_knows_is_kept_with_a_warning(tmp_path: Path) -> None:
    (row,) = read(csv_file(tmp_path, ("Namn", "Mobil"), ("A", "växeln, anknytning 5")))[0]
    assert row.values["mobile"] == "växeln, anknytning 5"
    assert row.warnings
    assert "växeln" not in row.warnings[0]


def test_a_row_with_more_cells_than_headers_is_not_cut(tmp_path: Path) -> None:
    rows, problems = read(csv_file(tmp_path, ("Namn", "Ort"), ("A", "X", "mer"), ("B", "Y", "", "")))
    assert [row.values["name"] for row in rows] == ["B"]
    assert "fler celler" in problems[0].what


def test_a_missing_quotation_mark_does_not_hide_rows_in_a_cell(tmp_path: Path) -> None:
    raw = 'Namn;Ort;Land\r\n"A;X;SE\r\nB;Y;SE\r\nC";Z;SE\r\nD;Å;SE\r\n'.encode()
    rows, problems = read(text_file(tmp_path, raw))
    assert [row.values["name"] for row in rows] == ["D"]
    assert "citattecken" in problems[0].what
    notes = 'Namn;Ort;Land\r\nA;"rad ett\nrad två; med semikolon";SE\r\n'.encode()
    assert read(text_file(tmp_path, notes))[1] == []


def test_a_cell_over_the_limit_is_a_problem_and_one_under_it_is_kept_whole(tmp_path: Path) -> None:
    rows, problems = read(csv_file(tmp_path, ("Namn", "Anteckning"), ("A", "x" * 100_000), ("B", "x" * 100_001)))
    assert [len(row.values["correspondence"]) for row in rows] == [100_000]
    assert [problem.line for problem in problems] == [3]


def test_a_time_beside_a_date_is_said_not_to_be_read(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("Namn", "Senast inloggad"), ("A", datetime(2026, 1, 2, 10, 5)))  # noqa: DTZ001 - a cell has no zone
    (row,) = read(path)[0]
    assert row.values["last_login"] == "2026-01-02"
    assert row.warnings


@pytest.mark.parametrize(
    ("mapping", "word"),
    [((None, "city"), "vem"), (("city", "country"), "vem"), (("name", "name"), "samma fält"), ((), "vem")],
)
def test_a_mapping_that_cannot_work_is_refused(tmp_path: Path, mapping: Sequence[str | None], word: str) -> None:
    with pytest.raises(UserError, match=word):
        read(csv_file(tmp_path, ("Namn", "Ort"), ("A", "X")), mapping)


def test_a_file_that_changed_after_it_was_mapped_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="andra kolumner"):
        read(csv_file(tmp_path, ("Namn", "Ort"), ("A", "X")), ("name", "city", "country"))


def test_many_rows_come_in_chunks_with_progress_and_none_is_lost(tmp_path: Path) -> None:
    path = csv_file(tmp_path, ("Namn", "Kundnr"), *(("A", str(number)) for number in range(5000)))
    parts = list(chunks(path))
    assert len(parts) > 2
    assert [row.values["customer_no"] for part in parts for row in part.rows] == [str(number) for number in range(5000)]
    assert [part.done for part in parts] == sorted(part.done for part in parts)
    assert parts[-1].done == parts[-1].total


def test_reading_ends_when_the_step_says_so(tmp_path: Path) -> None:
    path = csv_file(tmp_path, ("Namn", "Kundnr"), *(("A", str(number)) for number in range(9000)))

    def step(done: int, total: int) -> None:
        if done > 1000:
            raise Cancelled

    seen = 0
    with pytest.raises(Cancelled):  # noqa: PT012 - the rows before the cancel count
        for chunk in table.rows(path, ("name", "customer_no"), today=TODAY, step=step):
            seen += len(chunk.rows)
    assert 0 < seen < 9000


def test_preview_stops_when_told_to(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        table.preview(csv_file(tmp_path, HEADERS, PERSON), stop=lambda: True)


def test_a_wrong_choice_of_encoding_is_refused_with_a_remedy(tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEADERS, PERSON, encoding="cp1252")
    with pytest.raises(UserError, match="teckenkodning") as refused:
        table.preview(path, TableOptions(encoding="utf-8"))
    assert refused.value.code is ExitCode.UNREADABLE_INPUT
    assert table.preview(path, TableOptions(encoding="cp1252")).headers == HEADERS
    with pytest.raises(UserError, match="Teckenkodningen"):
        table.preview(path, TableOptions(encoding="rot13"))
    with pytest.raises(UserError, match="Skiljetecknet"):
        table.preview(path, TableOptions(separator='"'))
