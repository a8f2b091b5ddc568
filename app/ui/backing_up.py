"""Makes backups while the window is open, so that nobody has to think of them."""

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from app.i18n import _
from app.services import automatic
from app.ui.context import Context
from app.ui.kit import messages
from app.ui.kit.jobs import Job

LOOK_MS = 5 * 60_000
FIRST_MS = 30_000
"""A backup that failed when the program ended is tried again, and told of, soon after the next opening."""


class BackupWatch(QObject):
    """Looks now and then whether a backup is wanted, and makes it beside whatever is done in the window.

    Args:
        context: The open vault.
        window: Where a failure is told, once until one has worked again.
    """

    def __init__(self, context: Context, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._window = context, window
        self._job: Job | None = None
        self._is_told = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(LOOK_MS)
        QTimer.singleShot(FIRST_MS, self, self.look)

    @Slot()
    def look(self) -> None:
        """Make a backup if one is wanted."""
        if self._job is not None and not self._job.is_over:
            return
        vault, now = self._context.vault, self._context.now()
        self._job = self._context.jobs.run(
            lambda job: automatic.run(vault, now=now, step=job.step), self._made, self._failed
        )

    def _made(self, _made: object) -> None:
        self._is_told = False

    def _failed(self, error: Exception) -> None:
        if not self._is_told:
            self._is_told = True
            words = messages.error_text(error)
            messages.toast(self._window, _("Ingen säkerhetskopia. {what} {do}").format(what=words.what, do=words.do))
