"""Record a search made for a request, and open the record of somebody found.  The search itself is `app.services.search`."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.errors import UserError
from app.domain.subjects import Protection
from app.i18n import _
from app.services import audit
from app.services.guard import guarded
from app.services.ledger import LedgerLine, record
from app.services.search import Hit, search, timed
from db.models import Subject
from db.queries import people

__all__ = ["Hit", "LedgerLine", "open_subject", "record", "search", "searched", "timed"]


@guarded
def searched(session: Session, hits: Sequence[Hit]) -> None:
    """Record a search made without a request, and whom it showed; what was searched for is not kept."""
    ids = [hit.subject_id for hit in hits]
    shown = session.scalars(sa.select(Subject.uid).where(Subject.id.in_(ids)).order_by(Subject.id))
    audit.record(session, Action.SEARCHED, found=len(hits), people=list(shown))


@guarded
def open_subject(session: Session, subject_id: int, *, reason: str = "", request_id: int | None = None) -> Subject:
    """Return a person's record, and record that it was read: by whom, whose, and for which request or that a reason was given.

    Args:
        session: The write session.
        subject_id: The person.
        reason: Why it is opened; has to be given for a protected identity.
        request_id: The request it is opened for, if any.

    Raises:
        UserError: The person has a protected identity and no reason was given.
    """
    subject_id = people.whole(session, subject_id)
    subject = session.get_one(Subject, subject_id)
    if subject.protection is not Protection.NONE:
        if not reason.strip():
            raise UserError(
                _("Personen har skyddade personuppgifter."),
                stands=_("Inget har visats."),
                do=_("Skriv varför du behöver öppna uppgifterna. Skälet sparas i loggen."),
            )
        audit.record(session, Action.PROTECTED_OPENED, subject, subject_id=subject_id, has_reason=True)
    why: dict[str, object] = {"request": request_id} if request_id is not None else {}
    if reason.strip():
        why["has_reason"] = True
    audit.record(session, Action.SUBJECT_READ, subject, subject_id=subject_id, **why)
    return subject
