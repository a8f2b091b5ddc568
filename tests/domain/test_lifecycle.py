from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from app.domain import lifecycle
from app.domain.lifecycle import Decision, DeliveryMethod, Facts, Outcome, Question, Status
from app.domain.rights import Right

RECEIVED, DUE, TODAY = date(2026, 3, 5), date(2026, 4, 7), date(2026, 3, 20)
ASKED = Facts(rights=(Decision(right=Right.ACCESS),), received_on=RECEIVED, due_on=DUE)
FOUND = replace(ASKED, identity_checked=True, has_subject=True, has_lookup=True)
GRANTED = replace(FOUND, rights=(Decision(right=Right.ACCESS, outcome=Outcome.GRANTED),), has_extract=True)
WRITTEN = replace(GRANTED, has_letter=True)
SENT = replace(WRITTEN, sent_on=TODAY)
CLOSED = replace(SENT, closed_on=TODAY)
REFUSAL = Decision(right=Right.ERASURE, outcome=Outcome.REFUSED, ground="17.3.b", reason="Fakturan måste sparas.")


def codes(facts: Facts) -> list[str]:
    return [step.code for step in lifecycle.steps(facts)]


def walk() -> dict[str, Facts]:
    """One access request, step by step."""
    arrived = replace(ASKED, is_registered=False)
    return {
        "register": arrived,
        "identity": replace(ASKED, acknowledged_on=RECEIVED),
        "lookup": replace(ASKED, identity_checked=True),
        "extract": FOUND,
        "decide": replace(FOUND, has_extract=True),
        "execute": replace(GRANTED, tasks=2, open_tasks=1),
        "letter": replace(GRANTED, tasks=2),
        "send": WRITTEN,
        "close": SENT,
    }


@pytest.mark.parametrize(("code", "facts"), walk().items())
def test_the_next_step_is_the_first_that_is_not_done(code: str, facts: Facts) -> None:
    step = lifecycle.next_step(facts)
    assert step is not None
    assert (step.code, step.is_done) == (code, False)
    assert step.title


def test_the_steps_show_when_they_were_done() -> None:
    done = {
        step.code: step.done_on for step in lifecycle.steps(replace(CLOSED, acknowledged_on=RECEIVED)) if step.done_on
    }
    assert done == {"register": RECEIVED, "acknowledge": RECEIVED, "send": TODAY, "close": TODAY}
    assert lifecycle.steps(replace(ASKED, is_registered=False))[0].done_on is None


def test_a_closed_request_has_no_next_step_even_without_an_acknowledgement() -> None:
    assert lifecycle.next_step(CLOSED) is None
    assert [step.code for step in lifecycle.steps(CLOSED) if not step.is_done] == ["acknowledge"]


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        (
            Right.ACCESS,
            ["register", "acknowledge", "identity", "lookup", "extract", "decide", "letter", "send", "close"],
        ),
        (Right.ERASURE, ["register", "acknowledge", "identity", "lookup", "decide", "letter", "send", "close"]),
        (Right.MARKETING, ["register", "acknowledge", "lookup", "decide", "letter", "send", "close"]),
        (Right.INFORMATION, ["register", "acknowledge", "decide", "letter", "send", "close"]),
    ],
)
def test_a_right_has_the_steps_that_it_needs(right: Right, expected: list[str]) -> None:
    assert codes(replace(ASKED, rights=(Decision(right=right),), has_subject=True)) == expected


def test_several_rights_have_the_steps_of_each() -> None:
    both = replace(ASKED, rights=(Decision(right=Right.MARKETING), Decision(right=Right.PORTABILITY)), has_subject=True)
    assert {"identity", "lookup", "extract"} <= set(codes(both))


@pytest.mark.parametrize("outcome", [Outcome.NO_DATA, Outcome.REFUSED])
def test_nobody_makes_an_extract_that_is_not_given(outcome: Outcome) -> None:
    assert "extract" not in codes(replace(FOUND, rights=(Decision(right=Right.ACCESS, outcome=outcome),)))
    assert "extract" not in codes(replace(ASKED, has_subject=False))


def test_a_withdrawn_request_goes_straight_to_its_end() -> None:
    withdrawn = replace(ASKED, rights=(Decision(right=Right.ACCESS, outcome=Outcome.WITHDRAWN),))
    assert codes(withdrawn) == ["register", "acknowledge", "decide", "close"]
    assert lifecycle.why_not_close(withdrawn) is None


STATES = {
    Status.RECEIVED: replace(ASKED, is_registered=False),
    Status.REGISTERED: ASKED,
    Status.IDENTITY_ASKED: replace(ASKED, paused_on=RECEIVED),
    Status.CLARIFICATION_ASKED: replace(FOUND, paused_on=RECEIVED, question=Question.CLARIFICATION),
    Status.INVESTIGATING: FOUND,
    Status.PROPOSED: replace(FOUND, is_proposed=True),
    Status.REVIEW: replace(FOUND, is_proposed=True, is_in_review=True),
    Status.DECIDED: GRANTED,
    Status.EXECUTING: replace(GRANTED, tasks=1, open_tasks=1),
    Status.ANSWERED: SENT,
    Status.CLOSED: CLOSED,
    Status.WITHDRAWN: replace(ASKED, rights=(Decision(right=Right.ACCESS, outcome=Outcome.WITHDRAWN),)),
    Status.UNIDENTIFIED: replace(ASKED, rights=(Decision(right=Right.ACCESS, outcome=Outcome.UNIDENTIFIED),)),
    Status.COMPLAINT: replace(SENT, is_complaint=True),
}


@pytest.mark.parametrize("status", Status)
def test_a_request_stands_where_its_facts_put_it(status: Status) -> None:
    assert lifecycle.status(STATES[status]) is status


def test_a_request_without_rights_is_neither_decided_nor_withdrawn() -> None:
    empty = replace(ASKED, rights=())
    assert lifecycle.status(empty) is Status.REGISTERED
    assert "Ingen rättighet" in str(lifecycle.why_not_decide(empty))
    assert "Ingen rättighet" in str(lifecycle.why_not_close(empty))


@pytest.mark.parametrize("facts", [SENT, CLOSED])
def test_an_answered_request_is_left_alone_until_it_is_opened_again(facts: Facts) -> None:
    for reason in (
        lifecycle.why_not_identify(facts),
        lifecycle.why_not_extend(facts, today=TODAY),
        lifecycle.why_not_pause(facts),
        lifecycle.why_not_decide(facts),
        lifecycle.why_not_send(facts),
    ):
        assert reason is not None
        assert "Öppna" in reason
    assert lifecycle.why_not_reopen(facts) is None


def test_a_complaint_opens_an_answered_request_for_new_work() -> None:
    complaint = replace(SENT, is_complaint=True)
    assert lifecycle.why_not_identify(complaint) is None
    assert lifecycle.why_not_decide(complaint) is None
    assert lifecycle.why_not_send(complaint) is None


def test_an_unanswered_request_needs_no_opening() -> None:
    assert lifecycle.why_not_reopen(WRITTEN) == "Begäran är inte besvarad än. Handlägg den som vanligt."


# Extension


def test_the_limit_can_be_extended_up_to_its_last_day_and_not_after() -> None:
    assert lifecycle.why_not_extend(ASKED, today=DUE, reason="Stort underlag.") is None
    assert lifecycle.why_not_extend(ASKED, today=DUE) is None
    assert "7 april 2026" in str(lifecycle.why_not_extend(ASKED, today=date(2026, 4, 8), reason="Stort underlag."))


def test_an_extension_goes_by_the_first_month_also_when_the_due_date_has_moved() -> None:
    moved = replace(ASKED, due_on=date(2026, 6, 5), first_due_on=DUE)
    assert lifecycle.why_not_extend(moved, today=date(2026, 4, 8)) is not None
    assert lifecycle.why_not_extend(moved, today=DUE) is None


def test_an_extension_needs_a_reason_and_comes_once() -> None:
    assert "Skälet" in str(lifecycle.why_not_extend(ASKED, today=TODAY, reason=" "))
    assert "en gång" in str(lifecycle.why_not_extend(replace(ASKED, is_extended=True), today=TODAY, reason="Mer."))


# Pause


def test_the_clock_is_held_only_for_a_question_that_needs_asking() -> None:
    assert lifecycle.why_not_pause(ASKED, reason="Två personer med samma namn.") is None
    assert lifecycle.why_not_pause(ASKED) is None
    assert "Skälet" in str(lifecycle.why_not_pause(ASKED, reason=""))
    assert "redan pausad" in str(lifecycle.why_not_pause(replace(ASKED, paused_on=RECEIVED)))
    assert "redan kontrollerad" in str(lifecycle.why_not_pause(FOUND))
    assert lifecycle.why_not_pause(FOUND, question=Question.CLARIFICATION, reason="Vilka avtal?") is None


@pytest.mark.parametrize(
    ("asked_on", "is_warned"), [(date(2026, 3, 5), False), (date(2026, 3, 8), False), (date(2026, 3, 9), True)]
)
def test_a_question_asked_late_is_warned_about(asked_on: date, is_warned: bool) -> None:
    assert (lifecycle.pause_warning(ASKED, asked_on=asked_on) is not None) is is_warned


def test_the_clock_goes_on_when_the_answer_comes_after_the_question() -> None:
    paused = replace(ASKED, paused_on=date(2026, 3, 6))
    assert lifecycle.why_not_resume(paused, answered_on=date(2026, 3, 6)) is None
    assert "6 mars" in str(lifecycle.why_not_resume(paused, answered_on=RECEIVED))
    assert lifecycle.why_not_resume(ASKED, answered_on=TODAY) == "Fristen är inte pausad."


# Decision


@pytest.mark.parametrize("outcome", [Outcome.GRANTED, Outcome.PARTLY, Outcome.REFUSED, Outcome.NO_DATA])
def test_nothing_is_decided_before_it_is_known_who_asks_and_what_there_is(outcome: Outcome) -> None:
    decision = Decision(right=Right.ACCESS, outcome=outcome, reason="Ett skäl.")
    assert "Identiteten" in str(lifecycle.why_not_decide(ASKED, decision))
    assert "Registren" in str(lifecycle.why_not_decide(replace(ASKED, identity_checked=True), decision))
    assert lifecycle.why_not_decide(FOUND, decision) is None


def test_an_identity_check_can_be_recorded_on_an_open_request() -> None:
    assert lifecycle.why_not_identify(ASKED) is None


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.PARTLY])
def test_a_refusal_needs_its_reason_in_words(outcome: Outcome) -> None:
    silent = Decision(right=Right.ERASURE, outcome=outcome, ground="17.3.b", reason="  ")
    assert "Skälet" in str(lifecycle.why_not_decide(FOUND, silent))
    assert "Skälet" in str(lifecycle.why_not_answer(replace(FOUND, rights=(silent,))))


@pytest.mark.parametrize("right", [Right.MARKETING, Right.CONSENT, Right.COMMENT])
def test_what_the_person_always_gets_cannot_be_refused(right: Right) -> None:
    refusal = Decision(right=right, outcome=Outcome.REFUSED, reason="Vi vill inte.")
    assert "kan inte avslås" in str(lifecycle.why_not_decide(FOUND, refusal))
    assert lifecycle.why_not_decide(FOUND, Decision(right=right, outcome=Outcome.GRANTED)) is None


def test_nobody_is_unknown_who_was_not_asked() -> None:
    unknown = Decision(right=Right.ACCESS, outcome=Outcome.UNIDENTIFIED)
    assert "ombedd" in str(lifecycle.why_not_decide(ASKED, unknown))
    assert lifecycle.why_not_decide(replace(ASKED, has_asked_identity=True), unknown) is None


def test_a_withdrawal_needs_nothing() -> None:
    assert lifecycle.why_not_decide(ASKED, Decision(right=Right.ACCESS, outcome=Outcome.WITHDRAWN)) is None


def test_marketing_stops_without_an_identity_check() -> None:
    stop = replace(ASKED, rights=(Decision(right=Right.MARKETING),), has_lookup=True)
    assert lifecycle.why_not_decide(stop, Decision(right=Right.MARKETING, outcome=Outcome.GRANTED)) is None


# Answer


def test_the_answer_waits_for_every_decision_and_the_extract() -> None:
    two = replace(FOUND, rights=(Decision(right=Right.ACCESS), Decision(right=Right.ERASURE)))
    assert lifecycle.why_not_answer(two) == "2 rättigheter saknar beslut. Besluta dem först."
    assert lifecycle.why_not_answer(FOUND) == "1 rättighet saknar beslut. Besluta den först."
    assert "Registerutdraget" in str(lifecycle.why_not_answer(replace(GRANTED, has_extract=False)))
    assert lifecycle.why_not_answer(GRANTED) is None
    assert "avslutat" in str(lifecycle.why_not_answer(CLOSED))


@pytest.mark.parametrize("has_identity", [True, False])
def test_no_answer_about_data_is_made_without_an_identity_result(has_identity: bool) -> None:
    facts = replace(WRITTEN, identity_checked=has_identity)
    assert (lifecycle.why_not_answer(facts) is None) is has_identity
    assert (lifecycle.why_not_send(facts, DeliveryMethod.LETTER) is None) is has_identity


def test_a_letter_to_somebody_unknown_needs_no_identity_but_the_way_to_complain() -> None:
    unknown = replace(ASKED, rights=(Decision(right=Right.ACCESS, outcome=Outcome.UNIDENTIFIED),), has_letter=True)
    assert "klaga" in str(lifecycle.why_not_send(unknown))
    assert lifecycle.why_not_send(replace(unknown, has_remedies=True)) is None


def test_a_refusal_is_never_sent_without_the_way_to_complain() -> None:
    refused = replace(WRITTEN, rights=(REFUSAL,))
    assert lifecycle.remedies_required(refused)
    assert "klaga" in str(lifecycle.why_not_send(refused, DeliveryMethod.LETTER))
    assert lifecycle.why_not_send(replace(refused, has_remedies=True), DeliveryMethod.LETTER) is None
    assert not lifecycle.remedies_required(WRITTEN)


# Sending


@pytest.mark.parametrize(("method", "is_protected"), list(product(DeliveryMethod, [True, False])))
def test_a_protected_person_is_reached_only_in_the_two_safe_ways(method: DeliveryMethod, is_protected: bool) -> None:
    reason = lifecycle.why_not_send(replace(WRITTEN, is_protected=is_protected), method)
    is_safe = method in {DeliveryMethod.MAIL_FORWARDING, DeliveryMethod.HANDOVER}
    assert (reason is None) is (is_safe or not is_protected)
    if reason is not None:
        assert "postförmedling" in reason


def test_an_answer_is_written_before_it_is_sent() -> None:
    assert lifecycle.why_not_send(GRANTED) == "Svaret är inte skrivet. Skriv svaret först."


def test_a_late_answer_is_recorded_as_late() -> None:
    late_on = date(2026, 5, 4)
    assert lifecycle.why_not_send(WRITTEN, DeliveryMethod.LETTER, sent_on=late_on, today=late_on) is None
    assert replace(WRITTEN, sent_on=late_on).is_late
    assert not replace(WRITTEN, sent_on=DUE).is_late
    assert not WRITTEN.is_late


def test_an_answer_is_sent_after_the_request_and_not_in_the_future() -> None:
    assert "innan begäran kom" in str(lifecycle.why_not_send(WRITTEN, sent_on=date(2026, 3, 4), today=TODAY))
    assert "inte varit än" in str(lifecycle.why_not_send(WRITTEN, sent_on=date(2026, 3, 21), today=TODAY))
    assert lifecycle.why_not_send(WRITTEN, sent_on=TODAY, today=TODAY) is None
    assert lifecycle.why_not_send(WRITTEN, sent_on=TODAY) is None


# Closing


def test_a_request_closes_when_it_is_decided_sent_and_carried_out() -> None:
    assert lifecycle.why_not_close(SENT) is None
    assert "beslut" in str(lifecycle.why_not_close(FOUND))
    assert "inte skickat" in str(lifecycle.why_not_close(WRITTEN))
    assert (
        lifecycle.why_not_close(replace(SENT, tasks=2, open_tasks=1)) == "1 uppgift är inte klar. Bocka av den först."
    )
    assert (
        lifecycle.why_not_close(replace(SENT, tasks=2, open_tasks=2))
        == "2 uppgifter är inte klara. Bocka av dem först."
    )


def test_a_closed_request_cannot_be_closed_again() -> None:
    assert lifecycle.why_not_close(CLOSED) == "Ärendet är redan avslutat."


def test_a_request_is_overdue_the_day_after_its_last_day_until_it_is_sent() -> None:
    assert not lifecycle.is_overdue(ASKED, today=DUE)
    assert lifecycle.is_overdue(ASKED, today=date(2026, 4, 8))
    assert not lifecycle.is_overdue(SENT, today=date(2026, 4, 8))
    assert not lifecycle.is_overdue(replace(STATES[Status.WITHDRAWN], closed_on=TODAY), today=date(2026, 4, 8))


def test_the_words_for_a_status_are_found_here_too() -> None:
    assert lifecycle.label(Status.IDENTITY_ASKED) == "Väntar på identitet"
