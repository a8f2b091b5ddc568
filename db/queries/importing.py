"""Questions about imports: what was chosen for such a file before, and which imports there were."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import ImportBatch, Source


@dataclass(frozen=True)
class Remembered:
    """How a file with the same columns was read last.

    Attributes:
        source: The register it went into.
        mapping: The field code per column, empty for one that was left out.
        options: How it was read, and what became of people known from elsewhere.
    """

    source: str
    mapping: tuple[str, ...]
    options: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class PastImport:
    """An import that was made."""

    batch_id: int
    source: str
    at: dt.datetime
    by: str
    imported: int
    updated: int
    gone: int
    rejected: int
    undone_at: dt.datetime | None


def remembered(session: Session, fingerprint: str) -> Remembered | None:
    """Return what was chosen for the last file with these columns, None for a new kind of file."""
    query = (
        sa.select(Source.name, ImportBatch.mapping, ImportBatch.options)
        .join(Source, Source.id == ImportBatch.source_id)
        .where(ImportBatch.fingerprint == fingerprint, ImportBatch.undone_at.is_(None))
        .order_by(ImportBatch.id.desc())
        .limit(1)
    )
    row = session.execute(query).first() if fingerprint else None
    return Remembered(row[0], tuple(row[1]), dict(row[2])) if row is not None else None


def batch(session: Session, batch_id: int) -> tuple[ImportBatch, str] | None:
    """Return a whole import and the name of its register, None when there is none by that number."""
    query = (
        sa.select(ImportBatch, Source.name)
        .join(Source, Source.id == ImportBatch.source_id)
        .where(ImportBatch.id == batch_id)
    )
    row = session.execute(query).first()
    return (row[0], row[1]) if row is not None else None


def past(session: Session, *, limit: int = 500) -> list[PastImport]:
    """Return the imports, the latest first."""
    query = (
        sa.select(ImportBatch, Source.name)
        .join(Source, Source.id == ImportBatch.source_id)
        .order_by(ImportBatch.id.desc())
        .limit(limit)
    )
    return [
        PastImport(
            batch_id=batch.id,
            source=name,
            at=batch.imported_at,
            by=batch.imported_by,
            imported=batch.imported,
            updated=batch.updated,
            gone=batch.gone,
            rejected=batch.rejected,
            undone_at=batch.undone_at,
        )
        for batch, name in session.execute(query)
    ]
