"""The key that signs the trail's checkpoints: a seed in the box of `vault.json`, so that only an open vault can sign."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.domain.checkpoints import Checkpoint, body, key_hash, origin, verifier_key
from app.security import box_keys
from app.security.vault_file import VaultKeys

NAME = "audit"


@dataclass(frozen=True)
class Signer:
    """Signs a vault's checkpoints, and knows its own signatures again.  Its `repr` shows no key."""

    origin: str
    _key: Ed25519PrivateKey = field(repr=False)

    @cached_property
    def public(self) -> bytes:
        """Return the public key's 32 bytes."""
        return self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def verifier_key(self) -> str:
        """Return the public key as other readers of signed notes take it."""
        return verifier_key(self.origin, self.public)

    def sign(self, size: int, root: bytes) -> Checkpoint:
        """Return the checkpoint of a trail with that many rows and that root."""
        signature = self._key.sign(body(self.origin, size, root))
        return Checkpoint(self.origin, size, root, key_hash(self.origin, self.public), signature)

    def is_ours(self, one: Checkpoint) -> bool:
        """Return whether this vault signed the checkpoint."""
        if one.origin != self.origin or one.signer != key_hash(self.origin, self.public):
            return False
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(one.signature, one.signed)
        except InvalidSignature:
            return False
        return True


def signer(folder: Path, keys: VaultKeys) -> Signer:
    """Return what signs the checkpoints of an open vault; a vault that has no seed yet gets one.  Call it under the vault's lock.

    Raises:
        UserError: `vault.json` is damaged, or the disk refused; the old file is still there then.
    """
    seed = box_keys.drawn(folder, keys, NAME)
    return Signer(origin(keys.vault_id), Ed25519PrivateKey.from_private_bytes(seed))
