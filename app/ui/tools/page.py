"""What all pages of the tools have: a way back and a heading."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.i18n import _
from app.ui.context import Context
from app.ui.kit.buttons import button
from app.ui.kit.labels import PlainLabel


class ToolPage(QWidget):
    """One page.  Subclasses fill `column`.

    Args:
        context: The open vault.
        title: The heading.
        intro: A sentence under it.
        is_scrolled: The page's parts scroll together; a page with one large table scrolls by itself.

    Signals:
        left: The user goes back.
    """

    left = Signal()

    def __init__(self, context: Context, title: str, intro: str = "", *, is_scrolled: bool = True) -> None:
        super().__init__()
        self.context = context
        self.back_button = button(_("&Tillbaka"), "arrow-left", tooltip=_("Esc"))
        self.back_button.clicked.connect(self.left)
        back = QShortcut(QKeySequence("Alt+Left"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        back.activated.connect(self.left)
        head = QHBoxLayout()
        head.addWidget(self.back_button)
        head.addWidget(PlainLabel(title, "h1"), 1)
        head.setSpacing(12)
        inner = QWidget()
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(10)
        if intro:
            self.column.addWidget(PlainLabel(intro, "muted", wrap=True))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(10, 10, 10, 10)
        whole.setSpacing(10)
        whole.addLayout(head)
        whole.addWidget(_scrolled(inner) if is_scrolled else inner, 1)

    def has_unsaved(self) -> bool:
        """Say whether something was typed that is not saved; such a page is kept when it is left."""
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _scrolled(inner: QWidget) -> QScrollArea:
    inner.setMaximumWidth(900)
    area = QScrollArea()
    area.setWidget(inner)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
