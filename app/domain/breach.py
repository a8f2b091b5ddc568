"""The clock of a personal data breach: 72 hours, read in three ways, computed in UTC and shown in Swedish time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.errors import ExitCode, UserError
from app.domain.holidays import is_working_day
from app.domain.wording import clock
from app.i18n import _

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class BreachClock:
    """When a breach must be notified.  All times are UTC.

    Attributes:
        aware_at: When the office became aware of the breach.
        target_at: So many hours later to the minute: the goal that everything in the program goes by.
        latest_hour_rule_at: The end if the hour of awareness is not counted.
        outer_reading_at: The end if the period must also hold two working days, which is disputed.
        sum: The calculation in words.
    """

    aware_at: datetime
    target_at: datetime
    latest_hour_rule_at: datetime
    outer_reading_at: datetime
    sum: str


def breach_clock(aware_at: datetime, *, hours: int = 72) -> BreachClock:
    """Return when a breach known since `aware_at` must be notified.  Weekends count.

    Source: Art. 33.1 GDPR; Reg. (EEC, Euratom) 1182/71 Art. 3.1 and 3.2 a (whole hours), Art. 3.5 (two working days, disputed).

    Raises:
        UserError: The number of hours or the year is out of range.
        ValueError: `aware_at` has no zone.
    """
    if aware_at.tzinfo is None:
        raise ValueError("aware_at needs a zone")
    if not (1 <= hours <= 24 * 366 and 1900 <= aware_at.year <= 9000):
        raise _out_of_range()
    aware_at = aware_at.astimezone(UTC)
    target_at = aware_at + timedelta(hours=hours)
    first_hour_at = aware_at.replace(minute=0, second=0, microsecond=0) + HOUR
    latest_at = first_hour_at + timedelta(hours=hours)
    outer_at = _with_two_working_days(first_hour_at, latest_at) if hours >= 48 else latest_at
    return BreachClock(aware_at, target_at, latest_at, outer_at, _in_words(aware_at, target_at, hours))


def stockholm(local_day: date, local_time: time, *, fold: int | None = None) -> datetime:
    """Return a Swedish local time as UTC.

    Args:
        local_day: The day in Sweden.
        local_time: The time on the clock.
        fold: For a time that comes twice when summer time ends: 0 for the first, 1 for the second.

    Raises:
        UserError: The clock never showed that time, or showed it twice and `fold` does not say which.
    """
    naive = datetime.combine(local_day, local_time.replace(tzinfo=None, fold=0))
    first, second = (naive.replace(tzinfo=STOCKHOLM, fold=which).astimezone(UTC) for which in (0, 1))
    if first > second:
        raise UserError(
            _("Den tiden fanns inte: klockan ställdes fram till sommartid."),
            stands=_("Tiden har inte sparats."),
            do=_("Ange en tid före kl. 02.00 eller från och med kl. 03.00."),
            code=ExitCode.USAGE,
        )
    if first < second and fold is None:
        raise UserError(
            _("Den tiden kom två gånger: klockan ställdes tillbaka till normaltid."),
            stands=_("Tiden har inte sparats."),
            do=_("Välj om det var första gången (sommartid) eller andra gången (normaltid)."),
            code=ExitCode.USAGE,
        )
    return second if fold == 1 else first


def in_stockholm(at: datetime) -> datetime:
    """Return a time as the clock in Sweden shows it."""
    return at.astimezone(STOCKHOLM)


def _with_two_working_days(start_at: datetime, end_at: datetime) -> datetime:
    """Return the end of the period, moved on until it holds two whole working days."""
    start = in_stockholm(start_at)
    day = start.date() if start.time() == time(0) else start.date() + timedelta(days=1)
    found = 0
    while found < 2:
        found += is_working_day(day)
        day += timedelta(days=1)
    midnight_at = datetime.combine(day, time(0), tzinfo=STOCKHOLM).astimezone(UTC)
    return max(end_at, midnight_at)


def _in_words(aware_at: datetime, target_at: datetime, hours: int) -> str:
    aware, target = in_stockholm(aware_at), in_stockholm(target_at)
    words = _("Vetskap {aware} → {hours} timmar, helger inräknade → anmäl senast {target}").format(
        aware=clock(aware), hours=hours, target=clock(target)
    )
    if aware.utcoffset() == target.utcoffset():
        return words
    if target.dst():
        return _("{words} (klockan ställs fram en timme)").format(words=words)
    return _("{words} (klockan ställs tillbaka en timme)").format(words=words)


def _out_of_range() -> UserError:
    return UserError(
        _("Tidpunkten för anmälan kan inte räknas ut."),
        stands=_("Inget har ändrats."),
        do=_("Ange en rimlig tidpunkt och ett antal timmar från 1 till 8 784."),
        code=ExitCode.USAGE,
    )
