"""What the vault knows already about the people in a chunk of rows.  Belongs to `import_rows`; reads only."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from db import bulk

STRONG = ("pnr", "sam", "customer_no")
"""Kinds of identifier that point at one person only; an e-mail address may be shared."""
NATIONAL = ("pnr", "sam")
"""Of those, the kinds that mean the same whatever source they come from."""
LOOSE = ("email", "phone", "login")
"""Kinds that, with the name, tell whom a source means when it has no number."""

Mark = tuple[str, str]
"""Kind and normal form of an identifier."""

_OWNERS = """SELECT kind, norm, subject_id FROM identifier
    WHERE norm IN ({among}) AND kind IN ('pnr', 'sam', 'customer_no') ORDER BY subject_id"""
_LOOSE = """SELECT i.kind, i.norm, i.subject_id, s.display_name FROM identifier i JOIN subject s ON s.id = i.subject_id
    WHERE i.norm IN ({among}) AND i.kind IN ('email', 'phone', 'login') AND i.source_id = ? ORDER BY i.subject_id"""
_ALIKE = """SELECT r.digest, r.subject_id FROM subject s JOIN import_row r ON r.subject_id = s.id
    WHERE s.sort_key IN ({among}) AND r.source_id = ?"""
_SAID = "SELECT subject_id, digest FROM import_row WHERE subject_id IN ({among}) AND source_id = ?"
_MARKS = "SELECT subject_id, kind, norm FROM identifier WHERE subject_id IN ({among}) AND source_id = ?"
_VALUES = """SELECT subject_id, field, value FROM datum
    WHERE subject_id IN ({among}) AND source_id = ? AND gone_batch_id IS NULL"""
_NAMES = "SELECT id, display_name FROM subject WHERE id IN ({among})"
_NUMBERS = "SELECT subject_id, norm FROM identifier WHERE subject_id IN ({among}) AND kind IN ('pnr', 'sam')"
_RECORDS = """SELECT s.id, s.relation_start_on, s.relation_end_on, s.protection, c.start_on, c.end_on, c.protection
    FROM subject s LEFT JOIN record_change c ON c.subject_id = s.id AND c.batch_id = ? WHERE s.id IN (SELECT value FROM json_each(?))"""
_ERASED = """SELECT s.id, a.payload FROM subject s JOIN audit_entry a ON a.subject_uid = s.uid
    WHERE s.id IN ({among}) AND a.action = 'erased'"""
_CORRECTED = """SELECT subject_id, field, datum_id, old_value FROM correction
    WHERE subject_id IN ({among}) AND source_id = ? AND is_standing"""


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


@dataclass
class Settled:
    """What somebody decided by hand about one person: an import leaves it as it is.

    Attributes:
        erased: The fields that were erased.
        corrected: By field, the corrected values of this source: the datum, and what it was before.
    """

    erased: set[str] = field(default_factory=set)
    corrected: defaultdict[str, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))


def owners(connection: sa.Connection, norms: Iterable[str]) -> Iterator[tuple[Mark, int]]:
    """Return whose the identifiers are, of those that point at one person; the oldest record of each first."""
    for kind, norm, owner in bulk.select(connection, _OWNERS, sorted(set(norms))):
        yield (kind, norm), owner


def loose(connection: sa.Connection, source_id: int, norms: Iterable[str]) -> Iterator[tuple[Mark, int, str]]:
    """Return whose addresses these are in a source, with the name of each."""
    for kind, norm, owner, name in bulk.select(connection, _LOOSE, sorted(set(norms)), (source_id,)):
        yield (kind, norm), owner, name


def alike(connection: sa.Connection, source_id: int, sort_keys: Iterable[str]) -> dict[int, int]:
    """Return by digest whom a source's rows were about, of the people with these names."""
    rows = bulk.select(connection, _ALIKE, sorted(set(sort_keys)), (source_id,))
    return {digest: owner for digest, owner in rows if digest}


def said(connection: sa.Connection, source_id: int, subject_ids: Iterable[int]) -> set[tuple[int, int]]:
    """Return person and digest of what a source said last about these people."""
    rows = bulk.select(connection, _SAID, sorted(set(subject_ids)), (source_id,))
    return {(owner, digest) for owner, digest in rows}  # rows are no tuples


def names(connection: sa.Connection, subject_ids: Iterable[int]) -> dict[int, str]:
    """Return the people's names."""
    return {key: name for key, name in bulk.select(connection, _NAMES, sorted(set(subject_ids)))}  # noqa: C416


def numbers(connection: sa.Connection, subject_ids: Iterable[int]) -> defaultdict[int, set[str]]:
    """Return the identity numbers that any source has given of these people."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for owner, norm in bulk.select(connection, _NUMBERS, sorted(set(subject_ids))):
        found[owner].add(norm)
    return found


def of_source(connection: sa.Connection, source_id: int, subject_ids: Sequence[int]) -> defaultdict[int, Known]:
    """Return what a source has said about each of these people."""
    found: defaultdict[int, Known] = defaultdict(Known)
    for owner, kind, norm in bulk.select(connection, _MARKS, subject_ids, (source_id,)):
        found[owner].marks.add((kind, norm))
    for owner, code, value in bulk.select(connection, _VALUES, subject_ids, (source_id,)):
        found[owner].values[code].add(value)
    return found


def settled(connection: sa.Connection, source_id: int, subject_ids: Sequence[int]) -> defaultdict[int, Settled]:
    """Return what somebody has erased or corrected of these people.

    The trail is asked about erasures, because nothing else is left of them.
    """
    found: defaultdict[int, Settled] = defaultdict(Settled)
    for owner, payload in bulk.select(connection, _ERASED, subject_ids):
        told = json.loads(payload)
        found[owner].erased.update((*told.get("fields", ()), *filter(None, [told.get("field")])))
    for owner, code, datum_id, old in bulk.select(connection, _CORRECTED, subject_ids, (source_id,)):
        found[owner].corrected[code].append((datum_id, old))
    return found


def records(connection: sa.Connection, batch_id: int, subject_ids: Sequence[int]) -> dict[int, tuple[str | None, ...]]:
    """Return relation start, relation end and protection of people: as stored, and as the batch makes them."""
    rows = connection.exec_driver_sql(_RECORDS, (batch_id, json.dumps(list(subject_ids))))
    return {row[0]: tuple(row[1:]) for row in rows}
