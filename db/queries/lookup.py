"""Queries that propose people for a search.  Which of them are certain is `app.domain.matching`'s business."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy import Row
from sqlalchemy.orm import Session

from db.models import Datum, ImportBatch, Source, Subject


def subjects(session: Session, ids: Sequence[int]) -> dict[int, Row[int, str, str, str]]:
    """Return id, uid, display_name, protection of people, by id."""
    query = sa.select(Subject.id, Subject.uid, Subject.display_name, Subject.protection).where(Subject.id.in_(ids))
    return {row.id: row for row in session.execute(query)}


def registers(session: Session) -> list[Source]:
    """Return the sources that hold imported data, by name: those a search goes through."""
    return list(session.scalars(sa.select(Source).where(Source.is_register).order_by(Source.name)))


def found_per_source(session: Session, subject_ids: Sequence[int]) -> dict[int, int]:
    """Return how many data each source holds about these people together."""
    query = (
        sa.select(Datum.source_id, sa.func.count()).where(Datum.subject_id.in_(subject_ids)).group_by(Datum.source_id)
    )
    return {source_id: count for source_id, count in session.execute(query)}  # noqa: C416 - rows are not pairs to mypy


def source_names(session: Session, members: Mapping[int, int]) -> dict[int, list[str]]:
    """Return the names of the sources that know each person; `members` says whose each record is (`people.members`)."""
    query = (
        sa.select(Datum.subject_id, Source.name)
        .join(Source, Source.id == Datum.source_id)
        .where(Datum.subject_id.in_(list(members)))
        .distinct()
        .order_by(Source.name)
    )
    names: dict[int, list[str]] = {}
    for record_id, name in session.execute(query):
        known = names.setdefault(members[record_id], [])
        if name not in known:
            known.append(name)
    return names


def overview(session: Session) -> list[Row[int, str, int, int, object]]:
    """Return id, name, records, people, last_import of every source that holds imported data."""
    last = (
        sa.select(ImportBatch.source_id, sa.func.max(ImportBatch.imported_at).label("last"))
        .where(ImportBatch.undone_at.is_(None))
        .group_by(ImportBatch.source_id)
        .subquery()
    )
    query = (
        sa.select(
            Source.id,
            Source.name,
            sa.func.count(Datum.id).label("records"),
            sa.func.count(Datum.subject_id.distinct()).label("people"),
            last.c.last.label("last_import"),
        )
        .outerjoin(Datum, Datum.source_id == Source.id)
        .outerjoin(last, last.c.source_id == Source.id)
        .where(Source.is_register)
        .group_by(Source.id)
        .order_by(Source.name)
    )
    return list(session.execute(query))
