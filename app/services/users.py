"""The users of a vault: who may open it, and what each may do in it."""

import datetime as dt

from app.domain.audit import Action
from app.domain.errors import UserError, told_as
from app.domain.roles import Role
from app.i18n import _
from app.security import vault_file, vault_users
from app.security.kdf import DEFAULT, KdfCost
from app.security.vault_users import User
from app.services import keys
from app.services.guard import guarded
from app.services.vaults import Vault


def listed(vault: Vault) -> list[User]:
    """Return the vault's users in the order they were added."""
    return vault_users.users(vault_file.read_header(vault.folder), vault.keys)


def strangers(vault: Vault) -> int:
    """Return how many of the key file's slots are damaged, or were written by nobody who had the vault open."""
    return vault_users.strangers(vault_file.read_header(vault.folder), vault.keys)


@guarded
def add(vault: Vault, name: str, role: Role, passphrase: str, *, now: dt.datetime, cost: KdfCost = DEFAULT) -> None:
    """Let somebody open the vault with an own passphrase, in a role.

    Raises:
        UserError: The name is taken or cannot be used, the passphrase is weak, or the disk refused; nothing changed.
    """
    keys.refuse_weak(passphrase, _("Användaren är inte tillagd."))
    record = keys.recorder(vault, Action.USER_ADDED, now, name=name, role=role.value)
    try:
        vault_users.add(vault.folder, vault.keys, (name, role, passphrase), now=now, cost=cost, record=record)
    except UserError as error:
        raise told_as(error, _("Användaren är inte tillagd. {why}"), stands=error.stands) from error


@guarded
def remove(vault: Vault, name: str, *, now: dt.datetime) -> None:
    """Take a user's way in away.  An old copy of the vault still opens with it: `keys.rotate` shuts that out of the new.

    Raises:
        UserError: There is no such user, it is the last officer, or the disk refused; nothing changed.
    """
    record = keys.recorder(vault, Action.USER_REMOVED, now, name=name)
    try:
        vault_users.remove(vault.folder, vault.keys, name, record=record)
    except UserError as error:
        raise told_as(error, _("Användaren är inte borttagen. {why}"), stands=error.stands) from error


@guarded
def change_role(vault: Vault, name: str, role: Role, *, now: dt.datetime) -> None:
    """Give a user another role; it holds from the user's next opening of the vault.

    Raises:
        UserError: There is no such user, it is the last officer, or the disk refused; nothing changed.
    """
    record = keys.recorder(vault, Action.ROLE_CHANGED, now, name=name, role=role.value)
    try:
        vault_users.change_role(vault.folder, vault.keys, name, role, record=record)
    except UserError as error:
        raise told_as(error, _("Rollen är inte ändrad. {why}"), stands=error.stands) from error
