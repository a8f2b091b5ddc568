"""The wizard: file, columns, trial, import, report."""

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.i18n import _
from app.ui.context import Context
from app.ui.importing.check_page import CheckPage
from app.ui.importing.column_page import ColumnPage
from app.ui.importing.draft import Draft
from app.ui.importing.file_page import FilePage
from app.ui.importing.work_pages import DonePage, RunPage
from app.ui.kit.wizard import Wizard

CHECK, RUN, DONE = 2, 3, 4


class ImportDialog(Wizard):
    """Imports a customer register.

    Args:
        parent: The window.
        context: What every tab is given.
        path: The file, when it was dropped on the window.
    """

    def __init__(self, parent: QWidget | None, context: Context, path: Path | None = None) -> None:
        super().__init__(parent, _("Importera ett register"), _("Stäng"))
        self.draft = Draft()
        self.file_page, self.column_page = FilePage(context, self.draft), ColumnPage(context, self.draft)
        self.check_page, self.run_page = CheckPage(context, self.draft), RunPage(context, self.draft)
        self.done_page = DonePage(context, self.draft)
        self.set_pages([self.file_page, self.column_page, self.check_page, self.run_page, self.done_page])
        self.resize(960, 640)
        self.check_page.checked.connect(self._offer)
        self.file_page.preview_changed.connect(self._tell)
        self.file_page.preview_changed.connect(self.column_page.look_up)
        self.run_page.ended.connect(self._end)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.go_on)
        if path is not None:
            self.file_page.set_path(path)

    @Slot()
    def go_back(self) -> None:
        """Go to the page before; a trial under way is stopped."""
        self.check_page.cancel()
        super().go_back()

    @Slot()
    def reject(self) -> None:
        """Cancel: while importing it stops the import and stays; else it closes."""
        if self.run_page.is_working:
            self.run_page.cancel()
            return
        if self.draft.done is not None:
            self.accept()
            return
        self.check_page.cancel()
        super().reject()

    @Slot()
    def _offer(self) -> None:
        """The trial is over: the way on, or the way back."""
        self._tell()
        (self.next_button if self.next_button.isEnabled() else self.back_button).setFocus()

    @Slot(bool)
    def _end(self, is_done: bool) -> None:
        if is_done:
            self.go_on()
        else:
            self._furthest = CHECK
            self._show(CHECK)
            self.check_page.explain(_("Importen är avbruten. Inget har sparats."))

    @Slot()
    def _tell(self) -> None:
        super()._tell()
        if not self.pages:
            return
        here = self.current()
        if here == CHECK:
            self.next_button.setText(_("&Importera"))
            self.next_button.setAccessibleName(_("Importera"))
        self.next_button.setEnabled(here != RUN and not (here == CHECK and not self.check_page.leave()))
        self.back_button.setEnabled(0 < here < RUN)
        self.cancel_button.setVisible(here != DONE)
        if here >= RUN:
            for made in self.side.buttons:
                made.setEnabled(False)


def open_import(parent: QWidget | None, context: Context, path: Path | None = None) -> ImportDialog:
    """Open the wizard over a window and return it."""
    dialog = ImportDialog(parent, context, path)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog
