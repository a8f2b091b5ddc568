"""A row of chips that filters a list: exactly one is on.  When room is short it becomes a combo box."""

from collections.abc import Sequence
from functools import cached_property
from typing import cast

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.ui.kit.flow import flow_widget
from app.ui.kit.labels import set_style

Chip = tuple[str, str, int | None]


class _Chip(QPushButton):
    """One chip.

    Signals:
        step_wanted: An arrow key: one forwards or one back.
    """

    step_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setAutoDefault(False)
        set_style(self, "role", "chip")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell the row about the arrow keys."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
        if step:
            self.step_wanted.emit(step)
        else:
            super().keyPressEvent(event)


class ChipRow(QWidget):
    """Filters with counts, such as "Öppna 7".

    Args:
        name: What a screen reader calls the row.
        chips: Key, text, and count or None.
        combo_below: The width in pixels under which a combo box is shown instead; 0 for never.

    Signals:
        chosen: The key, when the user chose another one.
    """

    chosen = Signal(str)

    def __init__(self, name: str, chips: Sequence[Chip], *, combo_below: int = 0) -> None:
        super().__init__()
        self._combo_below = combo_below
        self.buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._holder, self._flow = flow_widget()
        self._texts: dict[str, tuple[str, int | None]] = {}
        self.setAccessibleName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._holder)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_chips(chips)
        self._group.buttonClicked.connect(self._choose_button)

    @cached_property
    def combo(self) -> QComboBox:
        """The same choices in little room; made when there first is little room."""
        made = QComboBox(self)
        made.hide()
        made.setAccessibleName(self.accessibleName())
        cast("QVBoxLayout", self.layout()).addWidget(made)
        made.activated.connect(self._choose_item)
        for chip in list(self.buttons.values())[-1:]:
            QWidget.setTabOrder(chip, made)
        self._fill_combo(made)
        return made

    def _fill_combo(self, combo: QComboBox) -> None:
        combo.clear()
        for key, (text, count) in self._texts.items():
            combo.addItem(text if count is None else f"{text} ({count})", key)
        combo.setCurrentIndex(combo.findData(self.value()))

    def _tell_combo(self) -> None:
        if "combo" in self.__dict__:
            self._fill_combo(self.combo)

    def set_chips(self, chips: Sequence[Chip]) -> None:
        """Show these chips; the chosen key stays if it is still there, else the first one is on."""
        before = self.value()
        for old in self.buttons.values():
            self._group.removeButton(old)
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.buttons, self._texts = {}, {}
        for key, text, count in chips:
            chip = _Chip()
            chip.step_wanted.connect(self._step)
            self._group.addButton(chip)
            self._flow.addWidget(chip)
            self.buttons[key] = chip
            self._label(key, text, count)
        self.set_value(before if before in self.buttons else next(iter(self.buttons), ""))
        self._tell_combo()

    def set_counts(self, chips: Sequence[Chip]) -> None:
        """Write new counts on the chips that are there; makes new ones only when the keys differ."""
        if [key for key, _text, _count in chips] != list(self.buttons):
            self.set_chips(chips)
            return
        for key, text, count in chips:
            self._label(key, text, count)
        self._tell_combo()

    def value(self) -> str:
        """Return the key that is on."""
        return next((key for key, chip in self.buttons.items() if chip.isChecked()), "")

    def set_value(self, key: str) -> None:
        """Turn a chip on without telling anyone."""
        chip = self.buttons.get(key)
        if chip is not None:
            chip.setChecked(True)
            self._tell_combo()

    def minimumSizeHint(self) -> QSize:
        """Return the least size it can do with."""
        return QSize(120, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the contents to the new size."""
        super().resizeEvent(event)
        is_narrow = self.width() < self._combo_below
        if is_narrow or "combo" in self.__dict__:
            self.combo.setVisible(is_narrow)
        self._holder.setVisible(not is_narrow)

    def _label(self, key: str, text: str, count: int | None) -> None:
        if self._texts.get(key) == (text, count):
            return
        self._texts[key] = text, count
        shown = text if count is None else f"{text} {count}"
        self.buttons[key].setText(shown.replace("&", "&&"))
        self.buttons[key].setAccessibleName(shown)

    @Slot(object)
    def _choose_button(self, chip: QPushButton) -> None:
        key = next(key for key, other in self.buttons.items() if other is chip)
        self._tell_combo()
        self.chosen.emit(key)

    @Slot(int)
    def _step(self, step: int) -> None:
        """Move between chips with the arrow keys."""
        chips = list(self.buttons.values())
        target = chips[(chips.index(cast("_Chip", self.sender())) + step) % len(chips)]
        target.setFocus(Qt.FocusReason.TabFocusReason)
        target.click()

    @Slot(int)
    def _choose_item(self, place: int) -> None:
        key = str(self.combo.itemData(place))
        self.buttons[key].setChecked(True)
        self.chosen.emit(key)
