"""Decided retention reviews."""

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Keyed


class RetentionRun(Keyed, Base):
    """One decided review: how much went, how much stayed.  Never the values.

    `journal_no` is the line of the file `journal` that says what went; a run of an older format has none.
    """

    __tablename__ = "retention_run"
    number: Mapped[str] = mapped_column(unique=True)
    decided_at: Mapped[dt.datetime]
    decided_by: Mapped[str]
    erased: Mapped[int]
    anonymised: Mapped[int]
    kept: Mapped[int]
    journal_no: Mapped[int | None]


class ErasedKey(Base):
    """The uid of a person or a document that was erased, and whose key is to be destroyed.  A trigger notes documents."""

    __tablename__ = "erased_key"
    uid: Mapped[str] = mapped_column(primary_key=True)
