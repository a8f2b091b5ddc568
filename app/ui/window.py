"""The main window: menus, tabs, search, status; where files are dropped, and where locking begins."""

import datetime as dt
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app.domain.breach import in_stockholm
from app.domain.errors import UserError
from app.domain.roles import Role
from app.i18n import _
from app.services import organisation, whereabouts
from app.services.whereabouts import Whereabouts
from app.ui import drops, tabs, unsaved
from app.ui.backing_up import BackupWatch
from app.ui.band import ExampleBand
from app.ui.comfort import Comfort
from app.ui.context import Context
from app.ui.idle import IdleWatch
from app.ui.kit import messages
from app.ui.kit.buttons import icon_button
from app.ui.kit.icons import icon
from app.ui.kit.labels import built
from app.ui.kit.theme import Scheme, apply, set_text_zoom, theme
from app.ui.knock import Door
from app.ui.menus import Menus
from app.ui.screen_lock import ScreenLock
from app.ui.status_bar import StatusBar
from app.ui.tabs import TabArea
from db.queries import overview, trail

if TYPE_CHECKING:
    from app.ui.tools.page import ToolPage

SIZE = (1366, 740)
SMALLEST = (480, 360)


class MainWindow(QMainWindow):
    """The window over an open vault.

    Args:
        context: The open vault; its ways are this window's.
        comfort: What the window remembers.

    Signals:
        lock_wanted: Lock the vault.
        close_wanted: Lock it and end the program.
        new_vault_wanted: Lock it and make another.
        other_vault_wanted: Lock it and open another.
        language_wanted: The window in another language.
    """

    lock_wanted = Signal()
    close_wanted = Signal()
    new_vault_wanted = Signal()
    other_vault_wanted = Signal()
    language_wanted = Signal(str)

    def __init__(self, context: Context, comfort: Comfort) -> None:
        super().__init__()
        self.context, self._comfort = context, comfort
        self._tool, self._kept_tools = "", dict[str, "ToolPage"]()
        self.setWindowTitle(_("{vault} – Ombudet").format(vault=context.vault.name))
        self.setAcceptDrops(True)
        self._build()
        self._connect()
        context.jobs.show_errors_in(self)
        self.drafts = unsaved.Drafts(context, self)
        self.keeper = unsaved.DraftKeeper(context, self.idle, self.drafts)
        self._count()
        self._read_settings()

    def _build(self) -> None:
        self.tabs = TabArea(self.context)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.tabs)
        self.band = ExampleBand()
        self.band.hide()
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.band)
        column.addWidget(self.stack, 1)
        self.setCentralWidget(middle)
        self._build_corner()
        store = self.context.vault.store
        role = "" if store.role is Role.OFFICER else store.role.label
        self.status = StatusBar(self.context.jobs, store.user, role)
        self.setStatusBar(self.status)
        self.menus = Menus(self)
        self.hint = drops.DropHint(self)
        self.setMinimumSize(*SMALLEST)
        self.resize(*SIZE)
        geometry = self._comfort.geometry()
        if geometry is not None:
            self.restoreGeometry(geometry)

    def _build_corner(self) -> None:
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Sök allt  Ctrl+K"))
        self.search.setAccessibleName(_("Sök i registren"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setFixedWidth(210)
        self.lock_button = icon_button("lock", _("Lås valvet (Ctrl+L)"))
        corner = QWidget()
        row = QHBoxLayout(corner)
        row.setContentsMargins(8, 3, 10, 3)
        row.setSpacing(6)
        row.addWidget(self.search)
        row.addWidget(self.lock_button)
        self.tabs.set_corner(corner)

    def _connect(self) -> None:
        ways = self.context.ways
        for name, signal in (
            ("inbox", ways.request_wanted),
            ("lookup", ways.subject_wanted),
            ("incidents", ways.incident_wanted),
            ("lookup", ways.lookup_wanted),
            ("lookup", ways.search_wanted),
            ("inbox", ways.mail_dropped),
            ("inbox", ways.mails_dropped),
            ("lookup", ways.table_dropped),
            ("register", ways.register_wanted),
        ):
            signal.connect(partial(self._lead, name, signal))
        ways.tab_wanted.connect(self.show_tab)
        ways.tool_wanted.connect(self.show_tool)
        self.tabs.shown.connect(self._tab_shown)
        self.search.returnPressed.connect(self._search)
        self.lock_button.clicked.connect(self.lock_wanted)
        self.context.news.changed.connect(self._hear)
        self.idle = IdleWatch(organisation.LOCK_MINUTES * 60_000, self.context.now)
        self.idle.idle.connect(self.lock_wanted)
        self.idle.asked.connect(
            self.lock_wanted, Qt.ConnectionType.QueuedConnection
        )  # the form goes; let its key end first
        self.idle.ticked.connect(self.status.set_minutes)
        self.backups = BackupWatch(self.context, self)
        self.door = Door(self.context.vault.folder, self)
        self.door.knocked.connect(self.come_forward)
        self.screen_lock = ScreenLock(self)
        self.screen_lock.locked.connect(self.lock_wanted)

    @Slot()
    def come_forward(self) -> None:
        """Show the window in front of all others."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def begin(self, tab_name: str = "overview") -> None:
        """Show the first tab, and load the others while the user reads."""
        self.tabs.setCurrentIndex(tabs.NAMES.index(tab_name))
        tabs.focus_first(self.tabs.tab(tab_name))
        self._tab_shown(tab_name)
        self.context.jobs.run(lambda _job: tabs.load())
        folder = self.context.vault.folder
        self.context.jobs.run(lambda _job: whereabouts.of(folder), self._tell_place)
        if self.context.vault.store.is_hiding:  # the program ended in the middle of an import
            from app.ui.importing.work_pages import clear_up

            clear_up(self.context)

    def _tell_place(self, found: Whereabouts) -> None:
        hint = f"place {self.context.vault.keys.vault_id}"
        if found is not Whereabouts.HERE and not self._comfort.is_closed(hint):
            title, text = whereabouts.words(found)
            question = messages.Question(title, text, _("Visa inte igen"), is_danger=False)
            messages.ask(self, question, partial(self._comfort.close, hint))

    @Slot(str)
    def show_tab(self, name: str) -> QWidget:
        """Bring a tab into view and return it."""
        self.leave_tool()
        tab = self.tabs.show_tab(name)
        tabs.focus_first(tab)
        return tab

    def current_tab(self) -> QWidget:
        """Return the tab in view."""
        return self.tabs.tab(self.tabs.current_name())

    def step_tab(self, step: int) -> None:
        """Go to the next tab, or the one before."""
        self.show_tab(tabs.NAMES[(self.tabs.currentIndex() + step) % len(tabs.NAMES)])

    @Slot(str)
    def show_tool(self, name: str) -> "ToolPage":
        """Show a page of the tools in the place of the tabs."""
        from app.ui.tools.pages import make

        self.leave_tool()
        page = self._kept_tools.pop(name, None) or built(lambda: make(name, self.context))
        if self.stack.indexOf(page) < 0:
            page.left.connect(self.leave_tool)
            self.stack.addWidget(page)
        self._tool = name
        self.stack.setCurrentWidget(page)
        tabs.focus_first(page)
        return page

    @Slot()
    def leave_tool(self) -> None:
        """Go back from a page of the tools to the tabs; a page with something unsaved stays as it is until it is shown again."""
        from app.ui.tools.page import ToolPage

        page = self.stack.currentWidget()
        if not isinstance(page, ToolPage):
            return
        self.stack.setCurrentWidget(self.tabs)
        if page.has_unsaved():
            self._kept_tools[self._tool] = page
            messages.toast(self, _("Det du ändrade är inte sparat än. Det finns kvar när du öppnar sidan igen."))
        else:
            self.stack.removeWidget(page)
            page.deleteLater()
        tabs.focus_first(self.current_tab())

    def change_passphrase(self) -> None:
        """Open the form for a new passphrase."""
        from app.ui.kit.forms import open_form
        from app.ui.tools.passphrase import PassphraseForm

        open_form(PassphraseForm(self.context, self))

    @Slot()
    def focus_search(self) -> None:
        """Put the cursor in the search field."""
        self.leave_tool()
        self.search.setFocus()
        self.search.selectAll()

    def zoom(self, step: int) -> None:
        """Make the text larger or smaller; 0 for its normal size."""
        self._comfort.zoom = set_text_zoom(theme().zoom + step if step else 100)

    def set_scheme(self, scheme: str) -> None:
        """Change between light, dark and the system's."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self._comfort.scheme = Scheme(scheme)
            apply(app, Scheme(scheme))

    def open_path(self, path: Path) -> None:
        """Take a dropped file to where it belongs."""
        ways = self.context.ways
        try:
            kind = drops.kind_of(path)
        except UserError as error:
            messages.show_error(self, error)
            return
        if kind == "table":
            ways.table_dropped.emit(path)
        elif kind == "many":
            ways.mails_dropped.emit([path])
        else:
            self.context.jobs.run(lambda _job: drops.read_mail_bytes(path), ways.mail_dropped.emit)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Say that a file is welcome."""
        if drops.is_welcome(event.mimeData()):
            event.acceptProposedAction()
            self.hint.cover(self)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """Take the words away."""
        self.hint.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the file."""
        self.hint.hide()
        files = drops.dropped_files(event.mimeData())
        if files:
            event.acceptProposedAction()
        if len(files) == 1:
            self.open_path(files[0])
        elif files:
            self.context.ways.mails_dropped.emit(files)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the search field shrink with the window."""
        super().resizeEvent(event)
        self.search.setFixedWidth(210 if event.size().width() >= 700 else 120)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close by way of locking, so that nothing is left open."""
        self._comfort.keep_geometry(self.saveGeometry())
        event.ignore()
        self.close_wanted.emit()

    def _lead(self, tab_name: str, signal: Any, *told: object) -> None:
        """Make and show the tab that a way leads to; a tab that was not there yet is told again."""
        is_new = tab_name not in self.tabs.made
        self.leave_tool()
        self.tabs.show_tab(tab_name)
        if is_new:
            signal.emit(*told)

    @Slot()
    def _search(self) -> None:
        text = self.search.text().strip()
        if text:
            self.context.ways.search_wanted.emit(text)

    @Slot(str)
    def _tab_shown(self, name: str) -> None:
        self.menus.lend(name, self.tabs.tab(name))

    @Slot(object)
    def _hear(self, names: frozenset[str]) -> None:
        if names & {"Request", "Incident"}:
            self._count()
        if names & {"Setting", "AuditEntry"}:
            self._read_settings()

    def _count(self) -> None:
        self.context.jobs.read(lambda session, _job: overview.counts(session), self._show_counts)

    def _show_counts(self, counts: overview.Counts) -> None:
        self.tabs.set_count("inbox", counts.requests)
        self.tabs.set_count("incidents", counts.incidents)

    def _read_settings(self) -> None:
        def read(session: Any, _job: object) -> tuple[dict[str, dict[str, Any]], dt.datetime | None]:
            keys = (organisation.PROTECTION, organisation.VAULT)
            return overview.settings(session, *keys), trail.last_backup(session)

        self.context.jobs.read(read, self._show_settings)

    def _show_settings(self, found: tuple[dict[str, dict[str, Any]], dt.datetime | None]) -> None:
        facts, backup_at = found
        self.band.setVisible(bool(facts[organisation.VAULT].get("is_example")))
        self.idle.set_limit(organisation.lock_minutes(facts[organisation.PROTECTION]) * 60_000)
        self.status.set_backup(in_stockholm(backup_at) if backup_at else None, self.context.today())
