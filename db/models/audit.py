"""The audit trail: one row for each act, chained."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.audit import Action
from db.base import Base


class AuditEntry(Base):
    """One act.  Triggers refuse to change or remove a row; `hash` covers the row and the hash before it.

    `payload` holds field names, codes and counts, never a value about a person.  `offset_min` is how far the computer's own clock
    was from UTC, in minutes; a row of an older format has none.
    """

    __tablename__ = "audit_entry"
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    user: Mapped[str]
    action: Mapped[Action]
    object_kind: Mapped[str]
    object_id: Mapped[str]
    subject_uid: Mapped[str]
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    previous: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    offset_min: Mapped[int | None]
    __table_args__ = (Index(None, "object_kind", "object_id"), Index(None, "subject_uid"))


class AuditCheckpoint(Base):
    """What the trail was at one moment, signed.  Triggers refuse to change or remove a row.

    `frontier` lets the next one be made from the rows since; `text` is the signed note.
    """

    __tablename__ = "audit_checkpoint"
    size: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    frontier: Mapped[bytes] = mapped_column(LargeBinary)
    text: Mapped[str]


class CommitMark(Base):
    """How many times the database was written: one row.

    `synced` is the count that the file `head` was known to have on disk when this one was written.
    """

    __tablename__ = "commit_mark"
    id: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]
    synced: Mapped[int]
    __table_args__ = (CheckConstraint("id = 1", name="is_alone"),)
