"""What is stored about one person or in one document is sealed with its own key; without the key it is gone.

A store without a vault around it, as tests and benchmarks use, has no keys and seals nothing.
"""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.orm import Session

from app.domain.sealing import Keys
from app.security import kdf

MARK = b"\x01"
"""The first byte of what is sealed in the trail; what is not sealed there begins with a brace."""
_NONCE = 12
_TRAIL_PURPOSE = "ombudet/1 trail"


def keys_of(session: Session) -> Keys | None:
    """Return the keys of the session's vault."""
    found: Keys | None = session.info.get("keys")
    return found


def digest(session: Session, content: bytes) -> str:
    """Return what a document is known again by; only this vault can make it."""
    keys = keys_of(session)
    if keys is None:
        return hashlib.sha256(content).hexdigest()
    return hmac.new(keys.digest_key, content, hashlib.sha256).hexdigest()


def seal(key: bytes, plain: bytes, about: str) -> bytes:
    """Return sealed bytes.

    Args:
        key: The owner's key.
        plain: What to seal.
        about: Where it stands; it opens nowhere else.
    """
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, about.encode())


def unseal(key: bytes, sealed: bytes, about: str) -> bytes | None:
    """Return what was sealed, None when the key or the place is another one or a byte was changed."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], about.encode())
    except (InvalidTag, ValueError):
        return None


def seal_for_trail(session: Session, owner: str, plain: bytes, about: str) -> bytes:
    """Return what the trail keeps of an act about a person: sealed with a key of that person's."""
    keys = keys_of(session)
    if keys is None:
        return plain
    return MARK + seal(_trail_key(keys.ensure(owner)), plain, about)


def open_from_trail(session: Session, owner: str, kept: bytes, about: str) -> bytes | None:
    """Return what the trail keeps of an act, None when the person's key was destroyed."""
    if kept[:1] != MARK:
        return kept
    keys = keys_of(session)
    key = keys.key(owner) if keys is not None else None
    return None if key is None else unseal(_trail_key(key), kept[1:], about)


def _trail_key(key: bytes) -> bytes:
    return kdf.expand(key, salt=b"", purpose=_TRAIL_PURPOSE)
