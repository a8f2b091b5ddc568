"""Taking people's values out of the vault for good, and counting what went.  Why they go is the caller's business."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.documents.content import ReceiptLine
from app.domain.audit import Action
from app.domain.ledger import Answer
from app.domain.names import sort_key
from app.domain.retention import Decides
from app.i18n import _
from app.services import audit, erasure_journal, output_kinds
from app.services.keeping import BEARERS, Judged, parts
from db.models import Attachment, Datum, Hold, Identifier, Lookup, LookupSource, Request, Subject
from db.queries import people as joined
from db.store import leave_no_trace

Step = Callable[[int, int], None]
VALUES = "erased values"
"""What a session erased, until somebody has looked whether it is gone.  In memory only."""
COPIES = output_kinds.ALL
"""Documents that repeat a person's values; they go with the values."""


@dataclass
class Tally:
    """What one or many erasures took and left, by kind.  Holds no value and no name."""

    erased: int = 0
    anonymised: int = 0
    kept: int = 0
    categories: set[str] = field(default_factory=set)
    activity_ids: set[int] = field(default_factory=set)
    erased_kinds: dict[tuple[str, int, str], list[str]] = field(default_factory=dict)
    kept_kinds: dict[tuple[str, int, str], list[str]] = field(default_factory=dict)
    files: list[ReceiptLine] = field(default_factory=list)

    def add(self, one: Judged, why: str) -> None:
        """Count one value."""
        datum = one.datum
        kinds = self.kept_kinds if one.is_kept else self.erased_kinds
        kinds.setdefault((datum.category, datum.source_id, why), []).append(datum.field)
        if one.is_kept:
            self.kept += 1
            return
        self.erased += 1
        self.categories.add(datum.category)
        if datum.activity_id is not None:
            self.activity_ids.add(datum.activity_id)


@dataclass(frozen=True)
class Cause:
    """Why values go that have a common reason: a code and a case number for the trail, words for the receipt."""

    code: str
    words: str
    request: str = ""


def remove(
    session: Session,
    people: Sequence[tuple[Subject, list[Judged]]],
    tally: Tally,
    *,
    cause: Cause | None = None,
    step: Step | None = None,
) -> set[int]:
    """Erase the values that are not kept of some people, and whatever else repeats them.

    Args:
        session: The write session.
        people: Each person with all of their values, judged.
        tally: Counts what went and what stayed.
        cause: Why they go; each value's own rule when None.
        step: Called with people done and people in all; raises `Cancelled` to stop, and then nothing is erased.

    Returns:
        The ids of the people of whom nothing is left, not even the record.
    """
    held = _held(session, [subject.id for subject, _found in people])
    values: list[int] = []
    changed: dict[int, set[str]] = {}
    leaving: set[int] = set()
    for done, (subject, found) in enumerate(people):
        if step is not None:
            step(done, len(people))
        gone = [one.datum for one in found if not one.is_kept]
        kept = [one for one in found if one.is_kept]
        _account(session, subject, found, tally, cause)
        values += [datum.id for datum in gone]
        if not kept and subject.id not in held:
            leaving.add(subject.id)
        elif _is_nameless(gone, kept):
            _take_name(session, subject, kept)
            tally.anonymised += 1
        if gone or subject.id in leaving:
            changed[subject.id] = {one.datum.value for one in kept}
    session.flush()
    _note(session, people, leaving)
    _delete(session, Datum.id, values)
    _delete_identifiers(session, changed)
    _delete_copies(session, list(changed))
    _delete_records(session, list(leaving))
    for subject, _found in people:
        if subject.id in leaving:
            session.expunge(subject)
    leave_no_trace(session)
    return leaving


def _note(session: Session, people: Sequence[tuple[Subject, list[Judged]]], leaving: set[int]) -> None:
    """Note for the journal what goes: people as a whole, with every part they were merged from, and single values of others."""
    taken = erasure_journal.facts(session)
    whole = _uids(session, joined.members(session, sorted(leaving))).values()
    taken.whole.update(whole)
    erasure_journal.note_keys(session, whole)
    gone = [one.datum.value for _subject, found in people for one in found if not one.is_kept]
    session.info.setdefault(VALUES, []).extend(gone)
    stay = [found for subject, found in people if subject.id not in leaving]
    partly = [one.datum for found in stay for one in found if not one.is_kept]
    uids = _uids(session, {datum.subject_id for datum in partly})
    for datum in partly:
        taken.values.setdefault(uids[datum.subject_id], set()).add(datum.id)


def _uids(session: Session, subject_ids: Iterable[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for ids in parts(sorted(subject_ids)):
        rows = session.execute(sa.select(Subject.id, Subject.uid).where(Subject.id.in_(ids)))
        found.update({row.id: row.uid for row in rows})
    return found


def _account(session: Session, subject: Subject, found: list[Judged], tally: Tally, cause: Cause | None) -> None:
    """Count what goes and what stays, and write the erasure into the trail while the person is still known."""
    for one in found:
        rule = one.rule.title if one.rule is not None else ""
        tally.add(one, one.verdict.reason if one.is_kept else cause.words if cause else rule)
    fields = [one.datum.field for one in found if not one.is_kept]
    code, number = (cause.code, cause.request) if cause is not None else ("rule", "")
    audit.record(
        session,
        Action.ERASED,
        subject,
        subject_id=subject.id,
        erased=len(fields),
        kept=len(found) - len(fields),
        cause=code,
        request=number,
        run=erasure_journal.facts(session).run,
        fields=sorted(set(fields)),
    )


def _held(session: Session, subject_ids: Sequence[int]) -> set[int]:
    found: set[int] = set()
    members = joined.members(session, subject_ids)
    for ids in parts(list(members)):
        query = sa.select(Hold.subject_id).where(Hold.subject_id.in_(ids), Hold.lifted_on.is_(None))
        found |= {members[key] for key in session.scalars(query)}
    return found


def _is_nameless(gone: list[Datum], kept: list[Judged]) -> bool:
    """Return whether the name went with the values, so that the record may not keep it either."""
    return any(datum.field in BEARERS for datum in gone) and not any(one.datum.field in BEARERS for one in kept)


def _take_name(session: Session, subject: Subject, kept: list[Judged]) -> None:
    is_refraining = all(one.verdict.decides is Decides.SUPPRESSION for one in kept)
    for key in joined.family(session, subject.id):
        record = session.get_one(Subject, key)
        record.display_name = _("Spärrad för reklam") if is_refraining else _("Namnet är raderat")
        record.sort_key = sort_key(record.display_name)


def _delete(session: Session, key: InstrumentedAttribute[int], ids: Sequence[int]) -> None:
    """Delete rows by key.  Objects already read keep their old values until the session ends."""
    for some in parts(ids):
        session.execute(sa.delete(key.class_).where(key.in_(some)), execution_options={"synchronize_session": False})


def _delete_identifiers(session: Session, kept: Mapping[int, set[str]]) -> None:
    """Delete every search key of these people that none of their kept values has."""
    lost = []
    members = joined.members(session, list(kept))
    for ids in parts(list(members)):
        query = sa.select(Identifier.id, Identifier.subject_id, Identifier.norm).where(Identifier.subject_id.in_(ids))
        lost += [row.id for row in session.execute(query) if row.norm not in kept[members[row.subject_id]]]
    _delete(session, Identifier.id, lost)


def _delete_copies(session: Session, subject_ids: Sequence[int]) -> None:
    """Delete documents that repeat the values, and what was typed to find the people."""
    for ids in parts(list(joined.members(session, subject_ids))):
        requests = sa.select(Request.id).where(Request.subject_id.in_(ids))
        of_person = sa.or_(Attachment.subject_id.in_(ids), Attachment.request_id.in_(requests))
        session.execute(sa.delete(Attachment).where(of_person, Attachment.kind.in_(COPIES)))
        searched = sa.or_(Lookup.request_id.in_(requests), Lookup.subject_id.in_(ids))
        said = sa.and_(LookupSource.owner != "", LookupSource.answer != Answer.NO_ANSWER)
        lookups = sa.select(Lookup.id).where(searched)
        session.execute(sa.update(LookupSource).where(LookupSource.lookup_id.in_(lookups), said).values(why=""))
        session.execute(sa.update(Lookup).where(searched).values(terms=[]))


def _delete_records(session: Session, subject_ids: Sequence[int]) -> None:
    """Delete people's records with their opt-outs and past holds, and the documents that belong to no case.

    A merged person goes with every part.
    """
    subject_ids = list(joined.members(session, subject_ids))
    loose = (Attachment.request_id.is_(None), Attachment.incident_id.is_(None), Attachment.run_id.is_(None))
    for ids in parts(subject_ids):
        session.execute(sa.delete(Attachment).where(Attachment.subject_id.in_(ids), *loose))
        for model in (
            Request,
            Attachment,
            Lookup,
        ):  # the database does so itself, but objects already read must know it too
            session.execute(sa.update(model).where(model.subject_id.in_(ids)).values(subject_id=None))
    _delete(session, Subject.id, subject_ids)
