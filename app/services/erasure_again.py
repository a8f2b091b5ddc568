"""Do in an older copy of the database what was erased since: before anybody sees a restored vault.

Source: Art. 17.1 GDPR; the policy's promise that what was erased does not come back.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.retention import Action as Becomes
from app.domain.retention import Decides, Verdict
from app.i18n import _
from app.security.journal import Entry
from app.services import audit, closed_files, erasure_journal
from app.services.keeping import Judged, parts
from app.services.removal import Cause, Tally, remove
from db.models import Datum, Hold, Incident, Request, Subject
from db.store import Store

CAUSE = "restored"
PEOPLE_AT_A_TIME = 500


def reapply(store: Store, entries: Iterable[Entry], *, now: dt.datetime) -> int:
    """Erase again what a journal says was erased; return how many people and files it touched.

    An erasure that was begun and of which nobody knows whether it came to be counts as done: it was decided.

    Args:
        store: The restored database, with its keeper.
        entries: The journal's erasures.
        now: The time.
    """
    wanted = [entry for entry in entries if entry.state != "void"]
    whole = {uid for entry in wanted for uid in entry.what.whole}
    values: dict[str, set[int]] = {}
    for entry in wanted:
        for uid, numbers in entry.what.values.items():
            values.setdefault(uid, set()).update(numbers)
    touched = 0
    for uids in parts(sorted(whole | values.keys()), PEOPLE_AT_A_TIME):
        with store.write(now) as session:
            touched += _people(session, uids, values, whole)
            _leave_to_the_journal(session)
    with store.write(now) as session:
        touched += _files(session, sorted({number for entry in wanted for number in entry.what.files}))
        _leave_to_the_journal(session)
    return touched


def _people(session: Session, uids: Sequence[str], values: dict[str, set[int]], whole: set[str]) -> int:
    found = []
    for subject in session.scalars(sa.select(Subject).where(Subject.uid.in_(uids)).order_by(Subject.id)).all():
        held = session.scalars(sa.select(Datum).where(Datum.subject_id == subject.id).order_by(Datum.id)).all()
        going = {datum.id for datum in held} if subject.uid in whole else values[subject.uid]
        judged = [_judged(datum, is_kept=datum.id not in going) for datum in held]
        if subject.uid in whole or any(not one.is_kept for one in judged):
            found.append((subject, judged))
    gone = [subject.id for subject, _held in found if subject.uid in whole]
    session.execute(sa.delete(Hold).where(Hold.subject_id.in_(gone)))  # it was lifted since, or they would be there
    remove(session, found, Tally(), cause=Cause(CAUSE, _("Raderat tidigare, före återställningen")))
    return len(found)


def _judged(datum: Datum, *, is_kept: bool) -> Judged:
    becomes = Becomes.KEEP if is_kept else Becomes.ERASE
    verdict = Verdict(action=becomes, decides=Decides.GROUND, erase_from_on=None, reason="")
    return Judged(datum=datum, rule=None, verdict=verdict, is_due=not is_kept)


def _files(session: Session, numbers: list[str]) -> int:
    count = 0
    for some in parts(numbers):
        rows: list[Request | Incident] = [
            *session.scalars(sa.select(Request).where(Request.number.in_(some))),
            *session.scalars(sa.select(Incident).where(Incident.number.in_(some))),
        ]
        for row in rows:
            audit.record(session, Action.ERASED, row, number=row.number, cause=CAUSE, erased=1)
            closed_files.delete(session, row)
        count += len(rows)
    return count


def _leave_to_the_journal(session: Session) -> None:
    """Write no line about what is erased again: it has one."""
    session.info.pop(erasure_journal.FACTS, None)
