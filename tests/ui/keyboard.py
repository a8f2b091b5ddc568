"""A keyboard for walks through the real window: keys go where the focus is, and each press is counted."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.typing import type_text

Kind = TypeVar("Kind", bound=QWidget)


class Keyboard:
    """Presses keys and waits for what they lead to.

    Args:
        qtbot: Runs the event loop.
        window: The window that gets the keys when no dialog is open: there is no window manager here to see to it.

    Attributes:
        presses: How many keys were pressed, chords counted as one; typed text is counted apart.
        typed: How many characters were typed.
    """

    def __init__(self, qtbot: QtBot, window: QWidget) -> None:
        self._qtbot, self._window = qtbot, window
        self.presses = 0
        self.typed = 0

    def press(self, *chords: str) -> None:
        """Press chords such as `Ctrl+I`, one after another."""
        for chord in chords:
            combination = QKeySequence.fromString(chord)[0]  # type: ignore[index]
            QTest.keyClick(self.focus(), combination.key(), combination.keyboardModifiers())
            self.presses += 1

    def write(self, text: str) -> None:
        """Type a text."""
        type_text(self.focus(), text)
        self.typed += len(text)

    def focus(self) -> QWidget:
        """Return what has the focus; there must always be something."""
        self.until(lambda: QApplication.focusWidget() is not None)
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds."""

        def holds_in_an_active_window() -> bool:
            if QApplication.activeWindow() is None:
                (QApplication.activeModalWidget() or self._window).activateWindow()
            return holds()

        self._qtbot.waitUntil(holds_in_an_active_window, timeout=20_000)

    def dialog(self, kind: type[Kind]) -> Kind:
        """Wait for an open dialog of a kind that has the focus, and return it."""

        def is_there() -> bool:
            found = QApplication.activeModalWidget()
            focus = QApplication.focusWidget()
            return isinstance(found, kind) and focus is not None and found.isAncestorOf(focus)

        self.until(is_there)
        found = QApplication.activeModalWidget()
        assert isinstance(found, kind)
        return found
