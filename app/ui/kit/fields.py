"""Fields: a label, an editor, a hint, and what is wrong under it.  What is wrong is decided by a pure function elsewhere."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.i18n import _, ngettext
from app.ui.kit.flow import FlowLayout
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


class TextField(Field):
    """Several lines of text, with a count of what is left when there is a limit."""

    def __init__(
        self, label: str, hint: str = "", *, is_optional: bool = False, max_chars: int = 0, lines: int = 4
    ) -> None:
        super().__init__(label, hint, is_optional=is_optional)
        self._max = max_chars
        self.text = _Lines(lines)
        self._finish(self.text)
        self._is_setting = True
        self.text.textChanged.connect(self._count)
        self._count()
        self._is_setting = False

    @cached_property
    def count(self) -> PlainLabel:
        """How much room is left, for a field with a limit."""
        made = PlainLabel("", "muted")
        self.column.addWidget(made)
        return made

    def value(self) -> str:
        """Return the answer."""
        return self.text.toPlainText().strip()

    def set_value(self, value: str) -> None:
        """Put an answer in."""
        self._is_setting = True
        self.text.setPlainText(value)
        self._is_setting = False

    @Slot()
    def _count(self) -> None:
        if self._max:
            left = self._max - len(self.value())
            self.count.set_level("muted" if left >= 0 else "problem")
            if left >= 0:
                self.count.setText(ngettext("{n} tecken kvar", "{n} tecken kvar", left).format(n=left))
            else:
                self.count.setText(ngettext("{n} tecken för mycket", "{n} tecken för mycket", -left).format(n=-left))
        if not self._is_setting:
            self._edited()


class _Lines(QPlainTextEdit):
    """An editor that wants so many lines; Tab leaves it."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        self._lines = lines
        self.setTabChangesFocus(True)

    def sizeHint(self) -> QSize:
        """Return room for the lines."""
        return QSize(super().sizeHint().width(), self.fontMetrics().lineSpacing() * self._lines + 20)

    def minimumSizeHint(self) -> QSize:
        """Return room for the lines."""
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())


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


class _Buttons(Field):
    """Buttons that are all in view, in a row that breaks or under each other."""

    def __init__(self, label: str, choices: Choices, hint: str, *, is_optional: bool, is_row: bool) -> None:
        super().__init__(label, hint, is_optional=is_optional)
        self.buttons: dict[str, QRadioButton | QCheckBox] = {}
        holder = QWidget()
        layout = FlowLayout(holder, gap=18, row_gap=2) if is_row else QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        if isinstance(layout, QVBoxLayout):
            layout.setSpacing(2)
        for code, text in choices:
            button = self._make(text.replace("&", "&&"))
            button.setAccessibleName(f"{self.label.text()}: {text}")
            button.clicked.connect(self._edited)
            self.buttons[code] = button
            layout.addWidget(button)
        self._finish(holder, next(iter(self.buttons.values()), None))
        for code, text in choices[:1]:
            self.buttons[code].setAccessibleName(f"{self.label.text()}: {text}")  # the focus proxy, not the whole field

    def _make(self, text: str) -> QRadioButton | QCheckBox:
        raise NotImplementedError


class ChoiceField(_Buttons):
    """One of a few choices, all in view."""

    def __init__(
        self, label: str, choices: Choices, hint: str = "", *, is_optional: bool = False, is_row: bool = True
    ) -> None:
        self._group = QButtonGroup()
        super().__init__(label, choices, hint, is_optional=is_optional, is_row=is_row)

    def _make(self, text: str) -> QRadioButton:
        button = QRadioButton(text)
        self._group.addButton(button)
        return button

    def value(self) -> str | None:
        """Return the answer."""
        return next((code for code, button in self.buttons.items() if button.isChecked()), None)

    def set_value(self, value: str | None) -> None:
        """Put an answer in."""
        self._group.setExclusive(False)
        for code, button in self.buttons.items():
            button.setChecked(code == value)
        self._group.setExclusive(True)


class ChoicesField(_Buttons):
    """Any number of choices, all in view."""

    def __init__(
        self, label: str, choices: Choices, hint: str = "", *, is_optional: bool = False, is_row: bool = True
    ) -> None:
        super().__init__(label, choices, hint, is_optional=is_optional, is_row=is_row)

    def _make(self, text: str) -> QCheckBox:
        return QCheckBox(text)

    def value(self) -> tuple[str, ...]:
        """Return the answer."""
        return tuple(code for code, button in self.buttons.items() if button.isChecked())

    def set_value(self, value: Sequence[str]) -> None:
        """Put an answer in."""
        for code, button in self.buttons.items():
            button.setChecked(code in value)


def show_problems(fields: Mapping[str, Field], found: Mapping[str, str]) -> bool:
    """Show each problem under its field, go to the first one, and say whether there was any."""
    for name, field in fields.items():
        field.set_problem(found.get(name, ""))
    first = next((field for name, field in fields.items() if found.get(name)), None)
    if first is not None:
        first.setFocus(Qt.FocusReason.OtherFocusReason)
    return bool(found)
