"""A password on a document on its way out, and the letter that carries it by another way.

The vault keeps the document without a password and never the password: the protected copy and its letter are made at the
same time, given to the caller, and forgotten.  A lost letter means a new copy with a new password.
"""

import datetime as dt
import secrets
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.documents.content import Letter, Mark
from app.domain.audit import Action
from app.domain.errors import ExitCode, UserError
from app.i18n import _, language_as
from app.services import audit, filing, letter_facts, organisation
from app.services.addresses import addressee
from app.services.guard import guarded
from db.models import Attachment, Request, Subject

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Signs that are not taken for each other on paper: no 0 and O, no 1, I and L."""
GROUPS, GROUP_LENGTH = 5, 4
"""Twenty signs of thirty: 98 bits, past any guessing."""


@dataclass(frozen=True)
class ProtectedFile:
    """A copy that opens with a password, and the letter that tells it.

    Attributes:
        name: A generated file name for the copy.
        letter_name: A generated file name for the letter.
    """

    name: str
    content: bytes
    letter_name: str
    letter: bytes


@guarded
def protect(session: Session, attachment_id: int, *, today: dt.date) -> ProtectedFile:
    """Return a copy of a stored PDF that opens with a new password, and the letter with the password.

    Args:
        session: The write session; the trail keeps that it was done, never the password.
        attachment_id: A stored PDF.
        today: Printed in the letter.

    Raises:
        UserError: The document is no PDF, or the person's address cannot stand in a letter.

    Source: Art. 32.1 a GDPR.
    """
    from app.documents.protect import with_password

    row = session.get_one(Attachment, attachment_id)
    if row.media_type != "application/pdf":
        raise UserError(
            _("Bara PDF kan skyddas med lösenord."),
            stands=_("Handlingen ligger kvar i valvet."),
            do=_("Välj PDF, eller lämna filen på ett säkert sätt."),
            code=ExitCode.USAGE,
        )
    password = new_password()
    stem = row.name.removesuffix(".pdf")
    made = ProtectedFile(
        name=f"{stem}_skyddad.pdf",
        content=with_password(filing.read(session, row.id), password),
        letter_name=f"losenordsbrev_{stem}.pdf",
        letter=_letter(session, row, password, today=today),
    )
    audit.record(session, Action.DOCUMENT_PROTECTED, row, subject_id=row.subject_id, kind=row.kind, version=row.version)
    return made


def new_password() -> str:
    """Return a password that nobody has seen, in groups that are easy to read from paper."""
    groups = ("".join(secrets.choice(ALPHABET) for _sign in range(GROUP_LENGTH)) for _group in range(GROUPS))
    return "-".join(groups)


def _letter(session: Session, row: Attachment, password: str, *, today: dt.date) -> bytes:
    from app.documents.letter import write_letter

    request = session.get(Request, row.request_id) if row.request_id is not None else None
    subject = session.get(Subject, row.subject_id) if row.subject_id is not None else None
    language = request.language if request is not None else "sv"
    with language_as(language):
        facts = letter_facts.organisation_facts(session, today)
        name = letter_facts.name_of(request, subject) if request is not None else ""
        to = addressee(session, subject, name=name or (subject.display_name if subject is not None else ""))
        content = Letter(
            mark=Mark(
                reference=_reference(request, subject),
                made_on=today,
                language=language,
                is_example=organisation.is_example(session),
                trail=audit.head(session),
            ),
            sender=organisation.controller(session),
            addressee_lines=to.lines,
            subject=_("Lösenord till dina uppgifter"),
            paragraphs=_paragraphs(row, password),
            signed_by="\n".join((facts["officer"], _("Dataskyddsombud"))),
            via=to.via,
        )
        return write_letter(content)


def _paragraphs(row: Attachment, password: str) -> tuple[str, ...]:
    return (
        _("Du får en PDF-fil med dina uppgifter, version {number}. Filen öppnas med det här lösenordet:").format(
            number=row.version
        ),
        password,
        _("Skriv det som det står, med bindestrecken. Stora bokstäver räknas."),
        _("Vi skickar aldrig lösenordet tillsammans med filen, och vi har inte sparat det."),
        _("Tappar du bort brevet får du en ny fil med ett nytt lösenord. Hör av dig till oss."),
    )


def _reference(request: Request | None, subject: Subject | None) -> str:
    if request is not None:
        return request.number
    return f"R-{subject.uid[:8].upper()}" if subject is not None else ""
