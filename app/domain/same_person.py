"""Whether two records may be about the same person, and why.  It proposes; a person decides."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from app.domain.names import strict, words
from app.domain.sounds import sound
from app.i18n import _, mark


class Likeness(StrEnum):
    """How much speaks for one person."""

    STRONG = "strong"
    GOOD = "good"
    WEAK = "weak"


_LABELS = {
    Likeness.STRONG: mark("Starkt förslag"),
    Likeness.GOOD: mark("Troligt"),
    Likeness.WEAK: mark("Svagt förslag"),
}
STRENGTH = {Likeness.STRONG: 0, Likeness.GOOD: 1, Likeness.WEAK: 2}
"""Order of the list, what speaks most for one person first."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """What a record says about its person, normalised; empty means not known.

    Attributes:
        names: Every spelling.
        numbers: Personal identity numbers and coordination numbers.
        references: Customer numbers.
        homes: Street, postcode and city as one folded text each.
    """

    names: tuple[str, ...] = ()
    numbers: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    references: frozenset[str] = frozenset()
    homes: frozenset[str] = frozenset()
    born_on: frozenset[date] = frozenset()


SHORT = 3
"""So many letters may stand for a whole word: "A.", "Chr."."""


class Suggestion(NamedTuple):
    """How much speaks for it, what does, and what speaks against."""

    likeness: Likeness
    reasons: tuple[str, ...]
    against: tuple[str, ...]


def label(likeness: Likeness) -> str:
    """Return the likeness as the user reads it."""
    return _(_LABELS[likeness])


def suggest(one: Record, other: Record) -> Suggestion | None:
    """Return why two records may be one person, None when they should not be proposed.

    Two different identity numbers are two people, and so are two different birth dates.  An address shared by a household, a
    common name, or a shared mailbox is never enough alone.
    """
    is_same_number = bool(one.numbers & other.numbers)
    if not is_same_number and (_differ(one.numbers, other.numbers) or _differ(one.born_on, other.born_on)):
        return None
    name = _likeness_of_names(one.names, other.names)
    shared = _shared(one, other)
    reasons = (*shared.values(), *((name[1],) if name else ()))
    against = tuple(_against(one, other, has_name=name is not None))
    if is_same_number:
        return Suggestion(Likeness.STRONG, reasons, against)
    if name is None:
        return None
    contacts = len(shared.keys() & {"email", "phone", "reference"})
    is_full = name[0]
    if contacts and (is_full or contacts > 1):
        return Suggestion(Likeness.STRONG, reasons, against)
    if contacts or (is_full and {"born", "home"} <= shared.keys()):
        return Suggestion(Likeness.GOOD, reasons, against)
    return Suggestion(Likeness.WEAK, reasons, against) if is_full and shared else None


def _shared(one: Record, other: Record) -> dict[str, str]:
    """Return what both records have, most telling first."""
    checks = (
        ("number", one.numbers & other.numbers, _("samma personnummer")),
        ("reference", one.references & other.references, _("samma kundnummer")),
        ("email", one.emails & other.emails, _("samma e-postadress")),
        ("phone", one.phones & other.phones, _("samma telefonnummer")),
        ("born", one.born_on & other.born_on, _("samma födelsedatum")),
        ("home", one.homes & other.homes, _("samma adress")),
    )
    return {code: words_for for code, both, words_for in checks if both}


def _against(one: Record, other: Record, *, has_name: bool) -> list[str]:
    checks = (
        (not has_name, _("olika namn")),
        (_differ(one.born_on, other.born_on), _("olika födelsedatum")),
        (_differ(one.emails, other.emails), _("olika e-postadresser")),
        (_differ(one.phones, other.phones), _("olika telefonnummer")),
        (_differ(one.homes, other.homes), _("olika adresser")),
    )
    return [told for applies, told in checks if applies]


def _differ(one: frozenset[str] | frozenset[date], other: frozenset[str] | frozenset[date]) -> bool:
    return bool(one and other and not set(one) & set(other))


def _likeness_of_names(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[bool, str] | None:
    """Return whether any two spellings are alike as a whole and the words for it; None when no two are alike."""
    found = [told for mine in one for theirs in other if (told := _alike(mine, theirs)) is not None]
    return max(found, key=lambda told: told[0], default=None)


def _alike(one: str, other: str) -> tuple[bool, str] | None:
    mine, theirs = sorted(words(one)), sorted(words(other))
    if not mine or not theirs:
        return None
    if mine == theirs:
        is_same = sorted(words(strict(one))) == sorted(words(strict(other))) and one.casefold() == other.casefold()
        return True, _("samma namn") if is_same else _("samma namn, skrivet på annat sätt")
    mine, theirs = sorted(map(sound, mine)), sorted(map(sound, theirs))
    if mine == theirs:
        return True, _("samma namn, skrivet på annat sätt")
    if len(mine) == len(theirs) and _pairs(mine, theirs):
        return True, _("nästan samma namn")
    short, long = sorted((mine, theirs), key=len)
    if len(short) > 1 and all(word in long for word in short):
        return True, _("namnen går in i varandra")
    return (False, _("samma initialer och efternamn")) if _initials(mine, theirs) else None


def _pairs(mine: list[str], theirs: list[str]) -> bool:
    """Return whether at most one word differs, and that one by a single letter; a short word must be the same."""
    left, right = [word for word in mine if word not in theirs], [word for word in theirs if word not in mine]
    return len(left) == len(right) == 1 and min(len(left[0]), len(right[0])) > 3 and _one_edit(left[0], right[0])


def _one_edit(one: str, other: str) -> bool:
    """Return whether one letter was put in, left out, changed, or swapped with the next."""
    start = next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return abs(len(one) - len(other)) == 1
    a, b = one[start:], other[start:]
    is_swapped = a[:2] == b[1::-1] and a[2:] == b[2:]
    return is_swapped or a[1:] == b[1:] or a[1:] == b or a == b[1:]


def _initials(mine: list[str], theirs: list[str]) -> bool:
    """Return whether one to three letters stand for a word on either side, and the rest are the same."""
    if len(mine) != len(theirs):
        return False
    left, right = [word for word in mine if word not in theirs], [word for word in theirs if word not in mine]
    has_whole = len(left) < len(mine)
    return has_whole and all(_short(a, b) or _short(b, a) for a, b in zip(left, right, strict=True))


def _short(one: str, other: str) -> bool:
    return len(one) <= SHORT and other.startswith(one)
