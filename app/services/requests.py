"""The acts on a data subject's request, from the letter to the closed file."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain import lifecycle
from app.domain.audit import Action
from app.domain.channels import Channel, MarketingChannel
from app.domain.errors import UserError
from app.domain.request_facts import Decision
from app.domain.rights import Right
from app.domain.status import DeliveryMethod, IdentityMethod, Outcome, Question, Status
from app.i18n import _
from app.services import audit, ledger
from app.services.guard import guarded
from app.services.numbers import next_number
from app.services.request_facts import current_deadline, deadline, facts_of, open_pause
from app.services.request_mail import Mail, add_mail, keep_original
from db.models import OptOut, Pause, Request, RequestRight, Task
from db.queries import cards, people

__all__ = ["Mail", "add_mail"]  # what belongs to a request and lives next door

GDPR_APPLIES_FROM = dt.date(2018, 5, 25)
"""Source: Art. 99.2 GDPR; the policy's R4."""


@dataclass(frozen=True, kw_only=True)
class Intake:
    """A request as it arrived.

    Attributes:
        rights: What is asked for; one letter may ask for several things.
        received_on: The day it reached the office, not the day somebody read it.
        original: The mail itself, kept as it is.
        message_id: The mail's own id, by which answers to it are recognised.
    """

    rights: Sequence[Right]
    received_on: dt.date
    channel: Channel
    requester_name: str = ""
    requester_email: str = ""
    message: str = ""
    language: str = "sv"
    subject_id: int | None = None
    original: bytes | None = None
    message_id: str = ""


def problems(intake: Intake, *, today: dt.date) -> dict[str, str]:
    """Return what is wrong with an intake, a sentence per field; empty when it can be registered."""
    found = {}
    if not intake.rights:
        found["rights"] = _("Välj minst en rättighet.")
    if intake.received_on > today:
        found["received_on"] = _("Dagen ligger i framtiden. Skriv den dag då begäran kom.")
    elif intake.received_on < GDPR_APPLIES_FROM:
        found["received_on"] = _("Dagen ligger före den 25 maj 2018, då dataskyddsförordningen började gälla.")
    if not (intake.requester_name.strip() or intake.requester_email.strip() or intake.subject_id is not None):
        found["requester_name"] = _("Skriv vem som begär: ett namn eller en e-postadress.")
    return found


@guarded
def register(session: Session, intake: Intake, *, today: dt.date) -> Request:
    """Register a request and start its clock.

    Source: Art. 12.3 GDPR; the policy's promises R42 (one month) and R77 (contact within 30 days).

    Raises:
        UserError: Something is missing or impossible; nothing was stored.
    """
    if wrong := problems(intake, today=today):
        raise UserError(
            next(iter(wrong.values())),
            stands=_("Begäran är inte registrerad."),
            do=_("Rätta uppgiften och spara igen."),
        )
    days = deadline(intake.received_on)
    request = Request(
        number=next_number(session, Request, "B", intake.received_on.year),
        status=Status.REGISTERED,
        received_on=intake.received_on,
        channel=intake.channel,
        language=intake.language,
        requester_name=intake.requester_name.strip(),
        requester_email=intake.requester_email.strip(),
        message=intake.message,
        subject_id=None if intake.subject_id is None else people.whole(session, intake.subject_id),
        goal_on=days.goal_on,
        due_on=days.due_on,
        contact_by_on=days.contact_by_on,
        identity_note="",
        extension_reason="",
        created_at=session.info["now"],
    )
    session.add(request)
    session.flush()
    session.add_all(RequestRight(request_id=request.id, right=right) for right in dict.fromkeys(intake.rights))
    session.flush()
    audit.record(
        session,
        Action.REQUEST_REGISTERED,
        request,
        subject_id=request.subject_id,
        number=request.number,
        rights=[right.value for right in intake.rights],
        channel=intake.channel.value,
        received_on=intake.received_on.isoformat(),
        due_on=request.due_on.isoformat(),
    )
    if intake.original is not None:
        keep_original(session, request, intake.original, intake.message_id)
    return request


def _restate(session: Session, request: Request) -> None:
    """Bring the days and the status in line with what is now true."""
    session.flush()
    days = current_deadline(session, request)
    request.goal_on, request.due_on, request.contact_by_on = days.goal_on, days.due_on, days.contact_by_on
    request.status = lifecycle.status(facts_of(session, request))


@guarded
def acknowledge(session: Session, request_id: int, *, today: dt.date) -> Request:
    """Note that the person was told that the request has arrived.

    Raises:
        UserError: The request is closed.
    """
    request = session.get_one(Request, request_id)
    _allow(lifecycle.why_not_identify(facts_of(session, request)))
    request.acknowledged_on = today
    audit.record(session, Action.REQUEST_ACKNOWLEDGED, request, subject_id=request.subject_id)
    return request


@guarded
def check_identity(
    session: Session, request_id: int, *, method: IdentityMethod, note: str = "", today: dt.date
) -> Request:
    """Record how it was settled who asks, and let a clock that waited for it run again.  A copy of a document is never kept.

    Source: Art. 12.6 GDPR; the policy's promise R41.

    Raises:
        UserError: The request is answered or closed.
    """
    request = session.get_one(Request, request_id)
    _allow(lifecycle.why_not_identify(facts_of(session, request)))
    request.identity_method, request.identity_on, request.identity_note = method, today, note.strip()
    request.identity_by = session.info["user"]
    pause = open_pause(session, request.id)
    if pause is not None and pause.question is Question.IDENTITY:
        pause.answered_on = max(today, pause.asked_on)
    _restate(session, request)
    audit.record(session, Action.IDENTITY_CHECKED, request, subject_id=request.subject_id, method=method.value)
    return request


@guarded
def extend(session: Session, request_id: int, *, reason: str, today: dt.date) -> Request:
    """Extend the time to three months from receipt.  The person must be told, with the reason, within the first month.

    Source: Art. 12.3 GDPR.

    Raises:
        UserError: The first month is over, there is no reason, or it is extended already.
    """
    request = session.get_one(Request, request_id)
    _allow(lifecycle.why_not_extend(facts_of(session, request), reason=reason, today=today))
    request.extended_on, request.extension_reason = today, reason.strip()
    _restate(session, request)
    audit.record(session, Action.EXTENDED, request, subject_id=request.subject_id, due_on=request.due_on.isoformat())
    return request


@guarded
def pause(session: Session, request_id: int, *, question: Question, reason: str, asked_on: dt.date) -> Request:
    """Stop the clock while only the person can answer a question.

    Source: Art. 12.6 and recital 63 GDPR.  Waiting never pauses by itself: somebody decides, with a reason.

    Raises:
        UserError: It is paused already, has no reason, or the request is answered.
    """
    request = session.get_one(Request, request_id)
    _allow(lifecycle.why_not_pause(facts_of(session, request), question=question, reason=reason))
    session.add(Pause(request_id=request.id, question=question, asked_on=asked_on, reason=reason.strip()))
    _restate(session, request)
    audit.record(
        session,
        Action.PAUSED,
        request,
        subject_id=request.subject_id,
        question=question.value,
        asked_on=asked_on.isoformat(),
    )
    return request


@guarded
def resume(session: Session, request_id: int, *, answered_on: dt.date) -> Request:
    """Let the clock run again from the day the answer came.

    Raises:
        UserError: It is not paused, or the day is before the question.
    """
    request = session.get_one(Request, request_id)
    _allow(lifecycle.why_not_resume(facts_of(session, request), answered_on=answered_on))
    if (held := open_pause(session, request.id)) is not None:
        held.answered_on = answered_on
    _restate(session, request)
    audit.record(session, Action.RESUMED, request, subject_id=request.subject_id, due_on=request.due_on.isoformat())
    return request


@guarded
def decide(session: Session, request_id: int, decision: Decision, *, today: dt.date) -> Request:
    """Record the decision about one right in a request.

    Source: Art. 12.4 GDPR (reasons of a refusal).

    Raises:
        UserError: The right is not asked for, the identity is not settled, or a refusal lacks its ground.
    """
    request = session.get_one(Request, request_id)
    outcome = decision.outcome
    _allow(lifecycle.why_not_decide(facts_of(session, request), decision))
    if outcome is None:
        raise UserError(
            _("Utfallet saknas."), stands=_("Ärendet är oförändrat."), do=_("Välj hur rättigheten avgjordes.")
        )
    row = session.scalar(
        sa.select(RequestRight).where(RequestRight.request_id == request.id, RequestRight.right == decision.right)
    )
    if row is None:
        _allow(_("Begäran gäller inte den rättigheten. Välj en av dem som står i ärendet."))
        return request
    row.outcome, row.ground, row.reason = outcome, decision.ground.strip(), decision.reason.strip()
    row.decided_on, row.decided_by = today, session.info["user"]
    _restate(session, request)
    audit.record(
        session,
        Action.DECIDED,
        request,
        subject_id=request.subject_id,
        right=decision.right.value,
        outcome=outcome.value,
    )
    if decision.right is Right.MARKETING and outcome is Outcome.GRANTED and request.subject_id is not None:
        opt_out(session, request.subject_id, list(MarketingChannel), today=today)
    return request


@guarded
def opt_out(session: Session, subject_id: int, channels: Sequence[MarketingChannel], *, today: dt.date) -> None:
    """Stop marketing in these channels, at once.  Source: Art. 21.3 GDPR; the policy's promises R51 and R52."""
    subject_id = people.whole(session, subject_id)
    known = {row.channel for row in cards.opt_outs(session, subject_id)}
    new = [channel for channel in channels if channel not in known]
    session.add_all(OptOut(subject_id=subject_id, channel=channel, since_on=today) for channel in new)
    session.flush()
    audit.record(session, Action.OPT_OUT_SET, None, subject_id=subject_id, channels=[channel.value for channel in new])


@guarded
def mark_sent(
    session: Session, request_id: int, *, method: DeliveryMethod, sent_on: dt.date, today: dt.date
) -> Request:
    """Record that the answer has left the office; the clock stops that day.

    Raises:
        UserError: Something of the answer is missing, the day is impossible, or the way is not allowed for a protected person.
    """
    request = session.get_one(Request, request_id)
    _allow(lifecycle.why_not_send(facts_of(session, request), method, sent_on=sent_on, today=today))
    request.sent_on, request.delivery = sent_on, method
    _restate(session, request)
    audit.record(
        session,
        Action.SENT,
        request,
        subject_id=request.subject_id,
        method=method.value,
        sent_on=sent_on.isoformat(),
        is_late=sent_on > request.due_on,
    )
    return request


@guarded
def close(session: Session, request_id: int, *, today: dt.date, reason: str = "") -> Request:
    """Close an answered request.

    Args:
        session: The write session.
        request_id: The request.
        today: The day it is closed.
        reason: Why it is closed although a source that was asked has not answered; else not needed.

    Raises:
        UserError: Something is still missing.
    """
    request = session.get_one(Request, request_id)
    _allow(lifecycle.why_not_close(facts_of(session, request), reason=reason))
    ledger.stop_waiting(session, request.id, reason=reason, today=today)
    request.closed_on = today
    _restate(session, request)
    audit.record(session, Action.CLOSED, request, subject_id=request.subject_id)
    return request


@guarded
def reopen(session: Session, request_id: int, *, today: dt.date) -> Request:
    """Open an answered request again: the person contests the answer, or the authority has taken it up.

    Raises:
        UserError: It is not answered yet.
    """
    request = session.get_one(Request, request_id)
    _allow(lifecycle.why_not_reopen(facts_of(session, request)))
    request.complaint_on, request.closed_on, request.status = today, None, Status.COMPLAINT
    _restate(session, request)
    audit.record(session, Action.REOPENED, request, subject_id=request.subject_id)
    return request


@guarded
def finish_task(session: Session, task_id: int, *, today: dt.date) -> Task:
    """Tick off something that was done outside the program."""
    task = session.get_one(Task, task_id)
    task.done_on, task.done_by = today, session.info["user"]
    if task.request_id is not None:
        _restate(session, session.get_one(Request, task.request_id))
    audit.record(session, Action.OUTSIDE_TASK_DONE, task, kind=task.kind)
    return task


def _allow(reason: str | None) -> None:
    """Raise what stands in the way."""
    if reason:
        raise UserError(_("Det går inte ännu."), stands=_("Ärendet är oförändrat."), do=reason)
