"""Words for the people around a person, by which a free text shows that it may concern one of them."""

from dataclasses import dataclass
from functools import cache

from app.domain.names import strict
from app.reference.reader import load


@dataclass(frozen=True, slots=True)
class _File:
    kin: tuple[str, ...]


@cache
def kin() -> frozenset[str]:
    """Return the words, folded for comparison."""
    return frozenset(map(strict, load("third_persons.json", _File).kin))
