"""The latest acts out of the trail: what and when and by whom, never about whom."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout

from app.domain import audit
from app.domain.breach import in_stockholm
from app.i18n import _
from app.ui.kit.buttons import button
from app.ui.kit.cards import Card
from app.ui.kit.foreign import one_line
from app.ui.kit.labels import PlainLabel


class LatestEvents(Card):
    """A short list.

    Signals:
        log_wanted: Show the whole trail.
    """

    log_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[str, ...] = ()
        self.column.addWidget(PlainLabel(_("Senaste händelser"), "h2"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self.column.addLayout(self._grid)
        self.log_button = button(_("Visa &loggen"), "scroll-text", role="link")
        self.column.addWidget(self.log_button)
        self.log_button.clicked.connect(self.log_wanted)

    def set_events(self, rows: Sequence[Any]) -> None:
        """Show these entries, the newest first."""
        shown = [(_when(row.at), audit.label(row.action), row.user) for row in rows]
        lines = tuple("  ".join(parts) for parts in shown)
        if lines == self.lines:
            return
        self.lines = lines
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for number, (when, what, who) in enumerate(shown):
            time, act = PlainLabel(when, "muted"), PlainLabel(what, wrap=True)
            act.setAccessibleName(f"{when} {what}, {one_line(who)}")
            self._grid.addWidget(time, number, 0)
            self._grid.addWidget(act, number, 1)


def _when(at: dt.datetime) -> str:
    return in_stockholm(at).strftime("%m-%d %H.%M")
