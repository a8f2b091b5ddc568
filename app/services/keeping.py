"""What the retention rules say about each stored value, and why.  Serves extracts, retention and erasure; it changes nothing."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain import retention
from app.domain.channels import MarketingChannel
from app.domain.retention import Action, Decides, Item, RuleKind, Verdict
from app.domain.status import Status
from app.i18n import _, language
from app.reference.fields import by_code
from app.reference.periods import periods
from app.services.import_rows import YES
from app.services.organisation import profile_of
from db.models import Activity, Datum, Hold, OptOut, Request, RetentionRule, Subject
from db.queries import people as joined

T = TypeVar("T")

NAMES = ("name", "first_name", "last_name")
BEARERS = (*NAMES, "customer_no")
"""What tells whose a voucher is; it stays as long as the voucher does."""
ADDRESS = ("co_address", "street", "postcode", "city", "country", "other_address")
CONSENT_FIELDS = ("newsletter_consent", "consent_on")
OPT_OUT_FIELDS = {
    "opt_out_email": MarketingChannel.EMAIL,
    "opt_out_sms": MarketingChannel.SMS,
    "opt_out_letter": MarketingChannel.LETTER,
    "opt_out_profiling": MarketingChannel.PROFILING,
}
NEEDED_TO_REFRAIN = {
    MarketingChannel.EMAIL: ("email", "email_2", "email_3", "opt_out_email", "opt_out_on"),
    MarketingChannel.SMS: ("mobile", "phone", "phone_2", "phone_3", "opt_out_sms", "opt_out_on"),
    MarketingChannel.LETTER: (*NAMES, *ADDRESS, "opt_out_letter", "opt_out_on"),
    MarketingChannel.PROFILING: (*BEARERS, "opt_out_profiling", "opt_out_on"),
}
"""What must be known to keep marketing in a channel away from somebody.  Source: Art. 21.3 GDPR."""
FINISHED = (Status.ANSWERED, Status.CLOSED, Status.WITHDRAWN, Status.UNIDENTIFIED)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A stored value, the rule it falls under, and what becomes of it today.

    Attributes:
        is_due: It would go today if no stop stood in the way.
    """

    datum: Datum
    rule: RetentionRule | None
    verdict: Verdict
    is_due: bool

    @property
    def is_kept(self) -> bool:
        """Return whether the value stays."""
        return self.verdict.action is Action.KEEP


@dataclass(frozen=True, kw_only=True)
class _Person:
    """What is true of all of one person's values."""

    relation_end_on: dt.date | None
    left_role_on: dt.date | None
    consent_withdrawn_on: dt.date | None
    refrain: frozenset[str]
    holds: tuple[retention.Hold, ...]
    stop: str


class Rulebook:
    """The rules of this vault, read once."""

    def __init__(self, session: Session, today: dt.date) -> None:
        self._today = today
        self._bookkeeping_years = periods(today).bookkeeping_years
        rules = {rule.id: rule for rule in session.scalars(sa.select(RetentionRule))}
        self.by_code = {rule.code: rule for rule in rules.values()}
        self._of_activity = {
            key: rules[rule_id]
            for key, rule_id in session.execute(sa.select(Activity.id, Activity.rule_id))
            if rule_id is not None
        }
        self._of_category = {entry.code: self.by_code.get(entry.rule) for entry in profile_of(session).categories}
        self._bookkeeping = next((rule for rule in rules.values() if rule.kind == RuleKind.BOOKKEEPING), None)
        self._consent = next((rule for rule in rules.values() if rule.kind == RuleKind.CONSENT), None)

    def rule(self, datum: Datum) -> RetentionRule | None:
        """Return the rule a value falls under: the accounting duty, its activity's rule, or its category's."""
        field = by_code().get(datum.field)
        if field is not None and field.bookkeeping:
            return self._bookkeeping
        if datum.field in CONSENT_FIELDS:
            return self._consent
        rule = self._of_activity.get(datum.activity_id or 0)
        if rule is None or rule.kind in (RuleKind.BOOKKEEPING, RuleKind.AFTER_CLOSING):
            return self._of_category.get(datum.category)
        return rule

    def judge(self, datum: Datum, person: _Person, *, has_ground: bool) -> Judged:
        """Return what becomes of one value."""
        rule = self.rule(datum)
        item = self._item(datum, rule, person, has_ground=has_ground)
        free = retention.decide(item, holds=(), today=self._today)
        verdict = retention.decide(item, holds=person.holds, today=self._today) if person.holds else free
        if person.stop and verdict.action is not Action.KEEP and not has_ground:
            verdict = Verdict(
                action=Action.KEEP, decides=Decides.HOLD, erase_from_on=None, reason=person.stop, is_restricted=True
            )
        return Judged(datum=datum, rule=rule, verdict=verdict, is_due=free.action is not Action.KEEP)

    def _item(self, datum: Datum, rule: RetentionRule | None, person: _Person, *, has_ground: bool) -> Item:
        kind = RuleKind(rule.kind) if rule is not None else RuleKind.NONE
        start_on, months = None, rule.months if rule is not None else None
        if kind is RuleKind.RELATION_MONTHS:
            start_on = retention.contact_end(person.relation_end_on, person.left_role_on)
        elif kind is RuleKind.CONSENT:
            start_on, months = person.consent_withdrawn_on, 0
        return Item(
            rule=kind,
            start_on=start_on,
            months=months,
            fy_end_on=datum.fy_end_on if kind is RuleKind.BOOKKEEPING else None,
            bookkeeping_years=self._bookkeeping_years,
            has_ground=has_ground,
            is_suppression=datum.field in person.refrain,
        )


def judged(
    session: Session, subject_ids: Sequence[int], *, today: dt.date, has_ground: bool = False
) -> Iterator[tuple[int, list[Judged]]]:
    """Yield each person's id with what becomes of their values today.

    Args:
        session: Any session.
        subject_ids: Whom to judge; people without data are left out.  A merged person's values are those of all its parts.
        today: The day to judge on.
        has_ground: The person has a valid ground for erasure.  Source: Art. 17.1 GDPR.
    """
    rulebook = Rulebook(session, today)
    for part in parts(subject_ids):
        members = joined.members(session, part)
        data = _data(session, members)
        people = _people(session, members, data)
        for subject_id in part:
            if held := data.get(subject_id):
                found = [rulebook.judge(datum, people[subject_id], has_ground=has_ground) for datum in held]
                yield subject_id, list(_with_bearers(found))


def _with_bearers(found: list[Judged]) -> Iterator[Judged]:
    """Yield the values, keeping name and customer number as long as a voucher needs them."""
    vouchers = [one.verdict for one in found if one.verdict.decides is Decides.BOOKKEEPING]
    if not vouchers:
        yield from found
        return
    longest = max(vouchers, key=lambda verdict: verdict.erase_from_on or dt.date.min)
    for one in found:
        if one.datum.field in BEARERS and not one.is_kept:
            yield replace(one, verdict=longest)
        else:
            yield one


def _data(session: Session, members: Mapping[int, int]) -> dict[int, list[Datum]]:
    found: defaultdict[int, list[Datum]] = defaultdict(list)
    for some in parts(list(members)):
        for datum in session.scalars(sa.select(Datum).where(Datum.subject_id.in_(some)).order_by(Datum.id)):
            found[members[datum.subject_id]].append(datum)
    return found


def _people(session: Session, members: Mapping[int, int], data: Mapping[int, list[Datum]]) -> dict[int, _Person]:
    subject_ids = list(members)
    holds = _of_whole(_holds(session, subject_ids), members)
    refused_in = sa.select(OptOut.subject_id, OptOut.channel).where(OptOut.subject_id.in_(subject_ids))
    channels = _of_whole(_grouped(session.execute(refused_in)), members)
    numbers = _of_whole(_open_requests(session, subject_ids), members)
    people = {}
    for subject in session.scalars(sa.select(Subject).where(Subject.id.in_(set(members.values())))):
        values = {datum.field: datum.value for datum in data.get(subject.id, ())}
        refused = {*channels.get(subject.id, ()), *_refused(values)}
        people[subject.id] = _Person(
            relation_end_on=subject.relation_end_on,
            left_role_on=_day(values.get("role_end")),
            consent_withdrawn_on=_day(values.get("consent_withdrawn_on")),
            refrain=frozenset(code for channel in refused for code in NEEDED_TO_REFRAIN[channel]),
            holds=tuple(holds.get(subject.id, ())),
            stop=_stop(subject, numbers.get(subject.id, ())),
        )
    return people


def _stop(subject: Subject, open_requests: Sequence[str]) -> str:
    """Return what stops a review, though not the person's own wish, from erasing; empty when nothing does."""
    if open_requests:
        return _("Behålls: {numbers} är öppen. Svara på begäran först.").format(numbers=", ".join(open_requests))
    if subject.restricted_on is not None:
        return _("Behålls: behandlingen är begränsad. Häv begränsningen först.")
    return ""


def _holds(session: Session, subject_ids: Sequence[int]) -> dict[int, list[retention.Hold]]:
    query = sa.select(Hold).where(Hold.subject_id.in_(subject_ids), Hold.lifted_on.is_(None))
    return _grouped(
        (hold.subject_id, retention.Hold(kind=hold.kind, since_on=hold.set_on, review_on=hold.review_on))
        for hold in session.scalars(query)
    )


def _open_requests(session: Session, subject_ids: Sequence[int]) -> dict[int, list[str]]:
    query = sa.select(Request.subject_id, Request.number).where(
        Request.subject_id.in_(subject_ids), Request.status.not_in(FINISHED)
    )
    rows = session.execute(query.order_by(Request.number))
    return _grouped((subject_id, number) for subject_id, number in rows if subject_id is not None)


def _refused(values: Mapping[str, str]) -> Iterator[MarketingChannel]:
    for code, channel in OPT_OUT_FIELDS.items():
        if values.get(code, "").casefold() in YES:
            yield channel


def _of_whole(found: Mapping[int, list[T]], members: Mapping[int, int]) -> dict[int, list[T]]:
    """Return what was found about records, by the person each record is a part of."""
    return _grouped((members[key], one) for key, several in found.items() for one in several)


def _grouped(pairs: Iterable[tuple[int, T]]) -> dict[int, list[T]]:
    found: defaultdict[int, list[T]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None  # a date nobody could read settles nothing


def parts(ids: Sequence[T], size: int = 500) -> Iterator[Sequence[T]]:
    """Yield `ids` in parts that fit a statement."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def field_label(code: str) -> str:
    """Return a field's name in the language in use."""
    field = by_code().get(code)
    if field is None:
        return code
    return field.label_en if language() == "en" else field.label_sv


def field_labels(data: Iterable[Datum]) -> tuple[str, ...]:
    """Return the names of the fields among `data`, each once, in the order of the extract."""
    order = {code: place for place, code in enumerate(by_code())}
    codes = sorted({datum.field for datum in data}, key=lambda code: order.get(code, len(order)))
    return tuple(field_label(code) for code in codes)
