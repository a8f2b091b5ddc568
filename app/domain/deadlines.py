"""The time limits of a request: the lawful one, the goal before it, and the sum in words."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.errors import ExitCode, UserError
from app.domain.holidays import holiday_name, is_eve, is_working_day
from app.domain.retention import add_months
from app.domain.wording import count, day, weekday
from app.i18n import _, ngettext

EXTENDED_MONTHS = 3
"""The whole period of an extended request: one month and two more, counted from the day of receipt."""
ASK_WITHIN_DAYS = 3
"""A question sent later than this was hardly sent without undue delay."""


@dataclass(frozen=True)
class Deadline:
    """The days that govern a request.

    Attributes:
        received_on: The day it reached the office, not the day somebody read it.
        nominal_on: The end of the period with its pauses, before days off are looked at.
        due_on: The last lawful day to answer.
        due_with_eves_on: The same if Midsummer's, Christmas and New Year's Eve count as days off; information only.
        goal_on: The last working day that satisfies every reading.
        contact_by_on: The day by which the officer has promised to be in touch.
        months: The length of the period.
        paused_days: The days the clock stood still.
        sum: The calculation in words.
    """

    received_on: date
    nominal_on: date
    due_on: date
    due_with_eves_on: date
    goal_on: date
    contact_by_on: date
    months: int
    paused_days: int
    sum: str


def deadline(received_on: date, *, months: int = 1, paused_days: int = 0, contact_days: int = 30) -> Deadline:
    """Return when a request must be answered.

    The same date so many months on, or that month's last day; then the days of pause; a day off moves the end forward.
    Source: Art. 12.3 GDPR; Reg. (EEC, Euratom) 1182/71 Art. 3.2 c and 3.4.  The way a pause is added is the program's own choice.

    Raises:
        UserError: A number is out of range.
    """
    if not (1 <= months <= 24 and 0 <= paused_days <= 3660 and 0 <= contact_days <= 3660):
        raise _out_of_range()
    unpaused_on = add_months(received_on, months)
    nominal_on = unpaused_on + timedelta(days=paused_days)
    due_on = _first_working_day(nominal_on)
    return Deadline(
        received_on=received_on,
        nominal_on=nominal_on,
        due_on=due_on,
        due_with_eves_on=_first_working_day(nominal_on, eves_off=True),
        goal_on=max(received_on, _last_working_day(nominal_on)),
        contact_by_on=received_on + timedelta(days=contact_days),
        months=months,
        paused_days=paused_days,
        sum=_in_words((received_on, unpaused_on, nominal_on, due_on), months, paused_days),
    )


def pause_days(asked_on: date, answered_on: date) -> int:
    """Return how many days a question held the clock: from the day after it was sent through the day of the answer.

    Raises:
        UserError: The answer is older than the question.
    """
    if answered_on < asked_on:
        raise UserError(
            _("Svaret är daterat före frågan."),
            stands=_("Fristen är oförändrad."),
            do=_("Ange den dag då svaret kom. Den kan inte ligga före den dag då frågan skickades."),
            code=ExitCode.USAGE,
        )
    return (answered_on - asked_on).days


def _first_working_day(on: date, *, eves_off: bool = False) -> date:
    while not is_working_day(on) or (eves_off and is_eve(on)):
        on += timedelta(days=1)
    return on


def _last_working_day(on: date) -> date:
    while not is_working_day(on):
        on -= timedelta(days=1)
    return on


def _in_words(days: tuple[date, date, date, date], months: int, paused_days: int) -> str:
    received_on, unpaused_on, nominal_on, due_on = days
    span = ngettext("{count} månad", "{count} månader", months).format(count=count(months))
    parts = [
        _("Inkom {day}").format(day=day(received_on, year_of=received_on)),
        f"{span} {_day_and_why(unpaused_on, received_on, is_last=not paused_days)}",
    ]
    if paused_days:
        pause = ngettext("{count} dags paus", "{count} dagars paus", paused_days).format(count=count(paused_days))
        parts.append(f"{pause} {_day_and_why(nominal_on, received_on, is_last=True)}")
    parts.append(_("svara senast {day}").format(day=day(due_on, year_of=received_on)))
    return " → ".join(parts)


def _day_and_why(on: date, received_on: date, *, is_last: bool) -> str:
    """Return the day, and in brackets why it is a day off when the period would end there."""
    shown = day(on, year_of=received_on)
    if not is_last or is_working_day(on):
        return shown
    return f"{shown} ({holiday_name(on) or weekday(on)})"


def _out_of_range() -> UserError:
    return UserError(
        _("Fristen kan inte räknas ut."),
        stands=_("Inget har ändrats."),
        do=_("Ange 1–24 månader och ett antal dagar som inte är negativt."),
        code=ExitCode.USAGE,
    )
