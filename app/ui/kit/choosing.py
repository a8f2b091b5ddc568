"""Choosing a file or a folder with the system's own dialog, without stopping the event loop."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

Then = Callable[[Path], None]


def choose_folder(parent: QWidget, title: str, then: Then, *, start: Path | None = None) -> QFileDialog:
    """Ask for a folder that exists, or that the user makes in the dialog."""
    box = _dialog(parent, title, start)
    box.setFileMode(QFileDialog.FileMode.Directory)
    box.setOption(QFileDialog.Option.ShowDirsOnly, True)
    return _ask(box, then)


def choose_file(parent: QWidget, title: str, kinds: str, then: Then) -> QFileDialog:
    """Ask for a file to read; `kinds` is Qt's filter, such as `PDF (*.pdf)`."""
    box = _dialog(parent, title, None)
    box.setFileMode(QFileDialog.FileMode.ExistingFile)
    box.setNameFilter(kinds)
    return _ask(box, then)


def choose_files(parent: QWidget, title: str, kinds: str, then: Callable[[list[Path]], None]) -> QFileDialog:
    """Ask for one file or several to read; `kinds` is Qt's filter."""
    box = _dialog(parent, title, None)
    box.setFileMode(QFileDialog.FileMode.ExistingFiles)
    box.setNameFilter(kinds)

    def chosen(paths: list[str]) -> None:
        then([Path(path) for path in paths])

    box.filesSelected.connect(chosen)
    box.finished.connect(box.deleteLater)
    box.open()
    return box


def documents_folder() -> Path:
    """Return the user's folder for documents."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))


def show_folder(path: Path) -> None:
    """Open the system's file window on a folder, or on the folder of a file."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path if path.is_dir() else path.parent)))


def _dialog(parent: QWidget, title: str, start: Path | None) -> QFileDialog:
    box = QFileDialog(parent, title)
    box.setDirectory(str(start or documents_folder()))
    return box


def _ask(box: QFileDialog, then: Then) -> QFileDialog:
    def chosen(path: str) -> None:
        then(Path(path))

    box.fileSelected.connect(chosen)
    box.finished.connect(box.deleteLater)
    box.open()
    return box
