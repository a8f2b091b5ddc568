"""Which request a mail belongs to already: it answers a mail that is filed, or names the request's number in its subject."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.i18n import _
from app.importers.drafts import MailDraft
from app.services import sealing
from db.models import Attachment, Identifier, Request
from db.queries import people

_NUMBER = re.compile(r"\bB-\d{4}-\d{3,6}\b", re.IGNORECASE)
_MOST_REFERENCES = 100


@dataclass(frozen=True, kw_only=True)
class Thread:
    """A request that a mail seems to belong to.

    Attributes:
        who: Who made the request, as it was registered.
        why: What says so, in a sentence.
        is_same_sender: The mail is from the one who made the request; somebody else can know a number too.
    """

    request_id: int
    number: str
    who: str
    why: str
    is_same_sender: bool
    is_closed: bool


def find(session: Session, draft: MailDraft) -> Thread | None:
    """Return the request that a mail belongs to, None when nothing says so."""
    if (named := _named(session, draft.subject)) is not None:
        return _thread(session, named, draft, _("Ärendenumret står i ämnesraden."))
    if (answered := _answered(session, draft.references)) is not None:
        return _thread(session, answered, draft, _("Brevet svarar på ett brev i ärendet."))
    return None


def filed_in(session: Session, original: bytes) -> str:
    """Return the number of the request that this very mail is filed in; empty when it is in none."""
    digest = sealing.digest(session, original)
    query = sa.select(Request.number).join(Attachment, Attachment.request_id == Request.id)
    found = session.scalar(query.where(Attachment.kind == "mail", Attachment.digest == digest).order_by(Request.id))
    return found or ""


def _named(session: Session, subject: str) -> Request | None:
    numbers = [found.upper() for found in _NUMBER.findall(subject)][:_MOST_REFERENCES]
    found = {row.number: row for row in session.scalars(sa.select(Request).where(Request.number.in_(numbers)))}
    return next((found[number] for number in numbers if number in found), None)


def _answered(session: Session, references: Sequence[str]) -> Request | None:
    """Return the request of the latest mail named; a mail without an id of its own is answered by nobody."""
    named = [reference for reference in references if reference][-_MOST_REFERENCES:]
    query = sa.select(Attachment.message_id, Request).join(Request, Request.id == Attachment.request_id)
    rows = session.execute(query.where(Attachment.kind == "mail", Attachment.message_id.in_(named))).all()
    found: dict[str, Request] = {message_id: request for message_id, request in rows}  # noqa: C416 - a row is no pair to mypy
    return next((found[one] for one in reversed(named) if one in found), None)


def _thread(session: Session, request: Request, draft: MailDraft, why: str) -> Thread:
    known = {request.requester_email.casefold()}
    if request.subject_id is not None:
        held = sa.select(Identifier.norm).where(
            Identifier.subject_id.in_(people.family(session, request.subject_id)), Identifier.kind == "email"
        )
        known |= {norm.casefold() for norm in session.scalars(held)}
    return Thread(
        request_id=request.id,
        number=request.number,
        who=request.requester_name or request.requester_email,
        why=why,
        is_same_sender=bool(draft.sender_address) and draft.sender_address.casefold() in known,
        is_closed=request.closed_on is not None,
    )
