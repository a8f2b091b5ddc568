"""A second start of the program finds the first one's window: it knocks at the vault, by a file, and the window comes to the front."""

import secrets
import time
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, Signal, Slot

from app.domain.errors import UserError
from app.security import files, lock_file

NAME = "knock"
PATIENCE_S = 3.0
_LOOK_S = 0.02


class Door(QObject):
    """Hears knocks at an open vault.

    Signals:
        knocked: Somebody started the program for this vault once more.
    """

    knocked = Signal()

    def __init__(self, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._path = folder / NAME
        self._watcher = QFileSystemWatcher([str(folder)], self)
        self._watcher.directoryChanged.connect(self._look)

    @Slot()
    def _look(self) -> None:
        if self._path.exists():
            self._path.unlink(missing_ok=True)
            self.knocked.emit()


def knock(folder: Path, patience_s: float = PATIENCE_S) -> bool:
    """Return whether a window that has the vault open has come to the front.

    Args:
        folder: The vault.
        patience_s: How long a window may take to answer.
    """
    try:
        if lock_file.held_by(folder) is None:
            return False
        path = folder / NAME
        files.write_atomic(path, secrets.token_bytes(8))
        until = time.monotonic() + patience_s
        while path.exists() and time.monotonic() < until:
            time.sleep(_LOOK_S)
        if not path.exists():
            return True
        path.unlink(missing_ok=True)
    except (UserError, OSError):  # whoever cannot write there cannot open it either, and is told so
        return False
    return False
