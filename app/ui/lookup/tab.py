"""The tab: what is typed is searched at once, hits to the left, the person to the right, and over them the request it is for."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QLineEdit, QSplitter, QVBoxLayout, QWidget

from app.i18n import _, ngettext
from app.services import lookup, search
from app.services.ledger import LedgerLine
from app.services.search import Hit
from app.ui.context import Context
from app.ui.importing import open_import
from app.ui.kit.buttons import button
from app.ui.kit.cards import InfoCard
from app.ui.kit.empty import EmptyState
from app.ui.kit.foreign import one_line
from app.ui.kit.icons import icon
from app.ui.kit.jobs import Job
from app.ui.kit.labels import PlainLabel
from app.ui.kit.table import QueryTable
from app.ui.lookup.band import RequestBand
from app.ui.lookup.columns import hit_columns, hit_name, hit_why
from app.ui.lookup.pane import PersonPane
from app.ui.lookup.same import SuggestionsDialog
from db.queries import asked
from db.queries import lookup as queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

READING_MS = 200
ONE_PANE_BELOW = 1100
CONCERNS = frozenset({"Subject", "Datum", "Identifier", "Source"})
Found = tuple[list[Hit], float, int]


class LookupTab(QWidget):
    """Registrerade.

    Args:
        context: What every tab is given.
    """

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._hits: dict[int, Hit] = {}
        self._asked = 0
        self._job: Job | None = None
        self._terms: list[str] = []
        self._is_one_pane = False
        self._typing = QTimer(self, singleShot=True, interval=0)
        self._reading = QTimer(self, singleShot=True, interval=READING_MS)
        self._build()
        self._build_actions()
        self._connect()
        self._search()
        self._warm()

    def _build(self) -> None:
        self.box = QLineEdit()
        self.box.setPlaceholderText(_("Namn, personnummer, e-post, telefon …"))
        self.box.setAccessibleName(_("Sök registrerad"))
        self.box.setClearButtonEnabled(True)
        self.box.setMaxLength(500)
        self.box.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.count = PlainLabel("", "muted", wrap=True)
        self.table = QueryTable(hit_columns(), self._fetch, name=_("Träffar"))
        head = self.table.horizontalHeader()
        head.setStretchLastSection(False)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.why = InfoCard()
        self.why.hide()
        self.same_button = button(_("Samma person? …"), "users", role="link")
        self.band = RequestBand()
        self.pane = PersonPane(self._context)
        self.back_button = button(_("Till träffarna"), "arrow-left", role="link")
        self.back_button.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(10, 10, 10, 8)
        whole.setSpacing(8)
        whole.addWidget(self.band)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(24)
        whole.addWidget(self.splitter, 1)
        self.left, self.right = QWidget(), QWidget()
        left, right = QVBoxLayout(self.left), QVBoxLayout(self.right)
        for side, column, stretch in ((self.left, left, 0), (self.right, right, 1)):
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(8)
            self.splitter.addWidget(side)
            self.splitter.setStretchFactor(self.splitter.count() - 1, stretch)
        self.splitter.setSizes([370, 960])
        left.addWidget(self.box)
        left.addWidget(self.count)
        left.addWidget(self.table, 1)
        left.addWidget(self.why)
        left.addWidget(self.same_button, 0, Qt.AlignmentFlag.AlignLeft)
        right.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignLeft)
        right.addWidget(self.pane, 1)

    def _build_actions(self) -> None:
        self.find_action, self.back_action = QAction(_("Sök registrerad"), self), QAction(_("Till träffarna"), self)
        self.find_action.setShortcut(QKeySequence(QKeySequence.StandardKey.Find))
        self.back_action.setShortcut(QKeySequence("Alt+Left"))
        self.same_action = QAction(icon("users"), _("Samma person? …"), self)
        self.same_action.setShortcut(QKeySequence("Ctrl+Shift+P"))
        self.import_action = QAction(icon("upload"), _("Importera ett register …"), self)
        self.import_action.setShortcut(QKeySequence("Ctrl+Shift+I"))
        for action in (self.find_action, self.back_action, self.import_action, self.same_action):
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self.addAction(action)

    def _connect(self) -> None:
        self.box.installEventFilter(self)
        self.box.textChanged.connect(self._typing.start)
        self._typing.timeout.connect(self._search)
        self._reading.timeout.connect(self._open_selected)
        self.table.current_changed.connect(self._select)
        self.table.opened.connect(self._open_hit)
        self.find_action.triggered.connect(self.focus_search)
        self.back_action.triggered.connect(self.show_hits)
        self.import_action.triggered.connect(self._start_import)
        self.same_action.triggered.connect(self._look_for_same)
        self.same_button.clicked.connect(self._look_for_same)
        self.back_button.clicked.connect(self.show_hits)
        self.pane.person_shown.connect(self._tell_band)
        self.band.term_chosen.connect(self.box.setText)
        self.band.confirmed.connect(self._confirm)
        self.band.denied.connect(self._deny)
        self.band.finished.connect(self._go_to_request)
        self.band.dropped.connect(self.band.clear)
        ways = self._context.ways
        ways.lookup_wanted.connect(self.look_up)
        ways.subject_wanted.connect(self.show_subject)
        ways.search_wanted.connect(self.search_for)
        ways.table_dropped.connect(self._import)
        self._context.news.changed.connect(self._hear)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Go from the search box to the hits with Down and Enter; Esc empties it."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter_hits(is_opening=event.key() != Qt.Key.Key_Down)
            return True
        if event.key() == Qt.Key.Key_Escape and self.box.text():
            self.box.clear()
            return True
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show one pane at a time when there is no room for two."""
        super().resizeEvent(event)
        self._is_one_pane = self.width() < ONE_PANE_BELOW * self.fontMetrics().height() / 17
        self._arrange(is_reading=self.pane.currentWidget() is not self.pane.nobody)

    @Slot()
    def focus_search(self) -> None:
        """Go to the search box."""
        self.show_hits()
        self.box.selectAll()

    @Slot()
    def show_hits(self) -> None:
        """Show the list again where there is room for one pane only."""
        self._arrange(is_reading=False)
        self.box.setFocus()

    @Slot(str)
    def search_for(self, text: str) -> None:
        """Search for a text that was typed somewhere else."""
        self.box.setText(text)
        self._search()
        self.show_hits()

    @Slot(int)
    def look_up(self, request_id: int) -> None:
        """Search for the person of a request."""
        self._context.jobs.read(lambda session, _job: asked.requester(session, request_id), then=self._take_request)

    @Slot(int)
    def show_subject(self, subject_id: int) -> None:
        """Show a person whose id is known."""
        self._context.jobs.read(
            lambda session, _job: queries.subjects(session, [subject_id]).get(subject_id),
            then=partial(self._take_subject, subject_id),
        )

    def _take_request(self, row: Any) -> None:
        if row is None:
            return
        self._terms = []
        self._reading.stop()
        self.table.select_id(None)
        self.pane.show_nobody()
        self.band.set_request(row)
        self.box.setText(self.band.terms[0] if self.band.terms else "")
        self._search()
        self.show_hits()

    def _take_subject(self, subject_id: int, row: Any) -> None:
        if row is not None:
            self.pane.show_person(subject_id, is_protected=row.protection != "none")
            self._arrange(is_reading=True)

    @Slot()
    def _search(self) -> None:
        self._typing.stop()
        self._asked += 1
        if self._job is not None and not self._job.is_over:
            self._job.cancel()
        text, today = self.box.text().strip(), self._context.today()
        if text and text not in self._terms:
            self._terms.append(text)
        self._job = self._context.jobs.read(
            lambda session, _job: _found(session, text, today),
            then=partial(self._show_hits, self._asked, text),
            may_be_old=True,
        )

    def _show_hits(self, number: int, text: str, found: Found) -> None:
        if number != self._asked:
            return
        hits, milliseconds, registers = found
        self._hits = {hit.subject_id: hit for hit in hits}
        self.table.set_empty(self._nothing(text, registers))
        self.table.set_ids(list(self._hits))
        self.count.setText(_counted(len(hits), registers, milliseconds) if text else "")
        self._tell_why(self.table.selected_id())

    def _nothing(self, text: str, registers: int) -> EmptyState:
        if not registers and not self._hits:
            state = EmptyState(
                "users", _("Här söker du i era register. Importera först ett kundregister."), button=_("Importera …")
            )
            state.pressed.connect(self._start_import)
            return state
        if not text:
            return EmptyState("search", _("Skriv namn, personnummer, e-post, telefon eller kundnummer."))
        state = EmptyState("search", _("Inga träffar på ”{text}”.").format(text=one_line(text, 60)), link=_("Rensa"))
        state.link_pressed.connect(self.box.clear)
        return state

    @Slot()
    def _start_import(self) -> None:
        open_import(self.window(), self._context)

    @Slot(Path)
    def _import(self, path: Path) -> None:
        open_import(self.window(), self._context, path)

    @Slot()
    def _look_for_same(self) -> None:
        dialog = SuggestionsDialog(self.window(), self._context)
        dialog.acts.shown.connect(self.show_subject)
        dialog.open()

    def _fetch(self, ids: Any) -> dict[int, Hit]:
        return {key: self._hits[key] for key in ids if key in self._hits}

    def _enter_hits(self, *, is_opening: bool) -> None:
        first = next(iter(self._hits), None)
        if first is None:
            return
        self.table.setFocus()
        if self.table.selected_id() is None:
            self.table.select_id(first)
        if is_opening and len(self._hits) == 1:
            self._open_hit(first)

    @Slot(object)
    def _select(self, subject_id: int | None) -> None:
        self._tell_why(subject_id)
        if subject_id is not None and not self._is_one_pane:
            self._reading.start()

    def _tell_why(self, subject_id: int | None) -> None:
        hit = self._hits.get(subject_id or 0)
        self.why.setVisible(hit is not None)
        if hit is not None:
            self.why.set_content(hit_name(hit), hit_why(hit))

    @Slot()
    def _open_selected(self) -> None:
        hit = self._hits.get(self.table.selected_id() or 0)
        if hit is not None:
            self.pane.show_person(hit.subject_id, is_protected=hit.is_protected)

    @Slot(int)
    def _open_hit(self, subject_id: int) -> None:
        self._reading.stop()
        self._open_selected()
        self._arrange(is_reading=True)
        if self._hits[subject_id].is_protected:
            self.pane.ask_reason()

    def _arrange(self, *, is_reading: bool) -> None:
        self.left.setVisible(not (self._is_one_pane and is_reading))
        self.right.setVisible(not self._is_one_pane or is_reading)
        self.back_button.setVisible(self._is_one_pane)

    @Slot(str)
    def _tell_band(self, name: str) -> None:
        self.band.set_person(name)

    @Slot()
    def _confirm(self) -> None:
        if self.pane.subject_id is not None:
            self._record(self.pane.subject_id)

    @Slot()
    def _deny(self) -> None:
        self._record(None)

    def _record(self, subject_id: int | None) -> None:
        request_id = self.band.request_id
        if request_id is None:
            return
        terms = whole_terms(self._terms)
        self._context.jobs.write(
            lambda session, _job: lookup.record(session, request_id, subject_id=subject_id, terms=terms),
            then=partial(self._show_ledger, request_id, subject_id is not None),
        )

    def _show_ledger(self, request_id: int, has_person: bool, lines: list[LedgerLine]) -> None:
        if request_id == self.band.request_id:
            self.band.show_ledger(lines, has_person=has_person)

    @Slot()
    def _go_to_request(self) -> None:
        request_id = self.band.request_id
        self.band.clear()
        if request_id is not None:
            self._context.ways.request_wanted.emit(request_id)

    @Slot(object)
    def _hear(self, names: frozenset[str]) -> None:
        if names & CONCERNS:
            self._search()
            self._warm()

    def _warm(self) -> None:
        """Read the words that names are looked for among, so that no key waits for it."""
        self._context.jobs.read(lambda session, _job: search.warm(session))


def whole_terms(terms: list[str]) -> list[str]:
    """Return what was searched for, without what was only on the way: each once, and none that another begins with."""
    kept = dict.fromkeys(term.strip() for term in terms if term.strip())
    return [term for term in kept if not any(other != term and other.startswith(term) for other in kept)]


def _found(session: "Session", text: str, today: Any) -> Found:
    registers = len(queries.registers(session))
    hits, milliseconds = search.timed(session, text, today=today, limit=100, may_be_old=True) if text else ([], 0.0)
    return hits, milliseconds, registers


def _counted(hits: int, registers: int, milliseconds: float) -> str:
    told = ngettext(
        "{n} träff i {registers} register ({seconds} s)", "{n} träffar i {registers} register ({seconds} s)", hits
    )
    return told.format(n=hits, registers=registers, seconds=f"{milliseconds / 1000:.2f}".replace(".", ","))
