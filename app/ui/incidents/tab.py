"""The tab Incidenter: the list, and the page of one incident."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QHideEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.i18n import _
from app.ui import rights
from app.ui.context import Context
from app.ui.incidents.columns import columns
from app.ui.incidents.dialogs import NewIncidentDialog
from app.ui.incidents.page import TICK, IncidentPage
from app.ui.kit.buttons import button
from app.ui.kit.chips import ChipRow
from app.ui.kit.empty import EmptyState
from app.ui.kit.forms import open_form
from app.ui.kit.jobs import Job
from app.ui.kit.table import QueryTable
from db.queries import incidents as queries
from db.queries.incidents import Filter, View

SHOWN = {"Incident", "Attachment"}
Listed = tuple[list[int], dict[View, int]]


class IncidentsTab(QWidget):
    """Lists incidents and works on one.

    Signals:
        counted: How many incidents are open.
    """

    counted = Signal(int)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._filter = Filter()
        self._wanted: int | None = None
        self._reading: Job | None = None
        self._page = IncidentPage(context)
        self.chips = ChipRow(_("Visa"), _chips({}))
        self.new_button = button(_("Ny &incident"), "plus", role="primary", tooltip=_("Ctrl+Skift+N"))
        self.table = QueryTable(columns(context.now), self._fetch, name=_("Incidenter"))
        self._build()
        self._connect()
        rights.restrict(context.vault, "incidents.log", self.new_button)
        self.table.set_sort(self._filter.sort, not self._filter.descending)
        self.reload()

    @property
    def page(self) -> IncidentPage:
        """The page of one incident, whole."""
        self._page.building.finish()
        return self._page

    def _build(self) -> None:
        self.list_page, self.stack = QWidget(), QStackedWidget()
        column, top, whole = QVBoxLayout(self.list_page), QHBoxLayout(), QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.stack)
        self.stack.addWidget(self.list_page)
        self.stack.addWidget(self._page)
        column.setContentsMargins(12, 10, 12, 8)
        column.setSpacing(8)
        top.addWidget(self.chips, 1)
        top.addWidget(self.new_button, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        self._say_empty()
        self.new_action = self._action(_("Ny incident"), ("Ctrl+Shift+N",))
        self.back_action = self._action(_("Tillbaka till listan"), ("Alt+Left",))
        self.finish_action = self._action(_("Nästa steg, eller spara beslutet"), ("Ctrl+Return", "Ctrl+Enter"))
        self._timer = QTimer(self, interval=TICK)
        self._timer.start()

    def _action(self, text: str, keys: tuple[str, ...]) -> QAction:
        action = QAction(text, self)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.addAction(action)
        return action

    def _connect(self) -> None:
        self.new_button.clicked.connect(self.new_incident)
        self.new_action.triggered.connect(self.new_incident)
        self.chips.chosen.connect(self._choose)
        self.table.opened.connect(self.open_incident)
        self.table.sort_requested.connect(self._sort)
        self._page.back_wanted.connect(self.show_list)
        self.back_action.triggered.connect(self.show_list)
        self.finish_action.triggered.connect(self._finish)
        self._timer.timeout.connect(self.table.reload)
        self._context.news.changed.connect(self._hear)
        self._context.ways.incident_wanted.connect(self.open_incident)

    @Slot()
    def new_incident(self) -> None:
        """Ask for a title and a time, start the clock and show the page."""
        dialog = NewIncidentDialog(self, self._context)
        dialog.logged.connect(self.open_incident)
        open_form(dialog)

    @Slot(int)
    def open_incident(self, incident_id: int) -> None:
        """Show an incident's page."""
        self._wanted = incident_id
        self._page.open(incident_id)
        self._page.building.when_done(self._turn_to_page)

    def _turn_to_page(self) -> None:
        if self._page.incident_id is not None:
            self.stack.setCurrentWidget(self._page)

    @Slot()
    def show_list(self) -> None:
        """Show the list again; what was typed is stored."""
        if self.stack.currentWidget() is self.list_page and self._page.incident_id is None:
            return
        self._page.leave()
        self.stack.setCurrentWidget(self.list_page)
        self.table.select_id(self._wanted)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def has_unsaved(self) -> bool:
        """Say whether something is typed that is not stored."""
        return self._page.has_unsaved()

    def flush(self) -> None:
        """Store what is typed; called before the vault is locked or closed."""
        self._page.flush()

    def hideEvent(self, event: QHideEvent) -> None:
        """Store what is typed when another tab is shown, and keep all of it when the whole window goes."""
        if self.window().isVisible():
            self._page.saving.flush()
        else:
            self._page.flush()
        super().hideEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Draw the clocks anew."""
        super().showEvent(event)
        self.table.reload()

    def reload(self) -> None:
        """Read the list again."""
        if self._reading is not None and not self._reading.is_over:
            self._reading.cancel()
        wanted = self._filter
        self._reading = self._context.jobs.read(
            lambda session, _job: (queries.ids(session, wanted), queries.counts(session)), then=self._show
        )

    def _show(self, listed: Listed) -> None:
        ids, counts = listed
        self.table.set_ids(ids)
        self.chips.set_counts(_chips(counts))
        self.counted.emit(counts["open"])
        self._page.building.start()

    def _fetch(self, ids: Sequence[int]) -> dict[int, Any]:
        with self._context.vault.store.read() as session:
            return {row.id: row for row in queries.rows(session, ids)}

    @Slot(object)
    def _hear(self, names: frozenset[str]) -> None:
        if not names & SHOWN:
            return
        self.reload()
        if self.stack.currentWidget() is self._page:
            self._page.reload()

    @Slot(str)
    def _choose(self, key: str) -> None:
        view: View = "closed" if key == "closed" else "open"
        self._filter = Filter(view, self._filter.sort, self._filter.descending)
        self._say_empty()
        self.reload()

    @Slot(str, bool)
    def _sort(self, key: str, is_ascending: bool) -> None:
        self._filter = Filter(self._filter.view, key, not is_ascending)
        self.reload()

    def _say_empty(self) -> None:
        if self._filter.view == "closed":
            self.table.set_empty(EmptyState("triangle-alert", _("Inga avslutade incidenter.")))
            return
        text = _("Inga incidenter. Skriv upp även små – ni ska kunna visa dem.")
        empty = EmptyState("triangle-alert", text, _("Ny incident"))
        empty.pressed.connect(self.new_incident)
        self.table.set_empty(empty)

    @Slot()
    def _finish(self) -> None:
        if self.stack.currentWidget() is self._page:
            self._page.finish_step()


def _chips(counts: dict[View, int]) -> list[tuple[str, str, int | None]]:
    return [("open", _("Öppna"), counts.get("open")), ("closed", _("Avslutade"), counts.get("closed"))]
