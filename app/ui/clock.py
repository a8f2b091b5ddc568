"""The time and the day, as the program is told them."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Clock:
    """Two functions that travel together.

    Attributes:
        now: Returns the time, aware UTC.
        today: Returns the day in Stockholm.
    """

    now: Callable[[], dt.datetime]
    today: Callable[[], dt.date]
