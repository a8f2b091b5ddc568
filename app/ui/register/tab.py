"""The tab: four lists behind chips, and beside the activities the form of the one that is chosen."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSplitter, QVBoxLayout, QWidget

from app.domain.names import sort_key
from app.i18n import _
from app.services import register
from app.services.register import ActivityFacts
from app.ui.context import Context
from app.ui.kit import messages
from app.ui.kit.buttons import button
from app.ui.kit.chips import ChipRow
from app.ui.kit.drafting import Draft, Drafting, packed, unpack
from app.ui.kit.labels import PlainLabel
from app.ui.kit.late import Slices
from app.ui.kit.messages import Question
from app.ui.kit.table import QueryTable
from app.ui.register.columns import ACTIVITIES, RECIPIENTS, RULES, SOURCES, columns
from app.ui.register.form import ActivityForm, empty_facts
from app.ui.register.lists import Everything, read

ONE_PANE_BELOW = 1100
ACTIVITY_ID = "id"
CONCERNS = frozenset({"Activity", "Source", "Recipient", "RetentionRule", "Setting", "Datum"})


class RegisterTab(QWidget, Drafting):
    """Behandlingar.

    Args:
        context: What every tab is given.
    """

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._found: Everything | None = None
        self._sort = ("name", True)
        self._shown_id: int | None = None
        self._is_new = False
        self._is_one_pane = False
        self._shown = empty_facts()
        self.form: ActivityForm | None = None
        self._made: ActivityForm | None = None
        self._making = Slices(self)
        self._build()
        self._build_actions()
        self._connect()
        self._load()

    def _build(self) -> None:
        parts = [(ACTIVITIES, _("Behandlingar"), None), (SOURCES, _("Källor"), None)]
        parts += [(RECIPIENTS, _("Mottagare"), None), (RULES, _("Gallringsregler"), None)]
        self.chips = ChipRow(_("Visa"), parts, combo_below=26 * self.fontMetrics().height())
        self.new_button = button(_("&Ny behandling"), "plus", role="primary")
        self.table = QueryTable(
            columns(ACTIVITIES), self._fetch, name=_("Behandlingar"), empty=_("Inget är inlagt än.")
        )
        self.table.set_sort(*self._sort)
        self.back_button = button(_("Till listan"), "arrow-left", role="link")
        self.state = PlainLabel("", "muted", wrap=True)
        self.undo_button, self.save_button = button(_("Ån&gra ändringar")), button(_("&Spara"), "check", role="primary")
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lay_out()

    def _lay_out(self) -> None:
        self.whole, top, bottom = QVBoxLayout(self), QHBoxLayout(), QHBoxLayout()
        self.whole.setContentsMargins(10, 10, 10, 8)
        self.whole.setSpacing(8)
        self.whole.addLayout(top)
        top.addWidget(self.chips, 1)
        top.addWidget(self.new_button, 0, Qt.AlignmentFlag.AlignTop)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(24)
        self.whole.addWidget(self.splitter, 1)
        self.left, self.right = QWidget(), QWidget()
        left, right = QVBoxLayout(self.left), QVBoxLayout(self.right)
        for side, column in ((self.left, left), (self.right, right)):
            column.setContentsMargins(0, 0, 0, 0)
            self.splitter.addWidget(side)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        self.splitter.setSizes([760, 560])
        left.addWidget(self.table, 1)
        bottom.addWidget(self.state, 1)
        bottom.addWidget(self.undo_button)
        bottom.addWidget(self.save_button)
        right.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignLeft)
        right.addWidget(self.area, 1)
        right.addLayout(bottom)

    def _build_actions(self) -> None:
        self.save_action, self.back_action = QAction(_("Spara behandlingen"), self), QAction(_("Till listan"), self)
        self.save_action.setShortcuts([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+S")])
        self.back_action.setShortcut(QKeySequence("Alt+Left"))
        for action in (self.save_action, self.back_action):
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self.addAction(action)

    def _connect(self) -> None:
        self.chips.chosen.connect(self._show_part)
        self.new_button.clicked.connect(self._want_new)
        self.table.current_changed.connect(self._choose)
        self.table.opened.connect(self._open)
        self.table.sort_requested.connect(self._sort_by)
        self.save_button.clicked.connect(self.save)
        self.save_action.triggered.connect(self.save)
        self.undo_button.clicked.connect(self._undo)
        self.back_button.clicked.connect(self.show_list)
        self.back_action.triggered.connect(self.show_list)
        self._context.news.changed.connect(self._hear)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show one pane at a time when there is no room for two."""
        super().resizeEvent(event)
        self._is_one_pane = self.width() < ONE_PANE_BELOW * self.fontMetrics().height() / 17
        self._arrange(is_reading=self.right.isVisibleTo(self) and not self.left.isVisibleTo(self))

    @property
    def is_changed(self) -> bool:
        """Say whether the form holds something that is not saved."""
        return (
            self.form is not None and (self._is_new or self._shown_id is not None) and self.form.facts() != self._shown
        )

    def drafts(self) -> list[Draft]:
        """Return what is typed and not saved."""
        if self.form is None or not self.is_changed:
            return []
        values = packed({ACTIVITY_ID: self._shown_id, **asdict(self.form.facts())})
        return [Draft(type(self).__name__, "", _("Behandlingar"), values)]

    def show_offer(self, card: QWidget) -> None:
        """Put a card over the list."""
        self.whole.insertWidget(0, card)

    def take_back(self, draft: Draft) -> None:
        """Show the activity with what was typed about it."""
        facts = {name: unpack(value) for name, value in draft.values.items()}
        activity_id = facts.pop(ACTIVITY_ID, None)
        if self.form is None or self._found is None:
            return
        if activity_id in self._found.activities:
            self._leave_for(activity_id)
        else:
            self._start_new()
        self.form.show_facts(replace(empty_facts(), **facts), *self._found.origins.get(activity_id or 0, ("", [])))
        self._tell()

    @Slot()
    def save(self) -> None:
        """Save the activity in the form."""
        if self.form is None or (self._shown_id is None and not self._is_new) or not self.form.check():
            return
        facts, wanted = self.form.facts(), self._shown_id
        self._context.jobs.write(
            lambda session, _job: register.save_activity(session, wanted, facts).id,
            then=partial(self._saved, facts),
        )

    @Slot()
    def show_list(self) -> None:
        """Show the list again where there is room for one pane only."""
        self._arrange(is_reading=False)
        self.table.setFocus()

    def _saved(self, facts: ActivityFacts, activity_id: int) -> None:
        self._shown_id, self._is_new, self._shown = activity_id, False, facts
        self._tell()
        messages.toast(self, _("Behandlingen är sparad."))
        self._load()

    def _load(self) -> None:
        self._context.jobs.read(lambda session, _job: read(session), then=self._take)

    def _take(self, found: Everything) -> None:
        before, self._found = self._found, found
        self._count()
        self._list()
        if before is None or before.choosable != found.choosable:
            if self._made is not None:
                self._made.deleteLater()
            self._made = ActivityForm(self.area.viewport(), found.choosable, self._context.today)
            self._making.begin(self._made.build())
            self._making.when_done(self._place_form)
        else:
            self._refresh()

    @Slot()
    def _place_form(self) -> None:
        made, old, found = self._made, self.form, self._found
        if made is None or found is None:
            return
        typed = old.facts() if old is not None and self.is_changed else None
        self.form, self._made = made, None
        made.changed.connect(self._tell)
        self.area.setWidget(made)
        if typed is not None:
            made.show_facts(typed, *found.origins.get(self._shown_id or 0, ("", [])))
        self._tell()
        self._refresh()

    def _refresh(self) -> None:
        """Show what is stored now, unless the form holds something that is not saved."""
        found = self._found
        if found is not None and not self.is_changed and not self._is_new:
            is_listed = self.chips.value() == ACTIVITIES
            self._show_activity(self._shown_id or (self.table.selected_id() if is_listed else None))

    def _count(self) -> None:
        if self._found is not None:
            parts = self._found.parts
            texts = {key: chip.text() for key, chip in self.chips.buttons.items()}
            names = {
                ACTIVITIES: _("Behandlingar"),
                SOURCES: _("Källor"),
                RECIPIENTS: _("Mottagare"),
                RULES: _("Gallringsregler"),
            }
            self.chips.set_counts([(key, names[key], len(parts[key])) for key in texts])

    def _list(self) -> None:
        if self._found is None:
            return
        key, is_ascending = self._sort
        rows = self._found.parts[self.chips.value()]
        ids = list(rows)
        if self.chips.value() == ACTIVITIES and key:
            ids.sort(key=lambda row_id: sort_key(str(rows[row_id][key])), reverse=not is_ascending)
        self.table.set_ids(ids)
        if self.chips.value() == ACTIVITIES and self.table.selected_id() is None and not self._is_new:
            self.table.select_id(self._shown_id if self._shown_id in rows else next(iter(ids), None))

    def _fetch(self, ids: Sequence[int]) -> dict[int, Any]:
        rows = self._found.parts[self.chips.value()] if self._found is not None else {}
        return {key: rows[key] for key in ids if key in rows}

    @Slot()
    def _show_part(self) -> None:
        part = self.chips.value()
        self.table.set_ids([])
        self.table.set_columns(columns(part))
        self.table.setAccessibleName(self.chips.buttons[part].accessibleName())
        self.new_button.setVisible(part == ACTIVITIES)
        self._arrange(is_reading=False)
        self._list()

    @Slot(object)
    def _choose(self, activity_id: int | None) -> None:
        if self.chips.value() != ACTIVITIES or activity_id is None or activity_id == self._shown_id:
            return
        if self.is_changed:
            self._ask_first(partial(self._leave_for, activity_id))
            QTimer.singleShot(0, self._select_shown)
        else:
            self._show_activity(activity_id)

    @Slot()
    def _select_shown(self) -> None:
        self.table.select_id(self._shown_id)

    @Slot(int)
    def _open(self, activity_id: int) -> None:
        if self.chips.value() == ACTIVITIES and self.form is not None:
            self._choose(activity_id)
            self._arrange(is_reading=True)
            self.form.name.setFocus()

    def _ask_first(self, then: Any) -> None:
        question = Question(
            title=_("Kasta ändringarna?"),
            text=_("Behandlingen i formuläret är ändrad men inte sparad."),
            verb=_("Kasta ändringarna"),
        )
        messages.ask(self.window(), question, then)

    def _leave_for(self, activity_id: int) -> None:
        self._show_activity(activity_id)
        self.table.select_id(activity_id)

    def _show_activity(self, activity_id: int | None) -> None:
        found = self._found
        if found is None or self.form is None:
            return
        self._is_new = False
        self._shown_id = activity_id if activity_id in found.activities else None
        self._shown = found.activities.get(self._shown_id or 0, empty_facts())
        self.form.show_facts(self._shown, *found.origins.get(self._shown_id or 0, ("", [])))
        self._shown = self.form.facts()
        self.form.setEnabled(self._shown_id is not None)
        self.area.verticalScrollBar().setValue(0)
        self._tell()

    @Slot()
    def _want_new(self) -> None:
        if self.is_changed:
            self._ask_first(self._start_new)
        else:
            self._start_new()

    def _start_new(self) -> None:
        if self.form is None:
            return
        self._shown_id, self._is_new, self._shown = None, True, empty_facts()
        self.table.select_id(None)
        self.form.setEnabled(True)
        self.form.show_facts(self._shown, "", [])
        self._shown = self.form.facts()
        self._arrange(is_reading=True)
        self.form.name.setFocus()
        self._tell()

    @Slot()
    def _undo(self) -> None:
        if self._is_new:
            self._show_activity(None)
            self._list()
        elif self._shown_id is not None:
            self._show_activity(self._shown_id)

    @Slot()
    def _tell(self) -> None:
        is_changed = self.is_changed
        self.state.setText(_("Ändringar som inte är sparade") if is_changed else "")
        self.undo_button.setVisible(is_changed or self._is_new)
        self.save_button.setEnabled(self._is_new or self._shown_id is not None)

    def _arrange(self, *, is_reading: bool) -> None:
        is_activities = self.chips.value() == ACTIVITIES
        self.left.setVisible(not (self._is_one_pane and is_reading and is_activities))
        self.right.setVisible(is_activities and (is_reading or not self._is_one_pane))
        self.back_button.setVisible(self._is_one_pane)

    @Slot(str, bool)
    def _sort_by(self, key: str, is_ascending: bool) -> None:
        self._sort = (key, is_ascending)
        self._list()

    @Slot(object)
    def _hear(self, names: frozenset[str]) -> None:
        if names & CONCERNS:
            self._load()
