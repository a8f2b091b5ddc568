"""Stops on erasure: an investigation or a dispute keeps everything about a person until somebody lifts the stop."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.errors import ExitCode, UserError
from app.domain.subjects import HoldKind
from app.i18n import _
from app.services import audit
from app.services.guard import guarded
from db.models import Hold, Subject
from db.queries import people


@dataclass(frozen=True, kw_only=True)
class HeldPerson:
    """A stop in force and whom it is about."""

    hold_id: int
    subject_id: int
    subject_name: str
    kind: HoldKind
    reason: str
    set_on: dt.date
    review_on: dt.date


@guarded
def set_hold(
    session: Session, subject_id: int, *, kind: HoldKind, reason: str, review_on: dt.date, today: dt.date
) -> Hold:
    """Stop the erasure of a person's data.

    Args:
        session: The write session.
        subject_id: The person.
        kind: Investigation or dispute.
        reason: Why; kept in the vault and never printed.
        review_on: When somebody must look at it again.
        today: The day it begins.

    Raises:
        UserError: No reason, or a review day that is not to come.

    Source: Art. 17.3 e GDPR; the policy's promise R34.
    """
    subject = session.get_one(Subject, people.whole(session, subject_id))
    if not reason.strip():
        raise _refused(_("Skälet till gallringsstoppet saknas."), _("Skriv vilken tvist eller utredning det gäller."))
    if review_on <= today:
        raise _refused(_("Dagen för prövning har redan varit."), _("Välj en dag framåt i tiden."))
    hold = Hold(
        subject_id=subject.id,
        kind=kind,
        reason=reason.strip(),
        set_on=today,
        set_by=session.info["user"],
        review_on=review_on,
    )
    session.add(hold)
    session.flush()
    audit.record(
        session, Action.HOLD_SET, hold, subject_id=subject.id, kind=kind.value, review_on=review_on.isoformat()
    )
    return hold


@guarded
def lift_hold(session: Session, hold_id: int, *, today: dt.date) -> Hold:
    """Lift a stop; what it held back is proposed at the next review.

    Raises:
        UserError: It is lifted already.
    """
    hold = session.get_one(Hold, hold_id)
    if hold.lifted_on is not None:
        raise _refused(_("Gallringsstoppet är redan hävt."), _("Du behöver inte göra något mer."))
    hold.lifted_on, hold.lifted_by = today, session.info["user"]
    audit.record(session, Action.HOLD_LIFTED, hold, subject_id=hold.subject_id, kind=hold.kind.value)
    return hold


def holds(session: Session) -> list[HeldPerson]:
    """Return the stops in force, the one to be reviewed first on top."""
    query = (
        sa.select(Hold, Subject.display_name)
        .join(Subject, Subject.id == Hold.subject_id)
        .where(Hold.lifted_on.is_(None))
        .order_by(Hold.review_on, Hold.id)
    )
    return [
        HeldPerson(
            hold_id=hold.id,
            subject_id=hold.subject_id,
            subject_name=name,
            kind=hold.kind,
            reason=hold.reason,
            set_on=hold.set_on,
            review_on=hold.review_on,
        )
        for hold, name in session.execute(query)
    ]


def _refused(what: str, do: str) -> UserError:
    return UserError(what, stands=_("Gallringsstoppen är oförändrade."), do=do, code=ExitCode.NOT_ALLOWED)
