"""Import a customer register into a source.  One file is one batch, and a batch is whole or absent."""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.errors import UserError
from app.i18n import _
from app.importers import table
from app.importers.drafts import Problem, RejectedRow, TableOptions
from app.importers.refusals import not_opened
from app.services import audit
from app.services.import_rows import Counts, RowWriter
from db.models import Activity, Hold, ImportBatch, RetentionRule, Source

Step = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to import, where and how.

    Attributes:
        path: The file.
        source: The source's name; it is made if it does not exist.
        activity: The code of the activity that the data are held for; the first customer activity when empty.
        mapping: The field code per column, None for a column that is left out.
        options: Sheet, encoding and separator.
    """

    path: Path
    source: str
    mapping: tuple[str | None, ...]
    activity: str = ""
    options: TableOptions = field(default_factory=TableOptions)


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
    """

    batch_id: int | None
    source: str
    imported: int
    updated: int
    unchanged: int
    problems: tuple[Problem, ...]
    rejected_rows: tuple[RejectedRow, ...]


def run(session: Session, plan: Plan, *, today: dt.date, step: Step) -> Imported:
    """Read the file and store its good rows, all or none.

    Args:
        session: The write session.
        plan: What to import.
        today: No date in the file may be later.
        step: Called with rows done and rows in all; raises `Cancelled` to stop, and then nothing is kept.

    Raises:
        UserError: The file cannot be read, or no column tells who a row is about.
        Cancelled: The user stopped it.
    """
    source = _source(session, plan)
    batch = _batch(session, source, plan)
    position, vouchers = (0, 1), _bookkeeping_activity(session)
    writer = RowWriter(session, source, batch.id, bookkeeping_id=vouchers, check=lambda: step(*position))
    problems: list[Problem] = []
    rejected: list[RejectedRow] = []
    for chunk in table.rows(plan.path, plan.mapping, plan.options, today=today, step=step):
        writer.add(chunk.rows)
        problems += chunk.problems
        rejected += chunk.rejected
        position = chunk.done, chunk.total
    counts = writer.counts
    batch.imported, batch.updated, batch.unchanged = counts.imported, counts.updated, counts.unchanged
    batch.rejected = len(rejected)
    _set_holds(session, writer.disputed, today, step)
    source.is_register = True
    audit.record(session, Action.IMPORTED, batch, source=source.code, **_audited(counts, len(rejected)))
    return Imported(
        batch.id, source.name, counts.imported, counts.updated, counts.unchanged, tuple(problems), tuple(rejected)
    )


def _batch(session: Session, source: Source, plan: Plan) -> ImportBatch:
    batch = ImportBatch(
        source_id=source.id,
        imported_at=session.info["now"],
        imported_by=session.info["user"],
        file_digest=_digest(plan.path),
        mapping=[code or "" for code in plan.mapping],
        imported=0,
        updated=0,
        unchanged=0,
        rejected=0,
    )
    session.add(batch)
    session.flush()
    return batch


def _audited(counts: Counts, rejected: int) -> dict[str, int]:
    return {"imported": counts.imported, "updated": counts.updated, "unchanged": counts.unchanged, "rejected": rejected}


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise not_opened() from None


def _source(session: Session, plan: Plan) -> Source:
    name = plan.source.strip()
    if not name:
        raise UserError(
            _("Källan saknar namn."),
            stands=_("Inget har importerats."),
            do=_("Skriv vilket system filen kommer från, till exempel Kundregister."),
        )
    found = session.scalar(sa.select(Source).where(Source.name == name))
    if found is not None:
        return found
    activity = (
        session.scalar(sa.select(Activity).where(Activity.code == plan.activity))
        if plan.activity
        else _customer_activity(session)
    )
    source = Source(
        code=_code(session, name),
        name=name,
        kind="own",
        activity_id=activity.id if activity else None,
        is_register=True,
    )
    session.add(source)
    session.flush()
    audit.record(session, Action.SOURCE_SAVED, source, code=source.code)
    return source


def _code(session: Session, name: str) -> str:
    base = (
        "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.casefold())[:30].strip("-")
        or "source"
    )
    taken = set(session.scalars(sa.select(Source.code).where(Source.code.startswith(base))))
    return (
        base
        if base not in taken
        else next(code for number in range(2, 10_000) if (code := f"{base}-{number}") not in taken)
    )


def _customer_activity(session: Session) -> Activity | None:
    return next(
        (row for row in session.scalars(sa.select(Activity).order_by(Activity.id)) if "customer" in row.categories),
        None,
    )


def _bookkeeping_activity(session: Session) -> int | None:
    rule = sa.select(RetentionRule.id).where(RetentionRule.kind == "bookkeeping")
    return session.scalar(sa.select(Activity.id).where(Activity.rule_id.in_(rule)).order_by(Activity.id))


def safe_cell(text: str) -> str:
    """Return a cell for a CSV file that a spreadsheet program will not run as a formula."""
    return "'" + text if text[:1] in FORMULA_STARTS else text


FORMULA_STARTS = frozenset("=+-@\t\r\n\0＝＋－＠")
HOLD_REVIEW = dt.timedelta(days=180)


def _set_holds(session: Session, subject_ids: set[int], today: dt.date, step: Step) -> None:
    """Stop the erasure of people whose register says that there is a dispute; somebody must look at it."""
    held = set(session.scalars(sa.select(Hold.subject_id).where(Hold.lifted_on.is_(None))))
    for subject_id in sorted(subject_ids - held):
        step(1, 1)  # a cancel is answered here too
        hold = Hold(
            subject_id=subject_id,
            kind="dispute",
            reason=_("Registret anger en pågående tvist."),
            set_on=today,
            set_by=session.info["user"],
            review_on=today + HOLD_REVIEW,
        )
        session.add(hold)
        session.flush()
        audit.record(session, Action.HOLD_SET, hold, subject_id=subject_id, kind="dispute")
