"""Quick unlocking by the operating system's key store.  By choice, and never the only way in.

The key store holds 32 random bytes that open one slot.  Whatever it does, the other slots work as before, and nothing of ours
is ever deleted because of it.  Every call has a time limit: a key store may wait for a window that nobody sees.
"""

import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.errors import UserError
from app.domain.roles import Role
from app.security import refusals, slots, vault_file
from app.security.slots import KEYRING, KEYRING_BYTES, Contents
from app.security.vault_file import VaultKeys, name_of, same_name
from app.security.vault_header import MOST_SLOTS, Header, Slot

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "ombudet"
TRUSTED = frozenset(
    {
        "keyring.backends.Windows.WinVaultKeyring",
        "keyring.backends.macOS.Keyring",
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
    }
)
"""Key stores that keep what they are given to themselves.  Every other class is refused, also one that only asks others."""
PATIENCE_S = 8.0


def is_on(header: Header, name: str = "") -> bool:
    """Tell whether there is a slot for quick unlocking, anybody's or that of `name`."""
    return any(not name or same_name(name_of(slot), name) for slot in _own(header))


def turn_on(
    folder: Path,
    keys: VaultKeys,
    who: tuple[str, Role],
    *,
    now: datetime,
    record: Callable[[], None] | None = None,
    patience_s: float = PATIENCE_S,
) -> None:
    """Give the key store a secret of its own, read it back, and write its slot; one that the user had is replaced.

    Args:
        folder: The vault.
        keys: Its keys.
        who: Name and role of the user it opens for.
        now: The time.
        record: As for `vault_file.rewrite`.
        patience_s: How long the key store may take for each answer.

    Raises:
        UserError: The key store is not trusted, is silent or forgets, or the disk refused; nothing changed.
    """
    header = vault_file.read_header(folder)
    if all(slot.kind == KEYRING for slot in header.slots):
        raise refusals.damaged()
    if len(header.slots) >= MOST_SLOTS:
        raise refusals.too_many_slots()
    secret = secrets.token_bytes(KEYRING_BYTES)
    backend = _trusted(patience_s)
    contents = Contents(keys.vault_id, keys.vault_key, now)
    slot = slots.keyring_slot(contents, who[0], who[1].value, _class_of(backend), secret)
    entry = _entry(keys.vault_id, slot)
    try:
        _answer(lambda: backend.set_password(SERVICE, entry, secret.hex()), patience_s)
        if _answer(lambda: backend.get_password(SERVICE, entry), patience_s) != secret.hex():
            raise refusals.keyring_forgets()
        vault_file.rewrite(
            folder,
            keys,
            lambda found: replace(found, slots=(*_without(found, who[0]), slot)),
            lambda found: vault_file.by_keyring(found, str(slot.record["id"]), secret),
            record,
        )
    except BaseException:
        _forget(backend, entry, patience_s)
        raise


def turn_off(
    folder: Path,
    keys: VaultKeys,
    name: str,
    *,
    record: Callable[[], None] | None = None,
    patience_s: float = PATIENCE_S,
) -> None:
    """Take a user's slot for quick unlocking away, then what the key store holds for it, if it answers.

    Raises:
        UserError: As `vault_file.unlock`; the slot is there still.
    """
    gone = [slot for slot in _own(vault_file.read_header(folder)) if same_name(name_of(slot), name)]
    vault_file.rewrite(
        folder,
        keys,
        lambda found: replace(found, slots=_without(found, name)),
        lambda found: vault_file.opened(found, keys.vault_key),
        record,
    )
    with suppress(UserError):
        backend = _trusted(patience_s)
        for slot in gone:
            _forget(backend, _entry(keys.vault_id, slot), patience_s)


def unlock(folder: Path, *, patience_s: float = PATIENCE_S) -> VaultKeys:
    """Return the vault's keys by what the key store holds.

    Raises:
        UserError: The key store is silent, is another one, or holds nothing that fits (10); or as `vault_file.unlock`.
    """
    header = vault_file.read_header(folder)
    backend = _trusted(patience_s)
    for slot in _own(header):
        if slot.record.get("backend") != _class_of(backend):
            continue
        entry = _entry(header.vault_id, slot)
        held = _answer(lambda entry=entry: backend.get_password(SERVICE, entry), patience_s)  # type: ignore[misc]
        if held is not None:
            return vault_file.by_keyring(header, str(slot.record.get("id")), _secret(held))
    raise refusals.keyring_does_not_fit()


def _secret(held: object) -> bytes:
    try:
        secret = bytes.fromhex(str(held))
    except ValueError as error:
        raise refusals.keyring_does_not_fit() from error
    if len(secret) != KEYRING_BYTES:
        raise refusals.keyring_does_not_fit()
    return secret


def _trusted(patience_s: float) -> "KeyringBackend":
    import keyring  # slow to load, and needed by few

    backend: KeyringBackend = _answer(keyring.get_keyring, patience_s)
    if _class_of(backend) not in TRUSTED:
        raise refusals.keyring_not_trusted()
    return backend


def _class_of(backend: object) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _entry(vault_id: str, slot: Slot) -> str:
    return f"{vault_id}/{slot.record.get('id')}"


def _own(header: Header) -> list[Slot]:
    return [slot for slot in header.slots if slot.kind == KEYRING and not slot.is_damaged]


def _without(header: Header, name: str) -> tuple[Slot, ...]:
    return tuple(slot for slot in header.slots if slot.kind != KEYRING or not same_name(name_of(slot), name))


def _forget(backend: "KeyringBackend", entry: str, patience_s: float) -> None:
    with suppress(UserError):
        _answer(lambda: backend.delete_password(SERVICE, entry), patience_s)


def _answer(ask: Callable[[], Any], patience_s: float) -> Any:
    """Return what the key store answers in time.  A thread that hangs is left to itself; it holds nothing of ours.

    Raises:
        UserError: It failed, or did not answer.
    """
    answers: list[Any] = []

    def work() -> None:
        with suppress(Exception):  # another program's error, whose text may say anything
            answers.append(ask())

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(patience_s)
    if not answers:
        raise refusals.keyring_silent()
    return answers[0]
