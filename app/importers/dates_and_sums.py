"""Dates and amounts as people and systems write them.  Runs in the child; a text that can be read in two ways is not guessed."""

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_MONTH_OF = {name: number for number, name in enumerate(_MONTHS, start=1)} | {"may": 5, "oct": 10}
_TIME = r"(?:[T ](?P<time>\d{1,2}:\d{2}\S*(?: ?[+-]\d\d:?\d\d)?))?"
_PLAIN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLAIN_SUM = re.compile(r"(-?)([0-9]{1,18})[.,]([0-9]{1,2})")
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)" + _TIME)
_SHORT = re.compile(r"(\d\d)-?(\d\d)-?(\d\d)")
_WORDS = re.compile(r"(?:den )?(\d{1,2})(?::?e)?\.? ([a-zåäö]{3,9})\.? (\d{4})")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})|(\d{1,2})/(\d{1,2})[ -](\d{4})")
_SUM = re.compile(r"([-+]?)(\d{1,18})(?:\.(\d{1,6}))?")
_CURRENCY = re.compile(r"(kr|sek|:-|kronor)\.?$|^(sek|kr) ", re.IGNORECASE)
_SPACES = re.compile(r"[\s']")


def day(text: str, today: date) -> tuple[date, bool] | None:
    """Return the date in `text` and whether a time of day was left out; None if it is no date or could be two.

    Two-digit years mean the last eighty years or the coming twenty.
    """
    if _PLAIN_DAY.fullmatch(text):  # most by far
        return _whole(text[:4], text[5:7], text[8:])
    text = " ".join(text.split())
    if found := _ISO.fullmatch(text):
        return _whole(found[1], found[3], found[4], has_time=_is_time(found["time"]))
    if found := _COMPACT.fullmatch(text):
        return _whole(found[1], found[2], found[3], has_time=_is_time(found["time"]))
    if found := _SHORT.fullmatch(text):
        return _whole(_century(int(found[1]), today), found[2], found[3])
    if found := _WORDS.fullmatch(text.casefold()):
        return _whole(found[3], _month(found[2]), found[1])
    found = _DAY_FIRST.fullmatch(text)
    return _whole(found[3] or found[6], found[2] or found[5], found[1] or found[4]) if found else None


def amount(text: str) -> str | None:
    """Return an amount as `1234.50`; None if it is none, or could be thousands as well as decimals."""
    if found := _PLAIN_SUM.fullmatch(text):  # most by far
        return f"{found[1]}{int(found[2])}.{found[3]}"
    plain = _CURRENCY.sub("", text.strip()).strip().replace("\N{MINUS SIGN}", "-")
    plain = _SPACES.sub("", plain)
    marks = [sign for sign in plain if sign in ".,"]
    if len(marks) == 1 and re.fullmatch(r"[-+]?[1-9]\d{0,2}[.,]\d{3}", plain):
        return None
    if marks:
        thousands = re.compile(rf"[-+]?\d{{1,3}}(?:{re.escape(marks[0])}\d{{3}})+(?:[^\d{re.escape(marks[0])}]\d*)?")
        if len(marks) > 1:
            if not thousands.fullmatch(plain):
                return None
            plain = plain.replace(marks[0], "")
        plain = plain.replace(",", ".")
    found = _SUM.fullmatch(plain)
    if not found:
        return None
    sign = "-" if found[1] == "-" else ""
    return f"{sign}{int(found[2])}" + (f".{found[3]}" if found[3] else "")


def _whole(year: str | int, month: str | int, in_month: str, *, has_time: bool = False) -> tuple[date, bool] | None:
    try:
        return date(int(year), int(month), int(in_month)), has_time
    except ValueError:
        return None


def _century(year: int, today: date) -> int:
    latest = today.year + 20
    return latest - (latest - year) % 100


def _month(word: str) -> int:
    full = (
        "januari",
        "februari",
        "mars",
        "april",
        "juni",
        "juli",
        "augusti",
        "september",
        "sept",
        "oktober",
        "november",
        "december",
    )
    english = ("january", "february", "march", "june", "july", "august", "october")
    return _MONTH_OF.get(word[:3], 0) if word in _MONTH_OF or word in full or word in english else 0


def _is_time(text: str | None) -> bool:
    return bool(text) and not re.fullmatch(r"0?0:00(:00(\.0+)?)?(Z|[+-]00:?00)?", text or "")
