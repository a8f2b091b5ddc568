"""Make a vault of a backup: for good, or for a moment to see that it can be done.  Never over an existing vault.

A backup holds no keys of persons and documents.  Those and the journal of erasures lie beside it, in one current copy: so what was
erased since does not come back, and what was sealed for it stays unreadable.
"""

import datetime as dt
import json
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from app.domain.audit import Action
from app.domain.errors import ExitCode, UserError, told_as
from app.i18n import _
from app.security import box_keys, files, journal, recovery_key, subject_keys, vault_file
from app.security.journal import Journal
from app.security.vault_file import VaultKeys
from app.services import audit, erasure_again, erasure_journal, filing, freshness
from db.models import Attachment, AuditEntry, Datum, Incident, Request, RetentionRun, Subject
from db.store import FILE, Store

COUNTED = (Subject, Datum, Request, Incident, Attachment, AuditEntry)
ABOUT = "backup.json"
KEYS_SUFFIX = ".ombud-keys"
_LIMIT = 1 << 16


@dataclass(frozen=True)
class About:
    """What a backup says of itself.

    Attributes:
        journal: How many lines the journal had when it was made; 0 when it does not say.
        keys_folder: The name of the folder beside it that has the keys and the journal.
    """

    journal: int
    keys_folder: str


@dataclass(frozen=True)
class Beside:
    """Where the keys of persons and documents and the journal of erasures are.

    Attributes:
        folder: Their folder.
        is_given_up: Go on without them: documents cannot be read then, and what was erased since the backup comes back.
    """

    folder: Path
    is_given_up: bool = False


@dataclass(frozen=True)
class Restored:
    """What came of a restore.

    Attributes:
        folder: The new vault.
        reapplied: How many people and files were erased again.
        has_keys: The keys of persons and documents were there.
    """

    folder: Path
    reapplied: int
    has_keys: bool


def read_about(backup: Path) -> About:
    """Return what a backup says of itself.  Nothing proves it: it is a hint of where to look, and may be missing or damaged.

    Raises:
        UserError: The disk refused.
    """
    raw = files.read_limited(backup / ABOUT, _LIMIT) if (backup / ABOUT).exists() else b"{}"
    try:
        found = json.loads(raw)
    except ValueError:
        found = {}
    found = found if isinstance(found, dict) else {}
    count, name = found.get("journal"), Path(str(found.get("keys") or "")).name
    return About(count if isinstance(count, int) else 0, name or _vault_name(backup) + KEYS_SUFFIX)


def _vault_name(backup: Path) -> str:
    return backup.name.removesuffix(".ombud-backup").rpartition("-")[0]


def restore(
    backup: Path,
    target: Path,
    *,
    passphrase: str | None = None,
    recovery_key: str | None = None,
    beside: Beside | None = None,
    now: dt.datetime,
) -> Restored:
    """Make a vault in `target` from a backup, and erase in it again what was erased since.

    Args:
        backup: The backup's folder.
        target: A folder that is empty or not there.
        passphrase: One of the backup's secrets.
        recovery_key: The other one.
        beside: Where keys and journal are; beside the backup when None.
        now: The time.

    Raises:
        UserError: Wrong secret, a damaged backup, keys or journal missing or older than the backup, or a target that is not
            empty; nothing was overwritten.
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
        made = into(backup, unfinished, keys, beside=beside, now=now)
        if target.exists():
            target.rmdir()
        unfinished.rename(target)
        files.sync_folder(target.parent)
    except OSError as error:
        raise _not_restored(files.disk_error(error)) from error
    except UserError as error:
        raise _not_restored(error) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return Restored(target, made.reapplied, made.has_keys)


def trial(
    backup: Path, place: Path, *, passphrase: str | None = None, recovery_key: str | None = None, now: dt.datetime
) -> dict[str, int]:
    """Restore a backup for a moment, read it and take it away again; return how many rows it has of each counted kind.

    Args:
        backup: The backup's folder.
        place: A folder with room for it; what is made there is gone afterwards.
        passphrase: One of the backup's secrets.
        recovery_key: The other one.
        now: The time.

    Raises:
        UserError: It cannot be restored: why.
    """
    keys = vault_file.unlock(backup, passphrase=passphrase, recovery_key=recovery_key)
    folder = place / f".{secrets.token_hex(8)}.trial"
    try:
        into(backup, folder, keys, now=now)
        store = Store.open(folder, keys.database, user="")
        try:
            erasure_journal.keep(store, folder, keys)
            check_documents(store)
            return counts(store)
        finally:
            store.close()
    except OSError as error:
        raise _not_restored(files.disk_error(error)) from error
    except UserError as error:
        raise _not_restored(error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def into(
    backup: Path,
    folder: Path,
    keys: VaultKeys,
    *,
    beside: Beside | None = None,
    now: dt.datetime,
    is_thorough: bool = True,
) -> Restored:
    """Make a vault of a backup in a new folder, check every page, and erase again what its journal says.

    Unless `is_thorough`, only that every page is as it was written, not that tables, indexes and references agree.

    Raises:
        UserError: As `restore`.
        OSError: The disk refused.
    """
    about = read_about(backup)
    if any(slot.is_damaged for slot in vault_file.read_header(backup).slots):
        raise damaged(vault_file.NAME)  # another secret than the one given would not open it
    folder.mkdir(parents=True)
    for name in (vault_file.NAME, FILE):
        shutil.copyfile(backup / name, folder / name)
    has_keys = _bring_keys(about, beside or Beside(backup.parent / about.keys_folder), folder, keys)
    store = Store.open(folder, keys.database, user="dataskyddsombud")
    try:
        if fault := store.check(is_thorough=is_thorough):
            raise damaged(fault)
        if not has_keys:
            _forget_the_journal(store, now)
        keeper = erasure_journal.keep(store, folder, keys, is_new=not has_keys)
        count = erasure_again.reapply(store, keeper.journal.entries(), now=now)
        keeper.settle(now)
        with store.write(now) as session:
            audit.record(session, Action.RESTORED, reapplied=count, has_keys=has_keys)
        freshness.begin(store, folder, keys)
    finally:
        store.close()
    return Restored(folder, count, has_keys)


def _bring_keys(about: About, beside: Beside, folder: Path, keys: VaultKeys) -> bool:
    """Copy keys and journal into the new vault; return whether there were any to copy."""
    is_there = all((beside.folder / name).exists() for name in (subject_keys.NAME, journal.NAME))
    key = box_keys.known(folder, keys, subject_keys.BOX_NAME)  # None: the vault never had such keys
    if beside.is_given_up or (key is None and not is_there):
        return False
    if not is_there:
        raise UserError(
            _("Nycklarna till handlingarna saknas: mappen {name} ligger inte bredvid kopian.").format(
                name=about.keys_folder
            ),
            stands=_("Säkerhetskopian är orörd, och inget har skrivits över."),
            do=_("Hämta mappen från där kopian gjordes, och lägg den bredvid kopian."),
            code=ExitCode.DAMAGED,
        )
    for name in (subject_keys.NAME, journal.NAME):
        shutil.copyfile(beside.folder / name, folder / name)
    if key is not None and Journal(folder, keys.vault_id, key).count < about.journal:
        raise UserError(
            _("Journalen över raderingar är äldre än kopian."),
            stands=_("Säkerhetskopian är orörd, och inget har skrivits över."),
            do=_("Hämta den nyaste mappen {name}: annars kan raderade personer komma tillbaka.").format(
                name=about.keys_folder
            ),
            code=ExitCode.TAMPERED,
        )
    return True


def _forget_the_journal(store: Store, now: dt.datetime) -> None:
    """Let the decisions of the database name no line of a journal that is not there."""
    with store.write(now) as session:
        session.execute(sa.update(RetentionRun).values(journal_no=None))


def check_documents(store: Store) -> None:
    """See to it that every document in the database has its key, and that the trail is whole.

    Raises:
        UserError: It is not so.
    """
    with store.read() as session:
        if audit.verify(session).first_bad is not None:
            raise damaged("audit")
        if filing.unreadable(session):
            raise damaged("keys")


def counts(store: Store) -> dict[str, int]:
    """Return how many rows the vault holds of each counted kind."""
    with store.read() as session:
        return {
            model.__tablename__: session.scalar(sa.select(sa.func.count()).select_from(model)) or 0 for model in COUNTED
        }


def carry_keys(folder: Path, target: Path, name: str) -> None:
    """Write the vault's current keys and journal beside its backups, in the place of the last ones.

    Raises:
        UserError: The disk refused.
    """
    beside = target / (name + KEYS_SUFFIX)
    files.make_folder(beside)
    for part in (subject_keys.NAME, journal.NAME):
        files.write_atomic(beside / part, files.read_limited(folder / part, subject_keys.LIMIT))


def secret(text: str) -> tuple[str | None, str | None]:
    """Return a typed secret as passphrase or as recovery key: as that when all its check characters are right."""
    try:
        recovery_key.parse(text)
    except UserError:
        return text, None
    return None, text


def is_of(copy: Path, vault_id: str) -> bool:
    """Return whether a folder is a copy of this vault.  One without its key file is not: that is the first to be written."""
    try:
        return vault_file.read_header(copy).vault_id == vault_id
    except UserError:
        return False


def sweep(folder: Path, pattern: str, vault_id: str) -> int:
    """Take away what backups or trials of a vault left when they were killed; return how many there were.

    Args:
        folder: Where to look.
        pattern: What their folders are called.
        vault_id: The vault's id; what is another's stays.

    Raises:
        UserError: The disk refused.
    """
    count = 0
    for left in folder.glob(pattern) if folder.is_dir() else ():
        if not is_of(left, vault_id):
            continue
        try:
            shutil.rmtree(left)
        except OSError as error:
            raise files.disk_error(error) from error
        count += 1
    return count


def damaged(fault: str) -> UserError:
    """Return the error for a backup in which something is wrong."""
    return UserError(
        _("Säkerhetskopian är skadad ({fault}).").format(fault=fault),
        stands=_("Valvet är orört."),
        do=_("Gör en ny säkerhetskopia på en annan disk, eller välj en äldre kopia att återställa."),
        code=ExitCode.DAMAGED,
    )


def _not_restored(error: UserError) -> UserError:
    what = _("Valvet blev inte återställt. {why}")
    return told_as(error, what, stands=_("Säkerhetskopian är orörd, och inget har skrivits över."))
