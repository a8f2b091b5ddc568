"""A line that opens: details that most people do not need, one key press away."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.kit.buttons import button
from app.ui.kit.icons import icon


class Fold(QWidget):
    """A button with a chevron that shows and hides what is under it.

    Args:
        title: What is under it.

    Signals:
        toggled: Whether it is open now.
    """

    toggled = Signal(bool)

    def __init__(self, title: str) -> None:
        super().__init__()
        self.button = button(title, "chevron-right", role="link")
        self.button.setCheckable(True)
        self.body = QWidget()
        self.inside = QVBoxLayout(self.body)
        self.inside.setContentsMargins(8, 0, 0, 4)
        self.inside.setSpacing(6)
        self.body.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.button)
        column.addWidget(self.body)
        self.button.toggled.connect(self._show)

    def add(self, widget: QWidget) -> None:
        """Put a widget last under the fold."""
        self.inside.addWidget(widget)

    def is_open(self) -> bool:
        """Say whether the details are in view."""
        return self.button.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Show or hide the details."""
        self.button.setChecked(is_open)

    @Slot(bool)
    def _show(self, is_open: bool) -> None:
        self.body.setVisible(is_open)
        self.button.setIcon(icon("chevron-down" if is_open else "chevron-right", "accent"))
        self.toggled.emit(is_open)
