"""Open a vault's key file: whose secret it is, how long to wait after wrong tries, and a change of keys left half done."""

import datetime as dt
from contextlib import suppress
from pathlib import Path
from typing import Any

from app.domain.errors import ExitCode, UserError
from app.security import head, os_keyring, recovery_key, refusals, slots, tries, vault_file, vault_rotation, vault_users
from app.security.vault_file import VaultKeys
from db import rekey
from db.store import FILE


def unlock(
    folder: Path,
    *,
    passphrase: str | None = None,
    recovery: str | None = None,
    user: str = "",
    now: dt.datetime,
) -> VaultKeys:
    """Return a vault's keys; a wrong secret is counted, and makes the next try wait.

    Args:
        folder: The vault.
        passphrase: That of `user` when the vault has a user of that name, else its own; or
        recovery: the recovery key.  With neither of them the operating system's key store is asked.
        user: Who is at work.
        now: The time.

    Raises:
        UserError: Too soon after a wrong try, or as `vault_file.unlock` and `os_keyring.unlock`.
    """
    header = vault_file.read_header(folder)
    if passphrase is None and recovery is None:
        return os_keyring.unlock(folder)
    if recovery is not None:
        recovery_key.parse(recovery)  # a mistyped key is no try
    if left := tries.left_s(folder, now):
        raise refusals.too_soon(left)
    named = next((name for name in vault_users.names(header) if vault_file.same_name(name, user)), "")
    kind = slots.RECOVERY if recovery is not None else slots.USER if named else slots.PASSPHRASE
    try:
        return vault_file.unlock(folder, passphrase=passphrase, recovery_key=recovery, user=named)
    except UserError as error:
        if error.code is ExitCode.WRONG_SECRET:
            with suppress(UserError):  # a disk that takes nothing does not open the vault either
                tries.add(folder, kind, now)
        raise


def wait_s(folder: Path, now: dt.datetime) -> int:
    """Return how many seconds the next try has to wait; 0 for a folder that is no vault."""
    try:
        return tries.left_s(folder, now)
    except UserError:
        return 0


def failed_tries(folder: Path, now: dt.datetime) -> dict[str, Any]:
    """Return what the trail is to tell of the wrong tries since the last opening; empty when there was none."""
    found = tries.read(folder, now)
    if found is None:
        return {}
    times = {"first_at": found.first_at.isoformat(), "last_at": found.last_at.isoformat()}
    return {"count": found.count, **times, "kinds": dict(found.kinds)}


def settle(folder: Path, keys: VaultKeys) -> VaultKeys:
    """Finish a change of the database's key that was interrupted; return the vault's keys.  Call it under the vault's lock.

    Raises:
        UserError: The database has neither key, or the disk refused; both keys are kept then.
    """
    if keys.next_database is None:
        return keys
    path = folder / FILE
    if not rekey.has_key(path, keys.next_database):
        head.expect_change(folder, keys, path)
        rekey.change(path, keys.database, keys.next_database)
    return vault_rotation.finish(folder, keys)
