"""The policy check: from a vault in order, each change gives exactly the findings it should, and no other."""

import dataclasses
import datetime as dt
import json
from typing import Any

import pytest

from app.domain import findings, ground, selling
from app.domain.findings import Finding, Place, State, Weight
from app.domain.policy_check import is_same_party, judge
from app.domain.policy_facts import (
    ActivityFact,
    ContradictionFact,
    HoldsWhile,
    NoticeFact,
    Party,
    PolicyFacts,
    RecipientFact,
    RuleFact,
    SourceFact,
)
from app.domain.transfers import Safeguard, Transfer, is_outside, label, unprotected
from tests.domain.vectors import Row, row_id, rows

TOLD = frozenset({"controller", "contact", "purposes", "retention", "rights"})
SALE = ActivityFact(
    code="sale",
    name="Försäljning",
    purposes=("sell",),
    legal_basis="contract",
    subjects=("customers",),
    categories=("customer",),
    recipients=("host",),
    transfers_note="Ingen känd.",
    rule_kind="relation_months",
    security="Behörighet per roll.",
    notices=("policy",),
    owner="Eva",
    review_on=dt.date(2027, 1, 1),
    data=7,
)
CREDIT = dataclasses.replace(
    SALE, code="credit", name="Kreditprövning", purposes=("credit_check",), logic="En människa."
)
IN_ORDER = PolicyFacts(
    today=dt.date(2026, 11, 22),
    controller=Party(name="Bolaget AB", email="info@example.se", has_address=True),
    officer=Party(name="Eva Lund", email="ombud@example.se"),
    activities=(SALE, CREDIT),
    recipients=(
        RecipientFact(code="host", name="Värden", role="processor", country="SE", agreement_on=dt.date(2026, 1, 1)),
    ),
    sources=(SourceFact(code="list", name="Listan"),),
    rules=(RuleFact(code="short", title="Kort", kind="relation_months", months=60, promised_months=60),),
    notices=(
        NoticeFact(code="policy", title="Policy", valid_from=dt.date(2018, 5, 25), covers=TOLD),
        NoticeFact(code="new", title="Ny", valid_from=dt.date(2020, 1, 1), covers=TOLD, has_text=False),
    ),
    backup_on=dt.date(2026, 11, 22),
)
DAYS = {"today", "backup_on", "review_on", "valid_from", "agreement_on", "told_on"}


def changed(facts: Any, path: str, value: Any) -> Any:
    """Return the facts with one value changed; the path names fields and places."""
    head, _dot, rest = path.partition(".")
    if isinstance(facts, tuple):
        at = int(head)
        return (*facts[:at], changed(facts[at], rest, value), *facts[at + 1 :])
    new = changed(getattr(facts, head), rest, value) if rest else read(head, value)
    return dataclasses.replace(facts, **{head: new})


def read(name: str, value: Any) -> Any:
    """Return a value of a vector as the facts hold it."""
    if name in DAYS:
        return dt.date.fromisoformat(value) if value else None
    if name == "transfers":
        return tuple(Transfer(*one) for one in value)
    if name == "contradictions":
        return tuple(
            ContradictionFact(code=code, holds_while=HoldsWhile(why), valid_from=dt.date.fromisoformat(day))
            for code, why, day in value
        )
    if isinstance(value, list):
        return frozenset(value) if name in ("covers", "settles", "countries") else tuple(value)
    return value


def written(finding: Finding) -> str:
    """Return a finding as the vectors write it."""
    text = finding.key + ("(met)" if finding.is_met else "")
    text += f">{finding.opens}" if finding.opens not in ("", "policy") else ""
    text += f"[{' '.join(finding.lacks)}]" if finding.lacks else ""
    return text + (f"({finding.count})" if finding.count else "")


@pytest.mark.parametrize("row", rows("policy_check"), ids=row_id)
def test_each_change_gives_its_findings_and_no_other(row: Row) -> None:
    facts = IN_ORDER
    for path, value in json.loads(row["change"]).items():
        facts = changed(facts, path, value)
    assert " ".join(map(written, judge(facts))) == row["found"], row["rule"]


def test_every_finding_says_whose_it_is() -> None:
    facts = changed(IN_ORDER, "activities.0.legal_basis", "")
    [found] = judge(
        dataclasses.replace(facts, activities=(dataclasses.replace(facts.activities[0], section="Säkerhet"),))
    )
    assert (found.about, found.section, found.key) == ("Försäljning", "Säkerhet", "ground_missing:sale")


def test_an_approval_stands_until_something_new_is_missing() -> None:
    assert findings.still_covers(("role", "country"), ("country",))
    assert findings.still_covers((), ())
    assert not findings.still_covers(("country",), ("country", "agreement"))


def test_a_controller_without_a_name_is_nobody_else() -> None:
    assert not is_same_party(dataclasses.replace(IN_ORDER, controller=Party(), officer=Party()))


def test_the_ground_is_purpose_basis_and_an_end() -> None:
    assert ground.missing(purposes=("a",), legal_basis="contract", rule_kind="consent") == ()
    assert ground.missing(purposes=(), legal_basis=" ", rule_kind="") == ("purpose", "basis", "retention")


@pytest.mark.parametrize(
    ("purpose", "is_selling"),
    [
        ("Försäljning av profiler till annonsörer", True),
        ("Profilen säljs vidare", True),
        ("Selling customer profiles", True),
        ("Sälja våra erbjudanden", False),
        ("Profilering för bättre service", False),
        ("", False),
    ],
)
def test_a_purpose_that_sells_profiles_is_known_by_its_words(purpose: str, is_selling: bool) -> None:
    assert selling.sounds_like_selling(purpose) is is_selling


def test_the_economic_area_is_inside_and_an_unknown_country_is_not_yet_outside() -> None:
    assert not any(is_outside(country) for country in ("SE", "NO", "LI", ""))
    assert is_outside("GB")
    assert unprotected((), frozenset({"", "GB"})) == ("GB",)


def test_every_code_has_its_own_words() -> None:
    assert len({label(safeguard) for safeguard in Safeguard}) == len(Safeguard)
    assert len({findings.label(weight) for weight in Weight}) == len(Weight)
    assert {state.value for state in State} == {"open", "approved", "met"}
    assert Place.ACTIVITY in Place
