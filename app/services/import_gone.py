"""Who a source had and its new file does not have, and who came back.  Belongs to `imports`; reads only."""

import datetime as dt
import json
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain import identity
from app.domain.importing import ADDED_HEADERS
from app.importers.drafts import RejectedRow
from app.reference.fields import by_code
from app.services import import_known
from app.services.import_known import STRONG
from app.services.import_tally import EXAMPLES, Example, Tally
from db.models import SourceAbsence

_KNOWN = "SELECT DISTINCT subject_id FROM import_row WHERE source_id = ?"
_HELD = """SELECT asked.value FROM json_each(?) AS asked WHERE EXISTS (SELECT 1 FROM datum
    WHERE datum.subject_id = asked.value AND datum.source_id = ? AND datum.gone_batch_id IS NULL)"""
_PART = 5_000
_ADDED = (("Rad", "Fel", "Så rättar du"), ("Row", "Fault", "How to mend it"))


@dataclass(frozen=True)
class Absent:
    """The people a source had and its file does not have.

    Attributes:
        ids: Those who are gone since this file.
        returned: Those who were gone and are back.
    """

    ids: Sequence[int] = field(default_factory=lambda: array("q"))
    returned: Sequence[int] = ()
    examples: tuple[Example, ...] = ()


def absent(session: Session, source_id: int, tally: Tally) -> Absent:
    """Return who is gone and who is back, once all rows of the file were counted."""
    connection = session.connection()
    noted = set(
        connection.execute(
            sa.select(SourceAbsence.__table__.c.subject_id).where(
                SourceAbsence.__table__.c.source_id == source_id,
                SourceAbsence.__table__.c.returned_batch_id.is_(None),
            )
        ).scalars()
    )
    ids = array("q")
    for part in _parts(connection, source_id, tally, noted):
        ids.extend(row[0] for row in connection.exec_driver_sql(_HELD, (json.dumps(part), source_id)))
    names = import_known.names(connection, ids[:EXAMPLES])
    examples = tuple(Example(0, names[key], key) for key in ids[:EXAMPLES])
    return Absent(ids, sorted(key for key in noted if tally.is_seen(key)), examples)


def _parts(connection: sa.Connection, source_id: int, tally: Tally, noted: set[int]) -> Iterator[list[int]]:
    part: list[int] = []
    for (key,) in connection.exec_driver_sql(_KNOWN, (source_id,)):
        if not tally.is_seen(key) and key not in noted:
            part.append(key)
            if len(part) == _PART:
                yield part
                part = []
    if part:
        yield part


def see_rejected(
    session: Session, tally: Tally, mapping: Sequence[str | None], rows: Sequence[RejectedRow], today: dt.date
) -> None:
    """Count the people of rejected rows as met, as far as the rows say who they are: a fault in a row makes nobody gone."""
    known = by_code()
    places = [
        (place, known[code].identifier)
        for place, code in enumerate(mapping)
        if code and known[code].identifier in STRONG
    ]
    norms = set()
    for row in rows:
        for place, kind in places:
            text = row.cells[place].strip() if place < len(row.cells) else ""
            found = identity.parse(text, today=today) if kind != "customer_no" and text else None
            norms.add(found.normalised if found is not None else text)
    for _mark, owner in import_known.owners(session.connection(), norms - {""}):
        tally.see(owner)


def is_corrected_file(headers: Sequence[str]) -> bool:
    """Return whether this is a file of rejected rows that comes back: it is a part, and says nothing of who is gone."""
    return len(headers) > ADDED_HEADERS and tuple(headers[-ADDED_HEADERS:]) in _ADDED
