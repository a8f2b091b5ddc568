"""Make a vault in two steps, so that the recovery key is on paper before there is anything to lose.

The first step makes the keys in a folder beside the one to be; the second puts it in its place and fills it.  Whoever stops
in between leaves nothing behind.
"""

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.domain.audit import Action
from app.domain.errors import UserError
from app.i18n import _
from app.security import files, head, vault_file
from app.security.kdf import DEFAULT, KdfCost
from app.services import audit, checkpoints, organisation, vaults
from app.services.vaults import Vault
from db.store import FILE, Store


@dataclass(frozen=True, kw_only=True)
class NewVault:
    """What a new vault is made of."""

    passphrase: str
    profile: str = "itrace"
    name: str = ""
    user: str = "dataskyddsombud"
    cost: KdfCost = DEFAULT


@dataclass(frozen=True)
class Begun:
    """A vault that has its keys and nothing else.

    Attributes:
        folder: Where it is going to be.
        unfinished: Where it is.
        keys: Its keys.
        recovery_key: Shown once, stored nowhere.
    """

    folder: Path
    unfinished: Path
    keys: vault_file.VaultKeys
    recovery_key: str


def begin(folder: Path, passphrase: str, *, now: dt.datetime, cost: KdfCost = DEFAULT) -> Begun:
    """Make the keys of a vault to be.

    Raises:
        UserError: The folder holds something, or its place cannot be written; nothing was made.
    """
    check_free(folder)
    unfinished = folder.with_name(folder.name + ".unfinished")
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        keys, recovery_key = vault_file.create(unfinished, passphrase, now=now, cost=cost)
    except UserError:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return Begun(folder, unfinished, keys, recovery_key)


def finish(begun: Begun, facts: NewVault, changes: dict[str, dict[str, Any]], *, now: dt.datetime) -> Vault:
    """Fill the vault, put it in its place and open it.  Until the last step nothing stands there.

    Args:
        begun: From `begin`.
        facts: Profile, name and user.
        changes: Facts of the organisation by key, as for `organisation.change_fact`.
        now: The time.

    Raises:
        UserError: The place has been taken meanwhile, or the disk refused.
    """
    _fill(begun, facts, changes, now=now)
    check_free(begun.folder)
    try:
        if begun.folder.exists():
            begun.folder.rmdir()
        begun.unfinished.rename(begun.folder)
    except OSError as error:
        raise files.disk_error(error) from error
    try:
        return vaults.open_with_keys(begun.folder, begun.keys, user=facts.user, now=now)
    except BaseException:
        begun.folder.rename(begun.unfinished)  # a vault that nobody got in hand must not stand there
        raise


def _fill(begun: Begun, facts: NewVault, changes: dict[str, dict[str, Any]], *, now: dt.datetime) -> None:
    for name in (FILE + "*", head.NAME, checkpoints.FILE):  # of an earlier try
        for left in begun.unfinished.glob(name):
            left.unlink()
    store = Store.create(begun.unfinished, begun.keys.database, user=facts.user)
    try:
        with store.write(now) as session:
            audit.record(session, Action.VAULT_CREATED, format=1)
            organisation.apply_profile(session, facts.profile, name=facts.name)
            for key, values in changes.items():
                organisation.change_fact(session, key, values)
    finally:
        store.close()


def create(folder: Path, facts: NewVault, *, now: dt.datetime) -> tuple[Vault, str]:
    """Make a vault in one go and open it.

    Returns:
        The open vault and its recovery key, which is shown once and stored nowhere.

    Raises:
        UserError: The folder is not empty or cannot be written; nothing was made.
    """
    begun = begin(folder, facts.passphrase, now=now, cost=facts.cost)
    try:
        return finish(begun, facts, {}, now=now), begun.recovery_key
    finally:
        forget(begun)


def forget(begun: Begun) -> None:
    """Take back a vault that was begun and never finished."""
    shutil.rmtree(begun.unfinished, ignore_errors=True)


def check_free(folder: Path) -> None:
    """See to it that a vault can be made here.

    Raises:
        UserError: The folder holds something.
    """
    try:
        is_taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError as error:
        raise files.disk_error(error) from error
    if is_taken:
        raise UserError(
            _("Det finns redan något i mappen {name}.").format(name=folder.name),
            stands=_("Det som finns där är orört."),
            do=_("Välj ett annat namn eller en annan plats, eller öppna valvet som redan finns."),
        )
