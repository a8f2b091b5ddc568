"""A person's values by category, each with a tick: ticked values are handed over, the others are hidden."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from app.domain import identity
from app.domain.fields import Category, FieldKind
from app.domain.fields import label as category_label
from app.i18n import _, ngettext
from app.reference.fields import by_code
from app.services.keeping import field_label
from app.ui.kit.foreign import one_line
from app.ui.kit.labels import set_cell_tooltip

ID = Qt.ItemDataRole.UserRole
VALUE_CHARS = 120
Checked = Qt.CheckState


class ValueTree(QTreeWidget):
    """Categories with their values.

    Signals:
        ticks_changed: Something is handed over that was not, or the other way round.
    """

    ticks_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._why: Mapping[int, str] = {}
        self.setColumnCount(2)
        self.setHeaderLabels([_("Vad som lämnas ut"), _("Värde")])
        self.setAccessibleName(_("Vad som lämnas ut"))
        self.setAllColumnsShowFocus(True)
        self.setUniformRowHeights(True)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.itemChanged.connect(self._tell)

    def set_values(self, values: Sequence[Any], masked: Collection[int], why: Mapping[int, str]) -> None:
        """Show these values; the masked ones begin unticked, and those that may concern others say why."""
        self.blockSignals(True)
        self._why = why
        self.clear()
        for category in Category:
            rows = [row for row in values if row.category == category.value]
            if rows:
                self._add(category_label(category), rows, masked)
        self.expandAll()
        first = self.topLevelItem(0)
        if first is not None:
            self.setCurrentItem(first)
        self.blockSignals(False)

    def unticked(self) -> frozenset[int]:
        """Return the ids of the values that are hidden."""
        return frozenset(
            item.data(0, ID) for item in self._leaves() if item.checkState(0) == Checked.Unchecked and item.data(0, ID)
        )

    def leaf(self, value_id: int) -> QTreeWidgetItem:
        """Return the line of a value."""
        return next(item for item in self._leaves() if item.data(0, ID) == value_id)

    def _leaves(self) -> list[QTreeWidgetItem]:
        tops = [self.topLevelItem(number) for number in range(self.topLevelItemCount())]
        found = [top.child(number) for top in tops if top is not None for number in range(top.childCount())]
        return [item for item in found if item is not None]

    def _add(self, title: str, rows: Sequence[Any], masked: Collection[int]) -> None:
        count = ngettext("{count} uppgift", "{count} uppgifter", len(rows)).format(count=len(rows))
        top = QTreeWidgetItem(self, [title, count])
        top.setFlags(top.flags() | Qt.ItemFlag.ItemIsAutoTristate | Qt.ItemFlag.ItemIsUserCheckable)
        for row in rows:
            self._add_value(top, row, is_masked=row.id in masked)

    def _add_value(self, top: QTreeWidgetItem, row: Any, *, is_masked: bool) -> None:
        known = by_code().get(row.field)
        is_withheld = known is not None and known.withheld
        value = _("lämnas aldrig ut") if is_withheld else _shown(row.value, known.kind if known else FieldKind.TEXT)
        may_concern = row.id in self._why
        shown = _("Kan röra andra: {value}").format(value=value) if may_concern else value
        item = QTreeWidgetItem(top, [field_label(row.field), shown])
        told = _("{why} Bocka i den om den får lämnas ut.").format(why=self._why[row.id]) if may_concern else value
        set_cell_tooltip(item, 1, told)
        if is_withheld:
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsUserCheckable)
            return
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setData(0, ID, row.id)
        item.setCheckState(0, Checked.Unchecked if is_masked else Checked.Checked)

    @Slot()
    def _tell(self) -> None:
        self.ticks_changed.emit()


def _shown(value: object, kind: FieldKind) -> str:
    return identity.masked(str(value)) if kind is FieldKind.PNR else one_line(str(value), VALUE_CHARS)
