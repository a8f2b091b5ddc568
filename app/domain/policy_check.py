"""The policy check: from what a vault says about itself to what its policy or the law does not bear.  Pure; the words are data."""

from collections.abc import Callable, Iterator

from app.domain import ground
from app.domain.findings import Finding
from app.domain.policy_facts import (
    ActivityFact,
    ContradictionFact,
    HoldsWhile,
    NoticeFact,
    PolicyFacts,
    RecipientFact,
    RuleFact,
    SourceFact,
)
from app.domain.retention import RuleKind
from app.domain.transfers import unprotected

TOLD = ("controller", "contact", "purposes", "retention", "rights")
"""What people must be told when their data are collected.  Source: Art. 13.1 and 13.2 GDPR; the policy's R13 and R20."""
BACKUP_DAYS = 7
CREDIT_CHECK = "credit_check"
POLICY = "policy"
"""The notice that is the policy itself."""


def judge(facts: PolicyFacts) -> tuple[Finding, ...]:
    """Return every finding: first the policy's own contradictions, then the vault as a whole, then row by row.

    Source: Art. 5.2 and 30.1 GDPR; the policy's promises R1 to R80.
    """
    found = [*_contradictions(facts), *_vault(facts)]
    for activity in facts.activities:
        found += _activity(activity, facts)
    for recipient in facts.recipients:
        found += _recipient(recipient)
    for source in facts.sources:
        found += _source(source)
    for rule in facts.rules:
        found += _rule(rule, facts.bookkeeping_months)
    used = {code for activity in facts.activities for code in activity.notices}
    found += [_of("notice_text_missing", row) for row in facts.notices if row.code in used and not row.has_text]
    return tuple(found)


def is_same_party(facts: PolicyFacts) -> bool:
    """Return whether officer and controller seem to be one: the same address, or a name that holds the other.

    Source: Art. 38.6 GDPR; the policy's R59.
    """
    controller, officer = facts.controller, facts.officer
    if controller.email and controller.email.casefold() == officer.email.casefold():
        return True
    name = controller.name.casefold().strip()
    return bool(name) and f" {name} " in f" {officer.name.casefold().strip()} "


def _contradictions(facts: PolicyFacts) -> Iterator[Finding]:
    settled = {code for notice in _in_force(facts) for code in notice.settles}
    for one in facts.contradictions:
        if one.valid_from <= facts.today and _still_holds(one, facts, settled):
            yield Finding(one.code, is_met=one.holds_while is HoldsWhile.MET, opens=_opens(one, facts))


def _still_holds(one: ContradictionFact, facts: PolicyFacts, settled: set[str]) -> bool:
    if one.holds_while in _FACTS:
        return _FACTS[one.holds_while](facts)
    return one.code not in settled and _IN_REGISTER[one.holds_while](facts)


def _has_category(facts: PolicyFacts, *wanted: str) -> bool:
    return any(code in activity.categories for activity in facts.activities for code in wanted)


def _undescribed_credit_checks(facts: PolicyFacts) -> list[str]:
    checks = [one for one in facts.activities if CREDIT_CHECK in one.purposes]
    return [one.code for one in checks if not one.logic.strip() and not one.is_automated]


def _opens(one: ContradictionFact, facts: PolicyFacts) -> str:
    return next(iter(_undescribed_credit_checks(facts)), "") if one.holds_while is HoldsWhile.CREDIT else POLICY


_FACTS: dict[HoldsWhile, Callable[[PolicyFacts], bool]] = {
    HoldsWhile.OFFICER: is_same_party,
    HoldsWhile.CREDIT: lambda facts: bool(_undescribed_credit_checks(facts)),
    HoldsWhile.MET: lambda _facts: True,
}
_IN_REGISTER: dict[HoldsWhile, Callable[[PolicyFacts], bool]] = {
    HoldsWhile.TEXT: lambda _facts: True,
    HoldsWhile.RECIPIENTS: lambda facts: any(one.recipients for one in facts.activities),
    HoldsWhile.LOGINS: lambda facts: _has_category(facts, "login"),
    HoldsWhile.BOOKKEEPING: lambda facts: any(one.rule_kind == RuleKind.BOOKKEEPING for one in facts.activities),
    HoldsWhile.WEB_IDS: lambda facts: _has_category(facts, "web_statistics", "ad_data"),
}


def _vault(facts: PolicyFacts) -> Iterator[Finding]:
    yield from _parties(facts)
    if facts.backup_on is None:
        yield Finding("backup_missing")
    elif (age := (facts.today - facts.backup_on).days) > BACKUP_DAYS:
        yield Finding("backup_old", count=age)
    for check in ("late_requests", "late_contacts", "late_incidents", "late_holds"):
        if count := getattr(facts, check):
            yield Finding(check, count=count)
    if count := sum(not (one.owner.strip() and one.review_on) for one in facts.activities):
        yield Finding("upkeep_unset", count=count)


def _parties(facts: PolicyFacts) -> Iterator[Finding]:
    controller, officer = facts.controller, facts.officer
    wanted = (("name", controller.name), ("address", controller.has_address), ("email", controller.email))
    if lacks := tuple(code for code, held in wanted if not held):
        yield Finding("controller_incomplete", lacks=lacks)
    if lacks := tuple(code for code, held in (("name", officer.name), ("email", officer.email)) if not held):
        yield Finding("officer_incomplete", lacks=lacks)
    is_told = any(one.holds_while is HoldsWhile.OFFICER for one in facts.contradictions)
    if not is_told and is_same_party(facts):
        yield Finding("officer_is_controller")


def _activity(one: ActivityFact, facts: PolicyFacts) -> Iterator[Finding]:
    if lacks := ground.missing(purposes=one.purposes, legal_basis=one.legal_basis, rule_kind=one.rule_kind):
        yield _of("ground_missing", one, lacks, count=one.data)
    if lacks := _article_30(one):
        yield _of("activity_incomplete", one, lacks)
    yield from _interest_and_purposes(one)
    yield from _information(one, _in_force(facts))
    yield from _decisions(one)
    if countries := unprotected(one.transfers, one.countries):
        yield _of("transfer_unprotected", one, countries)
    if one.review_on is not None and one.review_on < facts.today:
        yield _of("review_passed", one)


def _article_30(one: ActivityFact) -> tuple[str, ...]:
    points = (
        ("subjects", one.subjects),
        ("categories", one.categories),
        ("recipients", one.recipients),
        ("transfers", one.transfers or one.transfers_note.strip()),
        ("security", one.security.strip()),
    )
    return tuple(code for code, held in points if not held)


def _interest_and_purposes(one: ActivityFact) -> Iterator[Finding]:
    if one.rests_on_interest:
        texts = (("interest", one.interest), ("balancing", one.balancing))
        if lacks := tuple(code for code, text in texts if not text.strip()):
            yield _of("balancing_missing", one, lacks)
    if one.new_purposes and not one.compatibility_note.strip():
        yield _of("compatibility_missing", one)


def _information(one: ActivityFact, in_force: tuple[NoticeFact, ...]) -> Iterator[Finding]:
    shown = [notice for notice in in_force if notice.code in one.notices]
    told = {point for notice in shown for point in notice.covers}
    lacks = tuple(point for point in TOLD if point not in told) if shown else ("notice",)
    if lacks:
        yield _of("notice_missing", one, lacks)
    if one.is_marketing and not any(notice.allows_marketing for notice in shown):
        yield _of("marketing_notice_missing", one)


def _decisions(one: ActivityFact) -> Iterator[Finding]:
    if one.is_automated:
        yield _of("automated_decisions", one, () if one.logic.strip() else ("logic",))
    elif one.is_profiling and not one.logic.strip():
        yield _of("profiling_unexplained", one)
    if (one.is_automated or one.is_profiling or one.is_selling) and one.dpia not in ("not_needed", "done"):
        yield _of("dpia_missing", one, ("dpia_done",) if one.dpia == "needed" else ("dpia_judged",))
    if one.is_selling:
        yield _of("profiles_sold", one)


def _recipient(one: RecipientFact) -> Iterator[Finding]:
    if not one.is_used:
        return
    if one.is_category:
        if not one.has_named:
            yield _of("recipient_unnamed", one)
        return
    lacks = [code for code, held in (("role", one.role), ("country", one.country)) if not held]
    if one.role in ("processor", "joint") and one.agreement_on is None:
        lacks.append("agreement" if one.role == "processor" else "arrangement")
    if lacks:
        yield _of("recipient_incomplete", one, tuple(lacks))


def _source(one: SourceFact) -> Iterator[Finding]:
    if one.groundless:
        yield _of("data_without_activity", one, count=one.groundless)
    lacks = ["evidence"] if one.evidence_wanted and not one.evidence else []
    if one.is_third_party and one.told_on is None:
        lacks.append("told_on")
    if lacks:
        yield _of("source_incomplete", one, tuple(lacks))


def _rule(one: RuleFact, bookkeeping_months: int) -> Iterator[Finding]:
    months = one.months or 0
    if one.kind == RuleKind.BOOKKEEPING and 0 < months < bookkeeping_months:
        yield _of("bookkeeping_too_short", one, count=months)
    if one.promised_months is not None and months > one.promised_months:
        yield _of("kept_longer", one, count=months)


def _in_force(facts: PolicyFacts) -> tuple[NoticeFact, ...]:
    return tuple(notice for notice in facts.notices if notice.valid_from <= facts.today)


def _of(
    check: str,
    row: ActivityFact | RecipientFact | SourceFact | RuleFact | NoticeFact,
    lacks: tuple[str, ...] = (),
    *,
    count: int = 0,
) -> Finding:
    about = row.title if isinstance(row, RuleFact | NoticeFact) else row.name
    return Finding(check, row.code, about, row.section, row.requirements, lacks, count)
