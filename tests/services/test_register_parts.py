"""Sources, recipients, rules and texts can be added and changed; what is used cannot be removed, and the refusal says why."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.errors import UserError
from app.services import register, register_parts
from app.services.register_parts import NoticeFacts, RecipientFacts, RuleFacts, SourceFacts
from db.models import Activity, Datum, Identifier, ImportBatch, Notice, Recipient, RetentionRule, Source
from db.store import Store
from tests.factories import NOW, make_datum, make_source, make_subject
from tests.services.conftest import audited

DAY = dt.date(2026, 11, 22)
SOURCE = SourceFacts(name="Kassasystem", kind="own")
RECIPIENT = RecipientFacts(name="Molnet AB", role="processor", category="webhost", country="SE", agreement_on=DAY)
RULE = RuleFacts(title="Två år", kind="after_closing", months=24)
NOTICE = NoticeFacts(title="Policy", version="2", valid_from=DAY, covers=("rights",), settles=("C1",))
PARTS: dict[str, tuple[Callable[..., Any], Callable[..., Any], Any, type[Any], Action, Action]] = {
    "source": (
        register_parts.save_source,
        register_parts.remove_source,
        SOURCE,
        Source,
        Action.SOURCE_SAVED,
        Action.SOURCE_REMOVED,
    ),
    "recipient": (
        register_parts.save_recipient,
        register_parts.remove_recipient,
        RECIPIENT,
        Recipient,
        Action.RECIPIENT_SAVED,
        Action.RECIPIENT_REMOVED,
    ),
    "rule": (
        register_parts.save_rule,
        register_parts.remove_rule,
        RULE,
        RetentionRule,
        Action.RULE_SAVED,
        Action.RULE_REMOVED,
    ),
    "notice": (
        register_parts.save_notice,
        register_parts.remove_notice,
        NOTICE,
        Notice,
        Action.NOTICE_SAVED,
        Action.NOTICE_REMOVED,
    ),
}


def by_code(session: Session, model: type[Any], code: str) -> Any:
    return session.scalars(sa.select(model).where(model.code == code)).one()


def refused(store: Store, act: Callable[[Session], Any]) -> UserError:
    with store.write(NOW) as session, pytest.raises(UserError) as caught:
        act(session)
    assert caught.value.stands
    assert caught.value.do
    return caught.value


@pytest.mark.parametrize("part", PARTS)
def test_a_row_is_added_changed_and_removed_with_a_trace_each(store: Store, part: str) -> None:
    save, remove, facts, model, saved, removed = PARTS[part]
    name = "title" if hasattr(facts, "title") else "name"
    with store.write(NOW) as session:
        row = save(session, None, facts)
        key, held = row.id, {field: getattr(row, field) for field in dataclasses.asdict(facts)}
    assert {field: tuple(value) if isinstance(value, list) else value for field, value in held.items()} == (
        dataclasses.asdict(facts)
    )
    with store.write(NOW) as session:
        save(session, key, dataclasses.replace(facts, **{name: "Något annat"}))
        assert getattr(session.get_one(model, key), name) == "Något annat"
    with store.write(NOW) as session:
        remove(session, key)
        assert session.get(model, key) is None
    assert audited(store, saved)[-1][1]["changes"] == {name: [getattr(facts, name), "Något annat"]}
    assert audited(store, removed)[-1][1]["name"] == "Något annat"


@pytest.mark.parametrize(
    ("part", "change", "field"),
    [
        ("source", {"name": " "}, "name"),
        ("source", {"kind": "rumour"}, "kind"),
        ("recipient", {"name": ""}, "name"),
        ("recipient", {"role": "friend"}, "role"),
        ("recipient", {"country": "Mars"}, "country"),
        ("rule", {"title": ""}, "title"),
        ("rule", {"kind": "whim"}, "kind"),
        ("rule", {"months": None}, "months"),
        ("rule", {"months": 0}, "months"),
        ("rule", {"months": 1201}, "months"),
        ("rule", {"kind": "consent"}, "months"),
        ("notice", {"title": ""}, "title"),
        ("notice", {"version": " "}, "version"),
        ("notice", {"valid_from": None}, "valid_from"),
    ],
)
def test_what_is_wrong_is_said_by_its_field_and_not_stored(
    store: Store, part: str, change: dict[str, object], field: str
) -> None:
    save, _remove, facts, _model, saved, _removed = PARTS[part]
    wrong = dataclasses.replace(facts, **change)
    assert list(getattr(register_parts, f"{part}_problems")(wrong)) == [field]
    refused(store, lambda session: save(session, None, wrong))
    assert audited(store, saved) == []


def test_two_sources_cannot_have_one_name(store: Store) -> None:
    wrong = refused(store, lambda session: register_parts.save_source(session, None, SourceFacts(name="E-post ")))
    assert "redan" in wrong.what
    with store.write(NOW) as session:
        row = by_code(session, Source, "email")
        register_parts.save_source(session, row.id, SourceFacts(name="E-post", kind="subject"))


@pytest.mark.parametrize(
    ("code", "category"),
    [("webhost", "webhost"), ("klarna", "payson"), ("klarna", "nobody"), ("payment", "webhost")],
    ids=["itself", "a named one", "unknown", "a category with names under it"],
)
def test_a_category_is_one_that_stands_by_itself(store: Store, code: str, category: str) -> None:
    def act(session: Session) -> None:
        row = by_code(session, Recipient, code)
        register_parts.save_recipient(session, row.id, RecipientFacts(name="x", role="controller", category=category))

    refused(store, act)


@pytest.mark.parametrize(
    ("model", "remove", "code", "who"),
    [
        (Source, register_parts.remove_source, "purchased", "Nyhetsbrev och direktmarknadsföring"),
        (Recipient, register_parts.remove_recipient, "klarna", "Köp, fakturering och bokföring"),
        (RetentionRule, register_parts.remove_rule, "relation_60", "Kundadministration"),
        (Notice, register_parts.remove_notice, "marketing", "Profilering och segmentering"),
    ],
)
def test_what_an_activity_names_cannot_be_removed(
    store: Store, model: type[Any], remove: Callable[..., None], code: str, who: str
) -> None:
    wrong = refused(store, lambda session: remove(session, by_code(session, model, code).id))
    assert who in wrong.what
    with store.read() as session:
        assert by_code(session, model, code) is not None


def test_a_category_with_names_under_it_cannot_be_removed(store: Store) -> None:
    def act(session: Session) -> None:
        session.execute(sa.update(Activity).values(recipients=[]))
        register_parts.remove_recipient(session, by_code(session, Recipient, "payment").id)

    assert "namngivna" in refused(store, act).what


def test_a_source_that_holds_data_cannot_be_removed(store: Store) -> None:
    with store.write(NOW) as session:
        key = register_parts.save_source(session, None, SOURCE).id
        subject = make_subject(session)
        make_datum(session, subject, "email", "a@example.com", source=session.get_one(Source, key), activity="quotes")
    assert "spårbarheten" in refused(store, lambda session: register_parts.remove_source(session, key)).what
    with store.write(NOW) as session:
        session.execute(sa.update(Datum).where(Datum.source_id == key).values(activity_id=None))
    refused(store, lambda session: register_parts.remove_source(session, key))
    with store.write(NOW) as session:
        session.execute(sa.delete(Datum).where(Datum.source_id == key))
    assert "Något annat" in refused(store, lambda session: register_parts.remove_source(session, key)).what
    with store.write(NOW) as session:
        session.execute(sa.delete(Identifier).where(Identifier.source_id == key))
        register_parts.remove_source(session, key)


def test_a_source_that_was_imported_cannot_be_removed_when_its_data_are_gone(store: Store) -> None:
    with store.write(NOW) as session:
        key = register_parts.save_source(session, None, SOURCE).id
        counts = dict.fromkeys(("imported", "updated", "unchanged", "rejected"), 0)
        session.add(
            ImportBatch(source_id=key, imported_at=NOW, imported_by="Eva", file_digest="", mapping=[], **counts)
        )
    refused(store, lambda session: register_parts.remove_source(session, key))


def test_the_rule_of_a_category_and_the_laws_own_rules_stay(store: Store) -> None:
    with store.write(NOW) as session:
        session.execute(sa.update(Activity).values(rule_id=None))
    statistics = refused(
        store, lambda session: register_parts.remove_rule(session, by_code(session, RetentionRule, "statistics").id)
    )
    assert "Webbstatistik" in statistics.what
    law = refused(
        store, lambda session: register_parts.remove_rule(session, by_code(session, RetentionRule, "bookkeeping_7").id)
    )
    assert "Bokföringslagen" in law.what


def test_the_laws_own_rule_cannot_be_made_another_kind_unless_there_is_a_second(store: Store) -> None:
    def change(session: Session) -> None:
        row = by_code(session, RetentionRule, "bookkeeping_7")
        register_parts.save_rule(session, row.id, RuleFacts(title="Sju år", kind="relation_months", months=84))

    refused(store, change)
    with store.write(NOW) as session:
        register_parts.save_rule(session, None, RuleFacts(title="Räkenskaper", kind="bookkeeping", months=84))
        change(session)


def test_an_activity_with_data_or_sources_cannot_be_removed(store: Store) -> None:
    with store.write(NOW) as session:
        make_subject(session)
        make_source(session, "Offertlistan", activity="quotes")
        keys = {code: by_code(session, Activity, code).id for code in ("customer_admin", "quotes", "development")}
    held = refused(store, lambda session: register.remove_activity(session, keys["customer_admin"]))
    assert "grund" in held.what
    assert "Offertlistan" in refused(store, lambda session: register.remove_activity(session, keys["quotes"])).what
    with store.write(NOW) as session:
        register.remove_activity(session, keys["development"])
        assert session.get(Activity, keys["development"]) is None
    assert audited(store, Action.ACTIVITY_REMOVED)[0][1]["code"] == "development"


def test_whom_to_reach_at_a_recipient_never_stands_in_the_trail(store: Store) -> None:
    with store.write(NOW) as session:
        key = register_parts.save_recipient(session, None, RECIPIENT).id
        changed = dataclasses.replace(RECIPIENT, contact="Åsa Öberg, asa@example.com")
        register_parts.save_recipient(session, key, changed)
    told = audited(store, Action.RECIPIENT_SAVED)[-1][1]
    assert told["fields"] == ["contact"]
    assert "changes" not in told


def test_a_register_cannot_be_removed_though_it_is_empty(store: Store) -> None:
    with store.write(NOW) as session:
        key = register_parts.save_source(session, None, SOURCE).id
        session.get_one(Source, key).is_register = True
    assert "spårbarheten" in refused(store, lambda session: register_parts.remove_source(session, key)).what
