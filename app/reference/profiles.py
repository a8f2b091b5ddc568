"""Company profiles: what an organisation's own policy says about its processing, as data a vault can be started from.

A profile carries facts in the program's own words.  `section` names the heading of the policy where a fact is found,
`requirements` the numbered requirements it meets (see `app.reference.requirements`).
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

from app.domain.fields import Category
from app.domain.findings import Place, Weight
from app.domain.policy_facts import HoldsWhile
from app.domain.transfers import Transfer
from app.reference.reader import ResourceError, load

NAMES = ("itrace", "empty")
OWN_ADDITION = "Eget tillägg"
"""How a profile marks a value that the policy does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What every value of a profile has: a code, a title in both languages and where it comes from."""

    code: str
    title: str
    title_en: str
    section: str = ""
    requirements: tuple[str, ...] = ()

    def shown(self, language: str) -> str:
        """Return the title in `language`, `sv` or `en`."""
        return self.title_en if language == "en" else self.title

    @property
    def is_own_addition(self) -> bool:
        """Return whether the program adds it; the policy does not have it."""
        return self.section.startswith(OWN_ADDITION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller:
    """The controller.  A sole trader's number is a personal identity number, so it is left out."""

    name: str
    orgnr: str | None
    email: str
    phone: str | None
    website: str
    address_lines: tuple[str, ...]
    is_sole_trader: bool
    section: str
    requirements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """The data protection officer, with what to think of."""

    name: str
    email: str
    phone: str | None
    note: str
    section: str
    requirements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataCategory(Entry):
    """A category of personal data with the rule and the purposes that apply unless a datum says otherwise.

    The code is one of `app.domain.fields.Category`.
    """

    description: str
    description_en: str
    rule: str
    purposes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalBasis(Entry):
    """A legal basis of Art. 6.1 GDPR."""

    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose(Entry):
    """A purpose with its legal basis.  An objection to direct marketing is always granted (Art. 21.3 GDPR)."""

    legal_basis: str
    interest: str = ""
    interest_en: str = ""
    is_direct_marketing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Entry):
    """Where data come from.

    Attributes:
        kind: `subject` (the person gave it), `observed` or `third_party`.
        activity: The code of the activity that data from here belong to unless the office says otherwise.
        evidence: Codes of evidence, of which one must be on file before the data may be used.
        needs_notice: The person must be told within a month (Art. 14 GDPR).
    """

    kind: str
    activity: str
    evidence: tuple[str, ...] = ()
    needs_notice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient(Entry):
    """A category of recipients, or a named one within a category.

    Attributes:
        category: The code of the category that a named recipient is in; empty for a category.
        role: `processor`, `controller`, `joint` or `authority`; the office confirms it.
        country: Two letters; empty when the policy does not say and the office must find out.
        gets_notice: Is told about rectification, erasure and restriction (Art. 19 GDPR).
    """

    category: str
    role: str
    country: str = ""
    gets_notice: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Entry):
    """How long data are kept.  `kind` is relation_months, bookkeeping, after_closing, consent or none."""

    kind: str
    reason: str
    reason_en: str
    categories: tuple[Category, ...] = ()
    months: int | None = None
    years: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity(Entry):
    """A processing activity in the controller's record.  Source: Art. 30.1 GDPR."""

    purposes: tuple[str, ...]
    legal_basis: str
    subjects: tuple[str, ...]
    categories: tuple[Category, ...]
    recipients: tuple[str, ...]
    sources: tuple[str, ...]
    transfers: str
    transfers_en: str
    rule: str
    security: str
    is_automated: bool = False
    is_profiling: bool = False
    basis_note: str = ""
    notices: tuple[str, ...] = ()
    transfers_to: tuple[Transfer, ...] = ()
    logic: str = ""
    logic_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideSystem(Entry):
    """A system that somebody changes by hand after a rectification, an erasure or an opt-out."""

    categories: tuple[Category, ...]
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Entry):
    """A short text in both languages: a promise, a standard paragraph, a technique."""

    text: str
    text_en: str

    def words(self, language: str) -> str:
        """Return the text in `language`, `sv` or `en`."""
        return self.text_en if language == "en" else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Entry):
    """What people are told when data are collected, in one version, and where they are told."""

    version: str
    valid_from: date
    covers: tuple[str, ...]
    allows_marketing: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction(Entry):
    """Where the policy contradicts itself or the law, and what to do about it.

    Attributes:
        article: Where the law says so; empty when only the policy is at odds with itself.
        holds_while: What keeps it alive.
        valid_from: The first day it is one.
        place: Where it is mended.
        handled: What the program does meanwhile; empty when it can do nothing.
    """

    article: str
    weight: Weight
    holds_while: HoldsWhile
    valid_from: date
    place: Place
    finding: str
    finding_en: str
    why: str
    why_en: str
    suggestion: str
    suggestion_en: str
    handled: str
    handled_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One organisation's profile."""

    code: str
    title: str
    title_en: str
    policy_valid_from: date | None
    controller: Controller
    officer: Officer
    categories: tuple[DataCategory, ...]
    legal_bases: tuple[LegalBasis, ...]
    purposes: tuple[Purpose, ...]
    evidence: tuple[Entry, ...]
    sources: tuple[Source, ...]
    recipients: tuple[Recipient, ...]
    rules: tuple[Rule, ...]
    holds: tuple[Entry, ...]
    subject_groups: tuple[Entry, ...]
    activities: tuple[Activity, ...]
    outside_systems: tuple[OutsideSystem, ...]
    channels: tuple[Entry, ...]
    marketing_channels: tuple[Entry, ...]
    promises: tuple[Text, ...]
    notices: tuple[Notice, ...]
    announcements: tuple[Entry, ...]
    sites: tuple[Entry, ...]
    storage: tuple[Text, ...]
    storage_purposes: tuple[Entry, ...]
    third_party_storage: tuple[Text, ...]
    standard_texts: tuple[Text, ...]
    contradictions: tuple[Contradiction, ...]

    def title_of(self, code: str, language: str = "sv") -> str:
        """Return the title of a purpose, basis, source, recipient, rule, group or category, or the code itself."""
        parts = (*self.purposes, *self.legal_bases, *self.sources, *self.recipients, *self.rules, *self.subject_groups)
        for entry in (*parts, *self.categories):
            if entry.code == code:
                return entry.shown(language)
        return code


@cache
def profile(name: str) -> Profile:
    """Return the profile `name`, one of `NAMES`.

    Raises:
        FileNotFoundError: There is no such profile.
        ResourceError: The profile points at something it does not hold.
    """
    found = load(f"profiles/{name}.json", Profile)
    if problems := broken(found):
        raise ResourceError(f"profiles/{name}.json: {'; '.join(problems)}")
    return found


def broken(profile: Profile) -> tuple[str, ...]:
    """Return what is wrong inside the profile: codes used twice, and codes that point at nothing."""
    return (*_doubles(profile), *_dangling(profile), *_strangers(profile))


def _doubles(profile: Profile) -> list[str]:
    problems = []
    for name in Profile.__slots__:
        held = getattr(profile, name)
        codes = [entry.code for entry in held if hasattr(entry, "code")] if isinstance(held, tuple) else []
        problems += [f"{name}: {code} twice" for code in sorted({code for code in codes if codes.count(code) > 1})]
    return problems


def _dangling(profile: Profile) -> list[str]:
    used: list[tuple[str, str, tuple[str, ...]]] = []
    for category in profile.categories:
        used += [(category.code, "rules", (category.rule,)), (category.code, "purposes", category.purposes)]
    used += [(purpose.code, "legal_bases", (purpose.legal_basis,)) for purpose in profile.purposes]
    for source in profile.sources:
        used += [(source.code, "evidence", source.evidence), (source.code, "activities", (source.activity,))]
    used += [(named.code, "recipients", (named.category,)) for named in profile.recipients if named.category]
    for activity in profile.activities:
        used += [
            (activity.code, "purposes", activity.purposes),
            (activity.code, "legal_bases", (activity.legal_basis,)),
            (activity.code, "subject_groups", activity.subjects),
            (activity.code, "recipients", activity.recipients),
            (activity.code, "sources", activity.sources),
            (activity.code, "rules", (activity.rule,)),
            (activity.code, "notices", activity.notices),
            (activity.code, "categories", tuple(str(category) for category in activity.categories)),
        ]
    known = {table: {entry.code for entry in getattr(profile, table)} for _, table, _ in used}
    return [
        f"{owner}: no {code} in {table}" for owner, table, codes in used for code in codes if code not in known[table]
    ]


def _strangers(profile: Profile) -> list[str]:
    known = {str(category) for category in Category}
    return [
        f"categories: {category.code} is not known" for category in profile.categories if category.code not in known
    ]
