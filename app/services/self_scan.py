"""After an erasure the program looks for what it erased: in the pages of the database as they are on the disk, in many spellings.

What is looked for is in memory only.  A value that somebody else has too, or that a kept case tells, is no trace.
"""

import base64
import json
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.names import sort_key
from app.services.keeping import parts
from db.models import Datum, Identifier
from db.store import Store

SHORTEST = 6
"""Shorter values stand everywhere by chance."""
MOST_VALUES = 400
_SPACES = str.maketrans("", "", " -")
Step = Callable[[int, int], None]


@dataclass(frozen=True)
class Scan:
    """What came of looking.

    Attributes:
        looked_for: How many values.
        left_out: Values that are too short, or that somebody else has too, or more than are looked for at once.
        kept: Values that a case tells that is kept for a reason of its own.
        traces: Values that stand in the file although nothing in the vault tells them.
    """

    looked_for: int
    left_out: int
    kept: int
    traces: int


def scan(store: Store, values: Iterable[str], *, step: Step) -> Scan:
    """Look for erased values in the database's pages.  Call it when the erasure is committed.

    Raises:
        UserError: The disk refused, or somebody reads for long.
        Cancelled: `step` said so.
    """
    given = sorted({value.strip() for value in values if value.strip()})
    with store.read() as session:
        wanted = _own(session, [value for value in given if len(value) >= SHORTEST])[:MOST_VALUES]
    needles = {spelling: number for number, value in enumerate(wanted) for spelling in spellings(value)}
    hits = store.stand_in_pages(needles, step=step)
    with store.read() as session:
        kept = sum(_is_told(session, wanted[number]) for number in sorted(hits))
    return Scan(len(wanted), len(given) - len(wanted), kept, len(hits) - kept)


def spellings(value: str) -> set[bytes]:
    """Return the bytes a value may stand as: composed and decomposed, folded, without hyphens, in several encodings, packed for mail."""
    texts = {unicodedata.normalize(form, value) for form in ("NFC", "NFD")}
    texts |= {value.casefold(), sort_key(value), value.translate(_SPACES), json.dumps(value)[1:-1]}
    found = set[bytes]()
    for text in texts:
        if len(text) < SHORTEST:
            continue
        raw = text.encode()
        found |= {raw, text.encode("utf-16-le"), text.encode("latin-1", "ignore"), *_packed(raw)}
    return {one for one in found if len(one) >= SHORTEST}


def _packed(raw: bytes) -> set[bytes]:
    """Return the base64 of bytes that may begin anywhere in what was packed, without the ends that depend on what is around."""
    found = set[bytes]()
    for shift in range(3):
        text = base64.b64encode(bytes(shift) + raw)
        found.add(text[4 if shift else 0 : len(raw) // 3 * 4])
    return {one for one in found if len(one) >= SHORTEST + 2}


def _own(session: Session, values: Sequence[str]) -> list[str]:
    """Return the values that nobody has any more."""
    others = set[str]()
    for some in parts(values):
        others |= set(session.scalars(sa.select(Datum.value).where(Datum.value.in_(some))))
        others |= set(session.scalars(sa.select(Identifier.norm).where(Identifier.norm.in_(some))))
    return [value for value in values if value not in others]


def _is_told(session: Session, value: str) -> bool:
    """Return whether something in the vault tells a value: a case, a task, another person's text."""
    run = session.connection().exec_driver_sql
    tables = run("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'subject_fts%'").all()
    for (table,) in tables:
        columns = [row[1] for row in run(f'PRAGMA table_info("{table}")')]
        told = " OR ".join(f'instr("{name}", ?1) OR instr(lower("{name}"), ?2)' for name in columns)
        if run(f'SELECT 1 FROM "{table}" WHERE {told} LIMIT 1', (value, sort_key(value))).first() is not None:  # noqa: S608
            return True
    return False
