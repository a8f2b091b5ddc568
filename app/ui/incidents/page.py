"""One incident: the clock and the steps to the left, the questions in the middle, the copy desk to the right."""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.breach import in_stockholm
from app.i18n import _, language
from app.reference.breach_form import Step, form
from app.services import drafts
from app.services.drafts import Kept
from app.ui.context import Context
from app.ui.incidents import reading
from app.ui.incidents.acts import Acts
from app.ui.incidents.autosave import Autosave
from app.ui.incidents.clock_card import ClockCard, Timing
from app.ui.incidents.copy_desk import CopyDesk, Sheet
from app.ui.incidents.reading import Shown
from app.ui.incidents.steps_area import ASSESS, REVIEW, StepsArea
from app.ui.kit import messages
from app.ui.kit.buttons import button
from app.ui.kit.jobs import Job
from app.ui.kit.labels import PlainLabel
from app.ui.kit.late import Slices
from app.ui.kit.scroll import ScrollColumn
from app.ui.kit.steps import StepButtons, StepRow
from app.ui.kit.theme import theme

TICK = 20_000
NARROW = 1080
SIDE, DESK = 210, 430


class IncidentPage(QWidget):
    """Shows one incident and saves what is typed.

    Signals:
        back_wanted: Show the list again.
    """

    back_wanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._shown: Shown | None = None
        self._reading: Job | None = None
        self._is_desk_wanted = False
        self.incident_id: int | None = None
        self.saving = Autosave(context.jobs, reading.save, self._check, context.now)
        self.acts = Acts(self, context)
        self._timer = QTimer(self, interval=TICK)
        self._timer.timeout.connect(self._tick)
        self.building = Slices(self, self._build())

    def _build(self) -> Iterator[None]:
        """Make the page from left to right, which is the order the Tab key goes."""
        self._whole = QHBoxLayout(self)
        self._whole.setContentsMargins(12, 10, 12, 8)
        self._whole.setSpacing(16)
        self._build_side()
        yield
        self.area = StepsArea(self._context.today)
        column = self._build_middle()
        yield from self.area.build()
        self._build_bottom(column)
        yield
        self.desk = CopyDesk()
        self._whole.addWidget(self.desk)
        self._connect()
        self._timer.start()

    def _build_middle(self) -> QVBoxLayout:
        self.middle = QWidget()
        self._whole.addWidget(self.middle, 1)
        column = QVBoxLayout(self.middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.area, 1)
        return column

    def _build_bottom(self, column: QVBoxLayout) -> None:
        self.back_button = button(_("&Tillbaka"))
        self.next_button = button(_("&Nästa"), "arrow-right", role="primary")
        self.state = PlainLabel("", "muted")
        bottom = QHBoxLayout()
        column.addLayout(bottom)
        bottom.addWidget(self.back_button)
        bottom.addStretch()
        bottom.addWidget(self.state)
        bottom.addWidget(self.next_button)

    def _build_side(self) -> None:
        self._side, self._side_area = QWidget(), ScrollColumn(right=2)
        self._whole.addWidget(self._side)
        whole = QVBoxLayout(self._side)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._side_area, 1)
        self.heading = PlainLabel("", "h2", wrap=True)
        self.clock, self.steps = ClockCard(), StepButtons(_("Steg"))
        for part in (self.heading, self.clock, self.steps):
            self._side_area.add(part)
        self._side_area.column.addStretch()
        self.desk_button = button(_("Så ser anmälan &ut"), "file-text")
        self.desk_button.setCheckable(True)
        self.list_button = button(_("&Alla incidenter"), "arrow-left", tooltip=_("Alt+Vänsterpil"))
        whole.addWidget(self.desk_button)
        whole.addWidget(self.list_button)

    def _connect(self) -> None:
        self.list_button.clicked.connect(self.back_wanted)
        self.back_button.clicked.connect(self.go_back)
        self.next_button.clicked.connect(self.go_on)
        self.desk_button.toggled.connect(self._want_desk)
        self.steps.chosen.connect(self._choose_step)
        self.area.edited.connect(self.saving.note)
        self.area.left.connect(self.saving.flush)
        self.area.decision.decided.connect(self._decide)
        self.saving.waiting.connect(self._wait)
        self.saving.saved.connect(self._tell_saved)
        self.saving.checked.connect(self.area.show_problem)
        self.saving.refused.connect(self._refuse)
        self.desk.field_wanted.connect(self.go_to_field)
        self.desk.save_wanted.connect(self._save_paper)
        self.desk.preview_wanted.connect(self._preview)
        theme().changed.connect(self._fit)
        self._fit()

    def open(self, incident_id: int) -> None:
        """Show an incident, from its first step."""
        if incident_id != self.incident_id:
            self.leave()
            self.incident_id = incident_id
            self._shown = None
            self.building.when_done(self._begin)
        self.reload()

    def _begin(self) -> None:
        self.area.begin()
        self.saving.begin(self.incident_id)
        self.state.setText("")
        self.area.go(1)

    def leave(self) -> None:
        """Store what is typed; what cannot be stored is kept as a draft and comes back with the incident."""
        self.saving.flush()
        self._keep_draft()
        self.saving.begin(None)
        self.incident_id = None

    def flush(self) -> None:
        """Store what is typed, before the vault is locked or closed."""
        self.saving.flush()
        self._keep_draft()

    def has_unsaved(self) -> bool:
        """Say whether something is typed that is not stored as an answer."""
        is_open = self.incident_id is not None and self.building.is_done
        return is_open and bool(self.saving.has_unsaved() or self.area.unstored())

    def _keep_draft(self) -> None:
        if self._shown is None or not (draft := self.area.unstored()):
            return
        number = self._shown.facts.number
        kept = Kept(draft, number)
        self._context.jobs.write(lambda session, _job: drafts.save(session, reading.draft_key(number), kept))

    def reload(self) -> None:
        """Read the incident again."""
        incident_id = self.incident_id
        if incident_id is None:
            return
        if self._reading is not None and not self._reading.is_over:
            self._reading.cancel()
        now = self._context.now()
        self._reading = self._context.jobs.read(
            lambda session, _job: reading.read(session, incident_id, now=now), then=self._take
        )

    def _take(self, shown: Shown | None) -> None:
        self.building.when_done(partial(self._show, shown))

    def _show(self, shown: Shown | None) -> None:
        if shown is None:
            self.saving.begin(None)
            self.incident_id = None
            self.back_wanted.emit()
            return
        if shown.facts.id != self.incident_id:
            return
        is_first = self._shown is None
        self._shown = shown
        self.heading.setText(f"{shown.facts.number} {shown.facts.title}")
        self.area.show_stored(shown, is_late=shown.is_late(self._context.now()))
        self.area.set_locked(is_locked=shown.facts.closed_on is not None)
        heading = _("Anmälan av personuppgiftsincident")
        state = f"{shown.facts.number} · {shown.paper.status_text}"
        self.desk.show_sheet(Sheet(heading, state, shown.paper.answers))
        self.acts.show_next(self.area.next_step, shown)
        self._tick()
        self._tell_steps()
        if is_first:
            self.area.go(self.area.currentIndex() + 1)
            self._take_draft(shown)

    def _take_draft(self, shown: Shown) -> None:
        if not shown.has_draft:
            return
        key = reading.draft_key(shown.facts.number)
        self._context.jobs.write(lambda session, _job: (key, drafts.take(session, key)), then=self._put_draft)

    def _put_draft(self, taken: tuple[str, Kept | None]) -> None:
        key, draft = taken
        if draft is not None and self._shown is not None and key == reading.draft_key(self._shown.facts.number):
            self.area.put_unstored(draft.values)
            messages.toast(self, _("Det du skrev senast och inte kunde sparas är tillbaka."))

    @Slot()
    def _tick(self) -> None:
        if self._shown is None:
            return
        facts = self._shown.facts
        is_needless = facts.is_notify is False or (facts.closed_on is not None and facts.notified_at is None)
        timing = Timing(facts.aware_at, facts.target_at, facts.notified_at, is_needless, self._shown.supplement_on)
        self.clock.show_time(timing, self._context.now())

    def _tell_steps(self) -> None:
        current = self.area.currentIndex() + 1
        self.steps.set_steps([self._step_row(step, current) for step in form().steps])
        self.back_button.setEnabled(current > 1)
        self.next_button.setVisible(current < len(form().steps))

    def _step_row(self, step: Step, current: int) -> StepRow:
        title = step.title_en if language() == "en" else step.title
        return StepRow(
            title, is_done=step.number != current and self._is_done(step.number), is_current=step.number == current
        )

    def _is_done(self, number: int) -> bool:
        """Say whether a step has all that is required of it."""
        if self._shown is None or any(field.name in self._shown.missing for field in form().in_step(number)):
            return False
        facts = self._shown.facts
        return {ASSESS: facts.score is not None, REVIEW: facts.risk is not None}.get(number, True)

    @Slot(int)
    def _choose_step(self, place: int) -> None:
        self.go_to_step(place + 1)

    def go_to_step(self, number: int, name: str = "") -> None:
        """Show a step; what was typed in the one before is stored."""
        self.saving.flush()
        self.desk_button.setChecked(False)
        self.area.go(number, name)
        self._tell_steps()

    @Slot(str)
    def go_to_field(self, name: str) -> None:
        """Show the step that asks a question, and go to it."""
        self.go_to_step(form().field(name).step, name)

    @Slot()
    def go_on(self) -> None:
        """Go to the next step."""
        self.go_to_step(min(self.area.currentIndex() + 2, len(form().steps)))

    @Slot()
    def go_back(self) -> None:
        """Go to the step before."""
        self.go_to_step(max(self.area.currentIndex(), 1))

    @Slot()
    def finish_step(self) -> None:
        """Answer Ctrl+Enter: save the decision in the last step, go on in the others."""
        if self.area.currentIndex() + 1 == REVIEW:
            self.area.decision.submit()
        else:
            self.go_on()

    def _check(self, name: str, value: Any) -> str:
        if name == "aware_at" and value and dt.datetime.fromisoformat(value) > self._context.now():
            return _("Tiden ligger i framtiden. Skriv när ni fick veta det.")
        return self.area.problem(name, value)

    def _wait(self) -> None:
        self.state.setText(_("Sparar när du gör en paus …"))

    def _tell_saved(self, at: dt.datetime) -> None:
        self.state.setText(_("Sparat {clock}").format(clock=f"{in_stockholm(at):%H.%M}"))

    def _refuse(self, name: str, error: Exception) -> None:
        words = messages.error_text(error)
        self.area.show_problem(name, f"{words.what} {words.do}")
        self.state.setText(_("Allt är inte sparat"))
        if name not in self.area.fields:
            messages.show_error(self.window(), error)

    def _decide(self, choice: Any) -> None:
        self.saving.flush()
        if self.incident_id is not None:
            self.acts.decide(self.incident_id, choice, self._refuse_decision)

    def _refuse_decision(self, error: Exception) -> None:
        self.area.decision.take_back()
        messages.show_error(self.window(), error)

    def _save_paper(self) -> None:
        self.saving.flush()
        if self.incident_id is not None:
            self.acts.save_paper(self.incident_id)

    def _preview(self) -> None:
        self.saving.flush()
        if self.incident_id is not None:
            self.acts.preview(self.incident_id)

    @Slot(bool)
    def _want_desk(self, is_on: bool) -> None:
        self._is_desk_wanted = is_on
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        if self.building.is_done:
            self._fit()

    def is_narrow(self) -> bool:
        """Say whether the questions and the copy desk take turns."""
        return self.width() < NARROW * theme().zoom / 100

    @Slot()
    def _fit(self) -> None:
        zoom, is_narrow = theme().zoom / 100, self.is_narrow()
        self._side.setFixedWidth(min(round(SIDE * zoom), max(SIDE, self.width() // 3)))
        self.desk_button.setVisible(is_narrow)
        self.desk.setVisible(not is_narrow or self._is_desk_wanted)
        self.middle.setVisible(not is_narrow or not self._is_desk_wanted)
        if is_narrow:
            self.desk.setMinimumWidth(0)
            self.desk.setMaximumWidth(16777215)
        else:
            self.desk.setFixedWidth(min(round(DESK * zoom), self.width() * 2 // 5))
