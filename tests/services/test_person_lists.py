"""What the card lists beside the values."""

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.channels import MarketingChannel
from app.domain.consents import ConsentState
from app.domain.rights import Right
from app.services import audit, filing, merging, person_lists, requests, subjects
from app.services.filing import Place
from app.services.person_lists import PersonLists, event_text
from db.models import Conflict, Correction, Datum, Subject
from db.store import Store
from tests.factories import CUSTOMER, NOW, TODAY, make_datum, make_request, make_source, make_subject
from tests.services.conftest import audited

PROVEN = {
    "consent_purpose": "Nyhetsbrev",
    "consent_on": "2025-03-01",
    "consent_version": "v2",
    "consent_evidence": "Formulär 771",
}


def of(store: Store, subject_id: int) -> PersonLists:
    with store.read() as session:
        return person_lists.lists(session, subject_id)


def made(store: Store, **more: str) -> int:
    with store.write(NOW) as session:
        return make_subject(session, values={**CUSTOMER, **more}).id


def file_of(session: Session, place: Place, kind: str = "letter") -> int:
    return filing.store(
        session, b"%PDF", kind=kind, name="brev_B-2026-001_v1.pdf", media_type="application/pdf", place=place
    ).id


@pytest.mark.parametrize(
    ("more", "state"),
    [
        (PROVEN, ConsentState.IN_FORCE),
        ({**PROVEN, "consent_evidence": ""}, ConsentState.UNPROVEN),
        ({"newsletter_consent": "ja"}, ConsentState.UNPROVEN),
        ({"newsletter_consent": "nej"}, ConsentState.DENIED),
        ({**PROVEN, "consent_withdrawn_on": "2025-06-01"}, ConsentState.WITHDRAWN),
        ({**PROVEN, "consent_withdrawn_on": "i somras"}, ConsentState.WITHDRAWN),
    ],
)
def test_a_consent_stands_there_with_what_it_is_worth(store: Store, more: dict[str, str], state: ConsentState) -> None:
    (found,) = of(store, made(store, **{key: value for key, value in more.items() if value})).consents.values()
    assert (found.state, found.purpose, found.source) == (state, "Nyhetsbrev", "Kundregister")
    assert found.given_on == more.get("consent_on", "")


def test_several_consents_of_one_source_are_told_apart_by_their_lines(store: Store) -> None:
    key = made(store)
    with store.write(NOW) as session:
        person, source = session.get_one(Subject, key), make_source(session, "Utskick")
        for line, purpose in ((2, "Nyhetsbrev"), (3, "Undersökningar")):
            for field, value in {**PROVEN, "consent_purpose": purpose}.items():
                make_datum(session, person, field, value, source=source).line = line
        make_datum(session, person, "consent_withdrawn_on", "2025-06-01", source=source).line = 3
    found = {one.purpose: one.state for one in of(store, key).consents.values()}
    assert found == {"Nyhetsbrev": ConsentState.IN_FORCE, "Undersökningar": ConsentState.WITHDRAWN}


def test_the_matrix_says_where_no_was_said_and_where_it_is_missing(store: Store) -> None:
    key = made(store, opt_out_email="ja", opt_out_on="2024-01-15")
    with store.write(NOW) as session:
        person = session.get_one(Subject, key)
        make_datum(session, person, "email", "asa@example.com", source=make_source(session, "Utskick"))
        make_datum(session, person, "opt_out_letter", "nej", source=make_source(session, "Utskick"))
        requests.opt_out(session, key, [MarketingChannel.EMAIL, MarketingChannel.SMS], today=TODAY)
    lists = of(store, key)
    by_mail, by_sms, by_letter, profiling = lists.marketing.values()
    assert (by_mail.is_stopped, by_mail.since_on) == (True, dt.date(2024, 1, 15))
    assert (by_mail.said_in, by_mail.missing_in) == (("Noterad här", "Kundregister"), ("Utskick",))
    assert (by_sms.since_on, by_sms.said_in) == (TODAY, ("Noterad här",))
    assert by_sms.missing_in == ("Kundregister", "Utskick")
    assert (by_letter.is_stopped, by_letter.said_in, by_letter.missing_in) == (False, (), ())
    assert not profiling.is_stopped
    assert lists.stopped == 2


def test_an_opt_out_of_profiling_and_a_day_nobody_can_read(store: Store) -> None:
    key = made(store, opt_out_profiling="ja", opt_out_on="förra året")
    profiling = list(of(store, key).marketing.values())[-1]
    assert (profiling.is_stopped, profiling.since_on, profiling.said_in) == (True, None, ("Kundregister",))


def test_cases_documents_and_events_are_those_of_the_person(store: Store) -> None:
    key, other = made(store), made(store)
    with store.write(NOW) as session:
        mine = make_request(session, subject=session.get_one(Subject, key), rights=(Right.ACCESS, Right.ERASURE)).id
        theirs = make_request(session, subject=session.get_one(Subject, other)).id
        files = [file_of(session, Place(request_id=mine)), file_of(session, Place(subject_id=key), "extract")]
        file_of(session, Place(request_id=theirs))
        file_of(session, Place(subject_id=key), "extract_rows")
        audit.record(session, Action.SUBJECT_READ, session.get_one(Subject, other), subject_id=other)
        requests.opt_out(session, key, [MarketingChannel.SMS], today=TODAY)
    lists = of(store, key)
    assert list(lists.cases) == [mine]
    assert set(lists.cases[mine].rights.split(",")) == {"access", "erasure"}
    assert list(lists.documents) == files[::-1], "newest first; what is only remembered is no document"
    texts = [event_text(row) for row in lists.events.values()]
    assert texts[0] == "Reklamspärr ändrades"
    assert "En persons uppgifter lästes" not in texts


def test_a_merged_person_has_the_lists_of_all_records(store: Store) -> None:
    one, other = made(store, **PROVEN), made(store)
    with store.write(NOW) as session:
        request_id = make_request(session, subject=session.get_one(Subject, other)).id
        file_id = file_of(session, Place(subject_id=one))
        whole = merging.merge(session, [one, other], reason="Samma kundnummer").id
    lists = of(store, whole)
    assert (len(lists.consents), list(lists.cases), list(lists.documents)) == (1, [request_id], [file_id])


def test_somebody_without_anything_has_empty_lists_and_reading_them_is_not_recorded(store: Store) -> None:
    key = made(store)
    lists = of(store, key)
    assert (lists.consents, lists.cases, lists.documents, lists.stopped) == ({}, {}, {}, 0)
    assert audited(store, Action.SUBJECT_READ) == []


def test_the_card_tells_of_conflicts_and_of_the_last_change(store: Store) -> None:
    key = made(store)
    with store.read() as session:
        card = subjects.card(session, key, today=TODAY)
    assert card is not None
    assert card.changed_at is None
    assert not any(row.has_conflict for row in card.rows)
    with store.write(NOW) as session:
        city = session.query(Datum).filter_by(subject_id=key, field="city").one()
        session.add(Conflict(datum_id=city.id, value="Knivsta"))
        fix = Correction(
            number="R-2026-001", subject_id=key, datum_id=city.id, source_id=city.source_id, field="city",
            old_value="Knivsta", new_value="Uppsala", reason="Intyg", corrected_at=NOW, corrected_by="Eva",
        )  # fmt: skip
        session.add(fix)
    with store.read() as session:
        card = subjects.card(session, key, today=TODAY)
    assert card is not None
    assert card.changed_at == NOW
    assert [row.label for row in card.rows if row.has_conflict] == ["Postort"]


@pytest.mark.parametrize(
    ("values", "is_child"),
    [
        ({"birth_date": "2012-05-01"}, True),
        ({"birth_date": "i maj"}, False),
        ({"personnummer": "201205619999"}, True),
        ({"personnummer": "196408233234", "birth_date": "2012-05-01"}, False),
        ({"personnummer": "20120500", "birth_date": "2012-05-01"}, True),
    ],
)
def test_a_child_is_known_by_number_or_birth_date(store: Store, values: dict[str, str], is_child: bool) -> None:
    with store.write(NOW) as session:
        key = make_subject(session, values=values).id
    with store.read() as session:
        card = subjects.card(session, key, today=TODAY)
    assert card is not None
    assert card.is_minor is is_child
