"""The register in print and as a workbook: golden content, whole in both."""

import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from app.documents.content import Mark, Record, RecordTable
from app.documents.preview import page_texts
from app.documents.record import write_record
from app.documents.record_workbook import write_record_workbook
from tests.documents.reading import outline, tags, text_of, tight
from tests.documents.samples import CONTROLLER, OFFICER

POINTS = ("Behandling", "b) Ändamål", "d) Mottagare", "g) Skyddsåtgärder", "Ses över")
RECORD = Record(
    mark=Mark("", date(2026, 11, 22), trail="#7 9f3c"),
    controller=replace(CONTROLLER, orgnr="556677-8899"),
    officer=OFFICER,
    representative="Företrädare: Ombud AB",
    points=POINTS,
    activities=(
        ("Kundvård på Åland", "Sköta avtalet", "Posttjänsten AB (biträde)\nBanken AB (eget ansvar)", "Lås.", date(2027, 3, 1)),
        ("=1+1", "<b>x</b>", "–", "", None),
    ),
    lists=(
        RecordTable("Mottagare", ("Namn", "Roll", "Avtal från"), (3, 2, 1), (("Posttjänsten AB", "Biträde", date(2026, 1, 2)),)),
        RecordTable("Källor", ("Namn", "Slag"), (1, 1)),
    ),
)  # fmt: skip


def sheet(name: str, record: Record = RECORD) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(BytesIO(write_record_workbook(record)))
    return [list(row) for row in book.get_sheet_by_name(name).to_python()]


def test_the_print_says_who_answers_and_every_point_of_every_activity() -> None:
    text = tight(text_of(write_record(RECORD)))
    for words in ("Register över behandling", "Exempelbolaget AB", "556677-8899", "Maj Sandström", "Ombud AB"):
        assert tight(words) in text
    for row in RECORD.activities:
        for value in row:
            if isinstance(value, str):
                assert tight(value) in text
    assert all(text.count(tight(point)) == 2 for point in POINTS[1:])
    assert "2027-03-01" in text
    assert tight("Antal behandlingar 2") in text


def test_the_outline_leads_to_each_activity_and_list() -> None:
    assert outline(write_record(RECORD)) == [
        "Register över behandling",
        "a) Ansvarig och dataskyddsombud",
        "Behandlingar",
        "Kundvård på Åland",
        "=1+1",
        "Mottagare",
        "Källor",
    ]


def test_lists_are_tables_and_an_empty_one_says_so() -> None:
    pdf = write_record(RECORD)
    assert tags(pdf).count("Table") >= 1
    assert "Källor Inga" in text_of(pdf)
    assert "Behandlingar Inga" in text_of(write_record(replace(RECORD, activities=())))


def test_every_page_says_what_it_is_and_invented_data_are_marked() -> None:
    texts = page_texts(write_record(replace(RECORD, mark=replace(RECORD.mark, is_example=True))))
    assert len(texts) == 2
    assert all("Register över behandling" in text and "2026-11-22" in text and "EXEMPELDATA" in text for text in texts)
    assert not any("EXEMPELDATA" in text for text in page_texts(write_record(RECORD)))


def test_the_workbook_has_a_sheet_for_each_list_and_days_are_days() -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(write_record_workbook(RECORD)))
    assert book.sheet_names == ["Läs mig", "Behandlingar", "Mottagare", "Källor"]
    assert sheet("Behandlingar") == [
        list(POINTS),
        [value if value is not None else "" for value in RECORD.activities[0]],
        ["=1+1", "<b>x</b>", "–", "", ""],
    ]
    assert sheet("Mottagare")[1] == ["Posttjänsten AB", "Biträde", date(2026, 1, 2)]
    assert sheet("Källor")[1][0] == "Inga"
    facts = {row[0]: row[1] for row in sheet("Läs mig")}
    assert str(facts["Personuppgiftsansvarig"]).startswith("Exempelbolaget AB")
    assert facts["Datum"] == date(2026, 11, 22)


def test_no_text_becomes_a_formula() -> None:
    with zipfile.ZipFile(BytesIO(write_record_workbook(RECORD))) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())
    book = openpyxl.load_workbook(BytesIO(write_record_workbook(RECORD)))
    assert book["Behandlingar"].freeze_panes == "A2"
    assert len(book["Behandlingar"].tables) == 1


@pytest.mark.parametrize("write", [write_record, write_record_workbook])
def test_the_same_content_gives_the_same_bytes(write: object) -> None:
    assert callable(write)
    assert write(RECORD) == write(RECORD)


def test_the_workbook_marks_invented_data_first() -> None:
    marked = replace(RECORD, mark=replace(RECORD.mark, is_example=True))
    assert sheet("Läs mig", marked)[0][0] == "EXEMPELDATA"
    assert sheet("Läs mig")[0][0] == "Vad"
