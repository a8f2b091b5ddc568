"""The file `subjects.keys`: a key for each person and each document that something in the database is sealed for.

Whoever destroys a key makes what it sealed unreadable everywhere, in old backups too: they do not hold this file.
Records are added at the end and are on disk before the transaction that uses them; a key that no transaction used does no harm.
Keys are destroyed by writing the whole file anew.  FORMAT.md describes every byte.
"""

import hmac
import secrets
import threading
from collections.abc import Collection, Iterator
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain.errors import ExitCode, UserError
from app.i18n import _
from app.security import files, kdf

NAME = "subjects.keys"
BOX_NAME = "subjects"
MAGIC = b"OMBKEYS1"
LIMIT = 1 << 30

_OWNER, _NONCE, _WRAPPED = 16, 12, 48
_RECORD = _OWNER + _NONCE + _WRAPPED
_HEAD = 64
_HEAD_PURPOSE, _WRAP_PURPOSE, _DIGEST_PURPOSE = (
    "ombudet/1 subject key file",
    "ombudet/1 subject key",
    "ombudet/1 digest",
)


class SubjectKeys:
    """The keys of an open vault, by the random uid of the person or the document.

    Args:
        folder: The vault's folder.
        vault_id: Its id, 32 hexadecimal digits.
        key: The key `subjects` of its box.
    """

    def __init__(self, folder: Path, vault_id: str, key: bytes) -> None:
        self._path, self._vault_id = folder / NAME, bytes.fromhex(vault_id)
        self._head_key = kdf.expand(key, salt=b"", purpose=_HEAD_PURPOSE)
        self._cipher = AESGCM(kdf.expand(key, salt=b"", purpose=_WRAP_PURPOSE))
        self.digest_key = kdf.expand(key, salt=b"", purpose=_DIGEST_PURPOSE)
        self._door = threading.RLock()
        self._known: dict[bytes, bytes] = {}
        self._records: dict[bytes, bytes] = {}
        self._waiting: dict[bytes, bytes] = {}
        self._size = 0

    @classmethod
    def create(cls, folder: Path, vault_id: str, key: bytes) -> "SubjectKeys":
        """Make the file, without a key in it.

        Raises:
            UserError: The disk refused.
        """
        made = cls(folder, vault_id, key)
        made._write(())
        return made

    @classmethod
    def load(cls, folder: Path, vault_id: str, key: bytes) -> "SubjectKeys":
        """Read the file.  Single damaged records are told by `damaged`, and by whoever needs their key.

        Raises:
            UserError: The file is missing, another vault's or damaged at its beginning, or the disk refused.
        """
        made = cls(folder, vault_id, key)
        if not made._path.exists():
            raise _unusable(_("Filen subjects.keys saknas i valvet. I den finns nycklarna till handlingarna."))
        raw = files.read_limited(made._path, LIMIT)
        if not hmac.compare_digest(raw[:_HEAD], made._head()):
            raise _unusable(_("Filen subjects.keys är skadad eller hör till ett annat valv."))
        for at in range(_HEAD, len(raw) - _RECORD + 1, _RECORD):  # a power cut may have torn the last one
            record = raw[at : at + _RECORD]
            made._records[record[:_OWNER]] = record[_OWNER:]
        made._size = _HEAD + (len(raw) - _HEAD) // _RECORD * _RECORD
        return made

    def key(self, owner: str) -> bytes | None:
        """Return the key of an owner, None when there is none or its record is damaged."""
        mark = bytes.fromhex(owner)
        with self._door:
            if mark not in self._known:
                found = self._opened(mark)
                if found is None:
                    return None
                self._known[mark] = found
            return self._known[mark]

    def ensure(self, owner: str) -> bytes:
        """Return the key of an owner, a new one when there is none.  It is on disk after `flush`.

        Raises:
            UserError: The owner's record is damaged: a new key must not take its place.
        """
        mark = bytes.fromhex(owner)
        with self._door:
            found = self.key(owner)
            if found is None and mark in self._records:
                raise _unusable(_("Filen subjects.keys är skadad: en nyckel går inte att läsa."))
            if found is None:
                found = self._known[mark] = secrets.token_bytes(kdf.KEY_BYTES)
                nonce = secrets.token_bytes(_NONCE)
                self._waiting[mark] = nonce + self._cipher.encrypt(nonce, found, self._vault_id + mark)
            return found

    def flush(self) -> None:
        """Put new keys on disk.  Call it before the transaction that uses them is committed.

        Raises:
            UserError: The disk refused; no transaction may use the keys then.
        """
        with self._door:
            if not self._waiting:
                return
            added = b"".join(mark + record for mark, record in self._waiting.items())
            try:
                files.extend(self._path, self._size, added)
            except UserError:
                for mark in self._waiting:
                    del self._known[mark]
                self._waiting.clear()
                raise
            self._size += len(added)
            self._records |= self._waiting
            self._waiting.clear()

    def destroy(self, owners: Collection[str]) -> int:
        """Write the file anew without the keys of these owners; return how many there were.

        Raises:
            UserError: The disk refused; the keys are still there.
        """
        marks = {bytes.fromhex(owner) for owner in owners}
        with self._door:
            going = marks & self._records.keys()
            if going:
                self._write([mark + record for mark, record in self._records.items() if mark not in going])
                for mark in going:
                    del self._records[mark]
                    self._known.pop(mark, None)
            return len(going)

    def damaged(self) -> int:
        """Return how many records of the file give no key."""
        with self._door:
            return sum(self._opened(mark) is None for mark in self._records)

    def owners(self) -> Iterator[str]:
        """Yield every owner of a key that is on disk."""
        with self._door:
            return iter([mark.hex() for mark in self._records])

    def _opened(self, mark: bytes) -> bytes | None:
        record = self._records.get(mark)
        if record is None:
            return None
        try:
            return self._cipher.decrypt(record[:_NONCE], record[_NONCE:], self._vault_id + mark)
        except InvalidTag:
            return None

    def _head(self) -> bytes:
        begin = MAGIC + self._vault_id + bytes(8)
        return begin + hmac.new(self._head_key, begin, sha256).digest()

    def _write(self, records: Collection[bytes]) -> None:
        raw = b"".join((self._head(), *records))
        files.write_atomic(self._path, raw)
        self._size = len(raw)


def _unusable(what: str) -> UserError:
    return UserError(
        what,
        stands=_("Registret är orört, och inget har skrivits över."),
        do=_("Lägg tillbaka filen subjects.keys från den senaste säkerhetskopian i valvets mapp, och öppna igen."),
        code=ExitCode.DAMAGED,
    )
