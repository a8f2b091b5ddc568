"""Frees what nobody holds any more, in the main thread only.

Python collects garbage in whichever thread happens to make an object too many.  A widget that is freed in a worker's thread ends
the program, so while a window may be on the screen Python's own collecting is off and a timer in the main thread does it instead.

A window that still lives in Qt must not be garbage either: where a part of it refers back to it, the binding frees the part twice
(6.11.3; `tests/ui/test_kit_collector.py` shows the shape).  So what waits to be deleted is deleted before anything is collected, the
windows that are left are held meanwhile, and whoever is done with a window calls `deleteLater`.
"""

import gc

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

LOOK_MS = 1_000


class Collector(QObject):
    """Collects garbage now and then; lives as long as the application.

    Args:
        parent: The application.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    @Slot()
    def collect(self) -> None:
        """Collect the generations that are due by Python's own thresholds, the oldest first."""
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation] > 0:
                held = (
                    QApplication.topLevelWidgets()
                )  # Qt deletes nothing yet that was given up outside this event loop
                gc.collect(generation)
                del held
                return
