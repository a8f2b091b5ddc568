"""What a value was, and what was said of it."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row
from sqlalchemy.orm import Session, aliased

from db.models import AuditEntry, Conflict, Correction, Datum, ImportBatch, Source, Subject, Task, ValueChange

NAMES = ("name", "first_name", "last_name")


def naming(session: Session, datum_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Return subject and source of those values that are parts of names."""
    query = sa.select(Datum.subject_id, Datum.source_id).where(Datum.id.in_(datum_ids), Datum.field.in_(NAMES))
    return [(row.subject_id, row.source_id) for row in session.execute(query.distinct())]


def names(session: Session, subject_id: int, source_id: int, *, without: Collection[int] = ()) -> dict[str, str]:
    """Return the parts of a name that a source gives a record; those `without` are left out."""
    query = sa.select(Datum.id, Datum.field, Datum.value).where(
        Datum.subject_id == subject_id, Datum.source_id == source_id, Datum.field.in_(NAMES)
    )
    rows = session.execute(query.order_by(Datum.id))
    return {row.field: row.value for row in rows if row.id not in without}


def called(session: Session, subject_ids: Collection[int], beginnings: Sequence[str]) -> list[tuple[int, str]]:
    """Return those of these people, and their shown names, whose names begin with one of these words."""
    query = sa.select(Subject.id, Subject.display_name).where(Subject.id.in_(subject_ids))
    begins = sa.or_(*(Subject.display_name.startswith(one + " ", autoescape=True) for one in beginnings))
    return [(row.id, row.display_name) for row in session.execute(query.where(begins).order_by(Subject.id))]


def customer_numbers(session: Session, subject_id: int) -> list[str]:
    """Return the customer numbers that sources give a record, the first one first."""
    query = sa.select(Datum.value).where(Datum.subject_id == subject_id, Datum.field == "customer_no")
    return list(session.scalars(query.order_by(Datum.id)))


def naming_sources(session: Session, subject_id: int) -> list[int]:
    """Return the sources that give a record a name, the first one first."""
    query = sa.select(Datum.source_id).where(Datum.subject_id == subject_id, Datum.field.in_(NAMES))
    return list(session.scalars(query.group_by(Datum.source_id).order_by(sa.func.min(Datum.id))))


def named_by(session: Session, subject_ids: Collection[int], batch_id: int) -> list[int]:
    """Return those of these people, made before a batch, to whose names the batch added."""
    query = (
        sa.select(Datum.subject_id)
        .join(Subject, Subject.id == Datum.subject_id)
        .where(Datum.subject_id.in_(subject_ids), Datum.batch_id == batch_id, Datum.field.in_(NAMES))
        .where(Subject.batch_id.is_distinct_from(batch_id))
    )
    return list(session.scalars(query.distinct()))


def datum(session: Session, datum_id: int) -> Row[*tuple[Any, ...]] | None:
    """Return subject_id, field, value, line, source, imported_at, imported_by of a value, None when it is gone."""
    query = (
        sa.select(
            Datum.subject_id,
            Datum.field,
            Datum.value,
            Datum.line,
            Source.name.label("source"),
            ImportBatch.imported_at,
            ImportBatch.imported_by,
        )
        .join(Source, Source.id == Datum.source_id)
        .outerjoin(ImportBatch, ImportBatch.id == Datum.batch_id)
        .where(Datum.id == datum_id)
    )
    return session.execute(query).first()


def changes(session: Session, datum_id: int) -> list[Row[*tuple[Any, ...]]]:
    """Return old_value, old_line, first_at, first_by (the import that said it), imported_at and imported_by (what changed it)."""
    first, then = aliased(ImportBatch), aliased(ImportBatch)
    query = (
        sa.select(
            ValueChange.id,
            ValueChange.old_value,
            ValueChange.old_line,
            first.imported_at.label("first_at"),
            first.imported_by.label("first_by"),
            then.imported_at,
            then.imported_by,
        )
        .outerjoin(first, first.id == ValueChange.old_batch_id)
        .outerjoin(then, then.id == ValueChange.batch_id)
        .where(ValueChange.datum_id == datum_id)
        .order_by(ValueChange.id)
    )
    return list(session.execute(query))


def corrections(session: Session, datum_id: int) -> list[Correction]:
    """Return the corrections of a value, the first one first."""
    return list(session.scalars(sa.select(Correction).where(Correction.datum_id == datum_id).order_by(Correction.id)))


def corrected(session: Session, datum_ids: Sequence[int]) -> set[int]:
    """Return which of these values were corrected."""
    return set(session.scalars(sa.select(Correction.datum_id).where(Correction.datum_id.in_(datum_ids))))


def conflicts(session: Session, datum_ids: Sequence[int]) -> list[Row[*tuple[Any, ...]]]:
    """Return id, datum_id, value, line, imported_at and settled_at of what imports said against corrections."""
    query = (
        sa.select(
            Conflict.id, Conflict.datum_id, Conflict.value, Conflict.line, ImportBatch.imported_at, Conflict.settled_at
        )
        .outerjoin(ImportBatch, ImportBatch.id == Conflict.batch_id)
        .where(Conflict.datum_id.in_(datum_ids))
        .order_by(Conflict.id)
    )
    return list(session.execute(query))


def in_batch(session: Session, batch_id: int) -> int:
    """Return how many values an import said against corrections that nobody has settled."""
    query = sa.select(sa.func.count()).where(Conflict.batch_id == batch_id, Conflict.settled_at.is_(None))
    return session.scalar(query) or 0


def tasks(session: Session, datum_id: int) -> list[Task]:
    """Return what the corrections of a value left to do outside the program."""
    query = sa.select(Task).join(Correction, Correction.id == Task.correction_id).where(Correction.datum_id == datum_id)
    return list(session.scalars(query.order_by(Task.id)))


def events(session: Session, subject_ids: Sequence[int], *, most: int) -> list[Row[*tuple[Any, ...]]]:
    """Return seq, at, user, action, payload of what the trail says of a person's records, the latest first."""
    uids = sa.select(Subject.uid).where(Subject.id.in_(subject_ids))
    query = sa.select(AuditEntry.seq, AuditEntry.at, AuditEntry.user, AuditEntry.action, AuditEntry.payload)
    of_person = query.where(AuditEntry.subject_uid.in_(uids)).order_by(AuditEntry.seq.desc())
    return list(session.execute(of_person.limit(most)))
