"""What is urgent, as rows with words and tones.  Pure: what is due comes in, nothing is read."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain import rights, status, wording
from app.domain.breach import in_stockholm
from app.domain.rights import Right
from app.domain.subjects import HoldKind
from app.i18n import _, ngettext
from app.ui.kit.theme import Tone

SOON = dt.timedelta(days=7)
BACKUP_DAYS = 7


@dataclass(frozen=True)
class Urgent:
    """One thing that waits.

    Attributes:
        kind: `request`, `incident`, `hold` or `review`; says where Enter leads.
        target_id: The id of what it is about; 0 for an activity.
        when: How much time is left, in words.
        tone: What that means.
        title: Case number or what it is; never a person's name.
        detail: Where it stands.
        order: For sorting: the moment it is due.
    """

    kind: str
    target_id: int
    when: str
    tone: Tone
    title: str
    detail: str
    order: dt.datetime


def days_left(days: int) -> tuple[str, Tone]:
    """Return the words and the tone for a day that is so many days away."""
    if days < 0:
        return ngettext("Försenad {n} dag", "Försenad {n} dagar", -days).format(n=-days), Tone.DANGER
    if days == 0:
        return _("I dag"), Tone.DANGER
    tone = Tone.WARN if days <= SOON.days else Tone.INFO
    return ngettext("{n} dag kvar", "{n} dagar kvar", days).format(n=days), tone


def hours_left(target_at: dt.datetime, now: dt.datetime) -> tuple[str, Tone]:
    """Return the words and the tone for a clock that runs out then."""
    left = target_at - now
    hours, minutes = divmod(int(abs(left).total_seconds()) // 60, 60)
    words = _("{h} tim {m} min").format(h=hours, m=minutes)
    if left < dt.timedelta(0):
        return _("Försenad {time}").format(time=words), Tone.DANGER
    return _("{time} kvar").format(time=words), Tone.DANGER if hours < 24 else Tone.WARN


def urgent(due: Mapping[str, Sequence[Mapping[str, Any]]], *, now: dt.datetime, today: dt.date) -> list[Urgent]:
    """Return everything that waits, what is due first on top."""
    rows = [
        *(_request(one) for one in due["requests"]),
        *(_incident(one, now) for one in due["incidents"]),
        *(_hold(one, today) for one in due["holds"]),
        *(_review(one, today) for one in due["reviews"]),
    ]
    return sorted(rows, key=lambda row: row.order)


def next_deadline(due_on: dt.date | None, *, today: dt.date) -> str:
    """Return when the next request must be answered, in a sentence."""
    if due_on is None:
        return _("Nästa frist: ingen.")
    words, _tone = days_left((due_on - today).days)
    day = _("{weekday} {day}").format(weekday=wording.weekday(due_on), day=wording.day(due_on, year_of=today))
    if due_on < today:
        return _("Äldsta frist som gått ut: {day} ({left}).").format(day=day, left=words.lower())
    return _("Nästa frist: {day} ({left}).").format(day=day, left=words.lower())


def backup_warning(made_at: dt.datetime | None, *, now: dt.datetime) -> str:
    """Return why a backup should be made now; empty when the last one is fresh."""
    if made_at is None:
        return _("Valvet har ingen säkerhetskopia än.")
    days = (now - made_at).days
    if days <= BACKUP_DAYS:
        return ""
    return ngettext(
        "Den senaste säkerhetskopian är {n} dag gammal.", "Den senaste säkerhetskopian är {n} dagar gammal.", days
    ).format(n=days)


def findings_waiting(count: int) -> str:
    """Return how much the policy check found that somebody has to mend or approve."""
    return ngettext("Policykoll: {n} sak att åtgärda", "Policykoll: {n} saker att åtgärda", count).format(n=count)


def _at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(23, 59), dt.UTC)


def _request(one: Mapping[str, Any]) -> Urgent:
    words, tone = days_left(one["days_left"])
    asked = ", ".join(rights.label(Right(code)) for code in one["rights"] if code)
    detail = _("{rights} · {status}").format(rights=asked, status=status.label(one["status"]).lower())
    return Urgent("request", one["request_id"], words, tone, one["number"], detail, _at(one["due"]))


def _incident(one: Mapping[str, Any], now: dt.datetime) -> Urgent:
    words, tone = hours_left(one["target"], now)
    local = in_stockholm(one["target"])
    detail = _("Anmäl senast {when}").format(when=wording.clock(local))
    return Urgent("incident", one["incident_id"], words, tone, one["number"], detail, one["target"])


def _hold(one: Mapping[str, Any], today: dt.date) -> Urgent:
    words, tone = days_left((one["review"] - today).days)
    title = _("Gallringsstopp: {kind}").format(kind=HoldKind(one["kind"]).label.lower())
    return Urgent("hold", one["subject_id"], words, tone, title, _("Pröva om det ska vara kvar"), _at(one["review"]))


def _review(one: Mapping[str, Any], today: dt.date) -> Urgent:
    words, tone = days_left((one["review"] - today).days)
    return Urgent("review", 0, words, tone, one["name"], _("Gå igenom behandlingen"), _at(one["review"]))
