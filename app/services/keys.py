"""The secrets that open a vault, changed by somebody who has it open.

Each act is first written to disk beside the old key file, then in the trail, and then takes the old one's place: a crash in
between leaves the secrets as they were, with a row too many in the trail, and nobody is locked out.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from app.domain.audit import Action
from app.domain.errors import UserError, told_as
from app.i18n import _
from app.security import os_keyring, recovery_key, vault_file, vault_rotation, vault_users
from app.security.kdf import DEFAULT, KdfCost
from app.security.passphrase import ENOUGH, strength
from app.security.slots import KEYRING, RECOVERY, USER
from app.security.vault_file import VaultKeys
from app.security.vault_header import Header
from app.services import audit
from app.services.guard import guarded
from app.services.vaults import Vault


def problem(passphrase: str) -> str:
    """Return why a passphrase is not fit for a vault, in a sentence; empty when it is."""
    if not passphrase:
        return _("Skriv en lösenfras, gärna fem ord.")
    found = strength(passphrase)
    return "" if found.level >= ENOUGH else found.words


def recorder(vault: Vault, action: Action, now: dt.datetime, **details: Any) -> Callable[[], None]:
    """Return what writes an act's row in the trail, for whoever changes the key file to call."""

    def record() -> None:
        with vault.store.write(now) as session:
            audit.record(session, action, **details)

    return record


def own_name(vault: Vault) -> str:
    """Return the name of the user whose slot opened the vault; empty for the vault's own passphrase."""
    holder = vault.keys.holder
    return "" if holder is None or vault_file.same_name(holder.name, vault_users.OWNER) else holder.name


def is_by_recovery(vault: Vault) -> bool:
    """Return whether the vault was opened with its recovery key, or was just made."""
    return vault.keys.holder is None or vault.keys.holder.kind == RECOVERY


@guarded
def change_passphrase(
    vault: Vault, new: str, *, current: str | None = None, now: dt.datetime, cost: KdfCost = DEFAULT
) -> None:
    """Give whoever is at work a new passphrase; nobody else's changes.

    Args:
        vault: The open vault.
        new: The passphrase from now on.
        current: The one until now; None for somebody who opened with the recovery key.
        now: The time of the change.
        cost: What a guess is to cost.

    Raises:
        UserError: The current one is wrong, the new one is too weak, or the disk refused; the old one still holds.
    """
    name = own_name(vault)
    if current is not None or (vault.keys.holder is not None and vault.keys.holder.kind in {USER, KEYRING}):
        vault_file.unlock(vault.folder, passphrase=current or "", user=name)
    refuse_weak(new, _("Den gamla lösenfrasen gäller fortfarande."))
    record = recorder(vault, Action.PASSPHRASE_CHANGED, now)
    try:
        if name:
            vault_users.change_passphrase(vault.folder, vault.keys, (name, new), now=now, cost=cost, record=record)
        else:
            vault_file.change_passphrase(vault.folder, vault.keys, new, now=now, cost=cost, record=record)
    except UserError as error:
        what = _("Lösenfrasen är inte bytt. {why}")
        raise told_as(error, what, stands=_("Den gamla lösenfrasen gäller fortfarande.")) from error


def refuse_weak(passphrase: str, stands: str) -> None:
    """Refuse a passphrase that is not fit for a vault.

    Args:
        passphrase: The passphrase to be.
        stands: What is still as it was.

    Raises:
        UserError: It says what pulls the passphrase down.
    """
    if weakness := problem(passphrase):
        raise UserError(weakness, stands=stands, do=_("Välj en längre lösenfras, gärna fem ord."))


@guarded
def change_recovery_key(vault: Vault, text: str = "", *, now: dt.datetime) -> str:
    """Give the vault a new recovery key and return it; the old sheet opens the vault no longer.

    Args:
        vault: The open vault.
        text: The key, from `recovery_key.draw`, when its sheet is on paper already.
        now: The time.

    Raises:
        UserError: The disk refused; the old recovery key still holds.
    """
    record = recorder(vault, Action.RECOVERY_CHANGED, now)
    try:
        return vault_file.change_recovery_key(vault.folder, vault.keys, now=now, text=text, record=record)
    except UserError as error:
        what = _("Återställningsnyckeln är inte bytt. {why}")
        raise told_as(error, what, stands=_("Det gamla bladet gäller fortfarande.")) from error


def has_keyring(vault: Vault) -> bool:
    """Return whether whoever is at work may unlock without a passphrase somewhere."""
    return os_keyring.is_on(vault_file.read_header(vault.folder), own_name(vault) or vault_users.OWNER)


@guarded
def turn_on_keyring(vault: Vault, *, now: dt.datetime, patience_s: float = os_keyring.PATIENCE_S) -> None:
    """Let whoever is at work unlock by the operating system's key store on this computer, beside the passphrase.

    Raises:
        UserError: The key store is not trusted, or does not keep what it is given; nothing changed.
    """
    who = (own_name(vault) or vault_users.OWNER, vault.store.role)
    record = recorder(vault, Action.KEYRING_TURNED_ON, now)
    os_keyring.turn_on(vault.folder, vault.keys, who, now=now, record=record, patience_s=patience_s)


@guarded
def turn_off_keyring(vault: Vault, *, now: dt.datetime, patience_s: float = os_keyring.PATIENCE_S) -> None:
    """Ask whoever is at work for the passphrase again.

    Raises:
        UserError: The disk refused; it is on still.
    """
    name, record = own_name(vault) or vault_users.OWNER, recorder(vault, Action.KEYRING_TURNED_OFF, now)
    os_keyring.turn_off(vault.folder, vault.keys, name, record=record, patience_s=patience_s)


@guarded
def rotate(vault: Vault, *, passphrase: str | None = None, recovery: str | None = None, now: dt.datetime) -> None:
    """Encrypt the database with a new key, and give every secret that opens the vault now the new keys.

    After this an old `vault.json` and a secret that was taken away open nothing that is written from now on.

    Args:
        vault: The open vault.
        passphrase: That of whoever is at work, or
        recovery: the recovery key; the new key file is opened with it before the old one goes.
        now: The time.

    Raises:
        UserError: The secret is wrong, a slot is damaged, or somebody reads or writes; nothing changed.  Or the change has
            begun, as it says, and is finished at the next opening.
    """
    record = recorder(vault, Action.KEY_ROTATED, now)
    opens = _opener(vault, passphrase, recovery)
    try:
        vault.store.wait_until_idle()
        first = vault_rotation.begin(vault.folder, vault.keys, opens, record=record)
    except UserError as error:
        what = _("Databasens nyckel är inte bytt. {why}")
        raise told_as(error, what, stands=_("Valvet öppnas som förut.")) from error
    vault.keys = first
    try:
        vault.store.change_key(first.next_database or b"")
        vault.keys = vault_rotation.finish(vault.folder, first)
    except UserError as error:
        what = _("Databasens nyckel är inte färdigbytt. {why}")
        remedy = _("Stäng valvet och öppna det igen. Då blir bytet klart.")
        raise told_as(error, what, stands=_("Valvet öppnas med samma lösenfras som förut."), do=remedy) from error


def _opener(vault: Vault, passphrase: str | None, recovery: str | None) -> Callable[[Header], VaultKeys]:
    if recovery is not None:
        entropy = recovery_key.parse(recovery)
        return lambda header: vault_file.by_entropy(header, entropy)
    name, typed = own_name(vault), passphrase or ""
    if name:
        return lambda header: vault_file.by_user(header, name, typed)
    return lambda header: vault_file.by_passphrase(header, typed)
