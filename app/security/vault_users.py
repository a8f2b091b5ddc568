"""The users of a vault: who has a slot, and in which role.  Each change is one whole new `vault.json`."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from app.domain.roles import Role
from app.security import refusals, slots, vault_file
from app.security.kdf import DEFAULT, KdfCost
from app.security.slots import KEYRING, PASSPHRASE, USER, Contents
from app.security.vault_file import VaultKeys, name_of, same_name
from app.security.vault_header import MOST_SLOTS, Header, Slot

OWNER = "dataskyddsombud"
"""What whoever has the vault's own passphrase is called."""
LONGEST_NAME = 80
Record = Callable[[], None]


@dataclass(frozen=True)
class User:
    """Somebody with a passphrase of their own.

    Attributes:
        name: The name; `OWNER` for whoever has the vault's own passphrase.
        role: What the user may do.
        made_at: When the slot was made, ISO 8601 in UTC.
        is_owner: It is the vault's own passphrase.
    """

    name: str
    role: Role
    made_at: str
    is_owner: bool = False


def names(header: Header) -> list[str]:
    """Return the names to choose from before anything is open; they prove nothing, since the file is anybody's to write."""
    return [name_of(slot) for slot in header.slots if slot.kind == USER and not slot.is_damaged]


def has_owner(header: Header) -> bool:
    """Tell whether the vault has a passphrase of its own."""
    return any(slot.kind == PASSPHRASE for slot in header.slots)


def users(header: Header, keys: VaultKeys) -> list[User]:
    """Return the users whose slots were written by somebody who had the vault open."""
    return [_user(slot) for slot in header.slots if slot.kind in {PASSPHRASE, USER} and _is_genuine(header, keys, slot)]


def strangers(header: Header, keys: VaultKeys) -> int:
    """Return how many slots are damaged, or were written by nobody who had the vault open."""
    return sum(slot.kind in slots.KINDS and not _is_genuine(header, keys, slot) for slot in header.slots)


def add(
    folder: Path,
    keys: VaultKeys,
    user: tuple[str, Role, str],
    *,
    now: datetime,
    cost: KdfCost = DEFAULT,
    record: Record | None = None,
) -> None:
    """Give somebody a slot.

    Args:
        folder: The vault.
        keys: Its keys.
        user: Name, role and passphrase.
        now: The time.
        cost: What a guess is to cost.
        record: As for `vault_file.rewrite`.

    Raises:
        UserError: The name is taken or cannot be used, the passphrase is empty, or as `vault_file.unlock`; nothing changed.
    """
    name, role, passphrase = " ".join(user[0].split()), user[1], user[2]
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise refusals.bad_name()
    header = vault_file.read_header(folder)
    if same_name(name, OWNER) or any(same_name(name, taken) for taken in names(header)):
        raise refusals.name_taken()
    if len(header.slots) >= MOST_SLOTS:
        raise refusals.too_many_slots()
    slot = slots.user_slot(Contents(keys.vault_id, keys.vault_key, now), name, role, passphrase, cost)
    vault_file.rewrite(
        folder,
        keys,
        lambda found: replace(found, slots=(*found.slots, slot)),
        lambda found: vault_file.by_user(found, name, passphrase),
        record,
    )


def change_passphrase(
    folder: Path,
    keys: VaultKeys,
    user: tuple[str, str],
    *,
    now: datetime,
    cost: KdfCost = DEFAULT,
    record: Record | None = None,
) -> None:
    """Give a user a new passphrase; every other slot stays.

    Args:
        folder: The vault.
        keys: Its keys.
        user: Name and new passphrase.
        now: The time.
        cost: What a guess is to cost.
        record: As for `vault_file.rewrite`.

    Raises:
        UserError: There is no such user, or as `add`; the old passphrase still holds.
    """
    name, passphrase = user
    known = _known(vault_file.read_header(folder), keys, name)
    slot = slots.user_slot(Contents(keys.vault_id, keys.vault_key, now), known.name, known.role, passphrase, cost)
    vault_file.rewrite(
        folder,
        keys,
        lambda found: replace(found, slots=(*(one for one in found.slots if not _is_of(one, name, {USER})), slot)),
        lambda found: vault_file.by_user(found, name, passphrase),
        record,
    )


def remove(folder: Path, keys: VaultKeys, name: str, *, record: Record | None = None) -> None:
    """Take a user's slots away, also those for quick unlocking; `OWNER` is the vault's own passphrase.

    An old copy of `vault.json` still opens with them: `vault_rotation` is what shuts those out.

    Raises:
        UserError: There is no such user, it is the last officer, or as `vault_file.unlock`; nothing changed.
    """
    header = vault_file.read_header(folder)
    gone = _known(header, keys, name)
    if gone.role is Role.OFFICER and not _other_officers(header, keys, gone):
        raise refusals.last_officer()
    kept = lambda slot: not _is_users(slot, gone)  # noqa: E731
    vault_file.rewrite(
        folder,
        keys,
        lambda found: replace(found, slots=tuple(filter(kept, found.slots))),
        lambda found: vault_file.opened(found, keys.vault_key),
        record,
    )


def change_role(folder: Path, keys: VaultKeys, name: str, role: Role, *, record: Record | None = None) -> None:
    """Give a user another role; the passphrase stays.

    Raises:
        UserError: There is no such user, it is the last officer, or as `vault_file.unlock`; nothing changed.
    """
    header = vault_file.read_header(folder)
    known = _known(header, keys, name)
    if known.is_owner or (
        known.role is Role.OFFICER and role is not Role.OFFICER and not _other_officers(header, keys, known)
    ):
        raise refusals.last_officer()

    def given(slot: Slot) -> Slot:
        is_theirs = _is_users(slot, known) and _is_genuine(header, keys, slot)
        return slots.addressed(keys.vault_id, keys.vault_key, slot, role=role.value) if is_theirs else slot

    vault_file.rewrite(
        folder,
        keys,
        lambda found: replace(found, slots=tuple(map(given, found.slots))),
        lambda found: vault_file.opened(found, keys.vault_key),
        record,
    )


def _known(header: Header, keys: VaultKeys, name: str) -> User:
    for user in users(header, keys):
        if same_name(user.name, name):
            return user
    raise refusals.no_such_user()


def _other_officers(header: Header, keys: VaultKeys, gone: User) -> list[User]:
    return [user for user in users(header, keys) if user.role is Role.OFFICER and user != gone]


def _user(slot: Slot) -> User:
    made_at = str(slot.record.get("made_at", ""))
    if slot.kind == PASSPHRASE:
        return User(OWNER, Role.OFFICER, made_at, is_owner=True)
    return User(name_of(slot), Role(str(slot.record.get("role"))), made_at)


def _is_users(slot: Slot, user: User) -> bool:
    return slot.kind == PASSPHRASE if user.is_owner else _is_of(slot, user.name, {USER, KEYRING})


def _is_of(slot: Slot, name: str, kinds: set[str]) -> bool:
    return slot.kind in kinds and same_name(name_of(slot), name)


def _is_genuine(header: Header, keys: VaultKeys, slot: Slot) -> bool:
    return not slot.is_damaged and slots.is_genuine(header.vault_id, keys.vault_key, slot)
