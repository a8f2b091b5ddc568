"""The columns of the four lists, as data."""

from typing import Any

from app.domain.breach import in_stockholm
from app.domain.retention import Action, Decides, label
from app.i18n import _, mark, ngettext
from app.ui.kit.badges import Badge
from app.ui.kit.table_model import Align, Column
from app.ui.kit.theme import Tone
from app.ui.retention.lines import Line

_BADGES = {
    Action.ERASE: Badge(Tone.DANGER, "trash-2"),
    Action.ANONYMISE: Badge(Tone.INFO, "eye-off"),
    Action.KEEP: Badge(Tone.NEUTRAL, "shield-check"),
}
_DECIDED_BY = {
    Decides.SUPPRESSION.value: (mark("Reklamspärr"), Badge(Tone.INFO, "megaphone-off")),
    Decides.HOLD.value: (mark("Stopp"), Badge(Tone.HOLD, "pause")),
    Decides.BOOKKEEPING.value: (mark("Bokföring"), Badge(Tone.NEUTRAL, "book-open")),
    Decides.RUNNING.value: (mark("Löper"), Badge(Tone.NEUTRAL, "clock")),
    Decides.NO_RULE.value: (mark("Regel saknas"), Badge(Tone.WARN, "circle-alert")),
}


def proposal_columns() -> tuple[Column, ...]:
    """Return what the proposals show; the first column has the box."""
    return (
        Column(_("Gäller"), lambda line: line.who, width=24, is_strong=True),
        Column(_("Vad"), lambda line: line.what, tooltip=lambda line: line.what, width=30),
        Column(_("Från"), from_day, width=11),
        Column(_("Åtgärd"), lambda line: label(line.action), badge=lambda line: _BADGES[line.action], width=12),
        Column(_("Varför"), lambda line: line.reason, tooltip=lambda line: line.reason),
    )


def kept_columns() -> tuple[Column, ...]:
    """Return what the list of kept values shows."""
    return (
        Column(_("Gäller"), lambda line: line.who, width=24, is_strong=True),
        Column(_("Vad"), lambda line: line.what, tooltip=lambda line: line.what, width=30),
        Column(_("Tidigast"), from_day, width=11),
        Column(_("Avgörs av"), decided_by, badge=_decided_badge, width=13),
        Column(_("Varför"), lambda line: line.reason, tooltip=lambda line: line.reason),
    )


def dry_run_columns() -> tuple[Column, ...]:
    """Return what the dry run shows of each line."""
    return (
        Column(_("Gäller"), lambda line: line.who, width=20, is_strong=True),
        Column(_("Vad"), lambda line: line.what, tooltip=lambda line: line.what, width=26),
        Column(_("Källa"), lambda line: line.places or _("Ärenden"), width=20),
        Column(_("Varför"), lambda line: line.reason, tooltip=lambda line: line.reason),
    )


def rule_columns() -> tuple[Column, ...]:
    """Return what the rules show."""
    return (
        Column(_("Regel"), lambda row: row.title, width=38, is_strong=True),
        Column(_("Berör nu"), _touches, width=12),
        Column(_("I en mening"), lambda row: row.sentence, tooltip=lambda row: row.sentence),
    )


def receipt_columns() -> tuple[Column, ...]:
    """Return what the receipts show."""
    return (
        Column(_("Nr"), lambda row: row.number, width=12, is_strong=True),
        Column(_("Beslutat"), lambda row: f"{in_stockholm(row.decided_at):%Y-%m-%d %H.%M}", width=17),
        Column(_("Av"), lambda row: row.decided_by, width=20),
        Column(_("Raderade"), lambda row: str(row.erased), align=Align.AlignRight, width=10),
        Column(_("Anonymiserade"), lambda row: str(row.anonymised), align=Align.AlignRight, width=14),
        Column(_("Kvar"), lambda row: str(row.kept), align=Align.AlignRight, width=8),
        Column(_("Att göra för hand"), by_hand, badge=_by_hand_badge),
    )


def from_day(line: Line) -> str:
    """Return the first day it may go."""
    return line.from_on.isoformat() if line.from_on else "–"


def decided_by(line: Line) -> str:
    """Return which rule keeps it, in a word."""
    found = _DECIDED_BY.get(line.decides)
    return _(found[0]) if found else ""


def by_hand(row: Any) -> str:
    """Return how much of the work outside the program is left."""
    if not row.tasks:
        return _("Inget")
    if not row.open_tasks:
        return _("Allt klart")
    return ngettext("{left} av {all} kvar", "{left} av {all} kvar", row.open_tasks).format(
        left=row.open_tasks, all=row.tasks
    )


def _decided_badge(line: Line) -> Badge | None:
    found = _DECIDED_BY.get(line.decides)
    return found[1] if found else None


def _by_hand_badge(row: Any) -> Badge:
    return Badge(Tone.WARN, "list-checks") if row.open_tasks else Badge(Tone.OK)


def _touches(row: Any) -> str:
    return ngettext("{count} post", "{count} poster", row.touched).format(count=row.touched) if row.touched else "–"
