"""Eight kinds of tampering with the trail, by somebody who holds the database's key, against a checkpoint kept outside.

Each case is drawn at random; `TAMPERINGS=200` in the environment gives the full figure, `HONEST=10000` that of honest work:
`TAMPERINGS=200 HONEST=10000 python -m pytest tests/services/test_trail_tampering.py`.
"""

import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.domain import trail
from app.domain.audit import GENESIS, Action
from app.domain.checkpoints import Checkpoint, parse, parse_short
from app.domain.merkle import Frontier, leaf_hash
from app.security.audit_seed import Signer
from app.services import audit, checkpoints, vaults, verification
from app.services.audit import Evidence, Fault
from app.services.vaults import Vault
from tests.factories import NOW

CASES = int(os.environ.get("TAMPERINGS", "25"))
HONEST = int(os.environ.get("HONEST", "400"))
LENGTH = 60
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Kept:
    """A vault's trail as it honestly was, and what lies outside of the vault.

    Attributes:
        rows: The rows.
        notes: The stored checkpoints, by size.
        outside: One of them, kept outside: the full form and the short one of the same moment.
    """

    rows: list[Row]
    notes: list[Checkpoint]
    outside: list[tuple[Checkpoint, str]]
    signer: Signer


@pytest.fixture
def kept(vault: Vault) -> Kept:
    shorts = []
    for _number in range(LENGTH // 6):
        for _act in range(6):
            with vault.store.write(NOW) as session:
                audit.record(session, Action.SETTING_CHANGED, fields=["text"], count=_act)
        with vault.store.write(NOW) as session:
            shorts.append(audit.head(session))
    with vault.store.read() as session:
        notes = [parse(text) for text in checkpoints.stored(session)]
        rows = list(checkpoints.rows(session))
    numbered = {(parse_short(short) or (0, ""))[0]: short for short in shorts}
    outside = [(note, numbered[note.size]) for note in notes if note.size in numbered]
    return Kept(rows, notes, outside, vault.signer)


def rechained(rows: list[Row]) -> list[Row]:
    """Return the rows numbered and linked anew, as somebody with the key can."""
    made, previous = [], GENESIS
    for number, row in enumerate(rows, start=1):
        new = (number, *row[1:9])
        link = sha256(previous + trail.record_bytes(new)).digest()
        made.append((*new, previous, link))
        previous = link
    return made


def signed(rows: list[Row], notes: list[Checkpoint], signer: Signer) -> list[Checkpoint]:
    """Return checkpoints over other rows, at the same sizes as far as there are rows."""
    leaves = [leaf_hash(trail.record_bytes(row)) for row in rows]
    sizes = {min(note.size, len(rows)) for note in notes}
    return [signer.sign(size, Frontier().grown(leaves[:size]).root) for size in sorted(sizes)]


def changed(row: Row, chance: random.Random) -> Row:
    column = chance.choice((1, 2, 3, 4, 5, 6, 7, 8))
    values = list(row)
    values[column] = {1: "2020-01-01 00:00:00.000000", 2: 77, 8: b'{"count":99}'}.get(column, f"x{row[column]}")
    return tuple(values)


def edit(kept: Kept, at: int, chance: random.Random) -> tuple[list[Row], list[Checkpoint]]:
    return [*kept.rows[:at], changed(kept.rows[at], chance), *kept.rows[at + 1 :]], kept.notes


def delete(kept: Kept, at: int, chance: random.Random) -> tuple[list[Row], list[Checkpoint]]:
    return [*kept.rows[:at], *kept.rows[at + 1 :]], kept.notes


def insert(kept: Kept, at: int, chance: random.Random) -> tuple[list[Row], list[Checkpoint]]:
    return [*kept.rows[:at], changed(kept.rows[at], chance), *kept.rows[at:]], kept.notes


def swap(kept: Kept, at: int, chance: random.Random) -> tuple[list[Row], list[Checkpoint]]:
    rows = list(kept.rows)
    rows[at], rows[at + 1] = rows[at + 1], rows[at]
    return rows, kept.notes


def truncate(kept: Kept, at: int, chance: random.Random) -> tuple[list[Row], list[Checkpoint]]:
    return kept.rows[:at], [note for note in kept.notes if note.size <= at]


def rechain(kept: Kept, at: int, chance: random.Random) -> tuple[list[Row], list[Checkpoint]]:
    """With the stolen key of the database: every link fits, and the checkpoints that would tell are removed."""
    rows = rechained(chance.choice((edit, delete, insert, swap))(kept, at, chance)[0])
    return rows, [note for note in kept.notes if note.size <= at]


def forge(kept: Kept, at: int, chance: random.Random) -> tuple[list[Row], list[Checkpoint]]:
    """The same, with checkpoints signed by another key."""
    rows = rechain(kept, at, chance)[0]
    thief = Signer(kept.signer.origin, Ed25519PrivateKey.from_private_bytes(chance.randbytes(32)))
    own = {note.size: note for note in kept.notes if note.size <= at}
    return rows, [own.get(note.size, note) for note in signed(rows, kept.notes, thief)]


def fork(kept: Kept, at: int, chance: random.Random) -> tuple[list[Row], list[Checkpoint]]:
    """The same, signed with the vault's own seed: nothing inside the vault can tell."""
    rows = rechain(kept, at, chance)[0]
    return rows, signed(rows, kept.notes, kept.signer)


KINDS: dict[str, Callable[[Kept, int, random.Random], tuple[list[Row], list[Checkpoint]]]] = {
    "edit": edit,
    "delete": delete,
    "insert": insert,
    "swap": swap,
    "truncate": truncate,
    "rechain": rechain,
    "forge": forge,
    "fork": fork,
}
SHOWN_INSIDE = {"edit", "delete", "insert", "swap", "forge"}
"""What the trail alone, with its own checkpoints, tells."""


def put(vault: Vault, rows: list[Row], notes: list[Checkpoint]) -> None:
    """Write a trail over the vault's own, past the triggers."""
    places = ", ".join("?" for _column in trail.COLUMNS.split(","))
    with vault.store.write(NOW) as session:
        connection = session.connection()
        for table in ("audit_entry", "audit_checkpoint"):
            for act in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{act}")
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608
        numbered = [(number, *row[1:]) for number, row in enumerate(rows, start=1)]
        connection.exec_driver_sql(f"INSERT INTO audit_entry ({trail.COLUMNS}) VALUES ({places})", numbered)  # noqa: S608
        held = [(note.size, "2026-11-22 09:00:00.000000", b"", note.dump()) for note in notes]
        for one in held:
            connection.exec_driver_sql("INSERT INTO audit_checkpoint VALUES (?, ?, ?, ?)", one)


def first_other(rows: list[Row], honest: list[Row]) -> int:
    """Return the number of the first row that is another than it was."""
    pairs = zip(rows, honest, strict=False)
    return next((n for n, (one, other) in enumerate(pairs, start=1) if one[1:9] != other[1:9]), len(rows) + 1)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_found_against_an_older_checkpoint_kept_outside(vault: Vault, kept: Kept, kind: str) -> None:
    chance = random.Random(kind)  # noqa: S311
    (vault.folder / checkpoints.FILE).unlink()  # whoever tampers takes that file with him
    by_note = by_short = inside = right = 0
    for _case in range(CASES):
        note, short = chance.choice(kept.outside)
        at = chance.randrange(1, note.size - 1)  # before what the outside checkpoint is about
        rows, notes = KINDS[kind](kept, at, chance)
        put(vault, rows, notes)
        with vault.store.read() as session:
            own = audit.verify(session, Evidence(kept.signer))
            full = audit.verify(session, Evidence(kept.signer, notes=(note,)))
            paper = audit.verify(session, Evidence(kept.signer, shorts=(parse_short(short) or (0, ""),)))
        inside += own.fault is not None
        by_note += full.fault is not None
        by_short += paper.fault is not None
        first = first_other(rows, kept.rows)
        last = full.until or full.first_bad or 0
        is_short = full.fault is Fault.MISSING and len(rows) < note.size  # where it was cut is known, no more
        right += is_short or (full.first_bad or 0) <= first <= last
    assert (by_note, by_short) == (CASES, CASES)
    assert inside == (
        CASES if kind in SHOWN_INSIDE else 0
    )  # the control: what needs something outside is not told without
    assert right >= CASES * 0.99


@pytest.mark.slow
def test_honest_work_is_never_called_tampering(vault: Vault) -> None:
    """Acts, checkpoints, closings and openings in any order: every checkpoint ever made fits at the end, and in between."""
    chance, kept_outside = random.Random(10_000), list[Checkpoint]()  # noqa: S311
    shorts: list[tuple[int, str]] = []
    folder, keys, alarms, done = vault.folder, vault.keys, 0, 0
    while done < HONEST:
        for _number in range(min(chance.randrange(1, 60), HONEST - done)):
            with vault.store.write(NOW) as session:
                audit.record(session, chance.choice(list(Action)), count=done)
                if chance.random() < 0.05:
                    shorts.append(parse_short(audit.head(session)) or (0, ""))
            done += 1
        with vault.store.read() as session:
            notes = [parse(text) for text in checkpoints.stored(session)]
            kept_outside += chance.sample(notes, 1)
            held = Evidence(vault.signer, (), tuple(kept_outside), tuple(shorts))
            alarms += audit.verify(session, held).fault is not None
        if chance.random() < 0.5:
            if chance.random() < 0.5:
                vault.close(NOW)
            else:
                vault.abandon()
            vault = vaults.open_with_keys(folder, keys, user="Eva", now=NOW)
    assert verification.verify(vault).fault is None
    assert alarms == 0
    vault.abandon()


@pytest.mark.parametrize("column", ["user", "object_id", "at"])
def test_text_that_is_no_text_is_named_by_its_row(vault: Vault, column: str) -> None:
    for _number in range(3):
        with vault.store.write(NOW) as session:
            audit.record(session, Action.SETTING_CHANGED, fields=["text"])
    with vault.store.write(NOW) as session:
        run = session.connection().exec_driver_sql
        for (trigger,) in run(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'"
        ).all():
            run(f"DROP TRIGGER {trigger}")
        run(f"UPDATE audit_entry SET \"{column}\" = CAST(x'fffe' AS TEXT) WHERE seq = 3")  # noqa: S608
    with vault.store.read() as session:
        proof = audit.verify(session)
        assert (proof.fault, proof.first_bad) == (Fault.CHAIN, 3)
        assert proof.events >= 4
        assert audit.verify(session).first_bad == 3
