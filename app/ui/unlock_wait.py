"""The wait after wrong tries, counted down in the unlock window."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot


class Countdown(QTimer):
    """Counts seconds down to nothing.

    Signals:
        told: How many seconds are left.
    """

    told = Signal(int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent, interval=1000)
        self.left = 0
        self.timeout.connect(self._tick)

    def begin(self, seconds: int) -> None:
        """Count so many seconds down; none ends a count that goes on."""
        self.left = seconds
        if seconds:
            self.start()
        else:
            self.stop()
        self.told.emit(seconds)

    @Slot()
    def _tick(self) -> None:
        self.begin(self.left - 1)
