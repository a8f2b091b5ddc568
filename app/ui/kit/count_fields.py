"""Fields for a whole number and for a single yes."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QLineEdit

from app.i18n import _
from app.ui.kit.fields import Field

_WIDTH = 130
_SPACES = dict.fromkeys(map(ord, " .\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"))


def parse_count(text: str) -> int | None:
    """Return the whole number meant by `text`, such as `1 234`; None when it is not one."""
    digits = text.strip().translate(_SPACES)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 12 else None


class CountField(Field):
    """A whole number, not negative."""

    def __init__(self, label: str, hint: str = "", *, is_optional: bool = False) -> None:
        super().__init__(label, hint, is_optional=is_optional)
        self.line = QLineEdit()
        self.line.setFixedWidth(_WIDTH)
        self.line.setMaxLength(20)
        self._finish(self.line)
        self.line.textEdited.connect(self._edited)

    def value(self) -> int | None:
        """Return the answer, or None when there is none or it cannot be read."""
        return parse_count(self.line.text())

    def set_value(self, value: int | None) -> None:
        """Put an answer in."""
        self.line.setText("" if value is None else str(value))

    def is_empty(self) -> bool:
        """Say whether nothing is typed."""
        return not self.line.text().strip()

    def is_unreadable(self) -> bool:
        """Say whether something is typed that is not an answer."""
        return not self.is_empty() and self.value() is None

    def _leave(self) -> None:
        if self.is_unreadable():
            self.set_problem(_("Skriv antalet med siffror, till exempel 212."))


class FlagField(Field):
    """One box to tick; the question stands beside it."""

    def __init__(self, label: str, hint: str = "") -> None:
        super().__init__("", hint)
        self.box = QCheckBox(label.replace("&", "&&"))
        self._finish(self.box)
        self.box.setAccessibleName(label)
        self.box.clicked.connect(self._ticked)

    def value(self) -> bool:
        """Return the answer."""
        return self.box.isChecked()

    def set_value(self, value: bool | None) -> None:
        """Put an answer in."""
        self.box.setChecked(bool(value))

    @Slot()
    def _ticked(self) -> None:
        self._edited()
