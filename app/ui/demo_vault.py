"""Where the example vault lies, and the small window that is seen while it is made."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, Slot
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from app.i18n import _
from app.ui.kit.labels import PlainLabel

if TYPE_CHECKING:
    import datetime as dt

    from app.services.vaults import Vault
    from app.ui.kit.jobs import Job

NAME = "Exempelbolaget.ombud"


def place() -> Path:
    """Return the folder of example vaults, in the user's folder for programs' own data."""
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
    return Path(found) / "Ombudet" / "exempel"


def is_example(folder: Path) -> bool:
    """Say whether a folder is an example vault of ours."""
    return place() in folder.absolute().parents


def make(*, now: "dt.datetime", today: "dt.date", step: Callable[[int, int], None]) -> "Vault":
    """Make a fresh example vault and open it; older ones that nobody has open are taken away.

    Raises:
        UserError: The disk refused.
        Cancelled: `step` said so.
    """
    from app.security import lock_file
    from app.services import demo

    for old in place().glob("*"):
        if old.is_dir() and lock_file.held_by(old / NAME) is None:
            shutil.rmtree(old, ignore_errors=True)
    return demo.make(place() / now.strftime("%Y%m%dT%H%M%S%f") / NAME, now=now, today=today, step=step)


def hint() -> str:
    """Return what the unlock window says about the example vault's passphrase."""
    from app.services.demo import PASSPHRASE

    return _("Exempelvalvets lösenfras är: {words}").format(words=PASSPHRASE)


class DemoProgress(QWidget):
    """Says that the example vault is being made."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Ombudet")
        self.text = PlainLabel(_("Gör ett valv med påhittade personer …"), "h2", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.text.text())
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(self.text)
        column.addWidget(self.bar)
        self.resize(440, 110)

    def watch(self, job: "Job") -> None:
        """Follow a job."""
        job.progressed.connect(self._advance, Qt.ConnectionType.QueuedConnection)

    @Slot(int, int)
    def _advance(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
