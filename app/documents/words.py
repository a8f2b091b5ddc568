"""Fixed words that several documents share."""

from app.i18n import _


def nothing() -> str:
    """Return what an empty part says.  It never vanishes: the reader shall see that it was asked for."""
    return _("Inga")
