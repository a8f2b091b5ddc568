"""Swedish identity numbers: personnummer, samordningsnummer, organisationsnummer and the interim numbers of health care.

Nothing is looked up: a number that passes may still belong to nobody.
Source: folkbokföringslagen (1991:481) 18 §; lagen (2022:1697) om samordningsnummer; Skatteverket's guidance on both.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from string import ascii_uppercase, digits
from typing import NamedTuple

from app.i18n import _, mark

MASK = "••••"
INTERIM_LETTERS = "TRSUWXJKLMN"
_VALUE = {digit: int(digit) for digit in digits} | dict.fromkeys(ascii_uppercase, 1)
_DOUBLED = {char: sum(divmod(2 * value, 10)) for char, value in _VALUE.items()}
_FORM = re.compile(r"(\d{2})?(\d{2})(\d{2})(\d{2})([-+]?)(\d{3}|[A-Z]\d{2})(\d)")


class Kind(StrEnum):
    """What sort of number it is."""

    PNR = "pnr"
    SAM = "sam"
    INTERIM = "interim"
    ORG = "org"


_LABELS = {
    Kind.PNR: mark("Personnummer"),
    Kind.SAM: mark("Samordningsnummer"),
    Kind.INTERIM: mark("Tillfälligt nummer"),
    Kind.ORG: mark("Organisationsnummer"),
}


@dataclass(frozen=True)
class IdentityNumber:
    """A number that passed every check.

    Attributes:
        kind: What sort of number it is.
        normalised: Twelve characters with the century (an organisation's with 16 in front), for storing and comparing.
        masked: The form to show where the whole number is not needed.
        warning: What the user should look at, or None.
    """

    kind: Kind
    normalised: str
    masked: str
    warning: str | None = None


class _Parts(NamedTuple):
    century: str
    year: str
    month: str
    day: str
    sign: str
    serial: str

    @property
    def short(self) -> str:
        return self.year + self.month + self.day + self.serial

    @property
    def is_interim(self) -> bool:
        return self.serial[0].isalpha()


def label(kind: Kind) -> str:
    """Return the sort of number as the user reads it."""
    return _(_LABELS[kind])


def parse(text: str, *, today: date, interim: bool = False) -> IdentityNumber | None:
    """Return the number in `text`, or None when it is not a valid one.

    Args:
        text: The number as it was written; spaces are allowed around it, not inside.
        today: The day that settles the century of a short number; a later birth date is refused.
        interim: Whether a number with a letter is allowed.
    """
    parts = _split(text)
    if parts is None or (parts.is_interim and not interim) or not _luhn(parts.short):
        return None
    if _is_organisation(parts):
        normalised = "16" + parts.short
        return IdentityNumber(Kind.ORG, normalised, masked(normalised))
    year = _year(parts, today)
    kind = _kind(parts)
    if kind is None or not _is_born(kind, (year, int(parts.month), int(parts.day)), today):
        return None
    normalised = f"{year:04d}{parts.month}{parts.day}{parts.serial}"
    return IdentityNumber(kind, normalised, masked(normalised), _warning(kind, parts))


def masked(normalised: str) -> str:
    """Return `19710312-••••` for a person; an organisation's number is public and is shown whole."""
    if normalised.startswith("16"):
        return f"{normalised[2:8]}-{normalised[8:]}"
    return f"{normalised[:8]}-{MASK}"


def shown(normalised: str) -> str:
    """Return the whole number with its hyphen: `19710312-1234`, `556036-0793`."""
    return masked(normalised) if normalised.startswith("16") else f"{normalised[:8]}-{normalised[8:]}"


def born_on(normalised: str) -> date | None:
    """Return the birth date in a number of twelve characters, None when it tells of none."""
    if len(normalised) != 12 or not normalised[:8].isdigit():
        return None
    year, month, day = int(normalised[:4]), int(normalised[4:6]), int(normalised[6:8])
    try:
        return date(year, month, day - 60 if day > 60 else day)
    except ValueError:
        return None


def candidates(text: str, today: date) -> list[str]:
    """Return the twelve-character forms that `text` can stand for, the likeliest first.

    A short number is tried in both centuries: a hyphen where a plus belongs is the commonest slip.
    """
    parts = _split(text)
    if parts is None:
        return []
    tries = [text] if parts.century else [f"{parts.short[:6]}{sign}{parts.serial}" for sign in _signs(parts)]
    found = [number.normalised for form in tries if (number := parse(form, today=today, interim=True))]
    return list(dict.fromkeys(found))


def _signs(parts: _Parts) -> str:
    return "+-" if parts.sign == "+" else "-+"


def _split(text: str) -> _Parts | None:
    match = _FORM.fullmatch(text.strip().upper()) if text.isascii() else None
    if match is None:
        return None
    century, year, month, day, sign, number, check = match.groups()
    return _Parts(century or "", year, month, day, sign, number + check)


def _luhn(short: str) -> bool:
    """Return whether the check digit is right; a letter counts as 1."""
    return (sum(map(_DOUBLED.__getitem__, short[::2])) + sum(map(_VALUE.__getitem__, short[1::2]))) % 10 == 0


def _is_organisation(parts: _Parts) -> bool:
    """Return whether the number is an organisation's: its third digit is at least 2, as no month's is."""
    return (
        not parts.is_interim
        and parts.century in {"", "16"}
        and parts.sign != "+"
        and int(parts.month) >= 20
        and parts.short[0] != "0"
    )


def _year(parts: _Parts, today: date) -> int:
    """Return the birth year; a short number means the latest year that is not to come, a plus a hundred years before."""
    if parts.century:
        return int(parts.century + parts.year)
    year = today.year - (today.year - int(parts.year)) % 100
    return year - 100 if parts.sign == "+" else year


def _kind(parts: _Parts) -> Kind | None:
    if parts.century not in {"", "18", "19", "20"}:
        return None
    if parts.is_interim:
        return Kind.INTERIM if parts.serial[0] in INTERIM_LETTERS else None
    if parts.serial.startswith("000"):
        return None
    return Kind.SAM if int(parts.day) >= 60 else Kind.PNR


def _is_born(kind: Kind, birth: tuple[int, int, int], today: date) -> bool:
    """Return whether the birth date exists and is not to come.

    Old coordination numbers may lack the day (60) or the month (00).
    """
    year, month, day = birth
    if kind is Kind.SAM:
        day -= 60
        month, day = month or 1, day or 1
    try:
        return date(year, month, day) <= today
    except ValueError:
        return False


def _warning(kind: Kind, parts: _Parts) -> str | None:
    if kind is Kind.INTERIM:
        return _("Tillfälligt nummer: det finns inget register att jämföra med.")
    if kind is Kind.SAM and (parts.day == "60" or parts.month == "00"):
        return _("Samordningsnumret har inget helt födelsedatum.")
    if not parts.century and not parts.sign:
        return _(
            "Århundradet är inte skrivet: numret läses som född {year} eller senare. Kontrollera födelseåret."
        ).format(year=parts.year)
    return None
