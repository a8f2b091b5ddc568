"""Gathers what the policy check judges.  Reads only; data are counted by index, and only where something is missing behind them."""

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from app.domain import ground
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
from app.services import organisation
from app.services.organisation import LEGITIMATE_INTEREST
from app.services.outside import NOT_YET
from app.services.register import transfers_of
from db.models import Activity, Notice, Recipient, RetentionRule, Source
from db.queries import due, trail
from db.queries import register as queries

THIRD_PARTY = "third_party"


def gather(session: Session, *, now: dt.datetime, today: dt.date, is_counted: bool = True) -> PolicyFacts:
    """Return what the vault says about itself today.

    Args:
        session: Any session.
        now: The time, for the clocks of incidents.
        today: The day.
        is_counted: Count the data that lack their ground; else 1 stands for any, which is enough to judge by.
    """
    register = _Register(session)
    backup_at = trail.last_backup(session)
    late = due.everything(session, today=today, until=today - dt.timedelta(days=1))
    return PolicyFacts(
        today=today,
        controller=_party(organisation.fact(session, organisation.CONTROLLER)),
        officer=_party(organisation.fact(session, organisation.OFFICER)),
        activities=register.activity_facts(is_counted=is_counted),
        recipients=register.recipient_facts(),
        sources=register.source_facts(is_counted=is_counted),
        rules=register.rule_facts(),
        notices=tuple(map(_notice, queries.notices(session))),
        contradictions=tuple(
            ContradictionFact(code=one.code, holds_while=one.holds_while, valid_from=one.valid_from)
            for one in register.profile.contradictions
        ),
        bookkeeping_months=periods(today).bookkeeping_years * 12,
        backup_on=in_stockholm(backup_at).date() if backup_at is not None else None,
        late_requests=len(late["requests"]),
        late_contacts=due.late_contacts(session, today=today),
        late_incidents=sum(one["target"] < now for one in late["incidents"]),
        late_holds=len(late["holds"]),
    )


class _Register:
    """The register and the profile it came from, read once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.profile = organisation.profile_of(session)
        self._activities = queries.activity_list(session)
        self._recipients = queries.recipients(session)
        self._sources = queries.source_list(session)
        self._rules = queries.rules(session)
        self._kinds: dict[int | None, str] = {rule.id: rule.kind for rule in self._rules}
        self._countries = {row.code: row.country for row in self._recipients if row.country and _is_met(row)}
        self._marketing = {entry.code for entry in self.profile.purposes if entry.is_direct_marketing}

    def activity_facts(self, *, is_counted: bool) -> tuple[ActivityFact, ...]:
        lacking = [row.id for row in self._activities if self._lacks(row)]
        counts = queries.groundless(self._session, lacking) if is_counted else dict.fromkeys(lacking, 1)
        return tuple(self._activity(row, counts.get(row.id, 0)) for row in self._activities)

    def _lacks(self, row: Activity) -> tuple[str, ...]:
        return ground.missing(
            purposes=row.purposes, legal_basis=row.legal_basis, rule_kind=self._kinds.get(row.rule_id)
        )

    def _activity(self, row: Activity, data: int) -> ActivityFact:
        return ActivityFact(
            code=row.code,
            name=row.name,
            section=row.section,
            requirements=tuple(row.requirements),
            purposes=tuple(row.purposes),
            new_purposes=self._new_purposes(row),
            legal_basis=row.legal_basis,
            interest=row.interest,
            balancing=row.balancing,
            compatibility_note=row.compatibility_note,
            subjects=tuple(row.subjects),
            categories=tuple(row.categories),
            recipients=tuple(row.recipients),
            transfers=transfers_of(row),
            transfers_note=row.transfers,
            countries=frozenset(self._countries[code] for code in row.recipients if code in self._countries),
            rule_kind=self._kinds.get(row.rule_id),
            security=row.security,
            is_automated=row.is_automated,
            is_profiling=row.is_profiling,
            is_selling=row.is_selling,
            logic=row.logic,
            is_marketing=bool(self._marketing & set(row.purposes)),
            rests_on_interest=row.legal_basis == LEGITIMATE_INTEREST,
            notices=tuple(row.notices),
            dpia=row.dpia,
            owner=row.owner,
            review_on=row.review_on,
            data=data,
        )

    def _new_purposes(self, row: Activity) -> tuple[str, ...]:
        """Return the purposes that came after the data were first collected (R19).

        Of an activity of the policy, those that the policy does not name for it.  Of the office's own, all of them when it uses
        a source whose data were collected for another activity.
        """
        first = next((entry.purposes for entry in self.profile.activities if entry.code == row.code), None)
        if first is not None:
            return tuple(code for code in row.purposes if code not in first)
        others = {source.code for source in self._sources if source.activity_id not in (None, row.id)}
        return tuple(row.purposes) if others & set(row.sources) else ()

    def recipient_facts(self) -> tuple[RecipientFact, ...]:
        used = {code for row in self._activities for code in row.recipients}
        named = {row.category for row in self._recipients if row.code in used}
        kinds = {row.category for row in self._recipients} | {entry.code for entry in self.profile.recipients}
        return tuple(
            RecipientFact(
                code=row.code,
                name=row.name,
                section=row.section,
                requirements=tuple(row.requirements),
                role=row.role,
                country=row.country,
                agreement_on=row.agreement_on,
                is_used=row.code in used and _is_met(row),
                is_category=not row.category and row.code in kinds,
                has_named=row.code in named,
            )
            for row in self._recipients
        )

    def source_facts(self, *, is_counted: bool) -> tuple[SourceFact, ...]:
        wanted = {entry.code for entry in self.profile.sources if entry.evidence}
        session = self._session
        groundless = (
            queries.without_activity(session) if is_counted else dict.fromkeys(queries.with_groundless(session), 1)
        )
        return tuple(_source(row, row.code in wanted, groundless.get(row.id, 0)) for row in self._sources)

    def rule_facts(self) -> tuple[RuleFact, ...]:
        """Return the rules; what the policy promises for one is the length that its profile gives it."""
        promised = {entry.code: entry.months for entry in self.profile.rules if not entry.is_own_addition}
        return tuple(_rule(row, promised.get(row.code) if row.section else None) for row in self._rules)


def _party(fact: dict[str, Any]) -> Party:
    return Party(
        name=str(fact.get("name") or ""),
        email=str(fact.get("email") or ""),
        has_address=bool(fact.get("address_lines")),
    )


def _is_met(row: Recipient) -> bool:
    """Return whether a recipient is one already: a new owner is none until the office writes whom to reach."""
    return row.code != NOT_YET or bool(row.contact)


def _source(row: Source, evidence_wanted: bool, groundless: int) -> SourceFact:
    return SourceFact(
        code=row.code,
        name=row.name,
        section=row.section,
        requirements=tuple(row.requirements),
        evidence_wanted=evidence_wanted,
        evidence=row.evidence,
        is_third_party=row.kind == THIRD_PARTY,
        told_on=row.told_on,
        groundless=groundless,
    )


def _rule(row: RetentionRule, promised_months: int | None) -> RuleFact:
    return RuleFact(
        code=row.code,
        title=row.title,
        section=row.section,
        requirements=tuple(row.requirements),
        kind=row.kind,
        months=row.months,
        promised_months=promised_months,
    )


def _notice(row: Notice) -> NoticeFact:
    return NoticeFact(
        code=row.code,
        title=row.title,
        section=row.section,
        requirements=tuple(row.requirements),
        valid_from=row.valid_from,
        covers=frozenset(row.covers),
        allows_marketing=row.allows_marketing,
        has_text=bool(row.text.strip()),
        settles=frozenset(row.settles),
    )
