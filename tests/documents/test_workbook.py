"""The workbook: text stays text, dates are dates, nothing is cut and nothing is left on the disk."""

import re
import tempfile
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from app.documents.content import Extract, ExtractCategory, ExtractRow
from app.documents.sheets import PART
from app.documents.workbook import write_extract_workbook
from tests.documents.samples import EXTRACT, MARK

CANARIES = ("=1+1", "+46701740605", "-1", "@SUM(A1)", "<b>x</b>", "_x0041_", "01234", "#N/A", "2024-02-29")


def with_values(*values: str, kind: str = "text") -> Extract:
    rows = tuple(ExtractRow(f"Fält {number}", value, kind=kind) for number, value in enumerate(values))
    return replace(EXTRACT, categories=(ExtractCategory("customer", "Kundinformation", rows),))


def sheet(data: bytes, name: str) -> list[list[object]]:
    return [list(row) for row in CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_name(name).to_python()]


def values(extract: Extract) -> list[object]:
    return [row[1] for row in sheet(write_extract_workbook(extract), "Kundinformation")[1:]]


def test_the_sheets_stand_in_order_with_every_row() -> None:
    data = write_extract_workbook(EXTRACT)
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    assert book.sheet_names == ["Läs mig", "Kundinformation", "Köpinformation", "Annonsdata", "Mottagare", "Filer"]
    labels = [row[0] for row in sheet(data, "Kundinformation")]
    assert labels == ["Uppgift", *(row.label for row in EXTRACT.categories[0].rows)]
    assert sheet(data, "Annonsdata")[1][0] == "Inga"
    assert [row[0] for row in sheet(data, "Mottagare")] == ["Namn", *(item.name for item in EXTRACT.recipients)]


def test_no_value_becomes_a_formula_an_error_or_a_number() -> None:
    assert values(with_values(*CANARIES)) == list(CANARIES)
    with zipfile.ZipFile(BytesIO(write_extract_workbook(with_values(*CANARIES)))) as archive:
        for name in archive.namelist():
            assert b"<f>" not in archive.read(name)


def test_dates_and_amounts_are_dates_and_numbers_and_what_does_not_parse_is_text() -> None:
    assert values(with_values("2024-02-29", "29 februari", kind="date")) == [date(2024, 2, 29), "29 februari"]
    assert values(with_values("1 249,50", "-3", "nan", "cirka 5", kind="money")) == [1249.5, -3, "nan", "cirka 5"]
    assert sheet(write_extract_workbook(EXTRACT), "Köpinformation")[1][3] == date(2024, 2, 29)


def test_a_masked_date_is_not_guessed_and_says_why() -> None:
    row = ExtractRow("Född", "1912-••-••", kind="date", is_masked=True, mask_reason="dold")
    extract = replace(EXTRACT, categories=(ExtractCategory("c", "Kundinformation", (row,)),))
    found = sheet(write_extract_workbook(extract), "Kundinformation")[1]
    assert (found[1], found[8]) == ("1912-••-••", "dold")


@pytest.mark.parametrize("sign", ["a", "\U0001f600"])
def test_a_value_too_long_for_a_cell_goes_on_in_the_next_row(sign: str) -> None:
    rows = sheet(write_extract_workbook(with_values(sign * 40_000)), "Kundinformation")[1:]
    assert "".join(str(row[1]) for row in rows) == sign * 40_000
    assert [row[0] for row in rows] == [f"Fält 0 (del {number} av 3)" for number in (1, 2, 3)]
    assert all(len(str(row[1])) <= PART for row in rows)


def test_no_text_of_a_row_is_cut_however_long() -> None:
    text = " ".join(f"ord{number}" for number in range(6_000))
    row = ExtractRow(text, text, text, None, text, text, (text,), text, is_masked=True, mask_reason=text)
    extract = replace(EXTRACT, categories=(ExtractCategory("customer", "Kundinformation", (row,)),))
    rows = sheet(write_extract_workbook(extract), "Kundinformation")[1:]
    columns = [[re.sub(r" \(del \d av \d\)$", "", str(cell)) for cell in column] for column in zip(*rows, strict=True)]
    assert len(rows) == 3
    assert ["".join(column) for column in columns if any(column)] == [text] * 8


def test_a_very_long_name_is_whole_on_the_first_sheet() -> None:
    name = "Åsa " * 10_000
    rows = sheet(write_extract_workbook(replace(EXTRACT, subject_name=name)), "Läs mig")
    assert "".join(str(row[1]) for row in rows if str(row[0]).startswith("Gäller")) == name


def test_days_before_excel_and_numbers_longer_than_excel_are_text() -> None:
    assert values(with_values("1899-12-31", "1900-02-28", "1900-03-01", kind="date")) == [
        "1899-12-31",
        "1900-02-28",
        date(1900, 3, 1),
    ]
    assert values(with_values("1234567890123456.78", kind="money")) == ["1234567890123456.78"]
    early = ExtractRow("Fält", "x", since_on=date(1812, 5, 1))
    extract = replace(EXTRACT, categories=(ExtractCategory("customer", "Kundinformation", (early,)),))
    assert sheet(write_extract_workbook(extract), "Kundinformation")[1][3] == "1812-05-01"


def test_the_day_of_erasure_is_a_date_and_a_condition_is_text() -> None:
    rows = sheet(write_extract_workbook(EXTRACT), "Köpinformation")[1:]
    assert {row[7] for row in rows} == {date(2032, 1, 1)}
    assert sheet(write_extract_workbook(EXTRACT), "Kundinformation")[1][7] == "9 mars 2031"


def test_every_cell_wraps_at_its_top_text_is_text_and_columns_are_wide_enough_for_money() -> None:
    rows = (ExtractRow("=1+1", "12345.5", kind="money"), ExtractRow("Belopp", "1", kind="money"))
    extract = replace(EXTRACT, categories=(ExtractCategory("purchase", "Köp", rows),))
    book = openpyxl.load_workbook(BytesIO(write_extract_workbook(extract)))
    cells = [cell for row in book["Köp"].iter_rows() for cell in row if cell.value is not None]
    assert all(cell.alignment.wrap_text and cell.alignment.vertical == "top" for cell in cells)
    assert {cell.font.name for cell in cells} == {"Calibri"}
    assert [cell.font.bold for cell in book["Köp"][1]] == [True] * 11
    assert not any(cell.font.bold for cell in book["Köp"][2])
    assert (book["Köp"]["A2"].quotePrefix, book["Köp"]["A3"].quotePrefix) == (True, False)
    assert (book["Köp"]["A2"].number_format, book["Köp"]["B2"].number_format) == ("@", '#,##0.00\\ "kr"')
    assert book["Köp"].column_dimensions["B"].width > len("12 345,50 kr")


def test_a_printed_sheet_is_as_broad_as_the_paper_and_repeats_its_header() -> None:
    printed = openpyxl.load_workbook(BytesIO(write_extract_workbook(EXTRACT)))["Kundinformation"]
    assert printed.print_title_rows == "$1:$1"
    assert (printed.page_setup.orientation, printed.page_setup.fitToHeight) == ("landscape", 0)


def test_control_and_turning_characters_become_visible() -> None:
    assert values(with_values("ab\x00c\x1bd\u202ee\ud800")) == ["ab\ufffdc\ufffdd\ufffde\ufffd"]


def test_every_sheet_but_the_first_is_a_table_with_a_frozen_header() -> None:
    book = openpyxl.load_workbook(BytesIO(write_extract_workbook(EXTRACT)))
    first, *others = book.worksheets
    assert not first.tables
    for other in others:
        (table,) = other.tables.values()
        assert table.ref == other.dimensions
        assert other.freeze_panes == "A2"
        assert not other.merged_cells.ranges


def test_names_of_sheets_are_allowed_and_used_once() -> None:
    titles = ("Läs mig", "A/B:C*?[x]", "a b c   x ", "x" * 40, "x" * 40, "'", "")
    extract = replace(EXTRACT, categories=tuple(ExtractCategory(str(n), title) for n, title in enumerate(titles)))
    names = CalamineWorkbook.from_filelike(BytesIO(write_extract_workbook(extract))).sheet_names
    assert len({name.casefold() for name in names}) == len(titles) + 3
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)


def test_the_properties_hold_no_personal_data_and_the_first_sheet_marks_invented_data() -> None:
    data = write_extract_workbook(replace(EXTRACT, mark=replace(MARK, is_example=True)))
    with zipfile.ZipFile(BytesIO(data)) as archive:
        core = archive.read("docProps/core.xml").decode() + archive.read("docProps/app.xml").decode()
    assert "B-2026-053" in core
    assert not any(word in core for word in ("Åsa", "Öström", "19121212", "Maj"))
    assert sheet(data, "Läs mig")[0][0] == "EXEMPELDATA"
    assert sheet(write_extract_workbook(EXTRACT), "Läs mig")[0][0] != "EXEMPELDATA"


def test_the_same_content_gives_the_same_bytes() -> None:
    assert write_extract_workbook(EXTRACT) == write_extract_workbook(EXTRACT)


def test_nothing_is_written_to_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise AssertionError("a temporary file was made")

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr("openpyxl.worksheet._writer.NamedTemporaryFile", refuse)
    write_extract_workbook(EXTRACT)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(AssertionError):
        openpyxl.Workbook().save(BytesIO())
