"""A request's way from arrival to archive."""

from enum import StrEnum


class Status(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    REGISTERED = "registered"
    IDENTITY_ASKED = "identity_asked"
    CLARIFICATION_ASKED = "clarification_asked"
    INVESTIGATING = "investigating"
    PROPOSED = "proposed"
    REVIEW = "review"
    DECIDED = "decided"
    EXECUTING = "executing"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    UNIDENTIFIED = "unidentified"
    COMPLAINT = "complaint"


class Outcome(StrEnum):
    """How one right in a request was decided."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"
    NO_DATA = "no_data"
    WITHDRAWN = "withdrawn"
    UNIDENTIFIED = "unidentified"


class DeliveryMethod(StrEnum):
    """How an answer leaves the office."""

    LETTER = "letter"
    REGISTERED_LETTER = "registered_letter"
    MAIL_FORWARDING = "mail_forwarding"
    HANDOVER = "handover"
    EMAIL = "email"
    FORM = "form"
    PHONE = "phone"


class IdentityMethod(StrEnum):
    """How it was settled who asks; only the method, the day and the checker are stored, never a copy of a document."""

    KNOWN_CONTACT = "known_contact"
    REGISTERED_ADDRESS = "registered_address"
    ID_SHOWN = "id_shown"
    BANKID = "bankid"
    LOGGED_IN = "logged_in"
    CALL_BACK = "call_back"
    POWER_OF_ATTORNEY = "power_of_attorney"
    GUARDIAN = "guardian"
    NOT_NEEDED = "not_needed"
