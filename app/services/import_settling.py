"""What is left of imports that were published, cancelled, undone or cut off: put away or taken out, a little at a time."""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy.orm import Session

from app.domain.errors import UserError
from app.domain.importing import BatchState
from app.i18n import _
from app.services import import_batch
from db.hidden import open_batches
from db.models import ImportBatch
from db.store import Store

Step = Callable[[int, int], None]
STEPS_AT_OPENING = 40


def finish(store: Store, *, now: dt.datetime, step: Step, most: int | None = None) -> None:
    """Put away or take out what is left of imports that were published, cancelled or undone.

    Args:
        store: The store.
        now: The time.
        step: Called between the short transactions; what it raises ends the work, and another call goes on.
        most: Only so many transactions.

    Raises:
        UserError: An import is being written.
        Cancelled: `step` said so.
    """
    while (most is None or most > 0) and store.is_hiding:
        most = None if most is None else most - 1
        step(0, 0)
        with store.write(now, is_bulk=True) as session:
            found = open_batches(session.connection())
            if found:
                _finish_some(session, session.get_one(ImportBatch, found[0].id))
        store.look_for_hidden()


def recover(store: Store, *, now: dt.datetime) -> None:
    """Withdraw an import that was being written when the program ended, and begin to take it out.  Called at opening."""
    if not store.is_hiding:
        return
    with store.write(now, is_bulk=True) as session:
        for found in open_batches(session.connection()):
            batch = session.get_one(ImportBatch, found.id)
            if batch.state is BatchState.PENDING:
                import_batch.withdraw(session, batch)
    finish(store, now=now, step=go_on, most=STEPS_AT_OPENING)


def withdraw(store: Store, batch_id: int, now: dt.datetime) -> None:
    """Withdraw an import that was cancelled or failed.  Nothing of it is seen from here on."""
    with suppress(UserError), store.write(now, is_bulk=True) as session:  # else it is withdrawn at the next opening
        batch = session.get_one(ImportBatch, batch_id)
        if batch.state is BatchState.PENDING:
            import_batch.withdraw(session, batch)


def _finish_some(session: Session, batch: ImportBatch) -> None:
    if batch.state is BatchState.PENDING:
        raise UserError(
            _("En import pågår redan."),
            stands=_("Den fortsätter. Inget annat har ändrats."),
            do=_("Vänta tills den är klar, eller avbryt den."),
        )
    if batch.state is BatchState.WITHDRAWN:
        import_batch.take_out(session, batch)
    elif batch.undone_at is None:
        import_batch.put_away(session, batch)
    elif import_batch.fetch_back(session, batch):
        import_batch.withdraw(session, batch)


def go_on(_done: int, _total: int) -> None:
    """Let the work go on."""
