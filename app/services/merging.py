"""Join the records of one person, and take them apart again.  Nothing is ever joined by itself.

A merged person is a record of its own, the whole.  The records it is made of stay as they were, with their data and their
identifiers; requests, stops, opt-outs, documents and searches move to the whole, and back again.

Source: Art. 15 GDPR (all data about a person); Art. 5.1 d (who joins two people wrongly must be able to undo it).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.errors import ExitCode, UserError
from app.domain.subjects import Protection
from app.i18n import _
from app.services import audit
from app.services.guard import guarded
from db.models import Attachment, Hold, Lookup, Merge, NotSame, OptOut, Request, Subject
from db.queries import people

Moving = type[Request] | type[Hold] | type[OptOut] | type[Attachment] | type[Lookup]
MOVING: tuple[Moving, ...] = (Request, Hold, OptOut, Attachment, Lookup)
"""What is about the person rather than of one record, and moves to the whole."""
LEVELS = (Protection.NONE, Protection.CONFIDENTIAL, Protection.PROTECTED_REGISTRATION, Protection.ASSUMED)


@dataclass(frozen=True, kw_only=True)
class Apart:
    """What came of taking a person apart.

    Attributes:
        subject_ids: The records that are people of their own again, in the order they were merged.
        whole_id: The person that is left of the rest, None when nothing is.
        new: How many requests, documents and searches came after the merge; they went with the first record.
    """

    subject_ids: tuple[int, ...]
    whole_id: int | None
    new: int


@guarded
def merge(session: Session, subject_ids: Sequence[int], *, reason: str) -> Subject:
    """Join two or more people into one, named as the first; that they were said to be two people is forgotten.

    Args:
        session: The write session.
        subject_ids: The people; those that are merged already bring all of their records.
        reason: Why it is one person, in words that hold no value about anybody.

    Returns:
        The whole person.

    Raises:
        UserError: There are not two, somebody is gone, or there is no reason.
    """
    tops = list(dict.fromkeys(people.whole(session, key) for key in subject_ids))
    rows = [row for key in tops if (row := session.get(Subject, key)) is not None]
    if len(rows) < 2 or len(rows) < len(tops):
        raise _refused(_("Det behövs två personer för att slå ihop."), _("Sök igen. Någon av dem kan ha gallrats."))
    if not reason.strip():
        raise _refused(_("Skälet saknas."), _("Skriv varför det är samma person."))
    whole = next((row for row in rows if people.parts_of(session, row.id)), None) or _new_whole(session, rows[0])
    noted = _noted(session, rows)
    records = [key for row in rows if row is not whole for key in _records(session, row)]
    for key in records:
        _join(session, whole, key, reason.strip())
    _raise_to(session, whole.id, noted)
    whole.display_name, whole.sort_key = rows[0].display_name, rows[0].sort_key
    _forget_told_apart(session, people.family(session, whole.id))
    audit.record(session, Action.MERGED, whole, subject_id=whole.id, records=len(people.parts_of(session, whole.id)))
    for key in records:
        audit.record(session, Action.MERGED, whole, subject_id=key)
    session.expire(whole)
    return whole


@guarded
def take_apart(session: Session, subject_id: int, *, only: Sequence[int] = (), is_told_apart: bool = True) -> Apart:
    """Give records of a merged person back what they had, as people of their own.

    What was stopped for the whole, by a hold or an opt-out, stays stopped for each of them.

    Args:
        session: The write session.
        subject_id: The merged person, or one of the records.
        only: The records to take out; all of them when empty, or when fewer than two would be left.
        is_told_apart: Remember that those taken out are other people, so that it is never suggested again.

    Raises:
        UserError: The person is not merged, or a record is no part of it.
    """
    whole = session.get_one(Subject, people.whole(session, subject_id))
    parts = people.parts_of(session, whole.id)
    keys = [part.part_id for part in parts]
    if not parts or set(only) - set(keys):
        raise _refused(_("Personen är inte hopslagen av de posterna."), _("Öppna kortet igen och välj bland posterna."))
    leaving = [key for key in keys if key in only] if only and len(keys) - len(set(only)) > 1 else keys
    noted = _noted(session, [whole])
    _copy_stops(session, whole.id, parts, leaving)
    for part in parts:
        if part.part_id in leaving:
            _give_back(session, part)
    new = _rest(session, whole.id, keys[0]) if leaving == keys else 0
    for key in leaving:
        audit.record(session, Action.TAKEN_APART, whole, subject_id=key)
    _part(session, leaving)
    for key in leaving:
        _raise_to(session, key, noted)
    if is_told_apart:
        rest = [key for key in keys if key not in leaving]
        pairs = {tuple(sorted((one, other))) for one in leaving for other in (*leaving, *rest) if one != other}
        _tell_apart(session, sorted(pairs))
    left = None if leaving == keys else whole.id
    audit.record(session, Action.TAKEN_APART, whole, subject_id=whole.id, records=len(leaving))
    if left is None:
        session.delete(whole)
    session.flush()
    return Apart(subject_ids=tuple(leaving), whole_id=left, new=new)


@guarded
def tell_apart(session: Session, one_id: int, other_id: int) -> None:
    """Remember that two records are two people; they are never suggested as one again.

    Raises:
        UserError: They are one and the same already.
    """
    one, other = people.whole(session, one_id), people.whole(session, other_id)
    if one == other:
        raise _refused(_("De är redan en och samma person."), _("Ta isär personen först, om det är två."))
    firsts, seconds = (
        _records(session, session.get_one(Subject, one)),
        _records(session, session.get_one(Subject, other)),
    )
    _tell_apart(session, sorted(tuple(sorted((a, b))) for a in firsts for b in seconds))
    for key in (one, other):
        audit.record(session, Action.TOLD_APART, session.get_one(Subject, key), subject_id=key)


def _new_whole(session: Session, first: Subject) -> Subject:
    whole = Subject(
        uid=secrets.token_hex(16),
        display_name=first.display_name,
        sort_key=first.sort_key,
        protection=Protection.NONE,
        created_at=session.info["now"],
    )
    session.add(whole)
    session.flush()
    return whole


def _records(session: Session, row: Subject) -> list[int]:
    """Return the records of a person: of one that is merged its parts, which are let go first."""
    parts = people.parts_of(session, row.id)
    return [part.part_id for part in parts] or [row.id]


def _join(session: Session, whole: Subject, key: int, reason: str) -> None:
    """Make a record a part of the whole.  One that is part of another person leaves it, and the last one ends that person."""
    old = people.whole(session, key)
    if old != key:
        part = next(part for part in people.parts_of(session, old) if part.part_id == key)
        _give_back(session, part)
        is_last = len(people.parts_of(session, old)) == 1
        if is_last:
            _rest(session, old, key)
        _part(session, [key])
        if is_last:
            audit.record(session, Action.MERGED, whole, subject_id=old)
            session.delete(session.get_one(Subject, old))
            session.flush()
    session.add(
        Merge(
            whole_id=whole.id,
            part_id=key,
            merged_at=session.info["now"],
            merged_by=session.info["user"],
            reason=reason,
            moved=_move(session, key, whole.id),
        )
    )
    session.flush()


def _move(session: Session, from_id: int, to_id: int) -> dict[str, list[int]]:
    """Move what is about a person, and return what was moved by table.  An opt-out that the other has stays where it is."""
    moved: dict[str, list[int]] = {}
    for model in MOVING:
        query = sa.select(model.id).where(model.subject_id == from_id).order_by(model.id)
        if model is OptOut:
            known = sa.select(OptOut.channel).where(OptOut.subject_id == to_id)
            query = query.where(OptOut.channel.not_in(known))
        moved[model.__tablename__] = list(session.scalars(query))
        session.execute(sa.update(model).where(model.id.in_(moved[model.__tablename__])).values(subject_id=to_id))
    return moved


def _give_back(session: Session, part: Merge) -> None:
    """Give a record back what it had, of what is still there."""
    for model in MOVING:
        ids = part.moved.get(model.__tablename__, ())
        of_whole = (model.id.in_(ids), model.subject_id == part.whole_id)
        session.execute(sa.update(model).where(*of_whole).values(subject_id=part.part_id))


def _rest(session: Session, whole_id: int, to_id: int) -> int:
    """Give what came after the merge to the first record; return how much besides stops it was."""
    moved = _move(session, whole_id, to_id)
    return sum(len(ids) for name, ids in moved.items() if name not in (Hold.__tablename__, OptOut.__tablename__))


def _part(session: Session, keys: Sequence[int]) -> None:
    session.execute(sa.delete(Merge).where(Merge.part_id.in_(keys)))
    session.flush()


def _copy_stops(session: Session, whole_id: int, parts: Sequence[Merge], leaving: Sequence[int]) -> None:
    """Give each record its own of the stops that were set for the whole: it is safer to stop too much."""
    old = {(name, one) for part in parts for name, ids in part.moved.items() for one in ids}
    holds = session.scalars(sa.select(Hold).where(Hold.subject_id == whole_id, Hold.lifted_on.is_(None))).all()
    opt_outs = session.scalars(sa.select(OptOut).where(OptOut.subject_id == whole_id)).all()
    takers = leaving if len(leaving) < len(parts) else leaving[1:]  # the first takes the stops themselves
    for key in takers:
        for hold in holds:
            if (Hold.__tablename__, hold.id) not in old:
                same = {"kind": hold.kind, "reason": hold.reason, "set_on": hold.set_on, "set_by": hold.set_by}
                copy = Hold(subject_id=key, review_on=hold.review_on, **same)
                session.add(copy)
                session.flush()
                session.execute(sa.update(Hold).where(Hold.id == copy.id).values(subject_id=whole_id))
                _remember(parts, key, Hold.__tablename__, copy.id)
        for opt_out in opt_outs:
            if (OptOut.__tablename__, opt_out.id) not in old and not _has(session, parts, key, opt_out):
                session.add(OptOut(subject_id=key, channel=opt_out.channel, since_on=opt_out.since_on))
    session.flush()


def _remember(parts: Sequence[Merge], key: int, name: str, row_id: int) -> None:
    """Write down that a row goes with a record when that is taken out."""
    part = next(part for part in parts if part.part_id == key)
    part.moved = {**part.moved, name: [*part.moved.get(name, ()), row_id]}


def _has(session: Session, parts: Sequence[Merge], key: int, opt_out: OptOut) -> bool:
    part = next(part for part in parts if part.part_id == key)
    mine = sa.or_(OptOut.subject_id == key, OptOut.id.in_(part.moved.get(OptOut.__tablename__, ())))
    return bool(session.scalar(sa.select(sa.exists().where(mine, OptOut.channel == opt_out.channel))))


def _noted(session: Session, rows: Sequence[Subject]) -> dict[str, object]:
    """Return what was noted on merged people themselves, beyond what their records say."""
    noted: dict[str, object] = {}
    for row in rows:
        keys = [part.part_id for part in people.parts_of(session, row.id)]
        records = list(session.scalars(sa.select(Subject).where(Subject.id.in_(keys))))
        if not records:
            continue
        session.refresh(row)
        if LEVELS.index(row.protection) > max(LEVELS.index(record.protection) for record in records):
            noted["protection"] = row.protection
        if row.is_deceased and not any(record.is_deceased for record in records):
            noted["is_deceased"] = True
        if row.restricted_on is not None and all(record.restricted_on is None for record in records):
            noted["restricted_on"] = row.restricted_on
    return noted


def _raise_to(session: Session, key: int, noted: dict[str, object]) -> None:
    if noted:
        session.execute(sa.update(Subject).where(Subject.id == key).values(**noted))


def _tell_apart(session: Session, pairs: Sequence[tuple[int, ...]]) -> None:
    known = people.told_apart(session, sorted({key for pair in pairs for key in pair}))
    who, now = session.info["user"], session.info["now"]
    session.add_all(
        NotSame(one_id=one, other_id=other, said_at=now, said_by=who)
        for one, other in pairs
        if (one, other) not in known
    )
    session.flush()


def _forget_told_apart(session: Session, ids: Sequence[int]) -> None:
    session.execute(sa.delete(NotSame).where(NotSame.one_id.in_(ids), NotSame.other_id.in_(ids)))


def _refused(what: str, do: str) -> UserError:
    return UserError(what, stands=_("Inget har slagits ihop eller tagits isär."), do=do, code=ExitCode.NOT_ALLOWED)
