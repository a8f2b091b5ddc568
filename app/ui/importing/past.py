"""Imports that were made, and taking one back."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.domain.breach import in_stockholm
from app.domain.errors import ExitCode, UserError
from app.i18n import _
from app.services import import_report, import_undo
from app.services.import_undo import Standing
from app.services.imports import Imported
from app.ui import exports, rights
from app.ui.context import Context
from app.ui.kit import messages
from app.ui.kit.buttons import button
from app.ui.kit.flow import flow_widget
from app.ui.kit.foreign import one_line
from app.ui.kit.labels import PlainLabel
from app.ui.kit.messages import Question
from app.ui.kit.table import Column, QueryTable
from db.queries import importing as queries
from db.queries.importing import PastImport


def columns() -> tuple[Column, ...]:
    """Return the columns of the list."""
    return (
        Column(_("Tid"), lambda one: in_stockholm(one.at).strftime("%Y-%m-%d %H.%M"), width=15),
        Column(_("Register"), lambda one: one_line(one.source, 60), width=18, is_strong=True),
        Column(_("Vem"), lambda one: one_line(one.by, 40), width=12),
        Column(_("Nya"), lambda one: str(one.imported), width=6),
        Column(_("Ändrade"), lambda one: str(one.updated), width=8),
        Column(_("Saknade"), lambda one: str(one.gone), width=8),
        Column(_("Fel"), lambda one: str(one.rejected), width=5),
        Column(_("Läge"), _state, width=15),
    )


def _state(one: PastImport) -> str:
    if one.undone_at is None:
        return _("Gäller")
    return _("Ångrad {day}").format(day=in_stockholm(one.undone_at).date().isoformat())


class PastImports(QDialog):
    """The list, the latest first; Esc closes it."""

    def __init__(self, parent: QWidget | None, context: Context) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Tidigare importer"))
        self._context = context
        self._found: dict[int, PastImport] = {}
        self.table = QueryTable(
            columns(), self._fetch, name=_("Tidigare importer"), empty=_("Inget har importerats än.")
        )
        self.undo_button, self.close_button = button(_("Ångra &importen …"), "undo-2"), button(_("Stäng"))
        self.report_button = button(_("Spara &rapport …"), "file-text")
        for part in (self.undo_button, self.report_button):
            part.setEnabled(False)
        rights.restrict(context.vault, "import_undo.undo", self.undo_button)
        holder, flow = flow_widget()
        flow.addWidget(self.report_button)
        flow.addWidget(self.undo_button)
        flow.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(12)
        column.addWidget(PlainLabel(_("Tidigare importer"), "h1"))
        text = _("En import som ångras tas bort helt. Det som den ersatte kommer tillbaka.")
        column.addWidget(PlainLabel(text, wrap=True))
        column.addWidget(self.table, 1)
        column.addWidget(holder)
        self.close_button.clicked.connect(self.accept)
        self.undo_button.clicked.connect(self._undo)
        self.report_button.clicked.connect(self._save_report)
        self.table.current_changed.connect(self._offer)
        room = self.screen().availableSize()
        self.resize(min(980, room.width() - 40), min(480, room.height() - 80))
        self.table.setFocus()
        self._load()

    def _load(self) -> None:
        self._context.jobs.read(lambda session, _job: queries.past(session), then=self._take)

    def _take(self, found: list[PastImport]) -> None:
        self._found = {one.batch_id: one for one in found}
        self.table.set_ids(list(self._found))
        self.table.reload()
        self._offer(self.table.selected_id())

    def _fetch(self, ids: Sequence[int]) -> dict[int, PastImport]:
        return {key: self._found[key] for key in ids if key in self._found}

    @Slot(object)
    def _offer(self, batch_id: int | None) -> None:
        one = self._found.get(batch_id or 0)
        self.undo_button.setEnabled(one is not None and one.undone_at is None)
        self.report_button.setEnabled(one is not None)

    @Slot()
    def _save_report(self) -> None:
        batch_id = self.table.selected_id()
        if batch_id is not None:
            save_report(self, self._context, batch_id)

    @Slot()
    def _undo(self) -> None:
        batch_id = self.table.selected_id()
        if batch_id is not None:
            ask_undo(self, self._context, batch_id, self._load)


def ask_undo(parent: QWidget | None, context: Context, batch_id: int, then: Callable[[], None]) -> None:
    """Ask whether an import is to be taken back, take it back, and call `then`; say why when it cannot be."""
    undo = partial(_undo, context, batch_id, then)
    context.jobs.read(lambda session, _job: import_undo.standing(session, batch_id), then=partial(_ask, parent, undo))


def _ask(parent: QWidget | None, undo: Callable[[], None], found: Standing) -> None:
    if found.why_not:
        stands = _("Importen ligger kvar.")
        messages.show_error(parent, UserError(found.why_not, stands=stands, do=found.remedy, code=ExitCode.NOT_ALLOWED))
        return
    question = Question(
        title=_("Ångra importen?"),
        text=_("Allt som importen lade in tas bort, och det som den ersatte kommer tillbaka."),
        verb=_("Ångra importen"),
    )
    messages.ask(parent, question, undo)


def _undo(context: Context, batch_id: int, then: Callable[[], None]) -> None:
    store, now = context.vault.store, context.now()
    context.jobs.save(
        lambda job: import_undo.undo(store, batch_id, now=now, step=job.step),
        then=partial(_tell, then),
        text=_("Ångrar importen"),
    )


def _tell(then: Callable[[], None], _nothing: None) -> None:
    then()


def save_report(parent: QWidget, context: Context, batch_id: int, done: Imported | None = None) -> None:
    """Let the user save the report of an import; the single rows are in it when it was made just now."""
    today = context.today()

    def choose(made: tuple[str, bytes]) -> None:
        exports.save_as(parent, context.jobs, made[1], made[0])

    context.jobs.read(
        lambda session, _job: import_report.report(session, batch_id, today=today, done=done),
        then=choose,
    )


def open_past(parent: QWidget | None, context: Context) -> PastImports:
    """Open the list over a window and return it."""
    dialog = PastImports(parent, context)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog
