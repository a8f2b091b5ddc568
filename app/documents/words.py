"""Fixed words that several documents share."""

from datetime import date

from app.i18n import _, mark

_MONTHS = (
    mark("januari"),
    mark("februari"),
    mark("mars"),
    mark("april"),
    mark("maj"),
    mark("juni"),
    mark("juli"),
    mark("augusti"),
    mark("september"),
    mark("oktober"),
    mark("november"),
    mark("december"),
)


def day_in_words(day: date) -> str:
    """Return a date for running text: `20 november 2026`."""
    return f"{day.day} {_(_MONTHS[day.month - 1])} {day.year}"


def nothing() -> str:
    """Return what an empty part says.  It never vanishes: the reader shall see that it was asked for."""
    return _("Inga")
