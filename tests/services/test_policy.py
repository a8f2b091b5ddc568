"""The policy check of a real vault: findings come and go with its facts, and an approval has a reason, a name and an end."""

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.errors import UserError
from app.domain.findings import Place, State, Weight
from app.domain.subjects import HoldKind
from app.domain.transfers import Transfer
from app.i18n import language_as
from app.services import backup, extract_texts, founding, holds, organisation, policy, register, register_parts, vaults
from app.services.policy import Shown
from app.services.register_parts import NoticeFacts, RecipientFacts, RuleFacts, SourceFacts
from db.models import Activity, Datum, Deviation, Incident, Notice, Recipient, RetentionRule, Source
from db.store import Store
from tests.factories import NOW, TODAY, make_request, make_subject
from tests.services.conftest import CHEAPEST, audited


def found(store: Store, *, now: dt.datetime = NOW, today: dt.date = TODAY) -> dict[str, Shown]:
    with store.read() as session:
        return {one.key: one for one in policy.findings_of(session, now=now, today=today)}


def row(session: Session, model: type[Any], code: str) -> Any:
    return session.scalars(sa.select(model).where(model.code == code)).one()


def change(store: Store, code: str, **values: Any) -> None:
    with store.write(NOW) as session:
        activity = row(session, Activity, code)
        register.save_activity(session, activity.id, dataclasses.replace(register.facts_of(activity), **values))


def test_a_vault_from_the_policy_shows_all_twelve_contradictions(store: Store) -> None:
    shown = found(store)
    codes = [f"C{number}" for number in range(1, 13)]
    assert [code for code in codes if code not in shown] == []
    for code in codes:
        one = shown[code]
        assert (one.code, bool(one.section), bool(one.what), bool(one.why), bool(one.suggestion)) == (
            code, True, True, True, True,
        )  # fmt: skip
    assert {one.state for one in shown.values()} == {State.OPEN, State.MET}


def test_the_twelfth_is_met_because_every_reply_has_the_remedies(store: Store) -> None:
    one = found(store)["C12"]
    assert one.state is State.MET
    assert "IMY" in one.handled
    complaint = " ".join(extract_texts.complaint(TODAY, "Bolaget"))
    assert "Integritetsskyddsmyndigheten" in complaint
    assert "tingsrätt" in complaint


def test_the_law_comes_before_promises_and_what_is_open_before_the_rest(store: Store) -> None:
    with store.write(NOW) as session:
        policy.approve(session, "C4", reason="Rättas.", now=NOW, today=TODAY)
    order = [(list(State).index(one.state), list(Weight).index(one.weight)) for one in found(store).values()]
    assert order == sorted(order)


def test_a_vault_of_no_policy_has_no_contradictions_and_no_sections(tmp_path: Path) -> None:
    facts = founding.NewVault(passphrase="fem ord som ingen gissar", profile="empty", name="Tom AB", cost=CHEAPEST)
    vault, _key = founding.create(tmp_path / "Tom.ombud", facts, now=NOW)
    shown = found(vault.store)
    assert not any(key[0] == "C" and key[1:].isdigit() for key in shown)
    assert {one.section for one in shown.values()} == {""}
    assert {"controller_incomplete", "officer_incomplete", "backup_missing"} <= set(shown)
    vault.abandon()


def test_the_officer_being_another_than_the_controller_ends_the_sixth(store: Store) -> None:
    with store.write(NOW) as session:
        organisation.change_fact(session, organisation.OFFICER, {"name": "Eva Lund"})
    assert "C6" in found(store), "one address for both is one person still"
    with store.write(NOW) as session:
        organisation.change_fact(session, organisation.OFFICER, {"email": "eva@example.se"})
    assert "C6" not in found(store)


def test_a_new_version_of_the_policy_ends_what_it_puts_right_from_its_first_day(store: Store) -> None:
    day = dt.date(2027, 1, 1)
    new = NoticeFacts(title="Personuppgiftspolicy", version="2", valid_from=day, settles=("C1", "C9", "C11"))
    with store.write(NOW) as session:
        register_parts.save_notice(session, None, new)
    assert {"C1", "C9", "C11"} <= set(found(store))
    later = set(found(store, today=day))
    assert not {"C1", "C9", "C11"} & later
    assert {"C4", "C5"} <= later


def test_how_a_human_decides_ends_the_tenth_and_its_button_leads_there(store: Store) -> None:
    one = found(store)["C10"]
    assert (one.place, one.opens) == (Place.ACTIVITY, "credit_check")
    change(store, "credit_check", logic="En handläggare prövar varje nej.")
    assert "C10" not in found(store)


def test_an_activity_marked_as_automated_breaks_the_promise(store: Store) -> None:
    change(store, "credit_check", is_automated=True)
    one = found(store)["automated_decisions:credit_check"]
    assert one.requirements == ("R45",)
    assert one.title == "Kreditprövning fattar automatiska beslut"
    assert "C10" not in found(store), "said once"


def test_selling_profiles_needs_a_reason_and_is_found(store: Store) -> None:
    for values in ({"is_selling": True}, {"purposes": ("Försäljning av profiler",)}):
        with pytest.raises(UserError):
            change(store, "advertising", **values)
    assert "profiles_sold:advertising" not in found(store)
    change(store, "advertising", is_selling=True, selling_reason="Beslut av styrelsen.")
    one = found(store)["profiles_sold:advertising"]
    assert (one.weight, one.requirements, one.section) == (
        Weight.PROMISE,
        ("R67",),
        "Reklam och annonser: annonsörers persondata",
    )
    change(store, "advertising", is_selling=False)
    with store.read() as session:
        assert row(session, Activity, "advertising").selling_reason == ""


def test_what_lacks_its_ground_is_counted_by_activity_and_by_source(store: Store) -> None:
    with store.write(NOW) as session:
        make_subject(session, values={"email": "asa@example.com", "phone": "+46701740605"})
    assert not {key for key in found(store) if key.startswith(("ground", "data_"))}
    change(store, "customer_admin", rule_id=None)
    one = found(store)["ground_missing:customer_admin"]
    assert one.title == "Kundadministration saknar grund: gallringsregel"
    assert "Berörda uppgifter: 3." in one.why
    with store.write(NOW) as session:
        session.execute(sa.update(Datum).where(Datum.field != "name").values(activity_id=None))
    again = found(store)
    assert again["data_without_activity:kundregister"].title == "Kundregister har uppgifter utan behandling: 2"
    assert "Berörda uppgifter: 1." in again["ground_missing:customer_admin"].why
    with store.read() as session:
        assert policy.open_count(session, now=NOW, today=TODAY) == sum(
            one.state is State.OPEN for one in again.values()
        )


def test_a_new_purpose_asks_for_its_note(store: Store) -> None:
    with store.read() as session:
        purposes = tuple(row(session, Activity, "quotes").purposes)
    change(store, "quotes", purposes=(*purposes, "Bjuda in till träffar"))
    assert found(store)["compatibility_missing:quotes"].requirements == ("R19",)
    change(store, "quotes", compatibility_note="Den som bett om offert väntar sig det.")
    assert "compatibility_missing:quotes" not in found(store)


def test_an_activity_of_the_offices_own_that_uses_what_was_collected_for_another_asks_too(store: Store) -> None:
    facts = register.ActivityFacts(
        name="Träffar", purposes=("Bjuda in",), legal_basis="consent", subjects=("customers",), categories=("customer",), sources=("agreement",)
    )  # fmt: skip
    with store.write(NOW) as session:
        register.save_activity(session, None, facts)
    shown = found(store)
    assert {"compatibility_missing:traffar", "notice_missing:traffar", "activity_incomplete:traffar"} <= set(shown)
    assert shown["notice_missing:traffar"].title.endswith("ingen text angiven")


def test_recipients_ask_for_country_agreement_and_a_name(store: Store) -> None:
    shown = found(store)
    assert shown["recipient_incomplete:google"].title == "Google är inte utredd: land, inbördes arrangemang"
    assert shown["recipient_incomplete:klarna"].requirements == ("R27",)
    assert "recipient_unnamed:webhost" in shown
    assert not {"recipient_unnamed:new_owner", "recipient_unnamed:authority", "recipient_unnamed:payment"} & set(shown)
    with store.write(NOW) as session:
        host = RecipientFacts(name="Molnet AB", role="processor", category="webhost", country="US")
        code = register_parts.save_recipient(session, None, host).code
    assert f"recipient_incomplete:{code}" not in found(store), "no activity names it yet"
    with store.read() as session:
        named = tuple(row(session, Activity, "quotes").recipients)
    change(store, "quotes", recipients=(*named, code))
    again = found(store)
    assert again[f"recipient_incomplete:{code}"].title == "Molnet AB är inte utredd: biträdesavtal"
    assert "recipient_unnamed:webhost" not in again
    assert again["transfer_unprotected:quotes"].title.endswith("USA")
    change(store, "quotes", transfers_to=(Transfer("US", "adequacy"),))
    with store.write(NOW) as session:
        key = row(session, Recipient, code).id
        register_parts.save_recipient(session, key, dataclasses.replace(host, agreement_on=TODAY))
    assert not {f"recipient_incomplete:{code}", "transfer_unprotected:quotes"} & set(found(store))


def test_a_new_owner_counts_from_the_day_it_can_be_reached(store: Store) -> None:
    with store.write(NOW) as session:
        key = row(session, Recipient, "new_owner").id
        register_parts.save_recipient(session, key, RecipientFacts(name="Köparen AB", role="controller", contact="x"))
    assert "recipient_unnamed:new_owner" in found(store)


def test_bought_data_ask_for_evidence_and_for_having_been_told(store: Store) -> None:
    one = found(store)["source_incomplete:purchased"]
    assert (one.title, one.requirements) == (
        "Inköpta målgrupper: bevis saknas, okänt när personerna informerades",
        ("R25",),
    )
    with store.write(NOW) as session:
        source = row(session, Source, "purchased")
        facts = SourceFacts(name=source.name, kind="third_party", activity_id=source.activity_id, evidence="agreement", told_on=TODAY)  # fmt: skip
        register_parts.save_source(session, source.id, facts)
    assert "source_incomplete:purchased" not in found(store)
    assert found(store)["source_incomplete:partner"].requirements == ("R26", "R6")


def test_a_rule_may_not_be_shorter_than_the_law_or_longer_than_the_promise(store: Store) -> None:
    with store.write(NOW) as session:
        for code, kind, months in (("bookkeeping_7", "bookkeeping", 60), ("relation_60", "relation_months", 72)):
            rule = row(session, RetentionRule, code)
            register_parts.save_rule(session, rule.id, RuleFacts(title=rule.title, kind=kind, months=months))
        own = row(session, RetentionRule, "request_files")
        register_parts.save_rule(session, own.id, RuleFacts(title=own.title, kind="after_closing", months=600))
    shown = found(store)
    assert shown["bookkeeping_too_short:bookkeeping_7"].weight is Weight.LAW
    assert shown["kept_longer:relation_60"].weight is Weight.PROMISE
    assert "kept_longer:request_files" not in shown, "the policy promises nothing about it"


def test_backups_reviews_and_clocks_that_are_late_are_found(store: Store, vault: vaults.Vault, tmp_path: Path) -> None:
    (tmp_path / "kopior").mkdir()
    backup.make(vault, tmp_path / "kopior", now=NOW)
    change(store, "quotes", owner="Eva", review_on=TODAY)
    with store.write(NOW) as session:
        make_request(session, received_on=dt.date(2026, 10, 25))
        subject = make_subject(session)
        holds.set_hold(session, subject.id, kind=HoldKind.DISPUTE, reason="T-1", review_on=dt.date(2026, 11, 25), today=TODAY)  # fmt: skip
        session.add(Incident(number="I-1", title="x", aware_at=NOW, target_at=NOW + dt.timedelta(hours=72), created_at=NOW))  # fmt: skip
    assert not {"backup_missing", "backup_old", "late_requests", "late_holds", "late_incidents"} & set(found(store))
    later = found(store, now=NOW + dt.timedelta(days=8), today=TODAY + dt.timedelta(days=8))
    assert later["backup_old"].title == "Den senaste säkerhetskopian är 8 dagar gammal"
    assert {"late_requests", "late_contacts", "late_holds", "late_incidents", "review_passed:quotes"} <= set(later)


def test_an_approval_has_a_reason_a_name_and_a_time_and_can_be_taken_back(store: Store) -> None:
    with store.read() as session:
        before = policy.open_count(session, now=NOW, today=TODAY)
    with store.write(NOW) as session:
        policy.approve(session, "C9", reason=" Rättas vid nyår. ", now=NOW, today=TODAY)
    one = found(store)["C9"]
    assert (one.state, one.reason, one.approved_by, one.approved_at) == (
        State.APPROVED,
        "Rättas vid nyår.",
        "dataskyddsombud",
        NOW,
    )
    with store.read() as session:
        assert policy.open_count(session, now=NOW, today=TODAY) == before - 1
    with store.write(NOW) as session:
        policy.withdraw(session, "C9")
    assert found(store)["C9"].state is State.OPEN
    assert audited(store, Action.DEVIATION_APPROVED) == [(Action.DEVIATION_APPROVED, {"finding": "C9", "lacks": []})]
    assert audited(store, Action.DEVIATION_WITHDRAWN) == [(Action.DEVIATION_WITHDRAWN, {"finding": "C9"})]


@pytest.mark.parametrize(
    ("key", "reason"),
    [("C9", " "), ("C12", "x"), ("nothing", "x"), ("C8", "x")],
    ids=["no reason", "met already", "unknown", "approved already"],
)
def test_only_an_open_finding_is_approved_and_only_with_a_reason(store: Store, key: str, reason: str) -> None:
    with store.write(NOW) as session:
        policy.approve(session, "C8", reason="Rättas.", now=NOW, today=TODAY)
    with store.write(NOW) as session, pytest.raises(UserError) as caught:
        policy.approve(session, key, reason=reason, now=NOW, today=TODAY)
    assert caught.value.do
    with store.read() as session:
        assert session.scalars(sa.select(Deviation.finding)).all() == ["C8"]


def test_what_is_not_approved_cannot_be_taken_back(store: Store) -> None:
    with store.write(NOW) as session, pytest.raises(UserError):
        policy.withdraw(session, "C9")


def test_an_approval_ends_when_something_more_is_missing_and_can_be_given_again(store: Store) -> None:
    key = "recipient_incomplete:klarna"
    with store.write(NOW) as session:
        policy.approve(session, key, reason="Vi frågar dem i januari.", now=NOW, today=TODAY)
    assert found(store)[key].state is State.APPROVED
    with store.write(NOW) as session:
        klarna = row(session, Recipient, "klarna")
        facts = RecipientFacts(name="Klarna", role="processor", category="payment")
        register_parts.save_recipient(session, klarna.id, facts)
    assert found(store)[key].state is State.OPEN, "now the agreement is missing too"
    with store.write(NOW) as session:
        policy.approve(session, key, reason="Avtal kommer.", now=NOW, today=TODAY)
    assert found(store)[key].reason == "Avtal kommer."
    with store.read() as session:
        rows = session.scalars(sa.select(Deviation).order_by(Deviation.id)).all()
    assert [bool(one.withdrawn_at) for one in rows] == [True, False]


def test_the_findings_are_in_the_language_in_use(store: Store) -> None:
    with store.read() as session, language_as("en"):
        shown = {one.key: one for one in policy.findings_of(session, now=NOW, today=TODAY)}
    assert shown["C6"].title == "Controller and officer are the same"
    assert shown["transfer_unprotected:web_cookies"].title.endswith("outside the EU and EEA: United States")
    assert shown["backup_missing"].why.startswith("If the disk breaks")
    assert "{" not in "".join(one.title + one.why + one.suggestion for one in shown.values())


def test_a_notice_without_its_text_is_found_until_it_is_pasted(store: Store) -> None:
    assert "notice_text_missing:policy" in found(store)
    with store.write(NOW) as session:
        notice = row(session, Notice, "policy")
        facts = NoticeFacts(title=notice.title, version="1", valid_from=notice.valid_from, covers=tuple(notice.covers), text="Så här gör vi.")  # fmt: skip
        register_parts.save_notice(session, notice.id, facts)
    assert "notice_text_missing:policy" not in found(store)
