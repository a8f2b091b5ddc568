"""The ledger of a recorded search: what every source in the vault answered, and who outside it was asked and answered what.

Source: Art. 5.2 and 15 GDPR: an extract is as complete as the search behind it, and the office must be able to show it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.errors import ExitCode, UserError
from app.domain.ledger import GIVEN, Answer
from app.i18n import _
from app.services import audit
from app.services.guard import guarded
from db.models import Lookup, LookupSource, OutsideSystem, Request
from db.queries import ledger as queries
from db.queries import lookup as registers
from db.queries import people


@dataclass(frozen=True, kw_only=True)
class LedgerLine:
    """What one source answered.

    Attributes:
        source: What the source is called.
        why: Why it could not be searched, what was said with the answer, or why nobody waited for it.
        owner: Who was asked; empty for a source in the vault.
        at: When the search was recorded.
        who: Who recorded it.
        terms: What was searched for.
    """

    line_id: int
    source: str
    answer: Answer
    found: int
    why: str
    owner: str
    asked_on: dt.date | None
    due_on: dt.date | None
    answered_on: dt.date | None
    answered_by: str
    at: dt.datetime
    who: str
    terms: tuple[str, ...]

    @property
    def is_outside(self) -> bool:
        """Return whether somebody had to be asked."""
        return bool(self.owner)


@dataclass(frozen=True, kw_only=True)
class Question:
    """A source outside the vault: paper, a system of its own, somebody's computer.

    Attributes:
        source: What it is called.
        owner: Who is to look.
        due_on: When the answer is wanted.
        outside_id: The outside system, if it is one of those the office has written down.
    """

    source: str
    owner: str
    due_on: dt.date | None
    outside_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What somebody who was asked said.

    Attributes:
        answer: Found, nothing, or no answer.
        found: How many things were found.
        why: What was said with it.
        answered_on: When it came.
    """

    answer: Answer
    found: int = 0
    why: str = ""
    answered_on: dt.date


@guarded
def record(
    session: Session, request_id: int | None, *, subject_id: int | None, terms: Sequence[str]
) -> list[LedgerLine]:
    """Record that all registers were searched for a person, and who the person in a request is.

    Args:
        session: The write session.
        request_id: The request the search was made for; None when it was made without one.
        subject_id: The person found, or None when there is nobody: also that is an answer.
        terms: What was searched for; kept with the search and erased with the person.

    Returns:
        One line per register, also those that had nothing and those that could not be searched.

    Raises:
        UserError: Nothing was searched for.
    """
    asked = [term.strip() for term in terms if term.strip()]
    if not asked:
        raise UserError(
            _("Inget är sökt ännu."),
            stands=_("Ärendet är oförändrat."),
            do=_("Sök på namn, personnummer eller e-post, och bekräfta sedan."),
        )
    subject_id = people.whole(session, subject_id) if subject_id is not None else None
    request = session.get_one(Request, request_id) if request_id is not None else None
    who, now = session.info["user"], session.info["now"]
    lookup = Lookup(request_id=request_id, subject_id=subject_id, made_at=now, made_by=who, terms=asked)
    session.add(lookup)
    session.flush()
    found = _search_registers(session, lookup, subject_id)
    if request is not None:
        request.subject_id = subject_id
    about = request if request is not None else lookup
    audit.record(session, Action.SEARCHED, about, subject_id=subject_id, sources=len(found), found=sum(found))
    if request is not None and subject_id is not None:
        audit.record(session, Action.HIT_CONFIRMED, request, subject_id=subject_id)
    return [_line(row) for row in queries.lines(session, [lookup.id])]


def _search_registers(session: Session, lookup: Lookup, subject_id: int | None) -> list[int]:
    """Store what each register answered, and return how much each had."""
    family = people.family(session, subject_id) if subject_id is not None else []
    counts = registers.found_per_source(session, family) if family else {}
    filled = queries.with_data(session)
    founds = []
    for source in registers.registers(session):
        found = counts.get(source.id, 0)
        answer, why = Answer.FOUND if found else Answer.NOTHING, ""
        if source.id not in filled:
            answer, why = Answer.FAILED, _("inget är importerat därifrån än")
        session.add(
            LookupSource(
                lookup_id=lookup.id, source_id=source.id, name=source.name, answer=answer, found=found, why=why
            )
        )
        founds.append(found)
    session.flush()
    return founds


def of_request(session: Session, request_id: int) -> list[LedgerLine]:
    """Return a request's ledger: what the registers answered to the latest search, and everybody who was ever asked."""
    ids = queries.lookups(session, request_id)
    rows = queries.lines(session, ids)
    return [_line(row) for row in rows if row.source_id is None or row.lookup_id == ids[-1]]


def problems(question: Question, *, today: dt.date) -> dict[str, str]:
    """Return what is wrong with a question, a sentence per field."""
    found = {}
    if not question.source.strip():
        found["source"] = _("Skriv vad som ska genomsökas, till exempel pappersarkivet.")
    if not question.owner.strip():
        found["owner"] = _("Skriv vem som ska söka.")
    if question.due_on is None or question.due_on < today:
        found["due_on"] = _("Ange när svaret behövs, i dag eller senare.")
    return found


@guarded
def ask(session: Session, request_id: int, question: Question, *, today: dt.date) -> LedgerLine:
    """Note that somebody is asked to search a source outside the vault for the person in a request.

    Raises:
        UserError: Something is missing, the day has passed, the request is closed, or the registers are not searched yet.
    """
    request = session.get_one(Request, request_id)
    if wrong := problems(question, today=today):
        raise _refused(_("Frågan är inte hel."), next(iter(wrong.values())))
    if request.closed_on is not None:
        raise _refused(_("Ärendet är avslutat."), _("Öppna det igen först."))
    ids = queries.lookups(session, request_id)
    if not ids:
        raise _refused(_("Registren är inte genomsökta."), _("Sök den registrerade först, och fråga sedan andra."))
    if question.outside_id is not None:
        session.get_one(OutsideSystem, question.outside_id)
    row = LookupSource(
        lookup_id=ids[-1],
        outside_id=question.outside_id,
        name=question.source.strip(),
        answer=Answer.ASKED,
        owner=question.owner.strip(),
        asked_on=today,
        due_on=question.due_on,
    )
    session.add(row)
    session.flush()
    due_on = question.due_on.isoformat() if question.due_on is not None else ""
    audit.record(session, Action.SOURCE_ASKED, request, subject_id=request.subject_id, line=row.id, due_on=due_on)
    return _of(session, row)


@guarded
def answer(session: Session, line_id: int, reply: Reply, *, today: dt.date) -> LedgerLine:
    """Enter what somebody who was asked answered; an answer can be entered anew if it was wrong.

    Raises:
        UserError: The source is in the vault and answers by itself, the number or the day is impossible, or the case is closed.
    """
    row = session.get_one(LookupSource, line_id)
    request_id = session.scalar(sa.select(Lookup.request_id).where(Lookup.id == row.lookup_id))
    request = session.get(Request, request_id) if request_id is not None else None
    if row.source_id is not None or reply.answer not in GIVEN:
        raise _refused(_("Den källan svarar själv när du söker."), _("Sök igen om uppgifterna har ändrats."))
    if request is not None and request.closed_on is not None:
        raise _refused(_("Ärendet är avslutat."), _("Öppna det igen först."))
    if (reply.answer is Answer.FOUND) != (reply.found > 0):
        raise _refused(
            _("Antalet stämmer inte med svaret."), _("Skriv hur många uppgifter som fanns, eller välj inget.")
        )
    if reply.answered_on > today or (row.asked_on is not None and reply.answered_on < row.asked_on):
        raise _refused(_("Svaret kan inte ha kommit den dagen."), _("Ange en dag från frågan fram till i dag."))
    _enter(session, row, reply)
    subject_id = request.subject_id if request is not None else None
    sums = {"answer": reply.answer.value, "found": reply.found}
    audit.record(session, Action.SOURCE_ANSWERED, row, subject_id=subject_id, **sums)
    return _of(session, row)


def _enter(session: Session, row: LookupSource, reply: Reply) -> None:
    row.answer, row.found, row.why, row.answered_on = reply.answer, reply.found, reply.why.strip(), reply.answered_on
    row.answered_by = session.info["user"]
    session.flush()


@guarded
def stop_waiting(session: Session, request_id: int, *, reason: str, today: dt.date) -> int:
    """Note of every question without an answer that nobody waits for it any more, and why.  Returns how many."""
    rows = queries.unanswered(session, request_id)
    for row in rows:
        _enter(session, row, Reply(answer=Answer.NO_ANSWER, why=reason, answered_on=today))
        audit.record(session, Action.SOURCE_ANSWERED, row, answer=Answer.NO_ANSWER.value, found=0)
    return len(rows)


def _of(session: Session, row: LookupSource) -> LedgerLine:
    return next(_line(found) for found in queries.lines(session, [row.lookup_id]) if found.id == row.id)


def _line(row: sa.Row[*tuple[object, ...]]) -> LedgerLine:
    return LedgerLine(
        line_id=row.id,
        source=row.name,
        answer=row.answer,
        found=row.found,
        why=row.why,
        owner=row.owner,
        asked_on=row.asked_on,
        due_on=row.due_on,
        answered_on=row.answered_on,
        answered_by=row.answered_by,
        at=row.made_at,
        who=row.made_by,
        terms=tuple(row.terms),
    )


def _refused(what: str, do: str) -> UserError:
    return UserError(what, stands=_("Ärendet är oförändrat."), do=do, code=ExitCode.NOT_ALLOWED)
