"""The making of the vault behind the wizard's pages."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from app.security import kdf
from app.security.kdf import KdfCost
from app.ui.kit.jobs import Job, Jobs

if TYPE_CHECKING:
    from app.services.founding import Begun
    from app.services.vaults import Vault


class Making(QObject):
    """Begins, finishes or forgets a vault; the work is done in a thread.

    Args:
        folder: Returns the folder chosen.
        now: The time.
        cost: What a guess at the passphrase is to cost; None to measure this computer first.

    Signals:
        begun: The keys are there.
        finished: The open vault.
        failed: Why not.
    """

    begun = Signal()
    finished = Signal(object)
    failed = Signal(object)

    def __init__(self, folder: Callable[[], Path], now: Callable[[], dt.datetime], cost: KdfCost | None) -> None:
        super().__init__()
        self._folder, self._now, self._cost = folder, now, cost
        self._passphrase = ""
        self.made: Begun | None = None
        self.is_busy = False
        self.jobs = Jobs(None, now)

    def is_begun_with(self, passphrase: str) -> bool:
        """Say whether the keys are made for this passphrase and the folder chosen now."""
        return self.made is not None and self._passphrase == passphrase and self.made.folder == self._folder()

    def begin(self, passphrase: str) -> None:
        """Make the keys, in the place of those that were made for another passphrase."""
        if self.is_busy:
            return
        self.forget()
        folder, now = self._folder(), self._now()

        def work(_job: Job) -> "Begun":
            from app.services import founding

            return founding.begin(folder, passphrase, now=now, cost=self._cost or kdf.calibrate())

        self._passphrase, self.is_busy = passphrase, True
        self.jobs.run(work, self._keep, self._fail)

    def finish(self, *, profile: str, name: str, user: str, changes: dict[str, dict[str, Any]]) -> None:
        """Put the vault in its place with its facts, and open it."""
        made, passphrase, now = self.made, self._passphrase, self._now()
        if made is None or self.is_busy:
            return

        def work(_job: Job) -> "Vault":
            from app.services import founding

            facts = founding.NewVault(passphrase=passphrase, profile=profile, name=name, user=user)
            return founding.finish(made, facts, changes, now=now)

        self.is_busy = True
        self.jobs.run(work, self._tell, self._fail)

    def forget(self) -> None:
        """Take back what was begun."""
        if self.made is not None:
            from app.services import founding

            founding.forget(self.made)
            self.made = None

    def close(self) -> None:
        """Wait for the work and take back what was not finished."""
        self.jobs.close()
        self.forget()
        self._passphrase = ""

    def _keep(self, made: "Begun") -> None:
        self.made, self.is_busy = made, False
        self.begun.emit()

    def _tell(self, vault: "Vault") -> None:
        self.made, self.is_busy, self._passphrase = None, False, ""
        self.finished.emit(vault)

    def _fail(self, error: Exception) -> None:
        self.is_busy = False
        self.failed.emit(error)
