"""What one person's card shows, and small look-ups by number."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.domain.outputs import REMEMBERED
from db.models import (
    Activity,
    Attachment,
    Conflict,
    Correction,
    Datum,
    Hold,
    ImportBatch,
    Incident,
    OptOut,
    Request,
    RetentionRule,
    Source,
    SourceAbsence,
)
from db.queries import people


def data(session: Session, subject_id: int) -> list[Row[*tuple[Any, ...]]]:
    """Return every datum about a person: the datum's columns, source, activity, purposes, legal_basis, recipients, rule_kind, rule_months."""
    query = (
        sa.select(
            Datum.id,
            Datum.category,
            Datum.field,
            Datum.value,
            Datum.since_on,
            Datum.fy_end_on,
            Datum.line,
            Datum.batch_id,
            Source.id.label("source_id"),
            Source.name.label("source"),
            Activity.id.label("activity_id"),
            Activity.name.label("activity"),
            Activity.purposes,
            Activity.legal_basis,
            Activity.recipients,
            RetentionRule.kind.label("rule_kind"),
            RetentionRule.months.label("rule_months"),
        )
        .join(Source, Source.id == Datum.source_id)
        .outerjoin(Activity, Activity.id == Datum.activity_id)
        .outerjoin(RetentionRule, RetentionRule.id == Activity.rule_id)
        .where(Datum.subject_id.in_(people.family(session, subject_id)))
        .order_by(Datum.category, Datum.id)
    )
    return list(session.execute(query))


def holds(session: Session, subject_id: int) -> list[Hold]:
    """Return the holds in force for a person."""
    of_person = Hold.subject_id.in_(people.family(session, subject_id))
    query = sa.select(Hold).where(of_person, Hold.lifted_on.is_(None)).order_by(Hold.review_on)
    return list(session.scalars(query))


def opt_outs(session: Session, subject_id: int) -> list[OptOut]:
    """Return the channels a person does not want marketing in."""
    of_person = OptOut.subject_id.in_(people.family(session, subject_id))
    return list(session.scalars(sa.select(OptOut).where(of_person).order_by(OptOut.channel, OptOut.since_on)))


def requests(session: Session, subject_id: int) -> list[Request]:
    """Return a person's requests, newest first."""
    of_person = Request.subject_id.in_(people.family(session, subject_id))
    return list(session.scalars(sa.select(Request).where(of_person).order_by(Request.id.desc())))


def documents(session: Session, subject_id: int, request_ids: Sequence[int]) -> list[Attachment]:
    """Return the files about a person and those of the person's requests, newest first, without their content."""
    of_person = Attachment.subject_id.in_(people.family(session, subject_id))
    shown = sa.or_(of_person, Attachment.request_id.in_(request_ids)), Attachment.kind.not_in(REMEMBERED)
    return list(session.scalars(sa.select(Attachment).where(*shown).order_by(Attachment.id.desc())))


def conflicts(session: Session, subject_id: int) -> set[int]:
    """Return the values of a person that an import said something else of than a correction, and nobody has settled it."""
    of_person = Datum.subject_id.in_(people.family(session, subject_id))
    query = sa.select(Conflict.datum_id).join(Datum, Datum.id == Conflict.datum_id)
    return set(session.scalars(query.where(of_person, Conflict.settled_at.is_(None))))


def changed_at(session: Session, subject_id: int) -> dt.datetime | None:
    """Return when a value of a person last came or was corrected, None when nobody noted it."""
    ids = people.family(session, subject_id)
    imported = sa.select(sa.func.max(ImportBatch.imported_at)).join(Datum, Datum.batch_id == ImportBatch.id)
    corrected = sa.select(sa.func.max(Correction.corrected_at)).where(Correction.subject_id.in_(ids))
    days = session.scalar(imported.where(Datum.subject_id.in_(ids))), session.scalar(corrected)
    return max((day for day in days if day is not None), default=None)


def gone_from(session: Session, subject_id: int) -> tuple[tuple[str, dt.date], ...]:
    """Return the sources whose latest file no longer had the person, and since when."""
    query = (
        sa.select(Source.name, SourceAbsence.since_on)
        .join(Source, Source.id == SourceAbsence.source_id)
        .where(SourceAbsence.subject_id.in_(people.family(session, subject_id)))
        .where(SourceAbsence.returned_batch_id.is_(None))
        .order_by(Source.name)
    )
    return tuple((name, day) for name, day in session.execute(query))


def activity(session: Session, code: str) -> Activity | None:
    """Return a processing activity by its code."""
    return session.scalar(sa.select(Activity).where(Activity.code == code))


def id_of(session: Session, model: type[Request | Incident], text: str) -> int | None:
    """Return the id of a case given by its id or its number, None when there is none."""
    by = model.id == int(text) if text.isdigit() else model.number == text.strip().upper()
    return session.scalar(sa.select(model.id).where(by))
