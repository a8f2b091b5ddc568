"""A batch from its first row to its end: begun out of sight, published by one small act, and what is left put away.

Everything here works on an open transaction; `imports` and `import_undo` decide whether it is one or many.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.importing import BatchState, Gone
from app.services import audit
from app.services.keeping import parts
from db.models import AuditEntry, FormerDatum, Hold, ImportBatch, Source, SourceAbsence
from db.store import announce

HOLD_REVIEW = dt.timedelta(days=180)
PEOPLE_AT_A_TIME = 40
"""So many people are taken out in one short transaction."""
VALUES_AT_A_TIME = 400
_FORMER = "subject_id, source_id, batch_id, activity_id, line, category, field, value, since_on, fy_end_on"
_PUBLISH_RECORDS = """UPDATE subject SET relation_start_on = c.start_on, relation_end_on = c.end_on, protection = c.protection
    FROM record_change c WHERE c.subject_id = subject.id AND c.batch_id = ?"""
_REVERT_RECORDS = """UPDATE subject SET relation_start_on = c.start_before_on, relation_end_on = c.end_before_on,
    protection = c.protection_before FROM record_change c WHERE c.subject_id = subject.id AND c.batch_id = ?
    AND subject.relation_start_on IS c.start_on AND subject.relation_end_on IS c.end_on AND subject.protection = c.protection"""
_SETTLED_SINCE = """SELECT s.id, a.payload FROM audit_entry a JOIN subject s ON s.uid = a.subject_uid
    WHERE a.seq > ? AND a.action IN ('corrected', 'erased')"""


def begin(session: Session, source: Source, *, is_new_source: bool, **facts: Any) -> ImportBatch:
    """Return a new batch of which nothing is seen."""
    last = session.scalar(sa.select(sa.func.max(AuditEntry.seq))) or 0
    batch = ImportBatch(
        source_id=source.id,
        imported_at=session.info["now"],
        imported_by=session.info["user"],
        imported=0,
        updated=0,
        unchanged=0,
        rejected=0,
        state=BatchState.PENDING,
        makes_source=is_new_source,
        begun_seq=last,
        **facts,
    )
    session.add(batch)
    session.flush()
    return batch


def publish(session: Session, batch: ImportBatch) -> None:
    """Let all of a batch be seen at once.  What people corrected or erased while it was written stays as they left it."""
    run = session.connection().exec_driver_sql
    for subject_id, payload in run(_SETTLED_SINCE, (batch.begun_seq,)).all():
        told = json.loads(payload)
        for code in (*told.get("fields", ()), *filter(None, [told.get("field")])):
            _leave_settled(session, batch, subject_id, code)
    run(_PUBLISH_RECORDS, (batch.id,))
    is_replacing = run("SELECT 1 FROM datum WHERE gone_batch_id = ? LIMIT 1", (batch.id,)).first() is not None
    batch.state = BatchState.PUBLISHED if is_replacing else BatchState.DONE
    announce(session, "Subject", "Identifier", "Datum", "ImportBatch", "Source", "SourceAbsence")


def _leave_settled(session: Session, batch: ImportBatch, subject_id: int, code: str) -> None:
    run = session.connection().exec_driver_sql
    where = "subject_id = ? AND source_id = ? AND field = ?"
    key = (subject_id, batch.source_id, code, batch.id)
    batch.stored -= run(f"DELETE FROM datum WHERE {where} AND batch_id = ?", key).rowcount  # noqa: S608 - our own words
    run(f"UPDATE datum SET gone_batch_id = NULL WHERE {where} AND gone_batch_id = ?", key)  # noqa: S608


def put_absent(session: Session, batch: ImportBatch, subject_ids: Iterable[int], choice: Gone, today: dt.date) -> None:
    """Note that the source no longer has these people, and what becomes of them."""
    rows = [
        {"subject_id": key, "source_id": batch.source_id, "batch_id": batch.id, "since_on": today, "choice": choice}
        for key in subject_ids
    ]
    for some in parts(rows, 5_000):
        session.execute(sa.insert(SourceAbsence), list(some))


def take_returned(session: Session, batch: ImportBatch, subject_ids: Sequence[int]) -> None:
    """Note that the source has these people again."""
    for ids in parts(subject_ids):
        session.execute(
            sa.update(SourceAbsence)
            .where(SourceAbsence.source_id == batch.source_id, SourceAbsence.subject_id.in_(ids))
            .where(SourceAbsence.returned_batch_id.is_(None), SourceAbsence.batch_id != batch.id)
            .values(returned_batch_id=batch.id),
            execution_options={"synchronize_session": False},
        )


def set_holds(
    session: Session, subject_ids: set[int], reason: str, today: dt.date, step: Callable[[int, int], None]
) -> None:
    """Stop the erasure of people whose register says that there is a dispute; somebody must look at it."""
    held = set(session.scalars(sa.select(Hold.subject_id).where(Hold.lifted_on.is_(None))))
    for subject_id in sorted(subject_ids - held):
        step(1, 1)  # a cancel is answered here too
        hold = Hold(
            subject_id=subject_id,
            kind="dispute",
            reason=reason,
            set_on=today,
            set_by=session.info["user"],
            review_on=today + HOLD_REVIEW,
        )
        session.add(hold)
        session.flush()
        audit.record(session, Action.HOLD_SET, hold, subject_id=subject_id, kind="dispute")


def put_away(session: Session, batch: ImportBatch, *, most: int = VALUES_AT_A_TIME) -> bool:
    """Put away some of what a published batch replaced; return whether that was the last of it."""
    run = session.connection().exec_driver_sql
    ids = [row[0] for row in run("SELECT id FROM datum WHERE gone_batch_id = ? LIMIT ?", (batch.id, most))]
    for some in parts(ids):
        marks = ", ".join("?" * len(some))
        keys = tuple(some)
        run(
            f"INSERT INTO former_datum ({_FORMER}, gone_batch_id) SELECT {_FORMER}, gone_batch_id FROM datum WHERE id IN ({marks})",  # noqa: S608
            keys,
        )
        run(f"DELETE FROM datum WHERE id IN ({marks})", keys)  # noqa: S608
    if len(ids) == most:
        return False
    batch.state = BatchState.DONE
    return True


def fetch_back(session: Session, batch: ImportBatch, *, most: int = VALUES_AT_A_TIME) -> bool:
    """Fetch some of what a batch replaced back beside it, unseen; return whether that was the last of it."""
    run = session.connection().exec_driver_sql
    ids = list(session.scalars(sa.select(FormerDatum.id).where(FormerDatum.gone_batch_id == batch.id).limit(most)))
    for some in parts(ids):
        marks = ", ".join("?" * len(some))
        keys = tuple(some)
        run(
            f"INSERT INTO datum ({_FORMER}, gone_batch_id) SELECT {_FORMER}, gone_batch_id FROM former_datum WHERE id IN ({marks})",  # noqa: S608
            keys,
        )
        run(f"DELETE FROM former_datum WHERE id IN ({marks})", keys)  # noqa: S608
    return len(ids) < most


def withdraw(session: Session, batch: ImportBatch) -> None:
    """Let nothing of a batch be seen any more; what it replaced is seen again."""
    run = session.connection().exec_driver_sql
    if batch.state is not BatchState.PENDING:
        run(_REVERT_RECORDS, (batch.id,))
    run("UPDATE source_absence SET returned_batch_id = NULL WHERE returned_batch_id = ?", (batch.id,))
    batch.state = BatchState.WITHDRAWN
    announce(session, "Subject", "Identifier", "Datum", "ImportBatch", "Source", "SourceAbsence")


def take_out(session: Session, batch: ImportBatch, *, most: int = PEOPLE_AT_A_TIME) -> bool:
    """Take out some of what a withdrawn batch wrote; return whether that was the last of it."""
    run = session.connection().exec_driver_sql
    ids = tuple(
        row[0]
        for row in run("SELECT DISTINCT subject_id FROM datum WHERE batch_id = ? LIMIT ?", (batch.id, most)).all()
        or run("SELECT subject_id FROM record_change WHERE batch_id = ? LIMIT ?", (batch.id, most)).all()
    )
    if ids:
        marks = ", ".join("?" * len(ids))
        run(f"DELETE FROM subject WHERE id IN ({marks}) AND batch_id = ?", (*ids, batch.id))  # noqa: S608
        for table in ("datum", "identifier"):
            run(f"DELETE FROM {table} WHERE subject_id IN ({marks}) AND batch_id = ?", (*ids, batch.id))  # noqa: S608
        run(f"DELETE FROM record_change WHERE subject_id IN ({marks}) AND batch_id = ?", (*ids, batch.id))  # noqa: S608
        run(f"DELETE FROM import_row WHERE subject_id IN ({marks}) AND source_id = ?", (*ids, batch.source_id))  # noqa: S608
        run(
            "INSERT INTO import_row (subject_id, source_id, digest) SELECT DISTINCT subject_id, source_id, 0 FROM datum"
            f" WHERE subject_id IN ({marks}) AND source_id = ?",  # noqa: S608
            (*ids, batch.source_id),
        )
        return False
    again = "UPDATE datum SET gone_batch_id = NULL WHERE id IN (SELECT id FROM datum WHERE gone_batch_id = ? LIMIT ?)"
    if run(again, (batch.id, VALUES_AT_A_TIME)).rowcount:
        return False
    _end(session, batch)
    return True


def _end(session: Session, batch: ImportBatch) -> None:
    """Forget a cancelled batch, or let an undone one stand as undone."""
    run = session.connection().exec_driver_sql
    run("DELETE FROM source_absence WHERE batch_id = ?", (batch.id,))
    if batch.undone_at is not None:
        batch.state = BatchState.UNDONE
        batch.makes_source = False
        return
    source_id, makes_source = batch.source_id, batch.makes_source
    session.delete(batch)
    session.flush()
    if makes_source:
        run("DELETE FROM source WHERE id = ?", (source_id,))
