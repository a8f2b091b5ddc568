"""The ledger of recorded searches."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.domain.ledger import Answer
from db.models import Activity, Datum, ImportBatch, Lookup, LookupSource, OutsideSystem, Source


def lookups(session: Session, request_id: int) -> list[int]:
    """Return the ids of the searches recorded for a request, the latest last."""
    return list(session.scalars(sa.select(Lookup.id).where(Lookup.request_id == request_id).order_by(Lookup.id)))


def lines(session: Session, lookup_ids: Sequence[int]) -> list[Row[*tuple[Any, ...]]]:
    """Return the lines of these searches: the line's columns, made_at, made_by, terms."""
    query = (
        sa.select(*LookupSource.__table__.columns, Lookup.made_at, Lookup.made_by, Lookup.terms)
        .join(Lookup, Lookup.id == LookupSource.lookup_id)
        .where(LookupSource.lookup_id.in_(lookup_ids))
        .order_by(LookupSource.id)
    )
    return list(session.execute(query))


def unanswered(session: Session, request_id: int) -> list[LookupSource]:
    """Return the questions of a request that nobody has answered."""
    query = sa.select(LookupSource).where(
        LookupSource.lookup_id.in_(lookups(session, request_id)), LookupSource.answer == Answer.ASKED
    )
    return list(session.scalars(query.order_by(LookupSource.due_on, LookupSource.id)))


def with_data(session: Session) -> set[int]:
    """Return the sources that something was imported from and not taken back, or that hold data in any other way."""
    found = set(session.scalars(sa.select(ImportBatch.source_id).where(ImportBatch.undone_at.is_(None))))
    others = session.scalars(sa.select(Source.id).where(Source.is_register, Source.id.not_in(found)))
    activities = [None, *session.scalars(sa.select(Activity.id))]
    for source_id in others:
        if any(_holds(session, source_id, activity_id) for activity_id in activities):
            found.add(source_id)
    return found


def _holds(session: Session, source_id: int, activity_id: int | None) -> bool:
    """Return whether a source holds anything for an activity: one question to an index, however much it holds."""
    of_activity = Datum.activity_id.is_(None) if activity_id is None else Datum.activity_id == activity_id
    return bool(session.scalar(sa.select(sa.exists().where(of_activity, Datum.source_id == source_id))))


def outside(session: Session) -> list[Row[int, str, str]]:
    """Return id, name and owner of the systems outside the vault."""
    query = sa.select(OutsideSystem.id, OutsideSystem.name, OutsideSystem.owner)
    return list(session.execute(query.order_by(OutsideSystem.name)))
