"""Take an import back: everything it wrote goes, and what it replaced is as it was."""

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.errors import ExitCode, UserError
from app.domain.importing import BatchState
from app.i18n import _, ngettext
from app.services import audit, import_settling
from app.services.guard import guarded
from app.services.imports import Step
from db.models import ImportBatch
from db.store import Store

_TOUCHED = """SELECT count(*) FROM (SELECT DISTINCT subject_id FROM datum WHERE batch_id = ?1) said
    JOIN subject s ON s.id = said.subject_id WHERE
    EXISTS (SELECT 1 FROM correction c JOIN datum d ON d.id = c.datum_id WHERE c.subject_id = s.id AND d.batch_id = ?1)
    OR s.batch_id = ?1 AND (EXISTS (SELECT 1 FROM request r WHERE r.subject_id = s.id)
        OR EXISTS (SELECT 1 FROM attachment a WHERE a.subject_id = s.id)
        OR EXISTS (SELECT 1 FROM lookup l WHERE l.subject_id = s.id)
        OR EXISTS (SELECT 1 FROM opt_out o WHERE o.subject_id = s.id)
        OR EXISTS (SELECT 1 FROM merge m WHERE m.whole_id = s.id OR m.part_id = s.id)
        OR EXISTS (SELECT 1 FROM hold h WHERE h.subject_id = s.id AND NOT (h.kind = 'dispute' AND EXISTS (
            SELECT 1 FROM datum d WHERE d.subject_id = s.id AND d.field = 'dispute' AND d.batch_id = ?1)))
        OR EXISTS (SELECT 1 FROM datum o WHERE o.subject_id = s.id AND o.batch_id IS NOT ?1))"""


@dataclass(frozen=True)
class Standing:
    """Whether an import can be taken back.

    Attributes:
        why_not: Why it cannot, in a sentence; empty when it can.
        remedy: What to do then.
    """

    why_not: str = ""
    remedy: str = ""


def standing(session: Session, batch_id: int) -> Standing:
    """Return whether an import can be taken back: it is the source's latest, and nobody has built on what it said."""
    batch = session.get(ImportBatch, batch_id)
    if batch is None:
        return Standing(_("Det finns ingen import med det numret."), _("Kontrollera numret."))
    if batch.undone_at is not None:
        return Standing(_("Importen är redan ångrad."), _("Du behöver inte göra något mer."))
    if batch.state is not BatchState.DONE:
        return Standing(_("Importen är inte klar än."), _("Vänta en stund och försök igen."))
    later = sa.select(ImportBatch.id).where(
        ImportBatch.source_id == batch.source_id, ImportBatch.id > batch.id, ImportBatch.undone_at.is_(None)
    )
    if session.scalar(later.limit(1)) is not None:
        return Standing(_("Samma källa har importerats igen efteråt."), _("Ångra den senaste importen först."))
    touched = session.connection().exec_driver_sql(_TOUCHED, (batch.id,)).scalar() or 0
    if touched:
        text = ngettext(
            "{n} person från importen har fått ett ärende, en rättelse, en handling eller fler uppgifter sedan dess.",
            "{n} personer från importen har fått ärenden, rättelser, handlingar eller fler uppgifter sedan dess.",
            touched,
        )
        return Standing(text.format(n=touched), _("Rätta eller radera uppgifterna på personens kort i stället."))
    return Standing()


@guarded
def undo(store: Store, batch_id: int, *, now: dt.datetime, step: Step) -> None:
    """Take an import back.  Others can save meanwhile; it is seen until the moment when all of it is gone.

    Once begun it is carried through, at the next opening if need be.  Holds that the import set on people who stay are kept.

    Raises:
        UserError: It cannot be taken back, or another import is under way.
    """
    import_settling.finish(store, now=now, step=step)
    store.hide()
    try:
        with store.write(now, is_bulk=True) as session:
            found = standing(session, batch_id)
            if found.why_not:
                raise UserError(
                    found.why_not, stands=_("Importen ligger kvar."), do=found.remedy, code=ExitCode.NOT_ALLOWED
                )
            batch = session.get_one(ImportBatch, batch_id)
            batch.undone_at, batch.undone_by = session.info["now"], session.info["user"]
            batch.state = BatchState.PUBLISHED
            audit.record(session, Action.IMPORT_UNDONE, batch, imported=batch.imported, updated=batch.updated)
    except BaseException:
        store.look_for_hidden()
        raise
    with suppress(UserError):  # it is decided; what is left is done at the next opening
        import_settling.finish(store, now=now, step=lambda _done, _total: None)
