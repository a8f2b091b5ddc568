"""What the retention page shows beside the review itself: rules, decisions with their receipts, and work left to do by hand."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row
from sqlalchemy.orm import Session

from db.models import Attachment, Datum, RetentionRule, RetentionRun, Source, Task

PART = 500


def rules(session: Session) -> list[Row[*tuple[Any, ...]]]:
    """Return id, code, title, kind, months and section of every rule."""
    query = sa.select(
        RetentionRule.id,
        RetentionRule.code,
        RetentionRule.title,
        RetentionRule.kind,
        RetentionRule.months,
        RetentionRule.section,
    )
    return list(session.execute(query.order_by(RetentionRule.id)))


def runs(session: Session) -> list[Row[*tuple[Any, ...]]]:
    """Return the decisions, newest first: the sums, the receipt's attachment_id, and how many tasks are open of how many."""
    receipt = (
        sa.select(sa.func.max(Attachment.id))
        .where(Attachment.run_id == RetentionRun.id, Attachment.kind == "receipt")
        .correlate(RetentionRun)
        .scalar_subquery()
    )
    all_tasks = sa.select(sa.func.count()).where(Task.run_id == RetentionRun.id).correlate(RetentionRun)
    query = sa.select(
        RetentionRun.id,
        RetentionRun.number,
        RetentionRun.decided_at,
        RetentionRun.decided_by,
        RetentionRun.erased,
        RetentionRun.anonymised,
        RetentionRun.kept,
        receipt.label("attachment_id"),
        all_tasks.scalar_subquery().label("tasks"),
        all_tasks.where(Task.done_on.is_(None)).scalar_subquery().label("open_tasks"),
    )
    return list(session.execute(query.order_by(RetentionRun.id.desc())))


def tasks(session: Session, run_id: int) -> list[Row[*tuple[Any, ...]]]:
    """Return id, kind, title, done_on and done_by of what a decision left to do by hand."""
    query = sa.select(Task.id, Task.kind, Task.title, Task.done_on, Task.done_by)
    return list(session.execute(query.where(Task.run_id == run_id).order_by(Task.id)))


def source_names(session: Session, datum_ids: Iterable[int]) -> dict[int, str]:
    """Return the name of the source that each value came from."""
    wanted, found = sorted(set(datum_ids)), {}
    for part in _parts(wanted):
        query = sa.select(Datum.id, Source.name).join(Source, Source.id == Datum.source_id).where(Datum.id.in_(part))
        found.update({row.id: row.name for row in session.execute(query)})
    return found


def _parts(wanted: Sequence[int]) -> Iterable[Sequence[int]]:
    for start in range(0, len(wanted), PART):
        yield wanted[start : start + PART]
