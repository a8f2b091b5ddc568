"""Where data go outside the Union, and what protects them there."""

from dataclasses import dataclass
from enum import StrEnum

from app.i18n import _, mark

INNER = frozenset(
    ("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
     "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK")
)  # fmt: skip
"""Countries where the regulation applies as it is: the Union and the European Economic Area."""


class Safeguard(StrEnum):
    """What makes a transfer lawful.  Source: Art. 45 to 49 GDPR."""

    ADEQUACY = "adequacy"
    CLAUSES = "clauses"
    CORPORATE_RULES = "corporate_rules"
    OTHER = "other"
    DEROGATION = "derogation"
    COMPELLING = "compelling"


_LABELS = {
    Safeguard.ADEQUACY: mark("Beslut om adekvat skydd (art. 45)"),
    Safeguard.CLAUSES: mark("Standardavtalsklausuler (art. 46.2 c)"),
    Safeguard.CORPORATE_RULES: mark("Bindande företagsbestämmelser (art. 47)"),
    Safeguard.OTHER: mark("Annat skydd enligt artikel 46"),
    Safeguard.DEROGATION: mark("Undantag i särskilt fall (art. 49.1)"),
    Safeguard.COMPELLING: mark("Tvingande berättigat intresse (art. 49.1 andra stycket)"),
}


@dataclass(frozen=True)
class Transfer:
    """Data go to a country; an empty safeguard is one nobody has found out yet.

    Attributes:
        country: Two letters.
        safeguard: A code of `Safeguard`, or empty.
    """

    country: str
    safeguard: str = ""


def label(safeguard: Safeguard) -> str:
    """Return what protects the data, as the user reads it."""
    return _(_LABELS[safeguard])


def is_outside(country: str) -> bool:
    """Return whether a country is a third one; a country nobody has written down is not yet."""
    return bool(country) and country not in INNER


def unprotected(transfers: tuple[Transfer, ...], recipient_countries: frozenset[str]) -> tuple[str, ...]:
    """Return the third countries that data go to without a known safeguard.

    Args:
        transfers: What the register says.
        recipient_countries: Where the recipients are; a country among them that the register is silent about counts.

    Source: Art. 30.1 e and 44 GDPR.
    """
    guarded = {one.country for one in transfers if one.safeguard}
    reached = {one.country for one in transfers} | recipient_countries
    return tuple(sorted(country for country in reached if is_outside(country) and country not in guarded))
