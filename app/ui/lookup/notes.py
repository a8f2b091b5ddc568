"""What the card says over the values: who else the person may be, and that an import contradicts a correction."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.i18n import _, ngettext
from app.services.same_people import Pair, Person
from app.ui.kit.buttons import button
from app.ui.kit.cards import Card
from app.ui.kit.foreign import one_line
from app.ui.kit.labels import PlainLabel
from app.ui.kit.theme import Tone

MOST = 3


class ConflictCard(Card):
    """Imports contradict corrections, and nobody has settled it."""

    def __init__(self) -> None:
        super().__init__(Tone.WARN)
        self.title = PlainLabel("", "h2", wrap=True)
        self.title.set_tone(Tone.WARN)
        self.button = button(_("Visa &uppgiften …"), "pencil", role="link")
        line = QHBoxLayout()
        line.addWidget(self.title, 1)
        line.addWidget(self.button)
        self.column.addLayout(line)
        self.hide()

    def set_count(self, count: int) -> None:
        """Say how many corrections are contradicted; nothing when none is."""
        self.setVisible(bool(count))
        told = ngettext("En import säger emot {n} rättelse", "En import säger emot {n} rättelser", count)
        self.title.setText(told.format(n=count))
        self.setAccessibleName(self.title.text())


class SuggestionCard(Card):
    """On a person's card: who else it may be.

    Signals:
        chosen: A pair to compare.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(Tone.INFO)
        self.title = PlainLabel("", "h2", wrap=True)
        self.title.set_tone(Tone.INFO)
        self.column.addWidget(self.title)
        self.lines: list[PlainLabel] = []
        self.buttons: list[QPushButton] = []
        self._rows: list[QWidget] = []
        self.hide()

    def set_pairs(self, subject_id: int, pairs: Sequence[Pair]) -> None:
        """Show who may be the same person as the one on the card."""
        for old in self._rows:
            self.column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.lines, self.buttons, self._rows = [], [], []
        self.setVisible(bool(pairs))
        told = ngettext("Kan vara samma person som {n} till", "Kan vara samma person som {n} till", len(pairs))
        self.title.setText(told.format(n=len(pairs)))
        self.setAccessibleName(self.title.text())
        for pair in pairs[:MOST]:
            self._add(subject_id, pair)

    def _add(self, subject_id: int, pair: Pair) -> None:
        row, line = QWidget(), QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        row.setLayout(line)
        told = PlainLabel(_reasons(subject_id, pair), wrap=True, is_selectable=True)
        told.set_tone(Tone.INFO)
        made = button(_("Jämför …"), "users", role="link")
        made.setAccessibleName(_("Jämför med {name} …").format(name=one_name(_other(subject_id, pair))))
        made.clicked.connect(partial(self.chosen.emit, pair))
        line.addWidget(told, 1)
        line.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)
        self.column.addWidget(row)
        self._rows.append(row)
        self.lines.append(told)
        self.buttons.append(made)


def _other(subject_id: int, pair: Pair) -> Person:
    return pair.other if pair.one.subject_id == subject_id else pair.one


def one_name(person: Person) -> str:
    """Return a person's name and what tells namesakes apart."""
    return "  ".join(part for part in (one_line(person.name, 60), one_line(person.hint, 40)) if part)


def _reasons(subject_id: int, pair: Pair) -> str:
    speaks = _("{name}: {reasons}.").format(name=one_name(_other(subject_id, pair)), reasons=", ".join(pair.reasons))
    if pair.against:
        speaks += " " + _("Talar emot: {reasons}.").format(reasons=", ".join(pair.against))
    return speaks
