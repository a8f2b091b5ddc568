"""What the request list and one request's page show."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.domain.names import sort_key
from app.domain.outputs import REMEMBERED
from app.domain.status import Status
from db.models import Attachment, AuditEntry, Pause, Request, RequestRight, Subject, Task

View = Literal["open", "overdue", "soon", "waiting", "closed", "all"]
ENDED = (Status.CLOSED, Status.WITHDRAWN)
"""Nothing is left to answer.  A person who could not be identified still gets a letter that says so."""
WAITING = (Status.IDENTITY_ASKED, Status.CLARIFICATION_ASKED)
SOON = dt.timedelta(days=7)
SORTS = {
    "number": Request.number,
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
        query = query.where(_holds(wanted.text.strip()))
    if wanted.sort == "who":
        return _by_name(session, query, descending=wanted.descending)
    column = SORTS[wanted.sort]
    return list(session.scalars(query.order_by(column.desc() if wanted.descending else column, Request.id)))


def _holds(text: str) -> sa.ColumnElement[bool]:
    """Return whether a request's number, address or names hold a text; the database tells Ö from ö, so the spellings are tried."""
    spellings = dict.fromkeys((text, text.lower(), text.upper(), text.title()))
    names = (Request.number, Request.requester_name, Request.requester_email)
    found = [column.ilike(f"%{_escaped(form)}%", escape="\\") for column in names for form in spellings]
    if key := sort_key(text):
        found.append(Subject.sort_key.like(f"%{_escaped(key)}%", escape="\\"))
    return sa.or_(*found)


def _by_name(session: Session, query: sa.Select[int], *, descending: bool) -> list[int]:
    """Return the ids in Swedish order of the names; a requester who is not in the registers has no stored sort key."""
    found = session.execute(query.add_columns(_who()).order_by(Request.id)).all()
    return [row[0] for row in sorted(found, key=lambda row: sort_key(row[1] or ""), reverse=descending)]


def counts(session: Session, *, today: dt.date) -> dict[View, int]:
    """Return how many requests each view holds."""
    views: tuple[View, ...] = ("open", "overdue", "soon", "waiting", "closed")
    columns = [sa.func.count(sa.case((sa.and_(*_where(view, today)), 1))) for view in views]
    found = session.execute(sa.select(*columns).select_from(Request)).one()
    return dict(zip(views, found, strict=True))


def rows(session: Session, wanted: Sequence[int]) -> list[Row[*tuple[Any, ...]]]:
    """Return id, number, who, rights (codes with commas), received_on, due_on, goal_on, status, and the flags of requests, in the given order."""
    rights = (
        sa.select(sa.func.group_concat(RequestRight.right))
        .where(RequestRight.request_id == Request.id)
        .correlate(Request)
        .scalar_subquery()
    )
    query = (
        sa.select(
            Request.id,
            Request.number,
            _who().label("who"),
            rights.label("rights"),
            Request.received_on,
            Request.due_on,
            Request.goal_on,
            Request.status,
            Request.extended_on,
            Request.sent_on,
            Request.closed_on,
            _paused().label("is_paused"),
            Subject.protection,
        )
        .outerjoin(Subject, Subject.id == Request.subject_id)
        .where(Request.id.in_(wanted))
    )
    found = {row.id: row for row in session.execute(query)}
    return [found[key] for key in wanted if key in found]


def attachments(session: Session, request_id: int) -> list[Attachment]:
    """Return the files of a request, newest first, without their content; not what is only remembered between versions."""
    shown = (Attachment.request_id == request_id, Attachment.kind.not_in(REMEMBERED))
    return list(session.scalars(sa.select(Attachment).where(*shown).order_by(Attachment.id.desc())))


def tasks(session: Session, request_id: int) -> list[Task]:
    """Return what is to be done outside the program for a request."""
    return list(session.scalars(sa.select(Task).where(Task.request_id == request_id).order_by(Task.id)))


def events(session: Session, request_id: int) -> list[AuditEntry]:
    """Return what was done with a request, its files and its tasks, newest first."""
    files = sa.select(sa.cast(Attachment.id, sa.String)).where(Attachment.request_id == request_id)
    chores = sa.select(sa.cast(Task.id, sa.String)).where(Task.request_id == request_id)
    kinds = (
        sa.and_(AuditEntry.object_kind == "request", AuditEntry.object_id == str(request_id)),
        sa.and_(AuditEntry.object_kind == "attachment", AuditEntry.object_id.in_(files)),
        sa.and_(AuditEntry.object_kind == "task", AuditEntry.object_id.in_(chores)),
    )
    return list(session.scalars(sa.select(AuditEntry).where(sa.or_(*kinds)).order_by(AuditEntry.seq.desc())))


def attachment(session: Session, attachment_id: int) -> Attachment:
    """Return a file's record, without its content."""
    return session.get_one(Attachment, attachment_id)


def request(session: Session, request_id: int) -> Request | None:
    """Return a request, None when it is gone."""
    return session.get(Request, request_id)


def subject(session: Session, subject_id: int) -> Subject | None:
    """Return a person's record, None when it is gone."""
    return session.get(Subject, subject_id)


def _who() -> sa.Function[str]:
    """Return the person's name, else how the requester signed, else their address."""
    return sa.func.coalesce(Subject.display_name, sa.func.nullif(Request.requester_name, ""), Request.requester_email)


def _paused(*where: sa.ColumnElement[bool]) -> sa.Exists:
    return sa.exists().where(Pause.request_id == Request.id, Pause.answered_on.is_(None), *where).correlate(Request)


def _where(view: View, today: dt.date) -> tuple[sa.ColumnElement[bool], ...]:
    is_open = Request.closed_on.is_(None)
    is_running = sa.not_(_paused(Pause.asked_on <= Request.due_on))
    unanswered = sa.and_(is_open, Request.status.not_in(ENDED), Request.sent_on.is_(None), is_running)
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
