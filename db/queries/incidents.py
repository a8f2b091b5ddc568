"""What the incident list and one incident's page show."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Row
from sqlalchemy.orm import Session

from db.models import Attachment, AuditEntry, Incident

View = Literal["open", "closed"]
SORTS = {
    "number": Incident.number,
    "title": Incident.title,
    "aware": Incident.aware_at,
    "target": Incident.target_at,
    "risk": Incident.risk,
}
PAGE_COLUMNS = tuple(getattr(Incident, column.key) for column in sa.inspect(Incident).column_attrs)


@dataclass(frozen=True)
class Filter:
    """What to list, and in which order."""

    view: View = "open"
    sort: str = "target"
    descending: bool = False


@dataclass(frozen=True)
class Page:
    """One incident with its papers and its events.

    Attributes:
        facts: Every column of the incident.
        papers: id, kind, name, version, size and stored_at of its documents, newest first.
        events: at, user and action of its row in the trail, oldest first.
    """

    facts: Row[*tuple[Any, ...]]
    papers: tuple[Row[*tuple[Any, ...]], ...]
    events: tuple[Row[*tuple[Any, ...]], ...]


def ids(session: Session, wanted: Filter) -> list[int]:
    """Return the ids of the incidents to list, in order; by the clock, those whose clock has stopped come last."""
    column = SORTS[wanted.sort]
    query = sa.select(Incident.id).where(_is_closed(wanted.view))
    if wanted.sort == "target":
        query = query.order_by(sa.or_(Incident.notified_at.is_not(None), Incident.is_notify.is_(False)))
    return list(session.scalars(query.order_by(column.desc() if wanted.descending else column, Incident.id)))


def counts(session: Session) -> dict[View, int]:
    """Return how many incidents each view holds."""
    views: tuple[View, ...] = ("open", "closed")
    columns = [sa.func.count(sa.case((_is_closed(view), 1))) for view in views]
    found = session.execute(sa.select(*columns).select_from(Incident)).one()
    return dict(zip(views, found, strict=True))


def rows(session: Session, wanted: Sequence[int]) -> list[Row[*tuple[Any, ...]]]:
    """Return what the list shows of some incidents, in the given order."""
    query = sa.select(
        Incident.id,
        Incident.number,
        Incident.title,
        Incident.aware_at,
        Incident.target_at,
        Incident.risk,
        Incident.is_notify,
        Incident.is_inform,
        Incident.notified_at,
        Incident.informed_on,
        Incident.closed_on,
    ).where(Incident.id.in_(wanted))
    found = {row.id: row for row in session.execute(query)}
    return [found[key] for key in wanted if key in found]


def page(session: Session, incident_id: int) -> Page | None:
    """Return one incident, or None when it is gone."""
    facts = session.execute(sa.select(*PAGE_COLUMNS).where(Incident.id == incident_id)).first()
    if facts is None:
        return None
    papers = session.execute(
        sa.select(
            Attachment.id, Attachment.kind, Attachment.name, Attachment.version, Attachment.size, Attachment.stored_at
        )
        .where(Attachment.incident_id == incident_id)
        .order_by(Attachment.id.desc())
    )
    events = session.execute(
        sa.select(AuditEntry.at, AuditEntry.user, AuditEntry.action)
        .where(AuditEntry.object_kind == "incident", AuditEntry.object_id == str(incident_id))
        .order_by(AuditEntry.seq)
    )
    return Page(facts, tuple(papers), tuple(events))


def running(session: Session) -> list[dt.datetime]:
    """Return when each incident must be notified that is open and not notified, unless it was decided not to."""
    query = sa.select(Incident.target_at).where(
        Incident.closed_on.is_(None),
        Incident.notified_at.is_(None),
        sa.or_(Incident.is_notify.is_(None), Incident.is_notify.is_(True)),
    )
    return list(session.scalars(query.order_by(Incident.target_at)))


def _is_closed(view: View) -> sa.ColumnElement[bool]:
    return Incident.closed_on.is_(None) if view == "open" else Incident.closed_on.is_not(None)
