"""What an empty place says: one icon, one sentence, one button."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.ui.kit.icons import IconView
from app.ui.kit.labels import PlainLabel, set_style


class EmptyState(QWidget):
    """An icon, a sentence, at most one button and at most one link.

    Signals:
        pressed: The button.
        link_pressed: The link.
    """

    pressed = Signal()
    link_pressed = Signal()

    def __init__(self, icon_name: str, text: str, button: str = "", link: str = "") -> None:
        super().__init__()
        self.picture = IconView(icon_name, "muted", 32)
        self.text = PlainLabel(text, "muted", wrap=True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button, self.link = QPushButton(button), QPushButton(link)
        self._build()
        self.button.clicked.connect(self.pressed)
        self.link.clicked.connect(self.link_pressed)

    def _build(self) -> None:
        set_style(self.button, "role", "primary")
        set_style(self.link, "role", "link")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(10)
        column.addStretch(2)
        column.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.text)
        for button in (self.button, self.link):
            if not button.text():
                button.hide()  # showing it instead, without a parent yet, would open a window
            row = QHBoxLayout()
            row.addStretch()
            row.addWidget(button)
            row.addStretch()
            column.addLayout(row)
        column.addStretch(3)

    def set_text(self, text: str) -> None:
        """Say something else."""
        self.text.setText(text)
