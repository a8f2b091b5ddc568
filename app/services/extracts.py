"""The register extract: what the vault holds about a person and all that Art. 15 asks about it, as content and as files."""

import datetime as dt
from collections.abc import Collection
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.content import Extract, Mark, Titled
from app.domain import identity
from app.domain.audit import Action
from app.domain.errors import UserError
from app.domain.outputs import Scope
from app.i18n import _, language_as
from app.i18n import language as language_in_use
from app.services import (
    audit,
    extract_parts,
    extract_rows,
    extract_texts,
    filing,
    organisation,
    output_files,
    output_kinds,
    output_masks,
    output_versions,
    secret_disclosures,
)
from app.services.extract_rows import REQUESTS, Held, is_masked, is_withheld
from app.services.extract_words import Register
from app.services.guard import guarded
from app.services.keeping import Judged, judged
from app.services.output_choice import ALL, Choice
from app.services.output_files import Made
from app.services.output_masks import Review
from db.models import Attachment, Identifier, Lookup, Request, Subject
from db.queries import people

FORMATS = (output_kinds.PDF, output_kinds.XLSX)
"""What is made when nothing else is asked for."""


def proposed_masks(session: Session, subject_id: int, *, today: dt.date) -> frozenset[int]:
    """Return the values to review before they are handed over: text that may name somebody else."""
    return frozenset(output_masks.review(session, subject_id, None, today=today).proposed)


def place_of(subject_id: int | None, request_id: int | None) -> filing.Place:
    """Return where the versions of a document are kept: in the case, or with the person."""
    return filing.Place(subject_id=subject_id, request_id=request_id)


def review(
    session: Session, *, subject_id: int | None, request_id: int | None, scope: Scope = Scope.ACCESS, today: dt.date
) -> Review:
    """Return what may concern others, with what the version before decided about it."""
    before = output_versions.latest(session, scope, place_of(subject_id, request_id))
    return output_masks.review(session, subject_id, before, today=today)


def held(
    session: Session,
    *,
    subject_id: int | None,
    request_id: int | None,
    today: dt.date,
    choice: Choice = ALL,
    scope: Scope = Scope.ACCESS,
) -> Held:
    """Return what is known about a person and may be told, as it stands today; also what the choice leaves out.

    Every document that leaves the vault is made from this, so that a secret disclosure is told in none of them.
    """
    subject = session.get_one(Subject, people.whole(session, subject_id)) if subject_id is not None else None
    request = session.get_one(Request, request_id) if request_id is not None else None
    ids = [subject.id] if subject is not None else []
    values = secret_disclosures.tellable(next((found for _key, found in judged(session, ids, today=today)), []))
    masked = choice.masked
    if masked is None:
        masked = review(session, subject_id=subject_id, request_id=request_id, scope=scope, today=today).masked
    return Held(subject, request, values, masked, today, choice, extract_rows.files(session, values))


def limited(whole: Held) -> Held:
    """Return what is left when the choice has been followed."""
    values = [one for one in whole.values if _is_chosen(one, whole.choice)]
    used = {one.datum.batch_id for one in values}
    return replace(whole, values=values, files={key: file for key, file in whole.files.items() if key in used})


def _is_chosen(one: Judged, choice: Choice) -> bool:
    datum = one.datum
    return datum.category not in choice.without_categories and datum.source_id not in choice.without_sources


def content(
    session: Session,
    *,
    subject_id: int | None,
    request_id: int | None,
    today: dt.date,
    language: str = "sv",
    choice: Choice = ALL,
) -> Extract:
    """Return the extract about a person as it stands today, with the number of its version and what differs.

    Args:
        session: Any session.
        subject_id: The person; None when nobody was found, which gives the negative answer.
        request_id: The request it answers, if any.
        today: Printed on it, and the day the retention rules are judged on.
        language: `sv` or `en`.
        choice: What is hidden and left out.  Passwords are always hidden.

    Source: Art. 15.1 a to h, 15.2 and 15.3 GDPR; the policy's promises R40 and R78.
    """
    with language_as(language):
        whole = held(session, subject_id=subject_id, request_id=request_id, today=today, choice=choice)
        made = _assembled(session, whole, Register(session))
        return output_files.versioned(session, made, Scope.ACCESS, place_of(subject_id, request_id))


def _assembled(session: Session, whole: Held, register: Register) -> Extract:
    controller, chosen = organisation.controller(session), limited(whole)
    categories = extract_rows.categories(session, chosen, register) if whole.subject is not None else ()
    has_data = bool(whole.values) or any(category.rows for category in categories if category.code not in _OWN)
    activity_ids = chosen.activity_ids
    direct = [register.activities[key] for key in activity_ids]
    return Extract(
        mark=mark(session, whole),
        controller=controller,
        officer=organisation.officer(session),
        subject_name=whole.subject.display_name if whole.subject else _requester(whole.request),
        subject_identity=identity_shown(session, whole.subject),
        has_data=has_data,
        categories=categories if has_data else (),
        purposes=register.purpose_texts(direct, extract_parts.also(register, chosen, direct)),
        recipients=register.recipients(activity_ids),
        transfers=register.transfers(activity_ids),
        retention=extract_parts.retention(session, chosen, register),
        sources=extract_parts.sources(chosen, register),
        profiling=extract_parts.profiling(register, chosen),
        automated=extract_texts.automated(
            register.profile,
            tuple((register.activity_name(row), register.logic(row)) for row in direct if row.is_automated),
        ),
        rights=extract_texts.rights(),
        complaint=extract_texts.complaint(whole.today, controller.name),
        withheld=(*limits(whole.choice, register), *_withheld(chosen, register)),
        searched=extract_parts.searched(session, whole, register),
        glossary=extract_texts.words(),
        files=tuple(chosen.files.values()),
    )


_OWN = (REQUESTS, extract_rows.DOCUMENTS)


def _withheld(chosen: Held, register: Register) -> tuple[Titled, ...]:
    return extract_texts.withheld(
        register.profile,
        has_password=any(is_withheld(one.datum) for one in chosen.values),
        masked=sum(is_masked(one.datum, chosen.masked) for one in chosen.values),
    )


def limits(choice: Choice, register: Register) -> tuple[Titled, ...]:
    """Return what the officer left out, and why.  Source: recital 63 GDPR: the person may be asked what the request concerns."""
    if not choice.is_limited:
        return ()
    parts = [extract_rows.category_title(code) for code in sorted(choice.without_categories)]
    parts += [register.source_name(key) for key in sorted(choice.without_sources)]
    told = _("Det här är inte med: {parts}.").format(parts=", ".join(parts))
    return (Titled(_("Avgränsning"), f"{told} {choice.limit_reason.strip()}".strip()),)


def mark(session: Session, whole: Held) -> Mark:
    """Return what every page carries; the version is filled in when it is known."""
    return Mark(
        reference=_reference(whole),
        made_on=whole.today,
        language=language_in_use(),
        is_example=organisation.is_example(session),
        trail=audit.head(session),
    )


def _reference(whole: Held) -> str:
    if whole.request is not None:
        return whole.request.number
    return f"R-{whole.subject.uid[:8].upper()}" if whole.subject is not None else ""


def _requester(request: Request | None) -> str:
    return (request.requester_name or request.requester_email) if request is not None else ""


def identity_shown(session: Session, subject: Subject | None) -> str:
    """Return a person's identity numbers, masked."""
    if subject is None:
        return ""
    query = sa.select(Identifier.norm).where(
        Identifier.subject_id.in_(people.family(session, subject.id)), Identifier.kind.in_(("pnr", "sam", "interim"))
    )
    return ", ".join(identity.masked(norm) for norm in sorted(set(session.scalars(query))))


@guarded
def make(
    session: Session,
    request_id: int,
    *,
    today: dt.date,
    formats: Collection[str] = FORMATS,
    choice: Choice = ALL,
) -> list[Attachment]:
    """Write the extract that answers a request and store it in the case, as a new version each time.

    Raises:
        UserError: It is not settled who asks, nobody was chosen or searched for, the request is closed, or something
            that may concern others is shown without a ground.

    Source: Art. 15.3 and 12.6 GDPR; the policy's promise R41.
    """
    request = session.get_one(Request, request_id)
    check(session, request)
    subject_id = request.subject_id
    made = content(
        session, subject_id=subject_id, request_id=request_id, today=today, language=request.language, choice=choice
    )
    found = review(session, subject_id=subject_id, request_id=request_id, today=today)
    document = Made(
        content=made,
        scope=Scope.ACCESS,
        place=place_of(subject_id, request_id),
        about=request,
        choice=choice,
        found=found,
    )
    return output_files.write(session, document, formats, Action.EXTRACT_MADE)


@guarded
def make_for_subject(
    session: Session,
    subject_id: int,
    *,
    today: dt.date,
    language: str = "sv",
    formats: Collection[str] = FORMATS,
    choice: Choice = ALL,
) -> list[Attachment]:
    """Write an extract about a person without a request and store it with the person.

    Raises:
        UserError: A format does not exist, or something that may concern others is shown without a ground.
    """
    subject_id = people.whole(session, subject_id)
    made = content(session, subject_id=subject_id, request_id=None, today=today, language=language, choice=choice)
    document = Made(
        content=made,
        scope=Scope.ACCESS,
        place=place_of(subject_id, None),
        about=session.get_one(Subject, subject_id),
        choice=choice,
        found=review(session, subject_id=subject_id, request_id=None, today=today),
    )
    return output_files.write(session, document, formats, Action.EXTRACT_MADE)


def check(session: Session, request: Request) -> None:
    """Refuse to hand anything out in a request that is not ready for it.

    Raises:
        UserError: It is not settled who asks, nobody was chosen or searched for, or the request is closed.
    """
    if request.closed_on is not None:
        raise _refused(_("Begäran är avslutad."), _("Öppna begäran igen om svaret ska göras om."))
    if request.identity_on is None:
        raise _refused(_("Identiteten är inte kontrollerad."), _("Skriv hur du vet vem som begär utdraget."))
    if request.subject_id is None and not _is_searched(session, request):
        raise _refused(_("Ingen person är vald."), _("Sök i registren och bekräfta vem begäran gäller."))


def _is_searched(session: Session, request: Request) -> bool:
    return bool(session.scalar(sa.select(sa.exists().where(Lookup.request_id == request.id))))


def _refused(what: str, do: str) -> UserError:
    return UserError(what, stands=_("Inget utdrag har skapats. Begäran är oförändrad."), do=do)
