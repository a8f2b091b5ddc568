"""Open and close a vault.  Making one is `app.services.founding`."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.audit import Action
from app.domain.errors import ExitCode, UserError, told_as
from app.domain.roles import Role
from app.i18n import _
from app.security import audit_seed, ballast, files, lock_file, tries, vault_file, vault_users
from app.services import audit, checkpoints, erasure_journal, filing, freshness, key_file, migration, restoring
from db import upgrade
from db.store import Store

ROOM = 64 * 1024
"""What opening a vault takes of the disk: the database's two helper files and the lock."""

SEALED_AT_A_TIME = 20


@dataclass
class Vault:
    """An open vault: its store, its keys, its lock, and what follows its changes.  Close it to let go of all of them."""

    folder: Path
    store: Store
    keys: vault_file.VaultKeys
    lock: lock_file.VaultLock
    witness: freshness.Freshness
    signer: audit_seed.Signer
    migrated_from: str | None = None
    keeper: erasure_journal.StepKeeper = field(init=False)

    @property
    def format(self) -> str:
        """Return the format of the vault's database."""
        return upgrade.newest()

    @property
    def name(self) -> str:
        """Return the vault's name: the folder's, without its suffix."""
        return self.folder.name.removesuffix(".ombud")

    def close(self, now: dt.datetime) -> None:
        """Record the closing, write everything into the file and release the lock.

        Raises:
            UserError: The closing could not be recorded; the vault is closed all the same.
        """
        ballast.make_room(self.folder)
        try:
            with self.store.write(now) as session:
                audit.record(session, Action.VAULT_LOCKED)
                checkpoints.make(session)
        except UserError as error:
            what = _("Valvet är stängt, men det kunde inte skrivas i loggen. {why}")
            raise told_as(error, what, stands=_("Allt som var sparat finns kvar.")) from error
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Let go of the vault without writing anything more."""
        self.store.close()
        self.witness.seal()
        ballast.take_on(self.folder)
        self.lock.release()


def open_vault(
    folder: Path,
    *,
    passphrase: str | None = None,
    recovery_key: str | None = None,
    user: str = "dataskyddsombud",
    now: dt.datetime,
    accept_older: bool = False,
) -> Vault:
    """Open the vault in `folder` with one of its secrets; with none, by the operating system's key store.

    Args:
        folder: The vault's folder.
        passphrase: One of the secrets.
        recovery_key: The other one.
        user: Who is at work.
        now: The time.
        accept_older: Open it also when its database is not the newest one; the trail tells that somebody chose so.

    Raises:
        StaleVaultError: The database is not the newest one, or nobody can say.
        UserError: Wrong secret, or too soon after one, damaged vault, newer version, in use, or a folder that cannot be written.
    """
    keys = key_file.unlock(folder, passphrase=passphrase, recovery=recovery_key, user=user, now=now)
    return open_with_keys(folder, keys, user=user, now=now, accept_older=accept_older)


def open_with_keys(
    folder: Path, keys: vault_file.VaultKeys, *, user: str, now: dt.datetime, accept_older: bool = False
) -> Vault:
    """Open the vault in `folder` whose secret was already checked.

    Whoever has a slot of their own works under that name and in that role, whatever `user` says.

    Raises:
        UserError: As `open_vault`, but for the secret.
    """
    ballast.make_room(folder, least=ROOM)
    try:
        files.check_writable(folder, room=ROOM)
        lock = lock_file.VaultLock(folder, now=now)
        lock.acquire()
        try:
            keys = key_file.settle(folder, keys)
            was = migration.bring_up_to_date(folder, keys, now=now)
            signer = audit_seed.signer(folder, keys)
            store, witness, verdict = _opened_store(folder, keys, user=user, accept_older=accept_older)
            vault = Vault(folder, store, keys, lock, witness, signer, was)
        except BaseException:
            lock.release()
            raise
        _begin_work(vault, verdict, now=now)
    except UserError as error:
        if error.code is not ExitCode.DISK:
            raise
        what = _("Valvet kan inte öppnas, för det går inte att skriva i dess mapp. {why}")
        raise told_as(error, what, stands=_("Valvet är orört.")) from error
    return vault


def _opened_store(
    folder: Path, keys: vault_file.VaultKeys, *, user: str, accept_older: bool
) -> tuple[Store, freshness.Freshness, freshness.Verdict]:
    found: list[tuple[freshness.Freshness, freshness.Verdict]] = []

    def first(store: Store) -> None:
        found.append(freshness.open_checked(store, folder, keys, accept=accept_older))

    holder = keys.holder
    name = holder.name if holder is not None and holder.name != vault_users.OWNER else ""
    role = Role.OFFICER if holder is None else holder.role
    try:
        store = Store.open(folder, keys.database, user=name or user, role=role, first=first)
    except BaseException:
        for witness, _verdict in found:
            witness.close()
        raise
    witness, verdict = found[0]
    store.witness = witness
    return store, witness, verdict


def _seal_old(store: Store, now: dt.datetime) -> None:
    """Seal the documents that an older version stored as they came, a few at a time."""
    with store.read() as session:
        is_left = filing.has_old(session)
    while is_left:
        with store.write(now) as session:
            is_left = not filing.seal_old(session, most=SEALED_AT_A_TIME)


def _begin_work(vault: Vault, verdict: freshness.Verdict, *, now: dt.datetime) -> None:
    """Take out what an interrupted import left, and write the opening down."""
    store = vault.store
    store.given[checkpoints.SIGNER] = vault.signer
    try:
        keeper = vault.keeper = erasure_journal.keep(store, vault.folder, vault.keys)
        restoring.sweep(vault.folder, ".*.trial", vault.keys.vault_id)
        _seal_old(store, now)
        keeper.settle(now)
        if store.is_hiding:  # the program ended in the middle of an import
            from app.services import import_settling

            import_settling.recover(store, now=now)
        failed = key_file.failed_tries(vault.folder, now)
        with store.write(now) as session:
            if failed:
                audit.record(session, Action.TRIES_FAILED, **failed)
            if vault.migrated_from:
                audit.record(session, Action.MIGRATED, before=vault.migrated_from, now=vault.format)
            if not verdict.is_good:
                freshness.record(session, verdict)
            audit.record(session, Action.VAULT_OPENED)
            checkpoints.make_daily(session)
        if failed:  # after the commit: a crash in between tells of them twice and never not at all
            tries.clear(vault.folder)
    except BaseException:
        vault.abandon()
        raise
