"""The audit trail: the only place that writes it, and the one that proves it whole.

A row holds who, when, which act on which object, field names, codes and counts.  It never holds a value about a person, so that
erasing a person leaves the trail whole.  Source: Art. 5.2 GDPR (accountability); the policy's promise R36.
"""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import GENESIS, Action, canonical, chain_hash
from app.i18n import _
from db.models import AuditEntry, Subject


def record(
    session: Session,
    action: Action,
    about: object | None = None,
    *,
    subject_id: int | None = None,
    **details: Any,
) -> None:
    """Write one act into the trail, inside the act's own transaction.

    Args:
        session: The write session; it knows who is at work and the time of the act.
        action: What was done.
        about: The stored object it was done to, or None for the vault itself.
        subject_id: The person it concerns, if any; the trail keeps that person's random uid.
        details: Field names, codes and counts.  Never a value about a person.
    """
    session.flush()
    last = session.execute(sa.select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)).first()
    seq, previous = (last.seq + 1, last.hash) if last else (1, GENESIS)
    entry = AuditEntry(
        seq=seq,
        at=session.info["now"],
        user=session.info["user"],
        action=action,
        object_kind=type(about).__name__.lower() if about is not None else "vault",
        object_id=str(getattr(about, "id", getattr(about, "key", ""))) if about is not None else "",
        subject_uid=_uid(session, subject_id),
        payload=json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(),
        previous=previous,
        hash=b"",
    )
    entry.hash = chain_hash(previous, _record_bytes(entry))
    session.add(entry)
    session.flush()


def _uid(session: Session, subject_id: int | None) -> str:
    if subject_id is None:
        return ""
    return session.execute(sa.select(Subject.uid).where(Subject.id == subject_id)).scalar_one()


def _record_bytes(entry: AuditEntry) -> bytes:
    return canonical(
        {
            "seq": entry.seq,
            "at": entry.at.astimezone(dt.UTC).isoformat(),
            "user": entry.user,
            "action": entry.action.value,
            "object_kind": entry.object_kind,
            "object_id": entry.object_id,
            "subject_uid": entry.subject_uid,
            "payload": entry.payload.hex(),
        }
    )


@dataclass(frozen=True)
class Proof:
    """What `verify` found.

    Attributes:
        events: How many rows were read.
        first_bad: The number of the first row that does not fit, None when the chain is whole.
        since: The time of the first row.
        head: The last hash in hex; the short form stands in documents.
    """

    events: int
    first_bad: int | None
    since: dt.datetime | None
    head: str


def verify(session: Session, *, step: Callable[[int, int], None] | None = None) -> Proof:
    """Return whether every row of the trail is the one that was written, in its place."""
    total = session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0
    previous, events, since, first_bad = GENESIS, 0, None, None
    for entry in session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=1000)):
        events += 1
        since = since or entry.at
        fits = (
            entry.seq == events
            and entry.previous == previous
            and entry.hash == chain_hash(previous, _record_bytes(entry))
        )
        if not fits and first_bad is None:
            first_bad = min(entry.seq, events)
        previous = entry.hash
        if step is not None and events % 1000 == 0:
            step(events, total)
    return Proof(events, first_bad, since, previous.hex())


def in_words(proof: Proof) -> str:
    """Return what `verify` found as a sentence, such as "48 213 händelser, obrutna sedan 2026-01-02"."""
    if proof.first_bad is not None:
        return _("Händelse {number} stämmer inte med kedjan.").format(number=proof.first_bad)
    if proof.since is None:
        return _("Loggen är tom.")
    count = f"{proof.events:,}".replace(",", "\N{NO-BREAK SPACE}")
    return _("{count} händelser, obrutna sedan {day}").format(count=count, day=proof.since.date().isoformat())


def head(session: Session) -> str:
    """Return the short form of the trail's last hash, such as `#412 9f3c-12ab-77e0`, for a document's footer."""
    last = session.execute(sa.select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)).first()
    if last is None:
        return ""
    text = last.hash.hex()[:12]
    return f"#{last.seq} {text[:4]}-{text[4:8]}-{text[8:]}"
