"""Record a search made for a request, and open the record of somebody found.  The search itself is `app.services.search`."""

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

__all__ = ["Hit", "LedgerLine", "open_subject", "record", "search", "timed"]


@guarded
def open_subject(session: Session, subject_id: int, *, reason: str = "") -> Subject:
    """Return a person's record, and record that it was read.

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
    audit.record(session, Action.SUBJECT_READ, subject, subject_id=subject_id)
    return subject
