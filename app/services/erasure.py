"""Erase for good: values, search keys and copies in documents, then a receipt that proves it without telling what.

What may go and what stays is `app.services.keeping`'s and `app.domain.retention`'s business.
"""

import datetime as dt
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents import receipt as writer
from app.documents.content import Mark, Receipt, ReceiptLine
from app.domain import fields as categories
from app.domain.audit import Action
from app.domain.breach import in_stockholm
from app.domain.errors import ExitCode, UserError
from app.domain.names import sort_key
from app.domain.retention import Decides
from app.domain.wording import clock
from app.i18n import _, language, language_as, ngettext
from app.reference.rights import Ground, erasure_grounds
from app.services import audit, filing, organisation, outside
from app.services.keeping import BEARERS, Judged, field_label, judged, parts
from app.services.numbers import next_number
from db.models import Attachment, Datum, Hold, Identifier, Lookup, Request, RetentionRun, Source, Subject, Task
from db.store import leave_no_trace

COPIES = ("extract", "workbook", "portability")
"""Documents that repeat a person's values; they go with the values."""


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
    """

    erased: int
    kept: tuple[Kept, ...]
    is_gone: bool
    run: RetentionRun
    receipt: Attachment
    tasks: tuple[Task, ...]


@dataclass
class Tally:
    """What one or many erasures took and left, by kind.  Holds no value and no name."""

    erased: int = 0
    anonymised: int = 0
    kept: int = 0
    categories: set[str] = field(default_factory=set)
    activity_ids: set[int] = field(default_factory=set)
    erased_kinds: dict[tuple[str, int, str], list[str]] = field(default_factory=dict)
    kept_kinds: dict[tuple[str, int, str], list[str]] = field(default_factory=dict)
    files: list[ReceiptLine] = field(default_factory=list)

    def add(self, one: Judged, why: str) -> None:
        """Count one value."""
        datum = one.datum
        kinds = self.kept_kinds if one.is_kept else self.erased_kinds
        kinds.setdefault((datum.category, datum.source_id, why), []).append(datum.field)
        if one.is_kept:
            self.kept += 1
            return
        self.erased += 1
        self.categories.add(datum.category)
        if datum.activity_id is not None:
            self.activity_ids.add(datum.activity_id)


@dataclass(frozen=True)
class Cause:
    """Why values go that have a common reason: a code and a case number for the trail, words for the receipt."""

    code: str
    words: str
    request: str = ""


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
    subject = session.get_one(Subject, subject_id)
    _check_reason(session, subject, reason)
    found = next((held for _id, held in judged(session, [subject_id], today=today, has_ground=True)), [])
    kept = _kept(session, found)
    run = new_run(session, today)
    tally = Tally()
    request = session.get_one(Request, request_id) if request_id is not None else None
    cause = Cause(chosen.code, _ground_words(chosen), request.number if request is not None else "")
    is_gone = remove(session, subject, found, tally, cause=cause)
    close_run(run, tally)
    tasks = outside.tasks(session, run, tally.categories, tally.activity_ids, request_id=request_id)
    proof = Proof(run=run, reason=f"{_ground_words(chosen)}. {reason.strip()}", today=today, request_id=request_id)
    return Erasure(
        erased=tally.erased,
        kept=tuple(kept),
        is_gone=is_gone,
        run=run,
        receipt=make_receipt(session, proof, tally, tasks),
        tasks=tuple(tasks),
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
    held = session.scalars(sa.select(Datum.value).where(Datum.subject_id == subject.id))
    words = {text.casefold() for text in (subject.display_name, *subject.display_name.split(), *held) if len(text) > 3}
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
    session.add(run)
    session.flush()
    return run


def close_run(run: RetentionRun, tally: Tally) -> None:
    """Write the sums into the decision."""
    run.erased, run.anonymised, run.kept = tally.erased, tally.anonymised, tally.kept


def remove(
    session: Session, subject: Subject, found: list[Judged], tally: Tally, *, cause: Cause | None = None
) -> bool:
    """Erase the values of one person that are not kept, and whatever else repeats them.

    Args:
        session: The write session.
        subject: The person.
        found: All of the person's values, judged.
        tally: Counts what went and what stayed.
        cause: Why they go; each value's own rule when None.

    Returns:
        True when nothing was left and the person's record is gone.
    """
    for one in found:
        rule = one.rule.title if one.rule is not None else ""
        tally.add(one, one.verdict.reason if one.is_kept else cause.words if cause else rule)
    gone = [one.datum for one in found if not one.is_kept]
    kept = [one for one in found if one.is_kept]
    code, number = (cause.code, cause.request) if cause is not None else ("rule", "")
    details = {"cause": code, "request": number, "fields": sorted({datum.field for datum in gone})}
    audit.record(session, Action.ERASED, subject, subject_id=subject.id, erased=len(gone), kept=len(kept), **details)
    leaves = not kept and not _is_held(session, subject.id)
    if gone or leaves:
        _delete_values(session, gone)
        _delete_identifiers(session, subject.id, kept)
        _delete_copies(session, subject.id)
        leave_no_trace(session)
    if leaves:
        _delete_record(session, subject)
    elif _is_nameless(gone, kept):
        is_refraining = all(one.verdict.decides is Decides.SUPPRESSION for one in kept)
        subject.display_name = _("Spärrad för reklam") if is_refraining else _("Namnet är raderat")
        subject.sort_key = sort_key(subject.display_name)
        tally.anonymised += 1
    session.flush()
    return leaves


def _is_held(session: Session, subject_id: int) -> bool:
    active = sa.select(Hold.id).where(Hold.subject_id == subject_id, Hold.lifted_on.is_(None))
    return session.scalar(active.limit(1)) is not None


def _is_nameless(gone: list[Datum], kept: list[Judged]) -> bool:
    """Return whether the name went with the values, so that the record may not keep it either."""
    return any(datum.field in BEARERS for datum in gone) and not any(one.datum.field in BEARERS for one in kept)


def _delete_values(session: Session, gone: list[Datum]) -> None:
    for ids in parts([datum.id for datum in gone]):
        session.execute(sa.delete(Datum).where(Datum.id.in_(ids)), execution_options={"synchronize_session": "fetch"})


def _delete_identifiers(session: Session, subject_id: int, kept: list[Judged]) -> None:
    """Delete every search key that no kept value has."""
    values = {one.datum.value for one in kept}
    query = sa.select(Identifier.id, Identifier.norm).where(Identifier.subject_id == subject_id)
    lost = [key for key, norm in session.execute(query) if norm not in values]
    for ids in parts(lost):
        session.execute(sa.delete(Identifier).where(Identifier.id.in_(ids)))


def _delete_copies(session: Session, subject_id: int) -> None:
    """Delete documents that repeat the values, and what was typed to find the person."""
    requests = sa.select(Request.id).where(Request.subject_id == subject_id)
    of_person = sa.or_(Attachment.subject_id == subject_id, Attachment.request_id.in_(requests))
    session.execute(sa.delete(Attachment).where(of_person, Attachment.kind.in_(COPIES)))
    session.execute(sa.update(Lookup).where(Lookup.request_id.in_(requests)).values(terms=[]))


def _delete_record(session: Session, subject: Subject) -> None:
    """Delete the person's record with its opt-outs and past holds, and the documents that belong to no case."""
    loose = (Attachment.request_id.is_(None), Attachment.incident_id.is_(None), Attachment.run_id.is_(None))
    session.execute(sa.delete(Attachment).where(Attachment.subject_id == subject.id, *loose))
    session.delete(subject)


def make_receipt(session: Session, proof: Proof, tally: Tally, tasks: list[Task]) -> Attachment:
    """Write the receipt and store it with the decision.

    Source: Art. 5.2 GDPR (the controller can show what was done).
    """
    request = session.get(Request, proof.request_id) if proof.request_id is not None else None
    place = filing.Place(run_id=proof.run.id, request_id=proof.request_id)
    with language_as(request.language if request is not None else language()):
        content = Receipt(
            mark=Mark(
                reference=proof.run.number if request is None else f"{request.number} · {proof.run.number}",
                made_on=proof.today,
                language=language(),
                is_example=organisation.is_example(session),
                version=filing.next_version(session, "receipt", place),
                trail=audit.head(session),
            ),
            controller_name=organisation.fact(session, organisation.CONTROLLER).get("name", ""),
            decided_by=proof.run.decided_by,
            decided_at_text=clock(in_stockholm(proof.run.decided_at)),
            reason=proof.reason,
            erased=(*_lines(session, tally.erased_kinds), *tally.files),
            kept=_lines(session, tally.kept_kinds),
            outside=tuple(task.title for task in tasks),
        )
        raw = writer.write_receipt(content)
    name = f"gallringskvitto_{proof.run.number}.pdf"
    return filing.store(session, raw, kind="receipt", name=name, media_type="application/pdf", place=place)


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
