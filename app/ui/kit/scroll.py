"""A column that scrolls, exactly as tall as its contents at the width at hand."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget


class Body(QWidget):
    """Leaves its height to `heightForWidth`: the least size of wrapped labels is that of a narrow column."""

    def minimumSizeHint(self) -> QSize:
        """Return the least size it can do with."""
        return QSize(0, 0)


class ScrollColumn(QScrollArea):
    """Widgets under each other that scroll up and down.

    Args:
        gap: Pixels between the parts.
        right: Pixels to the scroll bar.
    """

    def __init__(self, *, gap: int = 10, right: int = 8) -> None:
        super().__init__()
        body = Body()
        self.column = QVBoxLayout(body)
        self.column.setContentsMargins(0, 0, right, 4)
        self.column.setSpacing(gap)
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def add(self, widget: QWidget) -> None:
        """Put a widget last."""
        self.column.addWidget(widget)

    def minimumSizeHint(self) -> QSize:
        """Return the least size it can do with."""
        return QSize(120, 80)
