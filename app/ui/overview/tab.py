"""The first tab: what waits today, what to begin with, and what happened last."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from app.domain import wording
from app.i18n import _
from app.services import organisation, policy
from app.ui.comfort import Comfort
from app.ui.context import Context
from app.ui.kit.buttons import button
from app.ui.kit.cards import Card, InfoCard
from app.ui.kit.empty import EmptyState
from app.ui.kit.labels import PlainLabel
from app.ui.kit.table import Badge, Column, QueryTable
from app.ui.kit.theme import Tone, theme
from app.ui.overview.events import LatestEvents
from app.ui.overview.getting_started import GettingStarted, Progress
from app.ui.overview.words import SOON, Urgent, backup_warning, findings_waiting, next_deadline, urgent
from db.queries import due, overview, trail

SHOWN_EVENTS = 8
SIDE_WIDTH = 380
WIDE = 900
MINUTE_MS = 60_000
ICONS = {"request": "inbox", "incident": "triangle-alert", "hold": "pause", "review": "book-open"}


@dataclass(frozen=True)
class Found:
    """What one reading gave."""

    due: Mapping[str, Sequence[Mapping[str, Any]]]
    next_due_on: dt.date | None
    backup_at: dt.datetime | None
    progress: Progress
    events: Sequence[Any]
    findings: int


def columns() -> tuple[Column, ...]:
    """Return the columns of the list."""
    return (
        Column(_("Tid"), lambda row: row.when, badge=lambda row: Badge(row.tone), width=15),
        Column(_("Ärende"), lambda row: row.title, icon=lambda row: ICONS[row.kind], width=22, is_strong=True),
        Column(_("Läge"), lambda row: row.detail, tooltip=lambda row: row.detail, width=36),
    )


class OverviewTab(QWidget):
    """What waits, and the way to it."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context, self._comfort = context, Comfort()
        self.rows: list[Urgent] = []
        self.heading = PlainLabel("", "h1", wrap=True)
        self.next_deadline = PlainLabel("", wrap=True)
        self.table = QueryTable(columns(), self._fetch, name=_("Det som väntar"))
        self.backup = InfoCard(tone=Tone.WARN)
        self.backup_button = button(_("&Gör en säkerhetskopia"), "database-backup")
        self.policy = Card()
        self.policy_button = button("", "scale", role="link")
        self.start = GettingStarted()
        self.events = LatestEvents()
        self._build()
        self._connect()
        self._reload()

    def _build(self) -> None:
        inner, area, whole = QWidget(), QScrollArea(), QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight, inner)
        self._both.setContentsMargins(10, 10, 10, 10)
        self._both.setSpacing(16)
        self._build_list()
        self._build_side()

    def _build_list(self) -> None:
        self.table.setMinimumHeight(220)
        empty = EmptyState("circle-check", _("Inget brådskar."), _("Ny begäran"))
        empty.pressed.connect(self._new_request)
        self.table.set_empty(empty)
        left = QVBoxLayout()
        self._both.addLayout(left, 1)
        left.setSpacing(8)
        for part in (self.heading, self.next_deadline):
            left.addWidget(part)
        left.addWidget(self.table, 1)

    def _build_side(self) -> None:
        self.backup.add(self.backup_button)
        self.backup.hide()
        self.policy.add(self.policy_button)
        self.policy.hide()
        self.side = QWidget()
        self._both.addWidget(self.side)
        right = QVBoxLayout(self.side)
        right.setSpacing(10)
        right.setContentsMargins(0, 0, 0, 0)
        for card in (self.backup, self.start, self.policy, self.events):
            right.addWidget(card)
        right.addStretch()

    def _connect(self) -> None:
        self.table.opened.connect(self._open)
        self.backup_button.clicked.connect(self._show_backups)
        self.policy_button.clicked.connect(self._show_policy)
        self.start.wanted.connect(self._begin)
        self.start.closed.connect(self._close_start)
        self.events.log_wanted.connect(self._show_log)
        self._context.news.changed.connect(self._reload)
        self._minute = QTimer(self, interval=MINUTE_MS)
        self._minute.timeout.connect(self._reload)
        self._minute.start()
        theme().changed.connect(self._arrange)

    def showEvent(self, event: QShowEvent) -> None:
        """Be fresh when seen: the day may be another."""
        super().showEvent(event)
        self._reload()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the side under the list where there is no room beside it."""
        super().resizeEvent(event)
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        zoom = theme().zoom / 100
        is_wide = self.width() >= WIDE * zoom
        direction = QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        self._both.setDirection(direction)
        self.side.setFixedWidth(round(SIDE_WIDTH * zoom)) if is_wide else self.side.setMaximumWidth(16_777_215)
        if not is_wide:
            self.side.setMinimumWidth(0)

    @Slot()
    def _reload(self, *_news: object) -> None:
        today = self._context.today()
        now = self._context.now()
        self._context.jobs.read(lambda session, _job: read(session, now, today), self._show)

    def _show(self, found: Found) -> None:
        today, now = self._context.today(), self._context.now()
        self.heading.setText(_("I dag, {weekday} {day}").format(weekday=wording.weekday(today), day=wording.day(today)))
        self.next_deadline.setText(next_deadline(found.next_due_on, today=today))
        progress = replace(found.progress, has_register=self._comfort.is_closed(self._hint_name("register")))
        rows = urgent(found.due, now=now, today=today)
        if rows != self.rows:
            self.rows = rows
            self.table.set_ids(range(len(rows)))
            self.table.set_sort("", True)
        warning = backup_warning(found.backup_at, now=now)
        is_new = self._wants_start(progress)
        self.start.set_progress(progress)
        self.start.setVisible(is_new)
        self.backup.set_content(warning, _("Går disken sönder är valvet borta. Kopian är krypterad som valvet."))
        self.backup.setVisible(bool(warning) and not (is_new and found.backup_at is None))
        self.policy_button.setText("\u2009" + findings_waiting(found.findings))
        self.policy_button.setAccessibleName(findings_waiting(found.findings))
        self.policy.setVisible(bool(found.findings))
        self.events.set_events(found.events)

    def _wants_start(self, progress: Progress) -> bool:
        return not progress.is_done and not self._comfort.is_closed(self._hint_name())

    def _fetch(self, ids: Sequence[int]) -> dict[int, Urgent]:
        return {number: self.rows[number] for number in ids if number < len(self.rows)}

    @Slot(int)
    def _open(self, number: int) -> None:
        row, ways = self.rows[number], self._context.ways
        if row.kind == "request":
            ways.request_wanted.emit(row.target_id)
        elif row.kind == "incident":
            ways.incident_wanted.emit(row.target_id)
        elif row.kind == "hold":
            ways.subject_wanted.emit(row.target_id)
        else:
            ways.tab_wanted.emit("register")

    @Slot(str)
    def _begin(self, place: str) -> None:
        kind, _colon, name = place.partition(":")
        if name == "register":
            self._comfort.close(self._hint_name("register"))
        (self._context.ways.tool_wanted if kind == "tool" else self._context.ways.tab_wanted).emit(name)

    @Slot()
    def _close_start(self) -> None:
        self._comfort.close(self._hint_name())
        self.start.hide()
        self._reload()

    def _hint_name(self, what: str = "start") -> str:
        return f"{what}:{self._context.vault.keys.vault_id}"

    @Slot()
    def _new_request(self) -> None:
        self._context.ways.tab_wanted.emit("inbox")

    @Slot()
    def _show_backups(self) -> None:
        self._context.ways.tool_wanted.emit("backup")

    @Slot()
    def _show_policy(self) -> None:
        self._context.ways.tool_wanted.emit("policy")

    @Slot()
    def _show_log(self) -> None:
        self._context.ways.tool_wanted.emit("log")


def read(session: Any, now: dt.datetime, today: dt.date) -> Found:
    """Return what the tab shows; runs in a reading lane."""
    facts = overview.settings(session, organisation.CONTROLLER)[organisation.CONTROLLER]
    backup_at = trail.last_backup(session)
    progress = Progress(
        has_address=bool(facts.get("address_lines")),
        has_import=overview.has_import(session),
        has_request=overview.has_request(session),
        has_backup=backup_at is not None,
    )
    return Found(
        due.everything(session, today=today, until=today + SOON),
        overview.next_due_on(session),
        backup_at,
        progress,
        trail.latest(session, SHOWN_EVENTS),
        policy.open_count(session, now=now, today=today),
    )
