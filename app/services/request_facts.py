"""What the rules need to know about a stored request.  Belongs to `requests`; reads only."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain import deadlines
from app.domain.deadlines import Deadline
from app.domain.request_facts import Decision, Facts
from app.domain.rights import Right
from app.domain.status import Question
from app.domain.subjects import Protection
from app.reference.periods import periods
from app.services import output_kinds
from db.models import Attachment, Lookup, Pause, Request, RequestRight, Subject, Task
from db.queries import ledger


def deadline(received_on: dt.date, *, is_extended: bool = False, paused_days: int = 0) -> Deadline:
    """Return the days that govern a request, by the periods in force when it arrived."""
    lengths = periods(received_on)
    months = lengths.request_months + (lengths.extension_months if is_extended else 0)
    return deadline_of(received_on, months=months, paused_days=paused_days)


def deadline_of(received_on: dt.date, *, months: int, paused_days: int = 0) -> Deadline:
    """Return the days for a period of so many months, with the contact promise in force when the request arrived."""
    contact_days = periods(received_on).contact_days
    return deadlines.deadline(received_on, months=months, paused_days=paused_days, contact_days=contact_days)


def paused_days(session: Session, request_id: int) -> int:
    """Return how many days answered questions have held the clock; overlapping ones count once."""
    query = sa.select(Pause).where(Pause.request_id == request_id, Pause.answered_on.is_not(None))
    days: set[int] = set()
    for pause in session.scalars(query):
        if pause.answered_on is not None:
            days.update(range(pause.asked_on.toordinal() + 1, pause.answered_on.toordinal() + 1))
    return len(days)


def current_deadline(session: Session, request: Request) -> Deadline:
    """Return the days that govern a stored request, with its pauses and its extension."""
    days = paused_days(session, request.id)
    return deadline(request.received_on, is_extended=request.extended_on is not None, paused_days=days)


def rights_of(session: Session, request_id: int) -> list[RequestRight]:
    """Return the rights asked for in a request, in the order they were given."""
    query = sa.select(RequestRight).where(RequestRight.request_id == request_id).order_by(RequestRight.id)
    return list(session.scalars(query))


def decisions(session: Session, request_id: int) -> tuple[Decision, ...]:
    """Return the rights asked for, with their outcome so far."""
    return tuple(
        Decision(right=row.right, outcome=row.outcome, ground=row.ground, reason=row.reason)
        for row in rights_of(session, request_id)
    )


def open_pause(session: Session, request_id: int) -> Pause | None:
    """Return the question that holds the clock now, if any."""
    return session.scalar(sa.select(Pause).where(Pause.request_id == request_id, Pause.answered_on.is_(None)))


def facts_of(session: Session, request: Request) -> Facts:
    """Return all that the rules of a request's way need to know about it."""
    pause = open_pause(session, request.id)
    first = deadline(request.received_on, paused_days=paused_days(session, request.id))
    has_letter = _has(session, Attachment.request_id == request.id, Attachment.kind == "letter")
    asked = decisions(session, request.id)
    return Facts(
        rights=asked,
        received_on=request.received_on,
        due_on=request.due_on,
        first_due_on=first.due_on,
        acknowledged_on=request.acknowledged_on,
        identity_checked=request.identity_on is not None,
        has_asked_identity=_has(session, Pause.request_id == request.id, Pause.question == Question.IDENTITY),
        has_subject=request.subject_id is not None,
        has_lookup=_has(session, Lookup.request_id == request.id),
        has_extract=_has(session, Attachment.request_id == request.id, Attachment.kind.in_(_answering(asked))),
        has_letter=has_letter,
        has_remedies=has_letter,  # every letter the program makes names the authority and the court
        is_protected=_is_protected(session, request),
        is_extended=request.extended_on is not None,
        paused_on=pause.asked_on if pause else None,
        question=pause.question if pause else Question.IDENTITY,
        tasks=_count(session, Task.request_id == request.id),
        open_tasks=_count(session, Task.request_id == request.id, Task.done_on.is_(None)),
        unanswered=len(ledger.unanswered(session, request.id)),
        is_complaint=request.complaint_on is not None,
        sent_on=request.sent_on,
        closed_on=request.closed_on,
    )


def _answering(asked: Sequence[Decision]) -> tuple[str, ...]:
    """Return which stored files hold what was asked for: a file to carry away answers nobody who asked for access."""
    extracts = tuple(output_kinds.EXTRACT.values())
    is_access = any(one.right is Right.ACCESS for one in asked)
    return extracts if is_access else (*extracts, *output_kinds.CARRIED.values())


def _has(session: Session, *where: sa.ColumnElement[bool]) -> bool:
    return bool(session.scalar(sa.select(sa.exists().where(*where))))


def _count(session: Session, *where: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Task).where(*where)) or 0


def _is_protected(session: Session, request: Request) -> bool:
    if request.subject_id is None:
        return False
    level = session.scalar(sa.select(Subject.protection).where(Subject.id == request.subject_id))
    return level is not None and level is not Protection.NONE
