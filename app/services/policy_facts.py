"""Gathers what the policy check judges.  Reads only; counts data by index, and only where something is missing behind them."""

import datetime as dt
from collections import defaultdict
from typing import Any

from sqlalchemy.orm import Session

from app.domain import ground
from app.domain.audit import Action
from app.domain.breach import in_stockholm
from app.domain.policy_facts import (
    ActivityFact,
    ContradictionFact,
    NoticeFact,
    Party,
    PolicyFacts,
    RecipientFact,
    RuleFact,
    SourceFact,
)
from app.reference.periods import periods
from app.reference.profiles import Profile
from app.services import organisation
from app.services.outside import NOT_YET
from app.services.register import transfers_of
from db.models import Activity, Notice, Recipient, RetentionRule, Source
from db.queries import due, trail
from db.queries import register as queries

THIRD_PARTY = "third_party"


def gather(session: Session, *, now: dt.datetime, today: dt.date) -> PolicyFacts:
    """Return what the vault says about itself today."""
    profile = organisation.profile_of(session)
    rules, recipients = queries.rules(session), queries.recipients(session)
    backup_at = trail.last_at(session, Action.BACKUP_MADE)
    rows = queries.activity_list(session)
    late = due.everything(session, today=today, until=today - dt.timedelta(days=1))
    return PolicyFacts(
        today=today,
        controller=_party(organisation.fact(session, organisation.CONTROLLER)),
        officer=_party(organisation.fact(session, organisation.OFFICER)),
        activities=_activities(session, rows, rules, recipients, profile),
        recipients=_recipients(recipients, rows),
        sources=_sources(session, profile),
        rules=_rules(rules, profile),
        notices=tuple(map(_notice, queries.notices(session))),
        contradictions=tuple(
            ContradictionFact(code=one.code, holds_while=one.holds_while, valid_from=one.valid_from)
            for one in profile.contradictions
        ),
        bookkeeping_months=periods(today).bookkeeping_years * 12,
        backup_on=in_stockholm(backup_at).date() if backup_at is not None else None,
        late_requests=len(late["requests"]),
        late_contacts=due.late_contacts(session, today=today),
        late_incidents=sum(one["target"] < now for one in late["incidents"]),
        late_holds=len(late["holds"]),
    )


def _party(fact: dict[str, Any]) -> Party:
    return Party(
        name=str(fact.get("name") or ""),
        email=str(fact.get("email") or ""),
        has_address=bool(fact.get("address_lines")),
    )


def _activities(
    session: Session,
    rows: list[Activity],
    rules: list[RetentionRule],
    recipients: list[Recipient],
    profile: Profile,
) -> tuple[ActivityFact, ...]:
    kinds: dict[int | None, str] = {rule.id: rule.kind for rule in rules}
    countries = {row.code: row.country for row in recipients if row.country and row.code != NOT_YET}
    marketing = {entry.code for entry in profile.purposes if entry.is_direct_marketing}
    new = _new_purposes(queries.source_list(session), rows, profile)
    lacking = [
        row.id
        for row in rows
        if ground.missing(purposes=row.purposes, legal_basis=row.legal_basis, rule_kind=kinds.get(row.rule_id))
    ]
    counts = queries.groundless(session, lacking)
    return tuple(
        ActivityFact(
            code=row.code,
            name=row.name,
            section=row.section,
            purposes=tuple(row.purposes),
            new_purposes=new[row.id],
            legal_basis=row.legal_basis,
            interest=row.interest,
            balancing=row.balancing,
            compatibility_note=row.compatibility_note,
            subjects=tuple(row.subjects),
            categories=tuple(row.categories),
            recipients=tuple(row.recipients),
            transfers=transfers_of(row),
            transfers_note=row.transfers,
            countries=frozenset(countries[code] for code in row.recipients if code in countries),
            rule_kind=kinds.get(row.rule_id),
            security=row.security,
            is_automated=row.is_automated,
            is_profiling=row.is_profiling,
            is_selling=row.is_selling,
            logic=row.logic,
            is_marketing=bool(marketing & set(row.purposes)),
            rests_on_interest=row.legal_basis == organisation.LEGITIMATE_INTEREST,
            notices=tuple(row.notices),
            dpia=row.dpia,
            owner=row.owner,
            review_on=row.review_on,
            data=counts.get(row.id, 0),
        )
        for row in rows
    )


def _new_purposes(sources: list[Source], rows: list[Activity], profile: Profile) -> dict[int, tuple[str, ...]]:
    """Return the purposes that came after the data were first collected (R19).

    Of an activity of the policy, those that the policy does not name for it.  Of the office's own, all, when it uses a source
    whose data were collected for another activity.
    """
    first = {entry.code: entry.purposes for entry in profile.activities}
    owners = {source.code: source.activity_id for source in sources}
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for row in rows:
        if row.code in first:
            found[row.id] = tuple(code for code in row.purposes if code not in first[row.code])
        elif any(owners.get(code) not in (None, row.id) for code in row.sources):
            found[row.id] = tuple(row.purposes)
    return found


def _recipients(recipients: list[Recipient], activities: list[Activity]) -> tuple[RecipientFact, ...]:
    used = {code for row in activities for code in row.recipients}
    named = {row.category for row in recipients if row.category and row.code in used}
    kinds = {row.category for row in recipients if row.category}
    return tuple(
        RecipientFact(
            code=row.code,
            name=row.name,
            section=row.section,
            role=row.role,
            country=row.country,
            agreement_on=row.agreement_on,
            is_used=row.code in used and (row.code != NOT_YET or bool(row.contact)),
            is_category=not row.category and (row.code in kinds or bool(row.section)),
            has_named=row.code in named,
        )
        for row in recipients
    )


def _sources(session: Session, profile: Profile) -> tuple[SourceFact, ...]:
    wanted = {entry.code for entry in profile.sources if entry.evidence}
    groundless = queries.without_activity(session)
    return tuple(_source(row, row.code in wanted, groundless.get(row.id, 0)) for row in queries.source_list(session))


def _source(row: Source, evidence_wanted: bool, groundless: int) -> SourceFact:
    return SourceFact(
        code=row.code,
        name=row.name,
        section=row.section,
        evidence_wanted=evidence_wanted,
        evidence=row.evidence,
        is_third_party=row.kind == THIRD_PARTY,
        told_on=row.told_on,
        groundless=groundless,
    )


def _rules(rules: list[RetentionRule], profile: Profile) -> tuple[RuleFact, ...]:
    """Return the rules; what the policy promises for one is the length that its profile gives it."""
    promised = {entry.code: entry.months for entry in profile.rules if entry.section and not entry.is_own_addition}
    return tuple(
        RuleFact(
            code=row.code,
            title=row.title,
            section=row.section,
            kind=row.kind,
            months=row.months,
            promised_months=promised.get(row.code),
        )
        for row in rules
    )


def _notice(row: Notice) -> NoticeFact:
    return NoticeFact(
        code=row.code,
        title=row.title,
        section=row.section,
        valid_from=row.valid_from,
        covers=frozenset(row.covers),
        allows_marketing=row.allows_marketing,
        has_text=bool(row.text.strip()),
        settles=frozenset(row.settles),
    )
