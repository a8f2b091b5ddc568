"""The trail read from its beginning: each row against the one before it, and the tree's root wherever somebody wants it."""

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from app.domain.audit import GENESIS
from app.domain.merkle import root_of

COLUMNS = "seq, at, offset_min, user, action, object_kind, object_id, subject_uid, payload, previous, hash"
"""The columns of a row as `record_bytes` and `walk` take them, in this order."""
STEP = 1000

_text: Callable[[str], str] = json.encoder.encode_basestring


def record_bytes(row: tuple[Any, ...]) -> bytes:
    """Return what a row's hash is over: `canonical` of its fields, made without the detour, since a trail has very many rows.

    Args:
        row: The values of `COLUMNS` as the database's driver gives them; the last two are not part of it.

    Raises:
        ValueError: The time is not written as the program writes it.
        TypeError: A value is of another kind.
    """
    seq, at, offset, user, action, kind, key, uid, payload = row[:9]
    if len(at) != 26 or at[10] != " " or at[19] != ".":
        raise ValueError("not a time of ours")
    part = "" if at[20:] == "000000" else at[19:]
    zone = "" if offset is None else f'"offset_min":{offset:d},'
    return (
        f'{{"action":{_text(action)},"at":"{at[:10]}T{at[11:19]}{part}+00:00","object_id":{_text(key)},'
        f'"object_kind":{_text(kind)},{zone}"payload":"{payload.hex()}","seq":{seq:d},'
        f'"subject_uid":{_text(uid)},"user":{_text(user)}}}'
    ).encode()


@dataclass
class Walk:
    """What reading the whole trail gave.

    Attributes:
        events: How many rows were read.
        first_bad: The number of the first row that does not fit, None when the chain is whole.
        since: The time of the first row, as it is stored.
        link: The last row's hash.
        roots: The root of the tree at each wanted size.
        links: The hash of each wanted row.
    """

    events: int = 0
    first_bad: int | None = None
    since: str = ""
    link: bytes = GENESIS
    roots: dict[int, bytes] = field(default_factory=dict)
    links: dict[int, bytes] = field(default_factory=dict)


def walk(
    rows: Iterable[tuple[Any, ...]], wanted: Collection[int] = (), *, step: Callable[[int], None] | None = None
) -> Walk:
    """Read a trail from its beginning.

    Args:
        rows: The values of `COLUMNS`, by number.
        wanted: The sizes at which somebody knows what the trail was.
        step: Told how many rows were read, now and then.
    """
    done, previous, events = Walk(), GENESIS, 0
    peaks: list[bytes] = []
    sizes = frozenset(wanted)
    for row in rows:
        try:
            record = record_bytes(row)
        except (ValueError, TypeError, AttributeError):
            record = b""
        is_first = events == 0
        leaf, size = sha256(b"\x00" + record).digest(), events
        while size & 1:
            leaf = sha256(b"\x01" + peaks.pop() + leaf).digest()
            size >>= 1
        peaks.append(leaf)
        events += 1
        link = sha256(previous + record).digest()
        if (row[10] != link or row[9] != previous or row[0] != events or not record) and done.first_bad is None:
            done.first_bad = _number(row[0], events)
        previous = link
        if is_first:
            done.since = str(row[1])
        if events in sizes:
            done.roots[events], done.links[events] = root_of(peaks), link
        if step is not None and events % STEP == 0:
            step(events)
    done.events, done.link = events, previous
    return done


def _number(stored: object, events: int) -> int:
    return min(stored, events) if isinstance(stored, int) else events
