"""The time and the day, as the program is told them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime as dt


class Clock(NamedTuple):
    """Two functions that travel together.

    Attributes:
        now: Returns the time, aware UTC.
        today: Returns the day in Stockholm.
    """

    now: "Callable[[], dt.datetime]"
    today: "Callable[[], dt.date]"
