"""People joined from several records, and values corrected by hand."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Keyed


class Merge(Keyed, Base):
    """That a record is a part of a whole person, and what was moved to the whole with it.

    The part keeps its own row, its data and its identifiers: taking it out again gives back what was.
    """

    __tablename__ = "merge"
    whole_id: Mapped[int] = mapped_column(ForeignKey("subject.id", ondelete="CASCADE"))
    part_id: Mapped[int] = mapped_column(ForeignKey("subject.id", ondelete="CASCADE"), unique=True)
    merged_at: Mapped[dt.datetime]
    merged_by: Mapped[str]
    reason: Mapped[str]
    moved: Mapped[dict[str, Any]]
    __table_args__ = (
        Index(None, "whole_id"),
        CheckConstraint("whole_id <> part_id", name="not_itself"),
    )


class NotSame(Keyed, Base):
    """Two records that somebody has said are two people.  They are never suggested again."""

    __tablename__ = "not_same"
    one_id: Mapped[int] = mapped_column(ForeignKey("subject.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("subject.id", ondelete="CASCADE"))
    said_at: Mapped[dt.datetime]
    said_by: Mapped[str]
    __table_args__ = (
        Index(None, "one_id", "other_id", unique=True),
        Index(None, "other_id"),
        CheckConstraint("one_id < other_id", name="in_order"),
    )


class Correction(Keyed, Base):
    """A value that was corrected by hand: before, after and why.

    While it stands, no import may change the value; what the import says becomes a `Conflict`.  The database itself sees to
    that (triggers of format 0007).
    """

    __tablename__ = "correction"
    number: Mapped[str] = mapped_column(unique=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id", ondelete="CASCADE"))
    datum_id: Mapped[int] = mapped_column(ForeignKey("datum.id", ondelete="CASCADE"))
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id", ondelete="SET NULL"))
    field: Mapped[str]
    old_value: Mapped[str]
    new_value: Mapped[str]
    reason: Mapped[str]
    corrected_at: Mapped[dt.datetime]
    corrected_by: Mapped[str]
    is_standing: Mapped[bool] = mapped_column(default=True)
    __table_args__ = (
        Index(None, "subject_id", "field"),
        Index(None, "datum_id"),
        CheckConstraint("reason <> ''", name="has_reason"),
        CheckConstraint("old_value <> new_value", name="changes"),
    )


class ValueChange(Keyed, Base):
    """What a value was before an import changed it."""

    __tablename__ = "value_change"
    datum_id: Mapped[int] = mapped_column(ForeignKey("datum.id", ondelete="CASCADE"))
    old_value: Mapped[str]
    old_line: Mapped[int | None]
    old_batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id", ondelete="SET NULL"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id", ondelete="SET NULL"))
    old_since_on: Mapped[dt.date | None]
    old_fy_end_on: Mapped[dt.date | None]
    __table_args__ = (Index(None, "datum_id"), Index(None, "batch_id"))


class Conflict(Keyed, Base):
    """What an import says of a value that was corrected by hand, until somebody has settled it."""

    __tablename__ = "conflict"
    datum_id: Mapped[int] = mapped_column(ForeignKey("datum.id", ondelete="CASCADE"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id", ondelete="CASCADE"))
    line: Mapped[int | None]
    value: Mapped[str]
    settled_at: Mapped[dt.datetime | None]
    settled_by: Mapped[str | None]
    __table_args__ = (
        Index(None, "datum_id", "value", unique=True),
        Index(None, "batch_id"),
        CheckConstraint("(settled_at IS NULL) = (settled_by IS NULL)", name="settled_by_somebody"),
    )
