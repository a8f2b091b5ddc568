"""Cards: framed pieces of a page.  The blue one says what the next step is, and there is only one of it on a screen."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.i18n import _
from app.ui.kit.buttons import button
from app.ui.kit.flow import flow_widget
from app.ui.kit.labels import PlainLabel, set_shown, set_style
from app.ui.kit.theme import Tone


class Card(QFrame):
    """A framed box with a column of things in it.

    Args:
        tone: Tints the card by meaning; None for the plain white one.
    """

    def __init__(self, tone: Tone | None = None) -> None:
        super().__init__()
        self.tone = tone
        self.set_tone(tone)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(12, 10, 12, 10)
        self.column.setSpacing(6)

    def set_tone(self, tone: Tone | None) -> None:
        """Tint the card and the labels in it."""
        self.tone = tone
        set_style(self, "card", tone.value if tone else "plain")
        for label in self.findChildren(PlainLabel):
            label.set_tone(tone)

    def add(self, widget: QWidget) -> None:
        """Put a widget last in the card."""
        if isinstance(widget, PlainLabel) and self.tone is not None:
            widget.set_tone(self.tone)
        self.column.addWidget(widget)


class InfoCard(Card):
    """A heading, a text, and a remark at the right of the heading.

    Args:
        title: The heading.
        text: The text, shown as it is written; it can be marked and copied.
        aside: A few words at the right of the heading.
        tone: Tints the card by meaning.
    """

    def __init__(self, title: str = "", text: str = "", aside: str = "", tone: Tone | None = None) -> None:
        super().__init__(tone)
        self.title = PlainLabel(title, "h2", wrap=True)
        self.aside = PlainLabel(aside, "muted")
        self.text = PlainLabel(text, wrap=True, is_selectable=True)
        row = QHBoxLayout()
        row.addWidget(self.title, 1)
        row.addWidget(self.aside, 0, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(row)
        self.column.addWidget(self.text)
        self.set_content(title, text, aside)
        self.set_tone(tone)

    def set_content(self, title: str, text: str, aside: str = "") -> None:
        """Say something else."""
        for label, words in ((self.title, title), (self.text, text), (self.aside, aside)):
            label.setText(words)
            set_shown(label, bool(words))
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)


class NextStepCard(Card):
    """The one thing to do now, with its button and at most a few lesser ones."""

    def __init__(self) -> None:
        super().__init__(Tone.INFO)
        self.title = PlainLabel("", "h2", wrap=True)
        self.text = PlainLabel("", wrap=True)
        self.add(self.title)
        self.add(self.text)
        self._holder, self._flow = flow_widget()
        self.column.addWidget(self._holder)
        self.buttons: list[QPushButton] = []

    def set_step(self, title: str, text: str = "") -> None:
        """Say what is next; the words "Nästa steg" are put before it."""
        shown = _("Nästa steg: {step}").format(step=title) if title else ""
        self.title.setText(shown)
        self.text.setText(text)
        set_shown(self.text, bool(text))
        self.setAccessibleName(shown)
        self.setAccessibleDescription(text)

    def set_plain(self, title: str, text: str = "") -> None:
        """Say something where no step is left, such as that the case is closed."""
        self.set_step("", text)
        self.title.setText(title)
        self.setAccessibleName(title)

    def add_button(self, text: str, icon_name: str = "", *, is_primary: bool = False) -> QPushButton:
        """Add a button and return it, so that its `clicked` can be connected."""
        made = button(text, icon_name, role="primary" if is_primary else "")
        self._flow.addWidget(made)
        self.buttons.append(made)
        return made

    def clear_buttons(self) -> None:
        """Take the buttons away."""
        for old in self.buttons:
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.buttons = []
