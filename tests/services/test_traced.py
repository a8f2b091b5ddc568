"""One person in six real files, under four spellings and an old address: found, joined, extracted, and every row traced."""

import hashlib
import json
import re
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from app.documents.content import Extract, ExtractRow
from app.importers import table
from app.services import extracts, filing, imports, lookup, merging, same_people
from app.services.imports import Plan
from db.models import Datum, Subject
from db.store import Store
from tests.factories import NOW, TODAY
from tests.services.conftest import pdf_text

OTHER = "K-2002;Bo Älm;;bo@example.com;Ringvägen 3;753 20;Uppsala"
NUMBER, PHONE, OLD = "640823-3234", "070-174 06 05", "kristina.gammal@example.com"
HEADS = "Kundnr;Namn;Personnummer;E-post;Gatuadress;Postnr;Ort"


def customers(folder: Path) -> Path:
    path = folder / "kunder.csv"
    row = f"K-2001;Christina Öberg-Dahl;{NUMBER};christina@example.com;Storgatan 1;753 31;Uppsala"
    path.write_bytes("\r\n".join((HEADS, OTHER, row, "")).encode("cp1252"))
    return path


def shop(folder: Path) -> Path:
    path, book = folder / "webbutik.xlsx", openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ("Namn", "E-post", "Mobil", "Klagomål"),
        ("Bo Älm", "bo@example.com", "", ""),
        ("Kristina Oberg", OLD, PHONE, "Sent paket"),
    ):
        sheet.append(row)
    book.save(path)
    return path


def newsletter(folder: Path) -> Path:
    path = folder / "nyhetsbrev.tsv"
    path.write_text(f"Namn\tE-post\nChr. Öberg\t{OLD}\nBo Älm\tbo@example.com\n", encoding="utf-8")
    return path


def contacts(folder: Path) -> Path:
    path = folder / "service.vcf"
    cards = (("Bo Älm", "070-174 06 06"), ("Kristina Dahl", PHONE))
    path.write_text(
        "".join(f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nTEL;TYPE=CELL:{phone}\nEND:VCARD\n" for name, phone in cards),
        encoding="utf-8",
    )
    return path


def invoices(folder: Path) -> Path:
    path = folder / "fakturor.json"
    rows = [
        {"Namn": "Bo Älm", "Mobil": "070-174 06 06", "Fakturanr": "20417"},
        {"Namn": "Christina Öberg-Dahl", "Personnummer": NUMBER, "Mobil": PHONE, "Fakturanr": "20418"},
    ]
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return path


def addresses(folder: Path) -> Path:
    path = folder / "utskick.csv"
    path.write_text(f"Namn;Mobil;Gatuadress\nKristina Oberg;{PHONE};Storgatan 1\n", encoding="utf-8")
    return path


FILES = {
    "Kundregister": customers,
    "Webbutik": shop,
    "Nyhetsbrev": newsletter,
    "Service": contacts,
    "Fakturor": invoices,
    "Utskick": addresses,
}


def line_of(path: Path, number: int) -> str:
    """Return what the row of a file says, as an inspector would look it up."""
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path).active
        assert sheet is not None
        return " ".join(str(cell.value or "") for cell in sheet[number])
    if path.suffix == ".json":
        return json.dumps(json.loads(path.read_text(encoding="utf-8"))[number - 1], ensure_ascii=False)
    if path.suffix == ".vcf":
        return path.read_text(encoding="utf-8").split("BEGIN:VCARD")[number]
    raw = path.read_bytes()
    text = raw.decode("cp1252" if path.name == "kunder.csv" else "utf-8")
    return text.splitlines()[number - 1]


def plain(text: str) -> str:
    """Return a text without what only the way of writing makes different."""
    return re.sub(r"[\s\u2011\-+]", "", text).casefold()


@pytest.fixture
def paths(store: Store, tmp_path: Path) -> dict[str, Path]:
    """Import the six files, each into a register of its own."""
    made = {source: write(tmp_path) for source, write in FILES.items()}
    for source, path in made.items():
        plan = Plan(path=path, source=source, mapping=table.preview(path).mapping)
        done = imports.run_in_batches(store, plan, now=NOW, today=TODAY, step=lambda _done, _total: None)
        assert (done.problems, done.rejected_rows) == ((), ()), source
    return made


def joined(store: Store) -> int:
    """Join the records as the program suggests them, and return the person."""
    with store.read() as session:
        pairs = same_people.suggestions(session)
        ours = {one.subject_id for pair in pairs for one in (pair.one, pair.other) if "Älm" not in one.name}
        everybody = set(session.scalars(sa.select(Subject.id).where(Subject.display_name != "Bo Älm")))
    assert ours == everybody, "every record is suggested as somebody's other record"
    with store.write(NOW) as session:
        return merging.merge(session, sorted(ours), reason="Samma nummer, telefon och adress").id


def rows(extract: Extract) -> list[ExtractRow]:
    return [row for category in extract.categories for row in category.rows]


def test_every_row_of_the_extract_is_traced_to_the_row_it_came_from(store: Store, paths: dict[str, Path]) -> None:
    whole = joined(store)
    for text in (OLD, NUMBER, PHONE, "K-2001", "christina dahl", "oberg kristina", "Chr. Öberg", "storgatan"):
        with store.read() as session:
            assert whole in [hit.subject_id for hit in lookup.search(session, text, today=TODAY)], text
    with store.write(NOW) as session:
        extract = extracts.content(session, subject_id=whole, request_id=None, today=TODAY)
        documents = extracts.make_for_subject(session, whole, today=TODAY, formats=("pdf",))
        shown = pdf_text(filing.read(session, documents[0].id))
        held = session.scalar(
            sa.select(sa.func.count())
            .select_from(Datum)
            .join(Subject, Subject.id == Datum.subject_id)
            .where(Subject.display_name != "Bo Älm")
        )
    files = {one.number: paths[one.source] for one in extract.files}
    for one in extract.files:
        assert one.sha256 == hashlib.sha256(files[one.number].read_bytes()).hexdigest()
    traced = rows(extract)
    assert len(traced) == held, "nothing that is held is left out"
    for row in traced:
        assert row.file is not None, row.label
        assert row.line is not None, row.label
        assert plain(row.value).removeprefix("0").removeprefix("46").removeprefix("19") in plain(
            line_of(files[row.file], row.line)
        ), row.label
        assert f"fil {row.file}, rad {row.line}" in shown
    assert {row.source for row in traced} == set(FILES)
    assert {name for row in traced if row.code == "name" for name in [row.value]} == {
        "Christina Öberg-Dahl", "Kristina Oberg", "Chr. Öberg", "Kristina Dahl",
    }  # fmt: skip
    assert OLD in {row.value for row in traced}


def test_a_row_of_another_line_would_not_do(store: Store, paths: dict[str, Path]) -> None:
    with store.read() as session:
        person = session.scalars(sa.select(Subject.id).where(Subject.display_name == "Christina Öberg-Dahl")).one()
        extract = extracts.content(session, subject_id=person, request_id=None, today=TODAY)
    files = {one.number: paths[one.source] for one in extract.files}
    wrong = [row for row in rows(extract) if row.file and row.code == "name"]
    assert wrong
    assert not any(plain(row.value) in plain(line_of(files[row.file or 0], (row.line or 0) - 1)) for row in wrong)
