"""Vaults to measure on: the example vault, and the same with ten thousand people in it."""

import csv
import datetime as dt
from pathlib import Path

import sqlalchemy as sa

from app.importers import table
from app.security.kdf import KdfCost
from app.services import demo, imports
from app.services.demo_people import HEADERS, people
from app.services.imports import Plan
from app.services.vaults import Vault
from db.models import Subject
from tests.factories import make_datum

COST = KdfCost(memory_kib=46 * 1024, rounds=1, lanes=1)
"""The cheapest key there is: deriving it is no part of what is measured."""
MANY = 10_000
RECORDS = 500
"""So much is held about the person of the first request."""


def make(folder: Path, count: int) -> None:
    """Make a closed vault of invented people; a large one has a person with very much data."""
    now = dt.datetime.now(dt.UTC)
    today = now.date()
    vault = demo.make(folder, now=now, today=today, step=lambda _done, _total: None, cost=COST)
    if count > demo.COUNT:
        _import(vault, count, now=now, today=today)
        with vault.store.write(now) as session:
            person = session.scalars(sa.select(Subject).order_by(Subject.id)).first()
            assert person is not None
            for number in range(RECORDS):
                make_datum(session, person, "complaint", f"Sidan låg nere den {number + 1}:a gången.")
    vault.close(now)


def write_register(path: Path, count: int, *, today: dt.date, seed: int = 2018) -> None:
    """Write a customer register of invented people as a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = (person.row() for person in people(count, today=today, seed=seed))
        csv.writer(file, delimiter=";").writerows([HEADERS, *rows])


def _import(vault: Vault, count: int, *, now: dt.datetime, today: dt.date) -> None:
    path = vault.folder.with_suffix(".csv")
    write_register(path, count, today=today)
    plan = Plan(path=path, source="Webbutiken", mapping=table.preview(path).mapping)
    with vault.store.write(now) as session:
        imports.run(session, plan, today=today, step=lambda _done, _total: None)
    path.unlink()
