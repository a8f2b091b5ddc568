"""A table model over a list of ids.  The query has filtered and sorted; rows are fetched in blocks when they are drawn."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont

from app.ui.kit.badges import BADGE_ROLE, Badge
from app.ui.kit.icons import icon
from app.ui.kit.labels import tooltip_markup
from app.ui.kit.theme import Tone

BLOCK = 200
KEPT_BLOCKS = 64
Index = QModelIndex | QPersistentModelIndex
Align = Qt.AlignmentFlag
Role = Qt.ItemDataRole
FetchRows = Callable[[Sequence[int]], Mapping[int, Any]]
_ROOT = QModelIndex()


@dataclass(frozen=True)
class Column:
    """One column as data.

    Attributes:
        title: The heading.
        text: What the cell says about a row.
        key: What the database sorts by; empty when the column cannot be sorted.
        tooltip: More than fits in the cell.
        badge: Draws the text as a pill; None for plain text.
        icon: A Lucide name drawn before the text.
        align: How the text is placed.
        width: How many characters should fit; 0 for as wide as Qt makes it.
        is_strong: Semibold, for the column that names the row.
    """

    title: str
    text: Callable[[Any], str]
    key: str = ""
    tooltip: Callable[[Any], str] | None = None
    badge: Callable[[Any], Badge | Tone | None] | None = None
    icon: Callable[[Any], str] | None = None
    align: Qt.AlignmentFlag = Align.AlignLeft
    width: int = 0
    is_strong: bool = False


class QueryTableModel(QAbstractTableModel):
    """Shows rows of a query by id.

    Args:
        columns: What to show.
        fetch_rows: Returns the rows of some ids; ids that are gone are left out.

    Signals:
        failed: The rows could not be fetched; their cells stay empty.
    """

    failed = Signal(object)

    def __init__(self, columns: Sequence[Column], fetch_rows: FetchRows, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._fetch_rows = fetch_rows
        self._ids: list[int] = []
        self._places: dict[int, int] | None = None
        self._blocks: OrderedDict[int, Mapping[int, Any]] = OrderedDict()

    def set_ids(self, ids: Sequence[int]) -> None:
        """Show these rows, in this order."""
        self.beginResetModel()
        self._ids, self._places = list(ids), None
        self._blocks.clear()
        self.endResetModel()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns, or the same in another language."""
        self.beginResetModel()
        self.columns = tuple(columns)
        self.endResetModel()

    def refresh(self) -> None:
        """Fetch the rows again without moving anything."""
        self._blocks.clear()
        if self._ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, len(self.columns) - 1))

    def id_at(self, number: int) -> int | None:
        """Return the id of a row, or None outside the table."""
        return self._ids[number] if 0 <= number < len(self._ids) else None

    def place_of(self, row_id: int) -> int | None:
        """Return where an id is, or None when it is not shown."""
        if self._places is None:
            self._places = {found: place for place, found in enumerate(self._ids)}
        return self._places.get(row_id)

    def row_at(self, number: int) -> Any:
        """Return a row, or None when it is gone."""
        first = number - number % BLOCK
        block = self._blocks.get(first)
        if block is None:
            block = self._block(first)
        self._blocks.move_to_end(first)
        return block.get(self._ids[number])

    def _block(self, first: int) -> Mapping[int, Any]:
        block: Mapping[int, Any] = {}
        self._blocks[first] = block
        try:
            block = self._fetch_rows(self._ids[first : first + BLOCK])
        except Exception as error:
            self.failed.emit(error)
        self._blocks[first] = block
        while len(self._blocks) > KEPT_BLOCKS:
            self._blocks.popitem(last=False)
        return block

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Return what a heading shows."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Role.DisplayRole:
            return self.columns[section].title
        if role == Role.TextAlignmentRole:
            return self.columns[section].align | Align.AlignVCenter
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return what a cell shows or says."""
        answer = _ANSWERS.get(role)
        if answer is None or not index.isValid():
            return None
        row = self.row_at(index.row())
        if row is None:
            return "" if role == Role.DisplayRole else None
        return answer(self, self.columns[index.column()], row)

    def text_at(self, number: int, column: int) -> str:
        """Return the text of a cell."""
        row = self.row_at(number)
        return "" if row is None else self.columns[column].text(row)

    def summary(self, row: Any) -> str:
        """Return the row in words, for a screen reader."""
        parts = ((column.title, column.text(row)) for column in self.columns)
        return ", ".join(f"{title} {text}" for title, text in parts if text)

    def _text(self, column: Column, row: Any) -> str:
        return column.text(row)

    def _tooltip(self, column: Column, row: Any) -> str | None:
        return tooltip_markup(column.tooltip(row)) if column.tooltip else None

    def _spoken(self, column: Column, row: Any) -> str:
        return self.summary(row) if column is self.columns[0] else f"{column.title} {column.text(row)}"

    def _described(self, column: Column, row: Any) -> str | None:
        return column.tooltip(row) if column.tooltip else None

    def _badge(self, column: Column, row: Any) -> Badge | None:
        found = column.badge(row) if column.badge else None
        return Badge(found) if isinstance(found, Tone) else found

    def _icon(self, column: Column, row: Any) -> Any:
        name = column.icon(row) if column.icon else ""
        return icon(name, "muted") if name else None

    def _font(self, column: Column, _row: Any) -> QFont | None:
        if not column.is_strong:
            return None
        return _strong_font()

    def _align(self, column: Column, _row: Any) -> Qt.AlignmentFlag:
        return column.align | Align.AlignVCenter


@cache
def _strong_font() -> QFont:
    font = QFont()
    font.setWeight(QFont.Weight.DemiBold)
    return font


_ANSWERS: dict[int, Callable[[QueryTableModel, Column, Any], Any]] = {
    Role.DisplayRole: QueryTableModel._text,
    Role.ToolTipRole: QueryTableModel._tooltip,
    Role.AccessibleTextRole: QueryTableModel._spoken,
    Role.AccessibleDescriptionRole: QueryTableModel._described,
    Role.DecorationRole: QueryTableModel._icon,
    Role.FontRole: QueryTableModel._font,
    Role.TextAlignmentRole: QueryTableModel._align,
    BADGE_ROLE: QueryTableModel._badge,
}
