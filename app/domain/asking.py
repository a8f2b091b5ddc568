"""What somebody typed into the one search box, taken apart: names, numbers, addresses, and what may be the beginning of one."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from app.domain import contacts, identity
from app.domain.matching import Query
from app.domain.names import strict, words

LIVING = 115
"""Nobody in a register is older: a short number then means one century only."""

_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-") | {"\u00a0": " ", "\u202f": " "})
_MAIL = re.compile(r"[^\s<>,;]*@[^\s<>,;]*")
_RUN = re.compile(r"(?<!\w)[+(]{0,2}\d[\d ().+-]{4,}(?: ?[A-Za-z]\d{3})?(?!\w)")
_TYPED_NUMBER = re.compile(r"[\d +().-]+|\d{6}(?:\d{2})?[-+ ]*[A-Za-z]\d{0,3}")
_POSTCODE = re.compile(r"(?<!\d)(\d{3}) (\d{2})(?!\d)")
_PARTS = re.compile(r"([^\W\d_]+)[^\w]*(\d+)")
_SPACING = re.compile(r"[ ().]")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A search text, read.

    Attributes:
        query: Who is looked for, for judging a record.
        words: The words that may be names, with å ä ö as they were typed.
        places: All words, folded, for addresses and free text.
        codes: The forms in which a customer or invoice number like this may be stored.
        starts: Beginnings of stored numbers that the digits typed so far may be.
        mail_start: What an e-mail address begins with.
    """

    query: Query
    words: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    mail_start: str = ""


def read(text: str, *, today: date) -> Asked:
    """Return what a search text asks for.  Everything may stand in any order and be mixed."""
    whole = " ".join(unicodedata.normalize("NFC", text).translate(_DASHES).split())
    mail = _MAIL.search(whole)
    rest = " ".join(_MAIL.sub(" ", whole).split())
    numbers, phones, rest = _numbers(rest, today)
    name = " ".join(part for part in rest.split() if not any(sign.isdigit() for sign in part))
    postcode = contacts.postcode(rest) or next((f"{m[1]} {m[2]}" for m in _POSTCODE.finditer(rest)), None)
    codes = () if mail else _codes(whole)
    return Asked(
        query=Query(
            names=(name,) if words(name) else (),
            numbers=frozenset(numbers),
            doubtful=_doubtful(numbers, whole, today),
            emails=_known(contacts.email(mail[0]) if mail else None),
            phones=frozenset(phones),
            references=frozenset(map(strict, _typed_codes(whole))) if codes else frozenset(),
            postcodes=_known(postcode),
        ),
        words=words(name, keep=True),
        places=words(_POSTCODE.sub(r"\1\2", rest)),
        codes=codes,
        starts=_starts(whole) if _TYPED_NUMBER.fullmatch(whole) else (),
        mail_start=mail[0].casefold() if mail and len(mail[0]) > 2 else "",
    )


def _known(value: str | None) -> frozenset[str]:
    return frozenset() if value is None else frozenset({value})


def _numbers(rest: str, today: date) -> tuple[list[str], list[str], str]:
    """Return the identity numbers and the phone numbers in a text, and what is left of it."""
    numbers, phones = _of_run(rest, today, is_whole=True) if _TYPED_NUMBER.fullmatch(rest) else ([], [])
    if numbers or phones:
        return numbers, phones, rest
    left = rest
    for run in _RUN.findall(rest):
        for part in _parted(run, today):
            found, called = _of_run(part, today)
            numbers += found
            phones += called
            if found or called:
                left = left.replace(part, " ")
    return numbers, phones, " ".join(left.split())


def _of_run(run: str, today: date, *, is_whole: bool = False) -> tuple[list[str], list[str]]:
    """Return the identity numbers, or else the phone number, that digits stand for."""
    if found := identity.candidates(_SPACING.sub("", run), today):
        return list(found), []
    phone = contacts.phone(run) if is_whole or run.lstrip("(")[0] in "0+4" else None
    return [], [phone] if phone else []


def _parted(run: str, today: date) -> tuple[str, ...]:
    """Return a run of digits as it is, or as two when it is an identity number and something else side by side."""
    if not any(_of_run(run, today)):
        for cut in (place for place, sign in enumerate(run) if sign == " "):
            if identity.candidates(_SPACING.sub("", run[:cut]), today) or identity.candidates(
                _SPACING.sub("", run[cut:]), today
            ):
                return run[:cut], run[cut + 1 :]
    return (run,)


def _doubtful(numbers: list[str], whole: str, today: date) -> frozenset[str]:
    """Return the numbers that stand for a century nobody typed, when somebody alive can have been born in either."""
    if len(numbers) < 2:
        return frozenset()
    likely = [number for number in numbers if int(number[:4]) >= today.year - LIVING]
    if len(likely) < 2:
        return frozenset(numbers) - frozenset(likely)
    return frozenset(numbers[1:]) if re.search(r"\d[-+]", whole) else frozenset(numbers)


def _typed_codes(whole: str) -> list[str]:
    """Return what may be a customer number as it was typed: the whole text, or each part of it with a digit."""
    return list(dict.fromkeys([whole, *(part for part in whole.split() if any(sign.isdigit() for sign in part))]))


def _codes(whole: str) -> tuple[str, ...]:
    forms: dict[str, None] = {}
    for code in _typed_codes(whole) if whole else ():
        bare = "".join(sign for sign in code if sign.isalnum())
        parts = _PARTS.fullmatch(code)
        for form in (code, bare, f"{parts[1]}-{parts[2]}" if parts else code):
            forms.update(dict.fromkeys((form, form.upper(), form.lower())))
    return tuple(forms)


def _starts(whole: str) -> tuple[str, ...]:
    """Return the beginnings of stored numbers that typed digits may be; nothing for less than three of them."""
    digits = "".join(sign for sign in whole.upper() if sign.isalnum())
    if len(digits) < 3:
        return ()
    if whole.startswith(("+", "00")):
        return ("+" + digits.removeprefix("00"),)
    starts = [digits, whole]
    if whole.startswith("0"):
        starts.append("+46" + digits[1:])
    if digits[:2] not in ("19", "20"):
        starts += ["19" + digits, "20" + digits]
    return tuple(dict.fromkeys(starts))
