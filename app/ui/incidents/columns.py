"""The columns of the list of incidents."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from app.domain import severity
from app.domain.breach import in_stockholm
from app.domain.severity import Risk
from app.i18n import _
from app.ui.incidents.clock_card import hours_left, tone_of
from app.ui.kit.badges import Badge
from app.ui.kit.table_model import Column
from app.ui.kit.theme import Tone

Now = Callable[[], dt.datetime]
_RISKS = {
    Risk.UNLIKELY: Badge(Tone.OK, "shield-check"),
    Risk.RISK: Badge(Tone.WARN, "triangle-alert"),
    Risk.HIGH: Badge(Tone.DANGER, "circle-alert"),
}


def columns(now: Now) -> tuple[Column, ...]:
    """Return what the list shows; the clock is read when a cell is drawn."""
    return (
        Column(_("Nr"), lambda row: row.number, key="number", width=12, is_strong=True),
        Column(_("Rubrik"), lambda row: row.title, key="title", tooltip=lambda row: row.title, width=44),
        Column(_("Upptäckt"), lambda row: moment(row.aware_at), key="aware", width=17),
        Column(
            _("Anmäl senast"),
            lambda row: due(row, now()),
            key="target",
            tooltip=lambda row: moment(row.target_at),
            badge=lambda row: due_badge(row, now()),
            width=22,
        ),
        Column(
            _("Risk"),
            lambda row: severity.label(row.risk) if row.risk else _("Inte bedömd"),
            key="risk",
            badge=lambda row: _RISKS.get(row.risk, Badge(Tone.NEUTRAL)),
            width=16,
        ),
        Column(_("Läge"), state),
    )


def moment(at: dt.datetime) -> str:
    """Return a time as the clock in Sweden shows it."""
    return f"{in_stockholm(at):%Y-%m-%d %H.%M}"


def due(row: Any, now: dt.datetime) -> str:
    """Return the words of the clock's badge."""
    if row.notified_at is not None:
        return _("Anmäld")
    if row.is_notify is False:
        return _("Anmäls inte")
    if row.closed_on is not None:
        return "–"
    left = row.target_at - now
    words = _("{hours} tim för sent") if left < dt.timedelta(0) else _("{hours} tim kvar")
    return words.format(hours=hours_left(left).removeprefix("−"))


def due_badge(row: Any, now: dt.datetime) -> Badge:
    """Return how the clock's badge looks."""
    if row.notified_at is not None:
        return Badge(Tone.OK)
    if row.is_notify is False or row.closed_on is not None:
        return Badge(Tone.NEUTRAL)
    return Badge(tone_of(row.target_at - now))


def state(row: Any) -> str:
    """Return what is next, in a few words."""
    if row.closed_on is not None:
        return _("Avslutad {day}").format(day=row.closed_on.isoformat())
    if row.risk is None:
        return _("Utreds")
    if row.is_notify and row.notified_at is None:
        return _("Ska anmälas")
    if row.is_inform and row.informed_on is None:
        return _("Berörda ska informeras")
    return _("Kan avslutas")
