"""What was changed in one row of the register, in a window of its own: when, by whom, which field, from what to what."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.domain.breach import in_stockholm
from app.i18n import _
from app.services.register_history import Change
from app.ui.kit.buttons import button
from app.ui.kit.foreign import many_lines, one_line
from app.ui.kit.labels import PlainLabel
from app.ui.kit.table import Column, QueryTable

LIMIT = 2_000


def columns() -> tuple[Column, ...]:
    """Return the columns of the list."""
    return (
        Column(_("Tid"), lambda one: in_stockholm(one.at).strftime("%Y-%m-%d %H.%M"), width=15),
        Column(_("Vem"), lambda one: one_line(one.by), width=15),
        Column(_("Vad"), _what, width=24, is_strong=True),
        Column(
            _("Före"), lambda one: one_line(one.before), tooltip=lambda one: many_lines(one.before, LIMIT), width=26
        ),
        Column(_("Efter"), lambda one: one_line(one.after), tooltip=lambda one: many_lines(one.after, LIMIT), width=22),
    )


def _what(one: Change) -> str:
    return one.field or one.act


class HistoryDialog(QDialog):
    """Shows the changes, the newest first; Esc closes it.

    Args:
        parent: The window.
        name: What the row is called.
        found: Its changes.
    """

    def __init__(self, parent: QWidget | None, name: str, found: Sequence[Change]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Historik"))
        self._found = dict(enumerate(found))
        self.table = QueryTable(columns(), self._fetch, name=_("Historik"), empty=_("Inget har ändrats än."))
        self.close_button = button(_("Stäng"))
        self.close_button.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(12)
        column.addWidget(PlainLabel(one_line(name, 80), "h1", wrap=True))
        column.addWidget(self.table, 1)
        column.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignRight)
        self.table.set_ids(list(self._found))
        room = self.screen().availableSize()
        self.resize(min(980, room.width() - 40), min(480, room.height() - 80))
        self.table.setFocus()

    def _fetch(self, ids: Sequence[int]) -> dict[int, Change]:
        return {key: self._found[key] for key in ids}
