"""What the unlock window does outside the main thread.  The database's modules are loaded here, not when the window is shown."""

import datetime as dt
import importlib
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import ExitCode, UserError
from app.security import os_keyring, tries, vault_file, vault_users
from app.ui import demo_vault
from app.ui.unlock_facts import Facts

if TYPE_CHECKING:
    from app.services.vaults import Vault

_SLOW_MODULES = ("app.services.vaults", "app.ui.window")
ROLE = "dataskyddsombud"


def warm_up() -> None:
    """Load what an open vault needs, while the passphrase is being typed."""
    for name in _SLOW_MODULES:
        importlib.import_module(name)
    from app.ui import tabs

    tabs.load()


def facts(folder: Path, now: dt.datetime) -> Facts:
    """Return what the unlock window shows about a vault; nothing about one that cannot be read."""
    hint = demo_vault.hint() if demo_vault.is_example(folder) else ""
    try:
        header = vault_file.read_header(folder)
    except UserError:
        return Facts(folder, hint)
    names = tuple(vault_users.names(header))
    return Facts(folder, hint, names, vault_users.has_owner(header), os_keyring.is_on(header), wait_s(folder, now))


def wait_s(folder: Path | None, now: dt.datetime) -> int:
    """Return how many seconds the next try has to wait."""
    try:
        return 0 if folder is None else tries.left_s(folder, now)
    except UserError:
        return 0


def with_passphrase(
    folder: Path, passphrase: str, *, user: str = "", now: dt.datetime, accept_older: bool = False
) -> "Vault":
    """Open a vault with its own passphrase, or that of a user.

    Raises:
        UserError: As `app.services.vaults.open_vault`.
    """
    from app.services import key_file

    keys = key_file.unlock(folder, passphrase=passphrase, user=user, now=now)
    return _opened(folder, keys, now, accept_older=accept_older)


def with_keyring(folder: Path, *, now: dt.datetime, accept_older: bool = False) -> "Vault":
    """Open a vault with what the computer's key store holds.

    Raises:
        UserError: As `app.services.vaults.open_vault`.
    """
    from app.services import key_file

    return _opened(folder, key_file.unlock(folder, now=now), now, accept_older=accept_older)


def try_recovery_key(folder: Path, text: str, *, now: dt.datetime) -> vault_file.VaultKeys:
    """Return the keys of a vault by its recovery key.

    Raises:
        UserError: As `app.services.key_file.unlock`.
    """
    from app.services import key_file

    return key_file.unlock(folder, recovery=text, now=now)


def with_new_passphrase(
    folder: Path, keys: vault_file.VaultKeys, passphrase: str, *, now: dt.datetime, accept_older: bool = False
) -> "Vault":
    """Open a vault whose recovery key was right, and give it a new passphrase.

    Raises:
        UserError: As `app.services.vaults.open_with_keys` and `app.services.keys.change_passphrase`.
    """
    from app.services import keys as secrets

    vault = _opened(folder, keys, now, accept_older=accept_older)
    try:
        secrets.change_passphrase(vault, passphrase, now=now)
    except BaseException:
        vault.abandon()
        raise
    return vault


def _opened(folder: Path, keys: vault_file.VaultKeys, now: dt.datetime, *, accept_older: bool) -> "Vault":
    from app.services import organisation, vaults

    vault = vaults.open_with_keys(folder, keys, user=ROLE, now=now, accept_older=accept_older)
    if vault.store.user != ROLE:  # a user of its own
        return vault
    with vault.store.read() as session:
        vault.store.user = organisation.fact(session, organisation.OFFICER).get("name") or ROLE
    return vault


def is_wrong_secret(error: Exception) -> bool:
    """Return whether somebody tried a secret that is not the vault's."""
    return isinstance(error, UserError) and error.code is ExitCode.WRONG_SECRET


def is_older(error: Exception) -> bool:
    """Return whether a vault was not opened because its database is not the newest one; the user may go on."""
    from app.services.freshness import StaleVaultError

    return isinstance(error, StaleVaultError)
