"""The list of shortcuts, gathered from the actions that are there, so that it cannot be wrong."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.i18n import _
from app.ui.kit.labels import PlainLabel


@dataclass(frozen=True)
class Shortcut:
    """A key and what it does."""

    keys: str
    text: str


def shortcuts(window: QWidget) -> tuple[Shortcut, ...]:
    """Return what the keys do in a window, in the order of its actions, each only once."""
    found: dict[Shortcut, None] = {}
    for action in window.findChildren(QAction):
        words = action.text().replace("&", "").removesuffix("…").strip()
        keys = " / ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts())
        if keys and words:
            found[Shortcut(keys, words)] = None
    return tuple(found)


class ShortcutList(QDialog):
    """Shows shortcuts in two columns; Esc closes it."""

    def __init__(self, parent: QWidget | None, rows: tuple[Shortcut, ...]) -> None:
        super().__init__(parent)
        self.rows = rows
        self.setWindowTitle(_("Kortkommandon"))
        inner, area, column = QWidget(), QScrollArea(), QVBoxLayout(self)
        grid = QGridLayout(inner)
        grid.setHorizontalSpacing(24)
        for number, row in enumerate(rows):
            keys = PlainLabel(row.keys, "strong")
            keys.setAccessibleName(f"{row.text}: {row.keys}")
            grid.addWidget(keys, number, 0)
            grid.addWidget(PlainLabel(row.text), number, 1)
        grid.setRowStretch(len(rows), 1)
        grid.setColumnStretch(1, 1)
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        close = QPushButton(_("Stäng"))
        close.clicked.connect(self.accept)
        column.addWidget(PlainLabel(_("Kortkommandon"), "h1"))
        column.addWidget(area)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.resize(460, 520)


class ShortcutAction(QAction):
    """Ctrl+/ for a window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(_("Visa kortkommandon"), window)
        self._window = window
        self.setShortcut(QKeySequence("Ctrl+/"))
        self.triggered.connect(self.show_list)
        window.addAction(self)

    @Slot()
    def show_list(self) -> ShortcutList:
        """Open the list and return it."""
        box = ShortcutList(self._window, shortcuts(self._window))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()
        return box
