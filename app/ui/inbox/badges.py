"""How a request's deadline is shown: an icon and words, never a colour alone."""

import datetime as dt
from dataclasses import dataclass

from app.domain.wording import day, weekday
from app.i18n import _, mark, ngettext
from app.ui.kit.badges import Badge
from app.ui.kit.theme import Tone

SOON_DAYS = 7
MONTHS = (
    mark("jan"), mark("feb"), mark("mar"), mark("apr"), mark("maj"), mark("jun"),
    mark("jul"), mark("aug"), mark("sep"), mark("okt"), mark("nov"), mark("dec"),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the badge is made of."""

    due_on: dt.date
    sent_on: dt.date | None
    closed_on: dt.date | None
    extended_on: dt.date | None
    is_paused: bool


def deadline_badge(standing: Standing, today: dt.date) -> tuple[str, Badge]:
    """Return the words and the looks."""
    if standing.sent_on is not None:
        return _answered((standing.sent_on - standing.due_on).days)
    if standing.closed_on is not None:
        return _("Avslutad"), Badge(Tone.NEUTRAL, "archive")
    if standing.is_paused:
        return _("Pausad"), Badge(Tone.HOLD, "pause")
    left = (standing.due_on - today).days
    if left <= 0:
        return late_text(-left), Badge(Tone.DANGER, "circle-alert")
    if left > SOON_DAYS and standing.extended_on is not None:
        return _("Förlängd till {day}").format(day=_short(standing.due_on)), Badge(Tone.HOLD, "calendar-plus")
    shown = ngettext("{days} dag kvar", "{days} dagar kvar", left).format(days=left)
    return shown, Badge(Tone.WARN if left <= SOON_DAYS else Tone.INFO, "clock")


def late_text(days: int) -> str:
    """Return how late an unanswered request is; 0 is the last day itself."""
    if days == 0:
        return _("Sista dagen i dag")
    return ngettext("Försenad {days} dag", "Försenad {days} dagar", days).format(days=days)


def _answered(days_late: int) -> tuple[str, Badge]:
    if days_late <= 0:
        return _("Besvarad"), Badge(Tone.OK, "circle-check")
    shown = ngettext("Besvarad {days} dag sent", "Besvarad {days} dagar sent", days_late).format(days=days_late)
    return shown, Badge(Tone.WARN, "triangle-alert")


def _short(day: dt.date) -> str:
    return f"{day.day} {_(MONTHS[day.month - 1])}"


def limit_text(goal_on: dt.date, due_on: dt.date) -> str:
    """Return the goal, and the last lawful day beside it when that is another day."""
    if goal_on == due_on:
        return _("Svara senast {day}.").format(day=_named(due_on))
    return _("Mål: svara {goal}. Senast enligt lagen: {due}.").format(goal=_named(goal_on), due=_named(due_on))


def _named(on: dt.date) -> str:
    return f"{weekday(on)} {day(on)}"
