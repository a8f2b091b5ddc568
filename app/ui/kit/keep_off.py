"""Buttons and actions that stay off, with the reason, whatever the rest of the window thinks of them."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.ui.kit.labels import set_tooltip, tooltip_markup


class _Keeper(QObject):
    """Turns a widget off again when somebody turns it on."""

    def __init__(self, target: QWidget, why: str) -> None:
        super().__init__(target)
        self._target, self._why = target, why
        target.installEventFilter(self)
        self._turn_off()

    def _turn_off(self) -> None:
        self._target.setEnabled(False)
        set_tooltip(self._target, self._why)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """See to it that it stays off."""
        if event.type() == QEvent.Type.EnabledChange and self._target.isEnabled():
            self._turn_off()
        elif event.type() == QEvent.Type.ToolTipChange and self._target.toolTip() != tooltip_markup(self._why):
            set_tooltip(self._target, self._why)
        return False


def keep_off(target: QWidget | QAction, why: str) -> None:
    """Turn a button or an action off for good, with the reason as its tooltip."""
    if isinstance(target, QWidget):
        _Keeper(target, why)
        return
    target.setEnabled(False)
    set_tooltip(target, why)
    target.enabledChanged.connect(lambda is_on: target.setEnabled(False) if is_on else None)
