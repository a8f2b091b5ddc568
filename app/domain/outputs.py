"""What goes into a document that a person gets about themselves: its scope, and whether a value may be carried away.

Source: Art. 15 and 20 GDPR; the policy's wider promise R46.
"""

from collections.abc import Collection
from enum import StrEnum

from app.i18n import _, mark


class Scope(StrEnum):
    """Why the document is made, which decides what is in it."""

    ACCESS = "access"
    ARTICLE_20 = "article_20"
    PROMISE = "promise"


class Provided(StrEnum):
    """How a value came to be: only what the person gave, or what was observed, is carried away.  Source: Art. 20.1 GDPR."""

    GIVEN = "given"
    OBSERVED = "observed"
    MADE = "made"
    OTHERS = "others"
    UNCLEAR = "unclear"


class LeftOut(StrEnum):
    """Why a value is not carried away under Art. 20."""

    BASIS = "basis"
    MADE = "made"
    OTHERS = "others"
    UNCLEAR = "unclear"
    WITHHELD = "withheld"


class ShowGround(StrEnum):
    """Why a text that may concern somebody else is handed over all the same.  Source: Art. 15.4 and 20.4 GDPR."""

    OWN = "own"
    KNOWN = "known"
    AGREED = "agreed"
    PUBLIC = "public"
    WEIGHED = "weighed"


REMEMBERED = ("extract_rows", "portability_rows")
"""Kinds of stored files that only tell a later version what differs; nobody is shown or given them."""
CARRIED_BASES = frozenset({"consent", "contract"})
"""Source: Art. 20.1 a GDPR."""
_REASONS = {Provided.MADE: LeftOut.MADE, Provided.OTHERS: LeftOut.OTHERS, Provided.UNCLEAR: LeftOut.UNCLEAR}
_PROVIDED = {
    Provided.GIVEN: mark("Du lämnade uppgiften"),
    Provided.OBSERVED: mark("Uppstod när du använde tjänsten"),
    Provided.MADE: mark("Vi har satt eller räknat fram uppgiften"),
    Provided.OTHERS: mark("Kommer från någon annan"),
    Provided.UNCLEAR: mark("Det är oklart vem som skrev uppgiften"),
}
_GROUNDS = {
    ShowGround.OWN: mark("Texten rör bara personen själv"),
    ShowGround.KNOWN: mark("Personen känner redan till uppgiften"),
    ShowGround.AGREED: mark("Den andra personen har sagt ja"),
    ShowGround.PUBLIC: mark("Uppgiften är offentlig"),
    ShowGround.WEIGHED: mark("Vägt: personens intresse väger tyngre"),
}


def why_left_out(provided: Provided, bases: Collection[str]) -> LeftOut | None:
    """Return why a value is not carried away, None when it is.

    Args:
        provided: How the value came to be.
        bases: Codes of the legal bases it is held on; one that carries is enough.

    Source: Art. 20.1 GDPR: provided by the person, on consent or contract, and processed by automated means, as all here is.
    """
    if provided in _REASONS:
        return _REASONS[provided]
    return None if CARRIED_BASES & set(bases) else LeftOut.BASIS


def provided_label(provided: Provided) -> str:
    """Return how a value came to be, in words to the person."""
    return _(_PROVIDED[provided])


def ground_label(ground: ShowGround) -> str:
    """Return why something hidden is shown, in words to the officer."""
    return _(_GROUNDS[ground])
