"""Step 2: which of their columns is which of our fields, and which system the file comes from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from app.domain.importing import Duplicate, fingerprint
from app.i18n import _
from app.importers.drafts import TablePreview
from app.ui.context import Context
from app.ui.importing.draft import Draft, field_choices, mapping_problem
from app.ui.kit.fields import ComboField, LineField
from app.ui.kit.foreign import one_line
from app.ui.kit.labels import PlainLabel
from app.ui.kit.late import Slices
from app.ui.kit.wizard import WizardPage
from db.queries import importing, register
from db.queries import lookup as queries
from db.queries.importing import Remembered

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NEW = ""
ROWS_AT_A_TIME = 4
Choices = list[tuple[str, str]]


class ColumnPage(WizardPage):
    """Couples columns to fields; the guess is made already."""

    def __init__(self, context: Context, draft: Draft) -> None:
        super().__init__(_("Kolumner"), _("Programmet har gissat vad kolumnerna betyder. Ändra det som är fel."))
        self._context, self._draft = context, draft
        self._shown: TablePreview | None = None
        self._remembered = ""
        self._combos: list[QComboBox] = []
        self._making = Slices(self)
        self._build()
        self._connect()
        context.jobs.read(lambda session, _job: _known(session), then=self._take_known)

    def _build(self) -> None:
        self.source = ComboField(_("Vilket register kommer filen från?"), [(NEW, _("Nytt register"))])
        self.new_source = LineField(_("Det nya registrets namn"), _("Till exempel Kundregister eller Fakturering."))
        self.activity = ComboField(
            _("Vilken behandling hör uppgifterna till?"),
            (),
            _("Därifrån hämtas ändamål, rättslig grund, mottagare och gallring."),
        )
        self.problem = PlainLabel("", "problem", wrap=True)
        self.problem.hide()
        self.grid_holder = QWidget()
        self._grid = QGridLayout(self.grid_holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        for part in (self.source, self.new_source, self.activity, self.problem, self.grid_holder):
            self.column.addWidget(part)
        self.column.addStretch()

    def _connect(self) -> None:
        self.source.changed.connect(self._show_new)

    def enter(self) -> None:
        """Show the columns of the file that was chosen."""
        if self._draft.preview is not self._shown and self._draft.preview is not None:
            self._shown = self._draft.preview
            self._show_columns(self._draft.preview)

    def leave(self) -> bool:
        """Go on when the columns say whom the rows are about and the register has a name."""
        problem = mapping_problem(self.mapping())
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        name = self.new_source.value() if self.source.value() == NEW else self.source.value()
        if not name:
            self.new_source.set_problem(_("Skriv vilket register filen kommer från."))
            self.new_source.setFocus()
        elif problem:
            self.combos[0].setFocus()
        self._draft.source, self._draft.activity = name or "", self.activity.value() or ""
        self._draft.mapping = self.mapping()
        return bool(name) and not problem

    def mapping(self) -> tuple[str | None, ...]:
        """Return the chosen field code per column, None for a column that is left out."""
        return tuple(combo.currentData() or None for combo in self.combos)

    def _take_known(self, known: "_Known") -> None:
        chosen = self._remembered or self.source.value()
        self.source.set_choices([(NEW, _("Nytt register")), *known.sources])
        self.source.set_value(chosen)
        self.activity.set_choices(known.activities)
        self.activity.set_value(known.usual)
        self._show_new()

    @Slot()
    def look_up(self) -> None:
        """Ask what was chosen for such a file before, as soon as it is read."""
        preview = self._draft.preview
        if preview is not None:
            columns = fingerprint(preview.headers)
            self._context.jobs.read(
                lambda session, _job: importing.remembered(session, columns), then=partial(self._remember, preview)
            )

    def _remember(self, preview: TablePreview, found: Remembered | None) -> None:
        """Choose the register that such a file went into before, and the columns as they were chosen then."""
        if preview is not self._draft.preview or found is None or len(found.mapping) != len(preview.headers):
            return
        self._remembered = found.source
        self.source.set_value(found.source)
        self._draft.mapping = tuple(code or None for code in found.mapping)
        self._draft.duplicates = Duplicate(found.options.get("duplicates", Duplicate.UPDATE))
        if preview is self._shown:
            self._show_columns(preview)
        self._show_new()

    @Slot()
    def _show_new(self) -> None:
        is_new = self.source.value() == NEW
        self.new_source.setVisible(is_new)
        self.activity.setVisible(is_new)

    @Slot()
    def _forget_problem(self) -> None:
        self.problem.hide()

    def _show_columns(self, preview: TablePreview) -> None:
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, title in enumerate((_("Deras kolumn"), _("Exempel"), _("Vårt fält"))):
            self._grid.addWidget(PlainLabel(title, "strong"), 0, place)
        self._grid.setColumnStretch(1, 1)
        self._combos = []
        self._making.begin(self._make_rows(preview, self._draft.mapping))

    @property
    def combos(self) -> list[QComboBox]:
        """A choice of our fields per column of the file, all of them."""
        self._making.finish()
        return self._combos

    def _make_rows(self, preview: TablePreview, mapping: Sequence[str | None]) -> Iterator[None]:
        choices = QStandardItemModel(self)  # the same for all columns
        for code, text in field_choices():
            item = QStandardItem(text)
            item.setData(code, Qt.ItemDataRole.UserRole)
            choices.appendRow(item)
        for place, (header, chosen) in enumerate(zip(preview.headers, mapping, strict=True)):
            combo = self._combo(header, choices)
            combo.setCurrentIndex(max(0, combo.findData(chosen or "")))
            self._combos.append(combo)
            self._grid.addWidget(PlainLabel(one_line(header, 40) or "–"), place + 1, 0)
            self._grid.addWidget(PlainLabel(_example(preview, place), "muted"), place + 1, 1)
            self._grid.addWidget(combo, place + 1, 2)
            if place % ROWS_AT_A_TIME == 0:
                yield

    def _combo(self, header: str, choices: QStandardItemModel) -> QComboBox:
        combo = QComboBox()
        combo.setModel(choices)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(18)
        combo.setAccessibleName(_("Fält för kolumnen {header}").format(header=one_line(header, 60)))
        combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        combo.activated.connect(self._forget_problem)
        return combo


def _example(preview: TablePreview, place: int) -> str:
    cells = (row[place] for row in preview.sample if place < len(row))
    return one_line(next((cell for cell in cells if cell.strip()), ""), 40)


@dataclass(frozen=True)
class _Known:
    """What the page offers: registers, activities, and the usual activity."""

    sources: Choices
    activities: Choices
    usual: str


def _known(session: "Session") -> _Known:
    sources = [(row.name, one_line(row.name, 60)) for row in queries.registers(session)]
    rows = register.activities(session)
    usual = next((row.code for row in sorted(rows, key=lambda row: row.id) if "customer" in row.categories), "")
    activities = [(row.code, one_line(row.name, 80)) for row in rows]
    return _Known(sources, activities, usual)
