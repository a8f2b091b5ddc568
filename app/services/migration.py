"""An older database is brought up to date on a copy: checked, and put in the place of the old one as a whole.

After a crash at any point the vault has the old one or the new one.  The old one is kept aside for a while; an erasure takes it away.
"""

import datetime as dt
import os
import shutil
from pathlib import Path

from app.domain.errors import UserError, told_as
from app.i18n import _
from app.security import files, head
from app.security.vault_file import VaultKeys
from app.services import freshness, restoring
from db import upgrade
from db.store import FILE, Store

WORK = "tmp"
KEPT_FOR = dt.timedelta(days=14)
PREFIX = "format-"


def bring_up_to_date(folder: Path, keys: VaultKeys, *, now: dt.datetime) -> str | None:
    """Bring an older database up to date; return the format it had, None when nothing was to be done.

    A database that is not the newest one there was is left to whoever opens it.

    Raises:
        UserError: It is of a newer format, whatever else there is to say of it: only a newer program can.  Or the copy could not
            be made or is not what it should be.  The vault is untouched.
    """
    _forget_old(folder, now)
    found = upgrade.format_of(folder / FILE, keys.database)
    if found is None or found == upgrade.newest():
        return None
    if not upgrade.is_known(found):
        raise upgrade.newer()
    work = folder / WORK
    try:
        shutil.rmtree(work, ignore_errors=True)
        if not _made(folder, work, keys):
            return None
        kept = folder / freshness.ASIDE / f"{PREFIX}{found}"
        _swap(folder, work, kept, keys)
        os.utime(kept / FILE, (now.timestamp(), now.timestamp()))
    except OSError as error:
        raise _untouched(files.disk_error(error)) from error
    except UserError as error:
        raise _untouched(error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return found


def _made(folder: Path, work: Path, keys: VaultKeys) -> bool:
    """Make a copy in the newest format, and compare; False when somebody must first say whether the database is to be trusted."""
    old = Store(folder / FILE, keys.database, user="")
    try:
        if not freshness.inspect(old, folder, keys).is_good:
            return False
        before = restoring.counts(old)
        work.mkdir()
        old.copy_to(work / FILE, keys.database)
    finally:
        old.close()
    new = Store.open(work, keys.database, user="")
    try:
        if fault := new.check():
            raise restoring.damaged(fault)
        restoring.check_documents(new)
        if restoring.counts(new) != before:
            raise restoring.damaged("counts")
    finally:
        new.close()
    return True


def _swap(folder: Path, work: Path, kept: Path, keys: VaultKeys) -> None:
    """Put the copy in the place of the database, which is kept aside; each file is whole on disk before it is named."""
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(parents=True)
    shutil.copyfile(folder / FILE, kept / FILE)
    for path in (kept / FILE, work / FILE):
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    files.sync_folder(kept)
    head.expect_change(folder, keys, folder / FILE)
    (work / FILE).replace(folder / FILE)
    files.sync_folder(folder)


def _forget_old(folder: Path, now: dt.datetime) -> None:
    for kept in (folder / freshness.ASIDE).glob(PREFIX + "*"):
        database = kept / FILE  # a crash may have left the folder without it
        if not database.exists() or now.timestamp() - database.stat().st_mtime > KEPT_FOR.total_seconds():
            shutil.rmtree(kept, ignore_errors=True)


def _untouched(error: UserError) -> UserError:
    what = _("Valvet kunde inte föras över till det nya formatet. {why}")
    return told_as(error, what, stands=_("Valvet är orört."))
