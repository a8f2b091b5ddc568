"""The window that opens a vault: by passphrase, or by the recovery key, which asks for a new passphrase.

It is there at once, since it loads and builds no more than is seen: everything else is imported where it is used, the other pages
are built when they are turned to, and `opening.warm_up` loads the rest while the user types.
"""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.i18n import _, ngettext
from app.ui.caps_lock import CapsLockWatch
from app.ui.comfort import Comfort
from app.ui.kit.buttons import button
from app.ui.kit.cards import InfoCard
from app.ui.kit.fields import LineField
from app.ui.kit.icons import IconView
from app.ui.kit.labels import PlainLabel, built
from app.ui.kit.theme import Tone
from app.ui.unlock_first import FirstPage, framed
from app.ui.unlock_vaults import VaultField
from app.ui.unlock_wait import Countdown

if TYPE_CHECKING:
    import datetime as dt

    from PySide6.QtWidgets import QPushButton

    from app.security.vault_file import VaultKeys
    from app.ui.kit.jobs import Jobs
    from app.ui.unlock_facts import Facts, UserField
    from app.ui.unlock_pages import NewPassphrasePage, RecoveryPage

WIDTH, HEIGHT = 600, 520
WARM_UP_MS = 150  # the window is painted first


class UnlockWindow(QWidget):
    """Chooses a vault and opens it.

    Args:
        comfort: Knows which vaults were open here.
        now: The time, for the vault's trail.
        folder: The vault to open; None for the latest.

    Signals:
        opened: The open vault.
        new_wanted: Make a new vault instead.
        closed: The user closed the window.
    """

    opened = Signal(object)
    new_wanted = Signal()
    closed = Signal()

    def __init__(self, comfort: Comfort, now: "Callable[[], dt.datetime]", folder: Path | None = None) -> None:
        super().__init__()
        self._comfort, self._now = comfort, now
        self._keys: VaultKeys | None = None
        self._folders: dict[str, Path] = {}
        self._takes_older = self._is_quick = False
        self._countdown = Countdown(self)
        self.setWindowTitle(_("Lås upp – Ombudet"))
        self._build()
        self._connect()
        self._list_vaults(folder)
        self.resize(WIDTH, HEIGHT)
        self._show_page(self.first_page)
        QTimer.singleShot(WARM_UP_MS, self, self._warm_up)

    @cached_property
    def jobs(self) -> "Jobs":
        """What works outside the main thread."""
        from app.ui.kit.jobs import Jobs

        return Jobs(None, self._now, self)

    @Slot()
    def _warm_up(self) -> None:
        from app.ui import opening

        self.jobs.run(lambda _job: opening.warm_up())
        self._look()

    @Slot()
    def _look(self) -> None:
        folder, now = self.folder(), self._now()
        if folder is not None:
            from app.ui import opening

            self.jobs.run(lambda _job: opening.facts(folder, now), self._show_facts)

    def _show_facts(self, facts: "Facts") -> None:
        if facts.folder != self.folder():
            return
        if facts.users or self._has("user"):
            self.user.show_users(facts)
        if facts.is_quick or self._has("quick_button"):
            self.quick_button.setVisible(facts.is_quick)
        if facts.hint and not self.status.text():
            self.status.setText(facts.hint)
        if facts.wait_s:
            self._countdown.begin(facts.wait_s)

    def _build(self) -> None:
        self._card = framed(self)
        column, head = self._card.column, QHBoxLayout()
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addLayout(head)
        head.addWidget(IconView("shield-check", "accent", 28))
        head.addWidget(PlainLabel("Ombudet", "h1"), 1)
        self.vault, self.status = VaultField(self._comfort), PlainLabel("", "muted", wrap=True)
        self.pages, first = QWidget(), FirstPage()
        self.first_page, self.passphrase, self.caps_hint = first, first.passphrase, first.caps_hint
        self.unlock_button, self.recovery_button = first.unlock_button, first.recovery_button
        self.other_button, self.new_button = first.other_button, first.new_button
        for part in (self.vault, self.pages, self.status):
            column.addWidget(part)
        column.addStretch()
        self._holder = QVBoxLayout(self.pages)
        self._holder.setContentsMargins(0, 0, 0, 0)
        self._holder.addWidget(self.first_page)
        self.page: QWidget = self.first_page

    @cached_property
    def user(self) -> "UserField":
        """Whose passphrase it is; made for a vault that has several users."""
        from app.ui.unlock_facts import UserField

        made = built(UserField)
        self.first_page.column.insertWidget(0, made)
        QWidget.setTabOrder(made.combo, self.passphrase.line)
        return made

    @cached_property
    def quick_button(self) -> "QPushButton":
        """Unlocks by the computer's key store; made for a vault that may be."""
        made = button(_("&Snabb upplåsning"), "zap", role="link")
        made.clicked.connect(self.unlock_quickly)
        self.first_page.flow.addWidget(made)
        return made

    @cached_property
    def error(self) -> InfoCard:
        """What went wrong, under everything else; made when something first does."""
        made = InfoCard(tone=Tone.DANGER)
        made.hide()
        self._card.column.insertWidget(self._card.column.count() - 1, made)
        return made

    @cached_property
    def older_button(self) -> "QPushButton":
        """Opens a vault whose database is not the newest one; made when one is met."""
        made = button(_("&Öppna valvet som det är"), "lock-open")
        made.clicked.connect(self.open_older)
        self._card.column.insertWidget(self._card.column.count() - 1, made)
        return made

    @cached_property
    def recovery_page(self) -> "RecoveryPage":
        """The page that asks for the recovery key; made when it is turned to."""
        from app.ui.unlock_pages import RecoveryPage

        made = built(RecoveryPage)
        made.continue_button.clicked.connect(self.check_recovery_key)
        made.key.line.returnPressed.connect(self.check_recovery_key)
        made.back_button.clicked.connect(self._to_passphrase)
        self._holder.addWidget(made)
        return made

    @cached_property
    def new_page(self) -> "NewPassphrasePage":
        """The page that asks for a new passphrase; made when it is turned to."""
        from app.ui.unlock_pages import NewPassphrasePage

        made = built(NewPassphrasePage)
        made.set_button.clicked.connect(self.set_passphrase)
        made.fields.second.line.returnPressed.connect(self.set_passphrase)
        made.cancel_button.clicked.connect(self._to_passphrase)
        self._holder.addWidget(made)
        return made

    def _connect(self) -> None:
        self.unlock_button.clicked.connect(self.unlock)
        self.passphrase.line.returnPressed.connect(self.unlock)
        self.recovery_button.clicked.connect(self._to_recovery)
        self.other_button.clicked.connect(self.choose_vault)
        self.new_button.clicked.connect(self.new_wanted)
        self.vault.changed.connect(self._forget_tries)
        self._countdown.told.connect(self._count_down)
        CapsLockWatch(self.passphrase.line).changed.connect(self.caps_hint.setVisible)

    def _list_vaults(self, folder: Path | None) -> None:
        if not self.vault.show_vaults(folder):
            self.status.setText(_("Välj ett valv, eller gör ett nytt."))

    def folder(self) -> Path | None:
        """Return the chosen vault's folder."""
        return self.vault.folder()

    @Slot()
    def choose_vault(self) -> None:
        """Ask for another vault's folder."""
        from app.ui.kit.choosing import choose_folder

        choose_folder(self, _("Välj ett valv: en mapp som slutar på .ombud"), self._add_vault)

    def _add_vault(self, folder: Path) -> None:
        from app.domain.errors import UserError
        from app.security import vault_file

        if not vault_file.is_vault(folder):
            try:
                vault_file.read_header(folder)
            except UserError as error:
                self.show_error(error)
                return
        self._list_vaults(folder)
        self.status.setText("")
        self._forget_tries()
        self._show_page(self.first_page)

    @Slot()
    def unlock(self) -> None:
        """Open the chosen vault with the passphrase typed."""
        folder, passphrase = self.folder(), self.passphrase.value()
        if not self._may_try(folder, self.passphrase, passphrase):
            return
        from app.ui import opening

        how = self._how() | {"user": self.user.user() if self._has("user") else ""}
        self._is_quick = False
        self._work(lambda: opening.with_passphrase(folder, passphrase, **how), self._tell_opened)  # type: ignore[arg-type]

    def _how(self) -> dict[str, Any]:
        return {"now": self._now(), "accept_older": self._takes_older}

    @Slot()
    def open_older(self) -> None:
        """Open the vault with what is there; the trail tells that the user chose so."""
        self._takes_older = True
        again = self.unlock_quickly if self._is_quick else self.unlock
        (again if self._keys is None else self.set_passphrase)()
        self._takes_older = False

    @Slot()
    def unlock_quickly(self) -> None:
        """Open the chosen vault with the computer's key store."""
        folder, how = self.folder(), self._how()
        if folder is None or not self.pages.isEnabled():
            return
        from app.ui import opening

        self._is_quick = True
        self._work(lambda: opening.with_keyring(folder, **how), self._tell_opened)

    @Slot()
    def check_recovery_key(self) -> None:
        """Try the recovery key typed; a mistyped group is named before anything is tried."""
        page, folder, text = self.recovery_page, self.folder(), self.recovery_page.key.value()
        if not self._may_try(folder, page.key, text) or not page.is_well_typed():
            return
        from app.ui import opening

        now = self._now()
        self._work(lambda: opening.try_recovery_key(folder, text, now=now), self._ask_new_passphrase)  # type: ignore[arg-type]

    @Slot()
    def set_passphrase(self) -> None:
        """Give the vault its new passphrase and open it."""
        folder, keys, asked = self.folder(), self._keys, self.new_page.fields
        if folder is None or keys is None or not self.pages.isEnabled() or not asked.check():
            return
        from app.ui import opening

        chosen, how = asked.value(), self._how()
        self._work(lambda: opening.with_new_passphrase(folder, keys, chosen, **how), self._tell_opened)

    def show_error(self, error: Exception) -> None:
        """Say what happened, what stands and what to do."""
        from app.ui.kit import messages

        words = messages.error_text(error)
        self.error.set_content(words.what, f"{words.stands} {words.do}")
        self.error.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads back to the passphrase."""
        if event.key() == Qt.Key.Key_Escape:
            self._to_passphrase()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop what is going on."""
        self.jobs.close()
        super().closeEvent(event)
        self.closed.emit()

    def _may_try(self, folder: Path | None, field: LineField, text: str) -> bool:
        if folder is None:
            self.status.setText(_("Välj ett valv först."))
        elif not text:
            field.set_problem(_("Fältet är tomt."))
        return folder is not None and bool(text) and self.pages.isEnabled() and not self._countdown.left

    def _work(self, work: Callable[[], object], then: Callable[[object], None]) -> None:
        self._hide_error()
        self._set_busy(is_busy=True)
        self.status.setText(_("Låser upp …"))
        self.jobs.run(lambda _job: work(), then, self._fail)

    @Slot(object)
    def _tell_opened(self, vault: object) -> None:
        folder = self.folder()
        from app.ui import demo_vault

        if folder is not None and not demo_vault.is_example(folder):
            self._comfort.remember(folder, self._now().date())
        self._forget_secrets()
        self.opened.emit(vault)

    def _ask_new_passphrase(self, keys: object) -> None:
        self._set_busy(is_busy=False)
        self.status.setText("")
        self._keys = cast("VaultKeys", keys)
        self._show_page(self.new_page)

    def _fail(self, error: Exception) -> None:
        from app.ui import opening

        self._set_busy(is_busy=False)
        self.status.setText("")
        self.show_error(error)
        if opening.is_older(error):
            self.older_button.show()
        if left := opening.wait_s(self.folder(), self._now()):
            self._countdown.begin(left)
        field = self.passphrase if self.page is self.first_page else self.recovery_page.key
        field.line.selectAll()
        field.setFocus()

    @Slot(int)
    def _count_down(self, left: int) -> None:
        text = ngettext("Vänta {n} sekund före nästa försök.", "Vänta {n} sekunder före nästa försök.", left)
        self.status.setText(text.format(n=left) if left else "")
        self.unlock_button.setEnabled(not left)
        if self._has("recovery_page"):
            self.recovery_page.continue_button.setEnabled(not left)

    def _set_busy(self, *, is_busy: bool) -> None:
        self.pages.setEnabled(not is_busy)
        self.vault.setEnabled(not is_busy)

    @Slot()
    def _forget_tries(self) -> None:
        self._hide_error()
        self._countdown.begin(0)
        self._look()

    def _forget_secrets(self) -> None:
        self._keys = None
        self.passphrase.set_value("")
        if self._has("recovery_page"):
            self.recovery_page.key.set_value("")
        if self._has("new_page"):
            self.new_page.fields.clear()

    @Slot()
    def _to_recovery(self) -> None:
        self._hide_error()
        self._show_page(self.recovery_page)

    @Slot()
    def _to_passphrase(self) -> None:
        if self.pages.isEnabled() and self.page is not self.first_page:
            self._hide_error()
            self._forget_secrets()
            self._show_page(self.first_page)

    def _hide_error(self) -> None:
        for name in filter(self._has, ("error", "older_button")):
            getattr(self, name).hide()

    def _has(self, part: str) -> bool:
        """Say whether a part that is made when it is needed has been."""
        return part in vars(self)

    def _show_page(self, page: QWidget) -> None:
        self.page.hide()
        self.page = page
        page.show()
        self.vault.setEnabled(not (self._has("new_page") and page is self.new_page))
        page.setFocus()
