"""The vault's key file, `vault.json`: slots give the vault key, the vault key opens the box with the vault's keys.

So a passphrase is changed by writing one slot, and a new key for a new purpose comes without touching any slot.
FORMAT.md describes every byte.
"""

import hmac
import json
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain.roles import Role
from app.security import files, kdf, refusals, slots, vault_header
from app.security import recovery_key as recovery
from app.security.kdf import DEFAULT, KdfCost
from app.security.slots import KEYRING, PASSPHRASE, RECOVERY, USER, Contents
from app.security.vault_header import Header, Slot

NAME = "vault.json"
KNOWN_NAMES = frozenset({"data.db", "subjects.keys", "head", "journal", "backups"})
DATABASE = "database"
NEXT_DATABASE = "database_next"
HEAD = "head"

_MAY_STAND_IN_A_NEW_FOLDER = frozenset({"lock", "lock.guard", ".DS_Store", "desktop.ini", "Thumbs.db"})
_BOX_PURPOSE = "ombudet/1 key box"
_CHECK_PURPOSE = "ombudet/1 key check"
_HEAD_PURPOSE = "ombudet/1 head"


@dataclass(frozen=True)
class Holder:
    """Whose slot it was that opened the vault.

    Attributes:
        slot_id: The slot.
        kind: What sort of secret it takes.
        name: The user's name; empty for the vault's own passphrase and the recovery key.
        role: What the user may do.
    """

    slot_id: str
    kind: str
    name: str = ""
    role: Role = Role.OFFICER


@dataclass(frozen=True)
class VaultKeys:
    """What an open vault holds in memory.  Its `repr` shows no key.

    Attributes:
        vault_id: 32 hexadecimal digits.
        database: The database's raw key.
        vault_key: The key every slot wraps; needed to write slots.
        head: The key that proves the file `head` to be this vault's; the same also after a change of the other keys.
        next_database: The key the database is being given; while it is there the database has one of the two.
        holder: Whose slot it was; None for somebody who just made the vault.
    """

    vault_id: str
    database: bytes = field(repr=False)
    vault_key: bytes = field(repr=False)
    head: bytes = field(default=b"", repr=False, compare=False)
    next_database: bytes | None = field(default=None, repr=False)
    holder: Holder | None = field(default=None, compare=False)


def create(folder: Path, passphrase: str, *, now: datetime, cost: KdfCost = DEFAULT) -> tuple[VaultKeys, str]:
    """Make a vault's folder and key file; return its keys and the recovery key, which is stored nowhere.

    Raises:
        UserError: The folder holds something already, the passphrase is empty, or the disk refused.
    """
    vault_id, database, vault_key = (secrets.token_hex(16), *(secrets.token_bytes(kdf.KEY_BYTES) for _key in range(2)))
    keys = VaultKeys(vault_id, database, vault_key, first_head_key(vault_key))
    entropy = recovery.parse(recovery.draw())
    contents = Contents(keys.vault_id, keys.vault_key, now)
    head = {
        "format": vault_header.FORMAT,
        "version": vault_header.VERSION,
        "vault_id": keys.vault_id,
        "created_at": now.astimezone(UTC).isoformat(timespec="seconds"),
    }
    header = Header(
        make_head(head, keys.vault_id, keys.vault_key),
        make_box(keys.vault_id, keys.vault_key, {DATABASE: keys.database.hex()}),
        (slots.passphrase_slot(contents, passphrase, cost), slots.recovery_slot(contents, entropy)),
    )
    _make_empty(folder)
    files.write_atomic(folder / NAME, vault_header.dump(header))
    return keys, recovery.make(entropy)


def unlock(
    folder: Path, *, passphrase: str | None = None, recovery_key: str | None = None, user: str = ""
) -> VaultKeys:
    """Return the vault's keys, by exactly one of the two secrets.

    Args:
        folder: The vault.
        passphrase: The vault's own, or that of `user`.
        recovery_key: As it is typed.
        user: Whose passphrase it is; empty for the vault's own.

    Raises:
        UserError: Wrong secret (3), damaged (4), made by a newer version (6), not a vault (2), disk (9).
        ValueError: None or both of the secrets were given.
    """
    if (passphrase is None) == (recovery_key is None):
        raise ValueError("exactly one secret")
    header = read_header(folder)
    if passphrase is not None:
        return by_user(header, user, passphrase) if user else by_passphrase(header, passphrase)
    return by_entropy(header, recovery.parse(str(recovery_key)))


def change_passphrase(
    folder: Path,
    keys: VaultKeys,
    passphrase: str,
    *,
    now: datetime,
    cost: KdfCost = DEFAULT,
    record: Callable[[], None] | None = None,
) -> None:
    """Give an open vault a new passphrase; the recovery key and every other slot stay.

    The new file is opened with the new passphrase before it takes the old one's place.  A copy of the old `vault.json`
    still opens with the old passphrase.  `record` is called when the new file is on disk, just before it takes the old
    one's place; when it raises, the old one stays.

    Raises:
        UserError: As `unlock`; the old passphrase is still the right one then.
    """
    slot = slots.passphrase_slot(Contents(keys.vault_id, keys.vault_key, now), passphrase, cost)
    _replace_slot(folder, keys, slot, lambda header: by_passphrase(header, passphrase), record)


def change_recovery_key(
    folder: Path, keys: VaultKeys, *, now: datetime, text: str = "", record: Callable[[], None] | None = None
) -> str:
    """Give an open vault a new recovery key and return it; the old sheet no longer opens this `vault.json`.

    Args:
        folder: The vault.
        keys: Its keys.
        now: The time.
        text: The new key, from `recovery_key.draw`, when somebody has it on paper already; else one is drawn.
        record: As for `change_passphrase`.

    Raises:
        UserError: As `unlock`; the old recovery key is still the right one then.
    """
    entropy = recovery.parse(text or recovery.draw())
    slot = slots.recovery_slot(Contents(keys.vault_id, keys.vault_key, now), entropy)
    _replace_slot(folder, keys, slot, lambda header: by_entropy(header, entropy), record)
    return recovery.make(entropy)


def is_vault(folder: Path) -> bool:
    """Tell whether a folder says it is a vault; damaged or not is for `read_header`."""
    return (folder / NAME).is_file()


def read_header(folder: Path) -> Header:
    """Return what `vault.json` says without any secret.  Its `damaged` names the slots that should be made anew.

    Raises:
        UserError: Damaged (4), made by a newer version (6), not a vault (2), disk (9).
    """
    if not is_vault(folder):
        raise refusals.missing() if any((folder / name).exists() for name in KNOWN_NAMES) else refusals.not_a_vault()
    return vault_header.parse(files.read_limited(folder / NAME, vault_header.LIMIT))


def by_passphrase(header: Header, passphrase: str) -> VaultKeys:
    """Return the keys by the vault's own passphrase.

    Raises:
        UserError: As `unlock`.
    """
    for slot in _whole(header, PASSPHRASE):
        vault_key = slots.open_with_passphrase(header.vault_id, slot, passphrase)
        if vault_key is not None:
            return opened(header, vault_key, slot)
    if not any(slot.kind == PASSPHRASE for slot in header.slots) and _whole(header, USER):
        raise refusals.name_needed()
    raise refusals.damaged_passphrase_slot() if _is_lost(header, PASSPHRASE) else refusals.wrong_passphrase()


def by_user(header: Header, name: str, passphrase: str) -> VaultKeys:
    """Return the keys by the passphrase of one user.

    Raises:
        UserError: As `unlock`; and when there is no such user.
    """
    own = [slot for slot in _whole(header, USER) if same_name(name_of(slot), name)]
    for slot in own:
        vault_key = slots.open_with_passphrase(header.vault_id, slot, passphrase)
        if vault_key is not None:
            return opened(header, vault_key, slot)
    if not own:
        raise refusals.damaged_user_slot() if USER in header.damaged else refusals.no_such_user()
    raise refusals.wrong_user_passphrase()


def by_keyring(header: Header, slot_id: str, secret: bytes) -> VaultKeys:
    """Return the keys by the secret that the key store holds for one slot.

    Raises:
        UserError: The slot is gone or damaged, or the secret does not fit it.
    """
    for slot in _whole(header, KEYRING):
        if slot.record.get("id") == slot_id:
            vault_key = slots.open_with_keyring(header.vault_id, slot, secret)
            if vault_key is not None:
                return opened(header, vault_key, slot)
    raise refusals.keyring_does_not_fit()


def by_entropy(header: Header, entropy: bytes) -> VaultKeys:
    """Return the keys by the recovery key's 20 bytes.

    Raises:
        UserError: As `unlock`.
    """
    for slot in _whole(header, RECOVERY):
        vault_key = slots.open_with_recovery(header.vault_id, slot, entropy)
        if vault_key is not None:
            return opened(header, vault_key, slot)
    raise refusals.damaged_recovery_slot() if _is_lost(header, RECOVERY) else refusals.wrong_recovery_key()


def _whole(header: Header, kind: str) -> list[Slot]:
    return [slot for slot in header.slots if slot.kind == kind and not slot.is_damaged]


def _is_lost(header: Header, kind: str) -> bool:
    """Tell whether a slot of this kind is damaged or gone, so that nobody can say that the secret is wrong."""
    return not _whole(header, kind) or kind in header.damaged


def opened(header: Header, vault_key: bytes, slot: Slot | None = None) -> VaultKeys:
    """Return the keys that a vault key gives.

    Args:
        header: The key file.
        vault_key: The key in its slots.
        slot: The slot that gave it.

    Raises:
        UserError: It is not this vault's key, or the box is damaged.
    """
    if _key_check(header.vault_id, vault_key) != header.head.get("key_check"):
        raise refusals.damaged()
    named = box_contents(header, vault_key)
    head, following = named.get(HEAD), named.get(NEXT_DATABASE)
    return VaultKeys(
        header.vault_id,
        slots.unhex(named.get(DATABASE), kdf.KEY_BYTES),
        vault_key,
        first_head_key(vault_key) if head is None else slots.unhex(head, kdf.KEY_BYTES),
        None if following is None else slots.unhex(following, kdf.KEY_BYTES),
        None if slot is None else _holder(slot),
    )


def first_head_key(vault_key: bytes) -> bytes:
    """Return the key of the file `head` of a vault whose keys were never changed."""
    return kdf.expand(vault_key, salt=b"", purpose=_HEAD_PURPOSE)


def _holder(slot: Slot) -> Holder:
    if slot.kind in {PASSPHRASE, RECOVERY}:
        return Holder(str(slot.record["id"]), slot.kind)
    try:
        role = Role(str(slot.record.get("role")))
    except ValueError as error:  # a role of a later version
        raise refusals.newer() from error
    return Holder(str(slot.record["id"]), slot.kind, name_of(slot), role)


def name_of(slot: Slot) -> str:
    """Return the user's name in a slot."""
    return str(slot.record.get("name", ""))


def same_name(one: str, other: str) -> bool:
    """Tell whether two names are the same user's: case, spaces and how letters are composed do not matter."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _replace_slot(
    folder: Path,
    keys: VaultKeys,
    slot: Slot,
    opens: Callable[[Header], VaultKeys],
    record: Callable[[], None] | None = None,
) -> None:
    def others(header: Header) -> Header:
        return replace(header, slots=(slot, *(other for other in header.slots if other.kind != slot.kind)))

    rewrite(folder, keys, others, opens, record)


def rewrite(
    folder: Path,
    keys: VaultKeys,
    change: Callable[[Header], Header],
    opens: Callable[[Header], VaultKeys],
    record: Callable[[], None] | None = None,
) -> None:
    """Change `vault.json` as a whole: the new one is opened before the old one goes.

    Args:
        folder: The vault.
        keys: Its keys.
        change: Returns the key file to be from the one that is.
        opens: Opens the written file; it must give `keys`.
        record: Called when the new file is on disk, just before it takes the old one's place; when it raises, the old one stays.

    Raises:
        UserError: The file is not this vault's, the new one does not open, or the disk refused; the old one stands.
    """
    header = read_header(folder)
    if opened(header, keys.vault_key) != keys:
        raise refusals.damaged()

    def check(new: Path) -> None:
        if opens(vault_header.parse(files.read_limited(new, vault_header.LIMIT))) != keys:
            raise refusals.damaged()
        if record is not None:
            record()

    files.write_atomic(folder / NAME, vault_header.dump(change(header)), check=check)


def make_box(vault_id: str, vault_key: bytes, named: Mapping[str, object]) -> dict[str, object]:
    """Return the sealed box with these named keys."""
    nonce = secrets.token_bytes(slots.NONCE_BYTES)
    sealed = _box_cipher(vault_key).encrypt(nonce, vault_header.canonical(named), vault_id.encode())
    return vault_header.with_checksum({"nonce": nonce.hex(), "sealed": sealed.hex()})


def make_head(header: Mapping[str, object], vault_id: str, vault_key: bytes) -> dict[str, object]:
    """Return the outermost part of the file with the check of this vault key."""
    rest = {name: value for name, value in header.items() if name != "sha256"}
    return vault_header.with_checksum({**rest, "key_check": _key_check(vault_id, vault_key)})


def box_contents(header: Header, vault_key: bytes) -> Mapping[str, object]:
    """Return the named keys in the box, those of later versions too.

    Raises:
        UserError: The box is damaged.
    """
    nonce = slots.unhex(header.keys.get("nonce"), slots.NONCE_BYTES)
    sealed = str(header.keys.get("sealed"))
    try:
        text = _box_cipher(vault_key).decrypt(nonce, bytes.fromhex(sealed), header.vault_id.encode())
        named = json.loads(text)
    except (InvalidTag, ValueError) as error:
        raise refusals.damaged() from error
    if not isinstance(named, dict):
        raise refusals.damaged()
    return named


def _box_cipher(vault_key: bytes) -> AESGCM:
    return AESGCM(kdf.expand(vault_key, salt=b"", purpose=_BOX_PURPOSE))


def _key_check(vault_id: str, vault_key: bytes) -> str:
    key = kdf.expand(vault_key, salt=b"", purpose=_CHECK_PURPOSE)
    return hmac.new(key, vault_id.encode(), sha256).hexdigest()


def _make_empty(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = {entry.name for entry in folder.iterdir()}
    except FileExistsError as error:
        raise refusals.not_empty() from error
    except OSError as error:
        raise files.disk_error(error) from error
    if found - _MAY_STAND_IN_A_NEW_FOLDER:
        raise refusals.not_empty()
