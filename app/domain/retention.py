"""How long data are kept, and what becomes of one datum today.  Who approves it, and what erasing does, is not known here."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.errors import ExitCode, UserError
from app.domain.subjects import HoldKind
from app.domain.wording import day
from app.i18n import _, mark, ngettext


class RuleKind(StrEnum):
    """What a retention rule counts from."""

    RELATION_MONTHS = "relation_months"
    BOOKKEEPING = "bookkeeping"
    AFTER_CLOSING = "after_closing"
    CONSENT = "consent"
    NONE = "none"


class Action(StrEnum):
    """What becomes of a datum."""

    ERASE = "erase"
    ANONYMISE = "anonymise"
    KEEP = "keep"


class Decides(StrEnum):
    """Which rule settles it; the order here is the order they are asked in."""

    SUPPRESSION = "suppression"
    HOLD = "hold"
    BOOKKEEPING = "bookkeeping"
    GROUND = "ground"
    RULE = "rule"
    RUNNING = "running"
    NO_RULE = "no_rule"


_LABELS = {Action.ERASE: mark("Radera"), Action.ANONYMISE: mark("Anonymisera"), Action.KEEP: mark("Behåll")}


@dataclass(frozen=True)
class RetentionDate:
    """The last day something may be kept, the first day it may go, and the sum in words."""

    last_day_on: date
    erase_from_on: date
    sum: str


@dataclass(frozen=True, kw_only=True)
class Item:
    """One datum as the rules see it.

    Attributes:
        rule: What its retention rule counts from.
        start_on: The day the rule counts from: the end of the relation, the closing, the withdrawal.  None: not yet.
        months: The length of the rule.
        fy_end_on: The end of the financial year it is an accounting record of, or None.
        bookkeeping_years: The length of the accounting duty.
        has_ground: The person has a valid ground to have it erased.  Source: Art. 17.1 GDPR.
        is_suppression: It is the note that keeps marketing away from the person.  Source: Art. 21.3 GDPR.
        anonymise: Its rule says to cut the link to the person instead of erasing.
    """

    rule: RuleKind
    start_on: date | None = None
    months: int | None = None
    fy_end_on: date | None = None
    bookkeeping_years: int = 7
    has_ground: bool = False
    is_suppression: bool = False
    anonymise: bool = False


@dataclass(frozen=True, kw_only=True)
class Hold:
    """A stop on erasing, as the rules see it."""

    kind: HoldKind
    since_on: date
    review_on: date | None = None
    lifted_on: date | None = None

    def is_active(self, today: date) -> bool:
        """Return whether the stop is in force today."""
        return self.since_on <= today and (self.lifted_on is None or today < self.lifted_on)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What becomes of a datum today.

    Attributes:
        action: What to do.
        decides: The rule that settles it.
        erase_from_on: The first day it may go, when that day is known and nothing stands in the way.
        reason: The rule in words, for the proposal, the receipt and the letter.
        is_restricted: It may be stored, but not used for anything else.
    """

    action: Action
    decides: Decides
    erase_from_on: date | None
    reason: str
    is_restricted: bool = False


def label(action: Action) -> str:
    """Return the action as the user reads it."""
    return _(_LABELS[action])


def months_after(start_on: date, months: int) -> RetentionDate:
    """Return when something is to go that is kept some months after `start_on`.

    The last day is never moved to a working day: that would keep the data longer.

    Raises:
        UserError: The number of months is negative or absurd.
    """
    last_day_on = add_months(start_on, months)
    erase_from_on = last_day_on + timedelta(days=1)
    span = ngettext("{count} månad", "{count} månader", months).format(count=months)
    words = _("Slutade {start} + {span} → sista dag {last} → kan raderas från {erase}").format(
        start=day(start_on), span=span, last=day(last_day_on), erase=day(erase_from_on)
    )
    return RetentionDate(last_day_on, erase_from_on, words)


def bookkeeping(fy_end_on: date, years: int = 7) -> RetentionDate:
    """Return when an accounting record may go, from the end of its financial year.

    Source: bokföringslagen (1999:1078) 7 kap. 2 §: through the seventh year after the calendar year in which the financial year ended.

    Raises:
        UserError: The number of years is negative or absurd.
    """
    if not (0 <= years <= 100 and fy_end_on.year <= 9000):
        raise _absurd()
    last_day_on = date(fy_end_on.year + years, 12, 31)
    erase_from_on = date(fy_end_on.year + years + 1, 1, 1)
    words = _(
        "Räkenskapsåret slutade {end} → kalenderåret {year} + {years} år → sparas till och med {last} → kan raderas från {erase}"
    ).format(end=day(fy_end_on), year=fy_end_on.year, years=years, last=day(last_day_on), erase=day(erase_from_on))
    return RetentionDate(last_day_on, erase_from_on, words)


def add_months(start_on: date, months: int) -> date:
    """Return the same day of the month, some months on; the month's last day when it has no such day.

    Source: Reg. (EEC, Euratom) 1182/71 Art. 3.2 c.

    Raises:
        UserError: The number of months is negative or absurd.
    """
    if not (0 <= months <= 1200 and 1 <= start_on.year <= 9000):
        raise _absurd()
    year, month0 = divmod(start_on.year * 12 + start_on.month - 1 + months, 12)
    return date(year, month0 + 1, min(start_on.day, monthrange(year, month0 + 1)[1]))


def relation_end(*ends: date | None) -> date | None:
    """Return the day a relation ended: the last of contract, orders and payments.  None while any of them is open."""
    known = [end for end in ends if end is not None]
    return max(known) if ends and len(known) == len(ends) else None


def contact_end(company_ended_on: date | None, left_role_on: date | None) -> date | None:
    """Return the day a contact person's relation ended: the company's end or leaving the role, whichever came first."""
    return min((end for end in (company_ended_on, left_role_on) if end is not None), default=None)


def decide(item: Item, *, holds: Sequence[Hold], today: date) -> Verdict:
    """Return what becomes of one datum today: stops first, then duties, then the person's grounds, then the rule.

    Source: Art. 17.3 b and e GDPR (stops and duties), Art. 17.1 (grounds), Art. 5.1 e (the rule).
    """
    if item.is_suppression:
        return _kept(Decides.SUPPRESSION, _("Behålls: noteringen behövs för att reklamspärren ska fungera."))
    if active := [hold for hold in holds if hold.is_active(today)]:
        return _kept(Decides.HOLD, _hold_reason(active), is_restricted=True)
    return _duty(item, today) or _ground(item) or _rule(item, today)


def _duty(item: Item, today: date) -> Verdict | None:
    if item.fy_end_on is None:
        return None
    duty = bookkeeping(item.fy_end_on, item.bookkeeping_years)
    if today >= duty.erase_from_on:
        return None
    reason = _("Behålls till och med {last}: bokföringslagen. Används inte till något annat.").format(
        last=day(duty.last_day_on)
    )
    return _kept(Decides.BOOKKEEPING, reason, erase_from_on=duty.erase_from_on, is_restricted=True)


def _ground(item: Item) -> Verdict | None:
    if not item.has_ground:
        return None
    return Verdict(
        action=Action.ERASE,
        decides=Decides.GROUND,
        erase_from_on=None,
        reason=_("Raderas nu: den registrerade har en giltig grund för radering."),
    )


def _rule(item: Item, today: date) -> Verdict:
    if item.rule is RuleKind.BOOKKEEPING and item.fy_end_on is not None:
        ends = bookkeeping(item.fy_end_on, item.bookkeeping_years)
    elif item.rule is RuleKind.NONE:
        return _kept(Decides.NO_RULE, _("Behålls: det finns ingen gallringsregel för uppgiften. Lägg till en regel."))
    elif item.start_on is None:
        return _kept(Decides.RUNNING, _not_started(item.rule))
    else:
        ends = months_after(item.start_on, item.months or 0)
    if today < ends.erase_from_on:
        reason = _("Behålls till och med {last}: {sum}.").format(last=day(ends.last_day_on), sum=ends.sum)
        return _kept(Decides.RUNNING, reason, erase_from_on=ends.erase_from_on)
    return Verdict(
        action=Action.ANONYMISE if item.anonymise else Action.ERASE,
        decides=Decides.RULE,
        erase_from_on=ends.erase_from_on,
        reason=_("Gallringsfristen är ute: {sum}.").format(sum=ends.sum),
    )


def _kept(decides: Decides, reason: str, *, erase_from_on: date | None = None, is_restricted: bool = False) -> Verdict:
    return Verdict(
        action=Action.KEEP, decides=decides, erase_from_on=erase_from_on, reason=reason, is_restricted=is_restricted
    )


def _hold_reason(active: Sequence[Hold]) -> str:
    kinds = ", ".join(dict.fromkeys(hold.kind.label.lower() for hold in active))
    reviews = [hold.review_on for hold in active if hold.review_on is not None]
    if not reviews:
        return _("Behålls: gallringsstopp ({kinds}).").format(kinds=kinds)
    return _("Behålls: gallringsstopp ({kinds}), prövas {review}.").format(kinds=kinds, review=day(min(reviews)))


def _not_started(rule: RuleKind) -> str:
    if rule is RuleKind.CONSENT:
        return _("Behålls: samtycket gäller.")
    if rule is RuleKind.AFTER_CLOSING:
        return _("Behålls: ärendet är öppet.")
    if rule is RuleKind.BOOKKEEPING:
        return _("Behålls: räkenskapsåret är inte angivet. Ange när räkenskapsåret slutade.")
    return _("Behålls: kundrelationen pågår.")


def _absurd() -> UserError:
    return UserError(
        _("Gallringsfristen kan inte räknas ut."),
        stands=_("Inget har ändrats."),
        do=_("Ange ett rimligt datum och en frist på högst 100 år."),
        code=ExitCode.USAGE,
    )
