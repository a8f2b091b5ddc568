"""Documents leave the vault here: where the user chooses, read back and compared, and then the folder can be shown."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.errors import ExitCode, UserError
from app.i18n import _, ngettext
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
    """Asks for a place and writes a document there; what belongs to it is written beside it, under its own names.

    Args:
        owner: The widget that asks; the window it is in shows what happened.
        jobs: The lanes.
        contents: Generated file names, without personal data, and documents; the user names the first.
        title: What the window is called.

    Signals:
        saved: Everything is written; the folder it is in.
    """

    saved = Signal(Path)

    def __init__(
        self,
        owner: QWidget,
        jobs: Jobs,
        contents: Sequence[tuple[str, bytes]],
        title: str,
        away_from: Path | None = None,
    ) -> None:
        super().__init__(owner)
        self._owner, self._jobs, self._contents, self._path = owner, jobs, tuple(contents), Path()
        self._away_from = away_from
        name = self._contents[0][0]
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self.dialog = QFileDialog(owner, title, folder)
        self.dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.dialog.setDefaultSuffix(Path(name).suffix.removeprefix("."))
        self.dialog.selectFile(name)
        self.dialog.fileSelected.connect(self._write)
        self.dialog.rejected.connect(self.deleteLater)
        self.dialog.open()

    @Slot(str)
    def _write(self, chosen: str) -> None:
        path, contents = Path(chosen), self._contents
        if self._away_from is not None and path.parent.resolve() == self._away_from.resolve():
            messages.show_error(self._owner.window(), _side_by_side())
            QTimer.singleShot(0, self.dialog, self.dialog.open)  # it closes first
            return
        self._jobs.run(lambda _job: write_together(path, contents), then=self._tell, failed=self._fail)

    def _tell(self, path: Path) -> None:
        self._path, count = path, len(self._contents)
        words = _("Sparad: {name}").format(name=path.name)
        if count > 1:
            words = ngettext("{count} fil är sparad.", "{count} filer är sparade.", count).format(count=count)
        messages.toast(self._owner, words, _("Visa i mapp"), self._show_folder)
        self.saved.emit(path.parent)

    def _fail(self, error: Exception) -> None:
        messages.show_error(self._owner.window(), error)
        self.deleteLater()

    @Slot()
    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path.parent)))


def write_together(path: Path, contents: Sequence[tuple[str, bytes]]) -> Path:
    """Write the first document where the user said and the others beside it, each read back; none takes another file's place.

    Raises:
        UserError: The disk refused, or gave back something else than it was given.
    """
    write_checked(path, contents[0][1])
    for name, content in contents[1:]:
        write_checked(_free(path.with_name(name)), content)
    return path


def _free(path: Path) -> Path:
    """Return a path that no file has, as near the wanted one as there is."""
    tries = (path.with_stem(f"{path.stem}_{number}") for number in range(2, 1000))
    return path if not path.exists() else next(one for one in tries if not one.exists())


def _side_by_side() -> UserError:
    return UserError(
        _("Brevet med lösenordet ska inte ligga bredvid filen."),
        stands=_("Filen är sparad. Brevet är inte sparat än."),
        do=_("Välj en annan mapp för brevet."),
    )


def save_as(owner: QWidget, jobs: Jobs, content: bytes, name: str) -> SaveAs:
    """Let the user choose where a document goes; return what sees to it."""
    return SaveAs(owner, jobs, [(name, content)], _("Spara"))
