"""What a value has been, who changed it and why, and what imports say against a correction."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.i18n import _
from app.services.subjects import HIDDEN, CardRow
from db.queries import history as queries


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened to a value.

    Attributes:
        at: When, aware UTC; None when it was not noted.
        text: What, in a sentence; a masked value stays masked.
    """

    at: dt.datetime | None
    who: str
    text: str


@dataclass(frozen=True, kw_only=True)
class OpenConflict:
    """What an import says against a correction, and nobody has settled."""

    conflict_id: int
    value: str
    at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class History:
    """A value's events, the latest first, and what waits for somebody to decide."""

    events: tuple[Event, ...]
    conflicts: tuple[OpenConflict, ...]


def history(session: Session, row: CardRow) -> History:
    """Return what a value on a card has been.

    Source: Art. 5.1 d and 16 GDPR; the policy's promise that every change can be traced.
    """
    datum = queries.datum(session, row.datum_id)
    if datum is None:
        return History(events=(), conflicts=())
    shown = _Shown(is_hidden=row.is_masked or row.is_withheld)
    changes = queries.changes(session, row.datum_id)
    first = changes[0] if changes else None
    events = [
        Event(
            at=first.first_at if first else datum.imported_at,
            who=(first.first_by if first else datum.imported_by) or "",
            text=_("Kom från {source}.").format(source=datum.source),
        )
    ]
    for change in changes:
        text = _("En ny import ersatte ”{old}”.").format(old=shown(change.old_value))
        events.append(Event(at=change.imported_at, who=change.imported_by or "", text=text))
    for fix in queries.corrections(session, row.datum_id):
        text = _("Rättad enligt {number} från ”{old}” till ”{new}”. Skäl: {reason}").format(
            number=fix.number, old=shown(fix.old_value), new=shown(fix.new_value), reason=fix.reason
        )
        events.append(Event(at=fix.corrected_at, who=fix.corrected_by, text=text))
    conflicts = [
        OpenConflict(conflict_id=found.id, value=shown(found.value), at=found.imported_at)
        for found in queries.conflicts(session, [row.datum_id])
        if found.settled_at is None
    ]
    events.sort(key=lambda event: event.at or dt.datetime.min.replace(tzinfo=dt.UTC), reverse=True)
    return History(events=tuple(events), conflicts=tuple(conflicts))


@dataclass(frozen=True)
class _Shown:
    is_hidden: bool

    def __call__(self, value: str) -> str:
        return HIDDEN if self.is_hidden else value
