"""Two fields for a new passphrase: how strong it is in words, and a suggestion for those who have none."""

import secrets

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.i18n import _
from app.security.passphrase import ENOUGH, Strength, strength, suggestion
from app.ui.caps_lock import CapsLockWatch
from app.ui.kit.buttons import button
from app.ui.kit.fields import LineField, show_problems
from app.ui.kit.icons import IconView
from app.ui.kit.labels import PlainLabel
from app.ui.kit.theme import Tone

_TONES = (Tone.DANGER, Tone.DANGER, Tone.WARN, Tone.OK, Tone.OK)


def problems(first: str, second: str) -> dict[str, str]:
    """Return what is wrong, a sentence per field; empty when the passphrase can be used."""
    found = {}
    if not first:
        found["first"] = _("Skriv en lösenfras, gärna fem ord.")
    elif strength(first).level < ENOUGH:
        found["first"] = _("Lösenfrasen är för lätt att gissa. Lägg till ord, eller ta ett förslag.")
    elif first != second:
        found["second"] = _("De två lösenfraserna är olika. Skriv om den här.")
    return found


class PassphraseFields(QWidget):
    """The fields.  `value` is the passphrase once `check` says that it can be used."""

    def __init__(self, label: str) -> None:
        super().__init__()
        self.first = LineField(label, is_secret=True)
        self.second = LineField(_("Samma lösenfras igen"), is_secret=True)
        self.strength_label = PlainLabel("", "muted", wrap=True)
        self.picture = IconView("circle", "muted")
        self.caps_hint = PlainLabel(_("Caps Lock är på."), wrap=True)
        self.caps_hint.set_tone(Tone.WARN)
        self.caps_hint.hide()
        self.suggest_button = button(_("&Föreslå fem ord"), "sparkles")
        self._build()
        for field in (self.first, self.second):
            CapsLockWatch(field.line).changed.connect(self.caps_hint.setVisible)
        self.first.changed.connect(self._judge)
        self.suggest_button.clicked.connect(self.suggest)
        self._judge()

    def _build(self) -> None:
        column, row = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        row.addWidget(self.picture)
        row.addWidget(self.strength_label, 1)
        row.addWidget(self.suggest_button)
        column.addWidget(self.first)
        column.addLayout(row)
        column.addWidget(self.second)
        column.addWidget(self.caps_hint)
        self.setFocusProxy(self.first)

    def value(self) -> str:
        """Return the passphrase."""
        return self.first.value()

    def check(self) -> bool:
        """Say whether the passphrase can be used; show what is wrong when it cannot."""
        found = problems(self.first.value(), self.second.value())
        return not show_problems({"first": self.first, "second": self.second}, found)

    def clear(self) -> None:
        """Forget what was typed."""
        for field in (self.first, self.second):
            field.set_value("")
            field.set_problem("")
        self._judge()

    @Slot()
    def suggest(self) -> None:
        """Put a suggestion in both fields and show it, so that it can be written down."""
        text = suggestion(secrets.randbelow)
        for field in (self.first, self.second):
            field.set_problem("")
            field.reveal_action.setChecked(True)
            field.set_value(text)
        self._judge()

    @Slot()
    def _judge(self) -> None:
        text = self.first.value()
        found = strength(text) if text else Strength(0, _("Fem ord som inte hör ihop är lätta att minnas."))
        self.strength_label.setText(found.words)
        if text:
            tone = _TONES[found.level]
            self.picture.set_icon("circle-check" if found.level >= ENOUGH else "circle-alert", tone)
        else:
            self.picture.set_icon("info", "muted")
