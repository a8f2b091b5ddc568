"""Lets headings, paragraphs, lists and tables flow down the pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.documents.pdf import table
from app.documents.pdf.fonts import MISSING, metrics
from app.documents.pdf.page import Bookmark, Box, Element, Item, Page, Squares, Text
from app.documents.pdf.style import (
    A4,
    BLUE,
    BODY,
    FACT,
    FACT_LABEL,
    HEADING,
    MM,
    STRONG,
    SUBHEADING,
    TINT,
    TITLE,
    Style,
)
from app.documents.pdf.table import Cell, Column
from app.documents.pdf.wrap import Line, fitted, wrap
from app.documents.plain import plain

_BULLET_INDENT = 12.0
_NOTE_PAD = 9.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """Page size and margins in points.  `first_top` is the top margin of the first page when it differs."""

    size: tuple[float, float] = A4
    left: float = 20 * MM
    right: float = 20 * MM
    top: float = 20 * MM
    bottom: float = 20 * MM
    first_top: float | None = None

    @property
    def width(self) -> float:
        """Width between the margins."""
        return self.size[0] - self.left - self.right

    @property
    def height(self) -> float:
        """Height between the margins."""
        return self.size[1] - self.top - self.bottom


PORTRAIT = Sheet()
LANDSCAPE = Sheet(size=(A4[1], A4[0]), left=15 * MM, right=15 * MM, top=17 * MM, bottom=19 * MM)


class Flow:
    """A document while it is laid out: pages, structure, and how far down we are."""

    def __init__(self, sheet: Sheet = PORTRAIT, *, measure: float = 150 * MM, title: Style = TITLE) -> None:
        """Begin a document.

        Args:
            sheet: The first pages' size.
            measure: The widest a line of running text may be; tables use the whole width.
            title: How the first heading looks.
        """
        self.root = Element("Document")
        self.pages: list[Page] = []
        self.sheet = sheet
        self._measure = measure
        self._heading_styles = {1: title, 2: HEADING, 3: SUBHEADING}
        self._headings: list[tuple[str, int]] = []
        self._list: Element | None = None
        self._gap = 0.0
        self.new_page()
        if sheet.first_top is not None:
            self.y = self._page_top = sheet.size[1] - sheet.first_top

    @property
    def room(self) -> float:
        """How much height is left on this page."""
        return self.y - self.sheet.bottom

    @property
    def full_room(self) -> float:
        """The height of an empty page."""
        return self.sheet.height

    def turn(self, sheet: Sheet) -> None:
        """Go on with another page size, on a new page; a heading that waits comes along."""
        self.sheet = sheet
        self.new_page()

    def new_page(self) -> None:
        """Go on at the top of a new page."""
        self.pages.append(Page(self.sheet.size))
        self.y = self._page_top = self.sheet.size[1] - self.sheet.top
        self._gap = 0.0

    def put(self, *items: Item) -> None:
        """Place items on the current page as they are."""
        self.pages[-1].items.extend(items)

    def heading(self, text: str, level: int) -> None:
        """Add a heading.  It waits for what follows, so that it never stands alone at the foot of a page."""
        self._end_list()
        self._headings.append((plain(text), level))

    def need(self, height: float) -> None:
        """Make sure that waiting headings and `height` more fit here, on a new page if they must."""
        wanted = height + self._gap + sum(self._heading_height(text, level) for text, level in self._headings)
        if wanted > self.room and not self._is_fresh():
            self.new_page()
        waiting, self._headings = self._headings, []
        for text, level in waiting:
            self._put_heading(text, level)
        self.y -= self._gap
        self._gap = 0.0

    def paragraph(self, text: str, style: Style = BODY) -> None:
        """Add a paragraph; line breaks in it stay."""
        self._end_list()
        self._text(text, style, self.sheet.left)

    def bullet(self, text: str, style: Style = BODY) -> None:
        """Add a list item; items that follow each other are one list."""
        self.need(min(2, len(self._wrapped(text, style, _BULLET_INDENT))) * style.leading)
        self._list = self._list or self.root.add("L")
        item = self._list.add("LI")
        label, body = item.add("Lbl"), item.add("LBody")
        self.put(Text(label, self.sheet.left + 2, self._baseline(style), replace(style, color=BLUE), Line("•", " ")))
        self._text(text, replace(style, after=3), self.sheet.left + _BULLET_INDENT, body)

    def note(self, text: str, title: str = "") -> None:
        """Add a paragraph set off by a tint and a blue edge, with its title in the same block."""
        self._end_list()
        width = self.sheet.width - 2 * _NOTE_PAD - 3
        rows = [(STRONG, line) for line in self._lines(title, STRONG, width)] if title else []
        if rows:
            rows[-1] = (STRONG, rows[-1][1]._replace(end="\n"))
        rows += [(BODY, line) for line in self._lines(text, BODY, width)]
        self.need(min(len(rows), 3) * BODY.leading + 2 * _NOTE_PAD)
        element = self.root.add("P")
        self._note_edge(_NOTE_PAD - 2)
        for style, line in rows:
            self.need(style.leading + _NOTE_PAD)
            x, y = self.sheet.left + 3 + _NOTE_PAD, self._baseline(style)
            self._note_edge(style.leading)
            self.put(Text(element, x, y, style, line))
        self._note_edge(_NOTE_PAD - 2)
        self._gap = 10.0

    def facts(self, pairs: Iterable[tuple[str, str]], label_width: float = 48 * MM) -> None:
        """Add a two-column table of labels and values."""
        columns = (Column("", label_width, is_row_header=True), Column("", self.sheet.width - label_width))
        rows = [(Cell.of(label, FACT_LABEL), Cell.of(value or "–", FACT)) for label, value in pairs]
        self.table(columns, rows)

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
        """Add a table.  Its header repeats on every page, and a row may run over several pages."""
        self._end_list()
        table.flow_table(self, columns, rows)
        self._gap = 8.0

    def squares(self, rects: Sequence[tuple[float, float, float, float]], *, size: float, alt: str) -> None:
        """Add a figure of black rectangles, given from its lower left corner, `size` points high and wide."""
        self.need(size)
        self.y -= size
        figure = self.root.add("Figure", alt=alt)
        figure.bbox = (self.sheet.left, self.y, self.sheet.left + size, self.y + size)
        moved = tuple((x + self.sheet.left, y + self.y, width, height) for x, y, width, height in rects)
        self.put(Squares(figure, moved, "#000000"))
        self._gap = 10.0

    def place(self, text: str, style: Style, at: tuple[float, float], *, width: float, most: int = 8) -> None:
        """Put lines at a fixed place outside the flow, for letterheads and addresses.

        Args:
            text: What stands there.
            style: How it looks.
            at: Where the first baseline begins.
            width: How wide a line may be.
            most: How many lines there is room for; what is too long ends with an ellipsis.
        """
        element = self.root.add("P")
        lines = self._lines(text, style, width)
        if len(lines) > most:
            rest = " ".join(line.text for line in lines[most - 1 :])
            lines = [*lines[: most - 1], Line(fitted(rest, metrics(style.face), style.size, width), "")]
        for number, line in enumerate(lines):
            self.put(Text(element, at[0], at[1] - number * style.leading, style, line))

    def skip(self, height: float) -> None:
        """Go down past what was placed by hand."""
        self.y -= height
        self._gap = 8.0

    @property
    def has_missing_signs(self) -> bool:
        """Tell whether some text so far has a character that the typeface lacks."""
        texts = (item for page in self.pages for item in page.items if isinstance(item, Text))
        return any(not metrics(item.style.face).known.issuperset(item.line.text) for item in texts)

    def finish(self) -> None:
        """Set a heading that still waits."""
        self.need(0)

    def _end_list(self) -> None:
        if self._list:
            self._gap = max(self._gap, 8.0)
        self._list = None

    def _text(self, text: str, style: Style, x: float, element: Element | None = None) -> None:
        lines = self._wrapped(text, style, x - self.sheet.left)
        self._gap = max(self._gap, style.before)
        for number, line in enumerate(lines):
            left = len(lines) - number
            self.need(style.leading * (2 if left in {2, len(lines)} and left > 1 else 1))
            element = element or self.root.add("P")
            self.put(Text(element, x, self._baseline(style), style, line))
            self.y -= style.leading
        self._gap = style.after

    def _put_heading(self, text: str, level: int) -> None:
        style = self._heading_styles[level]
        element = self.root.add(f"H{level}")
        if not self._is_fresh():
            self.y -= max(style.before, self._gap)
        self._gap = 0.0
        self.put(Bookmark(text, level - 1, self.y))
        for line in self._lines(text, style, self.sheet.width):
            if style.leading > self.room:
                self.new_page()
            self.put(Text(element, self.sheet.left, self._baseline(style), style, line))
            self.y -= style.leading
        self._gap = style.after

    def _heading_height(self, text: str, level: int) -> float:
        style = self._heading_styles[level]
        return style.before + style.after + len(self._lines(text, style, self.sheet.width)) * style.leading

    def _note_edge(self, height: float) -> None:
        width = self.sheet.width
        self.y -= height
        self.put(Box(self.sheet.left, self.y, width, height, TINT), Box(self.sheet.left, self.y, 3, height, BLUE))

    def _baseline(self, style: Style) -> float:
        return self.y - (style.leading + style.size * 0.66) / 2

    def _wrapped(self, text: str, style: Style, indent: float) -> list[Line]:
        return self._lines(text, style, self._running_width() - indent)

    def _running_width(self) -> float:
        return min(self._measure, self.sheet.width)

    def _is_fresh(self) -> bool:
        return self.y >= self._page_top

    @staticmethod
    def _lines(text: str, style: Style, width: float) -> list[Line]:
        return wrap(plain(text, MISSING), metrics(style.face), style.size, width)
