"""One value of a person, whole: what a table cell has no room for, what it has been, and the way to correct it."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFormLayout, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.breach import in_stockholm
from app.i18n import _
from app.services.subjects import CardRow
from app.services.value_history import Event, History, OpenConflict
from app.ui.kit.buttons import button
from app.ui.kit.cards import InfoCard
from app.ui.kit.foreign import many_lines, one_line
from app.ui.kit.labels import PlainLabel
from app.ui.kit.text_field import TextField
from app.ui.kit.theme import Tone

LIMIT = 50_000


class ValueDialog(QDialog):
    """Shows a value with everything that is known about it; Esc closes it.

    Signals:
        correct_wanted: The value is wrong.
        settled: The id of what an import says, and whether the correction stands.
    """

    correct_wanted = Signal()
    settled = Signal(int, bool)

    def __init__(self, parent: QWidget | None, row: CardRow) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Uppgift"))
        self.row = row
        self.conflicts: list[InfoCard] = []
        area, inner = QScrollArea(), QWidget()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        around, self._column = QVBoxLayout(self), QVBoxLayout(inner)
        around.setContentsMargins(0, 0, 0, 12)
        around.addWidget(area)
        self._column.setContentsMargins(16, 16, 16, 0)
        self._column.setSpacing(12)
        self._build(row)
        around.addLayout(self._build_buttons(row))
        self.resize(600, 660)

    def _build(self, row: CardRow) -> None:
        self.value = TextField(_("Värde"), lines=2)
        self.value.set_value(many_lines(row.value, LIMIT))
        self.value.text.setReadOnly(True)
        self._column.addWidget(PlainLabel(one_line(row.label), "h1", wrap=True))
        self._column.addWidget(self.value)
        self._place = self._column.count()
        facts = QFormLayout()
        facts.setHorizontalSpacing(16)
        facts.setVerticalSpacing(6)
        facts.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        for title, text in facts_of(row):
            facts.addRow(PlainLabel(title, "strong"), PlainLabel(text, wrap=True, is_selectable=True))
        self._column.addLayout(facts)
        self.past = PlainLabel("", wrap=True, is_selectable=True)
        self.past.setAccessibleName(_("Historik"))
        self._column.addWidget(PlainLabel(_("Historik"), "h2"))
        self._column.addWidget(self.past)
        self._column.addStretch()

    def _build_buttons(self, row: CardRow) -> QHBoxLayout:
        self.close_button, self.correct_button = button(_("Stäng")), button(_("&Rätta …"), "pencil")
        self.close_button.clicked.connect(self.accept)
        self.correct_button.clicked.connect(self.correct_wanted)
        self.correct_button.setVisible(not row.is_withheld)
        line = QHBoxLayout()
        line.setContentsMargins(16, 0, 16, 0)
        line.addWidget(self.correct_button)
        line.addStretch()
        line.addWidget(self.close_button)
        return line

    def set_history(self, found: History) -> None:
        """Show what the value has been, and ask what nobody has settled."""
        self.past.setText("\n".join(map(_event, found.events)))
        for old in self.conflicts:
            old.hide()
            old.deleteLater()
        self.conflicts = [self._conflict(one) for one in found.conflicts]
        for card in self.conflicts:
            self._column.insertWidget(self._place, card)

    def _conflict(self, one: OpenConflict) -> InfoCard:
        said = _("Importen {at} har ”{value}”. Rättelsen gäller tills du bestämmer något annat.")
        at = in_stockholm(one.at).date().isoformat() if one.at else _("okänd dag")
        text = said.format(at=at, value=many_lines(one.value, 500))
        card = InfoCard(_("En import säger emot rättelsen"), text, tone=Tone.WARN)
        line = QHBoxLayout()
        for words, is_kept in ((_("Behåll rättelsen"), True), (_("Ta importens värde"), False)):
            made = button(words)
            made.clicked.connect(partial(self.settled.emit, one.conflict_id, is_kept))
            line.addWidget(made)
        line.addStretch()
        card.column.addLayout(line)
        return card


def _event(event: Event) -> str:
    at = f"{in_stockholm(event.at):%Y-%m-%d %H.%M}" if event.at else _("Okänd dag")
    return many_lines(": ".join((", ".join(part for part in (at, event.who) if part), event.text)), 2_000)


def facts_of(row: CardRow) -> list[tuple[str, str]]:
    """Return what is known about a value, as headings and texts."""
    source = _("{source}, rad {line}").format(source=row.source, line=row.line) if row.line else row.source
    missing = _("Saknas. Koppla källan till en behandling under Behandlingar.")
    facts = [
        (_("Källa"), source),
        (_("Sedan"), row.since_on.isoformat() if row.since_on else _("Inte känt")),
        (_("Ändamål"), row.purpose or missing),
        (_("Rättslig grund"), row.legal_basis or missing),
        (_("Mottagare"), row.recipients or _("Inga")),
        (_("Gallras"), row.gallras),
        (_("Varför"), row.reason),
    ]
    return [(title, one_line(text, 500)) for title, text in facts]
