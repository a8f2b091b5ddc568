"""Erase what is held about a person on a ground of Art. 17, and the receipt that proves it without telling what.

What may go and what stays is `app.services.keeping`'s business; how it goes is `app.services.removal`'s.
"""

import datetime as dt
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents import receipt as writer
from app.documents.content import Mark, Receipt, ReceiptLine
from app.domain import fields as categories
from app.domain.breach import in_stockholm
from app.domain.errors import ExitCode, UserError
from app.domain.sealing import Keeper
from app.domain.wording import clock
from app.i18n import _, language, ngettext
from app.reference.rights import Ground, erasure_grounds
from app.services import audit, erasure_journal, filing, organisation, outside
from app.services.certificates import Pending
from app.services.guard import guarded
from app.services.keeping import Judged, field_label, judged
from app.services.numbers import next_number
from app.services.removal import VALUES, Cause, Tally, remove
from db.models import Attachment, Datum, Request, RetentionRun, Source, Subject, Task
from db.queries import people


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A stored value that stays, why, and until when if that is known."""

    datum_id: int
    what: str
    source: str
    why: str
    until_on: dt.date | None


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """What came of an erasure.

    Attributes:
        is_gone: Nothing is left of the person, not even the record itself.
        run: The decision; its number stands on the receipt.
        tasks: What must be done by hand: outside systems to change, recipients to tell.
        pending: For `certificates.complete`, when it is committed.
    """

    erased: int
    kept: tuple[Kept, ...]
    is_gone: bool
    run: RetentionRun
    receipt: Attachment
    tasks: tuple[Task, ...]
    pending: Pending = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What the receipt says beside the tally.

    Attributes:
        reason: Why it was decided, in words that hold no value about anybody.
        request_id: The request that asked for it, if any.
    """

    run: RetentionRun
    reason: str
    today: dt.date
    request_id: int | None = None


@guarded
def erase_subject(
    session: Session, subject_id: int, *, ground: str, reason: str, today: dt.date, request_id: int | None = None
) -> Erasure:
    """Erase what may be erased about a person, value by value; holds and the accounting duty keep theirs.

    Args:
        session: The write session.
        subject_id: The person.
        ground: A code of `app.reference.rights.erasure_grounds`, such as `G2`.
        reason: Why, in the officer's words, without names or values.
        today: The day of the decision.
        request_id: The request that asked for it, if any.

    Raises:
        UserError: Unknown ground, no reason, or a reason that tells who it is about.

    Source: Art. 17.1 and 17.3 GDPR.
    """
    chosen = _ground(ground)
    subject_id = people.whole(session, subject_id)
    subject = session.get_one(Subject, subject_id)
    _check_reason(session, subject, reason)
    found = next((held for _id, held in judged(session, [subject_id], today=today, has_ground=True)), [])
    kept = _kept(session, found)
    run = new_run(session, today)
    tally = Tally()
    erasure_journal.facts(session).ground = chosen.code
    request = session.get_one(Request, request_id) if request_id is not None else None
    cause = Cause(chosen.code, _ground_words(chosen), request.number if request is not None else "")
    is_gone = subject_id in remove(session, [(subject, found)], tally, cause=cause)
    close_run(run, tally)
    tasks = outside.tasks(session, run, tally.categories, tally.activity_ids, request_id=request_id)
    proof = Proof(run=run, reason=f"{_ground_words(chosen)}. {reason.strip()}", today=today, request_id=request_id)
    receipt, pending = make_receipt(session, proof, tally, tasks)
    return Erasure(
        erased=tally.erased,
        kept=tuple(kept),
        is_gone=is_gone,
        run=run,
        receipt=receipt,
        tasks=tuple(tasks),
        pending=pending,
    )


def _ground(code: str) -> Ground:
    for ground in erasure_grounds():
        if ground.code == code:
            return ground
    raise UserError(
        _("Grunden för radering finns inte."),
        stands=_("Inget har raderats."),
        do=_("Välj en av {codes}.").format(codes=", ".join(ground.code for ground in erasure_grounds())),
        code=ExitCode.USAGE,
    )


def _ground_words(ground: Ground) -> str:
    return f"{ground.shown(language())} ({ground.article})"


def _check_reason(session: Session, subject: Subject, reason: str) -> None:
    if not reason.strip():
        raise UserError(
            _("Skälet saknas."),
            stands=_("Inget har raderats."),
            do=_("Skriv kort varför uppgifterna raderas. Skriv inga namn."),
            code=ExitCode.USAGE,
        )
    family = people.family(session, subject.id)
    held = session.scalars(sa.select(Datum.value).where(Datum.subject_id.in_(family)))
    names = people.names(session, family).values()
    words = {text.casefold() for text in (*names, *(part for name in names for part in name.split()), *held)}
    words = {word for word in words if len(word) > 3}
    if any(word in reason.casefold() for word in words):
        raise UserError(
            _("Skälet innehåller uppgifter om personen."),
            stands=_("Inget har raderats."),
            do=_("Skriv skälet utan namn, nummer och andra uppgifter: kvittot sparas när uppgifterna är borta."),
        )


def _kept(session: Session, found: list[Judged]) -> list[Kept]:
    names = _source_names(session)
    return [
        Kept(
            datum_id=one.datum.id,
            what=field_label(one.datum.field),
            source=names[one.datum.source_id],
            why=one.verdict.reason,
            until_on=until(one),
        )
        for one in found
        if one.is_kept
    ]


def until(one: Judged) -> dt.date | None:
    """Return the last day a value is kept, when that is known."""
    first_free = one.verdict.erase_from_on
    return None if first_free is None else first_free - dt.timedelta(days=1)


def new_run(session: Session, today: dt.date) -> RetentionRun:
    """Return a new decision, so far with nothing in it."""
    run = RetentionRun(
        number=next_number(session, RetentionRun, "G", today.year),
        decided_at=session.info["now"],
        decided_by=session.info["user"],
        erased=0,
        anonymised=0,
        kept=0,
    )
    keeper: Keeper | None = session.info.get("keeper")
    if keeper is not None:
        keeper.make_room()
    session.add(run)
    session.flush()
    erasure_journal.facts(session).run = run.number
    return run


def close_run(run: RetentionRun, tally: Tally) -> None:
    """Write the sums into the decision."""
    run.erased, run.anonymised, run.kept = tally.erased, tally.anonymised, tally.kept


def make_receipt(session: Session, proof: Proof, tally: Tally, tasks: list[Task]) -> tuple[Attachment, Pending]:
    """Write the receipt and store it with the decision, in the office's own language: it is kept to show, not to send.

    Returns:
        The receipt, and what is needed to prove the erasure when it is committed.

    Source: Art. 5.2 GDPR (the controller can show what was done).
    """
    request = session.get(Request, proof.request_id) if proof.request_id is not None else None
    place = filing.Place(run_id=proof.run.id, request_id=proof.request_id)
    content = Receipt(
        mark=Mark(
            reference=proof.run.number if request is None else f"{request.number} · {proof.run.number}",
            made_on=proof.today,
            language=language(),
            is_example=organisation.is_example(session),
            version=filing.next_version(session, "receipt", place),
            trail=audit.head(session),
        ),
        controller_name=organisation.controller(session).name,
        decided_by=proof.run.decided_by,
        decided_at_text=clock(in_stockholm(proof.run.decided_at)),
        reason=proof.reason,
        erased=(*_lines(session, tally.erased_kinds), *tally.files),
        kept=_lines(session, tally.kept_kinds),
        outside=tuple(task.title for task in tasks),
    )
    raw = writer.write_receipt(content)
    name = f"gallringskvitto_{proof.run.number}.pdf"
    receipt = filing.store(session, raw, kind="receipt", name=name, media_type="application/pdf", place=place)
    return receipt, Pending(proof.run.id, content, place, tuple(session.info.pop(VALUES, ())))


def _lines(session: Session, kinds: dict[tuple[str, int, str], list[str]]) -> tuple[ReceiptLine, ...]:
    names = _source_names(session)
    lines = []
    for (category, source_id, why), codes in sorted(kinds.items()):
        labels = ", ".join(dict.fromkeys(field_label(code) for code in codes))
        count = ngettext("{count} uppgift", "{count} uppgifter", len(codes)).format(count=len(codes))
        what = f"{categories.label(categories.Category(category))}: {labels} ({count})"
        lines.append(ReceiptLine(what=what, source=names.get(source_id, ""), why=why))
    return tuple(lines)


def _source_names(session: Session) -> dict[int, str]:
    return {source.id: source.name for source in session.execute(sa.select(Source.id, Source.name))}
