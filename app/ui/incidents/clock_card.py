"""The 72 hours: how many are left, until when, and how the other two readings of the rule differ."""

import datetime as dt
from dataclasses import dataclass

from PySide6.QtCore import Qt

from app.domain.breach import breach_clock, in_stockholm
from app.domain.wording import MONTHS, day, weekday
from app.i18n import _
from app.reference.authority import authority
from app.reference.periods import periods
from app.ui.kit.cards import Card
from app.ui.kit.clock import ClockRing
from app.ui.kit.fold import Fold
from app.ui.kit.labels import PlainLabel
from app.ui.kit.theme import Tone

HOUR = dt.timedelta(hours=1)
SOON = 24 * HOUR


@dataclass(frozen=True)
class Timing:
    """What the clock is set by.

    Attributes:
        aware_at: When the office became aware.
        target_at: When the notification is due.
        notified_at: When it was made.
        is_needless: It was decided not to notify, or the incident is closed.
        supplement_on: The day a supplement is due.
    """

    aware_at: dt.datetime
    target_at: dt.datetime
    notified_at: dt.datetime | None = None
    is_needless: bool = False
    supplement_on: dt.date | None = None


class ClockCard(Card):
    """A ring with the hours left, the last moment, and a fold with all three readings."""

    def __init__(self) -> None:
        super().__init__()
        self.ring = ClockRing()
        self.until = PlainLabel("", "strong", wrap=True)
        self.moment = PlainLabel("", wrap=True)
        self.note = PlainLabel("", "muted", wrap=True)
        self.fold = Fold(_("Så räknas tiden"))
        self.readings = PlainLabel("", "muted", wrap=True, is_selectable=True)
        self.fold.add(self.readings)
        self.column.addWidget(self.ring, 0, Qt.AlignmentFlag.AlignHCenter)
        for part in (self.until, self.moment, self.note, self.fold):
            self.add(part)

    def show_time(self, timing: Timing, now: dt.datetime) -> None:
        """Show how the clock stands."""
        hours = _hours(timing)
        left = timing.target_at - now
        big, small, tone, part = _ring(timing, left, hours)
        self.ring.set_time(part, big, small, tone)
        name = authority(in_stockholm(timing.aware_at).date()).short
        self.until.setText(_until(timing, name))
        self.moment.setText(_moment(timing))
        self.note.setText(_("Upptäckt {at}. Helger räknas med.").format(at=short_moment(timing.aware_at)))
        self.readings.setText(_readings(timing.aware_at, hours))
        self.setAccessibleName(f"{self.until.text()} {self.moment.text()}, {big} {small}")


def hours_left(left: dt.timedelta) -> str:
    """Return "17.24" for 17 hours and 24 minutes, with a minus when it is too late."""
    minutes = abs(int(left.total_seconds())) // 60
    return f"{'−' if left < dt.timedelta(0) else ''}{minutes // 60}.{minutes % 60:02d}"


def tone_of(left: dt.timedelta) -> Tone:
    """Return how urgent it is."""
    if left < dt.timedelta(0):
        return Tone.DANGER
    return Tone.WARN if left <= SOON else Tone.INFO


def short_moment(at: dt.datetime) -> str:
    """Return "fre 20 nov 2026 kl. 15.10" for a time in UTC, as the clock in Sweden shows it."""
    local = in_stockholm(at)
    month = _(MONTHS[local.month - 1])[:3]
    return _("{weekday} {day} {month} {year} kl.\N{NO-BREAK SPACE}{clock}").format(
        weekday=weekday(local)[:3], day=local.day, month=month, year=local.year, clock=f"{local:%H.%M}"
    )


def _hours(timing: Timing) -> int:
    return periods(in_stockholm(timing.aware_at).date()).breach_hours


def _ring(timing: Timing, left: dt.timedelta, hours: int) -> tuple[str, str, Tone, float]:
    if timing.notified_at is not None:
        is_late = timing.notified_at > timing.target_at
        return _("Anmäld"), _("för sent") if is_late else _("i tid"), Tone.WARN if is_late else Tone.OK, 0.0
    if timing.is_needless:
        return "–", _("anmäls inte"), Tone.NEUTRAL, 1.0
    if left < dt.timedelta(0):
        return hours_left(left), _("tim för sent"), Tone.DANGER, 0.0
    return hours_left(left), _("kvar av {hours} tim").format(hours=hours), tone_of(left), left / (hours * HOUR)


def _until(timing: Timing, name: str) -> str:
    if timing.notified_at is not None:
        return _("Anmäld till {authority}").format(authority=name)
    if timing.is_needless:
        return _("Ingen anmälan")
    return _("Anmäl till {authority} senast").format(authority=name)


def _moment(timing: Timing) -> str:
    if timing.notified_at is not None:
        words = short_moment(timing.notified_at)
        if timing.supplement_on is None:
            return words
        return words + "\n" + _("Komplettera senast {day}").format(day=day(timing.supplement_on))
    return _("Dokumentera ändå, med skäl") if timing.is_needless else short_moment(timing.target_at)


def _readings(aware_at: dt.datetime, hours: int) -> str:
    clock = breach_clock(aware_at, hours=hours)
    lines = (
        clock.sum,
        _("Mål, till minuten: {at}").format(at=short_moment(clock.target_at)),
        _("Timregeln, timmen för upptäckten räknas inte: {at}").format(at=short_moment(clock.latest_hour_rule_at)),
        _("Yttersta läsningen, minst två arbetsdagar, omstridd: {at}").format(at=short_moment(clock.outer_reading_at)),
        _("Programmet går efter målet."),
    )
    return "\n\n".join(lines)
