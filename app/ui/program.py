"""Which window is on the screen: the wizard, the unlock window or the vault's; and the way between them."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app import i18n
from app.ui.clock import Clock
from app.ui.comfort import Comfort
from app.ui.kit.clipboard import ClipboardWatch
from app.ui.kit.labels import built
from app.ui.unlock import UnlockWindow

if TYPE_CHECKING:
    import datetime as dt

    from app.services.vaults import Vault
    from app.ui.context import Context
    from app.ui.demo_vault import DemoProgress
    from app.ui.first_run.wizard import FirstRun
    from app.ui.kit.drafting import Draft
    from app.ui.kit.jobs import Jobs
    from app.ui.window import MainWindow

READ_MS = 60_000
"""So long a message about a failed closing stands before the process ends: the key is to be gone."""
NEW, CHOOSE = "--new", "--choose"
"""How the process that comes after a locked vault is told what to show first."""


class Program(QObject):
    """Holds the one window.

    Args:
        app: The application.
        comfort: What is remembered on this computer.
        clock: The time and the day.
        again: Starts the program anew with these arguments, as a process of its own, and returns whether it did.  Only the
            end of a process takes key and names out of its memory.
    """

    def __init__(
        self, app: QApplication, comfort: Comfort, clock: Clock, again: Callable[[Sequence[str]], bool] | None = None
    ) -> None:
        super().__init__(app)
        self._app, self._comfort, self._clock, self._restart = app, comfort, clock, again
        self.unlock: UnlockWindow | None = None
        self.first_run: FirstRun | None = None
        self.window: MainWindow | None = None
        self.progress: DemoProgress | None = None
        self._tab = comfort.take_tab() or "overview"
        self._after_lock: Callable[[], None] | None = None
        self._clipboard = ClipboardWatch(self)

    @cached_property
    def _jobs(self) -> "Jobs":
        from app.ui.kit.jobs import Jobs

        return Jobs(None, self._clock.now)

    def begin(self, folder: Path | None, first: str = "") -> None:
        """Show the first window: the wizard for somebody new, else the unlock window.

        Args:
            folder: The vault to be opened; None for the one that was open last.
            first: What somebody wanted when the last vault was locked: `NEW`, `CHOOSE`, or nothing of that.
        """
        if first == NEW or (folder is None and not self._comfort.recent()):
            self.show_first_run()
            return
        self.show_unlock(folder)
        if first == CHOOSE and self.unlock is not None:
            self.unlock.choose_vault()

    def show_unlock(self, folder: Path | None = None) -> None:
        """Show the unlock window, with this vault chosen."""
        self._close_first_windows()
        window = built(lambda: UnlockWindow(self._comfort, self._clock.now, folder))
        window.opened.connect(self.open_vault)
        window.new_wanted.connect(self.show_first_run)
        window.closed.connect(self._end)
        self.unlock = window
        window.show()

    @Slot()
    def show_first_run(self) -> None:
        """Show the wizard."""
        from app.ui.first_run.wizard import FirstRun

        self._close_unlock()
        wizard = FirstRun(self._clock)
        wizard.opened.connect(self._open_new)
        wizard.existing_wanted.connect(self.show_unlock)
        wizard.demo_wanted.connect(self.open_demo)
        wizard.language_wanted.connect(self._speak_in_wizard)
        wizard.rejected.connect(self._leave_wizard)
        self.first_run = wizard
        wizard.show()

    @Slot()
    def open_demo(self) -> None:
        """Make the example vault and open it."""
        from app.ui import demo_vault

        if self.progress is not None:
            return
        now, today = self._clock.now(), self._clock.today()
        self.progress = demo_vault.DemoProgress()
        self._close_unlock()
        self._close_wizard()
        self.progress.show()
        job = self._jobs.run(
            lambda job: demo_vault.make(now=now, today=today, step=job.step), self._open_demo_vault, self._demo_failed
        )
        self.progress.watch(job)

    def _open_demo_vault(self, vault: "Vault") -> None:
        self._end_progress()
        self.open_vault(vault)

    def _demo_failed(self, error: Exception) -> None:
        self._end_progress()
        self.begin(None)
        from app.ui.kit import messages

        messages.show_error(self.unlock or self.first_run, error)

    def _end_progress(self) -> None:
        progress, self.progress = self.progress, None
        if progress is not None:
            progress.hide()
            progress.deleteLater()

    @Slot(object)
    def open_vault(self, vault: "Vault") -> None:
        """Show the window over an open vault."""
        from app.ui import context as contexts

        context = contexts.of(vault, now=self._clock.now, today=self._clock.today)
        self._show_window(context, self._close_first_windows)

    @Slot(object)
    def _open_new(self, vault: "Vault") -> None:
        self._comfort.remember(vault.folder, self._clock.today())
        self.open_vault(vault)

    def _close_first_windows(self) -> None:
        self._close_unlock()
        self._close_wizard()

    def _show_window(self, context: "Context", then: Callable[[], None]) -> None:
        """Build and show the window; in the next turn of the event loop its tab, and then what came before it goes away."""
        from app.ui.window import MainWindow

        window = built(lambda: MainWindow(context, self._comfort))
        window.lock_wanted.connect(self.lock)
        window.close_wanted.connect(self._close)
        window.new_vault_wanted.connect(self._make_another)
        window.other_vault_wanted.connect(self._open_another)
        window.language_wanted.connect(self.speak)
        self.window = window
        window.show()
        QTimer.singleShot(0, window, partial(self._enter, window, then))

    def _enter(self, window: "MainWindow", then: Callable[[], None]) -> None:
        if self.window is window:
            window.begin(self._tab)
        then()

    @Slot(str)
    def speak(self, code: str) -> None:
        """Show the same open vault in another language; what was typed is kept first."""
        if self.window is None:
            return
        from app.ui import unsaved

        drafts = unsaved.collect(self.window.drafts.waiting)
        if drafts:
            self.window.context.jobs.write(
                lambda session, _job: unsaved.keep(session, drafts), partial(self._speak, code)
            )
        else:
            self._speak(code)

    def _speak(self, code: str, _kept: object = None) -> None:
        old = self.window
        if old is None:
            return
        set_language(self._app, self._comfort, code)
        self._tab = old.tabs.current_name()
        self._comfort.keep_geometry(old.saveGeometry())
        from dataclasses import replace

        from app.ui.context import Ways

        context = replace(old.context, ways=Ways())
        self._show_window(context, partial(_drop, old))

    @Slot()
    def lock(self) -> None:
        """Keep what was typed, close the vault, take its windows away, end the process, and show the unlock window in another."""
        folder = self.window.context.vault.folder if self.window else None
        self._lock_then(partial(self._go_on, folder))

    @Slot()
    def _close(self) -> None:
        self._lock_then(self._end, is_last=True)

    @Slot()
    def _make_another(self) -> None:
        self._lock_then(partial(self._go_on, None, NEW))

    @Slot()
    def _open_another(self) -> None:
        folder = self.window.context.vault.folder if self.window else None
        self._lock_then(partial(self._go_on, folder, CHOOSE))

    def _go_on(self, folder: Path | None, first: str = "") -> None:
        """Let another process show what comes after the vault; this one does where no other can be started."""
        arguments = [part for part in (first, str(folder or "")) if part]
        if self._restart is not None and self._restart(arguments):
            self._end()
        else:
            self.begin(folder, first)

    def _lock_then(self, then: Callable[[], None], *, is_last: bool = False) -> None:
        window = self.window
        if window is None or self._after_lock is not None:
            return
        self._after_lock = then
        self._clipboard.empty()
        from app.ui import unsaved

        drafts = unsaved.collect(window.drafts.waiting)
        self._tab = window.tabs.current_name()
        self._comfort.keep_geometry(window.saveGeometry())
        self._comfort.keep_tab(self._tab)
        context, self.window = window.context, None
        _take_away(self._app, window)
        context.jobs.show_errors_in(None)
        now = self._clock.now()
        self._jobs.run(
            lambda _job: _close_vault(context, drafts, now, is_last=is_last), self._locked, self._locked_badly
        )

    @Slot()
    def _locked(self, _result: object = None) -> None:
        then, self._after_lock = self._after_lock, None
        if then is not None:
            then()

    def _locked_badly(self, error: Exception) -> None:
        """Say what went wrong at closing before this process ends; it does so by itself when nobody is there to read it."""
        from app.ui.kit import messages

        box = messages.show_error(None, error)
        box.finished.connect(self._locked)
        QTimer.singleShot(READ_MS, box, box.close)

    @Slot(str)
    def _speak_in_wizard(self, code: str) -> None:
        set_language(self._app, self._comfort, code)
        self.show_unlock() if self.first_run is None else self._again()

    def _again(self) -> None:
        self._close_wizard()
        self.show_first_run()

    @Slot()
    def _leave_wizard(self) -> None:
        self._close_wizard()
        if self._comfort.recent():
            self.show_unlock()
        else:
            self._end()

    def _close_wizard(self) -> None:
        wizard, self.first_run = self.first_run, None
        if wizard is not None:
            wizard.making.close()
            wizard.hide()
            wizard.deleteLater()

    def _close_unlock(self) -> None:
        unlock, self.unlock = self.unlock, None
        if unlock is not None:
            unlock.closed.disconnect(self._end)
            unlock.close()
            unlock.deleteLater()

    @Slot()
    def _end(self) -> None:
        self._clipboard.empty()
        self._app.quit()


def set_language(app: QApplication, comfort: Comfort, code: str) -> None:
    """Make a language the program's, Qt's own dialogs too, and remember it."""
    from app.ui import start

    i18n.set_language(code)
    comfort.language = code
    start.translate_qt(app, code)


def _close_vault(context: "Context", drafts: "list[Draft]", now: "dt.datetime", *, is_last: bool) -> None:
    """Wait for what is being saved, keep the drafts and close the vault; runs in a thread.

    When the program ends, a backup is made first if one is wanted.  A lock does not wait for it: the key is to be gone.
    """
    from app.domain.errors import UserError
    from app.services import automatic
    from app.ui import unsaved

    context.jobs.close()
    try:
        if drafts:
            with context.vault.store.write(now) as session:
                unsaved.keep(session, drafts)
        if is_last:
            with suppress(UserError):  # a place that is away or full is told while the window is open
                automatic.run(context.vault, now=now)
    finally:
        context.vault.close(now)


def _drop(window: QWidget) -> None:
    window.hide()
    window.deleteLater()


def _take_away(app: QApplication, window: QWidget) -> None:
    """Take a window and every dialog off the screen at once."""
    for widget in app.topLevelWidgets():
        if isinstance(widget, QDialog) or widget is window:
            widget.hide()
            widget.deleteLater()
