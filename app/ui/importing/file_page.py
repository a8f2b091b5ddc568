"""Step 1: which file, and does it look right."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout

from app.domain.errors import UserError
from app.i18n import _
from app.importers import table
from app.importers.drafts import TableOptions, TablePreview
from app.importers.kinds import table_kinds
from app.services.import_gone import is_corrected_file
from app.ui.context import Context
from app.ui.importing.draft import Draft, summary, telling_words
from app.ui.kit import messages
from app.ui.kit.buttons import button
from app.ui.kit.cards import Card
from app.ui.kit.fields import ComboField
from app.ui.kit.flow import flow_widget
from app.ui.kit.foreign import one_line
from app.ui.kit.jobs import Job
from app.ui.kit.labels import PlainLabel
from app.ui.kit.table import QueryTable
from app.ui.kit.table_model import Column
from app.ui.kit.theme import Tone
from app.ui.kit.wizard import WizardPage

DIVIDED = ("csv", "tsv")
TEXTS = (*DIVIDED, "vcf", "json")
ENCODINGS = (
    ("utf-8-sig", "UTF-8"),
    ("cp1252", "Windows (cp1252)"),
    ("utf-16", "UTF-16"),
    ("iso8859-1", "ISO 8859-1"),
    ("cp850", "DOS (cp850)"),
    ("mac-roman", "Mac Roman"),
)
SHOWN_ROWS = 5
SHOWN_COLUMNS = 12


class FilePage(WizardPage):
    """Chooses the file and shows how the program reads it.

    Signals:
        preview_changed: The file is read, or cannot be.
    """

    preview_changed = Signal()

    def __init__(self, context: Context, draft: Draft) -> None:
        super().__init__(_("Fil"), _("Välj en fil ur kundregistret. Filen läses bara; inget sparas förrän i steg 4."))
        self._context, self._draft = context, draft
        self._asked = 0
        self._job: Job | None = None
        self._build()
        self._connect()

    def _build(self) -> None:
        self.choose_button = button(_("&Välj fil …"), "folder-open")
        self.name, self.problem = PlainLabel("", "strong"), PlainLabel("", "problem", wrap=True)
        self.problem.hide()
        row = QHBoxLayout()
        row.addWidget(self.choose_button)
        row.addWidget(self.name, 1)
        self.kind = PlainLabel("", "muted", wrap=True)
        holder, flow = flow_widget(16)
        self.sheet = ComboField(_("Blad eller lista"), ())
        self.encoding = ComboField(_("Teckenkodning"), ENCODINGS)
        self.separator = ComboField(
            _("Skiljetecken"),
            ((";", _("Semikolon")), (",", _("Komma")), ("\t", _("Tabb")), ("|", _("Lodstreck"))),
        )
        for made in self._options():
            made.combo.setMinimumContentsLength(16)
            flow.addWidget(made)
        self.warning = Card(Tone.WARN)
        self.warning_text = PlainLabel("", wrap=True)
        self.warning.add(self.warning_text)
        self._build_look()
        self.column.addLayout(row)
        for part in (self.problem, self.kind, holder, self.warning, self.look, self.table):
            self.column.addWidget(part)
        self.column.addStretch()
        self._show_parts()

    def _build_look(self) -> None:
        self.look = Card()
        self.words = PlainLabel("", "display", wrap=True)
        self.look.add(PlainLabel(_("Ser å, ä och ö rätt ut?"), "h2"))
        self.look.add(self.words)
        self.look_hint = PlainLabel(_("Om inte: välj en annan teckenkodning."), "muted", wrap=True)
        self.look.add(self.look_hint)
        self.table = QueryTable((), self._fetch, name=_("De första raderna"))
        self.table.setMinimumHeight(self.fontMetrics().lineSpacing() * 12)

    def _options(self) -> tuple[ComboField, ComboField, ComboField]:
        return self.sheet, self.encoding, self.separator

    def _connect(self) -> None:
        self.choose_button.clicked.connect(self._choose)
        for made in self._options():
            made.changed.connect(self._read_again)

    def set_path(self, path: Path) -> None:
        """Read this file."""
        self._draft.path, self._draft.options = path, TableOptions()
        self.name.setText(one_line(path.name, 80))
        self._read()

    def leave(self) -> bool:
        """Go on once the file is read."""
        if self._draft.path is None:
            self._say_problem(_("Välj en fil först."))
        return self._draft.preview is not None

    @Slot()
    def _choose(self) -> None:
        self.dialog = QFileDialog(self.window(), _("Välj fil"))
        self.dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        patterns = " ".join(f"*{ending}" for ending in table_kinds())
        self.dialog.setNameFilters([_("Tabeller ({patterns})").format(patterns=patterns), _("Alla filer (*)")])
        self.dialog.fileSelected.connect(self._take_path)
        self.dialog.open()

    @Slot(str)
    def _take_path(self, chosen: str) -> None:
        self.set_path(Path(chosen))

    @Slot()
    def _read_again(self) -> None:
        seen = self._draft.preview
        self._draft.options = TableOptions(
            sheet=self.sheet.value() if self.sheet.isVisibleTo(self) else None,
            encoding=self.encoding.value() if seen is None or seen.kind in TEXTS else None,
            separator=self.separator.value() if seen is None or seen.kind in DIVIDED else None,
        )
        self._read()

    def _read(self) -> None:
        path, options = self._draft.path, self._draft.options
        if path is None:
            return
        self._asked += 1
        if self._job is not None and not self._job.is_over:
            self._job.cancel()
        self._draft.preview = None
        self._say_problem("")
        self.kind.setText(_("Läser filen …"))
        self._job = self._context.jobs.run(
            lambda job: table.preview(path, options, stop=job.stopped),
            then=partial(self._take, self._asked),
            failed=partial(self._fail, self._asked),
        )

    def _take(self, number: int, preview: TablePreview) -> None:
        if number != self._asked:
            return
        self._draft.preview, self._draft.mapping = preview, preview.mapping
        self._draft.lines, self._draft.is_part = {}, is_corrected_file(preview.headers)
        self.kind.setText(summary(preview))
        self.sheet.set_choices([(name, one_line(name, 40)) for name in preview.sheets])
        self.sheet.set_value(preview.sheet)
        self.encoding.set_value(preview.encoding.replace("utf-16-le", "utf-16").replace("utf-16-be", "utf-16"))
        self.separator.set_value(preview.separator)
        self._show_parts()
        self.preview_changed.emit()

    def _fail(self, number: int, error: Exception) -> None:
        if number != self._asked:
            return
        self.kind.setText("")
        if isinstance(error, UserError):
            self._say_problem(f"{error.what} {error.do}")
        else:
            messages.show_error(self.window(), error)
        self.preview_changed.emit()

    def _say_problem(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def _show_parts(self) -> None:
        seen = self._draft.preview
        self.sheet.setVisible(seen is not None and len(seen.sheets) > 1)
        self.encoding.setVisible(seen is not None and seen.kind in TEXTS)
        self.separator.setVisible(seen is not None and seen.kind in DIVIDED)
        warnings = "\n".join(one_line(text) for text in seen.warnings) if seen is not None else ""
        self.warning.setVisible(bool(warnings))
        self.warning_text.setText(warnings)
        self.look.setVisible(seen is not None)
        self.table.setVisible(seen is not None)
        if seen is not None:
            self._show_sample(seen)

    def _show_sample(self, seen: TablePreview) -> None:
        words = telling_words(seen)
        self.words.setText(words or _("De första raderna har inga å, ä eller ö."))
        self.look_hint.setVisible(bool(words) and seen.kind in TEXTS)
        self.table.set_columns(
            [Column(one_line(title, 60) or "–", partial(_cell, place)) for place, title in enumerate(seen.headers)][
                :SHOWN_COLUMNS
            ]
        )
        self.table.set_ids(range(min(SHOWN_ROWS, len(seen.sample))))

    def _fetch(self, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
        seen = self._draft.preview
        return {key: seen.sample[key] for key in ids} if seen is not None else {}


def _cell(place: int, row: tuple[str, ...]) -> str:
    return one_line(row[place], 120) if place < len(row) else ""
