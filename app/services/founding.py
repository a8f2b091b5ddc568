"""Make a vault in two steps, so that the recovery key is on paper before there is anything to lose.

The first step makes the keys in a folder beside the one to be; the second puts it in its place and fills it.  Whoever stops
in between leaves nothing behind.
"""

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.domain.errors import UserError
from app.i18n import _
from app.security import files, vault_file
from app.security.kdf import DEFAULT, KdfCost
from app.services import organisation, vaults
from app.services.vaults import NewVault, Vault


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
    """Put the vault in its place, fill it and open it.

    Args:
        begun: From `begin`.
        facts: Profile, name and user.
        changes: Facts of the organisation by key, as for `organisation.change_fact`.
        now: The time.

    Raises:
        UserError: The place has been taken meanwhile, or the disk refused.
    """
    check_free(begun.folder)
    try:
        if begun.folder.exists():
            begun.folder.rmdir()
        begun.unfinished.rename(begun.folder)
    except OSError as error:
        raise files.disk_error(error) from error
    vault = vaults.fill(begun.folder, begun.keys, facts, now=now)
    try:
        with vault.store.write(now) as session:
            for key, values in changes.items():
                organisation.change_fact(session, key, values)
    except BaseException:
        vault.abandon()
        raise
    return vault


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
