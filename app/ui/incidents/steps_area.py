"""The six steps of an incident with all their fields.  What is typed belongs to the user: reading again never writes over it."""

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from app.domain.errors import UserError
from app.i18n import _, language
from app.reference.breach_form import Step, form
from app.services import breach_answers
from app.ui.incidents import questions
from app.ui.incidents.decision_form import DecisionForm
from app.ui.incidents.reading import SEVERITY, TITLE, Shown
from app.ui.incidents.severity_form import SeverityForm
from app.ui.incidents.step_form import StepForm
from app.ui.kit.cards import Card, NextStepCard
from app.ui.kit.count_fields import FlagField
from app.ui.kit.date_fields import Today
from app.ui.kit.fields import Field, LineField
from app.ui.kit.labels import PlainLabel
from app.ui.kit.scroll import ScrollColumn

ASSESS, REVIEW = 4, 6


class StepsArea(QStackedWidget):
    """One page for each step.

    Signals:
        edited: A name and its new answer in JSON's own kinds.
        left: The user left a field.
    """

    edited = Signal(str, object)
    left = Signal()

    def __init__(self, today: Today) -> None:
        super().__init__()
        self._today = today
        self.forms: dict[int, StepForm] = {}
        self.fields: dict[str, Field] = {}
        self._stored: dict[str, Any] = {}
        self._severity: dict[str, float] = {}
        self._given: dict[str, Any] = {}
        self._is_late = False

    def build(self) -> Iterator[None]:
        """Make the pages, one at a time."""
        self.title = LineField(_("Rubrik"), _("Kort, utan namn."))
        for step in form().steps:
            self._add_page(step)
            yield
        self._connect()

    def _add_page(self, step: Step) -> None:
        area = ScrollColumn()
        self.addWidget(area)
        area.add(PlainLabel(step.title_en if language() == "en" else step.title, "h1", wrap=True))
        area.add(PlainLabel(_intro(step.number), "muted", wrap=True))
        self.forms[step.number] = made = StepForm(form().in_step(step.number), self._today)
        self.fields |= made.fields
        for part in self._parts(step.number):
            area.add(part)
        area.column.addStretch()

    def _parts(self, number: int) -> list[QWidget]:
        parts: list[QWidget] = [self.forms[number]]
        if number == 1:
            card = Card()
            card.column.setContentsMargins(20, 16, 20, 16)
            card.add(self.title)
            parts.insert(0, card)
        elif number == ASSESS:
            self.severity = SeverityForm()
            parts.insert(0, self.severity)
        elif number == REVIEW:
            self.next_step, self.decision = NextStepCard(), DecisionForm()
            parts[:0] = [self.next_step, self.decision]
        return parts

    def _connect(self) -> None:
        for one in self.forms.values():
            one.edited.connect(self._edit)
            one.left.connect(self.left)
        self.title.changed.connect(self._edit_title)
        self.title.left.connect(self.left)
        self.severity.answered.connect(self._assess)

    def begin(self) -> None:
        """Empty everything: another incident comes."""
        self._stored, self._severity, self._given, self._is_late = {}, {}, {}, False
        for one in self.forms.values():
            one.put({})
        self.title.set_value("")
        self.title.set_problem("")
        self.severity.put({})
        self.decision.begin()

    def set_locked(self, *, is_locked: bool) -> None:
        """Turn the questions off when the incident is closed."""
        for part in (self.title, self.severity.card, self.decision, *self.forms.values()):
            part.setEnabled(not is_locked)

    def show_stored(self, shown: Shown, *, is_late: bool) -> None:
        """Show what is stored wherever the user has not written something else."""
        self._is_late = is_late
        stored = {name: shown.answers.get(name) for name in self.fields}
        for name, field in self.fields.items():
            self._take_over(name, field, stored[name])
        if self.title.value() == (self._stored.get(TITLE) or ""):
            self.title.set_value(shown.facts.title)
        self._stored[TITLE] = shown.facts.title
        severity = {
            code: float(value) for code in self.severity.fields if (value := shown.facts.severity.get(code)) is not None
        }
        if self.severity.values() == self._severity and severity != self._severity:
            self.severity.put(severity)
        self._severity = severity
        self.decision.show_facts(shown.facts, shown.suggested)
        self._ask()

    def _take_over(self, name: str, field: Field, value: Any) -> None:
        """Show a stored answer if the field still holds the one stored before."""
        now, before = questions.answer(field), _plain(field, self._stored.get(name))
        if now == before and now != _plain(field, value) and not questions.is_unreadable(field):
            questions.put(field, value)
        self._stored[name] = value

    def problem(self, name: str, value: Any) -> str:
        """Return why an answer cannot be stored; empty when it can."""
        if name == SEVERITY:
            return ""
        if name == TITLE:
            return "" if value else _("Skriv några ord om vad som har hänt, utan namn.")
        if name == "aware_at" and value is None:
            return _("Skriv dagen och klockslaget då ni fick vetskap.")
        try:
            breach_answers.check_together({**self.answers(), **breach_answers.checked({name: value})})
        except UserError as error:
            return f"{error.what} {error.do}"
        return ""

    def answers(self) -> dict[str, Any]:
        """Return all answers that can be read."""
        found = {name: questions.answer(field) for name, field in self.fields.items()}
        return {name: value for name, value in found.items() if value is not None}

    def show_problem(self, name: str, text: str) -> None:
        """Say under a field why its answer is not stored."""
        field = self.title if name == TITLE else self.fields.get(name)
        if field is not None:
            field.set_problem(text)

    def unstored(self) -> dict[str, Any]:
        """Return what is typed and cannot be stored as it is, to be kept as a draft."""
        typed = {name: texts for name, field in self.fields.items() if (texts := questions.typed(field))}
        wrong = {
            name: value
            for name, field in self.fields.items()
            if name not in typed and (value := questions.answer(field)) is not None and self.problem(name, value)
        }
        choice, partial = self.decision.choice(), self.severity.values()
        found: dict[str, Any] = {"typed": typed, "wrong": wrong}
        if partial != self._severity and self.severity.given() is None:
            found["severity"] = partial
        if self.decision.has_unsaved():
            found["decision"] = [choice.risk, choice.notify, choice.inform, choice.reason]
        return {key: value for key, value in found.items() if value}

    def put_unstored(self, draft: dict[str, Any]) -> None:
        """Show again what was typed when the page was left."""
        for name, texts in draft.get("typed", {}).items():
            if name in self.fields:
                questions.put_typed(self.fields[name], texts)
                self.fields[name].set_problem(questions.why_unreadable(self.fields[name]))
        for name, value in draft.get("wrong", {}).items():
            if name in self.fields:
                questions.put(self.fields[name], value)
                self.edited.emit(name, value)
        if "severity" in draft:
            self.severity.put(draft["severity"])
        if "decision" in draft:
            self.decision.put_stored(draft["decision"])

    def go(self, number: int, name: str = "") -> None:
        """Show a step, and go to one of its fields."""
        self.setCurrentIndex(number - 1)
        if name or number != REVIEW:
            self._focus(number, name)

    def _focus(self, number: int, name: str) -> None:
        form_ = self.forms[number]
        area = self.widget(number - 1)
        if name and isinstance(area, QScrollArea) and name in form_.fields:
            form_.focus(name)
            area.ensureWidgetVisible(form_.fields[name])
        elif number == ASSESS:
            next(iter(self.severity.fields.values())).setFocus(Qt.FocusReason.OtherFocusReason)
        elif number == 1 and self.title.value():
            form_.focus()
        elif number == 1:
            self.title.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            form_.focus()

    def _edit(self, name: str) -> None:
        field = self.fields[name]
        if not questions.is_unreadable(field):
            self.edited.emit(name, questions.answer(field))
        self._ask()

    def _edit_title(self) -> None:
        self.edited.emit(TITLE, self.title.value())

    def _assess(self) -> None:
        self.edited.emit(SEVERITY, self.severity.values())

    def _ask(self) -> None:
        answers = self.answers()
        for one in self.forms.values():
            one.ask(answers, is_late=self._is_late)


def _plain(field: Field, value: Any) -> Any:
    """Return a stored answer as its field says it."""
    if isinstance(field, FlagField):
        return bool(value)
    if isinstance(value, list | tuple):
        return list(value) or None
    return None if value == "" else value


def _intro(number: int) -> str:
    return {
        1: _("Beskriv kort och sakligt. Skriv inga namn."),
        2: _("Klockan går från när ni fick vetskap, helger också."),
        3: _("Ange minst och högst om ni inte vet exakt."),
        4: _("Bedömningen följer Enisas modell. Du kan ändra resultatet i steg 6, med en motivering."),
        5: _("Vad har ni gjort, och vad ska ni göra?"),
        6: _("Besluta, kopiera svaren till myndighetens e-tjänst och skriv när anmälan skickades."),
    }[number]
