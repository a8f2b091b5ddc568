"""Counts for the tabs and what a fresh vault still lacks."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import ImportBatch, Incident, Request, Setting
from db.queries.inbox import ENDED


@dataclass(frozen=True)
class Counts:
    """What is open."""

    requests: int
    incidents: int


def counts(session: Session) -> Counts:
    """Return how many requests and incidents are open."""
    requests = sa.select(sa.func.count()).select_from(Request).where(Request.status.not_in(ENDED))
    incidents = sa.select(sa.func.count()).select_from(Incident).where(Incident.closed_on.is_(None))
    return Counts(session.scalar(requests) or 0, session.scalar(incidents) or 0)


def next_due_on(session: Session) -> dt.date | None:
    """Return the earliest day a request must be answered, or None when nothing waits."""
    query = sa.select(sa.func.min(Request.due_on)).where(Request.sent_on.is_(None), Request.status.not_in(ENDED))
    return session.scalar(query)


def has_import(session: Session) -> bool:
    """Return whether a register has been imported."""
    return session.scalar(sa.select(ImportBatch.id).where(ImportBatch.undone_at.is_(None)).limit(1)) is not None


def has_request(session: Session) -> bool:
    """Return whether there has ever been a request."""
    return session.scalar(sa.select(Request.id).limit(1)) is not None


def settings(session: Session, *keys: str) -> dict[str, dict[str, object]]:
    """Return facts about the organisation by key; a fact that is not set is empty."""
    found = {row.key: dict(row.value) for row in session.scalars(sa.select(Setting).where(Setting.key.in_(keys)))}
    return {key: found.get(key, {}) for key in keys}
