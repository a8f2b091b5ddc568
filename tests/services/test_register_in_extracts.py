"""What the register says is what an extract prints: transfers, logic, interests, sources and countries."""

import dataclasses
import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.content import Extract
from app.domain.transfers import Transfer
from app.services import extracts, register, register_parts
from app.services.register_parts import RecipientFacts
from db.models import Activity, Recipient
from db.store import Store
from tests.factories import NOW, TODAY, make_subject


def extract(session: Session, language: str = "sv") -> Extract:
    person = make_subject(session, values={"email": "asa@example.com", "gender": "kvinna"})
    return extracts.content(session, subject_id=person.id, request_id=None, today=TODAY, language=language)


def change(session: Session, code: str, **values: object) -> None:
    row = session.scalars(sa.select(Activity).where(Activity.code == code)).one()
    register.save_activity(session, row.id, dataclasses.replace(register.facts_of(row), **values))  # type: ignore[arg-type]  # each test names fields of their own kinds


def test_each_country_is_printed_with_what_protects_the_data_there(store: Store) -> None:
    with store.write(NOW) as session:
        change(session, "customer_admin", transfers_to=(Transfer("US", "adequacy"), Transfer("IN", "")))
        told = extract(session).transfers
        english = extract(session, "en").transfers
    assert told == (
        "Uppgifter kan föras över till USA. Skydd: Beslut om adekvat skydd (art. 45).",
        "Uppgifter kan föras över till Indien. Vilket skydd som gäller är inte utrett.",
    )
    assert "United States" in english[0]


def test_a_recipient_abroad_is_named_with_its_country_in_words(store: Store) -> None:
    with store.write(NOW) as session:
        row = session.scalars(sa.select(Recipient).where(Recipient.code == "webhost")).one()
        register_parts.save_recipient(session, row.id, RecipientFacts(name="Molnet", role="processor", country="US"))
        made = extract(session)
    assert "Molnet finns i USA." in made.transfers
    assert "USA" in {one.country for one in made.recipients}


def test_no_chore_for_the_officer_is_printed_to_the_person(store: Store) -> None:
    with store.read() as session:
        texts = session.scalars(sa.select(Activity.transfers)).all()
    assert not any("Kontrollera" in text for text in texts)


def test_the_logic_of_profiles_and_decisions_is_printed(store: Store) -> None:
    with store.write(NOW) as session:
        change(session, "customer_admin", is_automated=True, logic="Poängen avgör om du får kredit.")
        made = extract(session)
        english = extract(session, "en")
    assert any(text.endswith("Segmentet avgör vilka erbjudanden som visas.") for text in made.profiling)
    assert made.automated == (
        "Kundadministration: en maskin fattar beslutet. Du kan begära att en människa prövar det. Poängen avgör om du får kredit.",
    )
    assert any("The segment decides which offers are shown." in text for text in english.profiling)


def test_an_interest_that_the_office_has_written_is_the_one_that_is_printed(store: Store) -> None:
    with store.write(NOW) as session:
        change(session, "profiling", interest="Att felen blir färre.")
        texts = {one.title: one.text for one in extract(session).purposes}
    assert "Vårt intresse: Att felen blir färre." in texts["Dela in kunder i målgrupper"]
    assert "Vårt intresse: Att sälja det vi erbjuder." in texts["Sälja våra erbjudanden"]


def test_where_data_come_from_is_what_the_register_says_now(store: Store) -> None:
    with store.write(NOW) as session:
        change(session, "customer_admin", sources=("agreement", "spar"), review_on=dt.date(2027, 1, 1))
        [source] = extract(session).sources
    assert "Kundavtal, SPAR, statens personadressregister" in source.text
