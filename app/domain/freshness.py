"""Is the database the newest one there was?  What its own count of commits and the file beside it say together."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


@dataclass(frozen=True)
class Mark:
    """How far something has come.

    Attributes:
        count: How many times the database was written.
        seq: The trail's last row.
        link: That row's hash; the trail's beginning when it has none.
    """

    count: int
    seq: int
    link: bytes


class Finding(StrEnum):
    """What the comparison gave.  Codes stand in the trail for ever: never rename or reuse one."""

    FRESH = "fresh"
    NEW = "new"
    BEHIND = "behind"
    OTHER = "other"
    NO_HEAD = "no_head"
    BAD_HEAD = "bad_head"
    OLD_HEAD = "old_head"
    PAGES = "pages"


@dataclass(frozen=True)
class Found:
    """What the database says of itself.

    Attributes:
        mark: How far it has come.
        synced: How far the file beside it was known to have come when the database was last written.
        link_at_head: The hash of the row that the file names as the last one; None when there is no such row.
    """

    mark: Mark
    synced: int = 0
    link_at_head: bytes | None = None


class Witness(Protocol):
    """Somebody outside the database who is told of each commit, after it is on disk."""

    @property
    def synced(self) -> int:
        """Return the count of the last commit it has put on disk itself."""

    def committed(self, mark: Mark, told: Mapping[str, Any], *, is_bulk: bool) -> None:
        """Hear that a commit is on disk; `told` is what the session was given and left behind."""


def judge(head: Mark | None, found: Found, *, has_file: bool) -> Finding:
    """Return whether the database is at least as new as the file `head` says.

    The file is written after each commit, so a crash leaves the database ahead, never behind.

    Args:
        head: What the file says; None when there is none, or none that can be trusted.
        found: What the database says.
        has_file: There is such a file.
    """
    if not has_file:
        return Finding.NO_HEAD if found.mark.count else Finding.NEW
    if head is None:
        return Finding.BAD_HEAD
    if head.count > found.mark.count:
        return Finding.BEHIND
    if found.link_at_head != head.link:
        return Finding.OTHER
    return Finding.OLD_HEAD if head.count < found.synced else Finding.FRESH
