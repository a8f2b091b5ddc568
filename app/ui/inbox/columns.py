"""The columns of the request list."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from app.domain import rights, status
from app.domain.rights import Right
from app.domain.subjects import Protection
from app.i18n import _
from app.ui.inbox.badges import Standing, deadline_badge
from app.ui.kit.badges import Badge
from app.ui.kit.foreign import one_line
from app.ui.kit.table import Column

NARROW = ("number", "who", "rights", "due")
"""The columns that are left when there is room for one pane only."""


def columns(today: Callable[[], dt.date]) -> tuple[Column, ...]:
    """Return the columns; `today` gives the day the deadlines are counted from."""

    def words(row: Any) -> str:
        return deadline_badge(standing(row), today())[0]

    def badge(row: Any) -> Badge:
        return deadline_badge(standing(row), today())[1]

    return (
        Column(_("Nr"), lambda row: str(row.number), key="number", width=9),
        Column(_("Registrerad"), who, key="who", width=12, tooltip=who, icon=_mark),
        Column(_("Rättighet"), rights_text, width=13, tooltip=rights_text),
        Column(_("Inkom"), lambda row: str(row.received_on.isoformat()), key="received", width=10),
        Column(_("Frist"), words, key="due", width=15, badge=badge, tooltip=_days),
        Column(_("Läge"), status_text, key="status", tooltip=status_text),
    )


KEYS = ("number", "who", "rights", "received", "due", "status")


def standing(row: Any) -> Standing:
    """Return what the deadline's badge is made of."""
    return Standing(
        due_on=row.due_on,
        sent_on=row.sent_on,
        closed_on=row.closed_on,
        extended_on=row.extended_on,
        is_paused=bool(row.is_paused),
    )


def who(row: Any) -> str:
    """Return whom the request is about."""
    return one_line(row.who or _("Okänd"), 80)


def rights_text(row: Any) -> str:
    """Return the rights asked for, in words."""
    return ", ".join(rights.label(Right(code)) for code in (row.rights or "").split(",") if code)


def status_text(row: Any) -> str:
    """Return where the request stands."""
    return status.label(row.status)


def _days(row: Any) -> str:
    return _("Mål {goal}, senast enligt lagen {due}").format(goal=row.goal_on.isoformat(), due=row.due_on.isoformat())


def _mark(row: Any) -> str:
    return "lock" if row.protection not in (None, Protection.NONE) else ""
