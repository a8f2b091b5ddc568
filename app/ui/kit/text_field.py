"""The field for several lines of text."""

from functools import cached_property

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QPlainTextEdit

from app.i18n import ngettext
from app.ui.kit.fields import Field
from app.ui.kit.labels import PlainLabel


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
