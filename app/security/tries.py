"""Wrong tries to open a vault: counted in a small file beside it, so that a restart does not spare anybody the wait.

While the vault is locked nothing can be written in its trail; the count is written there at the next opening and then cleared.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import ceil
from pathlib import Path

from app.domain.errors import UserError
from app.security import files
from app.security.vault_header import canonical, with_checksum

NAME = "tries"
LONGEST_S = 60
UNKNOWN = "unknown"
"""The kind of the tries that a damaged file told of."""

_LIMIT = 1 << 12
_VERSION = 1
_AS_LONG_AS_IT_GETS = 7


@dataclass(frozen=True)
class Tries:
    """Wrong tries in a row.

    Attributes:
        first_at: The first one.
        last_at: The latest one, or when the clock was found set back.
        kinds: How many with each sort of secret.
    """

    first_at: datetime
    last_at: datetime
    kinds: Mapping[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many there were."""
        return sum(self.kinds.values())


def wait_s(count: int) -> int:
    """Return how many seconds to wait after so many wrong tries in a row: 1, 2, 4 … 60, and never a lock-out."""
    return 0 if count < 1 else min(LONGEST_S, 2 ** min(count - 1, 10))


def read(folder: Path, now: datetime) -> Tries | None:
    """Return the wrong tries since the last opening; None when there was none.  A damaged file counts as many.

    Raises:
        UserError: The disk refused.
    """
    path = folder / NAME
    if not path.exists():
        return None
    return _parsed(files.read_limited(path, _LIMIT)) or Tries(now, now, {UNKNOWN: _AS_LONG_AS_IT_GETS})


def left_s(folder: Path, now: datetime) -> int:
    """Return how many seconds the next try has to wait.  A clock set back starts the wait anew.

    Raises:
        UserError: The disk refused.
    """
    found = read(folder, now)
    if found is None:
        return 0
    wait = timedelta(seconds=wait_s(found.count))
    if found.last_at >= now:
        found = _settled(folder, found, now)
    return max(0, ceil((found.last_at + wait - now).total_seconds()))


def add(folder: Path, kind: str, now: datetime) -> Tries:
    """Count one more wrong try with a sort of secret; return all of them.

    Raises:
        UserError: The disk refused.
    """
    found = read(folder, now) or Tries(now, now)
    more = replace(found, last_at=now, kinds={**found.kinds, kind: found.kinds.get(kind, 0) + 1})
    _write(folder, more)
    return more


def clear(folder: Path) -> None:
    """Forget the tries, when the trail tells of them.

    Raises:
        UserError: The disk refused.
    """
    try:
        (folder / NAME).unlink(missing_ok=True)
        files.sync_folder(folder)
    except OSError as error:
        raise files.disk_error(error) from error


def _settled(folder: Path, found: Tries, now: datetime) -> Tries:
    """Write a time that can be waited for."""
    whole = replace(found, first_at=min(found.first_at, now), last_at=min(found.last_at, now))
    with suppress(UserError):  # the wait is told all the same
        _write(folder, whole)
    return whole


def _write(folder: Path, found: Tries) -> None:
    part = {
        "version": _VERSION,
        "first_at": found.first_at.isoformat(),
        "last_at": found.last_at.isoformat(),
        "kinds": dict(found.kinds),
    }
    files.write_atomic(folder / NAME, canonical(with_checksum(part)) + b"\n")


def _parsed(data: bytes) -> Tries | None:
    try:
        part = json.loads(data)
        first_at, last_at = (datetime.fromisoformat(part[name]) for name in ("first_at", "last_at"))
        kinds = {str(kind): int(count) for kind, count in part["kinds"].items()}
        is_whole = with_checksum({name: part[name] for name in part if name != "sha256"}) == part
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    if not is_whole or None in {first_at.tzinfo, last_at.tzinfo} or not kinds or min(kinds.values()) < 1:
        return None
    return Tries(first_at, last_at, kinds)
