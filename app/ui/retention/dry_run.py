"""The dry run: exactly what a decision would take, where it is, what stays and why.  Nothing is changed by it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.i18n import _
from app.ui.kit.buttons import button
from app.ui.kit.cards import InfoCard
from app.ui.kit.labels import PlainLabel
from app.ui.kit.table import QueryTable
from app.ui.retention import columns
from app.ui.retention.lines import Line, in_words, people, short_number, verb


class DryRunDialog(QDialog):
    """Shows two lists: what goes and what stays of the same people."""

    def __init__(self, parent: QWidget, goes: Sequence[Line], kept: Sequence[Line], token: str) -> None:
        super().__init__(parent)
        touched = people(goes)
        stays = [line for line in kept if line.subject_id in touched]
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Provkörning {number}").format(number=short_number(token)))
        self.title = PlainLabel(_("Provkörning {number}").format(number=short_number(token)), "h1")
        self.summary = PlainLabel(
            _("{verb} om du beslutar. Inget är ändrat ännu.").format(verb=verb(goes)), "muted", wrap=True
        )
        self.where = PlainLabel(" · ".join(in_words(goes)), wrap=True)
        self.goes = _table(goes, _("Raderas"), _("Inget är markerat."))
        self.stays = _table(stays, _("Stannar kvar"), _("Inget stannar kvar om de här personerna."))
        self.detail = InfoCard()
        self.close_button = button(_("S&täng"), role="primary")
        self._rows = {self.goes: {line.id: line for line in goes}, self.stays: {line.id: line for line in stays}}
        self._build(len(goes), len(stays))
        self.close_button.clicked.connect(self.accept)
        self.goes.clicked.connect(self._show_going)
        self.stays.clicked.connect(self._show_staying)
        self.goes.current_changed.connect(self._show_going)
        self.stays.current_changed.connect(self._show_staying)
        self.goes.select_id(next(iter(self._rows[self.goes]), None))

    def _build(self, goes: int, stays: int) -> None:
        column, bottom = QVBoxLayout(self), QHBoxLayout()
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.summary)
        column.addWidget(self.where)
        column.addWidget(PlainLabel(_("Raderas: {count} rader").format(count=goes), "h2"))
        column.addWidget(self.goes, 3)
        column.addWidget(PlainLabel(_("Stannar kvar, och varför: {count} rader").format(count=stays), "h2"))
        column.addWidget(self.stays, 2)
        column.addWidget(self.detail)
        bottom.addStretch()
        bottom.addWidget(self.close_button)
        column.addLayout(bottom)
        self.resize(980, 600)
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _show_going(self) -> None:
        self._show(self.goes)

    @Slot()
    def _show_staying(self) -> None:
        self._show(self.stays)

    def _show(self, table: QueryTable) -> None:
        line = self._rows[table].get(table.selected_id() or 0)
        self.detail.setVisible(line is not None)
        if line is not None:
            self.detail.set_content(f"{line.who} – {line.what}", line.reason, line.places)


def _table(lines: Sequence[Line], name: str, empty: str) -> QueryTable:
    rows = {line.id: line for line in lines}
    table = QueryTable(
        columns.dry_run_columns(),
        lambda ids: {key: rows[key] for key in ids if key in rows},
        name=name,
        empty=empty,
    )
    table.set_ids(list(rows))
    return table
