"""What can be true of a person's record: protection and holds."""

from datetime import date
from enum import StrEnum

from app.i18n import _


class Protection(StrEnum):
    """Protected identity.  Source: domain rules on skyddade personuppgifter (folkbokföringslagen, offentlighets- och sekretesslagen 22 kap.)."""

    NONE = "none"
    CONFIDENTIAL = "confidential"
    PROTECTED_REGISTRATION = "protected_registration"
    ASSUMED = "assumed"

    @property
    def label(self) -> str:
        """Return the word shown to the user."""
        return {
            Protection.NONE: _("Inget skydd"),
            Protection.CONFIDENTIAL: _("Sekretessmarkering"),
            Protection.PROTECTED_REGISTRATION: _("Skyddad folkbokföring"),
            Protection.ASSUMED: _("Fingerade uppgifter"),
        }[self]


class HoldKind(StrEnum):
    """Why erasure is stopped.  Source: Art. 17.3 e, Art. 18 GDPR; the policy's promise R34."""

    INVESTIGATION = "investigation"
    DISPUTE = "dispute"

    @property
    def label(self) -> str:
        """Return the word shown to the user."""
        return {HoldKind.INVESTIGATION: _("Utredning"), HoldKind.DISPUTE: _("Tvist")}[self]


class DeathKnown(StrEnum):
    """How the office knows that somebody has died."""

    RELATIVE = "relative"
    REGISTER = "register"
    OTHER = "other"

    @property
    def label(self) -> str:
        """Return the words shown to the user."""
        return {
            DeathKnown.RELATIVE: _("En anhörig eller ett dödsbo har sagt det"),
            DeathKnown.REGISTER: _("Det står i folkbokföringen eller SPAR"),
            DeathKnown.OTHER: _("På annat sätt"),
        }[self]


OF_AGE = 18
"""Source: 9 kap. 1 § föräldrabalken."""


def is_minor(born_on: date | None, today: date) -> bool:
    """Return whether somebody born that day is a child today; nobody whose birth date is not known.

    Source: recital 38 GDPR, children merit specific protection.
    """
    if born_on is None:
        return False
    had_birthday = (today.month, today.day) >= (born_on.month, born_on.day)
    return today.year - born_on.year - (not had_birthday) < OF_AGE
