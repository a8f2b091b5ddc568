"""The frame of the unlock window, and its first page: the passphrase and the other ways."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.i18n import _
from app.ui.kit.buttons import button
from app.ui.kit.cards import Card
from app.ui.kit.fields import LineField
from app.ui.kit.flow import flow_widget
from app.ui.kit.labels import PlainLabel
from app.ui.kit.theme import Tone


class FirstPage(QWidget):
    """The passphrase, and the other ways."""

    def __init__(self) -> None:
        super().__init__()
        self.passphrase = LineField(_("Lösenfras"), is_secret=True)
        self.caps_hint = PlainLabel(_("Caps Lock är på."), wrap=True)
        self.caps_hint.set_tone(Tone.WARN)
        self.caps_hint.hide()
        self.unlock_button = button(_("&Lås upp"), "lock-open", role="primary")
        self.recovery_button = button(_("&Återställningsnyckel …"), "key-round", role="link")
        self.other_button = button(_("&Annat valv …"), "folder-open", role="link")
        self.new_button = button(_("&Nytt valv …"), "plus", role="link")
        self.column, (holder, self.flow) = QVBoxLayout(self), flow_widget()
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        for part in (self.passphrase, self.caps_hint, holder):
            self.column.addWidget(part)
        for one in (self.unlock_button, self.recovery_button, self.other_button, self.new_button):
            self.flow.addWidget(one)
        self.setFocusProxy(self.passphrase)


def framed(window: QWidget) -> Card:
    """Return a card that fills a window and scrolls when the window is small."""
    area, outside, card = QScrollArea(), QVBoxLayout(window), Card()
    outside.setContentsMargins(16, 16, 16, 16)
    outside.addWidget(area)  # from the outside in: what is moved into another window is styled again
    area.setWidget(card)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return card
