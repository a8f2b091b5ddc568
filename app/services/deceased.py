"""That a person has died, noted by hand and taken back.

The law on personal data is about the living; the register goes on as it is, but no letter and no marketing goes to the dead.
Source: recital 27 GDPR; the policy's promise R2.
"""

from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.errors import UserError
from app.domain.subjects import DeathKnown
from app.i18n import _
from app.services import audit
from app.services.guard import guarded
from db.models import Subject
from db.queries import people


@guarded
def mark_dead(session: Session, subject_id: int, *, how: DeathKnown) -> Subject:
    """Note that a person has died.

    Args:
        session: The write session.
        subject_id: One of the person's records.
        how: How it is known; the trail keeps it.

    Raises:
        UserError: It is noted already.
    """
    return _change(session, subject_id, is_deceased=True, how=how.value)


@guarded
def take_back(session: Session, subject_id: int) -> Subject:
    """Note that a person lives after all.

    Raises:
        UserError: Nothing else was noted.
    """
    return _change(session, subject_id, is_deceased=False)


def _change(session: Session, subject_id: int, *, is_deceased: bool, **facts: str) -> Subject:
    subject = session.get_one(Subject, people.whole(session, subject_id))
    if subject.is_deceased == is_deceased:
        raise UserError(
            _("Personen är redan noterad som avliden.") if is_deceased else _("Personen är inte noterad som avliden."),
            stands=_("Inget har ändrats."),
            do=_("Öppna personen på nytt, så ser du vad som gäller."),
        )
    subject.is_deceased = is_deceased
    audit.record(session, Action.SUBJECT_SAVED, subject, subject_id=subject.id, is_deceased=is_deceased, **facts)
    return subject
