"""Dates and times the way people type them: 261103, 2026-11-03, 3 nov, i dag, +30, 15.10."""

import re
from datetime import date, time, timedelta

MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_ENGLISH = {"may": 5, "oct": 10}
_NEAR = {
    "idag": 0, "i dag": 0, "today": 0, "igår": -1, "i går": -1, "yesterday": -1,
    "imorgon": 1, "i morgon": 1, "tomorrow": 1,
}  # fmt: skip
_STEP = re.compile(r"([+\-−])\s?(\d{1,4})")
_NUMBERS = re.compile(r"(\d{2}|\d{4})[-./ ]?(\d{2})[-./ ]?(\d{2})")
_DAY_MONTH = re.compile(r"(\d{1,2})[/.](\d{1,2})")
_WORDS = re.compile(r"(?:den )?(\d{1,2})\.?(?::?e)? ([a-zåäö]+)\.?(?: (\d{4}))?")
_TIME = re.compile(r"(?:kl\.? ?)?(\d{1,2})(?:[.: ]?(\d{2}))?")


def parse_date(text: str, today: date) -> date | None:
    """Return the day meant by `text`, or None when it is not a day.

    A day without a year is the one nearest to today, so that "28 dec" in January is the month just gone.
    """
    typed = " ".join(text.casefold().split())
    if typed in _NEAR:
        return today + timedelta(days=_NEAR[typed])
    for pattern, read in ((_STEP, _step), (_NUMBERS, _numbers), (_DAY_MONTH, _day_month), (_WORDS, _words)):
        if found := pattern.fullmatch(typed):
            try:
                return read(found, today)
            except (ValueError, OverflowError):
                return None
    return None


def parse_time(text: str) -> time | None:
    """Return the clock time meant by `text`, such as 1510, 15.10, 15:10 or 15; None when it is not one."""
    found = _TIME.fullmatch(text.strip().casefold())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _step(found: re.Match[str], today: date) -> date:
    days = int(found[2])
    return today + timedelta(days=days if found[1] == "+" else -days)


def _numbers(found: re.Match[str], today: date) -> date:
    year = int(found[1])
    if year < 100:
        year += today.year // 100 * 100
        year -= 100 if year > today.year + 20 else 0
    return date(year, int(found[2]), int(found[3]))


def _day_month(found: re.Match[str], today: date) -> date:
    return _nearest(int(found[2]), int(found[1]), today)


def _words(found: re.Match[str], today: date) -> date:
    month = _ENGLISH.get(found[2][:3]) or (MONTHS.index(found[2][:3]) + 1)
    return date(int(found[3]), month, int(found[1])) if found[3] else _nearest(month, int(found[1]), today)


def _nearest(month: int, day: int, today: date) -> date:
    days = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    return min(days, key=lambda found: abs(found - today))
