"""The retention review: what the rules propose to erase, and the officer's decision about it.

Which rule a value falls under is `app.services.keeping`'s business; how it is erased is `app.services.erasure`'s.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain import audit as acts
from app.domain.errors import UserError
from app.domain.retention import Action, RuleKind, Verdict
from app.i18n import _
from app.reference.periods import periods
from app.services import audit, closed_files, erasure, outside, removal
from app.services.certificates import Pending
from app.services.closed_files import ClosedFile
from app.services.erasure import Proof
from app.services.guard import guarded
from app.services.holds import HeldPerson, holds, lift_hold, set_hold
from app.services.keeping import Judged, field_labels, judged, parts
from app.services.removal import Step, Tally
from db.models import Attachment, Datum, RetentionRule, RetentionRun, Subject, Task
from db.queries import people as joined

__all__ = ["HeldPerson", "Outcome", "Proposal", "Review", "decide", "holds", "lift_hold", "propose", "set_hold"]


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Values of one person, or one closed file, that the same rule settles in the same way.

    Attributes:
        subject_id: The person; None for a closed request or incident.
        subject_name: The person's name, or the number of the file.
        what: The names of the fields, or what the file is.
        datum_ids: The values; empty for a file.
        rule: The rule's title.
        decides: A code of `app.domain.retention.Decides`.
        reason: The rule with its sum, in a sentence.
        erase_from_on: The first day it may go, if that is known.
        is_restricted: It may be stored but not used.
    """

    subject_id: int | None
    subject_name: str
    what: tuple[str, ...]
    datum_ids: tuple[int, ...]
    rule: str
    decides: str
    reason: str
    erase_from_on: dt.date | None
    action: Action
    is_restricted: bool = False


@dataclass(frozen=True, kw_only=True)
class Review:
    """What the rules say today.

    Attributes:
        proposals: What may go.
        kept: What stays although something of the same person may go, or because a stop holds it.
        token: Stands for exactly these proposals; a decision must show it.
    """

    proposals: tuple[Proposal, ...]
    kept: tuple[Proposal, ...]
    token: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a decision.

    Attributes:
        erased: Values and files that are gone.
        anonymised: People whose name is gone although something without it stays, such as a stop for marketing.
        kept: Values that stay.
        outside_tasks: What must be done by hand.
        names: Whom it was about, for that work; shown now and stored nowhere.
        pending: For `certificates.complete`, when it is committed.
    """

    run: RetentionRun
    erased: int
    anonymised: int
    kept: int
    receipt: Attachment
    outside_tasks: tuple[Task, ...]
    names: tuple[str, ...]
    pending: Pending = field(repr=False)


@dataclass(frozen=True)
class _Found:
    """The review before it is put into words."""

    people: dict[int, list[Judged]]
    names: dict[int, str]
    files: list[ClosedFile]


@guarded
def propose(session: Session, *, today: dt.date) -> Review:
    """Return what the rules propose to erase today and what they keep.  Changes nothing: it is also the dry run.

    Source: Art. 5.1 e GDPR; the policy's promises R30 to R34.
    """
    return _review(_found(session, today))


@guarded
def decide(
    session: Session,
    token: str,
    *,
    only: set[int] | None = None,
    files: set[str] | None = None,
    today: dt.date,
    step: Step | None = None,
) -> Outcome:
    """Erase what was proposed, all or the chosen part, and write the receipt.

    Args:
        session: The write session.
        token: From the review that the officer looked at.
        only: The people to erase, by id; None means all, unless `files` is given.
        files: The closed requests and incidents to erase, by number; None means all, unless `only` is given.
        today: The day of the decision.
        step: Called with people done and people in all; raises `Cancelled` to stop.

    Raises:
        Cancelled: The user stopped it; nothing was erased.
        UserError: The proposals are no longer the same, or the choice is empty or not among them; nothing was erased.
    """
    found = _found(session, today)
    if _review(found).token != token:
        raise UserError(
            _("Förslaget har ändrats sedan du tog fram det."),
            stands=_("Inget har raderats."),
            do=_("Ta fram ett nytt förslag, gå igenom det och besluta igen."),
        )
    chosen_people, chosen_files = _chosen(found, only, files)
    if not chosen_people and not chosen_files:
        raise UserError(
            _("Inget är valt att gallra."),
            stands=_("Inget har raderats."),
            do=_("Markera minst en rad bland förslagen."),
        )
    run, tally = erasure.new_run(session, today), Tally()
    removal.remove(session, _with_records(session, chosen_people), tally, step=step)
    for file in chosen_files:
        closed_files.remove(session, file, tally)
    erasure.close_run(run, tally)
    sums = {"erased": tally.erased, "anonymised": tally.anonymised, "kept": tally.kept}
    sums |= {"people": len(chosen_people), "files": len(chosen_files)}
    audit.record(session, acts.Action.RETENTION_DECIDED, run, number=run.number, **sums)
    return _outcome(session, run, tally, today=today, names=[found.names[key] for key in chosen_people])


def _with_records(session: Session, chosen: dict[int, list[Judged]]) -> list[tuple[Subject, list[Judged]]]:
    found: list[tuple[Subject, list[Judged]]] = []
    for ids in parts(list(chosen)):
        rows = session.scalars(sa.select(Subject).where(Subject.id.in_(ids)).order_by(Subject.id))
        found += [(row, chosen[row.id]) for row in rows]
    return found


def _outcome(session: Session, run: RetentionRun, tally: Tally, *, today: dt.date, names: list[str]) -> Outcome:
    tasks = outside.tasks(session, run, tally.categories, tally.activity_ids)
    reason = _("Gallring enligt reglerna, beslutad efter granskning av förslaget.")
    receipt, pending = erasure.make_receipt(session, Proof(run=run, reason=reason, today=today), tally, tasks)
    return Outcome(
        run=run,
        erased=tally.erased,
        anonymised=tally.anonymised,
        kept=tally.kept,
        receipt=receipt,
        outside_tasks=tuple(tasks),
        names=tuple(names),
        pending=pending,
    )


def _chosen(
    found: _Found, only: set[int] | None, files: set[str] | None
) -> tuple[dict[int, list[Judged]], list[ClosedFile]]:
    is_all = only is None and files is None
    people = {
        key: held
        for key, held in found.people.items()
        if (is_all or key in (only or ())) and any(not one.is_kept for one in held)
    }
    due = [file for file in found.files if file.is_due and (is_all or file.number in (files or ()))]
    if (only or set()) - set(people) or (files or set()) - {file.number for file in due}:
        raise UserError(
            _("Du har valt något som inte finns bland förslagen."),
            stands=_("Inget har raderats."),
            do=_("Välj bara rader som står i förslaget."),
        )
    return people, due


def _found(session: Session, today: dt.date) -> _Found:
    candidates = _candidates(session, today)
    due = {key: held for key, held in judged(session, candidates, today=today) if any(one.is_due for one in held)}
    query = sa.select(Subject.id, Subject.display_name, Subject.sort_key).where(Subject.id.in_(sorted(due)))
    rows = sorted(session.execute(query), key=lambda row: (row.sort_key, row.id))
    names = {row.id: row.display_name for row in rows}
    return _Found({key: due[key] for key in names}, names, closed_files.over_due(session, today=today))


def _candidates(session: Session, today: dt.date) -> list[int]:
    """Return the people of whom something may be due: a coarse sieve in the database before the rules in words."""
    months = sa.select(sa.func.min(RetentionRule.months)).where(RetentionRule.kind == RuleKind.RELATION_MONTHS)
    shortest = session.scalar(months) or 0
    ended = Subject.relation_end_on <= today - dt.timedelta(days=28 * shortest)
    vouchers = dt.date(today.year - periods(today).bookkeeping_years - 1, 12, 31)
    told = Datum.field.in_(("role_end", "consent_withdrawn_on"))
    by_datum = sa.select(Datum.subject_id).where(sa.or_(told, Datum.fy_end_on <= vouchers))
    found = set(session.scalars(sa.select(Subject.id).where(ended))) | set(session.scalars(by_datum))
    return sorted(set(joined.wholes(session, sorted(found)).values()))


def _review(found: _Found) -> Review:
    lines = [line for key, held in found.people.items() for line in _lines(key, found.names[key], held)]
    lines += [_file_line(file) for file in found.files]
    proposals = tuple(line for line in lines if line.action is not Action.KEEP)
    kept = tuple(line for line in lines if line.action is Action.KEEP)
    return Review(proposals=proposals, kept=kept, token=_token(proposals))


def _lines(subject_id: int, name: str, held: list[Judged]) -> Iterator[Proposal]:
    """Yield one line for each way in which the person's values are settled."""
    groups: dict[tuple[str, Verdict], list[Judged]] = {}
    for one in held:
        groups.setdefault((one.rule.title if one.rule is not None else "", one.verdict), []).append(one)
    for (rule, verdict), members in groups.items():
        yield Proposal(
            subject_id=subject_id,
            subject_name=name,
            what=field_labels(one.datum for one in members),
            datum_ids=tuple(one.datum.id for one in members),
            rule=rule,
            decides=verdict.decides.value,
            reason=verdict.reason,
            erase_from_on=verdict.erase_from_on,
            action=verdict.action,
            is_restricted=verdict.is_restricted,
        )


def _file_line(file: ClosedFile) -> Proposal:
    return Proposal(
        subject_id=None,
        subject_name=file.number,
        what=(file.what,),
        datum_ids=(),
        rule=file.rule,
        decides=file.verdict.decides.value,
        reason=file.verdict.reason,
        erase_from_on=file.verdict.erase_from_on,
        action=file.verdict.action,
    )


def _token(proposals: tuple[Proposal, ...]) -> str:
    """Return a short sign for exactly these proposals, whatever their order."""
    parts = [
        f"{line.subject_id or line.subject_name}:{line.action}:{line.erase_from_on}:{sorted(line.datum_ids)}"
        for line in proposals
    ]
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()[:16]
