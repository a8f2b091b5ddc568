"""A person's card: masked where it must be, in step with the extract, and remembered by the trail."""

import datetime as dt

import pytest

from app.domain.audit import Action
from app.domain.channels import MarketingChannel
from app.domain.errors import UserError
from app.domain.subjects import HoldKind, Protection
from app.services import extracts, holds, requests, subjects
from app.services.subjects import Card
from db.models import Subject
from db.store import Store
from tests.factories import CUSTOMER, NOW, TODAY, make_datum, make_request, make_source, make_subject
from tests.services.conftest import audited


def card_of(store: Store, subject_id: int) -> Card:
    with store.read() as session:
        found = subjects.card(session, subject_id, today=TODAY)
    assert found is not None
    return found


def values(card: Card) -> dict[str, str]:
    return {row.label: row.value for row in card.rows}


def made(store: Store, **more: str) -> int:
    with store.write(NOW) as session:
        return make_subject(session, values={**CUSTOMER, **more}, relation_end_on=dt.date(2024, 3, 31)).id


def test_values_are_shown_as_people_write_them(store: Store) -> None:
    shown = values(card_of(store, made(store, amount="1234.5", password="hemligt")))
    assert shown["Personnummer"] == "19640823-••••"
    assert shown["Telefon"] == "070-174 06 05"
    assert shown["Belopp"] == "1\N{NO-BREAK SPACE}234,50 kr"
    assert shown["Lösenord"] == "lämnas aldrig ut"
    withheld = [
        row.label for row in card_of(store, made(store, amount="1", password="hemligt")).rows if row.is_withheld
    ]
    assert withheld == ["Lösenord"]


def test_a_value_nobody_can_read_is_shown_as_it_stands(store: Store) -> None:
    key = made(store, amount="ungefär 100", mobile="+46inget")
    shown = values(card_of(store, key))
    assert (shown["Belopp"], shown["Mobil"]) == ("ungefär 100", "+46inget")


def test_the_card_says_what_the_extract_says(store: Store) -> None:
    key = made(store)
    with store.read() as session:
        extract = extracts.content(session, subject_id=key, request_id=None, today=TODAY)
    printed = {row.label: row for category in extract.categories for row in category.rows}
    for row in card_of(store, key).rows:
        other = printed[row.label]
        assert (row.legal_basis, row.gallras) == (other.legal_basis, other.erase_text)
        assert row.purpose == ", ".join(other.purpose.split("\n"))
        assert row.recipients == ", ".join(other.recipients)


def test_a_value_without_activity_lacks_its_ground(store: Store) -> None:
    with store.write(NOW) as session:
        subject = make_subject(session)
        lost = make_source(session, "Gammal lista", activity="finns_inte")
        make_datum(session, subject, "segment", "Kaffe", source=lost)
    row = next(row for row in card_of(store, subject.id).rows if row.label == "Kundsegment")
    assert (row.has_ground, row.purpose, row.legal_basis) == (False, "", "")


def test_flags_come_from_here_and_from_the_register(store: Store) -> None:
    key = made(store, opt_out_email="ja", opt_out_letter="nej")
    with store.write(NOW) as session:
        requests.opt_out(session, key, [MarketingChannel.SMS], today=TODAY)
        holds.set_hold(session, key, kind=HoldKind.DISPUTE, reason="x", review_on=dt.date(2027, 1, 1), today=TODAY)
    card = card_of(store, key)
    assert card.opt_outs == ((MarketingChannel.EMAIL, None), (MarketingChannel.SMS, TODAY))
    assert [(hold.kind, hold.set_on) for hold in card.holds] == [(HoldKind.DISPUTE, TODAY)]
    assert all(row.gallras in ("Stoppad", "Så länge spärren gäller") for row in card.rows)


def test_an_open_request_for_access_is_known(store: Store) -> None:
    key = made(store)
    with store.write(NOW) as session:
        request = make_request(session, subject=session.get_one(Subject, key))
    card = card_of(store, key)
    assert card.open_access == (request.id, request.number)
    assert card.cases == 1


def test_a_protected_person_has_no_address_on_the_card(store: Store) -> None:
    with store.write(NOW) as session:
        key = make_subject(session, protection=Protection.PROTECTED_REGISTRATION, values=CUSTOMER).id
    card = card_of(store, key)
    assert card.address == ""
    assert {values(card)[label] for label in ("Gatuadress", "Postnummer", "Postort")} == {"••••"}


def test_a_protected_person_is_not_opened_or_revealed_without_a_reason(store: Store) -> None:
    with store.write(NOW) as session:
        key = make_subject(session, protection=Protection.CONFIDENTIAL, values=CUSTOMER).id
    with store.write(NOW) as session:
        for act in (
            lambda: subjects.open_card(session, key, reason=" ", today=TODAY),
            lambda: subjects.reveal(session, key),
        ):
            with pytest.raises(UserError):
                act()
    assert audited(store, Action.SUBJECT_READ) == []


def test_revealing_gives_the_masked_values_whole_and_is_recorded(store: Store) -> None:
    key = made(store, password="hemligt")
    with store.write(NOW) as session:
        revealed = subjects.reveal(session, key)
    assert list(revealed.values()) == ["19640823-3234"]
    assert audited(store, Action.SUBJECT_READ)[-1][1] == {"fields": ["personnummer"], "is_revealed": True}


def test_somebody_who_is_gone_has_no_card(store: Store) -> None:
    with store.write(NOW) as session:
        assert subjects.card(session, 4711, today=TODAY) is None
        with pytest.raises(UserError):
            subjects.open_card(session, 4711, today=TODAY)


def test_reading_the_card_again_is_not_recorded(store: Store) -> None:
    key = made(store)
    with store.write(NOW) as session:
        subjects.open_card(session, key, today=TODAY)
    card_of(store, key)
    assert len(audited(store, Action.SUBJECT_READ)) == 1
