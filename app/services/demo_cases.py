"""The twelve requests of the demo vault, each left in a different place on its way.  Made by the same services as real ones."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.channels import Channel
from app.domain.request_facts import Decision
from app.domain.rights import RULES, Right
from app.domain.status import DeliveryMethod, IdentityMethod, Outcome, Question
from app.services import extracts, letters, lookup, requests
from app.services.requests import Intake
from db.models import Request, Subject


@dataclass(frozen=True)
class Case:
    """One request of the demo.

    Attributes:
        person: Which invented person, by place in the register.
        ago: How many days ago it arrived.
        way: The acts done so far, in order.
        outcome: What each right came to, when decided.
    """

    rights: tuple[Right, ...]
    person: int
    ago: int
    way: tuple[str, ...] = ()
    outcome: Outcome = Outcome.GRANTED
    reason: str = ""
    channel: Channel = Channel.EMAIL
    message: str = ""


SEARCHED = ("acknowledge", "identity", "lookup")
ANSWERED = (*SEARCHED, "extract", "decide", "letter", "send")
CLOSED = (*ANSWERED, "close")
CASES = (
    Case((Right.ACCESS,), 0, 36, (*SEARCHED, "extract"), message="Hej! Jag vill ha ett registerutdrag med allt ni har om mig."),
    Case((Right.ERASURE,), 1, 26, SEARCHED, message="Jag är inte kund längre. Ta bort mina uppgifter, tack."),
    Case((Right.MARKETING,), 2, 24, (), channel=Channel.PHONE, message="Vill inte ha reklam på sms."),
    Case((Right.RECTIFICATION,), 3, 18, ("acknowledge", "ask"), message="Min adress är fel hos er."),
    Case((Right.PORTABILITY,), 4, 11, SEARCHED, message="Jag vill ta med mig mina uppgifter i en Excel-fil."),
    Case((Right.RESTRICTION, Right.RECTIFICATION), 20, 6, ("acknowledge",), channel=Channel.LETTER, message="Pausa användningen tills adressen är rättad."),
    Case((Right.ACCESS,), 6, 27, ("acknowledge", "identity", "extend"), message="Skicka ett utdrag ur alla era register."),
    Case((Right.ACCESS,), 17, 8, ("acknowledge", "identity"), channel=Channel.VISIT, message="Begäran lämnad vid besök, legitimation visad."),
    Case((Right.ACCESS,), 24, 75, CLOSED, message="Registerutdrag, tack."),
    Case((Right.PORTABILITY, Right.ACCESS), 27, 110, CLOSED, message="Utdrag och en fil att ta med."),
    Case((Right.OBJECTION,), 31, 140, (*SEARCHED, "decide", "letter", "send", "close"), Outcome.REFUSED,
         "Vi behöver uppgifterna för att försvara oss i den pågående tvisten om fakturan.", message="Jag invänder mot att ni sparar mina ärenden."),
    Case((Right.ACCESS,), 36, 60, (*CLOSED, "reopen"), message="Jag tycker att något saknas i utdraget."),
)  # fmt: skip


def build(session: Session, case: Case, people: list[Subject], *, today: dt.date) -> Request:
    """Register one request and walk it as far as the demo wants.

    Args:
        session: The write session.
        case: Which one.
        people: The imported people, in the order of the register.
        today: The demo's day; the request's own days lie before it.
    """
    person = people[case.person]
    received_on = today - dt.timedelta(days=case.ago)
    intake = Intake(
        rights=case.rights,
        received_on=received_on,
        channel=case.channel,
        requester_name=person.display_name,
        message=case.message,
        subject_id=person.id,
    )
    request = requests.register(session, intake, today=today)
    for number, act in enumerate(case.way, start=1):
        day = min(today, received_on + dt.timedelta(days=2 * number))
        ACTS[act](session, request, case, day)
    return request


def _ask(session: Session, request: Request, _case: Case, day: dt.date) -> None:
    requests.pause(session, request.id, question=Question.IDENTITY, reason="Två kunder har samma namn.", asked_on=day)


def _look_up(session: Session, request: Request, _case: Case, _day: dt.date) -> None:
    lookup.record(session, request.id, subject_id=request.subject_id, terms=[request.requester_name])


def _decide(session: Session, request: Request, case: Case, day: dt.date) -> None:
    for right in case.rights:
        requests.decide(session, request.id, Decision(right=right, outcome=case.outcome, reason=case.reason), today=day)


def _extract(session: Session, request: Request, case: Case, day: dt.date) -> None:
    if any(RULES[right].needs_extract for right in case.rights):
        extracts.make(session, request.id, today=day)


def write_letters(session: Session, request: Request, *, today: dt.date) -> None:
    """Write the letters that the decisions lead to."""
    for kind in letters.proposed_kinds(session, request.id):
        draft = letters.draft(session, request.id, kind, today=today)
        filled = letters.draft(session, request.id, kind, today=today, values=dict.fromkeys(draft.missing, "–"))
        letters.make(session, request.id, filled, today=today)


def _identity(session: Session, request: Request, _case: Case, day: dt.date) -> None:
    requests.check_identity(session, request.id, method=IdentityMethod.ID_SHOWN, today=day)


def _send(session: Session, request: Request, _case: Case, day: dt.date) -> None:
    requests.mark_sent(session, request.id, method=DeliveryMethod.LETTER, sent_on=day, today=day)


ACTS: dict[str, Callable[[Session, Request, Case, dt.date], object]] = {
    "acknowledge": lambda session, request, _case, day: requests.acknowledge(session, request.id, today=day),
    "ask": _ask,
    "identity": _identity,
    "lookup": _look_up,
    "extend": lambda session, request, _case, day: requests.extend(
        session, request.id, reason="Uppgifterna finns i flera system.", today=day
    ),
    "extract": _extract,
    "decide": _decide,
    "letter": lambda session, request, _case, day: write_letters(session, request, today=day),
    "send": _send,
    "close": lambda session, request, _case, day: requests.close(session, request.id, today=day),
    "reopen": lambda session, request, _case, day: requests.reopen(session, request.id, today=day),
}
