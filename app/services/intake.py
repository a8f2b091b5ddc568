"""From a mail that somebody has read to a prefilled request.  Nothing is stored here; a person looks at it first."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.domain.channels import Channel
from app.domain.matching import Certainty
from app.domain.rights import Right, proposed
from app.importers.drafts import MailAttachment, MailDraft
from app.reference.rights import right_words
from app.services import lookup, mail_threads
from app.services.lookup import Hit
from app.services.mail_threads import Thread
from app.services.requests import Intake, Mail

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True)
class Proposal:
    """A request as a mail suggests it.

    Attributes:
        intake: The prefilled request.
        sender: The person in the registers who the sender seems to be, if any.
        doubts: What to look at, in sentences.
        thread: The request that the mail seems to belong to already, if any.
        filed_in: The number of the request in which this very mail is filed already; empty when it is new.
        attachments: What is attached; it lies in the original.
    """

    intake: Intake
    sender: Hit | None
    doubts: tuple[str, ...]
    thread: Thread | None = None
    filed_in: str = ""
    attachments: tuple[MailAttachment, ...] = ()


def from_mail(session: Session, draft: MailDraft, original: bytes, *, today: dt.date) -> Proposal:
    """Return the request that a mail suggests.

    The day is the mail's arrival in Stockholm, today when the mail does not say.  The sender is matched by address and name; a
    match is only taken over when it is sure or likely, and a person can change it.
    """
    received_on = draft.received_at.astimezone(STOCKHOLM).date() if draft.received_at else today
    sender = _sender(session, draft, today)
    text = f"{draft.subject}\n{draft.text}"
    rights = proposed(text, right_words()) or [Right.INFORMATION]
    intake = Intake(
        rights=rights,
        received_on=min(received_on, today),
        channel=Channel.EMAIL,
        requester_name=draft.sender_name,
        requester_email=draft.sender_address,
        message=text.strip(),
        subject_id=sender.subject_id if sender else None,
        original=original,
        message_id=draft.message_id,
    )
    thread, filed_in = mail_threads.find(session, draft), mail_threads.filed_in(session, original)
    return Proposal(intake, sender, draft.warnings, thread, filed_in, draft.attachments)


def as_further_mail(intake: Intake) -> Mail:
    """Return the mail of an intake, to be filed in a request that is there already."""
    sender = " ".join(part for part in (intake.requester_name, intake.requester_email) if part)
    return Mail(
        original=intake.original or b"",
        received_on=intake.received_on,
        sender=sender,
        text=intake.message,
        message_id=intake.message_id,
    )


def _sender(session: Session, draft: MailDraft, today: dt.date) -> Hit | None:
    hits = lookup.search(session, draft.sender_address, today=today) if draft.sender_address else []
    if not hits and draft.sender_name:
        hits = lookup.search(session, draft.sender_name, today=today)
    good = [hit for hit in hits if hit.certainty is not Certainty.POSSIBLE]
    return good[0] if len(good) == 1 else None
