"""One value of a person, whole: what a table cell has no room for."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFormLayout, QVBoxLayout, QWidget

from app.i18n import _
from app.services.subjects import CardRow
from app.ui.kit.buttons import button
from app.ui.kit.foreign import many_lines, one_line
from app.ui.kit.labels import PlainLabel
from app.ui.kit.text_field import TextField

LIMIT = 50_000


class ValueDialog(QDialog):
    """Shows a value with everything that is known about it; Esc closes it."""

    def __init__(self, parent: QWidget | None, row: CardRow) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Uppgift"))
        column, facts = QVBoxLayout(self), QFormLayout()
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(12)
        facts.setHorizontalSpacing(16)
        facts.setVerticalSpacing(6)
        facts.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self.value = TextField(_("Värde"), lines=4)
        self.value.set_value(many_lines(row.value, LIMIT))
        self.value.text.setReadOnly(True)
        column.addWidget(PlainLabel(one_line(row.label), "h1", wrap=True))
        column.addWidget(self.value)
        for title, text in facts_of(row):
            facts.addRow(PlainLabel(title, "strong"), PlainLabel(text, wrap=True, is_selectable=True))
        column.addLayout(facts)
        self.close_button = button(_("Stäng"))
        self.close_button.clicked.connect(self.accept)
        column.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignRight)
        self.resize(560, 420)


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
