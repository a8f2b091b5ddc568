"""Dates and numbers in the words of the language in use, for the sentences that show a calculation."""

from datetime import date, datetime

from app.i18n import _, language, mark

MONTHS = (
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
WEEKDAYS = (
    mark("måndag"),
    mark("tisdag"),
    mark("onsdag"),
    mark("torsdag"),
    mark("fredag"),
    mark("lördag"),
    mark("söndag"),
)
COUNTS = (
    mark("noll"),
    mark("en"),
    mark("två"),
    mark("tre"),
    mark("fyra"),
    mark("fem"),
    mark("sex"),
    mark("sju"),
    mark("åtta"),
    mark("nio"),
    mark("tio"),
    mark("elva"),
    mark("tolv"),
)


def day(on: date, *, year_of: date | None = None) -> str:
    """Return `25 november 2026`; without the year when it is that of `year_of`."""
    month = _(MONTHS[on.month - 1])
    if year_of is not None and on.year == year_of.year:
        return _("{day} {month}").format(day=on.day, month=month)
    return _("{day} {month} {year}").format(day=on.day, month=month, year=on.year)


def weekday(on: date) -> str:
    """Return the day's name, such as `fredag`."""
    return _(WEEKDAYS[on.weekday()])


def clock(local: datetime) -> str:
    """Return `fredag 6 februari 2026 kl. 10.15` for a local time."""
    return _("{weekday} {day} kl. {hour}.{minute}").format(
        weekday=weekday(local), day=day(local), hour=f"{local:%H}", minute=f"{local:%M}"
    )


def count(number: int) -> str:
    """Return a small number as a word (`tre`), a large one in digits (`72`)."""
    return _(COUNTS[number]) if 0 <= number < len(COUNTS) else str(number)


def number(value: float) -> str:
    """Return a number with the decimal sign of the language in use and no needless zeros."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if language() == "sv" else text
