"""The company profiles hold together."""

import copy
import json
from typing import Any

import pytest

from app.domain.channels import Channel, MarketingChannel
from app.domain.fields import Category
from app.domain.retention import RuleKind
from app.domain.subjects import HoldKind
from app.paths import resource
from app.reference import profiles, reader
from app.reference.profiles import Profile

REQUIREMENT_HOLDERS = ("promises", "purposes", "sources", "recipients", "rules", "activities", "categories", "notices")


def raw(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(resource(f"profiles/{name}.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def itrace() -> Profile:
    return profiles.profile("itrace")


@pytest.mark.parametrize("name", profiles.NAMES)
def test_a_profile_has_no_loose_ends(name: str) -> None:
    assert profiles.broken(profiles.profile(name)) == ()


@pytest.mark.parametrize("name", profiles.NAMES)
def test_a_profile_has_every_category_and_channel_of_the_program(name: str) -> None:
    profile = profiles.profile(name)
    assert [entry.code for entry in profile.categories] == [str(category) for category in Category]
    assert {entry.code for entry in profile.channels} == set(Channel)
    assert {entry.code for entry in profile.marketing_channels} == set(MarketingChannel)
    assert {entry.code for entry in profile.holds} == set(HoldKind)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda raw: raw["purposes"][0].update(legal_basis="whim"), "agreement: no whim in legal_bases"),
        (lambda raw: raw["activities"][0].update(rule="forever"), "customer_admin: no forever in rules"),
        (
            lambda raw: raw["activities"][0]["recipients"].append("neighbour"),
            "customer_admin: no neighbour in recipients",
        ),
        (lambda raw: raw["sources"][0].update(activity="none"), "agreement: no none in activities"),
        (lambda raw: raw["sources"][0].update(evidence=["rumour"]), "agreement: no rumour in evidence"),
        (lambda raw: raw["recipients"].append(raw["recipients"][0]), "recipients: webhost twice"),
        (lambda raw: raw["categories"][0].update(code="gossip"), "categories: gossip is not known"),
    ],
)
def test_a_loose_end_in_a_profile_is_found(change: Any, problem: str) -> None:
    broken = copy.deepcopy(raw("itrace"))
    change(broken)
    assert problem in profiles.broken(reader.build(Profile, broken, "itrace.json"))


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(FileNotFoundError):
        profiles.profile("nobody")


def test_a_sole_trader_has_no_corporate_number(itrace: Profile) -> None:
    assert itrace.controller.name == "iTrace"
    assert itrace.controller.is_sole_trader
    assert itrace.controller.orgnr is None


def test_every_value_from_the_policy_names_its_section_and_requirement(itrace: Profile) -> None:
    for table in REQUIREMENT_HOLDERS:
        for entry in getattr(itrace, table):
            assert entry.section, entry.code
            assert entry.requirements, entry.code


def test_every_named_recipient_of_the_policy_is_there(itrace: Profile) -> None:
    names = {entry.title for entry in itrace.recipients}
    for name in ("Payson", "Firmify", "Cool Company", "Bisnode", "Klarna", "Facebook", "Google", "Double.net"):
        assert name in names
    assert {"Adtraction Marketing AB", "Adrecord AB", "Tradedoubler AB", "Polismyndigheten", "Ny ägare"} <= names


def test_direct_marketing_rests_on_an_interest_or_consent_and_the_interest_is_spelled_out(itrace: Profile) -> None:
    marketing = {purpose.code for purpose in itrace.purposes if purpose.is_direct_marketing}
    assert {"marketing", "sales", "newsletter", "segmentation"} <= marketing
    for purpose in itrace.purposes:
        assert (purpose.legal_basis == "legitimate_interest") == bool(purpose.interest), purpose.code
        if purpose.is_direct_marketing:
            assert purpose.legal_basis in {"legitimate_interest", "consent"}


def test_the_retention_rules_are_those_of_the_policy_and_the_product(itrace: Profile) -> None:
    rules = {rule.code: rule for rule in itrace.rules}
    assert (rules["relation_60"].kind, rules["relation_60"].months) == ("relation_months", 60)
    assert (rules["bookkeeping_7"].kind, rules["bookkeeping_7"].years) == ("bookkeeping", 7)
    assert (rules["request_files"].kind, rules["request_files"].months) == ("after_closing", 24)
    assert (rules["incident_files"].kind, rules["incident_files"].months) == ("after_closing", 60)
    assert {rule.kind for rule in itrace.rules} == set(RuleKind)


def test_purchased_data_need_one_of_three_kinds_of_evidence(itrace: Profile) -> None:
    sources = {source.code: source for source in itrace.sources}
    assert set(sources["purchased"].evidence) == {"quote_request", "agreement", "consent_to_source"}
    assert sources["partner"].evidence == ("approval",)
    assert all(source.needs_notice for source in itrace.sources if source.kind == "third_party")


def test_the_record_of_processing_has_fourteen_activities_none_automated(itrace: Profile) -> None:
    assert len(itrace.activities) == 14
    assert not any(activity.is_automated for activity in itrace.activities)
    assert {activity.code for activity in itrace.activities if activity.is_profiling} == {"profiling", "advertising"}


def test_an_activity_rests_on_the_basis_of_one_of_its_purposes(itrace: Profile) -> None:
    basis = {purpose.code: purpose.legal_basis for purpose in itrace.purposes}
    for activity in itrace.activities:
        assert activity.legal_basis in {basis[code] for code in activity.purposes}, activity.code


def test_the_twelve_contradictions_each_come_with_a_suggestion(itrace: Profile) -> None:
    assert [entry.code for entry in itrace.contradictions] == [f"C{number}" for number in range(1, 13)]
    assert all(entry.finding and entry.suggestion and entry.section for entry in itrace.contradictions)


def test_titles_are_found_by_code_in_both_languages(itrace: Profile) -> None:
    assert itrace.title_of("bookkeeping", "en") == "Invoicing and bookkeeping"
    assert itrace.title_of("webhost") == "Webbhotell"
    assert itrace.title_of("unheard_of") == "unheard_of"


def test_the_empty_profile_says_nothing_about_any_company() -> None:
    empty = profiles.profile("empty")
    assert empty.controller.name == ""
    assert empty.promises == ()
    assert "itrace" not in json.dumps(raw("empty")).casefold()


@pytest.mark.parametrize("name", profiles.NAMES)
def test_what_an_extract_prints_is_there_in_english_too(name: str) -> None:
    profile = profiles.profile(name)
    assert [purpose.code for purpose in profile.purposes if bool(purpose.interest) != bool(purpose.interest_en)] == []
    assert all(rule.reason and rule.reason_en for rule in profile.rules)
    assert all(bool(category.description) == bool(category.description_en) for category in profile.categories)
    for table in ("categories", "legal_bases", "purposes", "sources", "recipients", "rules", "activities"):
        assert all(entry.title and entry.title_en for entry in getattr(profile, table)), table
