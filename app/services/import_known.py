"""What the vault knows already about the people in a chunk of rows.  Belongs to `import_rows`."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from db import bulk

STRONG = ("pnr", "sam", "customer_no")
"""Kinds of identifier that point at one person only; an e-mail address may be shared."""

Mark = tuple[str, str]
"""Kind and normal form of an identifier."""

_OWNERS = """SELECT kind, norm, subject_id FROM identifier
    WHERE norm IN ({among}) AND kind IN ('pnr', 'sam', 'customer_no')"""
_MARKS = "SELECT subject_id, kind, norm FROM identifier WHERE subject_id IN ({among}) AND source_id = ?"
_VALUES = "SELECT subject_id, field, value FROM datum WHERE subject_id IN ({among}) AND source_id = ?"


class Known:
    """What one source has said about one person, in the vault and in the rows so far.

    Attributes:
        marks: The identifiers.
        values: The values of each field.
    """

    def __init__(self) -> None:
        self.marks: set[Mark] = set()
        self.values: defaultdict[str, set[str]] = defaultdict(set)

    def learn(self, marks: Iterable[Mark], values: dict[str, str]) -> None:
        """Take in what a row says."""
        self.marks.update(marks)
        for code, value in values.items():
            self.values[code].add(value)


def owners(connection: sa.Connection, marks: Iterable[Mark]) -> dict[Mark, int]:
    """Return whose the identifiers are, of those that point at one person."""
    norms = sorted({norm for kind, norm in marks if kind in STRONG})
    return {(kind, norm): owner for kind, norm, owner in bulk.select(connection, _OWNERS, norms)}


def of_source(connection: sa.Connection, source_id: int, subject_ids: Sequence[int]) -> defaultdict[int, Known]:
    """Return what a source has said about each of these people."""
    found: defaultdict[int, Known] = defaultdict(Known)
    for owner, kind, norm in bulk.select(connection, _MARKS, subject_ids, (source_id,)):
        found[owner].marks.add((kind, norm))
    for owner, code, value in bulk.select(connection, _VALUES, subject_ids, (source_id,)):
        found[owner].values[code].add(value)
    return found
