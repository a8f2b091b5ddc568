"""How sure it is that a record is the person asked for, and why.  Finding the records is not done here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from app.domain.names import strict, words
from app.i18n import _, mark


class Certainty(StrEnum):
    """How well a record fits."""

    SURE = "sure"
    LIKELY = "likely"
    POSSIBLE = "possible"


_LABELS = {
    Certainty.SURE: mark("Säker"),
    Certainty.LIKELY: mark("Trolig"),
    Certainty.POSSIBLE: mark("Möjlig"),
}


@dataclass(frozen=True, kw_only=True)
class Query:
    """Who is looked for.  Numbers and addresses are normalised; empty means not known.

    Attributes:
        doubtful: Those of the numbers whose century was guessed.
    """

    names: tuple[str, ...] = ()
    numbers: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    references: frozenset[str] = frozenset()
    postcodes: frozenset[str] = frozenset()
    born_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class HitFacts:
    """What a record says about its person, in the same normalised forms."""

    names: tuple[str, ...] = ()
    numbers: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    references: frozenset[str] = frozenset()
    postcodes: frozenset[str] = frozenset()
    born_on: date | None = None


class Judgement(NamedTuple):
    """How sure, and why, in words for the user."""

    certainty: Certainty
    why: str


def label(certainty: Certainty) -> str:
    """Return the certainty as the user reads it."""
    return _(_LABELS[certainty])


def judge(asked: Query, hit: HitFacts) -> Judgement:
    """Return how sure it is that `hit` is the person in `asked`, and why.

    A number, or a contact together with the name, is sure.  A different identity number or birth date is never more than possible.
    """
    reasons = _same(asked, hit)
    name = _name(asked.names, hit.names)
    why = ", ".join([*reasons.values(), *([name.why] if name else [])]) or _("delar av sökningen stämmer")
    if "number" in reasons:
        if asked.numbers & hit.numbers <= asked.doubtful:
            return Judgement(Certainty.LIKELY, _("{why}, om århundradet är rätt").format(why=why))
        return Judgement(Certainty.SURE, why)
    if against := _against(asked, hit):
        return Judgement(Certainty.POSSIBLE, _("{why}, men {against}").format(why=why, against=against))
    full = name is not None and name.certainty is not Certainty.POSSIBLE
    if full and reasons.keys() & {"reference", "email", "phone"}:
        return Judgement(Certainty.SURE, why)
    if reasons.keys() & {"reference", "email", "phone"} or (full and reasons):
        return Judgement(Certainty.LIKELY, why)
    return Judgement(Certainty.POSSIBLE, why)


def settled(found: Sequence[tuple[Judgement, HitFacts]]) -> list[Judgement]:
    """Return the judgements, none of them sure where what was asked fits several people whose names have nothing in common.

    Two records of one person have a name in common; a number or an address that strangers share tells nobody for sure.
    """
    sure = [set(words(" ".join(facts.names))) for judged, facts in found if judged.certainty is Certainty.SURE]
    if len(sure) < 2 or all(sure[0] & other for other in sure):
        return [judged for judged, _facts in found]
    why = _("{why}, men det finns hos flera personer")
    return [
        Judgement(Certainty.LIKELY, why.format(why=judged.why)) if judged.certainty is Certainty.SURE else judged
        for judged, _facts in found
    ]


def _same(asked: Query, hit: HitFacts) -> dict[str, str]:
    """Return what is alike, most telling first."""
    checks = (
        ("number", bool(asked.numbers & hit.numbers), _("samma personnummer")),
        ("reference", bool(asked.references & hit.references), _("samma kundnummer eller referens")),
        ("email", bool(asked.emails & hit.emails), _("samma e-postadress")),
        ("phone", bool(asked.phones & hit.phones), _("samma telefonnummer")),
        ("born", asked.born_on is not None and asked.born_on == hit.born_on, _("samma födelsedatum")),
        ("postcode", bool(asked.postcodes & hit.postcodes), _("samma postnummer")),
    )
    return {code: why for code, is_same, why in checks if is_same}


def _against(asked: Query, hit: HitFacts) -> str | None:
    if asked.numbers and hit.numbers:
        return _("ett annat personnummer")
    if asked.born_on and hit.born_on and asked.born_on != hit.born_on:
        return _("ett annat födelsedatum")
    return None


def _name(asked: tuple[str, ...], held: tuple[str, ...]) -> Judgement | None:
    """Return the best likeness between any two of the names."""
    found = [judged for left in asked for right in held if (judged := _one_name(left, right))]
    return min(found, key=lambda judged: list(Certainty).index(judged.certainty), default=None)


def _one_name(left: str, right: str) -> Judgement | None:
    mine, theirs = sorted(words(left)), sorted(words(right))
    if not mine or not theirs:
        return None
    if mine == theirs:
        if sorted(strict(left).split()) == sorted(strict(right).split()):
            return Judgement(Certainty.SURE, _("samma namn"))
        return Judgement(Certainty.LIKELY, _("samma namn med annan stavning"))
    if len(mine) > 1 and set(mine) <= set(theirs):
        return Judgement(Certainty.LIKELY, _("alla sökta namn"))
    if set(mine) & set(theirs):
        return Judgement(Certainty.POSSIBLE, _("en del av namnet"))
    return Judgement(Certainty.POSSIBLE, _("samma initialer och efternamn")) if _initials(mine, theirs) else None


def _initials(mine: list[str], theirs: list[str]) -> bool:
    """Return whether every word of one fits a word of the other, a single letter standing for a whole word."""
    return len(mine) == len(theirs) and all(
        a == b or (1 in {len(a), len(b)} and a[0] == b[0]) for a, b in zip(mine, theirs, strict=True)
    )
