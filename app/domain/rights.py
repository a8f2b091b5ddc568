"""The rights a person can use, one row of rules for each.  What a letter says about them is data."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.names import fold
from app.i18n import _, mark


class Right(StrEnum):
    """What a request asks for.  The codes are stored and part of the command line."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    OBJECTION = "objection"
    MARKETING = "marketing"
    CONSENT = "consent"
    AUTOMATED = "automated"
    COMPLAINT = "complaint"
    COMPENSATION = "compensation"
    COMMENT = "comment"
    INFORMATION = "information"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How a right is handled.

    Attributes:
        article: Where it stands in the GDPR; empty for a promise of the office's own.
        clocked: One month to answer applies.
        immediate: It is carried out at once, before the answer is written.
        can_refuse: The law knows grounds to say no.
        has_grounds: A ground is chosen when it is granted, or refused.
        needs_identity: The person's identity is settled before anything is done.
        needs_lookup: All registers are searched.
        needs_extract: The answer holds the data themselves.
        notifies: Recipients of the data are told.  Source: Art. 19 GDPR.
        restricts: The data are restricted while the question is open.  Source: Art. 18.1 a and d GDPR.
        holds: Erasure is stopped while the case is open.
    """

    article: str
    clocked: bool = True
    immediate: bool = False
    can_refuse: bool = True
    has_grounds: bool = False
    needs_identity: bool = True
    needs_lookup: bool = True
    needs_extract: bool = False
    notifies: bool = False
    restricts: bool = False
    holds: bool = False


RULES: Mapping[Right, Rule] = {
    Right.ACCESS: Rule(article="15", needs_extract=True),
    Right.RECTIFICATION: Rule(article="16", has_grounds=True, notifies=True, restricts=True),
    Right.ERASURE: Rule(article="17", has_grounds=True, notifies=True),
    Right.RESTRICTION: Rule(article="18", has_grounds=True, notifies=True),
    Right.PORTABILITY: Rule(article="20", needs_extract=True),
    Right.OBJECTION: Rule(article="21.1", has_grounds=True, restricts=True),
    Right.MARKETING: Rule(article="21.2", immediate=True, can_refuse=False, needs_identity=False),
    Right.CONSENT: Rule(article="7.3", immediate=True, can_refuse=False, needs_identity=False),
    Right.AUTOMATED: Rule(article="22", has_grounds=True),
    Right.COMPLAINT: Rule(
        article="77", clocked=False, can_refuse=False, needs_identity=False, needs_lookup=False, holds=True
    ),
    Right.COMPENSATION: Rule(article="82", clocked=False, has_grounds=True, holds=True),
    Right.COMMENT: Rule(article="", immediate=True, can_refuse=False),
    Right.INFORMATION: Rule(article="12.1", clocked=False, can_refuse=False, needs_identity=False, needs_lookup=False),
}

_LABELS = {
    Right.ACCESS: mark("Registerutdrag"),
    Right.RECTIFICATION: mark("Rättelse"),
    Right.ERASURE: mark("Radering"),
    Right.RESTRICTION: mark("Begränsning"),
    Right.PORTABILITY: mark("Dataportabilitet"),
    Right.OBJECTION: mark("Invändning"),
    Right.MARKETING: mark("Stoppa reklam"),
    Right.CONSENT: mark("Återkalla samtycke"),
    Right.AUTOMATED: mark("Automatiserat beslut"),
    Right.COMPLAINT: mark("Klagomål"),
    Right.COMPENSATION: mark("Skadestånd"),
    Right.COMMENT: mark("Ta bort referenskommentar"),
    Right.INFORMATION: mark("Fråga om information"),
}


def label(right: Right) -> str:
    """Return the right's name as the user reads it."""
    return _(_LABELS[right])


def article(right: Right) -> str:
    """Return where the right stands, such as `Art. 15`; empty for the office's own promise."""
    number = RULES[right].article
    return _("Art. {number}").format(number=number) if number else ""


def proposed(text: str, words: Mapping[Right, Sequence[str]]) -> list[Right]:
    """Return the rights that a text seems to ask for, best first.

    Args:
        text: A letter or an e-mail, subject line included.
        words: For each right the words, beginnings of words and phrases that point to it.
    """
    folded = fold(text)
    scores = {right: sum(_weight(phrase, folded) for phrase in phrases) for right, phrases in words.items()}
    order = list(Right)
    return sorted(
        (right for right, score in scores.items() if score), key=lambda right: (-scores[right], order.index(right))
    )


def _weight(phrase: str, folded: str) -> int:
    """Return how much a phrase says: its number of words, each time at most once."""
    parts = fold(phrase).split()
    pattern = r"\b" + r"\w*\W+".join(re.escape(part) for part in parts)
    return len(parts) if parts and re.search(pattern, folded) else 0
