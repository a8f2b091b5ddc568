"""Swedish public holidays, computed.

Source: lagen (1989:253) om allmänna helgdagar 1–2 §§; the eves: lagen (1930:173) om beräkning av lagstadgad tid 2 §.
"""

from datetime import date, timedelta

from app.i18n import _, mark

_FIXED = {
    (1, 1): mark("nyårsdagen"),
    (1, 6): mark("trettondedag jul"),
    (5, 1): mark("första maj"),
    (12, 25): mark("juldagen"),
    (12, 26): mark("annandag jul"),
}
_FROM_EASTER = {
    -2: mark("långfredagen"),
    0: mark("påskdagen"),
    1: mark("annandag påsk"),
    39: mark("Kristi himmelsfärdsdag"),
    49: mark("pingstdagen"),
}
_NATIONAL_DAY = mark("nationaldagen")
_WHIT_MONDAY = mark("annandag pingst")
_MIDSUMMER = mark("midsommardagen")
_ALL_SAINTS = mark("alla helgons dag")
_EVES = {
    "midsummer": mark("midsommarafton"),
    "christmas": mark("julafton"),
    "new year": mark("nyårsafton"),
}
_CHANGED = 2005
"""The year when Whit Monday gave way to the national day."""


def easter_sunday(year: int) -> date:
    """Return Easter Sunday of a year in the Gregorian calendar (the anonymous algorithm, as printed in Nature in 1876)."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    leaps, left = divmod(century, 4)
    shift = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - leaps - shift + 15) % 30
    leap_years, rest = divmod(of_century, 4)
    weekday = (32 + 2 * left + 2 * leap_years - moon - rest) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day0 = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day0 + 1)


def holiday_name(day: date) -> str | None:
    """Return the name of a public holiday or an eve; None for any other day, a plain Sunday too."""
    name = _holiday(day) or _eve(day)
    return _(name) if name else None


def is_public_holiday(day: date) -> bool:
    """Return whether the day is a public holiday; every Sunday is one."""
    return day.weekday() == 6 or _holiday(day) is not None


def is_working_day(day: date) -> bool:
    """Return whether the day is a working day.  Source: Reg. (EEC, Euratom) 1182/71 Art. 2.2."""
    return day.weekday() < 5 and not is_public_holiday(day)


def is_eve(day: date) -> bool:
    """Return whether the day is an eve that Swedish law, but not plainly EU law, treats as a day off."""
    return _eve(day) is not None


def _holiday(day: date) -> str | None:
    if fixed := _FIXED.get((day.month, day.day)):
        return fixed
    if (day.month, day.day) == (6, 6) and day.year >= _CHANGED:
        return _NATIONAL_DAY
    if day.weekday() == 5 and date(day.year, 6, 20) <= day <= date(day.year, 6, 26):
        return _MIDSUMMER
    if day.weekday() == 5 and date(day.year, 10, 31) <= day <= date(day.year, 11, 6):
        return _ALL_SAINTS
    from_easter = (day - easter_sunday(day.year)).days
    if from_easter == 50 and day.year < _CHANGED:
        return _WHIT_MONDAY
    return _FROM_EASTER.get(from_easter)


def _eve(day: date) -> str | None:
    if (day.month, day.day) == (12, 24):
        return _EVES["christmas"]
    if (day.month, day.day) == (12, 31):
        return _EVES["new year"]
    return _EVES["midsummer"] if _holiday(day + timedelta(days=1)) == _MIDSUMMER else None
