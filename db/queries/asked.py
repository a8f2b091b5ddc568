"""Who asks, for the search that a request gives rise to."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import Row
from sqlalchemy.orm import Session

from db.models import Request


def requester(session: Session, request_id: int) -> Row[int, str, dt.date, str, str] | None:
    """Return id, number, received_on, requester_name, requester_email of a request, None when it is gone."""
    query = sa.select(
        Request.id, Request.number, Request.received_on, Request.requester_name, Request.requester_email
    ).where(Request.id == request_id)
    return session.execute(query).first()
