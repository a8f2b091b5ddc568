"""What stands on a page before it is drawn: texts, boxes, squares and bookmarks, each bound to its place in the structure."""

from dataclasses import dataclass, field
from typing import NamedTuple

from app.documents.pdf.style import Style
from app.documents.pdf.wrap import Line


@dataclass(eq=False, slots=True)
class Element:
    """A node of the structure tree that screen readers walk.

    Attributes:
        tag: A standard structure type of PDF 1.7, such as `H1`, `P`, `TD`.
        kids: Child elements, and marked content as (page index, number on that page).
        scope: `Column` or `Row` for a TH.
        alt: What a figure shows, in words.
        bbox: Where a figure is.
    """

    tag: str
    kids: "list[Element | tuple[int, int]]" = field(default_factory=list)
    scope: str = ""
    alt: str = ""
    bbox: tuple[float, float, float, float] | None = None

    def add(self, tag: str, *, scope: str = "", alt: str = "") -> "Element":
        """Append a child and return it."""
        child = Element(tag, scope=scope, alt=alt)
        self.kids.append(child)
        return child


class Text(NamedTuple):
    """One line of text at its baseline.  Without an element it is an artifact: page furniture that is not read aloud."""

    element: Element | None
    x: float
    y: float
    style: Style
    line: Line


class Box(NamedTuple):
    """A filled rectangle behind or between texts; always an artifact.  Hairlines are thin boxes."""

    x: float
    y: float
    width: float
    height: float
    fill: str


class Squares(NamedTuple):
    """A figure made of filled rectangles (x, y, width, height), drawn as one path."""

    element: Element
    rects: tuple[tuple[float, float, float, float], ...]
    fill: str


class Bookmark(NamedTuple):
    """An entry of the outline that leads to `y` on this page."""

    title: str
    level: int
    y: float


Item = Text | Box | Squares | Bookmark


@dataclass(slots=True)
class Page:
    """One page: its size and what stands on it, in reading order."""

    size: tuple[float, float]
    items: list[Item] = field(default_factory=list)
