"""Lists of steps with done marks: what has been done, by whom, and what is left."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from app.i18n import _
from app.ui.kit.icons import IconView, icon
from app.ui.kit.labels import PlainLabel, set_shown, set_style
from app.ui.kit.theme import Tone


@dataclass(frozen=True)
class StepRow:
    """One step.

    Attributes:
        title: What is to be done.
        note: When and by whom it was done, or what it waits for.
        is_done: It is done.
        is_current: It is the one at hand.
    """

    title: str
    note: str = ""
    is_done: bool = False
    is_current: bool = False


def mark_of(step: StepRow) -> tuple[str, str | Tone]:
    """Return the icon and tint of a step."""
    if step.is_done:
        return "circle-check", Tone.OK
    return ("circle-dot", "accent") if step.is_current else ("circle", "muted")


def spoken(step: StepRow) -> str:
    """Return the step in words, with its state, since the mark is a picture."""
    state = _("klart") if step.is_done else _("pågår") if step.is_current else _("återstår")
    return ", ".join(part for part in (step.title, state, step.note) if part)


class StepList(QWidget):
    """Steps to read, in two columns."""

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(2, 1)
        self.steps: tuple[StepRow, ...] = ()
        self._rows: list[tuple[IconView, PlainLabel, PlainLabel]] = []

    def set_steps(self, steps: Sequence[StepRow]) -> None:
        """Show these steps."""
        self.steps = tuple(steps)
        while len(self._rows) < len(self.steps):
            row = IconView("circle", "muted"), PlainLabel(), PlainLabel("", "muted", wrap=True)
            for column, part in enumerate(row):
                self._grid.addWidget(part, len(self._rows), column)
            self._rows.append(row)
        for number, row in enumerate(self._rows):
            for part in row:
                set_shown(part, number < len(self.steps))
        for (mark, title, note), step in zip(self._rows, self.steps, strict=False):
            mark.set_icon(*mark_of(step))
            title.set_level("strong" if step.is_current else "body")
            title.setText(step.title)
            title.setAccessibleName(spoken(step))
            note.setText(step.note)


class StepButtons(QWidget):
    """Steps to go to, under each other; arrow keys move.

    Signals:
        chosen: The number of the step, from 0.
    """

    chosen = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.buttons: list[QPushButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def set_steps(self, steps: Sequence[StepRow]) -> None:
        """Show these steps, numbered from 1; buttons that are there are used again, so the focus stays."""
        while len(self.buttons) > len(steps):
            gone = self.buttons.pop()
            self._column.removeWidget(gone)
            gone.deleteLater()
        while len(self.buttons) < len(steps):
            made = QPushButton()
            made.setAutoDefault(False)
            made.setCheckable(True)
            set_style(made, "role", "step")
            made.installEventFilter(self)
            made.clicked.connect(self._choose)
            self._column.addWidget(made)
            self.buttons.append(made)
        for number, (made, step) in enumerate(zip(self.buttons, steps, strict=True), start=1):
            made.setText(f"\u2009{number} {step.title}".replace("&", "&&"))
            made.setIcon(icon(*mark_of(step)))
            made.setChecked(step.is_current)
            made.setAccessibleName(spoken(step))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See to the keys and events of the parts."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step and watched in self.buttons:
                place = self.buttons.index(watched) + step
                self.buttons[max(0, min(place, len(self.buttons) - 1))].setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return False

    @Slot()
    def _choose(self) -> None:
        number = next(place for place, made in enumerate(self.buttons) if made is self.sender())
        self.chosen.emit(number)
