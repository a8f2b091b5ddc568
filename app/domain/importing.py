"""What an import decides about people and rows: choices, the life of a batch, what stands for a row or a file.  No I/O."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from app.domain.names import words
from app.i18n import _


class Duplicate(StrEnum):
    """What becomes of a row about somebody whom another source, or another row of the file, gave already."""

    UPDATE = "update"
    SKIP = "skip"
    NEW = "new"


def duplicate_label(choice: Duplicate) -> str:
    """Return what becomes of a row about somebody known already, in words."""
    return {
        Duplicate.UPDATE: _("Läggs till på personen"),
        Duplicate.SKIP: _("Hoppas över"),
        Duplicate.NEW: _("Blir en ny person"),
    }[choice]


class Gone(StrEnum):
    """What becomes of people whom the source had and its new file does not have.

    `MARK`: it is shown on their cards.  `END`: that too, and who has no end of the relation has it today, so that what is held
    goes when the rules say.
    """

    KEEP = "keep"
    MARK = "mark"
    END = "end"


class BatchState(StrEnum):
    """The life of an import.  What a reader sees of it follows from its state alone.

    `PENDING`: being written, nothing of it is seen.  `PUBLISHED`: seen, what it replaced is being put away.  `DONE`: that too.
    `WITHDRAWN`: cancelled or undone, nothing of it is seen, and it is being taken out.  `UNDONE`: taken out.
    """

    PENDING = "pending"
    PUBLISHED = "published"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    UNDONE = "undone"


HIDDEN = (BatchState.PENDING, BatchState.WITHDRAWN)
"""States in which nothing of a batch is seen."""
ADDED_HEADERS = 3
"""A file of rejected rows has this many columns more than the file they came from."""


def digest(values: Mapping[str, str]) -> int:
    """Return a number that stands for what a row says; never 0.  It fits a database's whole number."""
    said = "\x1e".join([part for pair in values.items() for part in pair])
    return (
        int.from_bytes(
            hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True
        )
        or 1
    )


def fingerprint(headers: Sequence[str]) -> str:
    """Return what stands for the columns of a file, whatever their case and the space around them."""
    folded = "\x1f".join(" ".join(header.split()).casefold() for header in headers)
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def is_same_name(one: str, other: str) -> bool:
    """Return whether two names can be one person's: all words of the shorter are in the longer.  No name contradicts nothing."""
    first, second = set(words(one)), set(words(other))
    return first <= second or second <= first


def shares_a_word(one: str, other: str) -> bool:
    """Return whether two names have a word in common, or one of them has none."""
    first, second = set(words(one)), set(words(other))
    return not first or not second or bool(first & second)


def contradicts(numbers: Iterable[str], others: Iterable[str]) -> bool:
    """Return whether two sets of identity numbers belong to different people: both say something, and nothing is the same."""
    first, second = set(numbers), set(others)
    return bool(first and second and not first & second)
