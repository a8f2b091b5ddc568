"""What one person's card shows: every value with source, purpose, basis, recipients and what the retention rules say of it.

Values that are masked on the card leave here masked; the whole ones come only by `reveal`, which the trail remembers.
"""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain import contacts, identity, money
from app.domain.audit import Action
from app.domain.channels import MarketingChannel
from app.domain.errors import UserError
from app.domain.fields import Field, FieldKind
from app.domain.retention import Action as Fate
from app.domain.retention import Decides, Verdict
from app.domain.rights import Right
from app.domain.subjects import HoldKind, Protection, is_minor
from app.i18n import _
from app.reference.fields import by_code
from app.services import audit, lookup
from app.services.extract_words import Register, is_voucher
from app.services.guard import guarded
from app.services.import_rows import YES
from app.services.keeping import FINISHED, OPT_OUT_FIELDS, Judged, field_label, judged
from db.models import Request, RequestRight, Subject
from db.queries import cards, people

PLACES = ("street", "co_address", "postcode", "city", "country", "apartment_no", "property_designation", "location")
"""Fields that tell where a person is; hidden for a person with protected identity."""
HIDDEN = "••••"


@dataclass(frozen=True, kw_only=True)
class CardRow:
    """One value on the card.

    Attributes:
        value: As it is shown; masked if it is a personal number, the address of a protected person, or a password.
        is_masked: The whole value can be revealed.
        is_withheld: It is never shown to anybody, such as a password.
        gallras: When it may go, in a few words; `reason` says why.
        has_ground: An activity says why it is held, on what basis and until when.
        is_due: It would go today.
        has_conflict: It was corrected, an import says something else, and nobody has settled it.
    """

    datum_id: int
    category: str
    label: str
    value: str
    is_masked: bool
    is_withheld: bool
    source: str
    line: int | None
    since_on: dt.date | None
    purpose: str
    legal_basis: str
    recipients: str
    gallras: str
    reason: str
    has_ground: bool
    is_due: bool
    has_conflict: bool


@dataclass(frozen=True, kw_only=True)
class HoldLine:
    """A stop on erasure in force."""

    hold_id: int
    kind: HoldKind
    reason: str
    set_on: dt.date
    review_on: dt.date


@dataclass(frozen=True, kw_only=True)
class Card:
    """A person's card.

    Attributes:
        address: On one line; empty when there is none or it is hidden.
        is_minor: Not yet eighteen, as far as an identity number or a birth date tells.
        parts: The records the person was merged from: id and name; empty when not merged.
        cases: How many requests the person has made.
        open_access: Id and number of an open request for access, or None.
        opt_outs: Channels without marketing, and since when if that was noted here; an imported register can say it too.
        gone_from: Sources whose latest file no longer had the person, and since when; as far as somebody chose to note it.
        changed_at: When a value last came or was corrected, aware UTC.
    """

    subject_id: int
    name: str
    protection: Protection
    is_deceased: bool
    is_minor: bool
    restricted_on: dt.date | None
    parts: tuple[tuple[int, str], ...]
    relation_start_on: dt.date | None
    relation_end_on: dt.date | None
    address: str
    cases: int
    open_access: tuple[int, str] | None
    holds: tuple[HoldLine, ...]
    opt_outs: tuple[tuple[MarketingChannel, dt.date | None], ...]
    gone_from: tuple[tuple[str, dt.date], ...]
    changed_at: dt.datetime | None
    rows: tuple[CardRow, ...]


@guarded
def open_card(session: Session, subject_id: int, *, reason: str = "", today: dt.date) -> Card:
    """Return a person's card, and record that it was read.

    Raises:
        UserError: The person has a protected identity and no reason was given.
    """
    shown = card(session, subject_id, today=today)
    if shown is None:
        raise UserError(
            _("Personen finns inte längre i registren."),
            stands=_("Inget har ändrats."),
            do=_("Sök igen. Uppgifterna kan ha gallrats."),
        )
    lookup.open_subject(session, subject_id, reason=reason)
    return shown


def card(session: Session, subject_id: int, *, today: dt.date) -> Card | None:
    """Return the card of somebody whose record is already open, None when the person is gone.  Records nothing."""
    subject_id = people.whole(session, subject_id)
    subject = session.get(Subject, subject_id)
    if subject is None:
        return None
    is_protected = subject.protection is not Protection.NONE
    held = next((found for _key, found in judged(session, [subject_id], today=today)), [])
    register, order = Register(session), {code: place for place, code in enumerate(by_code())}
    held.sort(key=lambda one: (order.get(one.datum.field, len(order)), one.datum.id))
    requests, conflicts = cards.requests(session, subject_id), cards.conflicts(session, subject_id)
    return Card(
        subject_id=subject.id,
        name=subject.display_name,
        protection=subject.protection,
        is_deceased=subject.is_deceased,
        is_minor=_is_minor(held, today),
        parts=_parts(session, subject_id),
        restricted_on=subject.restricted_on,
        relation_start_on=subject.relation_start_on,
        relation_end_on=subject.relation_end_on,
        address="" if is_protected else _address({one.datum.field: one.datum.value for one in held}),
        cases=len(requests),
        open_access=_open_access(session, requests),
        holds=tuple(_hold(row) for row in cards.holds(session, subject_id)),
        opt_outs=tuple(_opt_outs(session, subject_id, held).items()),
        gone_from=cards.gone_from(session, subject_id),
        changed_at=cards.changed_at(session, subject_id),
        rows=tuple(
            _row(one, register, is_protected=is_protected, has_conflict=one.datum.id in conflicts) for one in held
        ),
    )


@guarded
def reveal(session: Session, subject_id: int, *, reason: str = "") -> dict[int, str]:
    """Return the whole of every value that the card masks, by datum, and record that they were shown.  Never a password.

    Raises:
        UserError: The person has a protected identity and no reason was given.
    """
    subject = lookup.open_subject(session, subject_id, reason=reason)
    subject_id = subject.id
    is_protected = subject.protection is not Protection.NONE
    masked = [
        row
        for row in cards.data(session, subject_id)
        if _is_masked(by_code().get(row.field), is_protected=is_protected)
    ]
    codes = sorted({row.field for row in masked})
    audit.record(session, Action.SUBJECT_READ, subject, subject_id=subject_id, fields=codes, is_revealed=True)
    return {row.id: _whole(by_code().get(row.field), row.value) for row in masked}


def _row(one: Judged, register: Register, *, is_protected: bool, has_conflict: bool) -> CardRow:
    datum, field = one.datum, by_code().get(one.datum.field)
    activity = register.activities.get(datum.activity_id or 0)
    purposes = register.purposes(activity, is_voucher=is_voucher(datum)) if activity is not None else []
    return CardRow(
        datum_id=datum.id,
        category=datum.category,
        label=field_label(datum.field),
        value=_shown(field, datum.value, is_protected=is_protected),
        is_masked=_is_masked(field, is_protected=is_protected),
        is_withheld=field is not None and field.withheld,
        source=register.source_name(datum.source_id),
        line=datum.line,
        since_on=datum.since_on,
        purpose=", ".join(register.purpose_title(code) for code in purposes),
        legal_basis=register.bases(activity, purposes) if activity is not None else "",
        recipients=", ".join(register.recipient_names(activity.id)) if activity is not None else "",
        gallras=erasure_in_words(one.verdict),
        reason=one.verdict.reason,
        has_ground=not register.lacks(activity),
        is_due=one.verdict.action is not Fate.KEEP,
        has_conflict=has_conflict,
    )


def erasure_in_words(verdict: Verdict) -> str:
    """Return the last day a value is kept, as an extract prints it, or in as few words as a column holds what it waits for."""
    if verdict.action is not Fate.KEEP:
        return _("Nu – förslag")
    if verdict.erase_from_on is not None:
        return (verdict.erase_from_on - dt.timedelta(days=1)).isoformat()
    return {
        Decides.HOLD: _("Stoppad"),
        Decides.SUPPRESSION: _("Så länge spärren gäller"),
        Decides.NO_RULE: _("Saknar regel"),
    }.get(verdict.decides, _("Relationen pågår"))


def _is_masked(field: Field | None, *, is_protected: bool) -> bool:
    if field is None or field.withheld:
        return False
    return field.kind is FieldKind.PNR or (is_protected and field.code in PLACES)


def _shown(field: Field | None, value: str, *, is_protected: bool) -> str:
    if field is not None and field.withheld:
        return _("lämnas aldrig ut")
    if _is_masked(field, is_protected=is_protected):
        return (
            identity.masked(value) if field is not None and field.kind is FieldKind.PNR and len(value) == 12 else HIDDEN
        )
    return _whole(field, value)


def _whole(field: Field | None, value: str) -> str:
    if field is None:
        return value
    if field.kind is FieldKind.PNR and len(value) == 12:
        return identity.shown(value)
    if field.kind is FieldKind.PHONE and value.startswith("+") and contacts.phone(value):
        return contacts.phone_shown(value)
    return money.shown(value) if field.kind is FieldKind.MONEY else value


def _is_minor(held: list[Judged], today: dt.date) -> bool:
    """Return whether the person is a child by the identity number or, when no number tells, by the birth date."""
    numbers = [identity.born_on(one.datum.value) for one in held if one.datum.field == "personnummer"]
    dates = [_read_day(one.datum.value) for one in held if one.datum.field == "birth_date"]
    return is_minor(next((day for day in (*numbers, *dates) if day is not None), None), today)


def _read_day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:  # a date nobody can read
        return None


def _parts(session: Session, subject_id: int) -> tuple[tuple[int, str], ...]:
    keys = [part.part_id for part in people.parts_of(session, subject_id)]
    names = people.names(session, keys)
    return tuple((key, names[key]) for key in keys)


def _address(values: dict[str, str]) -> str:
    city = " ".join(part for part in (values.get("postcode"), values.get("city")) if part)
    return ", ".join(part for part in (values.get("street"), city) if part)


def _hold(row: object) -> HoldLine:
    return HoldLine(
        **{name: getattr(row, "id" if name == "hold_id" else name) for name in HoldLine.__dataclass_fields__}
    )


def _opt_outs(session: Session, subject_id: int, held: list[Judged]) -> dict[MarketingChannel, dt.date | None]:
    told = {one.datum.field for one in held if one.datum.value.casefold() in YES}
    found: dict[MarketingChannel, dt.date | None] = {
        OPT_OUT_FIELDS[code]: None for code in OPT_OUT_FIELDS if code in told
    }
    found.update({row.channel: row.since_on for row in reversed(cards.opt_outs(session, subject_id))})
    return {channel: found[channel] for channel in MarketingChannel if channel in found}


def _open_access(session: Session, requests: list[Request]) -> tuple[int, str] | None:
    still_open = {row.id: row.number for row in requests if row.status not in FINISHED}
    query = sa.select(RequestRight.request_id).where(
        RequestRight.request_id.in_(still_open), RequestRight.right == Right.ACCESS
    )
    found = session.scalar(query.order_by(RequestRight.request_id.desc()).limit(1))
    return None if found is None else (found, still_open[found])
