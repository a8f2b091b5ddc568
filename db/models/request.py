"""A data subject's request and what was done about it."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.channels import Channel
from app.domain.ledger import Answer
from app.domain.rights import Right
from app.domain.status import DeliveryMethod, IdentityMethod, Outcome, Question, Status
from db.base import Base, Keyed


class Request(Keyed, Base):
    """A request.  One letter may ask for several rights; each has its own `RequestRight`."""

    __tablename__ = "request"
    number: Mapped[str] = mapped_column(unique=True)
    status: Mapped[Status]
    received_on: Mapped[dt.date]
    channel: Mapped[Channel]
    language: Mapped[str] = mapped_column(default="sv")
    requester_name: Mapped[str] = mapped_column(default="")
    requester_email: Mapped[str] = mapped_column(default="")
    message: Mapped[str] = mapped_column(default="")
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("subject.id", ondelete="SET NULL"))
    goal_on: Mapped[dt.date]
    due_on: Mapped[dt.date]
    contact_by_on: Mapped[dt.date]
    acknowledged_on: Mapped[dt.date | None]
    identity_method: Mapped[IdentityMethod | None]
    identity_on: Mapped[dt.date | None]
    identity_by: Mapped[str | None]
    identity_note: Mapped[str] = mapped_column(default="")
    extended_on: Mapped[dt.date | None]
    extension_reason: Mapped[str] = mapped_column(default="")
    sent_on: Mapped[dt.date | None]
    delivery: Mapped[DeliveryMethod | None]
    complaint_on: Mapped[dt.date | None]
    closed_on: Mapped[dt.date | None]
    created_at: Mapped[dt.datetime]
    __table_args__ = (
        Index(None, "status", "due_on"),
        Index(None, "subject_id"),
        CheckConstraint("status <> 'closed' OR closed_on IS NOT NULL", name="closed_has_date"),
        CheckConstraint("(extended_on IS NULL) = (extension_reason = '')", name="extension_has_reason"),
        CheckConstraint("(sent_on IS NULL) = (delivery IS NULL)", name="sent_somehow"),
    )


class RequestRight(Keyed, Base):
    """One right asked for in a request, and its decision."""

    __tablename__ = "request_right"
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"))
    right: Mapped[Right]
    outcome: Mapped[Outcome | None]
    ground: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    decided_on: Mapped[dt.date | None]
    decided_by: Mapped[str | None]
    __table_args__ = (
        Index(None, "request_id", "right", unique=True),
        CheckConstraint("(outcome IS NULL) = (decided_on IS NULL)", name="decision_has_date"),
        CheckConstraint(
            "outcome IS NULL OR outcome NOT IN ('refused', 'partly') OR reason <> ''", name="refusal_has_reason"
        ),
    )


class Pause(Keyed, Base):
    """A time when the clock stood still because only the person could answer a question."""

    __tablename__ = "pause"
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"))
    question: Mapped[Question]
    asked_on: Mapped[dt.date]
    reason: Mapped[str]
    answered_on: Mapped[dt.date | None]
    __table_args__ = (Index(None, "request_id"),)


class Lookup(Keyed, Base):
    """A recorded search for a person, mostly made for a request."""

    __tablename__ = "lookup"
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"))
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("subject.id", ondelete="SET NULL"))
    made_at: Mapped[dt.datetime]
    made_by: Mapped[str]
    terms: Mapped[list[str]]
    __table_args__ = (Index(None, "request_id"), Index(None, "subject_id"))


class LookupSource(Keyed, Base):
    """What one source answered to a recorded search: also "nothing" is an answer, and so is silence.

    `name` is what the source was called then.  A source outside the vault has no `source_id`, but somebody who is asked.
    """

    __tablename__ = "lookup_source"
    lookup_id: Mapped[int] = mapped_column(ForeignKey("lookup.id", ondelete="CASCADE"))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    outside_id: Mapped[int | None] = mapped_column(ForeignKey("outside_system.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(default="", server_default="")
    answer: Mapped[Answer] = mapped_column(default=Answer.FOUND)
    found: Mapped[int] = mapped_column(default=0)
    why: Mapped[str] = mapped_column(default="", server_default="")
    owner: Mapped[str] = mapped_column(default="", server_default="")
    asked_on: Mapped[dt.date | None]
    due_on: Mapped[dt.date | None]
    answered_on: Mapped[dt.date | None]
    answered_by: Mapped[str] = mapped_column(default="", server_default="")
    __table_args__ = (
        Index(None, "lookup_id"),
        Index(None, "answer"),
        CheckConstraint("(answer = 'found') = (found > 0)", name="found_something"),
        CheckConstraint("answer <> 'failed' OR why <> ''", name="failed_has_reason"),
        CheckConstraint("answer <> 'asked' OR (owner <> '' AND due_on IS NOT NULL)", name="asked_of_somebody"),
    )


class Task(Keyed, Base):
    """Something to do outside the program: change a system by hand, notify a recipient (Art. 19)."""

    __tablename__ = "task"
    kind: Mapped[str]
    title: Mapped[str]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("retention_run.id", ondelete="CASCADE"))
    correction_id: Mapped[int | None] = mapped_column(ForeignKey("correction.id", ondelete="CASCADE"))
    created_at: Mapped[dt.datetime]
    done_on: Mapped[dt.date | None]
    done_by: Mapped[str | None]
    __table_args__ = (Index(None, "request_id"), Index(None, "run_id"), Index(None, "correction_id"))
