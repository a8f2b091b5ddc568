"""The audit trail: one row for each act, chained."""

import datetime as dt

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.audit import Action
from db.base import Base


class AuditEntry(Base):
    """One act.  Triggers refuse to change or remove a row; `hash` covers the row and the hash before it.

    `payload` holds field names, codes and counts, never a value about a person.
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
    __table_args__ = (Index(None, "object_kind", "object_id"), Index(None, "subject_uid"))
