"""The mails of a request, kept as they came.  Belongs to `requests`."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.errors import UserError
from app.i18n import _
from app.importers.kinds import mail_format
from app.services import audit, filing, sealing
from app.services.guard import guarded
from db.models import Attachment, Request


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A further mail in a request.

    Attributes:
        original: The mail itself, kept as it is.
        received_on: The day it reached the office.
        sender: Who it is from, as it says itself.
        text: What it says.
        message_id: Its own id.
    """

    original: bytes
    received_on: dt.date
    sender: str = ""
    text: str = ""
    message_id: str = ""


@guarded
def add_mail(session: Session, request_id: int, mail: Mail, *, today: dt.date) -> Request:
    """File a further mail in a request, whatever its state: the original as it came, its text after what was said before.

    It neither stops nor starts a clock; somebody decides what it changes.

    Raises:
        UserError: The mail is filed there already, or the day is in the future.
    """
    request = session.get_one(Request, request_id)
    _check(session, request, mail, today)
    stored = keep_original(session, request, mail.original, mail.message_id)
    head = _("Brev {day} från {sender}").format(day=mail.received_on.isoformat(), sender=mail.sender or _("okänd"))
    request.message = "\n\n".join(part for part in (request.message, f"{head}\n{mail.text}".strip()) if part)
    audit.record(
        session,
        Action.MAIL_ADDED,
        request,
        subject_id=request.subject_id,
        attachment=stored.id,
        received_on=mail.received_on.isoformat(),
    )
    return request


def keep_original(session: Session, request: Request, original: bytes, message_id: str) -> Attachment:
    """File a mail in its request byte for byte, under a name of our own, and return its record."""
    place = filing.Place(request_id=request.id, subject_id=request.subject_id)
    ending, media_type = mail_format(original)
    version = filing.next_version(session, "mail", place)
    name = f"{request.number}_original{ending}" if version == 1 else f"{request.number}_brev_{version}{ending}"
    stored = filing.store(session, original, kind="mail", name=name, media_type=media_type, place=place)
    stored.message_id = message_id
    return stored


def _check(session: Session, request: Request, mail: Mail, today: dt.date) -> None:
    digest = sealing.digest(session, mail.original)
    same = sa.select(Attachment.id).where(Attachment.request_id == request.id, Attachment.digest == digest)
    if session.scalar(same) is not None:
        raise UserError(
            _("Brevet finns redan i ärendet."),
            stands=_("Ärendet är oförändrat."),
            do=_("Det står under Bilagor i ärendet. Du behöver inte göra något."),
        )
    if mail.received_on > today:
        raise UserError(
            _("Dagen ligger i framtiden."),
            stands=_("Ärendet är oförändrat."),
            do=_("Skriv den dag då brevet kom."),
        )
