"""Caps Lock, told by what the keys give: Qt cannot ask the keyboard, but a large letter without Shift says enough."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget


class CapsLockWatch(QObject):
    """Watches the keys that go to an editor.

    Signals:
        changed: Whether Caps Lock seems to be on.
    """

    changed = Signal(bool)

    def __init__(self, editor: QWidget) -> None:
        super().__init__(editor)
        self.is_on = False
        editor.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Look at each key on its way."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._look(event)
        return False

    def _look(self, event: QKeyEvent) -> None:
        text = event.text()
        if event.key() == Qt.Key.Key_CapsLock and self.is_on:
            self._set(False)
        elif len(text) == 1 and text.lower() != text.upper():
            has_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._set(text.isupper() != has_shift)

    def _set(self, is_on: bool) -> None:
        if is_on != self.is_on:
            self.is_on = is_on
            self.changed.emit(is_on)
