"""The audit trail as it is shown; it holds no values about people."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.domain.audit import Action
from db.models import AuditEntry


@dataclass(frozen=True)
class Filter:
    """What to list, newest first.

    Attributes:
        actions: Only these acts; empty for all.
        user: Only this person at work; empty for all.
        since: From this time on, or None.
        until: Before this time, or None.
    """

    actions: frozenset[Action] = frozenset()
    user: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None


INSIDE_NAME = "is_inside"
"""What the trail says of a backup in the vault's own folder."""
INSIDE = f'"{INSIDE_NAME}"'.encode()


def ids(session: Session, wanted: Filter) -> list[int]:
    """Return the numbers of the entries to list."""
    query = sa.select(AuditEntry.seq)
    if wanted.actions:
        query = query.where(AuditEntry.action.in_(wanted.actions))
    if wanted.user:
        query = query.where(AuditEntry.user == wanted.user)
    if wanted.since is not None:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditEntry.at < wanted.until)
    return list(session.scalars(query.order_by(AuditEntry.seq.desc())))


def rows(session: Session, wanted: Sequence[int]) -> dict[int, Row[*tuple[Any, ...]]]:
    """Return seq, at, user, action, object_kind, object_id, subject_uid and payload of entries by number."""
    query = sa.select(
        AuditEntry.seq,
        AuditEntry.at,
        AuditEntry.user,
        AuditEntry.action,
        AuditEntry.object_kind,
        AuditEntry.object_id,
        AuditEntry.subject_uid,
        AuditEntry.payload,
    ).where(AuditEntry.seq.in_(wanted))
    return {row.seq: row for row in session.execute(query)}


def latest(session: Session, count: int) -> list[Row[*tuple[Any, ...]]]:
    """Return the newest entries, newest first."""
    wanted = ids_newest(session, count)
    found = rows(session, wanted)
    return [found[seq] for seq in wanted]


def ids_newest(session: Session, count: int) -> list[int]:
    """Return the numbers of the newest entries, newest first."""
    return list(session.scalars(sa.select(AuditEntry.seq).order_by(AuditEntry.seq.desc()).limit(count)))


def users(session: Session) -> list[str]:
    """Return everybody who has been at work, by name."""
    return list(session.scalars(sa.select(AuditEntry.user).distinct().order_by(AuditEntry.user)))


def last_at(session: Session, action: Action) -> dt.datetime | None:
    """Return when something was last done, or None."""
    query = sa.select(AuditEntry.at).where(AuditEntry.action == action).order_by(AuditEntry.seq.desc()).limit(1)
    return session.scalar(query)


def last_backup(session: Session) -> dt.datetime | None:
    """Return when a backup was last made outside the vault's own folder: one inside is gone with the disk."""
    is_outside = sa.func.instr(AuditEntry.payload, INSIDE) == 0
    query = sa.select(AuditEntry.at).where(AuditEntry.action == Action.BACKUP_MADE, is_outside)
    return session.scalar(query.order_by(AuditEntry.seq.desc()).limit(1))


def about(session: Session, object_kind: str, object_id: str) -> list[AuditEntry]:
    """Return what was done to one object, newest first."""
    query = sa.select(AuditEntry).where(AuditEntry.object_kind == object_kind, AuditEntry.object_id == object_id)
    return list(session.scalars(query.order_by(AuditEntry.seq.desc())))
