"""Files in the vault: the one place that stores and reads attachments.

Both take the person they concern, so that keys of one's own for each person can come in here without touching a caller.
"""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.services import audit
from app.services.guard import guarded
from db.models import Attachment, SearchText


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a file belongs.  All None: the vault itself.

    Attributes:
        version: The version it is part of, when several files are one version; else each kind is counted by itself.
    """

    subject_id: int | None = None
    request_id: int | None = None
    incident_id: int | None = None
    run_id: int | None = None
    version: int | None = None


def store(session: Session, content: bytes, *, kind: str, name: str, media_type: str, place: Place) -> Attachment:
    """Store a file and return its record.

    Args:
        session: The write session.
        content: The file as it is.
        kind: What it is: `mail`, `extract`, `workbook`, `letter`, `notification`, `receipt`.
        name: A generated name; the name a stranger gave a file is never used.
        media_type: Its MIME type.
        place: The case and the person it belongs to.
    """
    row = Attachment(
        uid=secrets.token_hex(16),
        subject_id=place.subject_id,
        request_id=place.request_id,
        incident_id=place.incident_id,
        run_id=place.run_id,
        kind=kind,
        name=name,
        media_type=media_type,
        version=place.version or next_version(session, kind, place),
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        stored_at=session.info["now"],
        stored_by=session.info["user"],
        content=content,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        Action.DOCUMENT_WRITTEN,
        row,
        subject_id=place.subject_id,
        kind=kind,
        version=row.version,
        size=row.size,
    )
    return row


def make_findable(session: Session, stored: Attachment, text: str) -> None:
    """Let a stored file be found by its words; they go when it goes."""
    session.add(SearchText(attachment_id=stored.id, text=text))


def next_version(session: Session, kind: str | Collection[str], place: Place) -> int:
    """Return the version the next file of this kind in this place will get, to print it in the file; of several kinds, the highest."""
    kinds = (kind,) if isinstance(kind, str) else tuple(kind)
    same = (
        Attachment.kind.in_(kinds),
        Attachment.request_id == place.request_id,
        Attachment.incident_id == place.incident_id,
        Attachment.run_id == place.run_id,
        Attachment.subject_id == place.subject_id,
    )
    return (session.scalar(sa.select(sa.func.max(Attachment.version)).where(*same)) or 0) + 1


def read(session: Session, attachment_id: int) -> bytes:
    """Return a stored file's bytes."""
    return session.scalars(sa.select(Attachment.content).where(Attachment.id == attachment_id)).one()


@guarded
def open_document(session: Session, attachment_id: int) -> tuple[Attachment, bytes]:
    """Return a stored file for somebody to look at or carry out of the vault; the trail says who and whose.

    Raises:
        NotFound: It is not there any more.
    """
    row = session.scalars(sa.select(Attachment).where(Attachment.id == attachment_id)).one()
    audit.record(session, Action.DOCUMENT_READ, row, subject_id=row.subject_id, kind=row.kind, version=row.version)
    return row, read(session, attachment_id)
