"""What must be done soon, across all tabs."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Activity, Hold, Incident, Request, RequestRight
from db.queries.inbox import ENDED


def everything(session: Session, *, today: dt.date, until: dt.date) -> dict[str, list[dict[str, Any]]]:
    """Return requests, incidents, holds and reviews that need somebody until a day, earliest first; case numbers only, no names."""
    return {
        "requests": requests(session, today=today, until=until),
        "incidents": incidents(session),
        "holds": holds(session, until=until),
        "reviews": reviews(session, until=until),
    }


def requests(session: Session, *, today: dt.date, until: dt.date) -> list[dict[str, Any]]:
    """Return unanswered requests that are due until a day, late ones first."""
    query = (
        sa.select(
            Request.id,
            Request.number,
            Request.due_on,
            Request.goal_on,
            Request.status,
            sa.func.group_concat(RequestRight.right).label("rights"),
        )
        .outerjoin(RequestRight, RequestRight.request_id == Request.id)
        .where(Request.sent_on.is_(None), Request.status.not_in(ENDED), Request.due_on <= until)
        .group_by(Request.id)
        .order_by(Request.due_on, Request.id)
    )
    return [
        {
            "request_id": row.id,
            "number": row.number,
            "due": row.due_on,
            "goal": row.goal_on,
            "days_left": (row.due_on - today).days,
            "status": row.status,
            "rights": (row.rights or "").split(","),
        }
        for row in session.execute(query)
    ]


def late_contacts(session: Session, *, today: dt.date) -> int:
    """Return how many unanswered requests nobody has acknowledged by the day the policy promises."""
    query = (
        sa.select(sa.func.count())
        .select_from(Request)
        .where(
            Request.acknowledged_on.is_(None),
            Request.sent_on.is_(None),
            Request.status.not_in(ENDED),
            Request.contact_by_on < today,
        )
    )
    return session.scalar(query) or 0


def incidents(session: Session) -> list[dict[str, Any]]:
    """Return open incidents whose authority has not been told, earliest target first."""
    query = (
        sa.select(Incident.id, Incident.number, Incident.target_at, Incident.risk)
        .where(
            Incident.closed_on.is_(None),
            Incident.notified_at.is_(None),
            sa.or_(Incident.is_notify.is_(None), Incident.is_notify.is_(True)),
        )
        .order_by(Incident.target_at)
    )
    return [
        {"incident_id": r.id, "number": r.number, "target": r.target_at, "risk": r.risk} for r in session.execute(query)
    ]


def holds(session: Session, *, until: dt.date) -> list[dict[str, Any]]:
    """Return holds that somebody must look at again until a day."""
    query = sa.select(Hold.id, Hold.subject_id, Hold.kind, Hold.review_on).where(
        Hold.lifted_on.is_(None), Hold.review_on <= until
    )
    rows = session.execute(query.order_by(Hold.review_on))
    return [{"hold_id": r.id, "subject_id": r.subject_id, "kind": r.kind, "review": r.review_on} for r in rows]


def reviews(session: Session, *, until: dt.date) -> list[dict[str, Any]]:
    """Return processing activities whose description is to be reviewed until a day."""
    query = sa.select(Activity.code, Activity.name, Activity.review_on).where(
        Activity.review_on.is_not(None), Activity.review_on <= until
    )
    return [
        {"activity": r.code, "name": r.name, "review": r.review_on}
        for r in session.execute(query.order_by(Activity.review_on))
    ]
