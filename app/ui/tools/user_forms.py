"""The forms of the page about keys and users: a new user, another role, a new recovery key, a new key for the database."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from app.domain.roles import Role
from app.i18n import _
from app.security import recovery_key
from app.security.vault_file import VaultKeys
from app.services import keys, users
from app.ui import passphrase_fields
from app.ui.context import Context
from app.ui.first_run.recovery import RecoveryPage
from app.ui.kit import messages
from app.ui.kit.choice_fields import ChoiceField
from app.ui.kit.fields import LineField
from app.ui.kit.forms import FormDialog
from app.ui.kit.jobs import Jobs
from app.ui.kit.labels import PlainLabel
from app.ui.passphrase_fields import PassphraseFields


class RoleField(ChoiceField):
    """The roles, and under them what the chosen one may do."""

    def __init__(self, role: Role) -> None:
        super().__init__(_("Roll"), [(one.value, one.label) for one in Role])
        self.may = PlainLabel("", "muted", wrap=True)
        self.changed.connect(self._tell)
        self.set_value(role.value)

    def role(self) -> Role:
        """Return the role chosen."""
        return Role(self.value() or Role.REVIEWER)

    def set_value(self, value: str | None) -> None:
        """Choose a role."""
        super().set_value(value)
        self._tell()

    @Slot()
    def _tell(self) -> None:
        self.may.setText(self.role().may)


class UserForm(FormDialog):
    """Name, role and passphrase of somebody new."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent, _("Lägg till en användare"), _("Lägg till"), width=600)
        self._context = context
        self.name = self.add("name", LineField(_("Namn"), _("Namnet syns när valvet låses upp, och i loggen.")))
        self.role = self.add("role", RoleField(Role.HANDLER))
        self.column.addWidget(self.role.may)
        self.new = PassphraseFields(_("Användarens lösenfras"))
        self.fields |= {"first": self.new.first, "second": self.new.second}
        self.column.addWidget(self.new)
        words = _("Låt användaren skriva den själv, eller byta den vid första upplåsningen.")
        self.column.addWidget(PlainLabel(words, "muted", wrap=True))

    def problems(self) -> dict[str, str]:
        """Return what is wrong, a sentence per field."""
        found = passphrase_fields.problems(self.new.first.value(), self.new.second.value())
        return found if self.name.value() else {"name": _("Skriv användarens namn."), **found}

    def save(self) -> None:
        """Add the user in a thread: the key derivation takes a second."""
        vault, now = self._context.vault, self._context.now()
        name, role, passphrase = self.name.value(), self.role.role(), self.new.value()
        self._context.jobs.run(lambda _job: users.add(vault, name, role, passphrase, now=now), self.finish, self.fail)


class RoleForm(FormDialog):
    """Another role for a user."""

    def __init__(self, context: Context, parent: QWidget, user: str, role: Role) -> None:
        super().__init__(parent, _("Ändra roll"), _("Ändra roll"), width=600)
        self._context, self._user = context, user
        self.column.addWidget(PlainLabel(user, "h2", wrap=True))
        self.role = self.add("role", RoleField(role))
        self.column.addWidget(self.role.may)
        words = _("Rollen gäller från och med nästa gång användaren låser upp valvet.")
        self.column.addWidget(PlainLabel(words, "muted", wrap=True))

    def save(self) -> None:
        """Change it."""
        vault, now, user = self._context.vault, self._context.now(), self._user
        role = self.role.role()
        self._context.jobs.run(lambda _job: users.change_role(vault, user, role, now=now), self.finish, self.fail)


@dataclass(frozen=True)
class NewKey:
    """A recovery key that is on its way to paper.

    Attributes:
        folder: The vault.
        keys: Its keys.
        recovery_key: The key; it counts when the form is done.
    """

    folder: Path
    keys: VaultKeys
    recovery_key: str


@dataclass
class Paper:
    """What the page with the sheet is made from.

    Attributes:
        made: The key.
        jobs: The lanes.
    """

    made: NewKey | None
    jobs: Jobs


class RecoveryForm(FormDialog):
    """A new recovery key: its sheet, two groups typed back, and only then it counts."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent, _("Ny återställningsnyckel"), _("Byt nyckel"), width=620)
        self._context = context
        vault = context.vault
        self.paper = Paper(NewKey(vault.folder, vault.keys, recovery_key.draw()), context.jobs)
        self.heading.hide()
        self.page = RecoveryPage(self.paper, context.today)
        self.page.enter()
        self.column.addWidget(self.page)
        words = _("Det gamla bladet slutar gälla när du byter. Det öppnar fortfarande äldre säkerhetskopior.")
        self.column.addWidget(PlainLabel(words, wrap=True))

    def has_unsaved(self) -> bool:
        """Say whether a group was typed back."""
        return any(field.value() for field in self.page.typed)

    @Slot()
    def submit(self) -> None:
        """Let the key count when both groups were typed as they are."""
        if self.page.leave():
            super().submit()

    def save(self) -> None:
        """Change it in a thread."""
        made, vault, now = self.paper.made, self._context.vault, self._context.now()
        text = made.recovery_key if made is not None else ""
        self._context.jobs.run(lambda _job: keys.change_recovery_key(vault, text, now=now), self._tell, self.fail)

    def _tell(self, _result: object) -> None:
        self.paper.made = None
        self.page.clear()
        messages.toast(self.parentWidget() or self, _("Återställningsnyckeln är bytt."))
        self.finish()


class RotateForm(FormDialog):
    """A new key for the database; the passphrase proves that the vault opens afterwards."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent, _("Byt databasens nyckel"), _("Byt nyckel"))
        self._context = context
        words = _(
            "Hela databasen krypteras om. Alla lösenfraser och återställningsnyckeln gäller som förut, men den som har en gammal "
            "kopia av valvet och en borttagen lösenfras kan inte öppna det som skrivs från och med nu."
        )
        self.column.addWidget(PlainLabel(words, wrap=True))
        self.current = self.add("current", LineField(_("Din lösenfras"), is_secret=True))
        warning = _("Gör sedan en ny säkerhetskopia. Äldre kopior öppnas fortfarande med det som gällde då.")
        self.column.addWidget(PlainLabel(warning, "muted", wrap=True))

    def problems(self) -> dict[str, str]:
        """Return what is wrong, a sentence per field."""
        return {} if self.current.value() else {"current": _("Skriv den lösenfras som gäller nu.")}

    def save(self) -> None:
        """Change it in a thread."""
        vault, now, typed = self._context.vault, self._context.now(), self.current.value()
        self._context.jobs.run(
            lambda _job: keys.rotate(vault, passphrase=typed, now=now), self._tell, self.fail, _("Krypterar om …")
        )

    def _tell(self, _result: object) -> None:
        messages.toast(self.parentWidget() or self, _("Databasens nyckel är bytt."))
        self.finish()
