"""The questions of one step."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.reference.breach_form import FormField
from app.ui.incidents import questions
from app.ui.kit.cards import Card
from app.ui.kit.date_fields import Today
from app.ui.kit.fields import Field
from app.ui.kit.labels import set_shown


class StepForm(QWidget):
    """Fields under each other in a card.  It stores nothing itself.

    Args:
        fields: The form's fields, in its order.
        today: Returns the local day.

    Signals:
        edited: The name of a field that the user changed.
        left: The user left a field.
    """

    edited = Signal(str)
    left = Signal()

    def __init__(self, fields: tuple[FormField, ...], today: Today) -> None:
        super().__init__()
        self._asked = {field.name: field for field in fields}
        self.fields: dict[str, Field] = {}
        self._names: dict[Field, str] = {}
        self.card = Card()
        self.card.column.setContentsMargins(20, 16, 20, 16)
        self.card.column.setSpacing(16)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.card)
        for field in fields:
            self._add(field, today)

    def _add(self, field: FormField, today: Today) -> None:
        made = questions.question(field, today)
        self.fields[field.name], self._names[made] = made, field.name
        self.card.add(made)
        made.changed.connect(self._tell)
        made.left.connect(self.left)

    def _tell(self) -> None:
        sender = self.sender()
        if isinstance(sender, Field):
            self.edited.emit(self._names[sender])

    def answers(self) -> dict[str, Any]:
        """Return the answers that can be read, in JSON's own kinds."""
        return {name: questions.answer(field) for name, field in self.fields.items()}

    def put(self, answers: dict[str, Any]) -> None:
        """Show stored answers."""
        for name, field in self.fields.items():
            field.set_problem("")
            questions.put(field, answers.get(name))

    def ask(self, answers: dict[str, Any], *, is_late: bool) -> None:
        """Show the questions that apply and hide the others."""
        for name, field in self.fields.items():
            set_shown(field, questions.is_asked(self._asked[name], answers, is_late=is_late))

    def focus(self, name: str = "") -> None:
        """Go to a field, or to the first one."""
        field = self.fields.get(name) or next(iter(self.fields.values()), None)
        if field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)
