"""What can be done with the row that is chosen in any of the register's lists, and with the register as a whole."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.i18n import _, language
from app.services import register, register_export, register_history, register_parts
from app.services.register_history import Change
from app.ui import exports
from app.ui.context import Context
from app.ui.kit import messages
from app.ui.kit.buttons import button
from app.ui.kit.flow import flow_widget
from app.ui.kit.forms import open_form
from app.ui.kit.messages import Question
from app.ui.register.columns import ACTIVITIES, NOTICES, RECIPIENTS, RULES, SOURCES
from app.ui.register.history import HistoryDialog
from app.ui.register.lists import Everything
from app.ui.register.part_forms import Make, NoticeForm, PartForm, RecipientForm, RuleForm, SourceForm

if TYPE_CHECKING:
    from app.ui.kit.jobs import Session


@dataclass(frozen=True)
class Kind:
    """One of the lists: its form, how a row is removed, and what the trail calls it."""

    table: str
    remove: Callable[["Session", int], None]
    form: Make | None = None


KINDS = {
    ACTIVITIES: Kind("activity", register.remove_activity),
    SOURCES: Kind("source", register_parts.remove_source, SourceForm),
    RECIPIENTS: Kind("recipient", register_parts.remove_recipient, RecipientForm),
    RULES: Kind("retentionrule", register_parts.remove_rule, RuleForm),
    NOTICES: Kind("notice", register_parts.remove_notice, NoticeForm),
}


class Desk(QWidget):
    """Buttons under the list.

    Args:
        context: The open vault.
        chosen: Returns the list in view and the id of its chosen row, or None.
        found: Returns the register as it was last read, or None.

    Signals:
        removed: A row is gone.
    """

    removed = Signal()

    def __init__(
        self, context: Context, chosen: Callable[[], tuple[str, int | None]], found: Callable[[], Everything | None]
    ) -> None:
        super().__init__()
        self._context, self._chosen, self._found = context, chosen, found
        holder, flow = flow_widget()
        self.change_button = button(_("&Ändra …"), "pencil")
        self.remove_button = button(_("&Ta bort …"), "trash-2")
        self.history_button = button(_("Hist&orik …"), "history")
        self.export_button = button(_("E&xportera"), "download")
        for made in (self.change_button, self.remove_button, self.history_button, self.export_button):
            flow.addWidget(made)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(holder)
        self._build_actions()
        self.change_button.clicked.connect(self.change)
        self.remove_button.clicked.connect(self.remove)
        self.history_button.clicked.connect(self.show_history)

    def _build_actions(self) -> None:
        self.menu = QMenu(self)
        for kind, text in (("pdf", _("Som &PDF …")), ("xlsx", _("Som &Excel …"))):
            self.menu.addAction(text).triggered.connect(partial(self.export, kind))
        self.export_button.setMenu(self.menu)
        self.remove_action = QAction(_("Ta bort"), self)
        self.remove_action.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        self.remove_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.remove_action.triggered.connect(self.remove)

    @Slot()
    def fit(self) -> None:
        """Offer what can be done with the row that is chosen."""
        part, row_id = self._chosen()
        self.change_button.setVisible(KINDS[part].form is not None)
        for made in (self.change_button, self.remove_button, self.history_button):
            made.setEnabled(row_id is not None)

    def new(self, part: str) -> PartForm | None:
        """Open the form of a new row, and return it."""
        return self._open(part, None)

    @Slot()
    def change(self) -> None:
        """Open the form of the chosen row."""
        part, row_id = self._chosen()
        if row_id is not None:
            self._open(part, row_id)

    def _open(self, part: str, row_id: int | None) -> PartForm | None:
        found, make = self._found(), KINDS[part].form
        if found is None or make is None or (row_id is not None and row_id not in found.facts[part]):
            return None
        form = make(self._context, self.window(), found.choosable, row_id)
        if row_id is not None:
            form.show_facts(found.facts[part][row_id])
        open_form(form)
        return form

    @Slot()
    def remove(self) -> None:
        """Ask, and remove the chosen row unless something uses it."""
        part, row_id = self._chosen()
        found = self._found()
        if row_id is None or found is None or row_id not in found.parts[part]:
            return
        question = Question(
            title=_("Ta bort ur registret?"),
            text=_("Raden försvinner ur registret. Historiken finns kvar i loggen."),
            verb=_("Ta bort"),
            details=(str(found.parts[part][row_id]["name"])[:200],),
        )
        messages.ask(self.window(), question, partial(self._remove, part, row_id))

    def _remove(self, part: str, row_id: int) -> None:
        self._context.jobs.write(lambda session, _job: KINDS[part].remove(session, row_id), then=self._tell_removed)

    def _tell_removed(self, _result: object) -> None:
        messages.toast(self, _("Raden är borttagen."))
        self.removed.emit()

    @Slot()
    def show_history(self) -> None:
        """Show what was changed in the chosen row."""
        part, row_id = self._chosen()
        found = self._found()
        if row_id is None or found is None:
            return
        name = str(found.parts[part].get(row_id, {}).get("name", ""))
        self._context.jobs.read(
            lambda session, _job: register_history.history(session, KINDS[part].table, row_id),
            then=partial(self._tell_history, name),
        )

    def _tell_history(self, name: str, changes: tuple[Change, ...]) -> None:
        HistoryDialog(self.window(), name, changes).open()

    def export(self, kind: str, *_args: Any) -> None:
        """Write the whole register as one document, and ask where it goes."""
        today, shown = self._context.today(), language()
        self._context.jobs.write(
            lambda session, _job: register_export.export(session, today=today, formats=(kind,), shown=shown),
            then=self._save,
            text=_("Skriver registret …"),
        )

    def _save(self, made: list[tuple[str, bytes]]) -> None:
        for name, content in made:
            exports.save_as(self, self._context.jobs, content, name)
