"""One cell becomes normalised text for its field, or a reason why not.  Runs in the child."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from app.domain import contacts, identity
from app.domain.fields import Field, FieldKind
from app.i18n import _, language
from app.importers import dates_and_sums
from app.importers.limits import CELL_TEXT

_RELATION_END = "relation_end"
_SHORTENED = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")
_WHOLE_FLOAT = re.compile(r"(\d+)[.,]0+")
_REPEATING = (FieldKind.DATE, FieldKind.POSTCODE)
_MOST_SEEN = 10_000
_NUMBERED = (FieldKind.PNR, FieldKind.PHONE, FieldKind.POSTCODE)


class Fault(Exception):  # noqa: N818 - a finding about a cell, not a failure of the program
    """What is wrong with a cell and how to mend it; never the value."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


@dataclass(frozen=True)
class Column:
    """A column that is read: where it stands, which field it fills, and how.

    Attributes:
        is_plain: Any text will do.
        repeats: The same few values come again and again; what they were read as is kept in `seen`.
    """

    index: int
    code: str
    label: str
    is_numbered: bool
    is_plain: bool
    read: Callable[[str, date], tuple[str, str]] | None
    repeats: bool = False
    seen: dict[str, tuple[str, str]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, index: int, known: Field) -> Self:
        """Return the column that fills a field, labelled in the language in use."""
        read = _relation_end if known.code == _RELATION_END else _READERS.get(known.kind)
        label = known.label_sv if language() == "sv" else known.label_en
        is_numbered = bool(known.identifier) or known.kind in _NUMBERED
        is_plain = read is None and not is_numbered
        return cls(index, known.code, label, is_numbered, is_plain, read, repeats=known.kind in _REPEATING)


def clean(column: Column, text: str, today: date) -> tuple[str, str]:
    """Return the normalised text and a warning, which is mostly empty.

    Raises:
        Fault: The cell cannot be what its field wants.
    """
    if column.repeats:
        found = column.seen.get(text)
        if found is None:
            found = _read(column, text, today)
            if len(column.seen) < _MOST_SEEN:
                column.seen[text] = found
        return found
    return _read(column, text, today)


def _read(column: Column, text: str, today: date) -> tuple[str, str]:
    if len(text) > CELL_TEXT:
        raise Fault(
            _("Texten är längre än {most} tecken.").format(most=CELL_TEXT),
            _("Korta texten, eller lägg den som bilaga i ärendet."),
        )
    if column.is_numbered and text[0].isdigit() and not text.isdigit():
        text = _unspoiled(text)
    return column.read(text, today) if column.read else (text, "")


def _unspoiled(text: str) -> str:
    """Return a number as it was before a spreadsheet made it a decimal number."""
    if found := _WHOLE_FLOAT.fullmatch(text):
        return found[1]
    if _SHORTENED.fullmatch(text):
        raise Fault(
            _("Numret har kortats av kalkylprogrammet, till exempel till 1,97E+11."),
            _("Gör om kolumnen till text i källan och exportera på nytt."),
        )
    return text


def _pnr(text: str, today: date) -> tuple[str, str]:
    found = identity.parse(text, today=today)
    if found is None:
        raise Fault(
            _("Inget giltigt personnummer eller samordningsnummer: siffrorna stämmer inte med kontrollsiffran."),
            _("Jämför med källan. Har kalkylprogrammet tagit bort nollor i början, gör om kolumnen till text."),
        )
    return found.normalised, str(found.warning or "")


def _email(text: str, _today: date) -> tuple[str, str]:
    found = contacts.email(text)
    if found is None:
        raise Fault(_("Ingen giltig e-postadress."), _("Skriv en adress per cell, som namn@example.se."))
    return found, ""


def _phone(text: str, _today: date) -> tuple[str, str]:
    found = contacts.phone(text)
    if found is None:
        return text, _("Telefonnumret känns inte igen och behålls som det står.")
    return found, ""


def _postcode(text: str, _today: date) -> tuple[str, str]:
    is_short = text.isdigit() and len(text) < 5
    warning = _("Postnumret har färre än fem siffror. Nollor i början kan ha försvunnit.") if is_short else ""
    return contacts.postcode(text) or text, warning


def _date(text: str, today: date) -> tuple[str, str]:
    found = dates_and_sums.day(text, today)
    if found is None:
        raise Fault(_("Inget datum, eller ett som kan läsas på två sätt."), _("Skriv datum som 2026-11-03."))
    day, has_time = found
    return day.isoformat(), _("Klockslaget läses inte, bara datumet.") if has_time else ""


def _relation_end(text: str, today: date) -> tuple[str, str]:
    value, warning = _date(text, today)
    if value > today.isoformat():
        raise Fault(
            _("Kundrelationens slut ligger i framtiden."),
            _("Lämna cellen tom så länge kunden är kvar, eller rätta datumet."),
        )
    return value, warning


def _money(text: str, _today: date) -> tuple[str, str]:
    found = dates_and_sums.amount(text)
    if found is None:
        raise Fault(_("Inget belopp, eller ett som kan läsas på två sätt."), _("Skriv belopp som 1234,50."))
    return found, ""


_READERS: dict[FieldKind, Callable[[str, date], tuple[str, str]]] = {
    FieldKind.PNR: _pnr,
    FieldKind.EMAIL: _email,
    FieldKind.PHONE: _phone,
    FieldKind.POSTCODE: _postcode,
    FieldKind.DATE: _date,
    FieldKind.MONEY: _money,
}
