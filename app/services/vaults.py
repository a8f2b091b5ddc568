"""Open and close a vault.  Making one is `app.services.founding`."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from app.domain.audit import Action
from app.security import files, lock_file, vault_file
from app.services import audit
from db.store import Store


@dataclass
class Vault:
    """An open vault: its store, its keys and its lock.  Close it to let go of all three."""

    folder: Path
    store: Store
    keys: vault_file.VaultKeys
    lock: lock_file.VaultLock

    @property
    def name(self) -> str:
        """Return the vault's name: the folder's, without its suffix."""
        return self.folder.name.removesuffix(".ombud")

    def close(self, now: dt.datetime) -> None:
        """Record the closing, write everything into the file and release the lock."""
        try:
            with self.store.write(now) as session:
                audit.record(session, Action.VAULT_LOCKED)
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Let go of the vault without writing anything more."""
        self.store.close()
        self.lock.release()


def open_vault(
    folder: Path,
    *,
    passphrase: str | None = None,
    recovery_key: str | None = None,
    user: str = "dataskyddsombud",
    now: dt.datetime,
) -> Vault:
    """Open the vault in `folder` with one of its secrets.

    Raises:
        UserError: Wrong secret, damaged vault, newer version, in use, or a folder that cannot be written.
    """
    keys = vault_file.unlock(folder, passphrase=passphrase, recovery_key=recovery_key)
    return open_with_keys(folder, keys, user=user, now=now)


def open_with_keys(folder: Path, keys: vault_file.VaultKeys, *, user: str, now: dt.datetime) -> Vault:
    """Open the vault in `folder` whose secret was already checked.

    Raises:
        UserError: As `open_vault`, but for the secret.
    """
    files.check_writable(folder)
    lock = lock_file.VaultLock(folder, now=now)
    lock.acquire()
    try:
        store = Store.open(folder, keys.database, user=user)
        with store.write(now) as session:
            audit.record(session, Action.VAULT_OPENED)
    except BaseException:
        lock.release()
        raise
    return Vault(folder, store, keys, lock)
