"""A batch from its first row to its end: begun out of sight, published by one small act, and what is left put away.

Everything here works on an open transaction; `imports` and `import_undo` decide whether it is one or many.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.importing import BatchState, Gone
from app.services import audit
from app.services.keeping import parts
from app.services.shown_names import following, losing, name_unnamed
from db import search_index
from db.hidden import open_batches
from db.models import AuditEntry, Hold, ImportBatch, ImportRow, Source, SourceAbsence, Subject
from db.store import announce

HOLD_REVIEW = dt.timedelta(days=180)
PEOPLE_AT_A_TIME = 200
"""So many people are taken out in one short transaction."""
VALUES_AT_A_TIME = 400
_PUBLISH_DAYS = """UPDATE subject SET relation_start_on = c.start_on, relation_end_on = c.end_on
    FROM record_change c WHERE c.subject_id = subject.id AND c.batch_id = ?"""
_PUBLISH_PROTECTION = """UPDATE subject SET protection = c.protection
    FROM record_change c WHERE c.subject_id = subject.id AND c.batch_id = ? AND c.protection <> subject.protection"""
_END_RELATION = """INSERT INTO record_change (batch_id, subject_id, start_before_on, end_before_on, protection_before, start_on, end_on,
    protection) SELECT ?, id, relation_start_on, relation_end_on, protection, relation_start_on, ?, protection FROM subject
    WHERE id = ? AND relation_end_on IS NULL ON CONFLICT (batch_id, subject_id) DO NOTHING"""
_REVERT_RECORDS = """UPDATE subject SET relation_start_on = c.start_before_on, relation_end_on = c.end_before_on,
    protection = c.protection_before FROM record_change c WHERE c.subject_id = subject.id AND c.batch_id = ?
    AND subject.relation_start_on IS c.start_on AND subject.relation_end_on IS c.end_on AND subject.protection = c.protection"""
_CONFLICTS = """INSERT INTO conflict (datum_id, batch_id, line, value)
    SELECT c.datum_id, n.batch_id, n.line, n.value FROM datum n JOIN correction c
    ON c.subject_id = n.subject_id AND c.field = n.field AND c.source_id = n.source_id AND c.is_standing
    WHERE n.subject_id = ? AND n.source_id = ? AND n.field = ? AND n.batch_id = ? AND n.value <> c.new_value
    ON CONFLICT (datum_id, value) DO NOTHING"""
_PAIRS = """SELECT old.id, (SELECT min(new.id) FROM datum new WHERE new.subject_id = old.subject_id AND new.field = old.field
    AND new.source_id = old.source_id AND new.batch_id = old.gone_batch_id)
    FROM datum old WHERE old.gone_batch_id = ? GROUP BY old.subject_id, old.source_id, old.field LIMIT ?"""
_VALUE = "batch_id, activity_id, line, category, value, since_on, fy_end_on, gone_batch_id"
_TAKE_PLACE = f"""UPDATE datum SET ({_VALUE}) = (SELECT {_VALUE} FROM datum AS new WHERE new.id = ?) WHERE id = ?"""  # noqa: S608
_LATER = "SELECT subject_id FROM search_later WHERE batch_id = ? LIMIT ?"
_FETCH_BACK = """INSERT INTO datum (subject_id, source_id, batch_id, activity_id, line, category, field, value, since_on, fy_end_on,
    gone_batch_id) SELECT d.subject_id, d.source_id, v.old_batch_id, d.activity_id, v.old_line, d.category, d.field, v.old_value,
    v.old_since_on, v.old_fy_end_on, v.batch_id FROM value_change v JOIN datum d ON d.id = v.datum_id AND d.batch_id = v.batch_id
    WHERE v.batch_id = ?1 AND NOT EXISTS (SELECT 1 FROM datum o WHERE o.subject_id = d.subject_id AND o.field = d.field
        AND o.source_id = d.source_id AND o.gone_batch_id = ?1) GROUP BY d.id LIMIT ?2"""
_PUT_BACK = """SELECT old.id, (SELECT min(new.id) FROM datum new WHERE new.subject_id = old.subject_id AND new.field = old.field
    AND new.source_id = old.source_id AND new.batch_id = old.gone_batch_id)
    FROM datum old WHERE {among} AND old.gone_batch_id = ?"""
_SETTLED_SINCE = """SELECT s.id, a.seq, a.action, a.subject_uid, a.payload FROM audit_entry a JOIN subject s ON s.uid = a.subject_uid
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
    for subject_id, seq, action, uid, payload in run(_SETTLED_SINCE, (batch.begun_seq,)).all():
        told = audit.details(session, seq, Action(action), uid, payload) or {}
        for code in (*told.get("fields", ()), *filter(None, [told.get("field")])):
            _leave_settled(session, batch, subject_id, code)
    run(_PUBLISH_DAYS, (batch.id,))
    run(_PUBLISH_PROTECTION, (batch.id,))
    batch.state = BatchState.PUBLISHED
    announce(session, "Subject", "Identifier", "Datum", "ImportBatch", "Source", "SourceAbsence")


def _leave_settled(session: Session, batch: ImportBatch, subject_id: int, code: str) -> None:
    run = session.connection().exec_driver_sql
    where = "subject_id = ? AND source_id = ? AND field = ?"
    key = (subject_id, batch.source_id, code, batch.id)
    run(_CONFLICTS, key)
    run(f"DELETE FROM datum WHERE {where} AND batch_id = ?", key)  # noqa: S608 - our own words
    run(f"UPDATE datum SET gone_batch_id = NULL WHERE {where} AND gone_batch_id = ?", key)  # noqa: S608


def put_absent(session: Session, batch: ImportBatch, subject_ids: Iterable[int], choice: Gone, today: dt.date) -> None:
    """Note that the source no longer has these people, and what becomes of them."""
    same = {"source_id": batch.source_id, "batch_id": batch.id, "since_on": today, "choice": choice}
    for some in parts(list(subject_ids), 5_000):
        session.execute(sa.insert(SourceAbsence), [{"subject_id": key, **same} for key in some])
        if choice is Gone.END:
            ends = [(batch.id, today.isoformat(), key) for key in some]
            session.connection().exec_driver_sql(_END_RELATION, ends)


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
    wanted = sorted(subject_ids - held)
    there = {
        key for some in parts(wanted) for key in session.scalars(sa.select(Subject.id).where(Subject.id.in_(some)))
    }
    for subject_id in sorted(there):
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
    """Let some of what a published batch says take the place of what it replaces; return whether that was the last of it.

    The value that was there keeps its row, and with it its history; the database notes what it was.
    """
    run = session.connection().exec_driver_sql
    pairs = [(old, new) for old, new in run(_PAIRS, (batch.id, most))]
    _take_places(session, [(old, new) for old, new in pairs if new is not None])
    gone = [(old,) for old, new in pairs if new is None]
    if gone:  # erased since it was published
        run("DELETE FROM datum WHERE id = ?", gone)
    later = [(key,) for (key,) in run(_LATER, (batch.id, most))]
    if later:
        name_unnamed(session, [key for (key,) in later], batch.source_id)
        search_index.mark(session.connection(), (key for (key,) in later))
        run(f"DELETE FROM search_later WHERE batch_id = {batch.id} AND subject_id = ?", later)  # noqa: S608 - our own number
    if pairs or later:
        with search_index.in_haste(session.connection()):
            search_index.refresh(session.connection(), open_batches(session.connection()))
        announce(session, "Datum")
        return False
    if not search_index.tidy(session.connection()):
        return False
    batch.state = BatchState.DONE
    announce(session, "ImportBatch")
    return True


def _take_places(session: Session, pairs: Sequence[tuple[int, int]]) -> None:
    """Move values into the rows they replace, with what somebody did to them meanwhile."""
    run = session.connection().exec_driver_sql
    if not pairs:
        return
    kept, going = zip(*pairs, strict=True)
    with following(session, kept, going):
        run(_TAKE_PLACE, [(new, old) for old, new in pairs])
        for table in ("correction", "conflict", "value_change"):
            run(f"UPDATE OR REPLACE {table} SET datum_id = ? WHERE datum_id = ?", pairs)  # noqa: S608 - our own names
        run("DELETE FROM datum WHERE id = ?", [(new,) for new in going])


def fetch_back(session: Session, batch: ImportBatch, *, most: int = VALUES_AT_A_TIME) -> bool:
    """Put some of what a batch replaced back beside it, unseen; return whether that was the last of it."""
    return session.connection().exec_driver_sql(_FETCH_BACK, (batch.id, most)).rowcount < most


def compare_again(session: Session, subject_id: int, source_id: int) -> None:
    """Let the source's next file be compared value by value for this person: somebody changed what the source said."""
    rows = sa.select(ImportRow).where(ImportRow.subject_id == subject_id, ImportRow.source_id == source_id)
    known = session.scalars(rows).all()
    for row in known:
        session.delete(row)
    session.flush()
    if known:
        session.add(ImportRow(subject_id=subject_id, source_id=source_id, digest=0))


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
        connection = session.connection()
        with search_index.in_haste(connection):
            _take_out_of(session, batch, ids)
            search_index.refresh(connection, open_batches(connection))
        return False
    again = "UPDATE datum SET gone_batch_id = NULL WHERE id IN (SELECT id FROM datum WHERE gone_batch_id = ? LIMIT ?)"
    if run(again, (batch.id, VALUES_AT_A_TIME)).rowcount or not search_index.tidy(session.connection()):
        return False
    _end(session, batch)
    return True


def _take_out_of(session: Session, batch: ImportBatch, ids: tuple[int, ...]) -> None:
    """Take out what a batch wrote about some people."""
    run = session.connection().exec_driver_sql
    among = f"subject_id IN ({', '.join('?' * len(ids))})"
    if batch.undone_at is not None:
        _put_back(session, batch, run(_PUT_BACK.format(among=among), (*ids, batch.id)).all())
    with losing(session, ids, batch.id, batch.source_id):
        run(f"DELETE FROM subject WHERE {among.replace('subject_id', 'id')} AND batch_id = ?", (*ids, batch.id))  # noqa: S608
        for table in ("datum", "identifier", "record_change", "search_later"):
            run(f"DELETE FROM {table} WHERE {among} AND batch_id = ?", (*ids, batch.id))  # noqa: S608
    run(f"DELETE FROM import_row WHERE {among} AND source_id = ?", (*ids, batch.source_id))  # noqa: S608
    known = f"SELECT DISTINCT subject_id, source_id, 0 FROM datum WHERE {among} AND source_id = ?"  # noqa: S608
    run(f"INSERT INTO import_row (subject_id, source_id, digest) {known}", (*ids, batch.source_id))


def _put_back(session: Session, batch: ImportBatch, pairs: Sequence[Any]) -> None:
    """Let values that a batch replaced take their places again; the history forgets the batch."""
    run = session.connection().exec_driver_sql
    if not pairs:
        return
    going, kept = zip(*pairs, strict=True)
    with following(session, kept, going):
        run(_TAKE_PLACE, [tuple(pair) for pair in pairs])
        run("UPDATE datum SET gone_batch_id = NULL WHERE id = ?", [(new,) for new in kept])
        run("DELETE FROM datum WHERE id = ?", [(old,) for old in going])
    forget = f"DELETE FROM value_change WHERE datum_id = ? AND {batch.id} IN (batch_id, old_batch_id)"  # noqa: S608 - our own number
    run(forget, [(new,) for _old, new in pairs])


def _end(session: Session, batch: ImportBatch) -> None:
    """Forget a cancelled batch, or let an undone one stand as undone."""
    run = session.connection().exec_driver_sql
    run("DELETE FROM source_absence WHERE batch_id = ?", (batch.id,))
    run("DELETE FROM conflict WHERE batch_id = ? AND settled_at IS NULL", (batch.id,))
    run("DELETE FROM search_later WHERE batch_id = ?", (batch.id,))
    if batch.undone_at is not None:
        batch.state = BatchState.UNDONE
        batch.makes_source = False
        return
    source_id, makes_source = batch.source_id, batch.makes_source
    session.delete(batch)
    session.flush()
    if makes_source:
        run("DELETE FROM source WHERE id = ?", (source_id,))
