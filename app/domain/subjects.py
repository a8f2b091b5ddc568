"""What can be true of a person's record: protection and holds."""

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
