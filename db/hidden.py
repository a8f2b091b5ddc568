"""What readers must not see while an import is being written, published or taken back.

An import is many short transactions and yet whole: its rows carry the batch, and the batch's state says whether they count.
Only while a batch is open does a session look for it, in its own snapshot, and leave out what does not count.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.orm.util import LoaderCriteriaOption

from app.domain.importing import HIDDEN, BatchState
from db.models import Conflict, Datum, Identifier, ImportBatch, Source, SourceAbsence, Subject

_OPEN = "SELECT id, state, source_id, makes_source FROM import_batch WHERE state NOT IN ('done', 'undone') ORDER BY id"


@dataclass(frozen=True)
class OpenBatch:
    """A batch whose rows do not all count.

    Attributes:
        is_hidden: Nothing of it is seen; else what it replaced is not seen.
    """

    id: int
    source_id: int
    is_hidden: bool
    makes_source: bool


def open_batches(connection: sa.Connection) -> tuple[OpenBatch, ...]:
    """Return the batches that are not settled, oldest first."""
    rows = connection.exec_driver_sql(_OPEN)
    return tuple(
        OpenBatch(key, source_id, BatchState(state) in HIDDEN, bool(makes)) for key, state, source_id, makes in rows
    )


def watch(session: Session, *, is_blind: bool) -> None:
    """Let a session look for open batches; one that is blind leaves out what does not count, from its first statement on."""

    def executed(state: ORMExecuteState) -> None:
        if state.is_select and not state.is_column_load:
            state.statement = state.statement.options(
                *(option for batch in seen_by(session) for option in _criteria(batch))
            )

    session.info["hidden"] = None
    if is_blind:
        event.listen(session, "do_orm_execute", executed)


def seen_by(session: Session) -> tuple[OpenBatch, ...]:
    """Return the batches whose rows do not all count for a session; it asks once, in its own snapshot."""
    found: tuple[OpenBatch, ...] | None = session.info.get("hidden", ())
    if found is None:
        found = session.info["hidden"] = open_batches(session.connection())
    return found


def _criteria(batch: OpenBatch) -> tuple[LoaderCriteriaOption, ...]:
    if not batch.is_hidden:
        return (_without(Datum, Datum.gone_batch_id.is_not(batch.id)),)
    held = (Datum, Identifier, Subject, SourceAbsence, Conflict)
    found = [_without(model, model.batch_id.is_not(batch.id)) for model in held]
    found.append(_without(ImportBatch, ImportBatch.id != batch.id))
    if batch.makes_source:
        found.append(_without(Source, Source.id != batch.source_id))
    return tuple(found)


def _without(model: type, condition: sa.ColumnElement[bool]) -> LoaderCriteriaOption:
    return with_loader_criteria(model, condition, include_aliases=True)
