"""Correct a value, see what it was, and settle what a later import says against it.

A corrected value stands until somebody decides otherwise: the database puts aside what an import says of it (format 0007).

Source: Art. 16 GDPR (rectification), Art. 19 (recipients are told), Art. 5.1 d (accuracy).
"""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.errors import ExitCode, UserError
from app.domain.fields import Field
from app.i18n import _
from app.importers import cells
from app.reference.fields import by_code
from app.services import audit, outside
from app.services.guard import guarded
from app.services.import_batch import compare_again
from app.services.import_match import name_of
from app.services.numbers import next_number
from app.services.shown_names import rename
from db.models import Conflict, Correction, Datum, Identifier, Request, Subject, Task
from db.queries import history as queries
from db.queries import people

NAMES = ("name", "first_name", "last_name")
DAYS = {"relation_start": "relation_start_on", "relation_end": "relation_end_on"}


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is to be corrected.

    Attributes:
        value: The right value, as somebody types it.
        reason: How the office knows that it is right.
        request_id: The request that asked for it, if any.
    """

    datum_id: int
    value: str
    reason: str
    request_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """What came of a correction.

    Attributes:
        value: As it is stored now.
        warning: What is odd about it; empty for nothing.
        tasks: Outside systems to change, recipients to tell.
    """

    correction_id: int
    number: str
    value: str
    warning: str
    tasks: tuple[Task, ...]


@guarded
def correct(session: Session, change: Change, *, today: dt.date) -> Corrected:
    """Correct a value, and make the tasks that follow.

    Raises:
        UserError: No reason, no value, the same value, one that its field cannot be, or a password.

    Source: Art. 16 and 19 GDPR.
    """
    datum = session.get_one(Datum, change.datum_id)
    field = by_code().get(datum.field)
    if not change.reason.strip():
        raise _refused(_("Skälet saknas."), _("Skriv hur ni vet att det nya värdet är rätt."))
    value, warning = _read(field, change.value.strip(), today)
    if value == datum.value:
        raise _refused(_("Det nya värdet är detsamma som det gamla."), _("Skriv det rätta värdet."))
    request = session.get_one(Request, change.request_id) if change.request_id is not None else None
    if request is not None and request.closed_on is not None:
        raise _refused(_("Ärendet är avslutat."), _("Öppna det igen först."))
    correction = Correction(
        number=next_number(session, Correction, "R", today.year),
        subject_id=datum.subject_id,
        datum_id=datum.id,
        source_id=datum.source_id,
        request_id=change.request_id,
        field=datum.field,
        old_value=datum.value,
        new_value=value,
        reason=change.reason.strip(),
        corrected_at=session.info["now"],
        corrected_by=session.info["user"],
    )
    session.add(correction)
    _put(session, datum, field, value)
    compare_again(session, datum.subject_id, datum.source_id)
    tasks = outside.correction_tasks(session, correction, datum)
    number = request.number if request is not None else ""
    facts = {"number": correction.number, "field": datum.field, "request": number, "tasks": len(tasks)}
    audit.record(session, Action.CORRECTED, datum, subject_id=people.whole(session, datum.subject_id), **facts)
    return Corrected(
        correction_id=correction.id, number=correction.number, value=value, warning=warning, tasks=tuple(tasks)
    )


def _read(field: Field | None, text: str, today: dt.date) -> tuple[str, str]:
    """Return a value as an import would store it, and what is odd about it."""
    if not text:
        raise _refused(
            _("Det nya värdet saknas."), _("Skriv det rätta värdet. Ska uppgiften bort, radera den i stället.")
        )
    if field is None:
        return text, ""
    if field.withheld:
        raise _refused(_("Ett lösenord rättas inte här."), _("Byt det i det system där det används."))
    try:
        return cells.clean(cells.Column.of(0, field), text, today)
    except cells.Fault as fault:
        raise _refused(fault.what, fault.remedy) from None


def _put(session: Session, datum: Datum, field: Field | None, value: str) -> None:
    """Store the value, and whatever else repeats it: the search key, the name of the record, the days of the relation."""
    old, datum.value = datum.value, value
    session.flush()
    if field is not None and field.identifier:
        _renew_identifier(session, datum, field.identifier, old)
    if datum.field in NAMES:
        _rename(session, datum, old)
    if datum.field in DAYS:
        column = DAYS[datum.field]
        record = session.get_one(Subject, datum.subject_id)
        if getattr(record, column) == dt.date.fromisoformat(old):
            setattr(record, column, dt.date.fromisoformat(value))
    session.flush()


def _renew_identifier(session: Session, datum: Datum, kind: str, old: str) -> None:
    """Let the person be found by the new value, and by the old one no more unless another value has it."""
    mine = (Identifier.subject_id == datum.subject_id, Identifier.kind == kind)
    is_held = sa.exists().where(
        Datum.subject_id == datum.subject_id, Datum.value == old, Datum.source_id == datum.source_id
    )
    if not session.scalar(sa.select(is_held)):
        of_source = Identifier.source_id == datum.source_id
        session.execute(sa.delete(Identifier).where(*mine, of_source, Identifier.norm == old))
    there = sa.exists().where(*mine, Identifier.source_id == datum.source_id, Identifier.norm == datum.value)
    if not session.scalar(sa.select(there)):
        session.add(Identifier(subject_id=datum.subject_id, source_id=datum.source_id, kind=kind, norm=datum.value))


def _rename(session: Session, datum: Datum, old: str) -> None:
    """Name the record anew where it is named by the corrected value."""
    values = queries.names(session, datum.subject_id, datum.source_id)
    rename(session, datum.subject_id, name_of({**values, datum.field: old}), name_of(values))


@guarded
def settle(session: Session, conflict_id: int, *, is_kept: bool) -> None:
    """Decide what an import said against a correction: the correction stands, or the import's value takes its place.

    Raises:
        UserError: It is settled already.
    """
    conflict = session.get_one(Conflict, conflict_id)
    if conflict.settled_at is not None:
        raise _refused(_("Det är redan avgjort."), _("Du behöver inte göra något mer."))
    datum = session.get_one(Datum, conflict.datum_id)
    if not is_kept:
        standing = sa.update(Correction).where(Correction.datum_id == datum.id)
        session.execute(standing.values(is_standing=False))
        datum.batch_id, datum.line = conflict.batch_id, conflict.line
        _put(session, datum, by_code().get(datum.field), conflict.value)
    open_ones = sa.select(Conflict).where(Conflict.datum_id == datum.id, Conflict.settled_at.is_(None))
    for row in session.scalars(open_ones.where(Conflict.id == conflict.id) if is_kept else open_ones).all():
        row.settled_at, row.settled_by = session.info["now"], session.info["user"]
    session.flush()
    facts = {"field": datum.field, "is_kept": is_kept}
    audit.record(session, Action.CONFLICT_SETTLED, datum, subject_id=people.whole(session, datum.subject_id), **facts)


def _refused(what: str, do: str) -> UserError:
    return UserError(what, stands=_("Uppgiften är oförändrad."), do=do, code=ExitCode.NOT_ALLOWED)
