"""Where a request stands and the words for it.  What may be done in each place is `app.domain.lifecycle`."""

from collections.abc import Mapping
from enum import StrEnum

from app.i18n import _, mark


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
    """How it was settled who asks; the method, the day and the checker are stored, never a copy of a document."""

    KNOWN_CONTACT = "known_contact"
    REGISTERED_ADDRESS = "registered_address"
    ID_SHOWN = "id_shown"
    BANKID = "bankid"
    LOGGED_IN = "logged_in"
    CALL_BACK = "call_back"
    POWER_OF_ATTORNEY = "power_of_attorney"
    GUARDIAN = "guardian"
    NOT_NEEDED = "not_needed"


class Question(StrEnum):
    """A question that only the person can answer, and that may hold the clock."""

    IDENTITY = "identity"
    CLARIFICATION = "clarification"


FINAL = frozenset({Status.CLOSED})
"""Nothing more is done here until the request is opened again."""
SIDE_EXITS = frozenset({Outcome.WITHDRAWN, Outcome.UNIDENTIFIED})
"""Outcomes that end a right without trying it."""
SAFE_FOR_PROTECTED = frozenset({DeliveryMethod.MAIL_FORWARDING, DeliveryMethod.HANDOVER})
"""Ways to a person with a protected identity that do not give the person away."""

_STATUS: Mapping[str, str] = {
    Status.RECEIVED: mark("Inkommen"),
    Status.REGISTERED: mark("Registrerad"),
    Status.IDENTITY_ASKED: mark("Väntar på identitet"),
    Status.CLARIFICATION_ASKED: mark("Väntar på förtydligande"),
    Status.INVESTIGATING: mark("Under utredning"),
    Status.PROPOSED: mark("Beslut föreslaget"),
    Status.REVIEW: mark("Granskas"),
    Status.DECIDED: mark("Beslutad"),
    Status.EXECUTING: mark("Verkställs"),
    Status.ANSWERED: mark("Besvarad"),
    Status.CLOSED: mark("Avslutad"),
    Status.WITHDRAWN: mark("Återkallad"),
    Status.UNIDENTIFIED: mark("Ej identifierad"),
    Status.COMPLAINT: mark("Klagomål hos myndigheten"),
}
_OUTCOME: Mapping[str, str] = {
    Outcome.GRANTED: mark("Beviljad"),
    Outcome.PARTLY: mark("Delvis beviljad"),
    Outcome.REFUSED: mark("Avslag"),
    Outcome.NO_DATA: mark("Inga uppgifter"),
    Outcome.WITHDRAWN: mark("Återkallad"),
    Outcome.UNIDENTIFIED: mark("Ej identifierad"),
}
_DELIVERY: Mapping[str, str] = {
    DeliveryMethod.LETTER: mark("Brev"),
    DeliveryMethod.REGISTERED_LETTER: mark("Rekommenderat brev"),
    DeliveryMethod.MAIL_FORWARDING: mark("Skatteverkets postförmedling"),
    DeliveryMethod.HANDOVER: mark("Personlig överlämning mot legitimation"),
    DeliveryMethod.EMAIL: mark("E-post"),
    DeliveryMethod.FORM: mark("Kontaktformulär"),
    DeliveryMethod.PHONE: mark("Telefon"),
}
_IDENTITY: Mapping[str, str] = {
    IdentityMethod.KNOWN_CONTACT: mark("Svar till känd e-post eller telefon"),
    IdentityMethod.REGISTERED_ADDRESS: mark("Brev till folkbokföringsadressen"),
    IdentityMethod.ID_SHOWN: mark("Legitimation visad"),
    IdentityMethod.BANKID: mark("BankID"),
    IdentityMethod.LOGGED_IN: mark("Inloggad"),
    IdentityMethod.CALL_BACK: mark("Motringning till känt nummer"),
    IdentityMethod.POWER_OF_ATTORNEY: mark("Fullmakt"),
    IdentityMethod.GUARDIAN: mark("Vårdnadshavare eller god man"),
    IdentityMethod.NOT_NEEDED: mark("Behövs inte"),
}
_QUESTION: Mapping[str, str] = {
    Question.IDENTITY: mark("Fråga om identitet"),
    Question.CLARIFICATION: mark("Begäran om förtydligande"),
}

# One table for each kind: members of different kinds with the same code are equal, so they cannot share one.
_LABELS: Mapping[type[StrEnum], Mapping[str, str]] = {
    Status: _STATUS,
    Outcome: _OUTCOME,
    DeliveryMethod: _DELIVERY,
    IdentityMethod: _IDENTITY,
    Question: _QUESTION,
}


def label(value: Status | Outcome | DeliveryMethod | IdentityMethod | Question) -> str:
    """Return a status, an outcome, a way of sending, of checking or of asking, as the user reads it."""
    return _(_LABELS[type(value)][value])
