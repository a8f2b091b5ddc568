"""The register extract: what the vault holds about a person and all that Art. 15 asks about it, as content and as files."""

import datetime as dt
from collections.abc import Collection
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.content import Extract, Mark
from app.domain import identity
from app.domain.audit import Action
from app.domain.errors import ExitCode, UserError
from app.domain.fields import Category, FieldKind
from app.i18n import _, language_as
from app.i18n import language as language_in_use
from app.reference.fields import by_code
from app.services import audit, extract_parts, extract_rows, extract_texts, filing, organisation, secret_disclosures
from app.services.extract_rows import Held, is_masked, is_withheld
from app.services.extract_words import Register
from app.services.keeping import judged
from db.models import Attachment, Datum, Identifier, Lookup, Request, Subject
from db.queries import people

FORMATS = ("pdf", "xlsx")
FREE_TEXT = frozenset({Category.SERVICE.value})
"""Categories whose text is written freely and may name somebody else.  Source: Art. 15.4 GDPR; the policy's R10."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def proposed_masks(session: Session, subject_id: int) -> frozenset[int]:
    """Return the values to review before they are handed over: free text that may name somebody else."""
    of_person = Datum.subject_id.in_(people.family(session, subject_id))
    query = sa.select(Datum.id, Datum.field).where(of_person, Datum.category.in_(FREE_TEXT))
    kinds = by_code()
    found = session.execute(query.where(Datum.field.not_in(secret_disclosures.FIELDS)))
    return frozenset(row.id for row in found if kinds[row.field].kind is FieldKind.TEXT)


def content(
    session: Session,
    *,
    subject_id: int | None,
    request_id: int | None,
    today: dt.date,
    language: str = "sv",
    masked: Collection[int] | None = None,
) -> Extract:
    """Return the extract about a person as it stands today.

    Args:
        session: Any session.
        subject_id: The person; None when nobody was found, which gives the negative answer.
        request_id: The request it answers, if any.
        today: Printed on it, and the day the retention rules are judged on.
        language: `sv` or `en`.
        masked: Ids of values to hide; None means those of `proposed_masks`.  Passwords are always hidden.

    Source: Art. 15.1 a to h, 15.2 and 15.3 GDPR; the policy's promises R40 and R78.
    """
    with language_as(language):
        whole_id = people.whole(session, subject_id) if subject_id is not None else None
        subject = session.get_one(Subject, whole_id) if whole_id is not None else None
        request = session.get_one(Request, request_id) if request_id is not None else None
        ids = [subject.id] if subject is not None else []
        values = secret_disclosures.tellable(next((found for _key, found in judged(session, ids, today=today)), []))
        if masked is None:
            masked = proposed_masks(session, subject.id) if subject is not None else ()
        held = Held(subject, request, values, frozenset(masked), today)
        return _assembled(session, held, Register(session))


def _assembled(session: Session, held: Held, register: Register) -> Extract:
    controller = organisation.controller(session)
    categories = extract_rows.categories(session, held, register) if held.subject is not None else ()
    has_data = any(category.rows for category in categories if category.code != "requests")
    activity_ids = held.activity_ids
    direct = [register.activities[key] for key in activity_ids]
    return Extract(
        mark=_mark(session, held),
        controller=controller,
        officer=organisation.officer(session),
        subject_name=held.subject.display_name if held.subject else _requester(held.request),
        subject_identity=_identity(session, held.subject),
        has_data=has_data,
        categories=categories if has_data else (),
        purposes=register.purpose_texts(direct, extract_parts.also(register, held, direct)),
        recipients=register.recipients(activity_ids),
        transfers=register.transfers(activity_ids),
        retention=extract_parts.retention(session, held, register),
        sources=extract_parts.sources(held, register),
        profiling=extract_parts.profiling(register, held),
        automated=extract_texts.automated(
            register.profile,
            tuple((register.activity_name(row), register.logic(row)) for row in direct if row.is_automated),
        ),
        rights=extract_texts.rights(),
        complaint=extract_texts.complaint(held.today, controller.name),
        withheld=extract_texts.withheld(
            register.profile,
            has_password=any(is_withheld(one.datum) for one in held.values),
            masked=sum(is_masked(one.datum, held.masked) for one in held.values),
        ),
        searched=extract_parts.searched(session, held, register),
        glossary=extract_texts.words(),
    )


def _mark(session: Session, held: Held) -> Mark:
    return Mark(
        reference=_reference(held),
        made_on=held.today,
        language=language_in_use(),
        is_example=organisation.is_example(session),
        version=filing.next_version(session, "extract", _place(held)),
        trail=audit.head(session),
    )


def _reference(held: Held) -> str:
    if held.request is not None:
        return held.request.number
    return f"R-{held.subject.uid[:8].upper()}" if held.subject is not None else ""


def _place(held: Held) -> filing.Place:
    return filing.Place(
        subject_id=held.subject.id if held.subject else None, request_id=held.request.id if held.request else None
    )


def _requester(request: Request | None) -> str:
    return (request.requester_name or request.requester_email) if request is not None else ""


def _identity(session: Session, subject: Subject | None) -> str:
    if subject is None:
        return ""
    query = sa.select(Identifier.norm).where(
        Identifier.subject_id.in_(people.family(session, subject.id)), Identifier.kind.in_(("pnr", "sam", "interim"))
    )
    return ", ".join(identity.masked(norm) for norm in sorted(set(session.scalars(query))))


def make(
    session: Session,
    request_id: int,
    *,
    today: dt.date,
    formats: Collection[str] = FORMATS,
    masked: Collection[int] | None = None,
) -> list[Attachment]:
    """Write the extract that answers a request and store it in the case, as a new version each time.

    Raises:
        UserError: It is not settled who asks, nobody was chosen or searched for, or the request is closed.

    Source: Art. 15.3 and 12.6 GDPR; the policy's promise R41.
    """
    request = session.get_one(Request, request_id)
    _check(session, request)
    made = content(
        session,
        subject_id=request.subject_id,
        request_id=request.id,
        today=today,
        language=request.language,
        masked=masked,
    )
    place = filing.Place(subject_id=request.subject_id, request_id=request.id)
    return _write(session, made, formats, place, about=request)


def make_for_subject(
    session: Session,
    subject_id: int,
    *,
    today: dt.date,
    language: str = "sv",
    formats: Collection[str] = FORMATS,
    masked: Collection[int] | None = None,
) -> list[Attachment]:
    """Write an extract about a person without a request and store it with the person."""
    subject_id = people.whole(session, subject_id)
    made = content(session, subject_id=subject_id, request_id=None, today=today, language=language, masked=masked)
    subject = session.get_one(Subject, subject_id)
    return _write(session, made, formats, filing.Place(subject_id=subject_id), about=subject)


def _check(session: Session, request: Request) -> None:
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


def _write(
    session: Session, made: Extract, formats: Collection[str], place: filing.Place, *, about: Request | Subject
) -> list[Attachment]:
    """Turn the content into files, store them, and record what was handed out."""
    if not formats or set(formats) - set(FORMATS):
        raise UserError(
            _("Formatet för utdraget finns inte."),
            stands=_("Inget utdrag har skapats."),
            do=_("Välj bland {formats}.").format(formats=", ".join(FORMATS)),
            code=ExitCode.USAGE,
        )
    files = [_file(session, made, wanted, place) for wanted in FORMATS if wanted in formats]
    rows = [row for category in made.categories for row in category.rows]
    audit.record(
        session,
        Action.EXTRACT_MADE,
        about,
        subject_id=place.subject_id,
        reference=made.mark.reference,
        formats=[wanted for wanted in FORMATS if wanted in formats],
        rows=len(rows),
        masked=sum(row.is_masked for row in rows),
        has_data=made.has_data,
    )
    return files


def _file(session: Session, made: Extract, wanted: str, place: filing.Place) -> Attachment:
    from app.documents.extract import write_extract
    from app.documents.workbook import write_extract_workbook

    kind = "extract" if wanted == "pdf" else "workbook"
    made = replace(made, mark=replace(made.mark, version=filing.next_version(session, kind, place)))
    raw = write_extract(made) if wanted == "pdf" else write_extract_workbook(made)
    name = f"registerutdrag_{made.mark.reference}_v{made.mark.version}.{wanted}"
    return filing.store(
        session, raw, kind=kind, name=name, media_type="application/pdf" if wanted == "pdf" else _XLSX, place=place
    )
