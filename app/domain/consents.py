"""What a consent is worth today."""

from datetime import date
from enum import StrEnum

from app.i18n import _


class ConsentState(StrEnum):
    """Where a consent stands.  Source: Art. 7.1 GDPR (the office must be able to show it), Art. 7.3 (it can be withdrawn)."""

    IN_FORCE = "in_force"
    UNPROVEN = "unproven"
    WITHDRAWN = "withdrawn"
    DENIED = "denied"

    @property
    def label(self) -> str:
        """Return the words shown to the user."""
        return {
            ConsentState.IN_FORCE: _("Gäller"),
            ConsentState.UNPROVEN: _("Bevis saknas"),
            ConsentState.WITHDRAWN: _("Återkallat"),
            ConsentState.DENIED: _("Nej"),
        }[self]


def state(*, said_no: bool, given_on: date | None, withdrawn_on: date | None, has_proof: bool) -> ConsentState:
    """Return where a consent stands.

    Args:
        said_no: The person was asked and did not consent.
        given_on: When it was given, None when nobody knows.
        withdrawn_on: When it was withdrawn, None when it was not; a day nobody can read is a withdrawal all the same.
        has_proof: Both the text that was agreed to and the evidence are known.
    """
    if withdrawn_on is not None and (given_on is None or given_on <= withdrawn_on):
        return ConsentState.WITHDRAWN
    if said_no:
        return ConsentState.DENIED
    return ConsentState.IN_FORCE if has_proof and given_on is not None else ConsentState.UNPROVEN
