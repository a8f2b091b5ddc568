"""Keys and users: one's own passphrase and quick unlocking, who may open the vault, and the vault's own keys."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.i18n import _, ngettext
from app.security.vault_users import User
from app.services import guard, keys, users
from app.services.vaults import Vault
from app.ui.context import Context
from app.ui.kit import messages
from app.ui.kit.buttons import button, explain
from app.ui.kit.cards import Card
from app.ui.kit.flow import flow_widget
from app.ui.kit.forms import open_form
from app.ui.kit.labels import PlainLabel
from app.ui.kit.theme import Tone
from app.ui.tools.page import ToolPage
from app.ui.tools.passphrase import PassphraseForm
from app.ui.tools.user_forms import RecoveryForm, RoleForm, RotateForm, UserForm


class KeysPage(ToolPage):
    """Three cards: mine, the users, the vault's."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            context,
            _("Nycklar och användare"),
            _(
                "Varje användare har sin egen lösenfras och roll. Den som öppnar valvet som dataskyddsombud kan läsa allt i det."
            ),
        )
        self.mine = PlainLabel("", wrap=True)
        self.passphrase_button = button(_("&Byt lösenfras …"), "key-round")
        self.keyring_button = button("", "zap")
        self.keyring_hint = PlainLabel("", "muted", wrap=True)
        self.strangers = PlainLabel("", wrap=True)
        self.add_button = button(_("&Lägg till användare …"), "user-plus")
        self.recovery_button = button(_("Ny återställnings&nyckel …"), "printer")
        self.rotate_button = button(_("Byt &databasens nyckel …"), "refresh-cw")
        self.row_buttons: dict[str, tuple[QPushButton, QPushButton]] = {}
        self._rows = QWidget()
        self._is_quick = False
        self._build()
        self._connect()
        self._reload()

    def _build(self) -> None:
        mine, all_users, vault = Card(), Card(), Card()
        mine.add(PlainLabel(_("Dina nycklar"), "h2"))
        mine.add(self.mine)
        mine.add(_row(self.passphrase_button, self.keyring_button))
        mine.add(self.keyring_hint)
        all_users.add(PlainLabel(_("Användare"), "h2"))
        rows = QVBoxLayout(self._rows)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        all_users.add(self._rows)
        self.strangers.set_tone(Tone.WARN)
        self.strangers.hide()
        all_users.add(self.strangers)
        all_users.add(_row(self.add_button))
        vault.add(PlainLabel(_("Valvets nycklar"), "h2"))
        words = _("Byt dem när någon annan kan ha sett dem, och när en användare har slutat.")
        vault.add(PlainLabel(words, wrap=True))
        vault.add(_row(self.recovery_button, self.rotate_button))
        for card in (mine, all_users, vault):
            self.column.addWidget(card)
        self.column.addStretch()
        self.setFocusProxy(self.passphrase_button)

    def _connect(self) -> None:
        self.passphrase_button.clicked.connect(self._change_passphrase)
        self.keyring_button.clicked.connect(self.switch_keyring)
        self.add_button.clicked.connect(self._add)
        self.recovery_button.clicked.connect(self._new_recovery_key)
        self.rotate_button.clicked.connect(self.rotate)
        vault = self.context.vault
        words = self._who_may
        for one, act in (
            (self.add_button, "users.add"),
            (self.recovery_button, "keys.change_recovery_key"),
            (self.rotate_button, "keys.rotate"),
        ):
            explain(one, None if guard.may(vault, act) else words())

    def _who_may(self) -> str:
        return _("Bara ett dataskyddsombud får ändra nycklar och användare.")

    def _reload(self, _result: object = None) -> None:
        vault = self.context.vault
        self.context.jobs.run(lambda _job: _read(vault), self._show)

    def _show(self, found: tuple[list[User], int, bool]) -> None:
        listed, strangers, self._is_quick = found
        vault = self.context.vault
        words = _("Du arbetar som {name}, {role}.")
        self.mine.setText(words.format(name=vault.store.user, role=vault.store.role.label))
        text = _("Slå &av snabb upplåsning") if self._is_quick else _("Slå &på snabb upplåsning")
        self.keyring_button.setText("\u2009" + text)
        self.keyring_button.setAccessibleName(text.replace("&", ""))
        hint = _("Valvet öppnas med datorns nyckelring. Alla program som du kör kan läsa den.")
        off = _("Med snabb upplåsning öppnas valvet av datorns nyckelring, utan lösenfras.")
        self.keyring_hint.setText(hint if self._is_quick else off)
        said = ngettext(
            "{n} nyckel i valvet är skadad, eller gjord av någon som inte hade valvet öppet.",
            "{n} nycklar i valvet är skadade, eller gjorda av någon som inte hade valvet öppet.",
            strangers,
        )
        self.strangers.setText(said.format(n=strangers))
        self.strangers.setVisible(bool(strangers))
        self._list(listed)

    def _list(self, listed: list[User]) -> None:
        layout = self._rows.layout()
        for old in self._rows.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            old.hide()
            old.deleteLater()
        self.row_buttons = {}
        for user in listed:
            row = self._user_row(user)
            if layout is not None:
                layout.addWidget(row)

    def _user_row(self, user: User) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        name = _("Valvets egen lösenfras") if user.is_owner else user.name
        role, gone = button(_("Ändra roll …"), "user-cog"), button(_("Ta bort …"), "user-minus")
        role.setAccessibleName(_("Ändra roll för {name}").format(name=user.name))
        gone.setAccessibleName(_("Ta bort {name}").format(name=user.name))
        may = guard.may(self.context.vault, "users.remove")
        explain(gone, None if may else self._who_may())
        owner = _("Valvets egen lösenfras är alltid dataskyddsombudets.")
        explain(role, self._who_may() if not may else owner if user.is_owner else None)
        role.clicked.connect(partial(self._change_role, user))
        gone.clicked.connect(partial(self._remove, user))
        row.addWidget(PlainLabel(name, wrap=True), 2)
        row.addWidget(PlainLabel(user.role.label, "muted"), 1)
        row.addWidget(role)
        row.addWidget(gone)
        self.row_buttons[user.name] = (role, gone)
        return holder

    @Slot()
    def _change_passphrase(self) -> None:
        open_form(PassphraseForm(self.context, self))

    @Slot()
    def switch_keyring(self) -> None:
        """Turn quick unlocking on after a question, or off."""
        if self._is_quick:
            self._run(keys.turn_off_keyring, _("Snabb upplåsning är av."))
            return
        question = messages.Question(
            _("Slå på snabb upplåsning?"),
            _(
                "Den som är inloggad på datorn som du kan då öppna valvet. Lösenfrasen och återställningsnyckeln gäller som förut."
            ),
            _("Slå på"),
            is_danger=False,
        )
        messages.ask(self, question, partial(self._run, keys.turn_on_keyring, _("Snabb upplåsning är på.")))

    def _run(self, act: Callable[..., Any], text: str) -> None:
        vault, now = self.context.vault, self.context.now()

        def tell(_result: object) -> None:
            messages.toast(self, text)
            self._reload()

        self.context.jobs.run(lambda _job: act(vault, now=now), tell)

    @Slot()
    def _add(self) -> None:
        open_form(UserForm(self.context, self), self._reload)

    def _change_role(self, user: User, _checked: bool = False) -> None:
        open_form(RoleForm(self.context, self, user.name, user.role), self._reload)

    def _remove(self, user: User, _checked: bool = False) -> None:
        question = messages.Question(
            _("Ta bort {name}?").format(name=user.name),
            _("Lösenfrasen öppnar inte valvet längre. Det som användaren har gjort står kvar i loggen."),
            _("Ta bort"),
        )
        messages.ask(self, question, partial(self.remove, user.name))

    def remove(self, name: str) -> None:
        """Take a user away, and offer a new key for the database."""
        vault, now = self.context.vault, self.context.now()
        self.context.jobs.run(lambda _job: users.remove(vault, name, now=now), self._offer_rotation)

    def _offer_rotation(self, _result: object) -> None:
        self._reload()
        question = messages.Question(
            _("Byt databasens nyckel också?"),
            _(
                "Den som har en gammal kopia av valvet kan öppna kopian ännu. Med en ny nyckel öppnas inget nytt med den."
            ),
            _("Byt nyckel …"),
            is_danger=False,
        )
        messages.ask(self, question, self.rotate)

    @Slot()
    def _new_recovery_key(self) -> None:
        open_form(RecoveryForm(self.context, self))

    @Slot()
    def rotate(self) -> None:
        """Ask for the passphrase, change the database's key, and offer a fresh recovery sheet."""
        open_form(RotateForm(self.context, self), self._offer_sheet)

    def _offer_sheet(self) -> None:
        question = messages.Question(
            _("Gör ett nytt återställningsblad också?"),
            _("Bladet som finns gäller som förut. Gör ett nytt om någon annan kan ha sett det."),
            _("Nytt blad …"),
            is_danger=False,
        )
        messages.ask(self, question, self._new_recovery_key)


def _read(vault: Vault) -> tuple[list[User], int, bool]:
    return users.listed(vault), users.strangers(vault), keys.has_keyring(vault)


def _row(*buttons: QWidget) -> QWidget:
    holder, flow = flow_widget()
    for one in buttons:
        flow.addWidget(one)
    return holder
