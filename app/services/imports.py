"""Import a customer register into a source.  One file is one batch, and a batch is whole or absent."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.errors import UserError
from app.domain.importing import BatchState, Duplicate, Gone
from app.i18n import _
from app.importers import table
from app.importers.drafts import Problem, RejectedRow, RowDraft, TableOptions
from app.importers.refusals import not_opened
from app.services import audit, import_batch, import_gone, import_settling
from app.services.guard import guarded
from app.services.import_findings import Findings, RowWarning, safe_cell
from app.services.import_gone import Absent
from app.services.import_rows import Choices, RowWriter
from app.services.import_settling import Step
from app.services.import_source import bookkeeping_activity, source_for, source_named
from app.services.import_tally import Example, Met, Tally
from db.models import ImportBatch, Source
from db.queries import history
from db.store import Store

__all__ = ["Imported", "Plan", "Step", "run", "run_in_batches", "safe_cell", "trial"]

ROWS_AT_A_TIME = 64
"""After so many rows the import looks whether somebody wants to save, and lets them."""
ROWS_AT_MOST = 1024
"""So many rows are written in one transaction when nobody does."""
ROWS_WHEN_BUSY = 256
"""So many when somebody has saved lately: a transaction in progress has to be committed before they can."""
BUSY_FOR = 40
"""Somebody has saved lately for so many transactions."""
ABSENT_AT_A_TIME = 5_000


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to import, where and how.

    Attributes:
        path: The file.
        source: The source's name; it is made if it does not exist.
        activity: The code of the activity that the data are held for; the first customer activity when empty.
        mapping: The field code per column, None for a column that is left out.
        options: Sheet, encoding and separator.
        duplicates: What becomes of rows about somebody whom another source or another row gave already.
        lines: The same for single lines, where it is another choice.
        gone: What becomes of people whom the source had and the file does not have.
        is_part: The file is only a part of the register and says nothing of who is gone.
        fingerprint: Stands for the file's columns, so that the choices are remembered.
    """

    path: Path
    source: str
    mapping: tuple[str | None, ...]
    activity: str = ""
    options: TableOptions = field(default_factory=TableOptions)
    duplicates: Duplicate = Duplicate.UPDATE
    lines: Mapping[int, Duplicate] = field(default_factory=dict)
    gone: Gone = Gone.KEEP
    is_part: bool = False
    fingerprint: str = ""


@dataclass(frozen=True)
class Imported:
    """What came of an import.

    Attributes:
        batch_id: The batch; None after a dry run.
        imported: Persons that are new.
        updated: Rows that changed or added something about a known person.
        unchanged: Rows that said nothing new.
        problems: The rejected rows, each with its line, column and remedy.
        rejected_rows: Their cells as they stood, for the file of rejected rows.
        skipped: Rows left out by choice.
        duplicates: Rows about somebody whom another source or another row gave already, whatever became of them.
        gone: People whom the source had and the file does not have.
        conflicts: Values that say something else than what somebody has corrected, and that somebody must settle.
        warned: How many rows were read with a warning; `warnings` has the first of them.
        new: Examples, as `changed` and `absent`.
        met: The first of the duplicates.
    """

    batch_id: int | None
    source: str
    imported: int
    updated: int
    unchanged: int
    problems: tuple[Problem, ...]
    rejected_rows: tuple[RejectedRow, ...]
    skipped: int = 0
    duplicates: int = 0
    gone: int = 0
    conflicts: int = 0
    warned: int = 0
    warnings: tuple[RowWarning, ...] = ()
    new: tuple[Example, ...] = ()
    changed: tuple[Example, ...] = ()
    absent: tuple[Example, ...] = ()
    met: tuple[Met, ...] = ()


@guarded
def run(session: Session, plan: Plan, *, today: dt.date, step: Step) -> Imported:
    """Read the file and store its good rows in one transaction, all or none.

    Args:
        session: The write session.
        plan: What to import.
        today: No date in the file may be later.
        step: Called with rows done and rows in all; raises `Cancelled` to stop, and then nothing is kept.

    Raises:
        UserError: The file cannot be read, or no column tells who a row is about.
        Cancelled: The user stopped it.
    """
    work = _Work(plan, today, step)
    batch = work.begin(session)
    for rows in work.parts(0):
        work.writer.add(session, rows)
    away = work.absent(session)
    if plan.gone is not Gone.KEEP:
        import_batch.put_absent(session, batch, away.ids, plan.gone, today)
    done = work.publish(session, batch, away)
    while batch.state is BatchState.PUBLISHED:
        step(*work.position)
        import_batch.put_away(session, batch)
    return done


@guarded
def run_in_batches(store: Store, plan: Plan, *, now: dt.datetime, today: dt.date, step: Step) -> Imported:
    """Do what `run` does in many short transactions, so that others can save meanwhile; nothing is seen before all is there.

    A cancel or an error withdraws it: nothing of it is seen, and `import_settling.finish` takes it out.

    Raises:
        UserError: As `run`, or another import is under way.
        Cancelled: The user stopped it.
    """
    import_settling.finish(store, now=now, step=step)
    store.hide()
    batch_id = 0

    def polite(done: int, total: int) -> None:
        step(done, total)
        store.let_searches_pass()  # with the processor to itself a search takes half as long

    try:
        work = _Work(plan, today, polite)
        with store.write(now, is_bulk=True) as session:
            batch_id = work.begin(session).id
        _write_rows(store, work, now)
        away = _note_absent(store, work, batch_id, now)
        with store.write(now, is_bulk=True) as session:
            done = work.publish(session, session.get_one(ImportBatch, batch_id), away)
    except BaseException:
        if batch_id:
            import_settling.withdraw(store, batch_id, now)
        store.look_for_hidden()
        raise
    with suppress(UserError):  # it is published; what is left to put away is put away at the next opening
        import_settling.finish(store, now=now, step=import_settling.go_on)
    return done


@guarded
def trial(session: Session, plan: Plan, *, today: dt.date, step: Step) -> Imported:
    """Return what an import would give.  Writes nothing: any session will do that knows the time.

    Raises:
        UserError: As `run`.
        Cancelled: `step` said so.
    """
    work = _Work(plan, today, step)
    work.look(session)
    for rows in work.parts(0):
        work.writer.add(session, rows)
    return work.result(None, work.absent(session))


def _write_rows(store: Store, work: "_Work", now: dt.datetime) -> None:
    """Write all rows, in transactions that end as soon as somebody else wants to write."""
    parts = work.parts(ROWS_AT_A_TIME)
    rows = next(parts, None)
    busy = 0
    while rows is not None:
        most = ROWS_WHEN_BUSY if busy else ROWS_AT_MOST
        busy -= busy > 0
        with store.write(now, is_bulk=True) as session:
            written = 0
            while rows is not None:
                work.writer.add(session, rows)
                written += len(rows)
                busy = BUSY_FOR if store.is_wanted else busy
                if store.is_wanted or written >= most:
                    break
                rows = next(parts, None)
        rows = next(parts, None) if rows is not None else None


def _note_absent(store: Store, work: "_Work", batch_id: int, now: dt.datetime) -> Absent:
    with store.read() as session:
        away = work.absent(session)
    if work.plan.gone is Gone.KEEP:
        return away
    for start in range(0, len(away.ids), ABSENT_AT_A_TIME):
        work.step(*work.position)
        with store.write(now, is_bulk=True) as session:
            batch = session.get_one(ImportBatch, batch_id)
            some = away.ids[start : start + ABSENT_AT_A_TIME]
            import_batch.put_absent(session, batch, some, work.plan.gone, work.today)
    return away


class _Work:
    """One import under way: where it is in the file, and what came of it so far."""

    def __init__(self, plan: Plan, today: dt.date, step: Step) -> None:
        self.plan, self.today, self.step = plan, today, step
        self.position = (0, 1)
        self.writer: RowWriter
        self._source_id = 0
        self._findings = Findings()

    def begin(self, session: Session) -> ImportBatch:
        """Make the batch, and the source if it is not there."""
        plan = self.plan
        source, is_new = source_for(session, plan.source, plan.activity)
        options = {name: value for name, value in vars(plan.options).items() if value}
        batch = import_batch.begin(
            session,
            source,
            is_new_source=is_new,
            file_digest=_digest(plan.path),
            mapping=[code or "" for code in plan.mapping],
            fingerprint=plan.fingerprint,
            options={**options, "duplicates": plan.duplicates.value},
        )
        self._write(session, source, batch.id)
        return batch

    def look(self, session: Session) -> None:
        """Make ready to compare only."""
        _digest(self.plan.path)
        self._write(session, source_named(session, self.plan.source), 0)

    def parts(self, most: int) -> Iterator[Sequence[RowDraft]]:
        """Return the good rows as they are read, at most so many at a time; 0 for as they come."""
        for chunk in table.rows(self.plan.path, self.plan.mapping, self.plan.options, today=self.today, step=self.step):
            self._findings.take(chunk)
            size = most or len(chunk.rows)
            for start in range(0, len(chunk.rows), size or 1):
                self.step(*self.position)
                yield chunk.rows[start : start + size]
                self.position = min(self.position[0] + size, chunk.done), chunk.total
            self.position = chunk.done, chunk.total

    def absent(self, session: Session) -> Absent:
        """Return who is gone and who is back."""
        if self.plan.is_part or not self._source_id:
            return Absent()
        import_gone.see_rejected(session, self.writer.tally, self.plan.mapping, self._findings.rejected, self.today)
        return import_gone.absent(session, self._source_id, self.writer.tally)

    def publish(self, session: Session, batch: ImportBatch, away: Absent) -> Imported:
        """Let the batch be seen, with its row in the trail."""
        tally, source = self.writer.tally, session.get_one(Source, batch.source_id)
        batch.imported, batch.updated, batch.unchanged = tally.imported, tally.updated, tally.unchanged
        batch.duplicates, batch.skipped, batch.gone = tally.duplicates, tally.skipped, len(away.ids)
        batch.rejected = len(self._findings.rejected)
        session.flush()
        import_batch.publish(session, batch)
        import_batch.take_returned(session, batch, away.returned)
        reason = _("Registret anger en pågående tvist.")
        import_batch.set_holds(session, self.writer.disputed, reason, self.today, self.step)
        source.is_register = True
        if batch.makes_source:
            audit.record(session, Action.SOURCE_SAVED, source, code=source.code)
        audit.record(session, Action.IMPORTED, batch, source=source.code, **self._audited(tally, len(away.ids)))
        return self.result(batch.id, away, conflicts=history.in_batch(session, batch.id))

    def result(self, batch_id: int | None, away: Absent, *, conflicts: int = 0) -> Imported:
        """Return what came of it."""
        tally, found = self.writer.tally, self._findings
        warnings = (*found.left_in_words(tally.left), *found.warnings)
        return Imported(
            batch_id,
            self.plan.source.strip(),
            tally.imported,
            tally.updated,
            tally.unchanged,
            tuple(found.problems),
            tuple(found.rejected),
            skipped=tally.skipped,
            duplicates=tally.duplicates,
            gone=len(away.ids),
            conflicts=conflicts,
            warned=found.warned + len({one.line for one in tally.left}),
            warnings=warnings,
            new=tuple(tally.new),
            changed=tuple(tally.changed),
            absent=away.examples,
            met=tuple(tally.met),
        )

    def _write(self, session: Session, source: Source | None, batch_id: int) -> None:
        self._source_id = source.id if source is not None else 0
        self.writer = RowWriter(
            session,
            source,
            batch_id,
            bookkeeping_id=bookkeeping_activity(session),
            choices=Choices(self.plan.duplicates, self.plan.lines),
            check=lambda: self.step(*self.position),
        )

    def _audited(self, tally: Tally, gone: int) -> dict[str, Any]:
        return {
            **tally.counts(),
            "rejected": len(self._findings.rejected),
            "gone": gone,
            "gone_choice": self.plan.gone.value,
        }


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise not_opened() from None
