"""What letters and their merge fields are called in the window."""

from app.i18n import _, mark

_KINDS = {
    "acknowledgement": mark("Bekräftelse"),
    "identity_request": mark("Fråga om identitet"),
    "clarification": mark("Be om förtydligande"),
    "extension": mark("Förlängning"),
    "access": mark("Registerutdrag"),
    "access_nothing": mark("Inga uppgifter"),
    "extract_cover": mark("Följebrev till utdrag"),
    "rectification": mark("Rättelse gjord"),
    "erasure": mark("Radering gjord"),
    "erasure_partial": mark("Delvis radering"),
    "refusal": mark("Avslag"),
    "restriction": mark("Begränsning"),
    "portability": mark("Dataportabilitet"),
    "objection_granted": mark("Invändning, bifall"),
    "objection_refused": mark("Invändning, avslag"),
    "marketing": mark("Reklam stoppad"),
    "consent": mark("Samtycke återkallat"),
    "automated": mark("Automatiserat beslut"),
    "comment": mark("Referenskommentar"),
    "compensation": mark("Skadestånd"),
    "complaint": mark("Klagomål"),
    "information": mark("Information"),
    "unidentified": mark("Ej identifierad"),
    "incident_information": mark("Information om incident"),
}
FIELD_LABELS = {
    "reference": mark("Ärendets nummer"),
    "received": mark("Dagen då begäran kom"),
    "due": mark("Sista dagen"),
    "extended_due": mark("Den nya sista dagen"),
    "today": mark("Dagens datum"),
    "name": mark("Personens namn"),
    "controller": mark("Personuppgiftsansvarig"),
    "officer": mark("Dataskyddsombudets namn"),
    "officer_email": mark("Dataskyddsombudets e-post"),
    "officer_phone": mark("Dataskyddsombudets telefon"),
    "authority": mark("Tillsynsmyndigheten"),
    "authority_address": mark("Tillsynsmyndighetens adress"),
    "reason": mark("Skälet"),
    "ground": mark("Grunden i lagen"),
    "kept": mark("Vad som sparas, och varför"),
    "erased": mark("Vad som har raderats"),
    "corrected": mark("Vad som har rättats"),
    "recipients": mark("Mottagare som har underrättats"),
    "sent_to": mark("Vart det har skickats"),
    "channels": mark("Kanaler utan reklam"),
    "what_happened": mark("Vad som har hänt"),
    "consequences": mark("Vad det kan leda till"),
    "measures": mark("Vad vi har gjort"),
    "advice": mark("Vad personen kan göra"),
}
"""Every merge field has a name, so that what is missing can be asked for."""


def kind_label(kind: str) -> str:
    """Return a letter's name as the user reads it."""
    return _(_KINDS.get(kind, kind))


def letter_name(file_name: str) -> str:
    """Return what a stored letter is, by its generated name `brev_<kind>_<number>_v<version>.pdf`."""
    kind = file_name.removeprefix("brev_").partition("_B-")[0]
    return kind_label(kind) if kind in _KINDS else ""
