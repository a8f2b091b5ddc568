"""Which tables a session changes, as the listeners of the store are told."""

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction


def gather(session: Session, changed: set[str]) -> None:
    """Note from now on the class of every row that the session writes."""

    def flushed(session: Session, _context: UOWTransaction) -> None:
        changed.update(type(row).__name__ for row in (*session.new, *session.dirty, *session.deleted))

    def executed(state: ORMExecuteState) -> None:
        if (state.is_insert or state.is_update or state.is_delete) and state.bind_mapper is not None:
            changed.add(state.bind_mapper.class_.__name__)

    event.listen(session, "after_flush", flushed)
    event.listen(session, "do_orm_execute", executed)
