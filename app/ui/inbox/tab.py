"""The tab Begäranden: the list to the left, one request to the right."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSplitter, QVBoxLayout, QWidget

from app.i18n import _, mark, ngettext
from app.importers.kinds import kinds
from app.services.ledger import LedgerLine
from app.ui import rights
from app.ui.context import Context
from app.ui.inbox import acts
from app.ui.inbox.act_runner import ActRunner
from app.ui.inbox.case import Case, read
from app.ui.inbox.columns import KEYS, NARROW, columns
from app.ui.inbox.intake_queue import MAIL_TYPE, IntakeQueue
from app.ui.inbox.pane import RequestPane
from app.ui.inbox.queue_bar import QueueBar
from app.ui.kit import messages
from app.ui.kit.buttons import button
from app.ui.kit.chips import ChipRow
from app.ui.kit.choosing import choose_files, choose_folder
from app.ui.kit.drafting import Draft, Drafting
from app.ui.kit.empty import EmptyState
from app.ui.kit.jobs import Job
from app.ui.kit.labels import PlainLabel
from app.ui.kit.table import QueryTable
from db.models import Request
from db.queries import inbox
from db.queries.inbox import Filter, View

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SHOWN = frozenset(
    {"Request", "RequestRight", "Subject", "Pause", "Attachment", "Task", "Lookup", "LookupSource", "Hold"}
)
VIEWS: dict[View, str] = {
    "open": mark("Öppna"),
    "overdue": mark("Försenade"),
    "soon": mark("Frist inom 7 dagar"),
    "waiting": mark("Väntar på svar"),
    "closed": mark("Avslutade"),
}
NARROW_BELOW = 1000
COMBO_BELOW = 520
FILTER_AFTER = 150
SHARES = (57, 43)


class InboxTab(QWidget, Drafting):
    """Lists requests and works on one.

    Signals:
        counted: How many requests are open, for the tab's text.
    """

    counted = Signal(int)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.filter = Filter()
        self._wanted: int | None = None
        self._round = 0
        self._said: tuple[str, bool] | None = None
        self._is_narrow = False
        self._timer = QTimer(self, singleShot=True, interval=FILTER_AFTER)
        self.queue = IntakeQueue(self, context)
        self.runner = ActRunner(self, context)
        self._build_list()
        self._build()
        self._build_actions()
        self._connect()
        rights.restrict(context.vault, "requests.register", self.new_button)
        rights.restrict(context.vault, "imports.run_in_batches", self.import_button)
        self.pane.why_not_any = rights.why_not(context.vault, "requests.decide")
        self.setAcceptDrops(True)
        self.reload()

    def drafts(self) -> list[Draft]:
        """Return the mails that wait for their form; the form itself offers them again."""
        return self.queue.drafts()

    def _build_list(self) -> None:
        self.new_button = button(_("&Ny begäran"), "plus", role="primary", tooltip=_("Ctrl+N"))
        self.import_button = button(_("&Importera …"), "file-down")
        self.queue_bar = QueueBar()
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Filtrera listan  (Ctrl+F)"))
        self.search.setAccessibleName(_("Filtrera listan"))
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(self.fontMetrics().horizontalAdvance("n") * 34)
        self.chips = ChipRow(_("Urval"), self._chip_texts({}), combo_below=COMBO_BELOW)
        self.table = QueryTable(columns(self.context.today), self._fetch, name=_("Begäranden"))
        self.table.set_sort("due", is_ascending=True)
        self.count = PlainLabel("", "muted")
        self._set_empty()

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        whole.addWidget(self.splitter)
        self.list_side, self.pane = QWidget(), RequestPane()
        for number, (part, share) in enumerate(((self.list_side, SHARES[0]), (self.pane, SHARES[1]))):
            self.splitter.addWidget(part)
            self.splitter.setStretchFactor(number, share)
        self.splitter.setSizes([10 * share for share in SHARES])
        self._lay_out(QVBoxLayout(self.list_side))

    def _lay_out(self, left: QVBoxLayout) -> None:
        top = QHBoxLayout()
        top.addWidget(self.new_button)
        top.addWidget(self.import_button)
        top.addStretch(1)
        top.addWidget(self.search, 4)
        left.setContentsMargins(10, 10, 10, 6)
        left.setSpacing(8)
        left.addLayout(top)
        left.addWidget(self.queue_bar)
        left.addWidget(self.chips)
        left.addWidget(self.table, 1)
        left.addWidget(self.count)

    def _build_actions(self) -> None:
        """Make what the keys do; the window's menu may show the same actions."""
        self.actions_by_code: dict[str, QAction] = {}
        own: list[tuple[str, str, str, Callable[[], object]]] = [
            ("new", _("Ny begäran"), "Ctrl+N", self.queue.open_empty),
            ("import", _("Importera mejl …"), "Ctrl+Shift+M", self.choose_file),
            ("import_folder", _("Importera en mapp med mejl …"), "Ctrl+Shift+O", self.choose_folder),
            ("filter", _("Filtrera listan"), "Ctrl+F", self._go_to_filter),
            ("next", _("Nästa steg"), "Ctrl+.", self.take_next_step),
            ("back", _("Till listan"), "Alt+Left", self.show_list),
        ]
        own += [(act.code, _(act.title), act.keys, partial(self.perform, act.code)) for act in acts.ACTS]
        for code, text, keys, then in own:
            made = QAction(text, self)
            made.setShortcut(QKeySequence(keys))
            made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.triggered.connect(then)
            self.addAction(made)
            self.actions_by_code[code] = made

    def _connect(self) -> None:
        context = self.context
        context.news.changed.connect(self._hear)
        context.ways.request_wanted.connect(self.show_request)
        context.ways.mail_dropped.connect(self.queue.take_mail)
        context.ways.mails_dropped.connect(self.queue.take_files)
        self.new_button.clicked.connect(self.queue.open_empty)
        self.import_button.clicked.connect(self.choose_file)
        self.queue.registered.connect(self._show_registered)
        self.queue.filed.connect(self._show_filed)
        self.queue.counted.connect(self.queue_bar.set_count)
        self.queue_bar.wanted.connect(self.queue.go_on)
        self.queue_bar.dropped.connect(self.queue.clear)
        self.runner.done.connect(self._show_done)
        self.search.textEdited.connect(self._timer.start)
        self.search.textChanged.connect(self._timer.start)
        self._timer.timeout.connect(self.reload)
        self.chips.chosen.connect(self.reload)
        self.table.sort_requested.connect(self._sort)
        self.table.current_changed.connect(self._open_current)
        self.table.opened.connect(self._go_into)
        self.table.selection_count_changed.connect(self._show_count)
        self.pane.wanted.connect(self.perform)
        self.pane.file_opened.connect(self.runner.open_file)
        self.pane.ask_wanted.connect(self._ask_source)
        self.pane.answer_wanted.connect(self._enter_answer)
        self.pane.left.connect(self.show_list)

    @Slot()
    def reload(self) -> None:
        """Read the list and its counts again."""
        view: Any = self.chips.value() or "open"
        self.filter = Filter(view, self.search.text(), self.filter.sort, self.filter.descending)
        self._round += 1
        self.context.jobs.read(partial(_listed, self._round, self.filter, self.context), then=self._show_list)

    @Slot(object)
    def _show_list(self, found: tuple[int, list[int], dict[View, int]]) -> None:
        number, ids, counts = found
        if number != self._round:
            return  # a newer question is on its way
        self.chips.set_counts(self._chip_texts(counts))
        self.counted.emit(counts["open"])
        self._set_empty()
        wanted, self._wanted = self._wanted, None
        if wanted is not None and wanted not in ids and not self._look_elsewhere(wanted):
            wanted = None
        self.table.set_ids(ids)
        if wanted is not None:
            self.table.select_id(wanted)
        elif self.table.selected_id() is None and ids and not self._is_narrow:
            self.table.select_id(ids[0])
        self._show_count()
        self._open_current(self.table.selected_id())

    def _look_elsewhere(self, wanted: int) -> bool:
        """Turn to the view that may hold a request that was asked for; say whether there is one left to try."""
        following = {"open": "closed"}.get(self.filter.view, "" if self.filter.view == "closed" else "open")
        if not following:
            return False
        self._wanted = wanted
        self.chips.set_value(following)
        self.reload()
        return False

    def _fetch(self, ids: Sequence[int]) -> dict[int, Any]:
        with self.context.vault.store.read() as session:
            return {row.id: row for row in inbox.rows(session, ids)}

    @Slot(object)
    def _open_current(self, request_id: int | None) -> None:
        if request_id is None:
            self.pane.set_case(None, self.context.today())
        else:
            self.context.jobs.read(partial(_case, request_id), then=self._show_case)

    @Slot(object)
    def _show_case(self, case: Case | None) -> None:
        if case is not None and case.request.id == self.table.selected_id():
            self.pane.set_case(case, self.context.today())

    @Slot(object)
    def _hear(self, names: frozenset[str]) -> None:
        if names & SHOWN:
            self.reload()

    @Slot(int)
    def show_request(self, request_id: int) -> None:
        """Show a request, whichever view it is in."""
        self._wanted = request_id
        self.search.clear()
        self._timer.stop()
        if self.chips.value() not in ("open", "closed"):
            self.chips.set_value("open")
        self.reload()
        if self._is_narrow:
            self._show_side(self.pane)

    @Slot(str)
    def perform(self, code: str) -> None:
        """Do an act with the request in view, or say why it cannot be done."""
        if self.pane.case is not None:
            self.runner.run(code, self.pane.case)

    @Slot()
    def _ask_source(self) -> None:
        if self.pane.case is not None:
            self.runner.ask_source(self.pane.case)

    @Slot(object)
    def _enter_answer(self, line: LedgerLine) -> None:
        if self.pane.case is not None:
            self.runner.enter_answer(self.pane.case, line)

    @Slot()
    def take_next_step(self) -> None:
        """Do what the card says."""
        case = self.pane.case
        if case is not None and case.next_step is not None:
            self.perform(case.next_step.code)

    @Slot()
    def choose_file(self) -> None:
        """Ask for mails or a table to take in."""
        endings = " ".join(f"*{ending}" for ending in kinds())
        kind = _("Brev och tabeller ({endings})").format(endings=endings)
        self.file_dialog = choose_files(self, _("Importera"), kind, self.queue.take_paths)

    @Slot()
    def choose_folder(self) -> None:
        """Ask for a folder whose mails are taken in, one form at a time."""
        self.file_dialog = choose_folder(self, _("Importera en mapp med mejl"), self.queue.take_file)

    @Slot(object)
    def _show_registered(self, request: Request) -> None:
        self.show_request(request.id)
        text = _("{number} är registrerad. Svara senast {day}.")
        messages.toast(self, text.format(number=request.number, day=request.due_on.isoformat()))
        self.table.setFocus()

    @Slot(object)
    def _show_filed(self, request: Request) -> None:
        self.show_request(request.id)
        messages.toast(self, _("Brevet ligger i {number}.").format(number=request.number))
        self.table.setFocus()

    @Slot(str)
    def _show_done(self, text: str) -> None:
        messages.toast(self, text)

    @Slot(str, bool)
    def _sort(self, key: str, is_ascending: bool) -> None:
        self.filter = Filter(self.filter.view, self.filter.text, key, not is_ascending)
        self.reload()

    @Slot()
    def _go_to_filter(self) -> None:
        self.show_list()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    @Slot()
    def _show_count(self) -> None:
        total, marked = self.table.rows.rowCount(), len(self.table.selected_ids())
        shown = ngettext("{count} begäran", "{count} begäranden", total).format(count=total)
        if marked:
            shown += ngettext(", {count} markerad", ", {count} markerade", marked).format(count=marked)
        self.count.setText(shown)

    def _chip_texts(self, counts: dict[View, int]) -> list[tuple[str, str, int | None]]:
        return [(view, _(text), counts.get(view, 0)) for view, text in VIEWS.items()]

    def _set_empty(self) -> None:
        """Say why the list is empty, and what to do about it."""
        said = (self.filter.view, bool(self.search.text().strip()))
        if said == self._said:
            return
        self._said = said
        if self.search.text().strip():
            state = EmptyState("search", _("Inga träffar i listan."), _("Rensa filter"))
            state.pressed.connect(self.search.clear)
        elif self.filter.view == "open":
            text = _("Inga öppna begäranden. Släpp ett mejl här eller tryck Ctrl+N.")
            state = EmptyState("inbox", text, _("Ny begäran"))
            state.pressed.connect(self.queue.open_empty)
        else:
            state = EmptyState("inbox", _("Inga begäranden här."))
        self.table.set_empty(state)

    @Slot(int)
    def _go_into(self, _request_id: int) -> None:
        """Go to the request's page; in a narrow window it takes the list's place."""
        if self._is_narrow:
            self._show_side(self.pane)
        self.pane.focus_first()

    @Slot()
    def show_list(self) -> None:
        """Go back to the list."""
        if self._is_narrow:
            self._show_side(self.list_side)
        self.table.setFocus()

    def _show_side(self, side: QWidget) -> None:
        for part in (self.list_side, self.pane):
            part.setVisible(part is side or not self._is_narrow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the contents to the new size: two panes, or one at a time."""
        super().resizeEvent(event)
        digit = self.fontMetrics().horizontalAdvance("0")
        is_narrow = self.width() < max(NARROW_BELOW, digit * NARROW_BELOW // 8)
        if is_narrow == self._is_narrow:
            return
        self._is_narrow = is_narrow
        self.pane.set_narrow(is_narrow)
        for number, key in enumerate(KEYS):
            self.table.setColumnHidden(number, is_narrow and key not in NARROW)
        self._show_side(self.list_side)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome mails and files."""
        if event.mimeData().hasFormat(MAIL_TYPE) or event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take what was dropped."""
        if self.queue.take_mime(event.mimeData()):
            event.acceptProposedAction()


def _listed(
    number: int, wanted: Filter, context: Context, session: "Session", _job: Job
) -> tuple[int, list[int], dict[View, int]]:
    today = context.today()
    return number, inbox.ids(session, wanted, today=today), inbox.counts(session, today=today)


def _case(request_id: int, session: "Session", _job: Job) -> Case | None:
    return read(session, request_id)
