"""The pages of a database file as they are on the disk, decrypted: what was erased may still stand in them.

SQLCipher 4 with its own defaults and a raw key: AES-256-CBC; each page of 4,096 bytes ends with its own vector of 16 bytes and a seal
of 64; the first page begins with 16 bytes that are not encrypted.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE, _VECTOR, _SEAL, _SALT = 4096, 16, 64, 16
_BODY = PAGE - _VECTOR - _SEAL
AT_ONCE = 2048
"""So many pages are decrypted before they are looked at."""


def decrypted(path: Path, key: bytes) -> Iterator[bytes]:
    """Yield the contents of all pages, many at a time, free pages too.  The log must have been emptied.

    Raises:
        OSError: The disk refused.
    """
    algorithm, is_first = algorithms.AES(key), True
    with path.open("rb") as file:
        while raw := file.read(PAGE * AT_ONCE):
            contents = []
            for at in range(0, len(raw) - PAGE + 1, PAGE):
                vector = raw[at + _BODY : at + _BODY + _VECTOR]
                begin = at + _SALT if is_first else at
                is_first = False
                contents.append(Cipher(algorithm, modes.CBC(vector)).decryptor().update(raw[begin : at + _BODY]))
            yield b"".join(contents)


def found(path: Path, key: bytes, wanted: dict[bytes, int], step: Callable[[int, int], None]) -> set[int]:
    """Return which of the wanted bytes stand in the pages, by their number.

    Args:
        path: The database.
        key: Its raw key.
        wanted: What to look for, each with a number; several may have the same.
        step: Told how many pages of how many were read.
    """
    total, done, hits = path.stat().st_size // PAGE, 0, set[int]()
    for contents in decrypted(path, key):
        hits.update(number for needle, number in wanted.items() if number not in hits and needle in contents)
        done += AT_ONCE
        step(min(done, total), total)
    return hits
