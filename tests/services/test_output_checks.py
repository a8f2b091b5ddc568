"""What the officer sees before a document is made, on a real encrypted vault."""

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from app.domain.ledger import Answer
from app.domain.subjects import Protection
from app.services import extracts, lookup, output_checks
from app.services.output_checks import Check
from app.services.output_choice import ALL, Choice
from db.models import LookupSource, Request, Subject
from db.queries import ledger
from db.store import Store
from tests.factories import CUSTOMER, NOW, TODAY, make_datum, make_request, make_source, make_subject


def checked(
    session: Session, subject: Subject | None, request: Request | None, *, choice: Choice = ALL, today: dt.date = TODAY
) -> dict[str, Check]:
    subject_id, request_id = subject.id if subject else None, request.id if request else None
    made = extracts.content(session, subject_id=subject_id, request_id=request_id, today=today, choice=choice)
    found = extracts.review(session, subject_id=subject_id, request_id=request_id, today=today)
    keys = (subject_id, request_id)
    return {one.code: one for one in output_checks.checks(session, made, found, choice, keys=keys, today=today)}


def test_all_is_well_when_all_is_well(store: Store) -> None:
    with store.write(NOW) as session:
        person = make_subject(session, values={**CUSTOMER})
        for datum in session.query(type(make_datum(session, person, "city", "Uppsala"))):
            datum.since_on = TODAY
        request = make_request(session, subject=person)
        lookup.record(session, request.id, subject_id=person.id, terms=["Åsa"])
        told = checked(session, person, request)
    assert {code for code, one in told.items() if not one.is_fine} == set()
    assert told["deadline"].note == "18 dagar kvar"
    assert told["contents"].note.endswith("uppgifter")


def test_what_is_late_unidentified_or_unsearched_is_told(store: Store) -> None:
    with store.write(NOW) as session:
        person = make_subject(session, values=CUSTOMER)
        request = make_request(session, subject=person, is_identified=False)
        told = checked(session, person, request, today=request.due_on + dt.timedelta(days=1))
    assert (told["identity"].note, told["identity"].is_fine) == ("Inte kontrollerad", False)
    assert (told["deadline"].note, told["deadline"].is_fine) == ("försenat 1 dag", False)
    assert (told["sources"].note, told["sources"].is_fine) == ("ingen sökning är gjord", False)


def test_who_has_not_answered_is_named(store: Store) -> None:
    with store.write(NOW) as session:
        person = make_subject(session, values=CUSTOMER)
        request = make_request(session, subject=person)
        lookup.record(session, request.id, subject_id=person.id, terms=["Åsa"])
        session.add(
            LookupSource(
                lookup_id=ledger.lookups(session, request.id)[0],
                name="Pappersarkivet",
                answer=Answer.ASKED,
                found=0,
                owner="Bo Alm",
                asked_on=TODAY,
                due_on=TODAY,
            )
        )
        make_source(session, "Nytt register")
        told = checked(session, person, request)["sources"]
    assert (told.note, told.is_fine) == ("inget svar från Nytt register, Pappersarkivet", False)


def test_without_a_request_the_registers_are_read_as_they_are(store: Store) -> None:
    with store.write(NOW) as session:
        person = make_subject(session, values=CUSTOMER)
        told = checked(session, person, None)
    assert (told["sources"].note, told["sources"].is_fine) == ("läses som de är i dag", True)
    assert "identity" not in told


def test_an_old_or_missing_address_is_told_and_a_protected_one_is_not_shown(store: Store) -> None:
    with store.write(NOW) as session:
        old = make_subject(session, values=CUSTOMER)
        homeless = make_subject(session, "Bo Alm")
        hidden = make_subject(session, "Cia Ek", protection=Protection.CONFIDENTIAL, values=CUSTOMER)
        assert checked(session, old, None)["address"].note == "noterad 2016-04-01, kontrollera den"
        assert not checked(session, homeless, None)["address"].is_fine
        told = checked(session, hidden, None)
    assert told["address"].note == "visas inte: brevet förmedlas"
    assert "Storgatan" not in repr(told)


def test_a_text_that_may_concern_others_needs_a_ground_when_it_is_shown(store: Store) -> None:
    with store.write(NOW) as session:
        person = make_subject(session, values=CUSTOMER)
        make_datum(session, person, "correspondence", "Sambon ringde")
        hidden = checked(session, person, None)["others"]
        shown = checked(session, person, None, choice=Choice(masked=frozenset()))["others"]
    assert (hidden.note, hidden.is_fine) == ("1 fritext att läsa, 1 dold", True)
    assert (shown.note, shown.is_fine) == ("1 fritext att läsa, 0 dolda, 1 visas utan skäl", False)


def test_a_value_without_ground_and_a_dead_person_are_told(store: Store) -> None:
    with store.write(NOW) as session:
        person = make_subject(session, values=CUSTOMER)
        person.is_deceased = True
        make_datum(session, person, "gender", "kvinna").activity_id = None
        told = checked(session, person, None)
    assert (told["ground"].note, told["ground"].is_fine) == ("1 saknar grund", False)
    assert not told["deceased"].is_fine


def test_nobody_found_is_checked_too(store: Store) -> None:
    with store.write(NOW) as session:
        request = make_request(session)
        told = checked(session, None, request)
    assert not told["contents"].is_fine
    assert "address" not in told


@pytest.mark.parametrize("is_fine", [True, False])
def test_problems_come_first(is_fine: bool) -> None:
    found = [Check("a", "a", "", is_fine), Check("b", "b", "", not is_fine)]
    assert [one.is_fine for one in output_checks.with_problems_first(found)] == [False, True]
