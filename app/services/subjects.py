"""What one person's card shows: every value with source, purpose, basis, recipients and what the retention rules say of it.

Values that are masked on the card leave here masked; the whole ones come only by `reveal`, which the trail remembers.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain import contacts, identity
from app.domain.audit import Action
from app.domain.channels import MarketingChannel
from app.domain.fields import Field, FieldKind
from app.domain.retention import Action as Fate
from app.domain.retention import Decides, Verdict
from app.domain.rights import Right
from app.domain.subjects import HoldKind, Protection
from app.i18n import _, language
from app.reference.fields import by_code
from app.services import audit, lookup, outside
from app.services.keeping import FINISHED, Judged, field_label, judged
from app.services.organisation import profile_of
from db.models import Activity, Request, RequestRight, Subject
from db.queries import cards

PLACES = ("street", "co_address", "postcode", "city", "country", "apartment_no", "property_designation", "location")
"""Fields that tell where a person is; hidden for a person with protected identity."""
HIDDEN = "••••"


@dataclass(frozen=True, kw_only=True)
class CardRow:
    """One value on the card.

    Attributes:
        value: As it is shown; masked if it is a personal number, the address of a protected person, or a password.
        is_masked: The whole value can be revealed.
        gallras: When it may go, in a few words; `reason` says why.
        has_ground: An activity says why it is held.
        is_due: It would go today.
    """

    datum_id: int
    category: str
    label: str
    value: str
    is_masked: bool
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
        cases: How many requests the person has made.
        open_access: Id and number of an open request for access, or None.
    """

    subject_id: int
    name: str
    protection: Protection
    is_deceased: bool
    restricted_on: dt.date | None
    relation_start_on: dt.date | None
    relation_end_on: dt.date | None
    address: str
    cases: int
    open_access: tuple[int, str] | None
    holds: tuple[HoldLine, ...]
    opt_outs: tuple[tuple[MarketingChannel, dt.date], ...]
    rows: tuple[CardRow, ...]


@dataclass(frozen=True)
class _Grounds:
    """What an activity says about its data, in words."""

    purpose: str
    legal_basis: str
    recipients: str


def open_card(session: Session, subject_id: int, *, reason: str = "", today: dt.date) -> Card:
    """Return a person's card, and record that it was read.

    Raises:
        UserError: The person has a protected identity and no reason was given.
    """
    lookup.open_subject(session, subject_id, reason=reason)
    return card(session, subject_id, today=today)


def card(session: Session, subject_id: int, *, today: dt.date) -> Card:
    """Return the card of somebody whose record is already open; changes and records nothing."""
    subject = session.get_one(Subject, subject_id)
    is_protected = subject.protection is not Protection.NONE
    fates = {one.datum.id: one for _key, held in judged(session, [subject_id], today=today) for one in held}
    data = cards.data(session, subject_id)
    grounds = _grounds(session, {row.activity_id for row in data if row.activity_id is not None})
    order = {code: place for place, code in enumerate(by_code())}
    rows = [_row(row, grounds.get(row.activity_id), fates[row.id], is_protected=is_protected) for row in data]
    rows = [
        row
        for _place, row in sorted(
            zip((order.get(d.field, 999) for d in data), rows, strict=True), key=lambda pair: pair[0]
        )
    ]
    requests = cards.requests(session, subject_id)
    return Card(
        subject_id=subject.id,
        name=subject.display_name,
        protection=subject.protection,
        is_deceased=subject.is_deceased,
        restricted_on=subject.restricted_on,
        relation_start_on=subject.relation_start_on,
        relation_end_on=subject.relation_end_on,
        address="" if is_protected else _address({row.field: row.value for row in data}),
        cases=len(requests),
        open_access=_open_access(session, requests),
        holds=tuple(_hold(row) for row in cards.holds(session, subject_id)),
        opt_outs=tuple((row.channel, row.since_on) for row in cards.opt_outs(session, subject_id)),
        rows=tuple(rows),
    )


def reveal(session: Session, subject_id: int, *, reason: str = "") -> dict[int, str]:
    """Return the whole of every value that the card masks, by datum, and record that they were shown.  Never a password.

    Raises:
        UserError: The person has a protected identity and no reason was given.
    """
    subject = lookup.open_subject(session, subject_id, reason=reason)
    is_protected = subject.protection is not Protection.NONE
    masked = [
        row
        for row in cards.data(session, subject_id)
        if _is_masked(by_code().get(row.field), is_protected=is_protected)
    ]
    codes = sorted({row.field for row in masked})
    audit.record(session, Action.SUBJECT_READ, subject, subject_id=subject_id, fields=codes, is_revealed=True)
    return {row.id: _whole(by_code().get(row.field), row.value) for row in masked}


def _row(row: "sa.Row[*tuple[object, ...]]", grounds: _Grounds | None, fate: Judged, *, is_protected: bool) -> CardRow:
    field = by_code().get(row.field)
    return CardRow(
        datum_id=row.id,
        category=row.category,
        label=field_label(row.field),
        value=_shown(field, row.value, is_protected=is_protected),
        is_masked=_is_masked(field, is_protected=is_protected),
        source=row.source,
        line=row.line,
        since_on=row.since_on,
        purpose=grounds.purpose if grounds else "",
        legal_basis=grounds.legal_basis if grounds else "",
        recipients=grounds.recipients if grounds else "",
        gallras=erasure_in_words(fate.verdict),
        reason=fate.verdict.reason,
        has_ground=grounds is not None,
        is_due=fate.verdict.action is not Fate.KEEP,
    )


def erasure_in_words(verdict: Verdict) -> str:
    """Return when a value may go, in as few words as a column holds."""
    if verdict.action is not Fate.KEEP:
        return _("Nu – förslag")
    if verdict.erase_from_on is not None:
        return verdict.erase_from_on.isoformat()
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
    return _money(value) if field.kind is FieldKind.MONEY else value


def _money(value: str) -> str:
    try:
        number = f"{float(value):,.2f}"
    except ValueError:
        return value
    return _("{sum} kr").format(sum=number.replace(",", "\N{NO-BREAK SPACE}").replace(".", ","))


def _address(values: dict[str, str]) -> str:
    city = " ".join(part for part in (values.get("postcode"), values.get("city")) if part)
    return ", ".join(part for part in (values.get("street"), city) if part)


def _hold(row: object) -> HoldLine:
    return HoldLine(
        **{name: getattr(row, "id" if name == "hold_id" else name) for name in HoldLine.__dataclass_fields__}
    )


def _grounds(session: Session, activity_ids: Iterable[int]) -> dict[int | None, _Grounds]:
    profile, bases = profile_of(session), {basis.code: basis for basis in profile_of(session).legal_bases}
    found: dict[int | None, _Grounds] = {}
    for row in session.scalars(sa.select(Activity).where(Activity.id.in_(sorted(activity_ids)))):
        basis = bases.get(row.legal_basis)
        article = basis.article.removeprefix("Art. ") if basis is not None else ""
        title = basis.shown(language()).lower() if basis is not None else row.legal_basis
        found[row.id] = _Grounds(
            purpose=", ".join(profile.title_of(code, language()) for code in row.purposes),
            legal_basis=f"{article} {title}".strip(),
            recipients=", ".join(recipient.name for recipient in outside.recipients(session, [row.id])),
        )
    return found


def _open_access(session: Session, requests: list[Request]) -> tuple[int, str] | None:
    still_open = {row.id: row.number for row in requests if row.status not in FINISHED}
    query = sa.select(RequestRight.request_id).where(
        RequestRight.request_id.in_(still_open), RequestRight.right == Right.ACCESS
    )
    found = session.scalar(query.order_by(RequestRight.request_id.desc()).limit(1))
    return None if found is None else (found, still_open[found])
