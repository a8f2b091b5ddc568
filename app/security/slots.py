"""Slots: each wraps the same 32-byte vault key under another secret, with AES-256-GCM.

Everything a slot says about itself, and the vault it belongs to, is associated data: change it and the slot does not
open.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.security import kdf, refusals
from app.security.kdf import KdfCost
from app.security.vault_header import Slot, canonical, with_checksum

PASSPHRASE = "passphrase"  # noqa: S105 - a kind of slot
RECOVERY = "recovery"
RECOVERY_PURPOSE = "ombudet/1 recovery slot"
NONCE_BYTES = 12


@dataclass(frozen=True)
class Contents:
    """What a slot is made of.

    Attributes:
        vault_id: The vault the slot opens.
        vault_key: The key it wraps.
        made_at: When, aware.
    """

    vault_id: str
    vault_key: bytes
    made_at: datetime


def passphrase_slot(contents: Contents, passphrase: str, cost: KdfCost) -> Slot:
    """Return a slot that opens with a passphrase.

    Raises:
        UserError: Empty passphrase, or too little memory.
        ValueError: A cost that reading would refuse.
    """
    if not passphrase.strip():
        raise refusals.empty_passphrase()
    if not cost.is_accepted:
        raise ValueError(cost)
    salt = secrets.token_bytes(kdf.SALT_BYTES)
    parameters = {
        "name": "argon2id",
        "version": kdf.ARGON2_VERSION,
        "memory_kib": cost.memory_kib,
        "rounds": cost.rounds,
        "lanes": cost.lanes,
        "salt": salt.hex(),
    }
    return _sealed(contents, PASSPHRASE, parameters, kdf.from_passphrase(passphrase, salt, cost))


def recovery_slot(contents: Contents, entropy: bytes) -> Slot:
    """Return a slot that opens with the recovery key's 20 bytes."""
    salt = secrets.token_bytes(kdf.SALT_BYTES)
    parameters = {"name": "hkdf-sha256", "salt": salt.hex()}
    return _sealed(contents, RECOVERY, parameters, kdf.expand(entropy, salt=salt, purpose=RECOVERY_PURPOSE))


def open_with_passphrase(vault_id: str, slot: Slot, passphrase: str) -> bytes | None:
    """Return the vault key, or None when the passphrase is wrong.

    Raises:
        UserError: The slot asks for something no vault of ours asks for, or the memory does not suffice.
    """
    found = _parameters(slot, "argon2id")
    numbers = [found.get(name) for name in ("version", "memory_kib", "rounds", "lanes")]
    if not all(type(number) is int for number in numbers):
        raise refusals.damaged()
    version, memory_kib, rounds, lanes = (int(str(number)) for number in numbers)
    cost = KdfCost(memory_kib, rounds, lanes)
    if version != kdf.ARGON2_VERSION or not cost.is_accepted:
        raise refusals.damaged()
    salt = unhex(found.get("salt"), kdf.SALT_BYTES)
    return _opened(vault_id, slot, kdf.from_passphrase(passphrase, salt, cost))


def open_with_recovery(vault_id: str, slot: Slot, entropy: bytes) -> bytes | None:
    """Return the vault key, or None when the recovery key is another vault's.

    Raises:
        UserError: The slot is not one of ours.
    """
    salt = unhex(_parameters(slot, "hkdf-sha256").get("salt"), kdf.SALT_BYTES)
    return _opened(vault_id, slot, kdf.expand(entropy, salt=salt, purpose=RECOVERY_PURPOSE))


def unhex(value: object, length: int) -> bytes:
    """Return the bytes of a hexadecimal field.

    Raises:
        UserError: It is not `length` bytes.
    """
    try:
        data = bytes.fromhex(value) if isinstance(value, str) else b""
    except ValueError as error:
        raise refusals.damaged() from error
    if len(data) != length:
        raise refusals.damaged()
    return data


def _parameters(slot: Slot, name: str) -> Mapping[str, object]:
    parameters = slot.record.get("kdf")
    if not isinstance(parameters, dict) or parameters.get("name") != name:
        raise refusals.damaged()
    return parameters


def _sealed(contents: Contents, kind: str, parameters: Mapping[str, object], key: bytes) -> Slot:
    about = {
        "id": secrets.token_hex(8),
        "kind": kind,
        "made_at": contents.made_at.astimezone(UTC).isoformat(timespec="seconds"),
        "kdf": parameters,
    }
    nonce = secrets.token_bytes(NONCE_BYTES)
    wrapped = AESGCM(key).encrypt(nonce, contents.vault_key, _about(contents.vault_id, about))
    return Slot(with_checksum({**about, "nonce": nonce.hex(), "wrapped": wrapped.hex()}), is_damaged=False)


def _opened(vault_id: str, slot: Slot, key: bytes) -> bytes | None:
    nonce = unhex(slot.record.get("nonce"), NONCE_BYTES)
    wrapped = unhex(slot.record.get("wrapped"), kdf.KEY_BYTES + 16)
    try:
        return AESGCM(key).decrypt(nonce, wrapped, _about(vault_id, slot.record))
    except InvalidTag:
        return None


def _about(vault_id: str, record: Mapping[str, object]) -> bytes:
    said = {name: value for name, value in record.items() if name not in {"nonce", "wrapped", "sha256"}}
    return canonical({"vault_id": vault_id, **said})
