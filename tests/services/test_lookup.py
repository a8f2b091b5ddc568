"""Finding people, on a real encrypted vault."""

import pytest
import sqlalchemy as sa

from app.domain.audit import Action
from app.domain.channels import Channel
from app.domain.errors import UserError
from app.domain.matching import Certainty
from app.domain.rights import Right
from app.domain.subjects import Protection
from app.services import lookup, requests
from app.services.requests import Intake
from db.models import LookupSource, Request
from db.store import Store
from tests.factories import CUSTOMER, NOW, TODAY, make_source, make_subject
from tests.services.conftest import audited


@pytest.fixture
def people(store: Store) -> dict[str, int]:
    with store.write(NOW) as session:
        found = {"asa": make_subject(session, "Åsa Öberg", values=CUSTOMER).id}
        found["bo"] = make_subject(session, "Bo Alm", values={"email": "bo@example.com", "phone": "+46846500400"}).id
        found["jan"] = make_subject(session, "Jan-Erik Nyström", values={"personnummer": "200001012384"}).id
        found["hidden"] = make_subject(
            session, "Cia Ek", protection=Protection.CONFIDENTIAL, values={"email": "cia@example.com"}
        ).id
        make_source(session, "Nyhetsbrev")
    return found


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("åsa öberg", "asa"),
        ("öberg åsa", "asa"),
        ("oberg asa", "asa"),
        ("ÖB", "asa"),
        ("196408233234", "asa"),
        ("19640823-3234", "asa"),
        ("640823-3234", "asa"),
        ("6408233234", "asa"),
        ("6408", "asa"),
        ("ASA@example.com", "asa"),
        ("070-174 06 05", "asa"),
        ("+46 70 174 06 05", "asa"),
        ("0701740", "asa"),
        ("K-1001", "asa"),
        ("k-1001", "asa"),
        ("bo@exam", "bo"),
        ("08-465 004 00", "bo"),
        ("000101-2384", "jan"),
        ("erik nystrom", "jan"),
        ("jan erik", "jan"),
    ],
)
def test_a_person_is_found_by_anything_known(store: Store, people: dict[str, int], text: str, who: str) -> None:
    with store.read() as session:
        hits = lookup.search(session, text, today=TODAY)

    assert [hit.subject_id for hit in hits] == [people[who]]
    assert hits[0].why


@pytest.mark.parametrize(
    "text", ["", "   ", "zzzz", "196408233235", "%", '"', "* OR 1", "nobody@example.com", "-", "'); DROP"]
)
def test_nothing_is_found_for_what_nobody_has(store: Store, people: dict[str, int], text: str) -> None:
    with store.read() as session:
        assert lookup.search(session, text, today=TODAY) == []


def test_an_identity_number_is_sure_and_a_name_alone_is_not(store: Store, people: dict[str, int]) -> None:
    with store.read() as session:
        [sure] = lookup.search(session, "640823-3234", today=TODAY)
        [named] = lookup.search(session, "Åsa Öberg", today=TODAY)

    assert (sure.certainty, sure.why) == (Certainty.SURE, "samma personnummer")
    assert named.certainty is not Certainty.SURE


def test_a_hit_shows_the_number_masked_and_nothing_about_a_protected_person(
    store: Store, people: dict[str, int]
) -> None:
    with store.read() as session:
        [plain] = lookup.search(session, "Åsa Öberg", today=TODAY)
        [hidden] = lookup.search(session, "Cia Ek", today=TODAY)

    assert plain.hint == "19640823-••••"
    assert (hidden.hint, hidden.is_protected) == ("", True)


def test_a_protected_person_opens_only_with_a_reason_and_the_trail_says_so(
    store: Store, people: dict[str, int]
) -> None:
    with pytest.raises(UserError), store.write(NOW) as session:
        lookup.open_subject(session, people["hidden"])
    assert audited(store, Action.SUBJECT_READ) == []

    with store.write(NOW) as session:
        lookup.open_subject(session, people["hidden"], reason="Begäran B-2026-001")
    assert len(audited(store, Action.PROTECTED_OPENED)) == len(audited(store, Action.SUBJECT_READ)) == 1


def test_a_recorded_search_lists_every_register_also_the_empty_ones(store: Store, people: dict[str, int]) -> None:
    with store.write(NOW) as session:
        intake = Intake(rights=[Right.ACCESS], received_on=TODAY, channel=Channel.LETTER, requester_name="Åsa Öberg")
        request = requests.register(session, intake, today=TODAY)
        lines = lookup.record(session, request.id, subject_id=people["asa"], terms=["Åsa Öberg"])

    assert [(line.source, line.found) for line in lines] == [("Kundregister", 8), ("Nyhetsbrev", 0)]
    with store.read() as session:
        assert session.get_one(Request, request.id).subject_id == people["asa"]
        assert session.scalar(sa.select(sa.func.count()).select_from(LookupSource)) == 2


def test_nobody_found_is_also_an_answer(store: Store, people: dict[str, int]) -> None:
    with store.write(NOW) as session:
        intake = Intake(rights=[Right.ACCESS], received_on=TODAY, channel=Channel.LETTER, requester_name="Okänd")
        request = requests.register(session, intake, today=TODAY)
        assert all(line.found == 0 for line in lookup.record(session, request.id, subject_id=None, terms=["Okänd"]))
        with pytest.raises(UserError):
            lookup.record(session, request.id, subject_id=None, terms=["  "])


def test_the_trail_says_for_which_request_a_record_was_opened(store: Store, people: dict[str, int]) -> None:
    with store.write(NOW) as session:
        lookup.open_subject(session, people["asa"])
        lookup.open_subject(session, people["asa"], request_id=7)
        lookup.open_subject(session, people["asa"], reason="Samtal från Åsa Öberg")
    read = [details for _action, details in audited(store, Action.SUBJECT_READ)]
    assert read == [{}, {"request": 7}, {"has_reason": True}]
