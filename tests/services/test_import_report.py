"""The trial before an import keeps nothing; the file of rejected rows can be mended, imported again, and runs no formula."""

import csv
import io
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from app.domain.errors import Cancelled, UserError
from app.importers.drafts import Problem, RejectedRow
from app.services import import_report, import_undo, imports
from app.services.imports import Imported, Plan
from db.models import ImportBatch, Source, Subject
from db.store import Store
from tests.factories import NOW, TODAY
from tests.importers.tables import HEADERS, PERSON, csv_file
from tests.services.conftest import audited

MAPPING = ("name", "personnummer", "customer_no", "email", "mobile", "postcode", "amount", "relation_end")


def no_step(_done: int, _total: int) -> None:
    """Let the work go on."""


def cancel(_done: int, _total: int) -> None:
    raise Cancelled


def plan(folder: Path, *rows: tuple[str, ...]) -> Plan:
    return Plan(path=csv_file(folder, HEADERS, *rows), source="Kundregister", mapping=MAPPING)


def count(store: Store) -> list[int | None]:
    with store.read() as session:
        kinds = (Subject, ImportBatch, Source)
        return [session.scalar(sa.select(sa.func.count()).select_from(kind)) for kind in kinds]


def test_a_trial_says_what_the_import_then_does(store: Store, tmp_path: Path) -> None:
    wrong = ("Fel", "19640823-3235", *[""] * 6)
    wanted, before, trail = plan(tmp_path, PERSON, wrong), count(store), len(audited(store))
    heard: list[frozenset[str]] = []
    store.on_change(heard.append)
    tried = import_report.trial(store, wanted, now=NOW, today=TODAY, step=no_step)
    assert tried.batch_id is None
    assert (count(store), len(audited(store)), heard) == (before, trail, [])
    with store.write(NOW) as session:
        done = imports.run(session, wanted, today=TODAY, step=no_step)
    assert (done.imported, done.problems, done.rejected_rows) == (tried.imported, tried.problems, tried.rejected_rows)
    assert done.batch_id is not None


def test_a_trial_can_be_stopped(store: Store, tmp_path: Path) -> None:
    before = count(store)
    with pytest.raises(Cancelled):
        import_report.trial(store, plan(tmp_path, PERSON), now=NOW, today=TODAY, step=cancel)
    assert count(store) == before


def test_a_trial_refuses_what_the_import_refuses(store: Store, tmp_path: Path) -> None:
    nobody = Plan(path=csv_file(tmp_path, ("Ort",), ("Uppsala",)), source="Kundregister", mapping=("city",))
    with pytest.raises(UserError):
        import_report.trial(store, nobody, now=NOW, today=TODAY, step=no_step)


def test_rejected_rows_keep_their_cells_and_say_what_is_wrong() -> None:
    problems = (
        Problem(3, "Personnummer", "Ogiltigt.", "Jämför med källan."),
        Problem(3, "Datum", "Oläsligt.", "Jämför med källan."),
        Problem(4, "", "För lång.", "Dela raden."),
    )
    rejected = (RejectedRow(3, ("=1+1", "@x", "å;ä")), RejectedRow(4, ("kort",)))
    done = Imported(1, "Kundregister", 0, 0, 0, problems, rejected)
    raw = import_report.rejected_rows(("Namn", "Nr", "+Ort"), done)
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows == [
        ["Namn", "Nr", "'+Ort", "Rad", "Fel", "Så rättar du"],
        ["'=1+1", "'@x", "å;ä", "3", "Personnummer: Ogiltigt. Datum: Oläsligt.", "Jämför med källan."],
        ["kort", "", "", "4", "För lång.", "Dela raden."],
    ]


def sheets_of(raw: bytes) -> dict[str, list[list[str]]]:
    book = load_workbook(io.BytesIO(raw))
    return {
        sheet.title: [
            [str(cell) if cell is not None else "" for cell in row] for row in sheet.iter_rows(values_only=True)
        ]
        for sheet in book
    }


def imported(store: Store, tmp_path: Path) -> Imported:
    wrong = ("Berit Hemlig", "19640823-3235", *[""] * 6)
    return imports.run_in_batches(store, plan(tmp_path, PERSON, wrong), now=NOW, today=TODAY, step=no_step)


def test_the_report_names_every_rejected_row_and_no_value_of_the_file(store: Store, tmp_path: Path) -> None:
    done = imported(store, tmp_path)
    assert done.batch_id is not None
    with store.read() as session:
        name, raw = import_report.report(session, done.batch_id, today=TODAY, done=done)
    found = sheets_of(raw)
    assert name == f"importrapport_{done.batch_id}_{TODAY.isoformat()}.xlsx"
    assert list(found) == ["Läs mig", "Antal", "Kolumner", "Fel", "Varningar"]
    problem = done.problems[0]
    assert found["Fel"][1] == [str(problem.line), problem.column, problem.what, problem.remedy]
    assert ["Nya personer", "1"] in found["Antal"]
    assert ["Rader med fel, inte inlästa", "1"] in found["Antal"]
    assert found["Kolumner"][1:3] == [["1", "Namn"], ["2", "Personnummer"]]
    assert ["Register", "Kundregister"] in found["Läs mig"]
    everything = "\n".join(cell for rows in found.values() for row in rows for cell in row)
    assert [
        value for value in (*PERSON, "Berit Hemlig", "19640823-3235") if len(value) > 4 and value in everything
    ] == []


def test_the_report_of_an_earlier_import_says_what_it_lacks(store: Store, tmp_path: Path) -> None:
    done = imported(store, tmp_path)
    assert done.batch_id is not None
    import_undo.undo(store, done.batch_id, now=NOW, step=no_step)
    with store.read() as session:
        _name, raw = import_report.report(session, done.batch_id, today=TODAY)
    found = sheets_of(raw)
    assert list(found) == ["Läs mig", "Antal", "Kolumner"]
    labels = [row[0] for row in found["Läs mig"]]
    assert {"Ångrad", "Ångrad av", "Enskilda rader"} <= set(labels)
    assert ["Rader med fel, inte inlästa", "1"] in found["Antal"]


def test_there_is_no_report_of_no_import(store: Store) -> None:
    with store.read() as session, pytest.raises(UserError, match="ingen import med det numret"):
        import_report.report(session, 99, today=TODAY)


def test_of_a_file_without_headings_the_report_holds_nobodys_data(store: Store, tmp_path: Path) -> None:
    path = csv_file(tmp_path, PERSON, ("Bo Älm", "19640823-3235", *[""] * 6))
    done = imports.run_in_batches(
        store, Plan(path=path, source="Kundregister", mapping=MAPPING), now=NOW, today=TODAY, step=no_step
    )
    assert done.batch_id is not None
    assert done.problems
    with store.read() as session:
        _name, raw = import_report.report(session, done.batch_id, today=TODAY, done=done)
    everything = "\n".join(cell for rows in sheets_of(raw).values() for row in rows for cell in row)
    assert [value for value in PERSON if len(value) > 4 and value in everything] == []
