"""What the tests of imports in batches share: a small register, and all that a vault holds of imports."""

import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from app.domain.importing import Duplicate, Gone
from app.services import import_undo, imports, lookup, organisation
from app.services.imports import Imported, Plan
from db.models import (
    Conflict,
    Datum,
    Identifier,
    ImportBatch,
    ImportRow,
    SearchPerson,
    Source,
    SourceAbsence,
    Subject,
    ValueChange,
)
from db.store import Store
from tests.factories import NOW, TODAY

KEY = bytes(range(32))
LATER = NOW + dt.timedelta(days=1)
MAPPING = ("customer_no", "name", "personnummer", "email", "complaint", "dispute")
Row = tuple[str, ...]
ASA: Row = ("K-1", "Åsa Öberg", "196408233234", "asa@gammal.example", "Sidan nere", "")
BO: Row = ("K-2", "Bo Älm", "", "bo@example.com", "", "")
CIA: Row = ("K-3", "Cia Ek", "", "cia@example.com", "", "")
MOVED: Row = ("K-1", "Åsa Öberg", "196408233234", "asa@ny.example", "Sidan nere", "")
HELD = (Subject, Identifier, Datum, SearchPerson, ImportRow, ImportBatch, Source, SourceAbsence, Conflict, ValueChange)
Step = Callable[[int, int], None]


def new_store(folder: Path) -> Store:
    store = Store.create(folder, KEY, user="Eva Lund")
    with store.write(NOW) as session:
        organisation.apply_profile(session, "itrace", name="Provbolaget")
    return store


def opened_again(store: Store) -> Store:
    store.close()
    return Store.open(store.path.parent, KEY, user="Eva Lund")


def register(folder: Path, *rows: Row, name: str = "kunder.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([MAPPING, *rows])
    return path


def go_on(_done: int, _total: int) -> None:
    """Let the work go on."""


def load(
    store: Store,
    path: Path,
    *,
    at: dt.datetime = NOW,
    step: Step = go_on,
    source: str = "Kundregister",
    gone: Gone = Gone.KEEP,
    duplicates: Duplicate = Duplicate.UPDATE,
) -> Imported:
    plan = Plan(path=path, source=source, mapping=MAPPING, gone=gone, duplicates=duplicates)
    return imports.run_in_batches(store, plan, now=at, today=TODAY, step=step)


def undone(store: Store, batch_id: int | None) -> None:
    import_undo.undo(store, batch_id or 0, now=LATER, step=go_on)


def contents(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Return all that imports write, without the keys that are new each time."""
    found = {}
    with store.read() as session:
        for model in HELD:
            table = model.__table__
            columns = [column for column in table.columns if column.name not in ("id", "uid", "created_at")]
            found[model.__tablename__] = sorted(map(tuple, session.execute(sa.select(*columns))), key=repr)
        found["fts"] = sorted(map(tuple, session.execute(sa.text("SELECT term, doc FROM subject_vocabulary"))))
    return found


def counted(store: Store) -> dict[str, int]:
    """Return how many rows a session sees of all that imports write."""
    models = (Subject, Identifier, Datum, ImportBatch, Source, SourceAbsence, Conflict)
    with store.read() as session:
        return {one.__name__: session.scalar(sa.select(sa.func.count()).select_from(one)) or 0 for one in models}


def emails(store: Store) -> list[str]:
    with store.read() as session:
        return sorted(session.scalars(sa.select(Datum.value).where(Datum.field == "email")))


def names(store: Store, text: str) -> list[str]:
    with store.read() as session:
        return [hit.name for hit in lookup.search(session, text, today=TODAY)]
