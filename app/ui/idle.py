"""Tells when nobody has touched keyboard or mouse for a while, when the computer has slept, and when a form is to be locked away."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

LOOK_MS = 5_000
SLEPT_MS = 30_000
"""When a look comes so much later than it should, the computer has slept."""
_SIGNS_OF_LIFE = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
        QEvent.Type.Drop,
    }
)


class IdleWatch(QObject):
    """Watches the windows of the program as the system sees them.

    Not the whole application: a filter there is asked about every event of every widget, and makes a tab twice as slow to build.

    Args:
        limit_ms: How long nobody may touch anything; 0 for ever.
        now: Returns the time: the clock of the system goes on while the computer sleeps.

    Signals:
        idle: The time is up, or the computer has slept.
        asked: Ctrl+L was pressed in a form; the menu's own key does not reach a window that a form is in front of.
        ticked: Whole minutes that are left, now and then.
    """

    idle = Signal()
    asked = Signal()
    ticked = Signal(int)

    def __init__(self, limit_ms: int, now: "Callable[[], dt.datetime]") -> None:
        super().__init__()
        self._now, self._looked_at = now, now()
        self._limit = limit_ms
        self._is_touched = True
        self._shown = 0
        self._quiet = QElapsedTimer()
        self._quiet.start()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self.set_limit(limit_ms)

    def take_touched(self) -> bool:
        """Return whether somebody has touched anything, or a window has come or gone, since this was asked last."""
        self._watch()
        was, self._is_touched = self._is_touched, False
        return was

    def _watch(self) -> None:
        windows = QGuiApplication.allWindows()
        for window in windows:  # those that have come since are watched from now on
            window.installEventFilter(self)
        shown = sum(window.isVisible() for window in windows)
        self._is_touched = self._is_touched or shown != self._shown
        self._shown = shown

    def set_limit(self, limit_ms: int) -> None:
        """Change how long nobody may touch anything."""
        self._limit = limit_ms
        self._timer.start(max(20, min(LOOK_MS, limit_ms // 4)))
        self._tell()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """See a sign of life."""
        if event.type() in _SIGNS_OF_LIFE:
            self._quiet.restart()
            self._is_touched = True
        if isinstance(event, QKeyEvent) and _is_lock_key(event) and QGuiApplication.modalWindow() is not None:
            self.asked.emit()
        return False

    @Slot()
    def _look(self) -> None:
        before, self._looked_at = self._looked_at, self._now()
        has_slept = abs((self._looked_at - before).total_seconds() * 1000) > self._timer.interval() + SLEPT_MS
        if has_slept or (self._limit and self._quiet.elapsed() >= self._limit):
            self._quiet.restart()
            self.idle.emit()
        else:
            self._tell()

    def _tell(self) -> None:
        self._watch()
        left = max(0, self._limit - self._quiet.elapsed())
        self.ticked.emit(-(-left // 60_000))


def _is_lock_key(event: QKeyEvent) -> bool:
    return (
        event.type() == QEvent.Type.KeyPress
        and event.key() == Qt.Key.Key_L
        and event.modifiers() == Qt.KeyboardModifier.ControlModifier
    )
