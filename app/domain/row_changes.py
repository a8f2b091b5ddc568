"""What differs between two versions of a document: rows that are new, gone, or say something else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.i18n import _, mark


class Change(StrEnum):
    """What happened to a row."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class RowFacts:
    """A row as it stood in one version.

    Attributes:
        key: The same in every version of the document.
        facts: The row's texts by their names.
    """

    key: str
    category: str
    label: str
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that differs.

    Attributes:
        parts: Names of the facts that say something else; empty unless the row changed.
    """

    change: Change
    key: str
    category: str
    label: str
    parts: tuple[str, ...] = ()


_LABELS = {Change.ADDED: mark("Ny"), Change.REMOVED: mark("Borta"), Change.CHANGED: mark("Ändrad")}


def differences(before: Iterable[RowFacts], now: Iterable[RowFacts]) -> tuple[RowChange, ...]:
    """Return what differs, in the order of the new version, and what is gone last."""
    old, new = {row.key: row for row in before}, {row.key: row for row in now}
    found = []
    for key, row in new.items():
        if key not in old:
            found.append(RowChange(Change.ADDED, key, row.category, row.label))
        elif parts := _differing(old[key].facts, row.facts):
            found.append(RowChange(Change.CHANGED, key, row.category, row.label, parts))
    gone = (row for key, row in old.items() if key not in new)
    return (*found, *(RowChange(Change.REMOVED, row.key, row.category, row.label) for row in gone))


def _differing(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    names = dict.fromkeys([*now, *before])
    return tuple(name for name in names if before.get(name, "") != now.get(name, ""))


def label(change: Change) -> str:
    """Return the change in a word."""
    return _(_LABELS[change])
