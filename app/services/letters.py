"""Letters of a request: filled from its facts, addressed from the register, written as PDF into the case."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.content import Letter, Mark
from app.domain.audit import Action
from app.domain.errors import UserError
from app.domain.request_facts import Decision
from app.domain.rights import Right
from app.domain.status import Outcome, Question
from app.i18n import _, language_as
from app.reference.letters import KINDS, NOT_REPLIES, template
from app.services import audit, filing, letter_facts, organisation, output_kinds
from app.services.addresses import addressee
from app.services.guard import guarded
from app.services.request_facts import decisions, open_pause
from db.models import Attachment, Request, Subject

QUESTIONS = {Question.IDENTITY: "identity_request", Question.CLARIFICATION: "clarification"}
MESSAGES = frozenset({*NOT_REPLIES, "clarification", "extension"})
"""Letters that do not answer the request."""
WITH_EXTRACT = frozenset({"access", "extract_cover", "portability"})
_BY_OUTCOME = {
    Outcome.UNIDENTIFIED: ("unidentified",),
    Outcome.REFUSED: ("refusal",),
    Outcome.NO_DATA: ("access_nothing",),
    Outcome.WITHDRAWN: (),
}
_SPECIAL = {
    (Right.ERASURE, Outcome.PARTLY): ("erasure_partial",),
    (Right.OBJECTION, Outcome.GRANTED): ("objection_granted",),
    (Right.OBJECTION, Outcome.PARTLY): ("objection_granted", "objection_refused"),
    (Right.OBJECTION, Outcome.REFUSED): ("objection_refused",),
    (Right.RECTIFICATION, Outcome.PARTLY): ("rectification", "refusal"),
    (Right.RESTRICTION, Outcome.PARTLY): ("restriction", "refusal"),
    (Right.COMPENSATION, Outcome.REFUSED): ("compensation",),
    (Right.AUTOMATED, Outcome.REFUSED): ("automated",),
}


@dataclass(frozen=True, kw_only=True)
class LetterDraft:
    """A letter as the officer sees it before it is written.

    Attributes:
        addressee_lines: For the envelope's window; the name alone when there is no address.
        via: How it goes when it does not go straight to the person.
        missing: Merge fields without a value; they stand as `{field}` in the text.
        address_problem: Why it cannot be posted; empty when it can.
        notes: What to think of when it is posted.
    """

    kind: str
    language: str
    subject: str
    paragraphs: tuple[str, ...]
    addressee_lines: tuple[str, ...]
    via: str | None = None
    missing: tuple[str, ...] = ()
    address_problem: str = ""
    notes: tuple[str, ...] = ()


def kinds_for(decided: Sequence[Decision]) -> tuple[str, ...]:
    """Return the letters that tell these decisions, in their order; a right without a decision needs none yet."""
    found: list[str] = []
    for decision in decided:
        if decision.outcome is not None:
            found += _kinds(decision.right, decision.outcome)
    return tuple(dict.fromkeys(found))


def _kinds(right: Right, outcome: Outcome) -> tuple[str, ...]:
    special = _SPECIAL.get((right, outcome))
    return special if special is not None else _BY_OUTCOME.get(outcome, (right.value,))


def proposed_kinds(session: Session, request_id: int) -> tuple[str, ...]:
    """Return the letters that a request needs as it stands, the most urgent first."""
    request = session.get_one(Request, request_id)
    pause = open_pause(session, request_id)
    found = [QUESTIONS[pause.question]] if pause is not None else []
    if request.extended_on is not None and request.sent_on is None:
        found.append("extension")
    found += kinds_for(decisions(session, request_id))
    return tuple(found) or ("acknowledgement",)


def draft(
    session: Session, request_id: int, kind: str, *, today: dt.date, values: Mapping[str, str] | None = None
) -> LetterDraft:
    """Return a letter with its facts filled in, in the language of the request.

    Args:
        session: Any session.
        request_id: The request.
        kind: One of `app.reference.letters.KINDS`.
        today: Printed in it.
        values: Merge fields that the officer has filled in, such as `corrected`; they win.

    Raises:
        UserError: There is no such letter.
    """
    if kind not in KINDS:
        raise UserError(
            _("Brevet finns inte."), stands=_("Inget brev har skapats."), do=_("Välj ett av breven i listan.")
        )
    request = session.get_one(Request, request_id)
    subject = session.get(Subject, request.subject_id) if request.subject_id is not None else None
    with language_as(request.language):
        facts = letter_facts.request_facts(session, request, kind, today=today) | dict(values or {})
        filled = template(kind, request.language).fill(facts)
        to = addressee(session, subject, name=facts["name"])
    return LetterDraft(
        kind=kind,
        language=request.language,
        subject=filled.subject,
        paragraphs=filled.paragraphs,
        addressee_lines=to.lines,
        via=to.via,
        missing=filled.missing,
        address_problem=to.problem,
        notes=to.notes,
    )


@guarded
def make(session: Session, request_id: int, ready: LetterDraft, *, today: dt.date) -> Attachment:
    """Write a letter as PDF and store it in the case.

    The protection is looked up again: between draft and print it may have changed.

    Raises:
        UserError: A merge field is not filled in, or the letter shows the address of a protected person.
    """
    request = session.get_one(Request, request_id)
    subject = session.get(Subject, request.subject_id) if request.subject_id is not None else None
    _check(session, ready, subject)
    place = filing.Place(request_id=request.id, subject_id=request.subject_id)
    kind = "letter" if is_answer(ready, decisions(session, request.id)) else "message"
    raw = _written(session, request, ready, today=today, version=filing.next_version(session, kind, place))
    audit.record(
        session,
        Action.LETTER_MADE,
        request,
        subject_id=request.subject_id,
        letter=ready.kind,
        has_address=not ready.address_problem,
    )
    name = f"brev_{ready.kind}_{request.number}_v{filing.next_version(session, kind, place)}.pdf"
    stored = filing.store(session, raw, kind=kind, name=name, media_type="application/pdf", place=place)
    filing.make_findable(session, stored, "\n".join((ready.subject, *ready.paragraphs)))
    return stored


def preview(session: Session, request_id: int, ready: LetterDraft, *, today: dt.date) -> bytes:
    """Return a letter as PDF the way it stands, also when something is missing; nothing is stored."""
    request = session.get_one(Request, request_id)
    place = filing.Place(request_id=request.id, subject_id=request.subject_id)
    kind = "letter" if is_answer(ready, decisions(session, request.id)) else "message"
    return _written(session, request, ready, today=today, version=filing.next_version(session, kind, place))


def is_answer(ready: LetterDraft, decided: Sequence[Decision]) -> bool:
    """Return whether a letter answers a request with these decisions: after a refusal only one that names the court does.

    Source: Art. 12.4 GDPR.
    """
    if ready.kind in MESSAGES:
        return False
    return names_court(ready) or not any(decision.is_refusal for decision in decided)


def names_court(ready: LetterDraft) -> bool:
    """Return whether the letter says that the matter can be taken to court."""
    return any("tingsrätt" in text for text in ready.paragraphs)


def _check(session: Session, ready: LetterDraft, subject: Subject | None) -> None:
    if ready.missing:
        raise UserError(
            _("Brevet är inte färdigt: {fields} saknas.").format(fields=", ".join(ready.missing)),
            stands=_("Inget brev har skapats."),
            do=_("Fyll i det som saknas och försök igen."),
        )
    if subject is None:
        return
    now = addressee(session, subject, name=ready.addressee_lines[0] if ready.addressee_lines else "")
    if now.via is not None and ready.addressee_lines != now.lines:
        raise UserError(
            _("Personen har skyddade uppgifter."),
            stands=_("Inget brev har skapats."),
            do=_("Skriv ingen adress i brevet. Det går genom Skatteverkets postförmedling."),
        )


def _written(session: Session, request: Request, ready: LetterDraft, *, today: dt.date, version: int) -> bytes:
    from app.documents.letter import write_letter

    with language_as(ready.language):
        facts = letter_facts.organisation_facts(session, today)
        content = Letter(
            mark=Mark(
                reference=request.number,
                made_on=today,
                language=ready.language,
                is_example=organisation.is_example(session),
                version=version,
                trail=audit.head(session),
            ),
            sender=organisation.controller(session),
            addressee_lines=ready.addressee_lines,
            subject=ready.subject,
            paragraphs=ready.paragraphs,
            signed_by="\n".join((facts["officer"], _("Dataskyddsombud"))),
            via=ready.via,
            enclosures=_enclosures(session, request, ready.kind),
        )
        return write_letter(content)


def _enclosures(session: Session, request: Request, kind: str) -> tuple[str, ...]:
    if kind not in WITH_EXTRACT:
        return ()
    made = set(session.scalars(sa.select(Attachment.kind).where(Attachment.request_id == request.id)))
    names = ((output_kinds.EXTRACT, _("Registerutdrag")), (output_kinds.CARRIED, _("Dina uppgifter som fil")))
    return tuple(name for kinds, name in names if made & set(kinds.values()))
