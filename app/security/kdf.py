"""From a secret to a 32-byte key: Argon2id for passphrases, HKDF for secrets that are random already."""

import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.domain.errors import UserError
from app.security import refusals

KEY_BYTES = 32
ARGON2_VERSION = 19
SALT_BYTES = 16
FASTEST_S, SLOWEST_S = 0.5, 1.0


@dataclass(frozen=True)
class KdfCost:
    """What one guess at a passphrase costs.

    Attributes:
        memory_kib: Memory in KiB.
        rounds: Passes over the memory.
        lanes: Threads.
    """

    memory_kib: int
    rounds: int
    lanes: int

    @property
    def is_accepted(self) -> bool:
        """Whether a vault may ask for this: neither so weak that it invites guessing nor so heavy that it hangs."""
        return 46 << 10 <= self.memory_kib <= 1 << 20 and 1 <= self.rounds <= 20 and 1 <= self.lanes <= 16


DEFAULT = KdfCost(memory_kib=256 << 10, rounds=3, lanes=4)
FLOOR = KdfCost(memory_kib=64 << 10, rounds=3, lanes=4)
MINIMUM = KdfCost(memory_kib=46 << 10, rounds=1, lanes=1)


def from_passphrase(passphrase: str, salt: bytes, cost: KdfCost) -> bytes:
    """Return the key a passphrase gives; how its letters are composed (å as one or two characters) does not matter.

    Raises:
        UserError: The computer has too little memory.
    """
    try:
        return hash_secret_raw(
            unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass"),
            salt,
            time_cost=cost.rounds,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            hash_len=KEY_BYTES,
            type=Type.ID,
            version=ARGON2_VERSION,
        )
    except HashingError as error:
        raise refusals.too_little_memory() from error


def expand(secret: bytes, *, salt: bytes, purpose: str) -> bytes:
    """Return a key of its own for one purpose out of a secret that is random already."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=purpose.encode()).derive(secret)


def seconds(cost: KdfCost) -> float:
    """Measure one derivation on this computer; infinite when the memory does not suffice."""
    started = time.perf_counter()
    try:
        from_passphrase("", bytes(SALT_BYTES), cost)
    except UserError:
        return float("inf")
    return time.perf_counter() - started


def calibrate(measure: Callable[[KdfCost], float] = seconds) -> KdfCost:
    """Return the cost that takes half a second to a second here, never below 64 MiB and three rounds."""
    cost = DEFAULT
    took = measure(cost)
    while took > SLOWEST_S and cost.memory_kib > FLOOR.memory_kib:
        cost = replace(cost, memory_kib=cost.memory_kib // 2)
        took = measure(cost)
    if took < FASTEST_S:
        middle = (FASTEST_S + SLOWEST_S) / 2
        cost = replace(cost, rounds=min(20, round(cost.rounds * middle / max(took, 0.001))))
    return cost
