"""The values of an extract, row by row: each with its source, purpose, ground, recipients and end.  Belongs to `extracts`."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.content import ExtractCategory, ExtractRow, SourceFile
from app.domain import channels, contacts, identity, rights
from app.domain.fields import Category, FieldKind
from app.domain.fields import label as category_label
from app.i18n import _, mark
from app.reference.fields import by_code
from app.services import filing
from app.services.extract_words import LEGAL_OBLIGATION, Register, erase_text, is_voucher
from app.services.keeping import Judged, field_label
from app.services.output_choice import ALL, Choice
from db.models import Attachment, Datum, ImportBatch, Request, RequestRight, Source, Subject
from db.queries import cards

REQUESTS, DOCUMENTS = "requests", "documents"
"""Categories of what the program itself holds about a person."""
CODES = frozenset((*(category.value for category in Category), REQUESTS, DOCUMENTS))
_DOCUMENTS = {"mail": mark("Meddelande från dig"), "letter": mark("Svarsbrev"), "message": mark("Brev till dig")}
_KINDS = {FieldKind.DATE: "date", FieldKind.MONEY: "money"}


@dataclass(frozen=True)
class Held:
    """What is known about one person, gathered for one document.

    Attributes:
        subject: The person; None when nobody was found.
        values: All stored values, each with what the retention rules say.
        masked: Ids of values to hide.
        choice: What the officer chose to leave out, and which documents go along.
        files: The files that the values came from, by the import's id.
    """

    subject: Subject | None
    request: Request | None
    values: list[Judged]
    masked: frozenset[int]
    today: dt.date
    choice: Choice = ALL
    files: Mapping[int, SourceFile] = field(default_factory=dict)

    @property
    def activity_ids(self) -> list[int]:
        """Return the activities that the values belong to."""
        return sorted({one.datum.activity_id for one in self.values if one.datum.activity_id is not None})


def category_title(code: str) -> str:
    """Return a category's name as the person reads it, also of those that are the program's own."""
    own = {REQUESTS: _("Begäranden om dataskydd"), DOCUMENTS: _("Handlingar i dina ärenden")}
    return own.get(code) or category_label(Category(code))


def categories(session: Session, held: Held, register: Register) -> tuple[ExtractCategory, ...]:
    """Return all values by category, every category even when it is empty, and last the person's requests and their documents."""
    rows: dict[str, list[ExtractRow]] = {category.value: [] for category in Category}
    order = {code: place for place, code in enumerate(by_code())}
    for one in sorted(held.values, key=lambda one: (order.get(one.datum.field, len(order)), one.datum.id)):
        rows[one.datum.category].append(_row(one, held, register))
    rows[Category.CUSTOMER.value] += _opt_outs(session, held)
    rows[REQUESTS] = _requests(session, held, register)
    rows[DOCUMENTS] = _documents(session, held, register)
    left_out = held.choice.without_categories
    return tuple(
        ExtractCategory(code, category_title(code), tuple(found))
        for code, found in rows.items()
        if code not in left_out
    )


def files(session: Session, values: list[Judged]) -> dict[int, SourceFile]:
    """Return the files that these values were imported from, numbered in the order they came, by the import's id."""
    ids = sorted({one.datum.batch_id for one in values if one.datum.batch_id is not None})
    columns = (ImportBatch.id, ImportBatch.imported_at, ImportBatch.file_digest, Source.name)
    query = sa.select(*columns).join(Source, Source.id == ImportBatch.source_id).where(ImportBatch.id.in_(ids))
    return {
        row.id: SourceFile(number, row.name, row.imported_at.date(), row.file_digest)
        for number, row in enumerate(session.execute(query.order_by(ImportBatch.id)), start=1)
    }


def _row(one: Judged, held: Held, register: Register) -> ExtractRow:
    datum = one.datum
    known = by_code().get(datum.field)
    activity = register.activities.get(datum.activity_id or 0)
    purposes = register.purposes(activity, is_voucher=is_voucher(datum)) if activity is not None else []
    never, hidden = is_withheld(datum), is_masked(datum, held.masked)
    file = held.files.get(datum.batch_id or 0)
    return ExtractRow(
        label=field_label(datum.field),
        value="" if never or hidden else _value(datum, known.kind if known else FieldKind.TEXT),
        source=register.source_name(datum.source_id),
        since_on=datum.since_on,
        purpose="\n".join(register.purpose_title(code) for code in purposes) or _("Inte angivet"),
        legal_basis=register.bases(activity, purposes) if activity is not None else _("Inte angivet"),
        recipients=register.recipient_names(activity.id) if activity is not None else (),
        erase_text=erase_text(one),
        is_masked=never or hidden,
        trace=_trace(file, datum.line),
        mask_reason=_("lösenord lämnas aldrig ut") if never else _("kan röra någon annan") if hidden else "",
        kind=_KINDS.get(known.kind, "text") if known else "text",
        code=datum.field,
        key=f"datum:{datum.id}",
        file=file.number if file is not None else None,
        line=datum.line if file is not None else None,
    )


def _trace(file: SourceFile | None, line: int | None) -> str:
    if file is None:
        return ""
    if line is None:
        return _("fil {file}").format(file=file.number)
    return _("fil {file}, rad {line}").format(file=file.number, line=line)


def _value(datum: Datum, kind: FieldKind) -> str:
    if kind is FieldKind.PNR:
        return identity.shown(datum.value)
    e164 = contacts.phone(datum.value) if kind is FieldKind.PHONE else None
    return contacts.phone_shown(e164) if e164 else datum.value


def is_withheld(datum: Datum) -> bool:
    """Return whether the value never leaves the vault, as a password."""
    field = by_code().get(datum.field)
    return field is not None and field.withheld


def is_masked(datum: Datum, masked: frozenset[int]) -> bool:
    """Return whether the value is hidden for the sake of somebody else."""
    return datum.id in masked and not is_withheld(datum)


def _opt_outs(session: Session, held: Held) -> list[ExtractRow]:
    if held.subject is None:
        return []
    found = {row.channel: row for row in reversed(cards.opt_outs(session, held.subject.id))}
    return [
        ExtractRow(
            label=_("Reklamspärr"),
            value=channels.label(row.channel),
            source=_("Dataskyddsärende"),
            since_on=row.since_on,
            purpose=_("Inte skicka reklam"),
            legal_basis=_("Artikel 21.3"),
            erase_text=_("Så länge reklamspärren gäller"),
            code="opt_out",
            key=f"opt_out:{row.channel.value}",
        )
        for row in sorted(found.values(), key=lambda row: row.id)
    ]


def _requests(session: Session, held: Held, register: Register) -> list[ExtractRow]:
    """Return the person's own requests: they are data too.  Source: Art. 15.1 and 5.2 GDPR."""
    if held.subject is None:
        return []
    kept_for = _kept_for(register)
    rows = []
    for request in reversed(cards.requests(session, held.subject.id)):
        asked = session.scalars(sa.select(RequestRight.right).where(RequestRight.request_id == request.id))
        wanted = ", ".join(rights.label(right) for right in asked)
        parts = (wanted, request.requester_name, request.requester_email, request.message)
        rows.append(
            ExtractRow(
                label=request.number,
                value="\n".join(part for part in parts if part),
                source=channels.label(request.channel),
                since_on=request.received_on,
                purpose=_("Svara på din begäran"),
                legal_basis=register.basis(LEGAL_OBLIGATION),
                erase_text=kept_for,
                code="request",
                key=f"request:{request.id}",
            )
        )
    return rows


def _kept_for(register: Register) -> str:
    return next((register.rule_title(row) for row in register.rules.values() if row.code == "request_files"), "")


def documents(session: Session, subject_id: int) -> list[Attachment]:
    """Return the stored mails and letters of a person's requests, which are data about them too."""
    query = sa.select(Attachment).where(Attachment.subject_id == subject_id, Attachment.kind.in_(_DOCUMENTS))
    return list(session.scalars(query.order_by(Attachment.id)))


def document_label(row: Attachment) -> str:
    """Return what a stored document is."""
    return _(_DOCUMENTS[row.kind])


def copy_name(place: int, row: Attachment) -> str:
    """Return what the copy of a document is called when it goes along: never a name that a stranger gave it."""
    return f"bilaga_{place}_{row.name}"


def copies(session: Session, choice: Choice) -> list[tuple[str, bytes]]:
    """Return the documents that go along, named as the document calls them."""
    return [
        (copy_name(place, session.get_one(Attachment, key)), filing.read(session, key))
        for place, key in enumerate(sorted(choice.copies), start=1)
    ]


def _documents(session: Session, held: Held, register: Register) -> list[ExtractRow]:
    if held.subject is None:
        return []
    rows = []
    for row in documents(session, held.subject.id):
        value = _("Finns i ärendet. Säg till om du vill ha en kopia.")
        if row.id in held.choice.copies:
            place = sorted(held.choice.copies).index(row.id) + 1
            value = _("En kopia följer med: {name}").format(name=copy_name(place, row))
        rows.append(
            ExtractRow(
                label=document_label(row),
                value=value,
                source=_("Dataskyddsärende"),
                since_on=row.stored_at.date(),
                purpose=_("Svara på din begäran"),
                legal_basis=register.basis(LEGAL_OBLIGATION),
                erase_text=_kept_for(register),
                code="document",
                key=f"document:{row.uid}",
            )
        )
    return rows
