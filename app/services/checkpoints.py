"""Checkpoints of the trail: signed, so that whoever keeps one outside of the vault can see that what came before still stands."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain import trail
from app.domain.breach import in_stockholm
from app.domain.checkpoints import Checkpoint, parse_all
from app.domain.merkle import Frontier, leaf_hash
from app.security import files
from app.security.audit_seed import Signer
from db.models import AuditCheckpoint
from db.queries.search import driver

FILE = "checkpoints"
SIGNER, NOTES = "signer", "notes"
LIMIT = 64 << 20
END = b"\n\n"
_BATCH = 2000


def make(session: Session) -> None:
    """Sign what the trail is now, unless that is done already; a session that has no key signs nothing.

    A trail with a row that the program did not write so is not signed either: `verify` tells about it, and the vault opens all the same.
    """
    signer: Signer | None = session.info.get(SIGNER)
    if signer is None:
        return
    session.flush()
    last = session.scalars(sa.select(AuditCheckpoint).order_by(AuditCheckpoint.size.desc()).limit(1)).first()
    try:
        begun = Frontier.load(last.size, last.frontier) if last is not None else Frontier()
        frontier = begun.grown(leaf_hash(trail.record_bytes(row)) for row in rows(session, after=begun.size))
    except (ValueError, TypeError, AttributeError):
        return
    if frontier.size == begun.size:
        return
    text = signer.sign(frontier.size, frontier.root).dump()
    session.add(AuditCheckpoint(size=frontier.size, at=session.info["now"], frontier=frontier.dump(), text=text))
    session.flush()
    session.info.setdefault(NOTES, []).append(text)


def make_daily(session: Session) -> None:
    """Sign what the trail is now, once a day: the day of the office."""
    last: dt.datetime | None = session.scalar(sa.select(sa.func.max(AuditCheckpoint.at)))
    if last is None or in_stockholm(last).date() < in_stockholm(session.info["now"]).date():
        make(session)


def rows(session: Session, *, after: int = 0) -> Iterator[tuple[Any, ...]]:
    """Return the rows of the trail as the driver gives them, by number: building an object of each would take most of the time.

    A row whose text is no text, which the program never writes, comes with bytes in its place.
    """
    with driver(session) as cursor:
        try:
            for row in _blocks(cursor, after):
                after = row[0]
                yield row
        except cursor.connection.OperationalError:
            cursor.connection.text_factory = _text_or_bytes
            try:
                yield from _blocks(cursor, after)
            finally:
                cursor.connection.text_factory = str


def _blocks(cursor: Any, after: int) -> Iterator[tuple[Any, ...]]:
    query = f"SELECT {trail.COLUMNS} FROM audit_entry WHERE seq > ? ORDER BY seq"  # noqa: S608 - names of columns
    with closing(cursor.connection.execute(query, (after,))) as found:
        while block := found.fetchmany(_BATCH):
            yield from block


def _text_or_bytes(raw: bytes) -> str | bytes:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def copy_file(folder: Path, target: Path) -> None:
    """Copy the vault's file of checkpoints into another folder, if there is one.

    Raises:
        UserError: The disk refused.
    """
    if (folder / FILE).exists():
        files.write_atomic(target / FILE, files.read_limited(folder / FILE, LIMIT))


def stored(session: Session) -> list[str]:
    """Return the texts of all checkpoints made, by size."""
    return list(session.scalars(sa.select(AuditCheckpoint.text).order_by(AuditCheckpoint.size)))


def append(folder: Path, texts: list[str]) -> None:
    """Write checkpoints at the end of the vault's own file of them, on disk when this returns.

    Raises:
        UserError: The disk refused.
    """
    path = folder / FILE
    if path.exists() and not files.ends_with(path, END):
        files.write_atomic(path, _whole(files.read_limited(path, LIMIT)))  # a power cut tore the last one
    files.append(path, _joined(texts))


def begin_file(folder: Path, texts: list[str]) -> None:
    """Write the vault's file of checkpoints anew.

    Raises:
        UserError: The disk refused.
    """
    files.write_atomic(folder / FILE, _joined(texts))


def in_file(folder: Path) -> list[Checkpoint] | None:
    """Return the checkpoints in the vault's file, None when it is not a file of such; a torn end counts as nothing.

    Raises:
        UserError: The disk refused.
    """
    path = folder / FILE
    if not path.exists():
        return []
    try:
        return parse_all(_whole(files.read_limited(path, LIMIT)).decode())
    except ValueError:
        return None


def _joined(texts: list[str]) -> bytes:
    return "".join(text + "\n" for text in texts).encode()


def _whole(raw: bytes) -> bytes:
    """Return the file up to the end of its last note: each note has one empty line inside and one behind it."""
    parts = raw.split(END)[:-1]
    parts = parts[: len(parts) - len(parts) % 2]
    return b"".join(part + END for part in parts)
