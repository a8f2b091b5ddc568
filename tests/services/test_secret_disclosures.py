"""A disclosure that the law forbids to tell of stays out of the extract; the others are told."""

from pathlib import Path

from app.documents.content import Extract
from app.services import extracts, imports
from app.services.imports import Plan
from db.models import Subject
from db.store import Store
from tests.factories import NOW, TODAY
from tests.importers.tables import csv_file

HEADERS = (
    "Kundnummer", "Namn", "Myndighet", "Utlämnat den", "Utlämnade uppgifter", "Lagstöd", "Beslutsnummer", "Yppandeförbud",
)  # fmt: skip
OPEN = ("K1", "Åsa Öberg", "Kronofogden", "2026-01-15", "Adress", "UB 4 kap. 15 §", "U-1", "nej")
SECRET = ("K1", "Åsa Öberg", "Polisen", "2026-02-20", "Köphistorik", "RB 28 kap.", "K-2", "ja")


def extract_of(store: Store, path: Path, *sources: str) -> Extract:
    with store.write(NOW) as session:
        for source in sources:
            mapping = (
                "customer_no", "name", "disclosed_to", "disclosed_on", "disclosed_data", "disclosure_basis",
                "disclosure_decision", "disclosure_secret",
            )  # fmt: skip
            imports.run(session, Plan(path=path, source=source, mapping=mapping), today=TODAY, step=lambda _d, _t: None)
        subject = session.query(Subject).one()
    with store.read() as session:
        return extracts.content(session, subject_id=subject.id, request_id=None, today=TODAY)


def told(made: Extract) -> set[str]:
    return {row.value for category in made.categories for row in category.rows}


def test_an_open_disclosure_is_told_with_authority_day_data_and_decision(store: Store, tmp_path: Path) -> None:
    assert {"Kronofogden", "2026-01-15", "Adress", "UB 4 kap. 15 §", "U-1"} <= told(
        extract_of(store, csv_file(tmp_path, HEADERS, OPEN), "Utlämnanden")
    )


def test_a_secret_disclosure_leaves_no_trace_in_the_extract(store: Store, tmp_path: Path) -> None:
    made = extract_of(store, csv_file(tmp_path, HEADERS, OPEN, SECRET, SECRET), "Utlämnanden")
    assert not {"Polisen", "2026-02-20", "Köphistorik", "RB 28 kap.", "K-2", "ja", "nej"} & told(made)
    assert {"K1", "Åsa Öberg"} <= told(made)


def test_the_mark_holds_for_its_own_source_only(store: Store, tmp_path: Path) -> None:
    extract_of(store, csv_file(tmp_path, HEADERS, SECRET), "Hemliga")
    (tmp_path / "b").mkdir()
    made = extract_of(store, csv_file(tmp_path / "b", HEADERS, OPEN), "Öppna")
    assert "Kronofogden" in told(made)
    assert "Polisen" not in told(made)
