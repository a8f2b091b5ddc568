"""Which backups stay: many of the last days, fewer of the time before, none that is too old."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Keeping:
    """How many backups stay.

    Attributes:
        all_days: Every one of so many days.
        daily: The last one of each day, so many days.
        weekly: The last one of each week, so many weeks.
        monthly: The last one of each month, so many months.
        most_days: None that is older.
    """

    all_days: int
    daily: int
    weekly: int
    monthly: int
    most_days: int


def staying(
    made: Iterable[dt.datetime], now: dt.datetime, keeping: Keeping, newest: dt.datetime | None = None
) -> set[dt.datetime]:
    """Return which of the backups stay, by the time they were made.

    Args:
        made: When each was made, aware.
        now: The time.
        keeping: How many stay.
        newest: The newest one wherever it is: it stays however old it is.  That of `made` when it is not given.
    """
    newest_first = sorted(set(made), reverse=True)
    kept = {at for at in newest_first if now - at <= dt.timedelta(days=keeping.all_days)}
    for most, period in ((keeping.daily, _day), (keeping.weekly, _week), (keeping.monthly, _month)):
        kept |= _latest_of_each(newest_first, most, period)
    kept = {at for at in kept if now - at <= dt.timedelta(days=keeping.most_days)}
    stays = newest if newest is not None else max(newest_first, default=None)
    return kept | {at for at in newest_first if at == stays}


def _latest_of_each(
    newest_first: list[dt.datetime], most: int, period: Callable[[dt.datetime], object]
) -> set[dt.datetime]:
    latest: dict[object, dt.datetime] = {}
    for at in newest_first:
        latest.setdefault(period(at), at)
    return set(list(latest.values())[:most])


def _day(at: dt.datetime) -> object:
    return at.date()


def _week(at: dt.datetime) -> object:
    return at.isocalendar()[:2]


def _month(at: dt.datetime) -> object:
    return at.year, at.month
