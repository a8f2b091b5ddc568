"""What the unlock window does outside the main thread.  The database's modules are loaded here, not when the window is shown."""

import datetime as dt
import importlib
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import ExitCode, UserError
from app.security import vault_file
from app.ui import demo_vault

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


def hint(folder: Path) -> str:
    """Return what the unlock window says about a vault: the passphrase, if it is an example; nothing otherwise."""
    return demo_vault.hint() if demo_vault.is_example(folder) else ""


def with_passphrase(folder: Path, passphrase: str, *, now: dt.datetime, accept_older: bool = False) -> "Vault":
    """Open a vault.

    Raises:
        UserError: As `app.services.vaults.open_vault`.
    """
    return _opened(folder, vault_file.unlock(folder, passphrase=passphrase), now, accept_older=accept_older)


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
