"""Documents leave the vault here: where the user chooses, read back and compared, and then the folder can be shown."""

from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.errors import ExitCode, UserError
from app.i18n import _
from app.security import files
from app.ui.kit import messages
from app.ui.kit.jobs import Jobs


def write_checked(path: Path, content: bytes) -> Path:
    """Write a file, read it back, and return where it is.

    Raises:
        UserError: The disk refused, or gave back something else than it was given; an older file is still there.
    """
    files.write_atomic(path, content, check=lambda new: _compare(new, content))
    return path


def _compare(new: Path, content: bytes) -> None:
    if files.read_limited(new, len(content)) != content:
        raise UserError(
            _("Filen blev inte rätt skriven."),
            stands=_("Handlingen finns kvar i valvet. En äldre fil på platsen är orörd."),
            do=_("Välj en annan plats och försök igen."),
            code=ExitCode.DISK,
        )


class SaveAs(QObject):
    """Asks for a place and writes one document there.

    Args:
        owner: The widget that asks; the window it is in shows what happened.
        jobs: The lanes.
        content: The document.
        name: A generated file name, without personal data.
    """

    def __init__(self, owner: QWidget, jobs: Jobs, content: bytes, name: str) -> None:
        super().__init__(owner)
        self._owner, self._jobs, self._content, self._path = owner, jobs, content, Path()
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self.dialog = QFileDialog(owner, _("Spara"), folder)
        self.dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.dialog.setDefaultSuffix(Path(name).suffix.removeprefix("."))
        self.dialog.selectFile(name)
        self.dialog.fileSelected.connect(self._write)
        self.dialog.rejected.connect(self.deleteLater)
        self.dialog.open()

    @Slot(str)
    def _write(self, chosen: str) -> None:
        path, content = Path(chosen), self._content
        self._jobs.run(lambda _job: write_checked(path, content), then=self._tell, failed=self._fail)

    def _tell(self, path: Path) -> None:
        self._path = path
        words = _("Sparad: {name}").format(name=path.name)
        messages.toast(self._owner, words, _("Visa i mapp"), self._show_folder)

    def _fail(self, error: Exception) -> None:
        messages.show_error(self._owner.window(), error)
        self.deleteLater()

    @Slot()
    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path.parent)))


def save_as(owner: QWidget, jobs: Jobs, content: bytes, name: str) -> SaveAs:
    """Let the user choose where a document goes; return what sees to it."""
    return SaveAs(owner, jobs, content, name)
