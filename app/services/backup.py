"""Backups that are tried before they are called verified: each is restored for a moment, and what came of it is read."""

import datetime as dt
import json
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.errors import UserError, told_as
from app.i18n import _
from app.security import files, vault_file, vault_header, vault_rotation
from app.services import audit, checkpoints, erasure_journal, organisation, restoring
from app.services.guard import guarded
from app.services.vaults import Vault
from db.models import Setting
from db.queries import trail
from db.store import FILE, Store

INSIDE = "backups"
_UNFINISHED = ".unfinished"
AT_WORK = threading.Lock()
"""Whoever has it may take away what is unfinished: nobody else is making it."""
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


@guarded
def make(vault: Vault, target: Path, *, now: dt.datetime, step: Step | None = None, is_thorough: bool = True) -> Backup:
    """Write a backup of the open vault into a new folder under `target`, then prove that it opens.

    Args:
        vault: The open vault.
        target: The folder of backups.
        now: The time.
        step: Told how far the copying has come.
        is_thorough: Prove also that the database agrees with itself, as it need not be proven every half hour.

    Raises:
        UserError: The target cannot be written, or the copy does not hold what the vault holds; the vault is untouched.  Or
            the copy is made, as it says, and the vault could not take it down.
    """
    vault.keeper.make_room()
    folder = target / f"{vault.name}-{now.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}.ombud-backup"
    try:
        with AT_WORK:
            sweep(vault, target)
            counts = _written(vault, folder, now=now, step=step, is_thorough=is_thorough)
    except UserError as error:
        what = _("Säkerhetskopian blev inte gjord. {why}")
        remedy = _("Frigör plats där kopian ska ligga, skaffa rätt att skriva där, eller välj en annan plats.")
        raise told_as(error, what, stands=_("Valvet är orört."), do=remedy) from error
    try:
        with vault.store.write(now) as session:
            is_inside = target.absolute() == (vault.folder / INSIDE).absolute()
            where = {trail.INSIDE_NAME: True} if is_inside else {}
            audit.record(session, Action.BACKUP_MADE, is_verified=True, **counts, **where)
            if not is_inside:
                _remember(session, target)
    except UserError as error:
        what = _("Säkerhetskopian är gjord och prövad, men det kunde inte skrivas i valvets logg. {why}")
        raise told_as(error, what, stands=_("Kopian och valvet finns kvar.")) from error
    return Backup(folder, True, counts)


def sweep(vault: Vault, place: Path) -> None:
    """Take away what backups that were killed left in a folder.  Call it with `AT_WORK`.

    Raises:
        UserError: The disk refused.
    """
    restoring.sweep(place, f"*-????????T??????Z{_UNFINISHED}", vault.keys.vault_id)  # a restore's name has no time


def _remember(session: Session, place: Path) -> None:
    """Take down that there are backups in a folder."""
    known = organisation.fact(session, organisation.BACKUPS).get("places") or []
    if str(place.absolute()) not in known:
        session.merge(Setting(key=organisation.BACKUPS, value={"places": [*known, str(place.absolute())]}))


def _written(vault: Vault, folder: Path, *, now: dt.datetime, step: Step | None, is_thorough: bool) -> dict[str, int]:
    """Write and prove a copy beside its place, and put it there whole; return its counts."""
    files.check_writable(folder.parent)
    unfinished = folder.with_suffix(_UNFINISHED)
    try:
        unfinished.mkdir()
        header, keys = vault_rotation.for_copy(vault_file.read_header(vault.folder), vault.keys)
        files.write_atomic(unfinished / vault_file.NAME, vault_header.dump(header))
        checkpoints.copy_file(vault.folder, unfinished)  # whoever has the backup can hold the trail against them
        lines = vault.keeper.journal.count
        vault.store.copy_to(unfinished / FILE, keys.database, step=step)
        about = {"format": 2, "made_at": now.isoformat(), "journal": lines, "keys": vault.name + restoring.KEYS_SUFFIX}
        files.write_atomic(unfinished / restoring.ABOUT, json.dumps(about).encode())
        restoring.carry_keys(vault.folder, folder.parent, vault.name)
        counts = _proven(unfinished, keys, now, is_thorough=is_thorough)
        files.write_atomic(unfinished / restoring.ABOUT, json.dumps({**about, "counts": counts}).encode())
        unfinished.rename(folder)
        files.sync_folder(folder.parent)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise files.disk_error(error) from error
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return counts


def _proven(backup: Path, keys: vault_file.VaultKeys, now: dt.datetime, *, is_thorough: bool) -> dict[str, int]:
    """Restore the backup beside itself, check every page, the trail and the documents' keys, and count."""
    trial = backup / "trial"
    try:
        restoring.into(backup, trial, keys, now=now, is_thorough=is_thorough)
        store = Store.open(trial, keys.database, user="")
        try:
            erasure_journal.keep(store, trial, keys)
            restoring.check_documents(store)
            return restoring.counts(store)
        finally:
            store.close()
    finally:
        shutil.rmtree(trial, ignore_errors=True)
