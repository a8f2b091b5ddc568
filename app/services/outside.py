"""What is left to do by hand after a change here: systems the program does not reach, and recipients who must be told."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.i18n import _, language
from app.services.organisation import profile_of
from db.models import Activity, Correction, Datum, OutsideSystem, Recipient, Request, RetentionRun, Task

SYSTEM, NOTICE = "outside", "notice"
NOT_YET = "new_owner"
"""A recipient that gets data only if something happens: it counts from the day the office writes down whom to reach."""


def tasks(
    session: Session, run: RetentionRun, categories: set[str], activity_ids: set[int], *, request_id: int | None = None
) -> list[Task]:
    """Store and return one task per outside system that may hold the erased kinds of data, and one per recipient to tell.

    The titles name the decision, not the person: they outlive the data.

    Source: Art. 19 GDPR (recipients), Art. 17.1 (systems of one's own).
    """
    titles = [(SYSTEM, title) for title in _system_titles(session, run, categories)]
    titles += [(NOTICE, title) for title in _notice_titles(session, run, activity_ids)]
    made = [
        Task(kind=kind, title=title, request_id=request_id, run_id=run.id, created_at=session.info["now"])
        for kind, title in titles
    ]
    session.add_all(made)
    session.flush()
    return made


def _system_titles(session: Session, run: RetentionRun, categories: set[str]) -> list[str]:
    known = {system.code: system for system in profile_of(session).outside_systems}
    titles = []
    for row in session.scalars(sa.select(OutsideSystem).order_by(OutsideSystem.id)):
        system = known.get(row.code)
        if categories and (system is None or categories & {category.value for category in system.categories}):
            hint = f" {system.hint}" if system is not None and language() == "sv" else ""
            titles.append(_("Radera i {system} enligt {number}.").format(system=row.name, number=run.number) + hint)
    return titles


def _notice_titles(session: Session, run: RetentionRun, activity_ids: set[int]) -> list[str]:
    return [
        _("Underrätta {recipient} om raderingen enligt {number} (art. 19).").format(
            recipient=row.name, number=run.number
        )
        for row in to_notify(session, activity_ids)
    ]


def correction_tasks(session: Session, correction: Correction, datum: Datum) -> list[Task]:
    """Store and return one task per outside system that may hold the corrected value, and one per recipient to tell.

    The titles name the correction or the request, not the person and not the value.  A request gets each of them once.

    Source: Art. 16 and 19 GDPR.
    """
    request = session.get(Request, correction.request_id) if correction.request_id is not None else None
    number = request.number if request is not None else correction.number
    known = {system.code: system for system in profile_of(session).outside_systems}
    titles = []
    for row in session.scalars(sa.select(OutsideSystem).order_by(OutsideSystem.id)):
        system = known.get(row.code)
        if system is None or datum.category in {category.value for category in system.categories}:
            titles.append((SYSTEM, _("Rätta i {system} enligt {number}.").format(system=row.name, number=number)))
    told = _("Underrätta {recipient} om rättelsen enligt {number} (art. 19).")
    activities = {datum.activity_id} if datum.activity_id is not None else set()
    titles += [(NOTICE, told.format(recipient=row.name, number=number)) for row in to_notify(session, activities)]
    of_request = sa.select(Task.title).where(Task.request_id == correction.request_id, Task.done_on.is_(None))
    there = set(session.scalars(of_request)) if request is not None else set()
    made = [
        Task(
            kind=kind,
            title=title,
            request_id=correction.request_id,
            correction_id=correction.id,
            created_at=session.info["now"],
        )
        for kind, title in titles
        if title not in there
    ]
    session.add_all(made)
    session.flush()
    return made


def to_notify(session: Session, activity_ids: Iterable[int]) -> list[Recipient]:
    """Return the recipients that must be told of a change.  Source: Art. 19 GDPR."""
    untold = {entry.code for entry in profile_of(session).recipients if not entry.gets_notice}
    return [row for row in recipients(session, activity_ids) if row.code not in untold]


def recipients(session: Session, activity_ids: Iterable[int]) -> list[Recipient]:
    """Return who gets data from these activities: those known by name, and categories nobody is named in.

    Source: Art. 15.1 c GDPR; the actual recipients, not only their categories (C-154/21).
    """
    rows = session.scalars(sa.select(Activity.recipients).where(Activity.id.in_(sorted(set(activity_ids)))))
    codes = {code for row in rows for code in row}
    rows_of = session.scalars(sa.select(Recipient).where(Recipient.code.in_(codes)).order_by(Recipient.id))
    found = [row for row in rows_of if row.code != NOT_YET or row.contact]
    named = {row.category for row in found if row.category}
    return [row for row in found if row.code not in named]
