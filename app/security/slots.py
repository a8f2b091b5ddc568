"""Slots: each wraps the same 32-byte vault key under another secret, with AES-256-GCM.

Everything a slot says about itself, and the vault it belongs to, is associated data: change it and the slot does not
open.  Each slot also has a key pair that follows from its own key, so that a new vault key, or a new role, is put into
it without its secret; and a proof under the vault key that it was made by somebody who had the vault open.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.security import kdf, refusals
from app.security.kdf import KdfCost
from app.security.vault_header import Slot, canonical, with_checksum

PASSPHRASE = "passphrase"  # noqa: S105 - a kind of slot
RECOVERY = "recovery"
USER = "user"
KEYRING = "keyring"
KINDS = frozenset({PASSPHRASE, RECOVERY, USER, KEYRING})
RECOVERY_PURPOSE = "ombudet/1 recovery slot"
KEYRING_PURPOSE = "ombudet/1 keyring slot"
KEYRING_BYTES = 32
NONCE_BYTES = 12

_PAIR_PURPOSE = "ombudet/1 slot pair"
_WRAP_PURPOSE = "ombudet/1 slot wrap"
_PROOF_PURPOSE = "ombudet/1 slot proof"
_PAIR_BYTES = 32


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
    return _with_passphrase(contents, {"kind": PASSPHRASE}, passphrase, cost)


def user_slot(contents: Contents, name: str, role: str, passphrase: str, cost: KdfCost) -> Slot:
    """Return a slot that opens with the passphrase of one user; name and role stand in it, bound to it.

    Raises:
        UserError: Empty passphrase, or too little memory.
        ValueError: A cost that reading would refuse.
    """
    return _with_passphrase(contents, {"kind": USER, "name": name, "role": role}, passphrase, cost)


def recovery_slot(contents: Contents, entropy: bytes) -> Slot:
    """Return a slot that opens with the recovery key's 20 bytes."""
    return _with_random(contents, {"kind": RECOVERY}, entropy, RECOVERY_PURPOSE)


def keyring_slot(contents: Contents, name: str, role: str, backend: str, secret: bytes) -> Slot:
    """Return a slot that opens with a secret kept by the operating system's key store `backend`."""
    about = {"kind": KEYRING, "name": name, "role": role, "backend": backend}
    return _with_random(contents, about, secret, KEYRING_PURPOSE)


def addressed(vault_id: str, vault_key: bytes, slot: Slot, **changes: str) -> Slot:
    """Return a slot with another vault key in it, and other words about it, for the secret it has.

    Raises:
        UserError: The slot has no key pair.
    """
    said = {**_said(slot.record), **changes}
    public = unhex(said.get("public"), _PAIR_BYTES)
    pair = X25519PrivateKey.generate()
    said["ephemeral"] = pair.public_key().public_bytes_raw().hex()
    try:
        shared = pair.exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError as error:  # a point that gives no secret
        raise refusals.damaged() from error
    key = _agreed(shared, unhex(said["ephemeral"], _PAIR_BYTES), public)
    return _wrapped(vault_id, vault_key, said, key)


def is_genuine(vault_id: str, vault_key: bytes, slot: Slot) -> bool:
    """Tell whether a slot's words and key pair were written by somebody who had the vault open."""
    proof = slot.record.get("proof")
    return isinstance(proof, str) and hmac.compare_digest(
        proof.encode("utf-8", "surrogatepass"), _proof(vault_id, vault_key, _said(slot.record)).encode()
    )


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
    return _open_with_random(vault_id, slot, entropy, RECOVERY_PURPOSE)


def open_with_keyring(vault_id: str, slot: Slot, secret: bytes) -> bytes | None:
    """Return the vault key, or None when the key store holds another secret.

    Raises:
        UserError: The slot is not one of ours.
    """
    return _open_with_random(vault_id, slot, secret, KEYRING_PURPOSE)


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


def _with_passphrase(contents: Contents, about: Mapping[str, object], passphrase: str, cost: KdfCost) -> Slot:
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
    return _sealed(contents, {**about, "kdf": parameters}, kdf.from_passphrase(passphrase, salt, cost))


def _with_random(contents: Contents, about: Mapping[str, object], secret: bytes, purpose: str) -> Slot:
    salt = secrets.token_bytes(kdf.SALT_BYTES)
    parameters = {"name": "hkdf-sha256", "salt": salt.hex()}
    return _sealed(contents, {**about, "kdf": parameters}, kdf.expand(secret, salt=salt, purpose=purpose))


def _open_with_random(vault_id: str, slot: Slot, secret: bytes, purpose: str) -> bytes | None:
    salt = unhex(_parameters(slot, "hkdf-sha256").get("salt"), kdf.SALT_BYTES)
    return _opened(vault_id, slot, kdf.expand(secret, salt=salt, purpose=purpose))


def _parameters(slot: Slot, name: str) -> Mapping[str, object]:
    parameters = slot.record.get("kdf")
    if not isinstance(parameters, dict) or parameters.get("name") != name:
        raise refusals.damaged()
    return parameters


def _sealed(contents: Contents, about: Mapping[str, object], key: bytes) -> Slot:
    said = {
        "id": secrets.token_hex(8),
        "made_at": contents.made_at.astimezone(UTC).isoformat(timespec="seconds"),
        **about,
        "public": _pair(key).public_key().public_bytes_raw().hex(),
    }
    return _wrapped(contents.vault_id, contents.vault_key, said, key)


def _wrapped(vault_id: str, vault_key: bytes, said: Mapping[str, object], key: bytes) -> Slot:
    about = {**said, "proof": _proof(vault_id, vault_key, said)}
    nonce = secrets.token_bytes(NONCE_BYTES)
    wrapped = AESGCM(key).encrypt(nonce, vault_key, _about(vault_id, about))
    return Slot(with_checksum({**about, "nonce": nonce.hex(), "wrapped": wrapped.hex()}), is_damaged=False)


def _opened(vault_id: str, slot: Slot, key: bytes) -> bytes | None:
    nonce = unhex(slot.record.get("nonce"), NONCE_BYTES)
    wrapped = unhex(slot.record.get("wrapped"), kdf.KEY_BYTES + 16)
    if "ephemeral" in slot.record:
        key = _received(key, unhex(slot.record["ephemeral"], _PAIR_BYTES))
    try:
        return AESGCM(key).decrypt(nonce, wrapped, _about(vault_id, slot.record))
    except InvalidTag:
        return None


def _received(key: bytes, ephemeral: bytes) -> bytes:
    pair = _pair(key)
    try:
        shared = pair.exchange(X25519PublicKey.from_public_bytes(ephemeral))
    except ValueError as error:
        raise refusals.damaged() from error
    return _agreed(shared, ephemeral, pair.public_key().public_bytes_raw())


def _agreed(shared: bytes, ephemeral: bytes, public: bytes) -> bytes:
    return kdf.expand(shared, salt=ephemeral + public, purpose=_WRAP_PURPOSE)


def _pair(key: bytes) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(kdf.expand(key, salt=b"", purpose=_PAIR_PURPOSE))


def _proof(vault_id: str, vault_key: bytes, said: Mapping[str, object]) -> str:
    key = kdf.expand(vault_key, salt=b"", purpose=_PROOF_PURPOSE)
    return hmac.new(key, canonical({"vault_id": vault_id, **said}), sha256).hexdigest()


def _said(record: Mapping[str, object]) -> dict[str, object]:
    """Return what a slot says about itself, without what is made anew when it is wrapped."""
    return {name: value for name, value in record.items() if name not in {"nonce", "wrapped", "sha256", "proof"}}


def _about(vault_id: str, record: Mapping[str, object]) -> bytes:
    said = {name: value for name, value in record.items() if name not in {"nonce", "wrapped", "sha256"}}
    return canonical({"vault_id": vault_id, **said})
