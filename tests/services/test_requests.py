"""The acts on a request, on a real encrypted vault."""

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from app.domain.audit import Action
from app.domain.channels import Channel, MarketingChannel
from app.domain.errors import UserError
from app.domain.request_facts import Decision
from app.domain.rights import Right
from app.domain.status import DeliveryMethod, IdentityMethod, Outcome, Question, Status
from app.domain.subjects import Protection
from app.services import filing, lookup, request_facts, requests
from app.services.requests import Intake
from db.models import Attachment, OptOut, Request
from db.store import Store
from tests.factories import NOW, TODAY, make_subject
from tests.services.conftest import audited

RECEIVED = dt.date(2026, 11, 10)


def register(store: Store, *rights: Right, received_on: dt.date = RECEIVED, **facts: Any) -> int:
    intake = Intake(
        rights=rights or (Right.ACCESS,),
        received_on=received_on,
        channel=Channel.EMAIL,
        requester_name="Åsa Öberg",
        **facts,
    )
    with store.write(NOW) as session:
        return requests.register(session, intake, today=TODAY).id


def state(store: Store, request_id: int) -> Request:
    with store.read() as session:
        return session.get_one(Request, request_id)


def ready_to_send(store: Store, *, protection: Protection = Protection.NONE) -> int:
    """Return a request with everything done but the sending."""
    with store.write(NOW) as session:
        subject = make_subject(session, protection=protection)
    request_id = register(store, subject_id=subject.id)
    with store.write(NOW) as session:
        requests.check_identity(session, request_id, method=IdentityMethod.BANKID, today=TODAY)
        lookup.record(session, request_id, subject_id=subject.id, terms=["Åsa Öberg"])
        place = filing.Place(request_id=request_id, subject_id=subject.id)
        for kind in ("extract", "letter"):
            filing.store(session, b"%PDF-", kind=kind, name=f"{kind}.pdf", media_type="application/pdf", place=place)
        requests.decide(session, request_id, Decision(right=Right.ACCESS, outcome=Outcome.GRANTED), today=TODAY)
    return request_id


def test_a_registered_request_gets_a_number_and_its_days(store: Store) -> None:
    request = state(store, register(store))

    assert request.number == "B-2026-001"
    assert (request.goal_on, request.due_on) == (dt.date(2026, 12, 10), dt.date(2026, 12, 10))
    assert request.contact_by_on == dt.date(2026, 12, 10)
    assert request.status is Status.REGISTERED


def test_numbers_follow_each_other_within_the_year_of_receipt(store: Store) -> None:
    numbers = [
        state(store, register(store, received_on=day)).number for day in (RECEIVED, RECEIVED, dt.date(2025, 12, 30))
    ]

    assert numbers == ["B-2026-001", "B-2026-002", "B-2025-001"]


def test_one_letter_may_ask_for_several_rights(store: Store) -> None:
    request_id = register(store, Right.ACCESS, Right.ERASURE, Right.ACCESS)

    with store.read() as session:
        assert [row.right for row in request_facts.rights_of(session, request_id)] == [Right.ACCESS, Right.ERASURE]


def test_the_original_mail_is_kept_as_it_is(store: Store) -> None:
    request_id = register(store, original=b"From: asa@example.com\r\n\r\nHej \xe5")

    with store.read() as session:
        stored = session.scalars(sa.select(Attachment).where(Attachment.request_id == request_id)).one()
        assert filing.read(session, stored.id) == b"From: asa@example.com\r\n\r\nHej \xe5"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rights": ()}, "rights"),
        ({"received_on": TODAY + dt.timedelta(days=1)}, "received_on"),
        ({"received_on": dt.date(2018, 5, 24)}, "received_on"),
        ({"requester_name": "  "}, "requester_name"),
    ],
)
def test_an_impossible_request_is_refused_and_nothing_is_stored(
    store: Store, change: dict[str, object], field: str
) -> None:
    facts = {
        "rights": (Right.ACCESS,),
        "received_on": RECEIVED,
        "channel": Channel.LETTER,
        "requester_name": "Åsa",
    } | change
    intake = Intake(**facts)  # type: ignore[arg-type]

    assert list(requests.problems(intake, today=TODAY)) == [field]
    with pytest.raises(UserError), store.write(NOW) as session:
        requests.register(session, intake, today=TODAY)
    with store.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Request)) == 0
    assert audited(store, Action.REQUEST_REGISTERED) == []


def test_the_whole_way_of_a_request_is_in_the_trail(store: Store) -> None:
    request_id = ready_to_send(store)
    with store.write(NOW) as session:
        requests.mark_sent(session, request_id, method=DeliveryMethod.LETTER, sent_on=TODAY, today=TODAY)
        requests.close(session, request_id, today=TODAY)

    assert state(store, request_id).status is Status.CLOSED
    acts = [action for action, _details in audited(store)]
    for action in (
        Action.REQUEST_REGISTERED,
        Action.IDENTITY_CHECKED,
        Action.SEARCHED,
        Action.DECIDED,
        Action.SENT,
        Action.CLOSED,
    ):
        assert action in acts


def test_a_closed_request_cannot_be_closed_again(store: Store) -> None:
    request_id = ready_to_send(store)
    with store.write(NOW) as session:
        requests.mark_sent(session, request_id, method=DeliveryMethod.LETTER, sent_on=TODAY, today=TODAY)
        requests.close(session, request_id, today=TODAY)

    with pytest.raises(UserError, match="går inte"), store.write(NOW) as session:
        requests.close(session, request_id, today=TODAY)


def test_an_unanswered_request_cannot_be_closed_and_the_reason_is_said(store: Store) -> None:
    request_id = ready_to_send(store)

    with pytest.raises(UserError) as caught, store.write(NOW) as session:
        requests.close(session, request_id, today=TODAY)

    assert "inte skickat" in caught.value.do
    assert state(store, request_id).closed_on is None


def test_a_late_answer_is_sent_and_recorded_as_late(store: Store) -> None:
    request_id = ready_to_send(store)
    late = dt.date(2026, 12, 20)
    with store.write(NOW) as session:
        requests.mark_sent(session, request_id, method=DeliveryMethod.LETTER, sent_on=late, today=late)

    [(_action, details)] = audited(store, Action.SENT)
    assert details["is_late"] is True
    with store.read() as session:
        assert request_facts.facts_of(session, session.get_one(Request, request_id)).is_late


def test_an_answer_to_a_protected_person_goes_only_by_safe_ways(store: Store) -> None:
    request_id = ready_to_send(store, protection=Protection.CONFIDENTIAL)

    with pytest.raises(UserError) as caught, store.write(NOW) as session:
        requests.mark_sent(session, request_id, method=DeliveryMethod.EMAIL, sent_on=TODAY, today=TODAY)
    assert "postförmedling" in caught.value.do
    with store.write(NOW) as session:
        requests.mark_sent(session, request_id, method=DeliveryMethod.MAIL_FORWARDING, sent_on=TODAY, today=TODAY)
    assert state(store, request_id).status is Status.ANSWERED


def test_an_extension_counts_three_months_from_receipt(store: Store) -> None:
    request_id = register(store)
    with store.write(NOW) as session:
        requests.extend(session, request_id, reason="Många system", today=TODAY)

    assert state(store, request_id).due_on == dt.date(2027, 2, 10)


@pytest.mark.parametrize(("today", "reason"), [(dt.date(2026, 12, 11), "Många system"), (TODAY, "  ")])
def test_an_extension_too_late_or_without_reason_is_refused(store: Store, today: dt.date, reason: str) -> None:
    request_id = register(store)

    with pytest.raises(UserError), store.write(NOW) as session:
        requests.extend(session, request_id, reason=reason, today=today)

    assert state(store, request_id).extended_on is None


def test_a_pause_moves_the_last_day_when_the_answer_comes(store: Store) -> None:
    request_id = register(store)
    with store.write(NOW) as session:
        requests.pause(
            session, request_id, question=Question.IDENTITY, reason="Två med samma namn", asked_on=dt.date(2026, 11, 20)
        )
    assert state(store, request_id).status is Status.IDENTITY_ASKED
    with store.write(NOW) as session:
        requests.resume(session, request_id, answered_on=dt.date(2026, 11, 30))

    assert state(store, request_id).due_on == dt.date(2026, 12, 21)


def test_settling_the_identity_ends_the_pause(store: Store) -> None:
    request_id = register(store)
    with store.write(NOW) as session:
        requests.pause(
            session, request_id, question=Question.IDENTITY, reason="Oklart vem", asked_on=dt.date(2026, 11, 12)
        )
        requests.check_identity(session, request_id, method=IdentityMethod.CALL_BACK, today=TODAY)

    request = state(store, request_id)
    assert request.status is Status.INVESTIGATING
    assert request.due_on == dt.date(2026, 12, 21)


def test_a_clock_that_is_not_paused_cannot_be_resumed(store: Store) -> None:
    request_id = register(store)

    with pytest.raises(UserError), store.write(NOW) as session:
        requests.resume(session, request_id, answered_on=TODAY)


def test_nothing_is_decided_before_the_identity_is_settled(store: Store) -> None:
    request_id = register(store)

    with pytest.raises(UserError) as caught, store.write(NOW) as session:
        requests.decide(session, request_id, Decision(right=Right.ACCESS, outcome=Outcome.GRANTED), today=TODAY)

    assert "Identiteten" in caught.value.do


@pytest.mark.parametrize(
    "decision",
    [
        Decision(right=Right.ACCESS, outcome=Outcome.REFUSED),
        Decision(right=Right.ERASURE, outcome=Outcome.GRANTED),
        Decision(right=Right.ACCESS),
    ],
)
def test_a_refusal_without_reason_a_right_not_asked_for_and_no_outcome_are_refused(
    store: Store, decision: Decision
) -> None:
    request_id = register(store)
    with store.write(NOW) as session:
        requests.check_identity(session, request_id, method=IdentityMethod.BANKID, today=TODAY)
        lookup.record(session, request_id, subject_id=None, terms=["Åsa"])

    with pytest.raises(UserError), store.write(NOW) as session:
        requests.decide(session, request_id, decision, today=TODAY)

    assert audited(store, Action.DECIDED) == []


def test_a_granted_marketing_stop_takes_effect_at_once_in_every_channel(store: Store) -> None:
    with store.write(NOW) as session:
        subject = make_subject(session)
    request_id = register(store, Right.MARKETING, subject_id=subject.id)
    with store.write(NOW) as session:
        lookup.record(session, request_id, subject_id=subject.id, terms=["Åsa"])
        requests.decide(session, request_id, Decision(right=Right.MARKETING, outcome=Outcome.GRANTED), today=TODAY)

    with store.read() as session:
        assert set(session.scalars(sa.select(OptOut.channel))) == set(MarketingChannel)


def test_an_answered_request_can_be_opened_again_for_a_complaint(store: Store) -> None:
    request_id = ready_to_send(store)
    with pytest.raises(UserError), store.write(NOW) as session:
        requests.reopen(session, request_id, today=TODAY)
    with store.write(NOW) as session:
        requests.mark_sent(session, request_id, method=DeliveryMethod.LETTER, sent_on=TODAY, today=TODAY)
        requests.close(session, request_id, today=TODAY)
        requests.reopen(session, request_id, today=TODAY)

    assert state(store, request_id).status is Status.COMPLAINT


def test_an_acknowledgement_is_recorded(store: Store) -> None:
    request_id = register(store)
    with store.write(NOW) as session:
        requests.acknowledge(session, request_id, today=TODAY)

    assert state(store, request_id).acknowledged_on == TODAY
    assert len(audited(store, Action.REQUEST_ACKNOWLEDGED)) == 1
