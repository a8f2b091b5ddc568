"""Forms in a dialog: fields under each other, problems under the fields, Ctrl+Enter to finish, Esc to leave.

What was typed stays until it is saved; leaving a changed form asks first.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.i18n import _
from app.ui.kit import messages
from app.ui.kit.buttons import button
from app.ui.kit.date_fields import DateField
from app.ui.kit.drafting import Draft, Drafting, packed, unpack
from app.ui.kit.fields import Field, LineField, show_problems
from app.ui.kit.labels import PlainLabel
from app.ui.kit.scroll import Body

AnyField = TypeVar("AnyField", bound=Field)
FINISHING_KEYS = ("Ctrl+Return", "Ctrl+Enter")


class FormDialog(QDialog, Drafting):
    """A form.  Subclasses add fields, and answer `problems` and `save`; `save` ends in `finish` or `fail`.

    Fields lie in `column`; what stands beside them is put into `middle`, what stands by the verb into `buttons`.

    Args:
        parent: The window it belongs to.
        title: The window's title; never a person's name.
        verb: What the button does, such as "Spara".
        width: How wide it wants to be, in pixels at normal text size.
    """

    def __init__(self, parent: QWidget | None, title: str, verb: str, *, width: int = 520) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fields: dict[str, Field] = {}
        self.is_saving = False
        self._wanted_width = width
        self._untouched: dict[str, Any] = {}
        self.verb_button = button(verb, role="primary", tooltip=_("Ctrl+Enter"))
        self.cancel_button = button(_("Avbryt"))
        self._build_frame(title)
        self.finish_action = QAction(verb, self)
        self.finish_action.setShortcuts([QKeySequence(keys) for keys in FINISHING_KEYS])
        self.addAction(self.finish_action)
        self.finish_action.triggered.connect(self.submit)
        self.verb_button.clicked.connect(self.submit)
        self.cancel_button.clicked.connect(self.reject)

    def _build_frame(self, title: str) -> None:
        self._inner, self.area = Body(), QScrollArea()
        self.column = QVBoxLayout(self._inner)
        self.column.setContentsMargins(16, 12, 16, 8)
        self.column.setSpacing(12)
        self.heading = PlainLabel(title, "h1", wrap=True)
        self.column.addWidget(self.heading)
        self.area.setWidget(self._inner)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.buttons = QHBoxLayout()
        self.buttons.setContentsMargins(16, 4, 16, 12)
        self.buttons.setSpacing(8)
        self.buttons.addStretch()
        self.buttons.addWidget(self.verb_button)
        self.buttons.addWidget(self.cancel_button)
        self.middle = QHBoxLayout()
        self.middle.addWidget(self.area, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(self.middle, 1)
        whole.addLayout(self.buttons)
        self.verb_button.setDefault(True)

    def add(self, name: str, field: AnyField) -> AnyField:
        """Put a field last in the form."""
        self.fields[name] = field
        self.column.addWidget(field)
        return field

    def ready(self) -> None:
        """All fields are there with their first values; what differs from now on was typed by the user."""
        self.column.addStretch()
        self._untouched = self.values()
        room = QGuiApplication.primaryScreen().availableSize()
        self.resize(self.sizeHint().boundedTo(room))
        first = next((field for field in self.fields.values() if not field.isHidden()), None)
        (first or self.verb_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def values(self) -> dict[str, Any]:
        """Return the answers by the fields' names."""
        return {name: field.value() for name, field in self.fields.items()}

    def has_unsaved(self) -> bool:
        """Say whether something was typed that is not saved."""
        return self.values() != self._untouched

    def drafts(self) -> list[Draft]:
        """Return what is typed and not saved; passphrases are left out."""
        if not self.isVisible() or not self.has_unsaved():
            return []
        open_fields = {
            name: field for name, field in self.fields.items() if not (isinstance(field, LineField) and field.is_secret)
        }
        values = packed({name: field.value() for name, field in open_fields.items()})
        return [Draft(type(self).__name__, self.draft_about, self.windowTitle(), values)] if values else []

    def show_offer(self, card: QWidget) -> None:
        """Put a card under the heading."""
        self.column.insertWidget(1, card)

    def take_back(self, draft: Draft) -> None:
        """Fill the fields in from a draft."""
        self.fill(draft)

    def fill(self, draft: Draft) -> None:
        """Put a draft's answers into the fields."""
        for name, value in draft.values.items():
            if name in self.fields:
                self.fields[name].set_value(unpack(value))
        if self.fields:
            next(iter(self.fields.values())).setFocus()

    def problems(self) -> dict[str, str]:
        """Return what is wrong, a sentence for each field's name; empty when it can be saved."""
        return {}

    def save(self) -> None:
        """Save the answers, then call `finish` or `fail`."""
        raise NotImplementedError

    @Slot()
    def submit(self) -> None:
        """Check the answers and save them."""
        if self.is_saving or show_problems(self.fields, {**self.problems(), **self._unreadable()}):
            return
        self._set_saving(is_saving=True)
        self.save()

    def finish(self, _result: object = None) -> None:
        """Close the form: its answers are stored."""
        self._set_saving(is_saving=False)
        self.accept()

    def fail(self, error: Exception) -> None:
        """Say what went wrong; all that was typed stays."""
        self._set_saving(is_saving=False)
        messages.show_error(self, error)

    @Slot()
    def reject(self) -> None:
        """Leave the form; one that was changed asks first."""
        if self.is_saving:
            return
        if not self.has_unsaved():
            super().reject()
            return
        question = messages.Question(
            _("Kasta det du har skrivit?"), _("Inget av det är sparat än."), _("Kasta"), is_danger=True
        )
        messages.ask(self, question, self._throw_away)

    def showEvent(self, event: QShowEvent) -> None:
        """Take the room the fields want now that the style sheet has measured them."""
        super().showEvent(event)
        if not event.spontaneous():
            self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Return room for all fields, as far as the screen allows."""
        digit = self.fontMetrics().horizontalAdvance("0")
        room = QGuiApplication.primaryScreen().availableSize()
        width = min(max(self._wanted_width, round(digit * self._wanted_width / 9)), room.width() - 40)
        tall = self.column.heightForWidth(width) if self.column.hasHeightForWidth() else self.column.sizeHint().height()
        return QSize(width, min(tall + self.buttons.sizeHint().height() + 12, room.height() - 80))

    def _unreadable(self) -> dict[str, str]:
        dates = {name: field for name, field in self.fields.items() if isinstance(field, DateField)}
        wrong = _("Det går inte att läsa som en dag. Skriv till exempel 2026-11-03 eller 3 nov.")
        return {name: wrong for name, field in dates.items() if field.is_unreadable()}

    def _throw_away(self) -> None:
        super().reject()

    def _set_saving(self, *, is_saving: bool) -> None:
        self.is_saving = is_saving
        self.verb_button.setEnabled(not is_saving)


def open_form(form: FormDialog, accepted: Callable[[], None] | None = None) -> FormDialog:
    """Show a form in the way of its window only, and call `accepted` when its answers are stored."""
    if accepted is not None:
        form.accepted.connect(accepted)
    form.ready()
    form.open()
    return form
