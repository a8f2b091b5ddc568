"""The tab: five lists behind chips, and beside the activities the form of the one that is chosen."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.domain.names import sort_key
from app.domain.transfers import Transfer
from app.i18n import _
from app.services import register
from app.services.register import ActivityFacts
from app.ui import rights
from app.ui.context import Context
from app.ui.kit import messages
from app.ui.kit.drafting import Draft, Drafting, packed, unpack
from app.ui.kit.late import Slices
from app.ui.kit.messages import Question
from app.ui.register.columns import ACTIVITIES, NOTICES, RECIPIENTS, RULES, SOURCES, columns
from app.ui.register.form import ActivityForm, empty_facts
from app.ui.register.frame import RegisterFrame, part_names
from app.ui.register.lists import Counts, Everything, count, read

ONE_PANE_BELOW = 1100
ACTIVITY_ID = "id"
CONCERNS = frozenset({"Activity", "Source", "Recipient", "RetentionRule", "Notice", "Setting"})
COUNTED = frozenset({"Datum", "Activity", "Source"})
PARTS = {"activity": ACTIVITIES, "source": SOURCES, "recipient": RECIPIENTS, "rule": RULES, "notice": NOTICES}
"""The lists by what the other tabs call their rows."""


class RegisterTab(RegisterFrame, Drafting):
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
        self._wanted = ("", "")
        self._making = Slices(self)
        self.build(context, self._fetch, lambda: self._found)
        self.table.set_sort(*self._sort)
        self._connect()
        self._load()

    def _connect(self) -> None:
        self.chips.chosen.connect(self._show_part)
        self.new_button.clicked.connect(self._want_new)
        self.table.current_changed.connect(self._choose)
        self.table.current_changed.connect(self.desk.fit)
        self.desk.removed.connect(self._forget)
        self._context.ways.register_wanted.connect(self.show_row)
        self.table.opened.connect(self._open)
        self.table.sort_requested.connect(self._sort_by)
        self.save_button.clicked.connect(self.save)
        self.save_action.triggered.connect(self.save)
        self.undo_button.clicked.connect(self._undo)
        self.back_button.clicked.connect(self.show_list)
        self.back_action.triggered.connect(self.show_list)
        self._context.news.changed.connect(self._hear)
        desk = (self.desk.change_button, self.desk.remove_button, self.desk.remove_action)
        rights.restrict(self._context.vault, "register.save_activity", self.new_button, self.save_button, *desk)

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

    @Slot(str, str)
    def show_row(self, kind: str, code: str) -> None:
        """Show the row with this code in its list, and open what it is changed in; an empty code shows the list."""
        self._wanted = (kind, code)
        if self._found is not None:
            self._show_wanted()

    def _show_wanted(self) -> None:
        kind, code = self._wanted
        self._wanted = ("", "")
        if kind not in PARTS or self._found is None:
            return
        part = PARTS[kind]
        self.chips.set_value(part)
        self._show_part()
        row_id = self._found.codes[part].get(code)
        self.table.select_id(row_id)
        self.table.setFocus()
        if row_id is not None:
            self._open(row_id)

    def drafts(self) -> list[Draft]:
        """Return what is typed and not saved."""
        if self.form is None or not self.is_changed:
            return []
        facts = self.form.facts()
        countries = tuple((one.country, one.safeguard) for one in facts.transfers_to)
        values = packed({ACTIVITY_ID: self._shown_id, **asdict(facts), "transfers_to": countries})
        return [Draft(type(self).__name__, "", _("Behandlingar"), values)]

    def show_offer(self, card: QWidget) -> None:
        """Put a card over the list."""
        self.whole.insertWidget(0, card)

    def take_back(self, draft: Draft) -> None:
        """Show the activity with what was typed about it."""
        facts = {name: unpack(value) for name, value in draft.values.items()}
        activity_id = facts.pop(ACTIVITY_ID, None)
        facts["transfers_to"] = tuple(Transfer(*pair) for pair in facts.get("transfers_to", ()))
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
        self._count_data()
        if before is None or before.choosable.of_activities() != found.choosable.of_activities():
            if self._made is not None:
                self._made.deleteLater()
            self._made = ActivityForm(self.area.viewport(), found.choosable, self._context.today)
            self._making.begin(self._made.build())
            self._making.when_done(self._place_form)
        else:
            self._refresh()
        if self._wanted[0]:
            self._show_wanted()

    def _count_data(self) -> None:
        """Count the data in a reading of its own: among millions it takes longer than the rest."""
        self._context.jobs.read(lambda session, _job: count(session), then=self._take_counts)

    def _take_counts(self, counts: Counts) -> None:
        if self._found is not None:
            self._found.put_counts(counts)
            self.table.reload()

    def _place_form(self) -> None:
        """Let the form take the place of the old one, now that it is whole."""
        made, old, found = self._made, self.form, self._found
        if made is None or found is None:
            return
        typed = old.facts() if old is not None and self.is_changed else None
        self.form, self._made = made, None
        made.changed.connect(self._tell)
        self.area.setWidget(made)
        made.setEnabled(True)
        if typed is not None or self._is_new:
            made.show_facts(typed or empty_facts(), *found.origins.get(self._shown_id or 0, ("", [])))
        else:
            self._show_stored()
        self._tell()

    def _refresh(self) -> None:
        """Show what is stored now, unless the form holds something that is not saved."""
        if self._found is not None and not self.is_changed and not self._is_new:
            self._show_stored()

    def _show_stored(self) -> None:
        is_listed = self.chips.value() == ACTIVITIES
        self._show_activity(self._shown_id or (self.table.selected_id() if is_listed else None))

    def _count(self) -> None:
        if self._found is not None:
            parts = self._found.parts
            self.chips.set_counts([(part, name, len(parts[part])) for part, name in part_names().items()])

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
        names = {SOURCES: _("&Ny källa"), RECIPIENTS: _("&Ny mottagare"), RULES: _("&Ny regel"), NOTICES: _("&Ny text")}
        self.new_button.setText("\u2009" + names.get(part, _("&Ny behandling")))
        self._arrange(is_reading=False)
        self._list()
        self.desk.fit()

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
        if self.chips.value() != ACTIVITIES:
            self.desk.change()
        elif self.form is not None:
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
        if self.chips.value() != ACTIVITIES:
            self.desk.new(self.chips.value())
        elif self.is_changed:
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
    def _forget(self) -> None:
        """Let go of an activity that was removed."""
        if self.chips.value() == ACTIVITIES:
            self._is_new = False
            self._show_activity(None)

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
        elif names & COUNTED:
            self._count_data()
