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
from app.domain.errors import ExitCode, UserError
from app.domain.thinning import Keeping, staying
from app.i18n import _
from app.reference.periods import periods
from app.security import files
from app.services import audit, backup, organisation, restoring
from app.services.guard import guarded, may
from app.services.vaults import Vault
from db.models import AuditEntry

EVERY = dt.timedelta(minutes=30)
TOGETHER = dt.timedelta(minutes=5)
"""Backups in two folders are made one after the other: so near they count as the same."""
FOLDERS = ("backup_folder", "second_folder")
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


@dataclass(frozen=True)
class Place:
    """A folder that backups were put in.

    Attributes:
        path: The folder.
        is_there: It can be reached.
        is_in_use: It is the chosen one, or the vault's own.
        copies: The vault's backups there, the newest first.
    """

    path: Path
    is_there: bool
    is_in_use: bool
    copies: tuple[Copy, ...]


def is_due(vault: Vault, now: dt.datetime) -> bool:
    """Return whether a backup is wanted: something has changed, or the chosen folder is behind, and the last one is half an hour old.

    Never for invented people.
    """
    if not _is_wanted(vault):
        return False
    with vault.store.read() as session:
        last, wanted = _last(session), _chosen(session)
        since = sa.select(AuditEntry.seq).where(AuditEntry.action.not_in(_NO_CHANGE), AuditEntry.seq > last[0])
        is_changed = session.scalar(since.limit(1)) is not None
    return now - last[1] >= EVERY and (is_changed or _is_behind(vault, wanted))


def _is_wanted(vault: Vault) -> bool:
    if not may(vault, "backup.make") or vault.store.is_hiding:
        return False
    with vault.store.read() as session:
        return not organisation.is_example(session)


def _is_behind(vault: Vault, wanted: list[Path]) -> bool:
    """Return whether a chosen folder can be reached and lacks what was put elsewhere while it was away."""
    there = {place: copies(vault, place) for place in (*wanted, vault.folder / backup.INSIDE) if place.is_dir()}
    newest = max((found[0].made_at for found in there.values() if found), default=None)
    if newest is None:
        return False
    return any(not there[one] or newest - there[one][0].made_at > TOGETHER for one in wanted if one in there)


def _last(session: Session) -> tuple[int, dt.datetime]:
    query = sa.select(AuditEntry.seq, AuditEntry.at).where(AuditEntry.action == Action.BACKUP_MADE)
    row = session.execute(query.order_by(AuditEntry.seq.desc()).limit(1)).first()
    return (row.seq, row.at) if row is not None else (0, dt.datetime.min.replace(tzinfo=dt.UTC))


def targets(vault: Vault) -> list[Path]:
    """Return where backups go now: the chosen folders that can be reached, else the vault's own."""
    with vault.store.read() as session:
        wanted = _chosen(session)
    return [one for one in wanted if one.is_dir()] or [vault.folder / backup.INSIDE]


def _chosen(session: Session) -> list[Path]:
    known = organisation.fact(session, organisation.PROTECTION)
    return [Path(str(known[name])).absolute() for name in FOLDERS if known.get(name)]


def places(vault: Vault) -> list[Path]:
    """Return every folder that backups were put in, whether it can be reached or not."""
    with vault.store.read() as session:
        wanted = _chosen(session)
        known = organisation.fact(session, organisation.BACKUPS).get("places") or []
    inside = vault.folder / backup.INSIDE
    outside = dict.fromkeys((*wanted, *(Path(one).absolute() for one in known if one)))
    return [*outside, *([inside] if inside.is_dir() else [])]


def standing(vault: Vault) -> list[Place]:
    """Return every folder that backups were put in, with what is there now."""
    with vault.store.read() as session:
        in_use = {vault.folder / backup.INSIDE, *_chosen(session)}
    return [Place(one, one.is_dir(), one in in_use, tuple(copies(vault, one))) for one in places(vault)]


@guarded
def forget(vault: Vault, place: Path, *, now: dt.datetime) -> None:
    """Give up a folder that is gone for good: it is not looked for any more, and no receipt counts with it.

    Raises:
        UserError: There are backups in it, or it is in use.
    """
    found = next((one for one in standing(vault) if one.path == place), None)
    if found is None or found.is_in_use or found.copies:
        raise UserError(
            _("Mappen används eller har kopior."),
            stands=_("Den är kvar i listan."),
            do=_("Välj en annan mapp för säkerhetskopior, eller ta bort kopiorna i den här, och försök igen."),
            code=ExitCode.NOT_ALLOWED,
        )
    with vault.store.write(now) as session:
        known = organisation.fact(session, organisation.BACKUPS).get("places") or []
        left = [one for one in known if Path(one).absolute() != place]
        organisation.change_fact(session, organisation.BACKUPS, {"places": left})


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
    made, refused = None, None
    if is_due(vault, now):
        made, refused = _make_all(vault, now, step)
        renew_keys(vault)  # a place that was away at an erasure may be there again
    if _is_wanted(vault):
        _thin_all(vault, now)
    if refused is not None:
        raise refused
    return made


def _make_all(vault: Vault, now: dt.datetime, step: Step | None) -> tuple[backup.Backup | None, UserError | None]:
    """Make a backup in each chosen folder, with the whole proof once a day; one that refuses stops no other, and is returned."""
    made: backup.Backup | None = None
    refused: UserError | None = None
    for place in targets(vault):
        try:
            files.make_folder(place)
            is_first = all(now.date() != one.made_at.date() for one in copies(vault, place))
            new = backup.make(vault, place, now=now, step=step, is_thorough=is_first)
            made = made or new
        except UserError as error:
            refused = error
    return made, refused


def _thin_all(vault: Vault, now: dt.datetime) -> None:
    there = standing(vault)
    newest = max((one.made_at for place in there for one in place.copies), default=None)
    gone = sum(thin(vault, place.path, now, newest=newest) for place in there)
    if gone:
        with vault.store.write(now) as session:
            audit.record(session, Action.BACKUPS_THINNED, count=gone)


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


def thin(vault: Vault, place: Path, now: dt.datetime, *, newest: dt.datetime | None = None) -> int:
    """Remove the backups in a folder that need not stay; return how many.  Of all folders only the `newest` stays however old it is.

    Raises:
        UserError: The disk refused.

    Source: Art. 5.1 e GDPR (kept no longer than needed); the lengths are the office's own decision, in `periods.json`.
    """
    limits = periods(now.date())
    keeping = Keeping(
        limits.backup_all_days, limits.backup_daily, limits.backup_weekly, limits.backup_monthly, limits.backup_days
    )
    there = copies(vault, place)
    kept = staying((one.made_at for one in there), now, keeping, newest)
    gone = [one for one in there if one.made_at not in kept]
    try:
        for one in gone:
            shutil.rmtree(one.path)
    except OSError as error:
        raise files.disk_error(error) from error
    return len(gone)
