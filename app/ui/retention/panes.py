"""The four lists of the tab, each with its buttons and the words of the row at hand."""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.i18n import _, ngettext
from app.ui.kit.buttons import button, explain
from app.ui.kit.cards import InfoCard
from app.ui.kit.check_table import CheckTable
from app.ui.kit.empty import EmptyState
from app.ui.kit.flow import flow_widget
from app.ui.kit.table import QueryTable
from app.ui.kit.table_model import Column
from app.ui.kit.theme import theme
from app.ui.retention import columns
from app.ui.retention.lines import Found, Line, chosen, people, rule_note, rule_sentence, verb

DETAIL_FROM = 280


class Pane(QWidget):
    """Buttons over a table over the words of its current row."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[int, Any] = {}
        self.holder, self._flow = flow_widget()
        self.detail = InfoCard()
        self.table = self._make_table()
        self.table.current_changed.connect(self._show_detail)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.holder)
        column.addWidget(self.table, 1)
        column.addWidget(self.detail)
        self.detail.hide()

    def _make_table(self) -> QueryTable:
        raise NotImplementedError

    def _query_table(self, shown: Sequence[Column], name: str) -> QueryTable:
        return QueryTable(shown, self.rows_of, name=name)

    def rows_of(self, ids: Sequence[int]) -> dict[int, Any]:
        """Return rows by id."""
        return {key: self.found[key] for key in ids if key in self.found}

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Show these; the current row stays if it is still there."""
        self.found = {row.id: row for row in rows}
        self.table.set_ids(list(self.found))
        self._show_detail(self.table.selected_id())

    def show_found(self, found: Found) -> None:
        """Show this list's part of the review."""
        raise NotImplementedError

    def current(self) -> Any:
        """Return the row at hand, or None."""
        row_id = self.table.selected_id()
        return None if row_id is None else self.found.get(row_id)

    def add_action(self, text: str, icon_name: str, slot: Callable[[], None], role: str = "") -> QPushButton:
        """Put a button over the table."""
        made = button(text, icon_name, role=role)
        made.clicked.connect(slot)
        self._flow.addWidget(made)
        return made

    @Slot(object)
    def _show_detail(self, _row_id: int | None) -> None:
        row = self.current()
        title, text, aside = self.words(row) if row is not None else ("", "", "")
        self.detail.set_content(title, text, aside)
        self._fit()

    def _fit(self) -> None:
        """Show the words of the row where there is room for them beside the table."""
        has_room = self.height() >= DETAIL_FROM * theme().zoom / 100
        self.detail.setVisible(bool(self.detail.title.text()) and has_room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Return the least size it can do with."""
        return QSize(240, 160)

    def words(self, row: Any) -> tuple[str, str, str]:
        """Return heading, text and remark of a row."""
        return f"{row.who} – {row.what}", row.reason, row.places


class ProposalsPane(Pane):
    """What may go.

    Signals:
        dry_run_wanted: Show what a decision would take.
        decision_wanted: Decide about what is ticked.
        subject_wanted: Show this person.
    """

    dry_run_wanted = Signal()
    decision_wanted = Signal()
    subject_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.table.rows.ticked.connect(self._count)
        self.table.opened.connect(self._open)
        self.all_button = self.add_action(_("&Markera alla förslag"), "list-checks", self.tick_all)
        self.dry_run_button = self.add_action(_("&Provkör"), "eye", self.dry_run_wanted.emit)
        self.decide_button = self.add_action(_("&Besluta…"), "trash-2", self.decision_wanted.emit, "primary")
        self._count()

    table: CheckTable

    def _make_table(self) -> CheckTable:
        return CheckTable(
            columns.proposal_columns(), self.rows_of, lambda line: line.unit, name=_("Förslag till gallring")
        )

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Show these; ticks stay on what is still there."""
        super().set_rows(rows)
        units = {line.unit for line in rows}
        self.table.rows.set_units(self.table.rows.units() & units)
        self._count()

    def show_found(self, found: Found) -> None:
        """Show what may go."""
        self.set_rows(found.proposals)

    def chosen(self) -> list[Line]:
        """Return the ticked lines."""
        return chosen(self.found.values(), self.table.rows.units())

    def lines(self) -> list[Line]:
        """Return all lines."""
        return list(self.found.values())

    @Slot()
    def tick_all(self) -> None:
        """Tick all, or none when all are ticked."""
        units = {line.unit for line in self.found.values()}
        self.table.rows.set_units(set() if self.table.rows.units() == units else units)

    @Slot()
    def _count(self) -> None:
        lines, units = self.chosen(), self.table.rows.units()
        is_all = bool(units) and len(units) == len({line.unit for line in self.found.values()})
        self.all_button.setText(_("Av&markera alla") if is_all else _("&Markera alla förslag"))
        self.all_button.setEnabled(bool(self.found))
        self.dry_run_button.setEnabled(bool(self.found))
        explain(self.decide_button, None if lines else _("Markera minst ett förslag först."))
        self.decide_button.setAccessibleDescription(verb(lines) if lines else _("Markera minst ett förslag först."))

    @Slot(int)
    def _open(self, row_id: int) -> None:
        line = self.found[row_id]
        if line.subject_id is not None:
            self.subject_wanted.emit(line.subject_id)


class KeptPane(Pane):
    """What stays, and why.

    Signals:
        lift_wanted: Lift the stops of the row at hand.
        subject_wanted: Show this person.
    """

    lift_wanted = Signal()
    subject_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.show_button = self.add_action(_("&Visa personen"), "user", self._open_current)
        self.lift_button = self.add_action(_("&Häv stoppet…"), "play", self.lift_wanted.emit)
        self.table.opened.connect(self._open)
        self.table.set_empty(EmptyState("shield-check", _("Inget hålls kvar.")))
        self._show_detail(None)

    def _make_table(self) -> QueryTable:
        return self._query_table(columns.kept_columns(), _("Det som hålls kvar"))

    def show_found(self, found: Found) -> None:
        """Show what stays."""
        self.set_rows(found.kept)

    @Slot(object)
    def _show_detail(self, row_id: int | None) -> None:
        super()._show_detail(row_id)
        if not hasattr(self, "lift_button"):
            return
        line = self.current()
        self.show_button.setEnabled(line is not None and line.subject_id is not None)
        has_hold = line is not None and bool(line.hold_ids)
        explain(self.lift_button, None if has_hold else _("Välj en rad med ett gallringsstopp."))

    @Slot()
    def _open_current(self) -> None:
        line = self.current()
        if line is not None and line.subject_id is not None:
            self.subject_wanted.emit(line.subject_id)

    @Slot(int)
    def _open(self, _row_id: int) -> None:
        self._open_current()


class RulesPane(Pane):
    """The rules in sentences, and how much each one touches now."""

    def __init__(self) -> None:
        super().__init__()
        self.holder.hide()
        self.table.set_empty(EmptyState("scale", _("Inga regler. De kommer med företagsprofilen.")))

    def _make_table(self) -> QueryTable:
        return self._query_table(columns.rule_columns(), _("Gallringsregler"))

    def show_found(self, found: Found) -> None:
        """Show the rules of this vault."""
        self.set_rows([_rule_row(row, found) for row in found.rules])

    def words(self, row: Any) -> tuple[str, str, str]:
        """Return heading, text and remark of a row."""
        return row.title, "\n".join(part for part in (row.sentence, row.note) if part), row.section


class ReceiptsPane(Pane):
    """Decisions and their receipts.

    Signals:
        receipt_wanted: Show this decision.
    """

    receipt_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.open_button = self.add_action(_("&Öppna kvittot"), "file-text", self._open_current)
        self.table.opened.connect(self.receipt_wanted)
        self.table.set_empty(EmptyState("receipt", _("Inga kvitton än. De skrivs när du beslutar om gallring.")))
        self._show_detail(None)

    def _make_table(self) -> QueryTable:
        return self._query_table(columns.receipt_columns(), _("Gallringskvitton"))

    def show_found(self, found: Found) -> None:
        """Show the decisions."""
        self.set_rows(found.runs)

    @Slot(object)
    def _show_detail(self, row_id: int | None) -> None:
        super()._show_detail(row_id)
        if hasattr(self, "open_button"):
            self.open_button.setEnabled(self.current() is not None)

    def words(self, _row: Any) -> tuple[str, str, str]:
        """Return nothing: the table says it all."""
        return "", "", ""

    @Slot()
    def _open_current(self) -> None:
        row = self.current()
        if row is not None:
            self.receipt_wanted.emit(row.id)


def _rule_row(row: Any, found: Found) -> SimpleNamespace:
    rule = found.profile_rules.get(row.code)
    return SimpleNamespace(
        id=row.id,
        title=row.title,
        section=_("Ur policyn: {section}").format(section=row.section) if row.section else "",
        sentence=rule_sentence(row.kind, row.months, rule, row.title),
        note=rule_note(rule),
        touched=sum(line.count for line in found.proposals if line.rule == row.title),
    )


def ticked_words(lines: Sequence[Line]) -> str:
    """Return what is ticked: "3 förslag om 2 personer markerade · 14 poster raderas"."""
    if not lines:
        return _("Inget markerat. Mellanslag markerar raden.")
    proposals = ngettext("{count} förslag markerat", "{count} förslag markerade", len(lines)).format(count=len(lines))
    persons = len(people(lines))
    about = ngettext("{count} person", "{count} personer", persons).format(count=persons) if persons else ""
    return " · ".join(part for part in (proposals, about, verb(lines)) if part)
