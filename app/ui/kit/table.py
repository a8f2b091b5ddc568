"""The one table of the program: a configured `QTableView` that keeps its place, copies, sorts through the database and speaks."""

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction, QContextMenuEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView

from app.i18n import _
from app.ui.kit import clipboard, messages
from app.ui.kit.badges import CELL_PAD, Badge, BadgeDelegate
from app.ui.kit.clipboard import copy_rows
from app.ui.kit.empty import EmptyState
from app.ui.kit.icons import icon
from app.ui.kit.labels import set_shown
from app.ui.kit.table_model import Column, FetchRows, Index, QueryTableModel
from app.ui.kit.theme import theme

__all__ = ["Badge", "Column", "QueryTable", "QueryTableModel"]
ROW_HEIGHT = 34
_OPENING_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class QueryTable(QTableView):
    """Rows of a query.

    Args:
        columns: What to show.
        fetch_rows: Returns the rows of some ids.
        name: What a screen reader calls the table.
        empty: What an empty table says; give a whole `EmptyState` to `set_empty` for more.

    Signals:
        sort_requested: The column's key, and whether ascending.  The database sorts.
        opened: An id, by Enter or a double click.
        current_changed: The id of the current row, or None.
        selection_count_changed: How many rows are selected.
        copied: Something was put on the clipboard.
    """

    sort_requested = Signal(str, bool)
    opened = Signal(int)
    current_changed = Signal(object)
    selection_count_changed = Signal(int)
    copied = Signal()

    def __init__(self, columns: Sequence[Column], fetch_rows: FetchRows, *, name: str, empty: str = "") -> None:
        super().__init__()
        self.rows = self._make_model(columns, fetch_rows)
        self._told: int | None = None
        self._empty: EmptyState | None = None
        self._sort = ("", True)
        self.setModel(self.rows)
        self.setItemDelegate(BadgeDelegate(self))
        self.setAccessibleName(name)
        self._build()
        self._build_headers()
        self._connect()
        if empty:
            self.set_empty(EmptyState("inbox", empty))

    def _make_model(self, columns: Sequence[Column], fetch_rows: FetchRows) -> QueryTableModel:
        return QueryTableModel(columns, fetch_rows, self)

    def _build(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.copy_action = QAction(icon("copy"), _("Kopiera raderna"), self)
        self.copy_cell_action = QAction(_("Kopiera cellen"), self)
        self.copy_action.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        self.copy_cell_action.setShortcut(QKeySequence("Ctrl+Shift+C"))
        for action in (self.copy_action, self.copy_cell_action):
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            self.addAction(action)

    def _build_headers(self) -> None:
        side, head = self.verticalHeader(), self.horizontalHeader()
        side.hide()
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setMinimumSectionSize(24)
        head.setSectionsClickable(True)
        head.setSortIndicatorShown(False)
        head.setHighlightSections(False)
        head.setStretchLastSection(True)
        head.setSectionsMovable(True)
        head.setAccessibleName(_("Rubriker"))
        self._fit()

    def _connect(self) -> None:
        self.copy_action.triggered.connect(self.copy)
        self.copy_cell_action.triggered.connect(self.copy_cell)
        self.doubleClicked.connect(self._open)
        self.horizontalHeader().sectionClicked.connect(self._sort_by)
        self.rows.failed.connect(self._show_failure, Qt.ConnectionType.QueuedConnection)
        self.rows.modelReset.connect(self._show_empty_or_rows)
        theme().changed.connect(self._fit)

    def set_ids(self, ids: Sequence[int]) -> None:
        """Show these rows; what was selected stays selected where it still exists."""
        current, selected, scrolled = self.selected_id(), self.selected_ids(), self.verticalScrollBar().value()
        self.rows.set_ids(ids)
        self._select(selected, current)
        self.updateGeometries()
        self.verticalScrollBar().setValue(scrolled)
        self._tell()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns; the rows stay."""
        self.rows.set_columns(columns)
        self.set_sort("", True)
        self._fit()

    def reload(self) -> None:
        """Fetch the same rows again."""
        self.rows.refresh()

    def selected_id(self) -> int | None:
        """Return the id of the current row, or None."""
        return self.rows.id_at(self.currentIndex().row())

    def selected_ids(self) -> list[int]:
        """Return the selected ids in the order shown."""
        if not self.selectionModel().hasSelection():
            return []
        numbers = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [found for number in numbers if (found := self.rows.id_at(number)) is not None]

    def select_id(self, row_id: int | None) -> bool:
        """Make one row current and say whether it is in the table; None takes the selection away."""
        place = None if row_id is None else self.rows.place_of(row_id)
        if place is None:
            self.clearSelection()
            self.setCurrentIndex(self.rows.index(-1, -1))
            return False
        self.selectRow(place)
        self.scrollTo(self.rows.index(place, 0))
        return True

    def set_sort(self, key: str, is_ascending: bool) -> None:
        """Show which column the query is sorted by, without asking for it."""
        self._sort = (key, is_ascending)
        head = self.horizontalHeader()
        number = next((place for place, column in enumerate(self.rows.columns) if key and column.key == key), -1)
        order = Qt.SortOrder.AscendingOrder if is_ascending else Qt.SortOrder.DescendingOrder
        head.setSortIndicator(number, order)
        head.setSortIndicatorShown(number >= 0)

    def set_empty(self, state: EmptyState) -> None:
        """Say this when there are no rows."""
        if self._empty is not None:
            self._empty.hide()
            self._empty.deleteLater()
        self._empty = state
        state.setParent(self.viewport())
        self._show_empty_or_rows()

    @property
    def empty(self) -> EmptyState:
        """What the table says when there are no rows."""
        if self._empty is None:
            self.set_empty(EmptyState("inbox", ""))
        return cast("EmptyState", self._empty)

    @Slot()
    def copy(self) -> None:
        """Put the selected rows on the clipboard with their headings."""
        shown = [number for number in self._in_order() if not self.isColumnHidden(number)]
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        if not places:
            return
        copy_rows(
            [
                [self.rows.columns[number].title for number in shown],
                *([self.rows.text_at(place, number) for number in shown] for place in places),
            ]
        )
        self.copied.emit()

    @Slot()
    def copy_cell(self) -> None:
        """Put the current cell's text on the clipboard."""
        index = self.currentIndex()
        if index.isValid():
            clipboard.copy_text(self.rows.text_at(index.row(), index.column()))
            self.copied.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer the keys."""
        if event.key() in _OPENING_KEYS and self.currentIndex().isValid():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu at the mouse or at the current row."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        actions = self.actions()
        own = [self.copy_action, self.copy_cell_action]
        menu.addActions([action for action in actions if action not in own])
        menu.addSeparator()
        menu.addActions(own)
        menu.popup(self._menu_place(event))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the contents to the new size."""
        super().resizeEvent(event)
        self._place_empty()

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell that another row is current."""
        super().currentChanged(current, previous)
        self._tell()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Tell how many rows are selected."""
        super().selectionChanged(selected, deselected)
        self.selection_count_changed.emit(len(self.selected_ids()))

    def _menu_place(self, event: QContextMenuEvent) -> QPoint:
        if event.reason() != QContextMenuEvent.Reason.Keyboard or not self.currentIndex().isValid():
            return event.globalPos()
        return self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())

    def _tell(self) -> None:
        current = self.selected_id()
        if current != self._told:
            self._told = current
            self.current_changed.emit(current)

    def _select(self, selected: Sequence[int], current: int | None) -> None:
        model = self.selectionModel()
        picked = QItemSelection()
        last = len(self.rows.columns) - 1
        for row_id in selected:
            if (place := self.rows.place_of(row_id)) is not None:
                picked.select(self.rows.index(place, 0), self.rows.index(place, last))
        if current is not None and (place := self.rows.place_of(current)) is not None:
            model.setCurrentIndex(self.rows.index(place, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
        if not picked.isEmpty():
            model.select(picked, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _in_order(self) -> list[int]:
        head = self.horizontalHeader()
        return [head.logicalIndex(place) for place in range(head.count())]

    @Slot(object)
    def _open(self, index: Index) -> None:
        row_id = self.rows.id_at(index.row())
        if row_id is not None:
            self.opened.emit(row_id)

    @Slot(int)
    def _sort_by(self, number: int) -> None:
        key = self.rows.columns[number].key
        if not key:
            self.set_sort(*self._sort)
            return
        self.set_sort(key, self._sort != (key, True))
        self.sort_requested.emit(*self._sort)

    @Slot(object)
    def _show_failure(self, error: Exception) -> None:
        messages.show_error(self.window(), error)

    @Slot()
    def _show_empty_or_rows(self) -> None:
        if self._empty is not None:
            set_shown(self._empty, self.rows.rowCount() == 0)
        self._place_empty()

    def _place_empty(self) -> None:
        if self._empty is not None:
            self._empty.setGeometry(self.viewport().rect())

    @Slot()
    def _fit(self) -> None:
        """Size rows and columns for the text size in force."""
        self.verticalHeader().setDefaultSectionSize(max(24, round(ROW_HEIGHT * theme().zoom / 100)))
        digit = self.fontMetrics().horizontalAdvance("0")
        for number, column in enumerate(self.rows.columns):
            if column.width:
                room = digit * column.width * (1.15 if column.is_strong or column.badge else 1)
                room += 2 * CELL_PAD + 12 + (30 if column.badge else 22 if column.icon else 0)
                self.setColumnWidth(number, round(room))
