"""Fixed words that several documents share."""

from app.documents.content import Party
from app.i18n import _


def nothing() -> str:
    """Return what an empty part says.  It never vanishes: the reader shall see that it was asked for."""
    return _("Inga")


def in_lines(party: Party) -> str:
    """Return who somebody is and how to reach them, a line for each; that there is nobody when nothing is known."""
    orgnr = _("Org.nr {number}").format(number=party.orgnr) if party.orgnr else ""
    parts = (party.name, orgnr, *party.lines, party.email, party.phone, party.website)
    return "\n".join(part for part in parts if part) or nothing()
