"""Choosing the version of a dated record that applied on a day."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol, TypeVar


class _Dated(Protocol):
    @property
    def valid_from(self) -> date: ...


V = TypeVar("V", bound=_Dated)


def in_force(versions: Sequence[V], on: date) -> V:
    """Return the version that applied on the day `on`: the latest one that had begun.

    Raises:
        ValueError: No version had begun by then.
    """
    begun = [version for version in versions if version.valid_from <= on]
    if not begun:
        raise ValueError(on)
    return max(begun, key=lambda version: version.valid_from)
