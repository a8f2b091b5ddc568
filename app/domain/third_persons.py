"""Signs that a free text names somebody else.  A sign is a reason to look, never a verdict.  Source: Art. 15.4 GDPR."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain import contacts, identity
from app.domain.names import strict
from app.i18n import _, mark

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
_NUMBER = re.compile(r"(?<![\w+-])\+?\d[\d ()-]{5,}\d(?!\w)")
_WORD = re.compile(r"[^\W\d_]+")
_PERSONS = (identity.Kind.PNR, identity.Kind.SAM)


class Sign(StrEnum):
    """What was seen in the text."""

    NUMBER = "number"
    EMAIL = "email"
    PHONE = "phone"
    KIN = "kin"


@dataclass(frozen=True, slots=True)
class Own:
    """What is known to be the person's own, in the forms that are searched."""

    norms: Collection[str]


_LABELS = {
    Sign.NUMBER: mark("ett personnummer som inte är personens"),
    Sign.EMAIL: mark("en e-postadress som inte är personens"),
    Sign.PHONE: mark("ett telefonnummer som inte är personens"),
    Sign.KIN: mark("någon närstående eller en granne"),
}


def signs(text: str, own: Own, kin: Collection[str], today: date) -> tuple[Sign, ...]:
    """Return what in a text points at somebody else than the person.

    Args:
        text: The text as it is stored.
        own: The person's own numbers and addresses.
        kin: Words for people around a person, folded as `names.strict` does.
        today: Settles the century of short numbers.
    """
    found: dict[Sign, None] = {}
    if any(email.casefold() not in own.norms for email in _EMAIL.findall(text)):
        found[Sign.EMAIL] = None
    for written in _NUMBER.findall(text):
        sign = _number(written, own, today)
        if sign is not None:
            found[sign] = None
    if any(strict(word) in kin for word in _WORD.findall(text)):
        found[Sign.KIN] = None
    return tuple(found)


def _number(written: str, own: Own, today: date) -> Sign | None:
    known = identity.parse(written, today=today)
    if known is not None and known.kind in _PERSONS:
        return None if known.normalised in own.norms else Sign.NUMBER
    e164 = contacts.phone(written) if written[0] in "0+" else None
    return Sign.PHONE if e164 is not None and e164 not in own.norms else None


def label(sign: Sign) -> str:
    """Return what was seen, as it stands after `Nämner`."""
    return _(_LABELS[sign])
