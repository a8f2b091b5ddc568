"""A stored file: its pages, and the ways out of the vault."""

from functools import partial

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.documents import preview
from app.i18n import _
from app.ui import exports, previews
from app.ui.context import Context
from app.ui.file_words import kind_text, size_text
from app.ui.kit import printing
from app.ui.kit.buttons import button
from app.ui.kit.labels import PlainLabel
from app.ui.kit.pdf_view import PdfView
from db.models import Attachment


class DocumentDialog(QDialog):
    """Shows a stored file.

    Args:
        parent: The window it belongs to.
        context: What a tab is given.
        row: The file's record.
        content: Its bytes.
    """

    def __init__(self, parent: QWidget | None, context: Context, row: Attachment, content: bytes) -> None:
        super().__init__(parent)
        self._context, self._row, self._content = context, row, content
        self._is_pdf = row.media_type == "application/pdf"
        self.setWindowTitle(_("Handling"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.save_button = button(_("&Spara som …"), "save", role="primary")
        self.print_button = button(_("Skriv &ut …"), "printer")
        self.close_button = button(_("Stäng"))
        self.pages = PdfView()
        self._build()
        self.save_button.clicked.connect(self.save_as)
        self.print_button.clicked.connect(self.print_out)
        self.close_button.clicked.connect(self.accept)

    def _build(self) -> None:
        row = self._row
        facts = _("{size} · version {version} · {name}").format(
            size=size_text(row.size), version=row.version, name=row.name
        )
        column, buttons = QVBoxLayout(self), QHBoxLayout()
        column.addWidget(PlainLabel(kind_text(row), "h1", wrap=True))
        column.addWidget(PlainLabel(facts, "muted", wrap=True))
        if self._is_pdf:
            previews.show(self.pages, self._content)
            column.addWidget(self.pages, 1)
        else:
            text = _("Filen visas inte här. Spara den för att öppna den i ett annat program.")
            column.addWidget(PlainLabel(text, wrap=True))
        self.pages.setVisible(self._is_pdf)
        self.print_button.setVisible(self._is_pdf)
        buttons.addStretch()
        for part in (self.save_button, self.print_button, self.close_button):
            buttons.addWidget(part)
        column.addLayout(buttons)
        self.save_button.setDefault(True)

    def sizeHint(self) -> QSize:
        """Return room for a page."""
        return QSize(820, 640) if self._is_pdf else QSize(480, 180)

    @Slot()
    def save_as(self) -> exports.SaveAs:
        """Ask where a copy is to go."""
        return exports.save_as(self, self._context.jobs, self._content, self._row.name)

    @Slot()
    def print_out(self) -> None:
        """Ask for a printer."""
        page = partial(preview.page_rgb, self._content)
        printing.ask_and_print(self, self._row.name, preview.pages(self._content), page)
