"""Records that share something, found by indexes.  Whether they are one person is `app.domain.same_person`'s business."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row
from sqlalchemy.orm import Session

from db.models import Datum, Identifier, Subject

KINDS = ("pnr", "sam", "email", "phone", "customer_no")
"""What may point at one person in several sources."""
FACTS = ("birth_date", "street", "postcode", "city")


def sharing_with(session: Session, subject_ids: Sequence[int], *, most: int) -> list[list[int]]:
    """Return, for each identifier of these records, everybody who has it; one that more than `most` have is left out."""
    mine = (
        sa.select(Identifier.norm).where(Identifier.subject_id.in_(subject_ids), Identifier.kind.in_(KINDS)).distinct()
    )
    found = []
    for norm in session.scalars(mine):
        query = sa.select(Identifier.subject_id).where(Identifier.norm == norm, Identifier.kind.in_(KINDS)).distinct()
        ids = list(session.scalars(query.limit(most + 1)))
        if 1 < len(ids) <= most:
            found.append(ids)
    return found


def namesakes(session: Session, subject_ids: Sequence[int], *, most: int) -> list[int]:
    """Return the records named as one of these; a name that more than `most` have is left out."""
    keys = list(session.scalars(sa.select(Subject.sort_key).where(Subject.id.in_(subject_ids)).distinct()))
    found: list[int] = []
    for key in keys:
        ids = list(session.scalars(sa.select(Subject.id).where(Subject.sort_key == key).limit(most + 1)))
        found += ids if len(ids) <= most else []
    return found


def same_identifiers(session: Session, *, most: int) -> Iterator[list[int]]:
    """Yield the records that share an identifier, one group for each; read in the order of an index, nothing is sorted."""
    query = sa.text(
        """SELECT norm, kind, subject_id FROM identifier WHERE (norm, kind) IN (
             SELECT norm, kind FROM identifier GROUP BY norm, kind
             HAVING min(subject_id) < max(subject_id) AND count(DISTINCT subject_id) <= :most)
           AND kind IN ('pnr', 'sam', 'email', 'phone', 'customer_no') ORDER BY norm, kind, subject_id"""
    )
    yield from _groups(session.execute(query, {"most": most}).yield_per(1000), width=2)


def same_names(session: Session, *, most: int) -> Iterator[list[int]]:
    """Yield the records that are named the same, one group for each name."""
    query = sa.text(
        """SELECT sort_key, id FROM subject WHERE sort_key IN (
             SELECT sort_key FROM subject WHERE sort_key <> '' GROUP BY sort_key HAVING count(*) BETWEEN 2 AND :most)
           ORDER BY sort_key, id"""
    )
    yield from _groups(session.execute(query, {"most": most}).yield_per(1000), width=1)


def _groups(rows: Any, *, width: int) -> Iterator[list[int]]:
    """Yield the ids of rows that begin with the same `width` columns."""
    at: tuple[Any, ...] | None = None
    ids: list[int] = []
    for row in rows:
        if tuple(row[:width]) != at:
            if len(ids) > 1:
                yield ids
            at, ids = tuple(row[:width]), []
        if not ids or ids[-1] != row[-1]:
            ids.append(row[-1])
    if len(ids) > 1:
        yield ids


def identifiers(session: Session, subject_ids: Sequence[int]) -> list[Row[int, str, str]]:
    """Return subject_id, kind and norm of what points at these records."""
    query = sa.select(Identifier.subject_id, Identifier.kind, Identifier.norm)
    return list(session.execute(query.where(Identifier.subject_id.in_(subject_ids))))


def facts(session: Session, subject_ids: Sequence[int]) -> list[Row[int, int, str, str]]:
    """Return subject_id, source_id, field and value of birth dates and addresses, in the order they were stored."""
    query = sa.select(Datum.subject_id, Datum.source_id, Datum.field, Datum.value)
    return list(
        session.execute(query.where(Datum.subject_id.in_(subject_ids), Datum.field.in_(FACTS)).order_by(Datum.id))
    )
