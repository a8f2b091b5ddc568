"""Files in the vault: originals received and documents made."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Keyed


class Attachment(Keyed, Base):
    """The bytes of one file.  Stored and read by `app.services.filing` only.

    `content` is sealed with the key of `uid` when `is_sealed`; `digest` is keyed then, else it is a plain SHA-256.
    `message_id` is a received mail's own id; answers to the mail name it.
    """

    __tablename__ = "attachment"
    uid: Mapped[str] = mapped_column(unique=True)
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("subject.id", ondelete="SET NULL"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"))
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id", ondelete="CASCADE"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("retention_run.id", ondelete="CASCADE"))
    kind: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    size: Mapped[int]
    digest: Mapped[str]
    stored_at: Mapped[dt.datetime]
    stored_by: Mapped[str]
    is_sealed: Mapped[bool] = mapped_column(default=False, server_default="0")
    message_id: Mapped[str] = mapped_column(default="", server_default="")
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    __table_args__ = (
        Index(None, "request_id"),
        Index(None, "incident_id"),
        Index(None, "subject_id"),
        Index(None, "message_id"),
    )
