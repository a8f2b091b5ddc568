"""The ledger of a search: every source answers, also by silence, and the answer to the person says so."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.errors import UserError
from app.domain.ledger import Answer
from app.domain.status import DeliveryMethod
from app.services import erasure, extracts, ledger, requests
from app.services.ledger import Question, Reply
from db.models import AuditEntry, Lookup, LookupSource, OutsideSystem, Request, Subject
from db.queries import ledger as queries
from db.store import Store
from tests.factories import CUSTOMER, NOW, TODAY, make_datum, make_request, make_source, make_subject
from tests.services.conftest import audited
from tests.services.test_requests import ready_to_send

DUE = TODAY + dt.timedelta(days=7)
PAPER = Question(source="Pappersarkivet", owner="Jonas Ek", due_on=DUE)


def searched(session: Session) -> tuple[int, int]:
    """Return a person and her request, for which the registers were searched."""
    person = make_subject(session, values=CUSTOMER)
    make_source(session, "Tomt register")
    make_datum(
        session, make_subject(session, "Bo Alm"), "email", "bo@example.com", source=make_source(session, "Nyhetsbrev")
    )
    request = make_request(session, subject=person)
    ledger.record(session, request.id, subject_id=person.id, terms=["Åsa Öberg", " ", "640823-3234"])
    return person.id, request.id


def test_every_register_answers_and_one_that_nothing_is_imported_from_says_so(store: Store) -> None:
    with store.write(NOW) as session:
        _person, request_id = searched(session)
        lines = {line.source: line for line in ledger.of_request(session, request_id)}
    told = {name: (line.answer, line.found) for name, line in lines.items()}
    assert told == {
        "Kundregister": (Answer.FOUND, 8),
        "Nyhetsbrev": (Answer.NOTHING, 0),
        "Tomt register": (Answer.FAILED, 0),
    }
    assert lines["Tomt register"].why == "inget är importerat därifrån än"
    assert {(line.at, line.who, line.terms) for line in lines.values()} == {
        (NOW, "dataskyddsombud", ("Åsa Öberg", "640823-3234"))
    }


def test_a_search_without_a_request_is_recorded_too(store: Store) -> None:
    with store.write(NOW) as session:
        person = make_subject(session, values=CUSTOMER)
        lines = ledger.record(session, None, subject_id=person.id, terms=["Åsa"])
        assert [(line.source, line.found) for line in lines] == [("Kundregister", 8)]
        row = session.scalars(sa.select(Lookup)).one()
        assert (row.request_id, row.subject_id) == (None, person.id)


def test_somebody_outside_is_asked_and_answers(store: Store) -> None:
    with store.write(NOW) as session:
        _person, request_id = searched(session)
        line = ledger.ask(session, request_id, PAPER, today=TODAY)
        assert (line.answer, line.is_outside, line.owner, line.due_on) == (Answer.ASKED, True, "Jonas Ek", DUE)
        assert len(queries.unanswered(session, request_id)) == 1
        reply = Reply(answer=Answer.FOUND, found=2, why="Pärm 3", answered_on=TODAY)
        line = ledger.answer(session, line.line_id, reply, today=TODAY)
        assert (line.answer, line.found, line.why, line.answered_by) == (Answer.FOUND, 2, "Pärm 3", "dataskyddsombud")
        assert queries.unanswered(session, request_id) == []
        reply = Reply(answer=Answer.NOTHING, answered_on=TODAY)  # it was wrong
        assert ledger.answer(session, line.line_id, reply, today=TODAY).found == 0
        acts = session.scalars(sa.select(AuditEntry.action)).all()
        assert acts[-3:] == [Action.SOURCE_ASKED, Action.SOURCE_ANSWERED, Action.SOURCE_ANSWERED]


def test_a_new_search_keeps_what_others_were_asked(store: Store) -> None:
    with store.write(NOW) as session:
        person, request_id = searched(session)
        ledger.ask(session, request_id, PAPER, today=TODAY)
        make_datum(
            session, make_subject(session, "Cia Ek"), "name", "Cia Ek", source=make_source(session, "Tomt register")
        )
        ledger.record(session, request_id, subject_id=person, terms=["Öberg"])
        lines = ledger.of_request(session, request_id)
    assert sorted(line.source for line in lines) == ["Kundregister", "Nyhetsbrev", "Pappersarkivet", "Tomt register"]
    assert {line.answer for line in lines} == {Answer.FOUND, Answer.NOTHING, Answer.ASKED}


@pytest.mark.parametrize(
    "question",
    [
        Question(source=" ", owner="Jonas", due_on=DUE),
        Question(source="Papper", owner="", due_on=DUE),
        Question(source="Papper", owner="Jonas", due_on=None),
        Question(source="Papper", owner="Jonas", due_on=TODAY - dt.timedelta(days=1)),
    ],
)
def test_a_question_needs_a_source_an_owner_and_a_day_to_come(store: Store, question: Question) -> None:
    with store.write(NOW) as session:
        _person, request_id = searched(session)
        with pytest.raises(UserError):
            ledger.ask(session, request_id, question, today=TODAY)
        assert queries.unanswered(session, request_id) == []


def test_nobody_is_asked_before_the_registers_or_after_the_end(store: Store) -> None:
    with store.write(NOW) as session:
        request = make_request(session)
        with pytest.raises(UserError, match="genomsökta"):
            ledger.ask(session, request.id, PAPER, today=TODAY)
        ledger.record(session, request.id, subject_id=None, terms=["Åsa"])
        system = session.scalars(sa.select(OutsideSystem)).first()
        assert system is not None
        named = Question(source=system.name, owner="Jonas", due_on=DUE, outside_id=system.id)
        line = ledger.ask(session, request.id, named, today=TODAY)
        request.closed_on = TODAY
        with pytest.raises(UserError, match="avslutat"):
            ledger.ask(session, request.id, PAPER, today=TODAY)
        with pytest.raises(UserError, match="avslutat"):
            ledger.answer(session, line.line_id, Reply(answer=Answer.NOTHING, answered_on=TODAY), today=TODAY)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(answer=Answer.FOUND, answered_on=TODAY),
        Reply(answer=Answer.NOTHING, found=1, answered_on=TODAY),
        Reply(answer=Answer.FAILED, answered_on=TODAY),
        Reply(answer=Answer.NOTHING, answered_on=TODAY + dt.timedelta(days=1)),
        Reply(answer=Answer.NOTHING, answered_on=TODAY - dt.timedelta(days=1)),
    ],
)
def test_an_impossible_answer_is_refused(store: Store, reply: Reply) -> None:
    with store.write(NOW) as session:
        _person, request_id = searched(session)
        line = ledger.ask(session, request_id, PAPER, today=TODAY)
        with pytest.raises(UserError):
            ledger.answer(session, line.line_id, reply, today=TODAY)
        first = ledger.of_request(session, request_id)[0]
        with pytest.raises(UserError):  # a register answers by itself
            ledger.answer(session, first.line_id, Reply(answer=Answer.NOTHING, answered_on=TODAY), today=TODAY)


def test_the_extract_names_every_source_and_what_was_searched_for(store: Store) -> None:
    with store.write(NOW) as session:
        person, request_id = searched(session)
        for name in ("Papper", "Jonas dator", "Gamla pärmar", "Kassaskåp"):
            ledger.ask(session, request_id, Question(source=name, owner="Jonas", due_on=DUE), today=TODAY)
        lines = {line.source: line.line_id for line in ledger.of_request(session, request_id)}
        for name, given, found in (
            ("Papper", Answer.FOUND, 2),
            ("Jonas dator", Answer.NOTHING, 0),
            ("Gamla pärmar", Answer.NO_ANSWER, 0),
        ):
            ledger.answer(session, lines[name], Reply(answer=given, found=found, answered_on=TODAY), today=TODAY)
        made = extracts.content(session, subject_id=person, request_id=request_id, today=TODAY)
    day = "den 22 november 2026"
    assert {one.title: one.text for one in made.searched} == {
        "Kundregister": f"Sökt {day}: 8 uppgifter",
        "Nyhetsbrev": f"Sökt {day}: inget fanns",
        "Tomt register": f"Kunde inte sökas {day}: inget är importerat därifrån än",
        "Papper": f"Frågad {day}, svar {day}: 2 uppgifter",
        "Jonas dator": f"Frågad {day}, svar {day}: inget fanns",
        "Gamla pärmar": f"Frågad {day}, inget svar",
        "Kassaskåp": f"Frågad {day}, svar väntas",
        "Sökt på": "Åsa Öberg, 640823-••••",
    }


def test_closing_without_an_answer_takes_a_reason_and_keeps_it(store: Store) -> None:
    request_id = ready_to_send(store)
    with store.write(NOW) as session:
        requests.mark_sent(session, request_id, method=DeliveryMethod.LETTER, sent_on=TODAY, today=TODAY)
        ledger.ask(session, request_id, PAPER, today=TODAY)
    with pytest.raises(UserError) as refused, store.write(NOW) as session:
        requests.close(session, request_id, today=TODAY)
    assert "1 källa utanför valvet har inte svarat" in refused.value.do
    with store.write(NOW) as session:
        requests.close(session, request_id, today=TODAY, reason="Arkivet är bränt.")
    with store.read() as session:
        assert session.get_one(Request, request_id).closed_on == TODAY
        (line,) = [line for line in ledger.of_request(session, request_id) if line.is_outside]
        assert (line.answer, line.why, line.answered_on) == (Answer.NO_ANSWER, "Arkivet är bränt.", TODAY)


def test_what_was_typed_and_said_goes_with_the_person(store: Store) -> None:
    with store.write(NOW) as session:
        person, request_id = searched(session)
        line = ledger.ask(session, request_id, PAPER, today=TODAY)
        reply = Reply(answer=Answer.FOUND, found=1, why="Åsas avtal i pärm 3", answered_on=TODAY)
        ledger.answer(session, line.line_id, reply, today=TODAY)
        ledger.record(session, None, subject_id=person, terms=["Åsa"])
        request = session.get_one(Request, request_id)
        request.closed_on = TODAY
        erasure.erase_subject(session, person, ground="G2", reason="Begäran", today=TODAY)
        session.expire_all()
        assert [row.terms for row in session.scalars(sa.select(Lookup))] == [[], []]
        assert {row.why for row in session.scalars(sa.select(LookupSource))} == {"", "inget är importerat därifrån än"}


@pytest.mark.parametrize(
    "values",
    [
        {"answer": Answer.FOUND, "found": 0},
        {"answer": Answer.NOTHING, "found": 1},
        {"answer": Answer.FAILED, "found": 0},
        {"answer": Answer.ASKED, "found": 0, "owner": ""},
    ],
)
def test_the_table_itself_refuses_an_answer_that_says_nothing(store: Store, values: dict[str, object]) -> None:
    with store.write(NOW) as session:
        _person, request_id = searched(session)
    with pytest.raises(sa.exc.IntegrityError), store.write(NOW) as session:
        session.add(LookupSource(lookup_id=queries.lookups(session, request_id)[0], name="x", **values))


def test_without_anything_searched_for_nothing_is_recorded(store: Store) -> None:
    with store.write(NOW) as session:
        request_id = make_request(session, subject=make_subject(session, values=CUSTOMER)).id
    with pytest.raises(UserError, match="Inget är sökt"), store.write(NOW) as session:
        ledger.record(session, request_id, subject_id=None, terms=["", "  "])
    with store.read() as session:
        assert session.scalars(sa.select(Lookup)).all() == []


def test_who_was_found_and_who_never_answered_stand_in_the_trail(store: Store) -> None:
    with store.write(NOW) as session:
        person, request_id = searched(session)
        ledger.ask(session, request_id, PAPER, today=TODAY)
        assert ledger.stop_waiting(session, request_id, reason="Svarade inte", today=TODAY) == 1
    with store.read() as session:
        confirmed = sa.select(AuditEntry.subject_uid).where(AuditEntry.action == Action.HIT_CONFIRMED)
        assert session.scalars(confirmed).all() == [session.get_one(Subject, person).uid]
    assert audited(store, Action.SOURCE_ANSWERED) == [(Action.SOURCE_ANSWERED, {"answer": "no_answer", "found": 0})]
