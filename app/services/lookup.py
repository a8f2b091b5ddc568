"""Record a search made for a request, and open the record of somebody found.  The search itself is `app.services.search`."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.errors import UserError
from app.domain.subjects import Protection
from app.i18n import _
from app.services import audit
from app.services.search import Hit, search, timed
from db.models import Lookup, LookupSource, Request, Subject
from db.queries import lookup as queries

__all__ = ["Hit", "LedgerLine", "open_subject", "record", "search", "timed"]


@dataclass(frozen=True)
class LedgerLine:
    """What one source answered to a recorded search."""

    source: str
    found: int


def record(session: Session, request_id: int, *, subject_id: int | None, terms: Sequence[str]) -> list[LedgerLine]:
    """Record that all registers were searched for the person in a request, and who the person is.

    Args:
        session: The write session.
        request_id: The request the search was made for.
        subject_id: The person found, or None when there is nobody: also that is an answer.
        terms: What was searched for; kept with the request and erased with it.

    Returns:
        One line per register, also those that had nothing.

    Raises:
        UserError: Nothing was searched for.
    """
    if not [term for term in terms if term.strip()]:
        raise UserError(
            _("Inget är sökt ännu."),
            stands=_("Ärendet är oförändrat."),
            do=_("Sök på namn, personnummer eller e-post, och bekräfta sedan."),
        )
    request = session.get_one(Request, request_id)
    lookup = Lookup(request_id=request_id, made_at=session.info["now"], made_by=session.info["user"], terms=list(terms))
    session.add(lookup)
    session.flush()
    counts = queries.found_per_source(session, [subject_id]) if subject_id is not None else {}
    lines = []
    for source in queries.registers(session):
        found = counts.get(source.id, 0)
        session.add(LookupSource(lookup_id=lookup.id, source_id=source.id, found=found))
        lines.append(LedgerLine(source.name, found))
    request.subject_id = subject_id
    audit.record(
        session,
        Action.SEARCHED,
        request,
        subject_id=subject_id,
        sources=len(lines),
        found=sum(line.found for line in lines),
    )
    if subject_id is not None:
        audit.record(session, Action.HIT_CONFIRMED, request, subject_id=subject_id)
    return lines


def open_subject(session: Session, subject_id: int, *, reason: str = "") -> Subject:
    """Return a person's record, and record that it was read.

    Raises:
        UserError: The person has a protected identity and no reason was given.
    """
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
