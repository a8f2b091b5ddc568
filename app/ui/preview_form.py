"""A form with the finished page beside it; where there is no room for both, one key shows the other."""

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.i18n import _
from app.ui import previews
from app.ui.context import Context
from app.ui.kit.buttons import button
from app.ui.kit.pdf_view import PdfView
from app.ui.store_form import StoreForm

ROOM = 118
"""How many characters wide the form must be to show the page as well."""


class PreviewForm(StoreForm):
    """A form with a preview, and a second verb that also saves the document outside the vault.

    Args:
        parent: The window it belongs to.
        context: What a tab is given.
        words: The title and the verb.
        side: What stands to the left.

    Signals:
        made: What was stored, and whether the user wants it outside the vault as well.
    """

    made = Signal(object, bool)

    def __init__(self, parent: QWidget | None, context: Context, words: tuple[str, str], side: QWidget) -> None:
        super().__init__(parent, context, words)
        self.side, self.pages = side, PdfView()
        self.wants_file = False
        self.file_button = button(_("Skapa och &spara som …"), "save")
        self.page_button = button(_("&Förhandsgranska"), "eye")
        self.page_button.setCheckable(True)
        self.page_button.hide()
        for part in (self.page_button, self.file_button):
            self.buttons.insertWidget(self.buttons.count() - 2, part)
        self.middle.setContentsMargins(12, 12, 12, 4)
        self.page_button.toggled.connect(self._fit)
        self.file_button.clicked.connect(self._submit_with_file)

    def sizeHint(self) -> QSize:
        """Return room for the three parts."""
        return QSize(1260, 640)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the contents to the new size."""
        super().resizeEvent(event)
        self._fit()

    def show_page(self, pdf: bytes) -> None:
        """Show a document, at the page that was in view."""
        page = self.pages.current()
        previews.show(self.pages, pdf)
        self.pages.go_to(page)

    @Slot()
    def _fit(self) -> None:
        has_room = self.width() >= self.fontMetrics().horizontalAdvance("n") * ROOM
        self.page_button.setVisible(not has_room)
        is_page_only = not has_room and self.page_button.isChecked()
        self.pages.setVisible(has_room or is_page_only)
        self.side.setVisible(not is_page_only)
        self.area.setVisible(not is_page_only)

    def finish(self, result: object = None) -> None:
        """Tell about what was made, and close."""
        super().finish(result)
        self.made.emit(result, self.wants_file)

    @Slot()
    def _submit_with_file(self) -> None:
        self.wants_file = True
        self.submit()
        self.wants_file = self.is_saving
