"""What the unlock window shows about a vault once it is painted: who may open it, and the field to choose among them."""

from dataclasses import dataclass
from pathlib import Path

from app.i18n import _
from app.ui.kit.fields import ComboField


@dataclass(frozen=True)
class Facts:
    """What a vault says before it is open.

    Attributes:
        folder: The vault.
        hint: A sentence under everything; usually none.
        users: The names of its users.
        has_owner: It has a passphrase of its own.
        is_quick: The computer's key store may open it.
        wait_s: How many seconds the next try has to wait.
    """

    folder: Path
    hint: str = ""
    users: tuple[str, ...] = ()
    has_owner: bool = True
    is_quick: bool = False
    wait_s: int = 0


class UserField(ComboField):
    """Whose passphrase it is; in view only where there are several to choose among."""

    def __init__(self) -> None:
        super().__init__(_("Användare"), [])
        self.hide()

    def show_users(self, facts: Facts) -> None:
        """Offer a vault's users, and its own passphrase first."""
        owner = [("", _("Dataskyddsombud (valvets lösenfras)"))] if facts.has_owner else []
        choices = [*owner, *((name, name) for name in facts.users)]
        self.set_choices(choices)
        self.setVisible(len(choices) > 1)

    def user(self) -> str:
        """Return the name chosen; empty for the vault's own passphrase."""
        return self.value() or ""
