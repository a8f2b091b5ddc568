"""The audit trail: the only place that writes it, and the one that proves it whole.

A row holds who, when, which act on which object, field names, codes and counts.  It never holds a value about a person, so that
erasing a person leaves the trail whole.  Source: Art. 5.2 GDPR (accountability); the policy's promise R36.
"""

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain import trail
from app.domain.audit import GENESIS, Action, chain_hash
from app.domain.checkpoints import Checkpoint, parse, short_form
from app.i18n import _
from app.security.audit_seed import Signer
from app.services import checkpoints, sealing
from db.models import AuditCheckpoint, AuditEntry, Subject
from db.queries import trail as queries
from db.store import announce

OPEN = frozenset({Action.ERASED})
"""What stays readable when the person is erased: that, and how much, was erased."""
_INSERT = f"INSERT INTO audit_entry ({trail.COLUMNS}) VALUES ({', '.join('?' * len(trail.COLUMNS.split(',')))})"  # noqa: S608


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
    driver: Any = session.connection().connection.driver_connection  # the mapped way would take most of an act's time
    now = session.info["now"]
    last = driver.execute("SELECT seq, hash FROM audit_entry ORDER BY seq DESC LIMIT 1").fetchone()
    seq, previous = (last[0] + 1, last[1]) if last else (1, GENESIS)
    uid = _uid(session, subject_id)
    payload = json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    if uid and action not in OPEN:
        payload = sealing.seal_for_trail(session, uid, payload, _about(seq, action, uid))
    row = (
        seq,
        now.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),
        round((now.utcoffset() or dt.timedelta()).total_seconds() / 60),
        session.info["user"],
        action.value,
        type(about).__name__.lower() if about is not None else "vault",
        str(getattr(about, "id", getattr(about, "key", ""))) if about is not None else "",
        uid,
        payload,
    )
    link = chain_hash(previous, trail.record_bytes(row))
    driver.execute(_INSERT, (*row, previous, link))
    announce(session, AuditEntry.__name__)


def _uid(session: Session, subject_id: int | None) -> str:
    if subject_id is None:
        return ""
    return session.execute(sa.select(Subject.uid).where(Subject.id == subject_id)).scalar_one()


def details(session: Session, seq: int, action: Action, subject_uid: str, payload: bytes) -> dict[str, Any] | None:
    """Return the field names, codes and counts of a row; None when they were erased with the person."""
    kept = sealing.open_from_trail(session, subject_uid, payload, _about(seq, action, subject_uid))
    found: dict[str, Any] | None = None if kept is None else json.loads(kept)
    return found


@dataclass(frozen=True)
class Entry:
    """A row of the trail, to be shown.

    Attributes:
        details: Field names, codes and counts; None when they were erased with the person.
    """

    seq: int
    at: dt.datetime
    user: str
    action: Action
    object_kind: str
    object_id: str
    details: dict[str, Any] | None


def entries(session: Session, wanted: Sequence[int]) -> dict[int, Entry]:
    """Return rows of the trail by number, with what they tell."""
    return {
        seq: Entry(
            seq,
            row.at,
            row.user,
            row.action,
            row.object_kind,
            row.object_id,
            details(session, seq, row.action, row.subject_uid, row.payload),
        )
        for seq, row in queries.rows(session, wanted).items()
    }


def _about(seq: int, action: Action, subject_uid: str) -> str:
    return f"{seq}|{action.value}|{subject_uid}"


class Fault(StrEnum):
    """What is wrong with a trail."""

    CHAIN = "chain"
    REWRITTEN = "rewritten"
    MISSING = "missing"
    SIGNATURE = "signature"
    CHECKPOINT = "checkpoint"
    FILE = "file"


@dataclass(frozen=True)
class Evidence:
    """What the trail is held against, besides itself.

    Attributes:
        signer: Knows the vault's signatures; None when nobody has the key.
        own: Checkpoints in the vault's own file beside the database.
        notes: Checkpoints kept outside of the vault; each must be the vault's own.
        shorts: Short forms off a paper: number of the row, and the first digits of its link.
        is_file_damaged: The vault's own file of checkpoints cannot be read.
    """

    signer: Signer | None = None
    own: tuple[Checkpoint, ...] = ()
    notes: tuple[Checkpoint, ...] = ()
    shorts: tuple[tuple[int, str], ...] = ()
    is_file_damaged: bool = False


@dataclass(frozen=True)
class Proof:
    """What `verify` found.

    Attributes:
        events: How many rows were read.
        first_bad: The number of the first row that does not fit, None when all is whole.
        since: The time of the first row.
        head: The last hash in hex; the short form stands in documents.
        fault: What is wrong, None when all is whole.
        until: The row up to which something was rewritten, when only that is known.
        checkpoints: How many checkpoints the trail was held against.
    """

    events: int
    first_bad: int | None
    since: dt.datetime | None
    head: str
    fault: Fault | None = None
    until: int | None = None
    checkpoints: int = 0


def verify(
    session: Session, evidence: Evidence | None = None, *, step: Callable[[int, int], None] | None = None
) -> Proof:
    """Return whether every row of the trail is the one that was written, in its place, as every checkpoint says.

    Args:
        session: A session that reads.
        evidence: What else to hold the trail against.
        step: Told how many rows of how many were read.
    """
    held = evidence or Evidence()
    total = session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0
    own, unread = _own(session, held)
    notes = [*held.notes, *own]
    wanted = {*(note.size for note in notes), *(seq for seq, _digits in held.shorts)}
    walk = trail.walk(
        checkpoints.rows(session), wanted, step=None if step is None else lambda events: step(events, total)
    )
    fault, first_bad, until = _judged(walk, own, held, unread)
    return Proof(
        walk.events, first_bad, _since(walk.since), walk.link.hex(), fault, until, len(notes) + len(held.shorts)
    )


def _since(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)
    except ValueError:  # no row, or one that somebody changed
        return None


def _own(session: Session, held: Evidence) -> tuple[list[Checkpoint], int | None]:
    """Return the vault's own checkpoints, and the size of the first stored one that cannot be read."""
    notes, unread = list(held.own), None
    for row in session.execute(sa.select(AuditCheckpoint.size, AuditCheckpoint.text).order_by(AuditCheckpoint.size)):
        try:
            note = parse(row.text)
        except ValueError:
            note = None
        if note is None or note.size != row.size:
            unread = row.size if unread is None else unread
        else:
            notes.append(note)
    return notes, unread


def _judged(
    walk: trail.Walk, own: list[Checkpoint], held: Evidence, unread: int | None
) -> tuple[Fault | None, int | None, int | None]:
    """Return what is wrong first, the first row that it can be about, and the last one."""
    if walk.first_bad is not None:
        return Fault.CHAIN, walk.first_bad, None
    kept_outside = _fits(walk, held.notes) + [(seq, _begins(walk, seq, digits)) for seq, digits in held.shorts]
    for fits in (
        kept_outside,
        _fits(walk, own),
    ):  # what somebody in the vault could have made says nothing for the others
        if (wrong := _unfit(walk, fits)) is not None:
            return wrong
    if unread is not None:
        return Fault.CHECKPOINT, unread, None
    foreign = [note.size for note in (*held.notes, *own) if held.signer is not None and not held.signer.is_ours(note)]
    if foreign:
        return Fault.SIGNATURE, min(foreign), None
    return (Fault.FILE if held.is_file_damaged else None), None, None


def _fits(walk: trail.Walk, notes: Sequence[Checkpoint]) -> list[tuple[int, bool]]:
    return [(note.size, walk.roots.get(note.size) == note.root) for note in notes]


def _unfit(walk: trail.Walk, fits: list[tuple[int, bool]]) -> tuple[Fault, int, int] | None:
    """Return what the first checkpoint that does not fit says, the smallest first."""
    good = 0
    for size, is_fit in sorted(fits):
        if size > walk.events:
            return Fault.MISSING, walk.events + 1, size
        if not is_fit:
            return Fault.REWRITTEN, good + 1, size
        good = size
    return None


def _begins(walk: trail.Walk, seq: int, digits: str) -> bool:
    return seq in walk.links and walk.links[seq].hex().startswith(digits)


def in_words(proof: Proof) -> str:
    """Return what `verify` found as a sentence, such as "48 213 händelser, obrutna sedan 2026-01-02"."""
    if proof.fault is not None:
        return _FAULTS[proof.fault]().format(number=proof.first_bad, until=proof.until, events=proof.events)
    if proof.since is None:
        return _("Loggen är tom.")
    count = f"{proof.events:,}".replace(",", "\N{NO-BREAK SPACE}")
    return _("{count} händelser, obrutna sedan {day}").format(count=count, day=proof.since.date().isoformat())


_FAULTS: dict[Fault, Callable[[], str]] = {
    Fault.CHAIN: lambda: _("Händelse {number} stämmer inte med kedjan."),
    Fault.REWRITTEN: lambda: _("Loggen är omskriven någonstans från händelse {number} till {until}."),
    Fault.MISSING: lambda: _("Loggen slutar vid händelse {events}, men en kontrollpunkt visar att den nått {until}."),
    Fault.SIGNATURE: lambda: _("Kontrollpunkten vid händelse {number} är inte underskriven av det här valvet."),
    Fault.FILE: lambda: _("Valvets fil checkpoints är skadad. Loggen själv är hel."),
    Fault.CHECKPOINT: lambda: _("Kontrollpunkten vid händelse {number} går inte att läsa."),
}


def head(session: Session) -> str:
    """Return the short form of the trail's last hash, such as `#412 9f3c-12ab-77e0`, for a document's footer.

    In a session that writes, the trail as it is now is also signed: the paper can be held against that checkpoint later.
    """
    checkpoints.make(session)
    last = session.execute(sa.select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)).first()
    return short_form(last.seq, last.hash) if last is not None else ""
