"""What a vault says about itself, as the policy check sees it.  Plain values: where they are stored is not known here."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from app.domain.transfers import Transfer


class HoldsWhile(StrEnum):
    """While what a contradiction of the policy still holds.  All but the last three end with a policy that mends it."""

    TEXT = "text"
    RECIPIENTS = "recipients"
    LOGINS = "logins"
    BOOKKEEPING = "bookkeeping"
    WEB_IDS = "web_ids"
    OFFICER = "officer"
    CREDIT = "credit"
    MET = "met"


NOT_BY_TEXT = frozenset({HoldsWhile.OFFICER, HoldsWhile.CREDIT, HoldsWhile.MET})
"""What no new version of the policy ends: it is the facts that must change."""


@dataclass(frozen=True, kw_only=True)
class ContradictionFact:
    """A known contradiction of the policy that the vault was started from.

    Attributes:
        code: `C1` to `C12`.
        holds_while: What keeps it alive.
        valid_from: The first day it is one, such as the day an authority changed its name.
    """

    code: str
    holds_while: HoldsWhile
    valid_from: dt.date


@dataclass(frozen=True, kw_only=True)
class ActivityFact:
    """One row of the register.

    Attributes:
        new_purposes: Purposes that came after the data were first collected.
        transfers_note: What is said about transfers in words.
        rule_kind: What its retention rule counts from; None when it has no rule.
        countries: Where its recipients are.
        is_marketing: One of its purposes is direct marketing.
        rests_on_interest: One of its purposes rests on Art. 6.1 f.
        data: How many data it has; counted only when something is missing behind them.
    """

    code: str
    name: str
    section: str = ""
    requirements: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    new_purposes: tuple[str, ...] = ()
    legal_basis: str = ""
    interest: str = ""
    balancing: str = ""
    compatibility_note: str = ""
    subjects: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    transfers_note: str = ""
    countries: frozenset[str] = frozenset()
    rule_kind: str | None = None
    security: str = ""
    is_automated: bool = False
    is_profiling: bool = False
    is_selling: bool = False
    logic: str = ""
    is_marketing: bool = False
    rests_on_interest: bool = False
    notices: tuple[str, ...] = ()
    dpia: str = ""
    owner: str = ""
    review_on: dt.date | None = None
    data: int = 0


@dataclass(frozen=True, kw_only=True)
class RecipientFact:
    """One recipient.

    Attributes:
        is_used: An activity names it.
        is_category: It is no name but a kind of recipient.
        has_named: Somebody is named in the category.
    """

    code: str
    name: str
    section: str = ""
    requirements: tuple[str, ...] = ()
    role: str = ""
    country: str = ""
    agreement_on: dt.date | None = None
    is_used: bool = True
    is_category: bool = False
    has_named: bool = False


@dataclass(frozen=True, kw_only=True)
class SourceFact:
    """One source.

    Attributes:
        evidence_wanted: Data from here may be used only with evidence on file.
        is_third_party: Somebody else than the person gave the data.
        groundless: How many data from here belong to no activity.
    """

    code: str
    name: str
    section: str = ""
    requirements: tuple[str, ...] = ()
    evidence_wanted: bool = False
    evidence: str = ""
    is_third_party: bool = False
    told_on: dt.date | None = None
    groundless: int = 0


@dataclass(frozen=True, kw_only=True)
class RuleFact:
    """One retention rule, and how long the policy promises for it; None when it promises nothing."""

    code: str
    title: str
    section: str = ""
    requirements: tuple[str, ...] = ()
    kind: str = ""
    months: int | None = None
    promised_months: int | None = None


@dataclass(frozen=True, kw_only=True)
class NoticeFact:
    """One version of what people are told.

    Attributes:
        covers: What it tells about.
        settles: The contradictions that its text has put right.
    """

    code: str
    title: str
    section: str = ""
    requirements: tuple[str, ...] = ()
    valid_from: dt.date
    covers: frozenset[str] = frozenset()
    allows_marketing: bool = False
    has_text: bool = True
    settles: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Party:
    """The controller or the officer."""

    name: str = ""
    email: str = ""
    has_address: bool = False


@dataclass(frozen=True, kw_only=True)
class PolicyFacts:
    """Everything that is judged.

    Attributes:
        today: The day to judge on.
        bookkeeping_months: The length of the accounting duty.
        backup_on: The day of the last backup; None when there is none.
        late_requests: Requests past their last day without an answer.
        late_contacts: Requests past the day when the officer had promised to be in touch.
        late_incidents: Incidents past 72 hours that are to be notified, or that nobody has decided about.
        late_holds: Stops on erasing that should have been looked at again.
    """

    today: dt.date
    controller: Party = Party()
    officer: Party = Party()
    activities: tuple[ActivityFact, ...] = ()
    recipients: tuple[RecipientFact, ...] = ()
    sources: tuple[SourceFact, ...] = ()
    rules: tuple[RuleFact, ...] = ()
    notices: tuple[NoticeFact, ...] = ()
    contradictions: tuple[ContradictionFact, ...] = ()
    bookkeeping_months: int = 84
    backup_on: dt.date | None = None
    late_requests: int = 0
    late_contacts: int = 0
    late_incidents: int = 0
    late_holds: int = 0
