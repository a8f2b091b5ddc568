"""Backups that are tried before they are called verified, and restores that never overwrite."""

import datetime as dt
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.errors import ExitCode, UserError, told_as
from app.i18n import _
from app.security import files, vault_file
from app.services import audit, checkpoints, freshness
from app.services.vaults import Vault
from db.models import Attachment, AuditEntry, Datum, Incident, Request, Subject
from db.store import FILE, Store

COUNTED = (Subject, Datum, Request, Incident, Attachment, AuditEntry)
Step = Callable[[int, int], None]


@dataclass(frozen=True)
class Backup:
    """A backup that was opened and compared after it was written.

    Attributes:
        path: Its folder.
        is_verified: It was opened from disk, checked and counted.
        counts: How many rows of each kind it holds.
    """

    path: Path
    is_verified: bool
    counts: dict[str, int]


def make(vault: Vault, target: Path, *, now: dt.datetime, step: Step | None = None) -> Backup:
    """Write a backup of the open vault into a new folder under `target`, then prove that it opens.

    Raises:
        UserError: The target cannot be written, or the copy does not hold what the vault holds; the vault is untouched.  Or
            the copy is made, as it says, and the vault could not take it down.
    """
    folder = target / f"{vault.name}-{now.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}.ombud-backup"
    try:
        counts = _written(vault, folder, now=now, step=step)
    except UserError as error:
        what = _("Säkerhetskopian blev inte gjord. {why}")
        remedy = _("Frigör plats där kopian ska ligga, skaffa rätt att skriva där, eller välj en annan plats.")
        raise told_as(error, what, stands=_("Valvet är orört."), do=remedy) from error
    try:
        with vault.store.write(now) as session:
            audit.record(session, Action.BACKUP_MADE, is_verified=True, **counts)
    except UserError as error:
        what = _("Säkerhetskopian är gjord och prövad, men det kunde inte skrivas i valvets logg. {why}")
        raise told_as(error, what, stands=_("Kopian och valvet finns kvar.")) from error
    return Backup(folder, True, counts)


def _written(vault: Vault, folder: Path, *, now: dt.datetime, step: Step | None) -> dict[str, int]:
    """Write and prove a copy beside its place, and put it there whole; return its counts."""
    files.check_writable(folder.parent)
    unfinished = folder.with_suffix(".unfinished")
    try:
        unfinished.mkdir()
        shutil.copyfile(vault.folder / vault_file.NAME, unfinished / vault_file.NAME)
        checkpoints.copy_file(vault.folder, unfinished)  # whoever has the backup can hold the trail against them
        vault.store.copy_to(unfinished / FILE, vault.keys.database, step=step)
        counts = _proven(unfinished, vault.keys)
        files.write_atomic(
            unfinished / "backup.json", json.dumps({"format": 1, "counts": counts, "made_at": now.isoformat()}).encode()
        )
        unfinished.rename(folder)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise files.disk_error(error) from error
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return counts


def restore(
    backup: Path, target: Path, *, passphrase: str | None = None, recovery_key: str | None = None, now: dt.datetime
) -> Path:
    """Make a vault in `target` from a backup.  Never over an existing vault.

    Returns:
        The new vault's folder.

    Raises:
        UserError: Wrong secret, a damaged backup, or a target that is not empty; nothing was overwritten.
    """
    if target.exists() and any(target.iterdir()):
        raise UserError(
            _("Mappen är inte tom."),
            stands=_("Inget har skrivits över. Säkerhetskopian är orörd."),
            do=_("Välj en ny, tom mapp att återställa till."),
        )
    keys = vault_file.unlock(backup, passphrase=passphrase, recovery_key=recovery_key)
    unfinished = target.with_name(target.name + ".unfinished")
    try:
        unfinished.mkdir(parents=True)
        shutil.copyfile(backup / vault_file.NAME, unfinished / vault_file.NAME)
        shutil.copyfile(backup / FILE, unfinished / FILE)
        _open_once(unfinished, keys, now)
        if target.exists():
            target.rmdir()
        unfinished.rename(target)
    except OSError as error:
        raise _not_restored(files.disk_error(error)) from error
    except UserError as error:
        raise _not_restored(error) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return target


def _not_restored(error: UserError) -> UserError:
    what = _("Valvet blev inte återställt. {why}")
    return told_as(error, what, stands=_("Säkerhetskopian är orörd, och inget har skrivits över."))


def _open_once(folder: Path, keys: vault_file.VaultKeys, now: dt.datetime) -> None:
    """Check every page of a copied database and write the restore into its trail."""
    store = Store.open(folder, keys.database, user="dataskyddsombud")
    try:
        if fault := store.check():
            raise _damaged(fault)
        with store.write(now) as session:
            audit.record(session, Action.RESTORED)
        freshness.begin(store, folder, keys)
    finally:
        store.close()


def _proven(folder: Path, keys: vault_file.VaultKeys) -> dict[str, int]:
    """Open a copy of the backup as a restore would, check every page and the trail, and count."""
    trial = folder / "trial"
    trial.mkdir()
    try:
        shutil.copyfile(folder / FILE, trial / FILE)
        store = Store.open(trial, keys.database, user="")
        try:
            if fault := store.check():
                raise _damaged(fault)
            with store.read() as session:
                if audit.verify(session).first_bad is not None:
                    raise _damaged("audit")
                return counts(session)
        finally:
            store.close()
    finally:
        shutil.rmtree(trial, ignore_errors=True)


def counts(session: Session) -> dict[str, int]:
    """Return how many rows the vault holds of each counted kind."""
    return {
        model.__tablename__: session.scalar(sa.select(sa.func.count()).select_from(model)) or 0 for model in COUNTED
    }


def _damaged(fault: str) -> UserError:
    return UserError(
        _("Säkerhetskopian är skadad ({fault}).").format(fault=fault),
        stands=_("Valvet är orört."),
        do=_("Gör en ny säkerhetskopia på en annan disk, eller välj en äldre kopia att återställa."),
        code=ExitCode.DAMAGED,
    )
