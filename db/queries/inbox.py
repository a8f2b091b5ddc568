"""What the request list and one request's page show."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.domain.status import Status
from db.models import Attachment, Pause, Request, RequestRight, Subject, Task

View = Literal["open", "overdue", "soon", "waiting", "closed", "all"]
ENDED = (Status.CLOSED, Status.WITHDRAWN, Status.UNIDENTIFIED)
WAITING = (Status.IDENTITY_ASKED, Status.CLARIFICATION_ASKED)
SOON = dt.timedelta(days=7)
SORTS = {
    "number": Request.number,
    "who": Request.requester_name,
    "received": Request.received_on,
    "due": Request.due_on,
    "status": Request.status,
}


@dataclass(frozen=True)
class Filter:
    """What to list, and in which order."""

    view: View = "open"
    text: str = ""
    sort: str = "due"
    descending: bool = False


def ids(session: Session, wanted: Filter, *, today: dt.date) -> list[int]:
    """Return the ids of the requests to list, in order."""
    query = (
        sa.select(Request.id).outerjoin(Subject, Subject.id == Request.subject_id).where(*_where(wanted.view, today))
    )
    if wanted.text.strip():
        like = f"%{_escaped(wanted.text.strip())}%"
        names = (Request.number, Request.requester_name, Request.requester_email, Subject.display_name)
        query = query.where(sa.or_(*(column.ilike(like, escape="\\") for column in names)))
    column = SORTS[wanted.sort]
    return list(session.scalars(query.order_by(column.desc() if wanted.descending else column, Request.id)))


def counts(session: Session, *, today: dt.date) -> dict[View, int]:
    """Return how many requests each view holds."""
    views: tuple[View, ...] = ("open", "overdue", "soon", "waiting", "closed")
    columns = [sa.func.count(sa.case((sa.and_(*_where(view, today)), 1))) for view in views]
    found = session.execute(sa.select(*columns).select_from(Request)).one()
    return dict(zip(views, found, strict=True))


def rows(session: Session, wanted: Sequence[int]) -> list[Row[int, str, str, str, dt.date, dt.date, dt.date, Status]]:
    """Return id, number, who, rights (codes with commas), received_on, due_on, goal_on, status, and the flags of requests, in the given order."""
    rights = (
        sa.select(sa.func.group_concat(RequestRight.right))
        .where(RequestRight.request_id == Request.id)
        .correlate(Request)
        .scalar_subquery()
    )
    paused = sa.exists().where(Pause.request_id == Request.id, Pause.answered_on.is_(None))
    query = (
        sa.select(
            Request.id,
            Request.number,
            sa.func.coalesce(
                Subject.display_name, sa.func.nullif(Request.requester_name, ""), Request.requester_email
            ).label("who"),
            rights.label("rights"),
            Request.received_on,
            Request.due_on,
            Request.goal_on,
            Request.status,
            Request.extended_on,
            Request.sent_on,
            Request.closed_on,
            paused.label("is_paused"),
            Subject.protection,
        )
        .outerjoin(Subject, Subject.id == Request.subject_id)
        .where(Request.id.in_(wanted))
    )
    found = {row.id: row for row in session.execute(query)}
    return [found[key] for key in wanted if key in found]


def attachments(session: Session, request_id: int) -> list[Attachment]:
    """Return the files of a request, newest first, without their content."""
    query = sa.select(Attachment).where(Attachment.request_id == request_id).order_by(Attachment.id.desc())
    return list(session.scalars(query))


def tasks(session: Session, request_id: int) -> list[Task]:
    """Return what is to be done outside the program for a request."""
    return list(session.scalars(sa.select(Task).where(Task.request_id == request_id).order_by(Task.id)))


def _where(view: View, today: dt.date) -> tuple[sa.ColumnElement[bool], ...]:
    is_open = Request.status.not_in(ENDED)
    unanswered = sa.and_(is_open, Request.sent_on.is_(None))
    views: dict[View, tuple[sa.ColumnElement[bool], ...]] = {
        "open": (is_open,),
        "overdue": (unanswered, Request.due_on < today),
        "soon": (unanswered, Request.due_on >= today, Request.due_on <= today + SOON),
        "waiting": (is_open, Request.status.in_(WAITING)),
        "closed": (sa.not_(is_open),),
        "all": (sa.true(),),
    }
    return views[view]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
