"""The record of processing activities keeps what Art. 30 asks for, and says who changed what."""

import dataclasses
import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from app.domain.audit import Action
from app.domain.errors import UserError
from app.domain.transfers import Safeguard, Transfer
from app.services import register, register_choices
from app.services.register import ActivityFacts
from db.models import Activity
from db.queries import register as queries
from db.store import Store
from tests.factories import NOW, make_source, make_subject
from tests.services.conftest import audited

FACTS = ActivityFacts(
    name="Kundträffar",
    purposes=("agreement", "Bjuda in till träffar"),
    legal_basis="legitimate_interest",
    basis_note="Träffar stärker relationen.",
    subjects=("customers",),
    categories=("customer",),
    recipients=("webhost",),
    transfers="Ingen känd.",
    security="Behörighet per roll.",
    review_on=dt.date(2027, 3, 1),
)


def test_a_new_activity_gets_a_code_of_its_own(store: Store) -> None:
    with store.write(NOW) as session:
        codes = [register.save_activity(session, None, FACTS).code for _number in range(3)]
    assert codes == ["kundtraffar", "kundtraffar_2", "kundtraffar_3"]


def test_what_was_saved_comes_back_the_same(store: Store) -> None:
    with store.write(NOW) as session:
        saved = register.save_activity(session, None, FACTS)
        assert register.facts_of(saved) == FACTS


def test_a_name_without_plain_letters_gets_a_code(store: Store) -> None:
    with store.write(NOW) as session:
        assert register.save_activity(session, None, dataclasses.replace(FACTS, name="–")).code == "activity"


def test_the_trail_names_the_changed_fields_with_before_and_after(store: Store) -> None:
    with store.write(NOW) as session:
        key = register.save_activity(session, None, FACTS).id
    changed = dataclasses.replace(FACTS, name="Möten", is_profiling=True, review_on=dt.date(2028, 3, 1))
    with store.write(NOW) as session:
        register.save_activity(session, key, changed)
    first, second = audited(store, Action.ACTIVITY_SAVED)
    assert "review_on" in first[1]["fields"]
    assert "changes" not in first[1]
    assert second[1] == {
        "code": "kundtraffar",
        "fields": ["is_profiling", "name", "review_on"],
        "changes": {
            "name": ["Kundträffar", "Möten"],
            "is_profiling": [False, True],
            "review_on": ["2027-03-01", "2028-03-01"],
        },
    }


def test_another_order_of_the_same_codes_is_no_change(store: Store) -> None:
    with store.write(NOW) as session:
        key = register.save_activity(session, None, dataclasses.replace(FACTS, recipients=("webhost", "google"))).id
        register.save_activity(session, key, dataclasses.replace(FACTS, recipients=("google", "webhost")))
        assert session.get_one(Activity, key).recipients == ["webhost", "google"]
    assert audited(store, Action.ACTIVITY_SAVED)[1][1]["fields"] == []


def test_the_trail_never_says_who_answers_for_an_activity(store: Store) -> None:
    with store.write(NOW) as session:
        key = register.save_activity(session, None, dataclasses.replace(FACTS, owner="Eva Lund")).id
    changed = dataclasses.replace(FACTS, owner="Bo Älm", joint_controllers="Cia Ek, cia@example.com", name="x" * 40_000)
    with store.write(NOW) as session:
        register.save_activity(session, key, changed)
    told = audited(store, Action.ACTIVITY_SAVED)[1][1]
    assert told["fields"] == ["joint_controllers", "name", "owner"]
    assert set(told["changes"]) == {"name"}
    assert max(map(len, told["changes"]["name"])) == 2_001


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "  "}, "name"),
        ({"purposes": ("", " ")}, "purposes"),
        ({"legal_basis": ""}, "legal_basis"),
        ({"subjects": ()}, "subjects"),
        ({"categories": ()}, "categories"),
    ],
)
def test_what_the_law_asks_for_cannot_be_left_out(store: Store, change: dict[str, object], field: str) -> None:
    facts = dataclasses.replace(FACTS, **change)  # type: ignore[arg-type]  # each case sets one field of its own kind
    assert set(register.problems(facts)) == {field}
    with store.write(NOW) as session, pytest.raises(UserError):
        register.save_activity(session, None, facts)
    assert audited(store, Action.ACTIVITY_SAVED) == []


def test_nothing_is_wrong_with_any_activity_of_the_profile(store: Store) -> None:
    with store.read() as session:
        wrong = {row.code: register.problems(register.facts_of(row)) for row in session.scalars(sa.select(Activity))}
    assert {code: found for code, found in wrong.items() if found} == {}


def test_there_is_something_to_choose_for_every_point(store: Store) -> None:
    with store.read() as session:
        found = register_choices.choosable(session)
    assert ("contract", "Art. 6.1 b – Avtal") in found.legal_bases
    assert ("customers", "Kunder") in found.subjects
    assert ("webhost", "Webbhotell") in found.recipients
    assert ("customer", "Kundinformation") in found.categories
    assert found.controller.startswith("iTrace")
    assert found.officer
    assert all((found.purposes, found.rules))


def test_the_lists_count_what_is_held(store: Store) -> None:
    with store.write(NOW) as session:
        make_subject(session, values={"email": "asa@example.com"})
        make_source(session, "Nyhetsbrev")
    with store.read() as session:
        by_activity, by_source = queries.data_counts(session)
        activities = {row.code: by_activity.get(row.id, 0) for row in queries.activities(session)}
        sources = [(row.name, by_source.get(row.id, 0)) for row in queries.sources(session)][:2]
        used = queries.activities_per_rule(session)
    assert activities["customer_admin"] == 2
    assert activities["quotes"] == 0
    assert sources == [("Kundregister", 2), ("Nyhetsbrev", 0)]
    assert sum(used.values()) == 14


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"transfers_to": (Transfer("US", "dpf"), Transfer("US", "clauses"))}, "två gånger"),
        ({"transfers_to": (Transfer("US", Safeguard.COMPELLING),), "transfers": " "}, "30.1 e"),
        ({"is_selling": True}, "profiler inte säljs"),
        ({"purposes": ("Sälja profiler till andra",)}, "Kryssa för det"),
    ],
    ids=["a country twice", "compelling without words", "selling without a reason", "selling not said"],
)
def test_what_art_30_and_the_policy_ask_for_must_be_said(store: Store, change: dict[str, Any], word: str) -> None:
    with pytest.raises(UserError) as caught, store.write(NOW) as session:
        register.save_activity(session, None, dataclasses.replace(FACTS, **change))
    assert word in caught.value.what + caught.value.do
    with store.read() as session:
        assert session.scalars(sa.select(Activity).where(Activity.name == FACTS.name)).all() == []
    assert audited(store, Action.ACTIVITY_SAVED) == []
