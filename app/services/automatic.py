"""Backups that nobody has to think of: made while the vault is open and when the program ends, and thinned out by age.

They go where the office has said, else into the vault's own folder: better than none, and gone with the disk.
"""

import datetime as dt
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.errors import UserError
from app.domain.thinning import Keeping, staying
from app.reference.periods import periods
from app.security import files
from app.services import audit, backup, organisation, restoring
from app.services.guard import guarded, may
from app.services.vaults import Vault
from db.models import AuditEntry

EVERY = dt.timedelta(minutes=30)
SUFFIX = ".ombud-backup"
_STAMP = "%Y%m%dT%H%M%SZ"
_NO_CHANGE = (Action.BACKUP_MADE, Action.BACKUPS_THINNED, Action.VAULT_OPENED, Action.VAULT_LOCKED)
Step = Callable[[int, int], None]


@dataclass(frozen=True)
class Copy:
    """A backup that is there.

    Attributes:
        path: Its folder.
        made_at: When it was made, UTC.
    """

    path: Path
    made_at: dt.datetime


def is_due(vault: Vault, now: dt.datetime) -> bool:
    """Return whether a backup is wanted: something has changed, and the last one is half an hour old.  Never for invented people."""
    if not may(vault, "backup.make") or vault.store.is_hiding:
        return False
    with vault.store.read() as session:
        if organisation.is_example(session):
            return False
        last = _last(session)
        since = sa.select(AuditEntry.seq).where(AuditEntry.action.not_in(_NO_CHANGE), AuditEntry.seq > last[0])
        return now - last[1] >= EVERY and session.scalar(since.limit(1)) is not None


def _last(session: Session) -> tuple[int, dt.datetime]:
    query = sa.select(AuditEntry.seq, AuditEntry.at).where(AuditEntry.action == Action.BACKUP_MADE)
    row = session.execute(query.order_by(AuditEntry.seq.desc()).limit(1)).first()
    return (row.seq, row.at) if row is not None else (0, dt.datetime.min.replace(tzinfo=dt.UTC))


def target(vault: Vault) -> Path:
    """Return where backups go now: the chosen folder when it can be reached, else the vault's own."""
    with vault.store.read() as session:
        chosen = _chosen(session)
    return Path(chosen) if chosen and Path(chosen).is_dir() else vault.folder / backup.INSIDE


def _chosen(session: Session) -> str:
    return str(organisation.fact(session, organisation.PROTECTION).get("backup_folder") or "")


def places(vault: Vault) -> list[Path]:
    """Return every folder that backups were put in, whether it can be reached or not."""
    with vault.store.read() as session:
        chosen = _chosen(session)
        known = organisation.fact(session, organisation.BACKUPS).get("places") or []
    inside = vault.folder / backup.INSIDE
    outside = dict.fromkeys(Path(one).absolute() for one in (chosen, *known) if one)
    return [*outside, *([inside] if inside.is_dir() else [])]


def renew_keys(vault: Vault) -> bool | None:
    """Write keys and journal as they are now beside all backups, and take away unfinished ones.

    Returns:
        Whether it was done everywhere; None where there are no backups.
    """
    there = places(vault)
    renewed = 0
    with backup.AT_WORK:
        for place in there:
            if not place.is_dir():
                continue
            with suppress(UserError):  # the others are renewed all the same
                backup.sweep(vault, place)
                named = {restoring.read_about(one.path).keys_folder for one in copies(vault, place)}
                for name in {vault.name, *(one.removesuffix(restoring.KEYS_SUFFIX) for one in named)}:
                    restoring.carry_keys(vault.folder, place, name)  # the vault may have had another name
                renewed += 1
    return renewed == len(there) if there else None


@guarded
def run(vault: Vault, *, now: dt.datetime, step: Step | None = None) -> backup.Backup | None:
    """Make a backup if one is wanted, and thin out the older ones; return it.

    Raises:
        UserError: It could not be made; what was there is still there.
        Cancelled: `step` said so.
    """
    if not is_due(vault, now):
        return None
    place = target(vault)
    files.make_folder(place)
    made = backup.make(vault, place, now=now, step=step)
    renew_keys(vault)  # a place that was away at an erasure may be there again
    gone = sum(thin(vault, one, now) for one in places(vault))
    if gone:
        with vault.store.write(now) as session:
            audit.record(session, Action.BACKUPS_THINNED, count=gone)
    return made


def copies(vault: Vault, place: Path) -> list[Copy]:
    """Return the vault's own backups in a folder, the newest first."""
    found = []
    for path in place.glob(f"*{SUFFIX}") if place.is_dir() else ():
        try:
            at = dt.datetime.strptime(path.name.removesuffix(SUFFIX)[-16:], _STAMP).replace(tzinfo=dt.UTC)
        except ValueError:
            continue
        if restoring.is_of(path, vault.keys.vault_id):
            found.append(Copy(path, at))
    return sorted(found, key=lambda one: one.made_at, reverse=True)


def thin(vault: Vault, place: Path, now: dt.datetime) -> int:
    """Remove the backups in a folder that need not stay; return how many.

    Raises:
        UserError: The disk refused.

    Source: Art. 5.1 e GDPR (kept no longer than needed); the lengths are the office's own decision, in `periods.json`.
    """
    limits = periods(now.date())
    keeping = Keeping(
        limits.backup_all_days, limits.backup_daily, limits.backup_weekly, limits.backup_monthly, limits.backup_days
    )
    there = copies(vault, place)
    kept = staying((one.made_at for one in there), now, keeping)
    gone = [one for one in there if one.made_at not in kept]
    try:
        for one in gone:
            shutil.rmtree(one.path)
    except OSError as error:
        raise files.disk_error(error) from error
    return len(gone)
