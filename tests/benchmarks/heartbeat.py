"""A heartbeat in the event loop: the longest time between two beats is how long the window stood still."""

import time
from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Slot

BEAT_MS = 2


class Gap(NamedTuple):
    """The longest time between two beats, in milliseconds.

    Attributes:
        wall: By the clock on the wall: what the user feels.
        own: What this process computed meanwhile, in all its threads; on a busy machine the rest was spent by others.
    """

    wall: float
    own: float


class Heartbeat(QObject):
    """Beats whenever the event loop comes round.  A key press waits as long as a beat does."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._last = (0.0, 0.0)
        self._longest = Gap(0.0, 0.0)

    def start(self) -> None:
        """Begin to listen, with nothing seen so far."""
        self._longest, self._last = Gap(0.0, 0.0), _clocks()
        self._timer.start()

    def stop(self) -> Gap:
        """Stop, and return the longest gap; each clock has a longest of its own."""
        self._beat()
        self._timer.stop()
        return self._longest

    @Slot()
    def _beat(self) -> None:
        now = _clocks()
        wall, own = ((after - before) * 1000 for after, before in zip(now, self._last, strict=True))
        self._longest = Gap(max(self._longest.wall, wall), max(self._longest.own, min(wall, own)))
        self._last = now


def _clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def run_until(is_done: Callable[[], bool], *, still_s: float = 0.0, timeout_s: float = 120) -> None:
    """Run the event loop until something is so, and has been so for `still_s` seconds.

    Raises:
        TimeoutError: It never came.
    """
    loop, timer, start = QEventLoop(), QTimer(interval=BEAT_MS), time.perf_counter()
    since: list[float] = []

    def look() -> None:
        now = time.perf_counter()
        since[:] = (since or [now]) if is_done() else []
        if (since and now - since[0] >= still_s) or now - start > timeout_s:
            loop.quit()

    timer.timeout.connect(look)
    timer.start()
    loop.exec()
    timer.stop()
    if not since:
        raise TimeoutError(f"not within {timeout_s:.0f} s")
