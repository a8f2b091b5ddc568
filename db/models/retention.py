"""Decided retention reviews."""

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Keyed


class RetentionRun(Keyed, Base):
    """One decided review: how much went, how much stayed.  Never the values."""

    __tablename__ = "retention_run"
    number: Mapped[str] = mapped_column(unique=True)
    decided_at: Mapped[dt.datetime]
    decided_by: Mapped[str]
    erased: Mapped[int]
    anonymised: Mapped[int]
    kept: Mapped[int]
