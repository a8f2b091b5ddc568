"""A table whose rows can be ticked; Space ticks the selected rows, and rows that belong together are ticked together."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

from app.ui.kit.table import QueryTable
from app.ui.kit.table_model import Column, FetchRows, Index, QueryTableModel

Role = Qt.ItemDataRole
Unit = Callable[[Any], Hashable]


class CheckTableModel(QueryTableModel):
    """Shows a box in the first column.

    Args:
        columns: What to show.
        fetch_rows: Returns the rows of some ids.
        unit: What a row belongs to: rows of the same unit are ticked together.

    Signals:
        ticked: Other units are ticked now.
    """

    ticked = Signal()

    def __init__(
        self, columns: Sequence[Column], fetch_rows: FetchRows, unit: Unit, parent: QObject | None = None
    ) -> None:
        super().__init__(columns, fetch_rows, parent)
        self._unit = unit
        self._units: set[Hashable] = set()

    def units(self) -> set[Hashable]:
        """Return what is ticked."""
        return set(self._units)

    def set_units(self, units: Iterable[Hashable]) -> None:
        """Tick exactly these."""
        wanted = set(units)
        if wanted == self._units:
            return
        self._units = wanted
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 0), [Role.CheckStateRole])
        self.ticked.emit()

    def is_ticked(self, number: int) -> bool:
        """Say whether a row is ticked."""
        row = self.row_at(number)
        return row is not None and self._unit(row) in self._units

    def tick(self, numbers: Iterable[int], *, is_on: bool) -> None:
        """Tick the units of some rows, or take the ticks away."""
        touched = {self._unit(row) for number in numbers if (row := self.row_at(number)) is not None}
        self.set_units(self._units | touched if is_on else self._units - touched)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that the first column can be ticked."""
        found = super().flags(index)
        return found | Qt.ItemFlag.ItemIsUserCheckable if index.isValid() and index.column() == 0 else found

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return what a cell shows or says."""
        if role == Role.CheckStateRole and index.isValid() and index.column() == 0:
            return Qt.CheckState.Checked if self.is_ticked(index.row()) else Qt.CheckState.Unchecked
        return super().data(index, role)

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        """Tick a row by a click on its box."""
        if role != Role.CheckStateRole or not index.isValid():
            return False
        self.tick([index.row()], is_on=Qt.CheckState(value) == Qt.CheckState.Checked)
        return True


class CheckTable(QueryTable):
    """A `QueryTable` with boxes; Space ticks all selected rows or, when they all are ticked, none of them."""

    rows: CheckTableModel

    def __init__(
        self, columns: Sequence[Column], fetch_rows: FetchRows, unit: Unit, *, name: str, empty: str = ""
    ) -> None:
        self._unit = unit
        super().__init__(columns, fetch_rows, name=name, empty=empty)

    def _make_model(self, columns: Sequence[Column], fetch_rows: FetchRows) -> CheckTableModel:
        return CheckTableModel(columns, fetch_rows, self._unit, self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer the keys."""
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            numbers = sorted({index.row() for index in self.selectionModel().selectedRows()})
            self.rows.tick(numbers, is_on=not all(self.rows.is_ticked(number) for number in numbers))
        else:
            super().keyPressEvent(event)
