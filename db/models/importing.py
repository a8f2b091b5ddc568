"""What imports leave besides the people: the batches, and what each source said last."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.importing import BatchState, Gone
from app.domain.subjects import Protection
from db.base import Base, Keyed


class ImportBatch(Keyed, Base):
    """One import of one file into one source.  A batch is whole or absent: its state says what of it is seen.

    `begun_seq` is the last act of the trail when it began.  `fingerprint` stands for the file's columns; `options` are how it
    was read.
    """

    __tablename__ = "import_batch"
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    imported_at: Mapped[dt.datetime]
    imported_by: Mapped[str]
    file_digest: Mapped[str]
    mapping: Mapped[list[str]]
    imported: Mapped[int]
    updated: Mapped[int]
    unchanged: Mapped[int]
    rejected: Mapped[int]
    state: Mapped[BatchState] = mapped_column(default=BatchState.DONE, server_default="done")
    makes_source: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    duplicates: Mapped[int] = mapped_column(default=0, server_default="0")
    skipped: Mapped[int] = mapped_column(default=0, server_default="0")
    gone: Mapped[int] = mapped_column(default=0, server_default="0")
    begun_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    fingerprint: Mapped[str] = mapped_column(default="", server_default="")
    options: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    undone_at: Mapped[dt.datetime | None]
    undone_by: Mapped[str | None]
    __table_args__ = (
        Index(None, "source_id"),
        Index(None, "fingerprint"),
        Index(None, "state", sqlite_where=sa.text("state NOT IN ('done', 'undone')")),
        CheckConstraint("rejected >= 0", name="counts"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_by_somebody"),
    )


class ImportRow(Base):
    """What a row of a source's last file said about a person, as a digest: the same row again needs no comparing.

    A digest of 0 says only that the source knows the person.
    """

    __tablename__ = "import_row"
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id", ondelete="CASCADE"), primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), primary_key=True)
    digest: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    __table_args__ = ({"sqlite_with_rowid": False},)


class RecordChange(Base):
    """What a batch changes in the record of somebody already known: as it was, and as it becomes when the batch is published."""

    __tablename__ = "record_change"
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id", ondelete="CASCADE"), primary_key=True)
    start_before_on: Mapped[dt.date | None]
    end_before_on: Mapped[dt.date | None]
    protection_before: Mapped[Protection]
    start_on: Mapped[dt.date | None]
    end_on: Mapped[dt.date | None]
    protection: Mapped[Protection]
    __table_args__ = (Index(None, "subject_id"),)


class SearchLater(Base):
    """Somebody already known about whom a batch says something: found by it once the batch is published."""

    __tablename__ = "search_later"
    batch_id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    __table_args__ = ({"sqlite_with_rowid": False},)


class SourceAbsence(Keyed, Base):
    """A source's new file no longer has the person; the officer decided what becomes of it.

    `returned_batch_id` is the import that had the person again.
    """

    __tablename__ = "source_absence"
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id", ondelete="CASCADE"))
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    since_on: Mapped[dt.date]
    choice: Mapped[Gone]
    returned_batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    __table_args__ = (
        Index(None, "subject_id", "source_id"),
        Index(None, "batch_id"),
        Index(None, "source_id", sqlite_where=sa.text("returned_batch_id IS NULL")),
        CheckConstraint("choice <> 'keep'", name="is_a_decision"),
    )
