"""Fields whose choices are all in view: one of a few, or any number of them."""

from collections.abc import Sequence

from PySide6.QtWidgets import QButtonGroup, QCheckBox, QRadioButton, QVBoxLayout, QWidget

from app.ui.kit.fields import Choices, Field
from app.ui.kit.flow import FlowLayout


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
