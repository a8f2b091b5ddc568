"""Rows of the legal test vectors, one file for each rule."""

import csv
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "vectors"
Row = dict[str, str]


def rows(name: str) -> list[Row]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def row_id(row: Row) -> str:
    return next(iter(row.values()))


def day(text: str) -> date:
    """The date at the start of a cell; a weekday may follow it."""
    return date.fromisoformat(text[:10])
