"""Which records are one person.  A merged person is a record of its own, the whole; the records it is made of are its parts."""

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Merge, NotSame, Subject

PART = 500


def whole(session: Session, subject_id: int) -> int:
    """Return the id of the whole person that a record is a part of; of any other record its own."""
    found = session.scalar(sa.select(Merge.whole_id).where(Merge.part_id == subject_id))
    return subject_id if found is None else found


def wholes(session: Session, subject_ids: Sequence[int]) -> dict[int, int]:
    """Return the whole person of each record, by the record's id, in the order given."""
    found: dict[int, int] = {}
    for ids in _parts(subject_ids):
        query = sa.select(Merge.part_id, Merge.whole_id).where(Merge.part_id.in_(ids))
        found.update({row.part_id: row.whole_id for row in session.execute(query)})
    return {key: found.get(key, key) for key in subject_ids}


def family(session: Session, subject_id: int) -> list[int]:
    """Return the ids of all records of the person that a record belongs to, the whole first."""
    top = whole(session, subject_id)
    return [top, *session.scalars(sa.select(Merge.part_id).where(Merge.whole_id == top).order_by(Merge.id))]


def members(session: Session, subject_ids: Sequence[int]) -> dict[int, int]:
    """Return, for every record of these people, its own id and that of the person in the list it belongs to."""
    found = {key: key for key in subject_ids}
    for ids in _parts(subject_ids):
        query = sa.select(Merge.part_id, Merge.whole_id).where(Merge.whole_id.in_(ids))
        found.update({row.part_id: row.whole_id for row in session.execute(query)})
    return found


def parts_of(session: Session, whole_id: int) -> list[Merge]:
    """Return the parts of a person in the order they were merged."""
    return list(session.scalars(sa.select(Merge).where(Merge.whole_id == whole_id).order_by(Merge.id)))


def names(session: Session, subject_ids: Iterable[int]) -> dict[int, str]:
    """Return people's names by id."""
    query = sa.select(Subject.id, Subject.display_name).where(Subject.id.in_(list(subject_ids)))
    return {row.id: row.display_name for row in session.execute(query)}


def names_of_wholes(session: Session, members: Mapping[int, int]) -> dict[int, tuple[str, ...]]:
    """Return all names of each person, the person's own first; `members` is what the function of that name gives."""
    called = names(session, members)
    found: dict[int, tuple[str, ...]] = {key: (called[key],) for key in set(members.values()) if key in called}
    for key, top in members.items():
        if key != top and key in called and top in found and called[key] not in found[top]:
            found[top] += (called[key],)
    return found


def told_apart(session: Session, subject_ids: Sequence[int]) -> set[tuple[int, int]]:
    """Return the pairs among these and others that somebody has said are two people, the lower id first."""
    found: set[tuple[int, int]] = set()
    for ids in _parts(subject_ids):
        query = sa.select(NotSame.one_id, NotSame.other_id)
        rows = session.execute(query.where(sa.or_(NotSame.one_id.in_(ids), NotSame.other_id.in_(ids))))
        found |= {(row.one_id, row.other_id) for row in rows}
    return found


def _parts(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    for start in range(0, len(ids), PART):
        yield ids[start : start + PART]
