"""What every table is, whatever kind of file it came from: headings and rows of texts.  Runs in the child."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Records = Iterator[tuple[int, list[str]]]
Numbers = Iterator[tuple[int, str]]


def no_numbers() -> Numbers:
    """Return the cells that are numbers, where the kind of file knows only texts."""
    return iter(())


@dataclass
class Source:
    """An open table: what kind it is, and its rows as line number and cell texts.

    Attributes:
        records: Starts reading from the beginning; the headings are among the rows.
        total: About how many lines there are.
        numbers: Column and text of cells that are numbers and not texts, among the first rows.
        has_own_headings: The first record is the headings, however few they are.
    """

    kind: str
    records: Callable[[], Records]
    total: int
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    encoding: str = ""
    separator: str = ""
    warnings: list[str] = field(default_factory=list)
    numbers: Callable[[], Numbers] = no_numbers
    has_own_headings: bool = False
