"""The values of an extract, row by row: each with its source, purpose, ground, recipients and end.  Belongs to `extracts`."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.content import ExtractCategory, ExtractRow
from app.domain import channels, contacts, identity, rights
from app.domain.fields import Category, FieldKind
from app.domain.fields import label as category_label
from app.i18n import _
from app.reference.fields import by_code
from app.services.extract_words import LEGAL_OBLIGATION, Register, erase_text, is_voucher
from app.services.keeping import Judged, field_label
from db.models import Datum, ImportBatch, Request, RequestRight, Subject
from db.queries import cards

_KINDS = {FieldKind.DATE: "date", FieldKind.MONEY: "money"}


@dataclass(frozen=True)
class Held:
    """What is known about one person, gathered for one document.

    Attributes:
        subject: The person; None when nobody was found.
        values: All stored values, each with what the retention rules say.
        masked: Ids of values to hide.
    """

    subject: Subject | None
    request: Request | None
    values: list[Judged]
    masked: frozenset[int]
    today: dt.date

    @property
    def activity_ids(self) -> list[int]:
        """Return the activities that the values belong to."""
        return sorted({one.datum.activity_id for one in self.values if one.datum.activity_id is not None})


def categories(session: Session, held: Held, register: Register) -> tuple[ExtractCategory, ...]:
    """Return all values by category, every category even when it is empty, and last the person's requests."""
    rows: dict[str, list[ExtractRow]] = {category.value: [] for category in Category}
    batches = {row.id: row.imported_at for row in session.execute(sa.select(ImportBatch.id, ImportBatch.imported_at))}
    order = {code: place for place, code in enumerate(by_code())}
    for one in sorted(held.values, key=lambda one: (order.get(one.datum.field, len(order)), one.datum.id)):
        imported_at = batches.get(one.datum.batch_id or 0)
        rows[one.datum.category].append(_row(one, held, register, imported_at))
    rows[Category.CUSTOMER.value] += _opt_outs(session, held)
    shown = [ExtractCategory(code, category_label(Category(code)), tuple(found)) for code, found in rows.items()]
    return (
        *shown,
        ExtractCategory("requests", _("Begäranden om dataskydd"), tuple(_requests(session, held, register))),
    )


def _row(one: Judged, held: Held, register: Register, imported_at: dt.datetime | None) -> ExtractRow:
    datum = one.datum
    field = by_code().get(datum.field)
    activity = register.activities.get(datum.activity_id or 0)
    purposes = register.purposes(activity, is_voucher=is_voucher(datum)) if activity is not None else []
    never, hidden = is_withheld(datum), is_masked(datum, held.masked)
    return ExtractRow(
        label=field_label(datum.field),
        value="" if never or hidden else _value(datum, field.kind if field else FieldKind.TEXT),
        source=register.source_name(datum.source_id),
        since_on=datum.since_on,
        purpose="\n".join(register.purpose_title(code) for code in purposes) or _("Inte angivet"),
        legal_basis=register.bases(activity, purposes) if activity is not None else _("Inte angivet"),
        recipients=register.recipient_names(activity.id) if activity is not None else (),
        erase_text=erase_text(one),
        is_masked=never or hidden,
        trace=_trace(datum, imported_at),
        mask_reason=_("lösenord lämnas aldrig ut") if never else _("kan röra någon annan") if hidden else "",
        kind=_KINDS.get(field.kind, "text") if field else "text",
    )


def _trace(datum: Datum, imported_at: dt.datetime | None) -> str:
    if imported_at is None:
        return ""
    return _("Import {day}, rad {line}").format(day=imported_at.date().isoformat(), line=datum.line or "–")


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
        )
        for row in sorted(found.values(), key=lambda row: row.id)
    ]


def _requests(session: Session, held: Held, register: Register) -> list[ExtractRow]:
    """Return the person's own requests: they are data too.  Source: Art. 15.1 and 5.2 GDPR."""
    if held.subject is None:
        return []
    kept_for = next((register.rule_title(row) for row in register.rules.values() if row.code == "request_files"), "")
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
            )
        )
    return rows
