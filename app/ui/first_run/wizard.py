"""The wizard: five pages from nothing to an open vault."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QCloseEvent

from app.i18n import _
from app.security.kdf import KdfCost
from app.ui.clock import Clock
from app.ui.first_run.making import Making
from app.ui.first_run.passphrase import PassphrasePage
from app.ui.first_run.profile import ProfilePage
from app.ui.first_run.protection import ProtectionPage
from app.ui.first_run.recovery import RecoveryPage
from app.ui.first_run.welcome import WelcomePage
from app.ui.kit import messages
from app.ui.kit.wizard import Wizard


class FirstRun(Wizard):
    """Makes a vault.

    Args:
        clock: The time and the day.
        cost: What a guess at the passphrase is to cost; None to measure this computer.

    Signals:
        opened: The open vault.
        existing_wanted: The folder of a vault that is there already.
        demo_wanted: The example vault instead.
        language_wanted: The wizard in another language.
    """

    opened = Signal(object)
    existing_wanted = Signal(Path)
    demo_wanted = Signal()
    language_wanted = Signal(str)

    def __init__(self, clock: Clock, cost: KdfCost | None = None) -> None:
        super().__init__(None, _("Välkommen till Ombudet"), _("Skapa valvet"))
        self.welcome = WelcomePage()
        self.making = Making(self.welcome.folder, clock.now, cost)
        self.passphrase = PassphrasePage(self.making)
        self.recovery = RecoveryPage(self.making, clock.today)
        self.profile = ProfilePage(clock.today)
        self.protection = ProtectionPage(self.making, self._finish_vault)
        self.set_pages([self.welcome, self.passphrase, self.recovery, self.profile, self.protection])
        self._connect_pages()
        self.resize(860, 640)

    def _connect_pages(self) -> None:
        self.welcome.existing_wanted.connect(self.existing_wanted)
        self.welcome.demo_wanted.connect(self.demo_wanted)
        self.welcome.language_wanted.connect(self.language_wanted)
        self.making.begun.connect(self._go_past_passphrase)
        self.making.finished.connect(self._tell_opened)
        self.making.failed.connect(self._fail)
        self.finished.connect(self._end)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Take back what was begun."""
        self._end()
        super().closeEvent(event)

    @Slot()
    def _go_past_passphrase(self) -> None:
        self._set_busy(is_busy=False)
        if self.pages[self.current()] is self.passphrase:
            self.go_on()

    def go_on(self) -> None:
        """Go to the next page, unless the vault is being worked on."""
        if self.making.is_busy:
            return
        super().go_on()
        self._set_busy(is_busy=self.making.is_busy)

    def _finish_vault(self) -> None:
        self.protection.status.setText(_("Skapar valvet …"))
        facts = {**self.profile.facts(), "protection": self.protection.values()}
        self.making.finish(
            profile=self.profile.profile.value() or "empty",
            name=facts["controller"]["name"],
            user=facts["officer"]["name"],
            changes=facts,
        )

    @Slot(object)
    def _tell_opened(self, vault: object) -> None:
        self._set_busy(is_busy=False)
        self.recovery.clear()
        self.passphrase.fields.clear()
        self.opened.emit(vault)

    @Slot(object)
    def _fail(self, error: Exception) -> None:
        self._set_busy(is_busy=False)
        for status in (self.passphrase.status, self.protection.status):
            status.setText("")
        messages.show_error(self, error)

    @Slot()
    def _end(self) -> None:
        self.making.close()

    def _set_busy(self, *, is_busy: bool) -> None:
        for one in (self.next_button, self.back_button, self.side, self.stack):
            one.setEnabled(not is_busy)
        if not is_busy:
            self.back_button.setEnabled(self.current() > 0)
