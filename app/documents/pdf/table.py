"""Tables that run over pages: the header repeats, and a row too tall for its page goes on at the next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.documents.pdf.fonts import MISSING, metrics
from app.documents.pdf.page import Box, Element, Text
from app.documents.pdf.style import BLUE, CELL, CELL_HEAD, HAIRLINE, TINT, Style
from app.documents.pdf.wrap import Line, wrap
from app.documents.plain import plain

if TYPE_CHECKING:
    from app.documents.pdf.flow import Flow

_PAD_X, _PAD_Y = 4.0, 3.0
_SPLIT_OVER = 0.3  # a row that takes more of the page than this begins where it stands instead of leaving a hole
_ROOM_TO_BEGIN = 50.0


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, its width in points, and whether its cells name their rows."""

    title: str
    width: float
    is_row_header: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: paragraphs with their styles, and a tint behind them."""

    parts: tuple[tuple[str, Style], ...]
    fill: str = ""

    @classmethod
    def of(cls, text: str, style: Style = CELL, fill: str = "") -> "Cell":
        """Return a cell of one paragraph."""
        return cls(((text, style),), fill)


@dataclass(slots=True)
class _LaidCell:
    """The lines of a cell that are not placed yet."""

    lines: list[tuple[Style, Line]]
    fill: str = ""
    element: Element | None = None  # none: an artifact
    next: int = 0

    def height(self) -> float:
        return sum([style.leading for style, _line in self.lines[self.next :]])

    def take(self, room: float) -> list[tuple[Style, Line]]:
        """Return the next lines that have room; they are no longer waiting."""
        first = self.next
        for style, _line in self.lines[first:]:
            room -= style.leading
            if room < -0.01:
                break
            self.next += 1
        return self.lines[first : self.next]


@dataclass(slots=True)
class _Table:
    flow: "Flow"
    columns: Sequence[Column]
    element: Element | None = None
    wrapped: dict[tuple[str, Style, float], list[tuple[Style, Line]]] = field(default_factory=dict)

    def row(self, row: Sequence[Cell]) -> None:
        """Place one row, over as many pages as it takes."""
        flow = self.flow
        cells = [
            _LaidCell([item for text, style in cell.parts for item in self._lines(text, style, column)], cell.fill)
            for cell, column in zip(row, self.columns, strict=True)
        ]
        height = _height(cells)
        if self.element is None:
            flow.need(_height(self._header()) + min(height, flow.full_room * _SPLIT_OVER))
            self.element = flow.root.add("Table")
            self._draw_header(self.element.add("TR") if self._has_header() else None)
        _tag_row(cells, self.columns, self.element.add("TR"))
        while (height := _height(cells)) > flow.room:
            if height > flow.full_room * _SPLIT_OVER and flow.room > _ROOM_TO_BEGIN:
                self._draw(cells, flow.room)
            flow.new_page()
            self._draw_header(None)
        self._draw(cells, height)

    def _lines(self, text: str, style: Style, column: Column) -> list[tuple[Style, Line]]:
        """Return a paragraph as lines.  Most cells of a table say what others said before, so each text is broken once."""
        key = (text, style, column.width)
        if key not in self.wrapped:
            width = column.width - self._inset() - _PAD_X
            lines = wrap(plain(text, MISSING), metrics(style.face), style.size, width)
            lines[-1] = Line(lines[-1].text, "\n")
            self.wrapped[key] = [(style, line) for line in lines]
        return self.wrapped[key]

    def _has_header(self) -> bool:
        return any(column.title for column in self.columns)

    def _inset(self) -> float:
        """Return how far from the left of its column a text begins: under a tinted header not at its edge, else flush with the headings."""
        return _PAD_X if self._has_header() else 0.0

    def _header(self) -> list[_LaidCell]:
        if not self._has_header():
            return []
        return [_LaidCell(self._lines(column.title, CELL_HEAD, column)) for column in self.columns]

    def _draw_header(self, parent: Element | None) -> None:
        """Draw the header: tagged the first time, an artifact on later pages."""
        if not (cells := self._header()):
            return
        if parent:
            for cell in cells:
                cell.element = parent.add("TH", scope="Column")
        flow, height = self.flow, _height(cells)
        flow.put(Box(flow.sheet.left, flow.y - height, self._width(), height, TINT))
        self._draw(cells, height)
        flow.put(Box(flow.sheet.left, flow.y, self._width(), 0.9, BLUE))

    def _draw(self, cells: Sequence[_LaidCell], height: float) -> None:
        flow, x, inset = self.flow, self.flow.sheet.left, self._inset()
        for cell, column in zip(cells, self.columns, strict=True):
            if cell.fill:
                flow.put(Box(x, flow.y - height, column.width, height, cell.fill))
            y = flow.y - _PAD_Y
            lines, element = cell.take(height - 2 * _PAD_Y), cell.element
            if not lines and column.is_row_header:
                lines, element = cell.lines[:1], None  # the row goes on from the page before: say which one it is
            for style, line in lines:
                flow.put(Text(element, x + inset, y - (style.leading + style.size * 0.66) / 2, style, line))
                y -= style.leading
            x += column.width
        flow.y -= height
        flow.put(Box(flow.sheet.left, flow.y, self._width(), 0.5, HAIRLINE))

    def _width(self) -> float:
        return sum(column.width for column in self.columns)


def flow_table(flow: "Flow", columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
    """Place a table in the flow."""
    table = _Table(flow, columns)
    for row in rows:
        table.row(row)


def _tag_row(cells: Sequence[_LaidCell], columns: Sequence[Column], parent: Element) -> None:
    """Give every cell of a row its place in the structure."""
    for cell, column in zip(cells, columns, strict=True):
        cell.element = parent.add("TH", scope="Row") if column.is_row_header else parent.add("TD")


def _height(cells: Sequence[_LaidCell]) -> float:
    return max((cell.height() for cell in cells), default=-2 * _PAD_Y) + 2 * _PAD_Y
