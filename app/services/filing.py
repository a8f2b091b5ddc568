"""Files in the vault: the one place that stores and reads attachments.

Each is sealed with a key of its own, which goes when the file goes: so it is gone from every old backup too.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.errors import ExitCode, UserError
from app.i18n import _
from app.services import audit, sealing
from app.services.guard import guarded
from db.models import Attachment, SearchText
from db.store import leave_no_trace

_OLD = sa.select(Attachment.id, Attachment.uid).where(Attachment.is_sealed.is_(False)).order_by(Attachment.id)


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
    uid = secrets.token_hex(16)
    row = Attachment(
        uid=uid,
        subject_id=place.subject_id,
        request_id=place.request_id,
        incident_id=place.incident_id,
        run_id=place.run_id,
        kind=kind,
        name=name,
        media_type=media_type,
        version=place.version or next_version(session, kind, place),
        size=len(content),
        digest=sealing.digest(session, content),
        stored_at=session.info["now"],
        stored_by=session.info["user"],
        content=_sealed(session, uid, content),
        is_sealed=sealing.keys_of(session) is not None,
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
    """Return a stored file's bytes.

    Raises:
        UserError: Its key is missing or damaged.
    """
    query = sa.select(Attachment.uid, Attachment.is_sealed, Attachment.content).where(Attachment.id == attachment_id)
    row = session.execute(query).one()
    return _opened(session, row.uid, row.content) if row.is_sealed else row.content


def seal_old(session: Session, *, most: int) -> bool:
    """Seal some of the files that an older version stored as they came; return whether that was the last of them."""
    rows = session.execute(_OLD.limit(most)).all()
    for row in rows:
        plain = session.scalars(sa.select(Attachment.content).where(Attachment.id == row.id)).one()
        changed = {"content": _sealed(session, row.uid, plain), "digest": sealing.digest(session, plain)}
        session.execute(
            sa.update(Attachment).where(Attachment.id == row.id).values(is_sealed=True, **changed),
            execution_options={"synchronize_session": False},
        )
    leave_no_trace(session)
    return len(rows) < most


def has_old(session: Session) -> bool:
    """Return whether a file is stored as an older version stored it."""
    return session.execute(_OLD.limit(1)).first() is not None


def has_sealed(session: Session) -> bool:
    """Return whether a file is stored that needs its key."""
    return session.execute(sa.select(Attachment.id).where(Attachment.is_sealed).limit(1)).first() is not None


def unreadable(session: Session) -> int:
    """Return how many stored files have no key that opens them, without reading the files."""
    keys = sealing.keys_of(session)
    if keys is None:
        return 0
    uids = session.scalars(sa.select(Attachment.uid).where(Attachment.is_sealed))
    return sum(keys.key(uid) is None for uid in uids)


def _sealed(session: Session, uid: str, content: bytes) -> bytes:
    keys = sealing.keys_of(session)
    return content if keys is None else sealing.seal(keys.ensure(uid), content, uid)


def _opened(session: Session, uid: str, content: bytes) -> bytes:
    keys = sealing.keys_of(session)
    key = keys.key(uid) if keys is not None else None
    plain = sealing.unseal(key, content, uid) if key is not None else None
    if plain is None:
        raise UserError(
            _("Handlingen går inte att öppna: dess nyckel saknas eller är skadad."),
            stands=_("Registret och de andra handlingarna är orörda."),
            do=_("Lägg tillbaka filen subjects.keys från den senaste säkerhetskopian i valvets mapp, och öppna igen."),
            code=ExitCode.DAMAGED,
        )
    return plain


@guarded
def open_document(session: Session, attachment_id: int) -> tuple[Attachment, bytes]:
    """Return a stored file for somebody to look at or carry out of the vault; the trail says who and whose.

    Raises:
        NotFound: It is not there any more.
    """
    row = session.scalars(sa.select(Attachment).where(Attachment.id == attachment_id)).one()
    audit.record(session, Action.DOCUMENT_READ, row, subject_id=row.subject_id, kind=row.kind, version=row.version)
    return row, read(session, attachment_id)
