"""Fields: a label, an editor, a hint, and what is wrong under it.  What is wrong is decided by a pure function elsewhere.

Here are those that every window has; `text_field`, `choice_fields` and `date_fields` have the others.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.i18n import _
from app.ui.kit.icons import icon
from app.ui.kit.labels import PlainLabel, set_style

Choices = Sequence[tuple[str, str]]


class Field(QWidget):
    """What all fields share.

    Args:
        label: What is asked for.
        hint: How to answer, in a few words.
        is_optional: Say so after the label.

    Signals:
        changed: The user changed the value.
        left: The user left the field.
    """

    changed = Signal()
    left = Signal()

    def __init__(self, label: str, hint: str = "", *, is_optional: bool = False) -> None:
        super().__init__()
        self._hint, self._problem = hint, ""
        self._hint_label: PlainLabel | None = None
        self._problem_label: PlainLabel | None = None
        shown = _("{label} (valfritt)").format(label=label) if is_optional else label
        self.label = PlainLabel(shown, "strong", wrap=True)
        if not shown:
            self.label.hide()  # showing it instead, without a parent yet, would open a window
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(4)
        self.column.addWidget(self.label)

    @property
    def hint(self) -> PlainLabel:
        """The words under the editor; made when there are any."""
        if self._hint_label is None:
            self._hint_label = self._under_editor(self._hint, "muted", 1)
        return self._hint_label

    @property
    def problem(self) -> PlainLabel:
        """What is wrong, under the editor and its hint; made when something first is."""
        if self._problem_label is None:
            self._problem_label = self._under_editor(self._problem, "problem", 2 if self._hint_label else 1)
        return self._problem_label

    def _under_editor(self, text: str, level: str, places: int) -> PlainLabel:
        label = PlainLabel(text, level, wrap=True)
        if not text:
            label.hide()
        self.column.insertWidget(self.column.indexOf(self._body) + places, label)
        return label

    def _finish(self, editor: QWidget, focus: QWidget | None = None) -> None:
        """Place the editor and the words under it."""
        self.editor, self._body = focus or editor, editor
        self.setFocusProxy(self.editor)
        self.editor.setAccessibleName(self.label.text())
        self.editor.setAccessibleDescription(self._hint)
        self.editor.installEventFilter(self)
        self.column.addWidget(editor)
        if self._hint:
            self._hint_label = self._under_editor(self._hint, "muted", 1)

    def set_problem(self, text: str) -> None:
        """Show what is wrong, or nothing."""
        if text == self._problem:
            return
        self._problem = text
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        set_style(self.editor, "wrong", bool(text))
        self.editor.setAccessibleDescription(" ".join(part for part in (text, self._hint) if part))

    def problem_text(self) -> str:
        """Return what is shown as wrong."""
        return self._problem

    def value(self) -> Any:
        """Return the answer."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Put an answer in, without telling anyone that the user did it."""
        raise NotImplementedError

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """See to the keys and events of the parts."""
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() != Qt.FocusReason.PopupFocusReason:
            self._leave()
            self.left.emit()
        return False

    def _leave(self) -> None:
        """Tidy up what was typed."""

    @Slot()
    def _edited(self) -> None:
        if self._problem:
            self.set_problem("")
        self.changed.emit()


class LineField(Field):
    """One line of text; the answer has no spaces at its ends."""

    def __init__(self, label: str, hint: str = "", *, is_optional: bool = False, is_secret: bool = False) -> None:
        super().__init__(label, hint, is_optional=is_optional)
        self.is_secret = is_secret
        self.line = QLineEdit()
        self.line.setMaxLength(2000)
        self._finish(self.line)
        self.line.textEdited.connect(self._edited)
        if is_secret:
            self._add_reveal()

    def value(self) -> str:
        """Return the answer."""
        text = self.line.text()
        return text if self.is_secret else text.strip()

    def set_value(self, value: str) -> None:
        """Put an answer in."""
        self.line.setText(value)
        self.line.setCursorPosition(0)

    def _add_reveal(self) -> None:
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.reveal_action = self.line.addAction(icon("eye", "muted"), QLineEdit.ActionPosition.TrailingPosition)
        self.reveal_action.setText(_("Visa"))
        self.reveal_action.setCheckable(True)
        self.reveal_action.toggled.connect(self._reveal)

    @Slot(bool)
    def _reveal(self, is_shown: bool) -> None:
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if is_shown else QLineEdit.EchoMode.Password)
        self.reveal_action.setIcon(icon("eye-off" if is_shown else "eye", "muted"))
        self.reveal_action.setText(_("Dölj") if is_shown else _("Visa"))


class ComboField(Field):
    """One of some choices in a list that opens."""

    def __init__(self, label: str, choices: Choices, hint: str = "", *, is_optional: bool = False) -> None:
        super().__init__(label, hint, is_optional=is_optional)
        self.combo = QComboBox()
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setMinimumContentsLength(12)
        self._finish(self.combo)
        self.set_choices(choices)
        self.combo.activated.connect(self._edited)

    def set_choices(self, choices: Choices) -> None:
        """Offer these codes and texts; the code chosen before stays if it is among them."""
        before = self.combo.currentData()
        self.combo.clear()
        for code, text in choices:
            self.combo.addItem(text, code)
        self.set_value(before)

    def value(self) -> str | None:
        """Return the answer."""
        code: str | None = self.combo.currentData()
        return code

    def set_value(self, value: str | None) -> None:
        """Put an answer in."""
        self.combo.setCurrentIndex(max(0, self.combo.findData(value)) if value is not None else 0)


def show_problems(fields: Mapping[str, Field], found: Mapping[str, str]) -> bool:
    """Show each problem under its field, go to the first one, and say whether there was any."""
    for name, field in fields.items():
        field.set_problem(found.get(name, ""))
    first = next((field for name, field in fields.items() if found.get(name)), None)
    if first is not None:
        first.setFocus(Qt.FocusReason.OtherFocusReason)
    return bool(found)
