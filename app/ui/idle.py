"""Tells when nobody has touched keyboard or mouse for a while."""

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication

LOOK_MS = 5_000
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

    Signals:
        idle: The time is up.
        ticked: Whole minutes that are left, now and then.
    """

    idle = Signal()
    ticked = Signal(int)

    def __init__(self, limit_ms: int) -> None:
        super().__init__()
        self._limit = limit_ms
        self._quiet = QElapsedTimer()
        self._quiet.start()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self.set_limit(limit_ms)

    def set_limit(self, limit_ms: int) -> None:
        """Change how long nobody may touch anything."""
        self._limit = limit_ms
        self._timer.start(max(20, min(LOOK_MS, limit_ms // 4)))
        self._tell()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """See a sign of life."""
        if event.type() in _SIGNS_OF_LIFE:
            self._quiet.restart()
        return False

    @Slot()
    def _look(self) -> None:
        if self._limit and self._quiet.elapsed() >= self._limit:
            self._quiet.restart()
            self.idle.emit()
        else:
            self._tell()

    def _tell(self) -> None:
        for window in QGuiApplication.allWindows():  # those that have come since are watched from now on
            window.installEventFilter(self)
        left = max(0, self._limit - self._quiet.elapsed())
        self.ticked.emit(-(-left // 60_000))
