"""The window that opens a vault: by passphrase, or by the recovery key, which asks for a new passphrase.

It imports nothing of the database, so it is there at once; `opening.warm_up` loads the rest while the user types.
"""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.errors import ExitCode, UserError
from app.i18n import _, ngettext
from app.security import recovery_key, vault_file
from app.ui import demo_vault, opening
from app.ui.caps_lock import CapsLockWatch
from app.ui.comfort import Comfort
from app.ui.kit import messages
from app.ui.kit.buttons import button
from app.ui.kit.cards import Card, InfoCard
from app.ui.kit.choosing import choose_folder
from app.ui.kit.fields import ComboField, LineField
from app.ui.kit.flow import flow_widget
from app.ui.kit.icons import IconView
from app.ui.kit.jobs import Jobs
from app.ui.kit.labels import PlainLabel
from app.ui.kit.theme import Tone
from app.ui.passphrase_fields import PassphraseFields

WIDTH, HEIGHT = 600, 520
LONGEST_WAIT_S = 32
WARM_UP_MS = 150  # the window is painted first
PASSPHRASE, RECOVERY, NEW = 0, 1, 2


def wait_s(wrong_tries: int) -> int:
    """Return how many seconds to wait after so many wrong tries in a row: 1, 2, 4 … and never a lock-out."""
    return 0 if wrong_tries < 1 else min(LONGEST_WAIT_S, 2 ** min(wrong_tries - 1, 10))


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

    def __init__(self, comfort: Comfort, now: Callable[[], dt.datetime], folder: Path | None = None) -> None:
        super().__init__()
        self._comfort, self._now = comfort, now
        self.jobs = Jobs(None, now, self)
        self._keys: vault_file.VaultKeys | None = None
        self._folders: dict[str, Path] = {}
        self._wrong_tries, self._seconds_left, self.page = 0, 0, PASSPHRASE
        self._ticker = QTimer(self, interval=1000)
        self.setWindowTitle(_("Lås upp – Ombudet"))
        self._build()
        self._connect()
        self._list_vaults(folder)
        self.resize(WIDTH, HEIGHT)
        self._show_page(PASSPHRASE)
        QTimer.singleShot(WARM_UP_MS, self, self._warm_up)

    @Slot()
    def _warm_up(self) -> None:
        self.jobs.run(lambda _job: opening.warm_up())

    def _build(self) -> None:
        self.vault = ComboField(_("Valv"), [])
        self.error = InfoCard(tone=Tone.DANGER)
        self.error.hide()
        self.pages, holder = QWidget(), QVBoxLayout()
        holder.setContentsMargins(0, 0, 0, 0)
        self.pages.setLayout(holder)
        self._parts = (self._passphrase_page(), self._recovery_page(), self._new_page())
        for page in self._parts:
            holder.addWidget(page)
        self.status = PlainLabel("", "muted", wrap=True)
        card, head = Card(), QHBoxLayout()
        card.column.setContentsMargins(24, 20, 24, 20)
        card.column.setSpacing(12)
        head.addWidget(IconView("shield-check", "accent", 28))
        head.addWidget(PlainLabel("Ombudet", "h1"), 1)
        card.column.addLayout(head)
        for part in (self.vault, self.pages, self.status, self.error):
            card.column.addWidget(part)
        card.column.addStretch()
        area, column = QScrollArea(), QVBoxLayout(self)
        area.setWidget(card)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(area)

    def _passphrase_page(self) -> QWidget:
        self.passphrase = LineField(_("Lösenfras"), is_secret=True)
        self.caps_hint = PlainLabel(_("Caps Lock är på."), wrap=True)
        self.caps_hint.set_tone(Tone.WARN)
        self.caps_hint.hide()
        self.unlock_button = button(_("&Lås upp"), "lock-open", role="primary")
        self.recovery_button = button(_("&Återställningsnyckel …"), "key-round", role="link")
        self.other_button = button(_("&Annat valv …"), "folder-open", role="link")
        self.new_button = button(_("&Nytt valv …"), "plus", role="link")
        page, column = _page()
        for part in (self.passphrase, self.caps_hint):
            column.addWidget(part)
        _add_buttons(column, self.unlock_button, self.recovery_button, self.other_button, self.new_button)
        return page

    def _recovery_page(self) -> QWidget:
        hint = _("Åtta grupper med fem tecken, från det utskrivna bladet. Stora och små bokstäver går lika bra.")
        self.recovery = LineField(_("Återställningsnyckel"), hint)
        self.continue_button = button(_("&Fortsätt"), "key-round", role="primary")
        self.back_button = button(_("&Tillbaka till lösenfrasen"), role="link")
        page, column = _page()
        column.addWidget(self.recovery)
        _add_buttons(column, self.continue_button, self.back_button)
        return page

    def _new_page(self) -> QWidget:
        self.new_passphrase = PassphraseFields(_("Ny lösenfras"))
        self.set_button = button(_("&Byt lösenfras och lås upp"), "lock-open", role="primary")
        self.cancel_button = button(_("Av&bryt"), role="link")
        page, column = _page()
        column.addWidget(PlainLabel(_("Nyckeln stämmer. Välj nu en ny lösenfras till valvet."), wrap=True))
        column.addWidget(self.new_passphrase)
        _add_buttons(column, self.set_button, self.cancel_button)
        return page

    def _connect(self) -> None:
        self.unlock_button.clicked.connect(self.unlock)
        self.continue_button.clicked.connect(self.check_recovery_key)
        self.set_button.clicked.connect(self.set_passphrase)
        self.passphrase.line.returnPressed.connect(self.unlock)
        self.recovery.line.returnPressed.connect(self.check_recovery_key)
        self.new_passphrase.second.line.returnPressed.connect(self.set_passphrase)
        self.recovery_button.clicked.connect(self._to_recovery)
        self.back_button.clicked.connect(self._to_passphrase)
        self.cancel_button.clicked.connect(self._to_passphrase)
        self.other_button.clicked.connect(self.choose_vault)
        self.new_button.clicked.connect(self.new_wanted)
        self.vault.changed.connect(self._forget_tries)
        self._ticker.timeout.connect(self._tick)
        CapsLockWatch(self.passphrase.line).changed.connect(self.caps_hint.setVisible)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self).activated.connect(self._to_passphrase)

    def _list_vaults(self, folder: Path | None) -> None:
        recent = {one.folder: one for one in self._comfort.recent()}
        folders = list(dict.fromkeys([*([folder.absolute()] if folder else []), *recent]))
        self._folders = {str(one): one for one in folders}
        choices = []
        for one in folders:
            name = one.name.removesuffix(".ombud")
            opened_on = recent[one].opened_on if one in recent else ""
            choices.append(
                (str(one), _("{name} – öppnades {day}").format(name=name, day=opened_on) if opened_on else name)
            )
        self.vault.set_choices(choices)
        self.vault.set_value(choices[0][0] if choices else None)
        self.vault.setVisible(bool(choices))
        if folder is not None and demo_vault.is_example(folder):
            self.status.setText(demo_vault.hint())
        if not choices:
            self.status.setText(_("Välj ett valv, eller gör ett nytt."))

    def folder(self) -> Path | None:
        """Return the chosen vault's folder."""
        return self._folders.get(self.vault.value() or "")

    @Slot()
    def choose_vault(self) -> None:
        """Ask for another vault's folder."""
        choose_folder(self, _("Välj ett valv: en mapp som slutar på .ombud"), self._add_vault)

    def _add_vault(self, folder: Path) -> None:
        if not vault_file.is_vault(folder):
            try:
                vault_file.read_header(folder)
            except UserError as error:
                self.show_error(error)
                return
        self._list_vaults(folder)
        self.status.setText("")
        self._forget_tries()
        self._show_page(PASSPHRASE)

    @Slot()
    def unlock(self) -> None:
        """Open the chosen vault with the passphrase typed."""
        folder, passphrase = self.folder(), self.passphrase.value()
        if not self._may_try(folder, self.passphrase, passphrase):
            return
        now = self._now()
        self._work(lambda: opening.with_passphrase(folder, passphrase, now=now), self._tell_opened)  # type: ignore[arg-type]

    @Slot()
    def check_recovery_key(self) -> None:
        """Try the recovery key typed; a mistyped group is named before anything is tried."""
        folder, text = self.folder(), self.recovery.value()
        if not self._may_try(folder, self.recovery, text):
            return
        try:
            recovery_key.parse(text)
        except UserError as error:
            self.recovery.set_problem(f"{error.what} {error.do}")
            return
        self._work(lambda: vault_file.unlock(folder, recovery_key=text), self._ask_new_passphrase)  # type: ignore[arg-type]

    @Slot()
    def set_passphrase(self) -> None:
        """Give the vault its new passphrase and open it."""
        folder, keys = self.folder(), self._keys
        if folder is None or keys is None or not self.pages.isEnabled() or not self.new_passphrase.check():
            return
        chosen, now = self.new_passphrase.value(), self._now()
        self._work(lambda: opening.with_new_passphrase(folder, keys, chosen, now=now), self._tell_opened)

    def show_error(self, error: Exception) -> None:
        """Say what happened, what stands and what to do."""
        words = messages.error_text(error)
        self.error.set_content(words.what, f"{words.stands} {words.do}")
        self.error.show()

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
        return folder is not None and bool(text) and self.pages.isEnabled() and not self._seconds_left

    def _work(self, work: Callable[[], object], then: Callable[[object], None]) -> None:
        self.error.hide()
        self._set_busy(is_busy=True)
        self.status.setText(_("Låser upp …"))
        self.jobs.run(lambda _job: work(), then, self._fail)

    @Slot(object)
    def _tell_opened(self, vault: object) -> None:
        folder = self.folder()
        if folder is not None and not demo_vault.is_example(folder):
            self._comfort.remember(folder, self._now().date())
        self._forget_secrets()
        self.opened.emit(vault)

    def _ask_new_passphrase(self, keys: object) -> None:
        self._set_busy(is_busy=False)
        self._wrong_tries = 0
        self.status.setText("")
        self._keys = keys if isinstance(keys, vault_file.VaultKeys) else None
        self._show_page(NEW)

    def _fail(self, error: Exception) -> None:
        self._set_busy(is_busy=False)
        self.status.setText("")
        self.show_error(error)
        if isinstance(error, UserError) and error.code == ExitCode.WRONG_SECRET:
            self._wrong_tries += 1
            self._seconds_left = wait_s(self._wrong_tries)
            self._ticker.start()
            self._count_down()
        field = self.passphrase if self.page == PASSPHRASE else self.recovery
        field.line.selectAll()
        field.setFocus()

    @Slot()
    def _tick(self) -> None:
        self._seconds_left = max(0, self._seconds_left - 1)
        self._count_down()

    def _count_down(self) -> None:
        left = self._seconds_left
        text = ngettext("Vänta {n} sekund före nästa försök.", "Vänta {n} sekunder före nästa försök.", left)
        self.status.setText(text.format(n=left) if left else "")
        for one in (self.unlock_button, self.continue_button):
            one.setEnabled(not left)
        if not left:
            self._ticker.stop()

    def _set_busy(self, *, is_busy: bool) -> None:
        self.pages.setEnabled(not is_busy)
        self.vault.setEnabled(not is_busy)

    @Slot()
    def _forget_tries(self) -> None:
        self.error.hide()
        self._wrong_tries = self._seconds_left = 0
        self._count_down()

    def _forget_secrets(self) -> None:
        self._keys = None
        self.passphrase.set_value("")
        self.recovery.set_value("")
        self.new_passphrase.clear()

    @Slot()
    def _to_recovery(self) -> None:
        self.error.hide()
        self._show_page(RECOVERY)

    @Slot()
    def _to_passphrase(self) -> None:
        if self.pages.isEnabled() and self.page != PASSPHRASE:
            self.error.hide()
            self._forget_secrets()
            self._show_page(PASSPHRASE)

    def _show_page(self, number: int) -> None:
        self.page = number
        for place, part in enumerate(self._parts):
            part.setVisible(place == number)
        self.vault.setEnabled(number != NEW)
        (self.passphrase, self.recovery, self.new_passphrase)[number].setFocus()


def _page() -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    return page, column


def _add_buttons(column: QVBoxLayout, *buttons: QWidget) -> None:
    holder, flow = flow_widget()
    for one in buttons:
        flow.addWidget(one)
    column.addWidget(holder)
