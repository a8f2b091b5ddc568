"""A row of chips that filters a list: exactly one is on.  When room is short it becomes a combo box."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.ui.kit.flow import flow_widget
from app.ui.kit.labels import set_style

Chip = tuple[str, str, int | None]


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
        self.combo = QComboBox()
        self.combo.setAccessibleName(name)
        self.combo.hide()
        self.setAccessibleName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._holder)
        column.addWidget(self.combo)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_chips(chips)
        self._group.buttonClicked.connect(self._choose_button)
        self.combo.activated.connect(self._choose_item)

    def set_chips(self, chips: Sequence[Chip]) -> None:
        """Show these chips; the chosen key stays if it is still there, else the first one is on."""
        before = self.value()
        for old in self.buttons.values():
            self._group.removeButton(old)
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.buttons = {}
        self.combo.clear()
        for key, text, count in chips:
            chip = QPushButton()
            chip.setCheckable(True)
            chip.setAutoDefault(False)
            set_style(chip, "role", "chip")
            chip.installEventFilter(self)
            self._group.addButton(chip)
            self._flow.addWidget(chip)
            self.buttons[key] = chip
            self.combo.addItem("", key)
            self._label(key, text, count)
        self.set_value(before if before in self.buttons else next(iter(self.buttons), ""))

    def set_counts(self, chips: Sequence[Chip]) -> None:
        """Write new counts on the chips that are there; makes new ones only when the keys differ."""
        if [key for key, _text, _count in chips] != list(self.buttons):
            self.set_chips(chips)
            return
        for key, text, count in chips:
            self._label(key, text, count)

    def value(self) -> str:
        """Return the key that is on."""
        return next((key for key, chip in self.buttons.items() if chip.isChecked()), "")

    def set_value(self, key: str) -> None:
        """Turn a chip on without telling anyone."""
        chip = self.buttons.get(key)
        if chip is not None:
            chip.setChecked(True)
            self.combo.setCurrentIndex(self.combo.findData(key))

    def minimumSizeHint(self) -> QSize:
        """Return the least size it can do with."""
        return QSize(120, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the contents to the new size."""
        super().resizeEvent(event)
        is_narrow = self.width() < self._combo_below
        self.combo.setVisible(is_narrow)
        self._holder.setVisible(not is_narrow)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move between chips with the arrow keys."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
        chips = list(self.buttons.values())
        if not step or watched not in chips:
            return False
        target = chips[(chips.index(watched) + step) % len(chips)]
        target.setFocus(Qt.FocusReason.TabFocusReason)
        target.click()
        return True

    def _label(self, key: str, text: str, count: int | None) -> None:
        shown = text if count is None else f"{text} {count}"
        self.buttons[key].setText(shown.replace("&", "&&"))
        self.buttons[key].setAccessibleName(shown)
        self.combo.setItemText(self.combo.findData(key), text if count is None else f"{text} ({count})")

    @Slot(object)
    def _choose_button(self, chip: QPushButton) -> None:
        key = next(key for key, other in self.buttons.items() if other is chip)
        self.combo.setCurrentIndex(self.combo.findData(key))
        self.chosen.emit(key)

    @Slot(int)
    def _choose_item(self, place: int) -> None:
        key = str(self.combo.itemData(place))
        self.buttons[key].setChecked(True)
        self.chosen.emit(key)
