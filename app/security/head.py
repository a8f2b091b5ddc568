"""The file `head`: how far the database had come, so that an older copy put back in its place is noticed.

Two slots in turn, each whole or not at all; written after every commit.  FORMAT.md describes every byte.
"""

import errno
import hmac
import os
import struct
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from app.domain.freshness import Mark
from app.security import files, kdf
from app.security.vault_file import VaultKeys

NAME = "head"
MAGIC = b"OMBHEAD1"
OPEN = bytes(32)
"""What stands for the pages of a database that was not closed in good order."""

_PURPOSE = "ombudet/1 head"
_BODY = struct.Struct(">8sQQQ32s32s")
_MAC_BYTES = 32
_SLOT = 4096  # a block of the disk: what tears one slot leaves the other
_PAGE, _TAG = 4096, 32
_AT_ONCE = 1024
_SYNC = getattr(os, "fdatasync", os.fsync)


@dataclass(frozen=True)
class State:
    """What a slot says.

    Attributes:
        mark: How far the database had come.
        pages: The digest of its pages when it was closed in good order, else `OPEN`.
        turn: Which writing of the file this was; the slot with the higher one counts.
    """

    mark: Mark
    pages: bytes = OPEN
    turn: int = 0


def key_of(keys: VaultKeys) -> bytes:
    """Return the key that proves the slots to be this vault's own."""
    return kdf.expand(keys.vault_key, salt=b"", purpose=_PURPOSE)


def read(folder: Path, keys: VaultKeys) -> State | None:
    """Return the newest state that can be trusted, None when there is none.

    Raises:
        UserError: The disk refused.
    """
    raw, key = files.read_limited(folder / NAME, 2 * _SLOT), key_of(keys)
    states = [state for place in range(2) if (state := _parsed(raw[place * _SLOT :], key, keys.vault_id)) is not None]
    return max(states, key=lambda state: state.turn, default=None)


def create(folder: Path, keys: VaultKeys, state: State) -> None:
    """Begin the file anew, on disk when this returns.

    Raises:
        UserError: The disk refused; an old file is still there.
    """
    slot = _dumped(state, key_of(keys), keys.vault_id)
    files.write_atomic(folder / NAME, slot.ljust(2 * _SLOT, b"\x00"))


class HeadFile:
    """The file of an open vault, held open.  One writer at a time, as the store's lane sees to."""

    def __init__(self, folder: Path, keys: VaultKeys) -> None:
        self._key, self._vault_id = key_of(keys), keys.vault_id
        try:
            self._handle = os.open(folder / NAME, os.O_RDWR | getattr(os, "O_BINARY", 0))
            os.fsync(self._handle)  # what a killed process had written must not be lost under what comes
        except OSError as error:
            raise files.disk_error(error) from error
        slots = [_parsed(_read_at(self._handle, place), self._key, self._vault_id) for place in range(2)]
        turns = [-1 if slot is None else slot.turn for slot in slots]
        self._safe, self._turn = turns.index(max(turns)), max(turns)
        last = slots[self._safe]
        self.synced = 0 if last is None else last.mark.count

    def write(self, mark: Mark, *, pages: bytes = OPEN, is_lasting: bool = True) -> None:
        """Write into the slot that is not the last one known to be on disk.

        Args:
            mark: How far the database has come.
            pages: The digest of its pages, when it is closed.
            is_lasting: Wait until it is on disk.  If not, a power cut may take it away, and the file is behind: that is allowed.

        Raises:
            UserError: The disk refused; the other slot is whole.
        """
        place, self._turn = 1 - self._safe, self._turn + 1
        slot = _dumped(State(mark, pages, self._turn), self._key, self._vault_id)
        try:
            _write_at(self._handle, slot, place)
            if is_lasting:
                _SYNC(self._handle)
                self._safe, self.synced = place, mark.count
        except OSError as error:
            raise files.disk_error(error) from error

    def close(self) -> None:
        """Let go of the file."""
        with suppress(OSError):
            os.close(self._handle)


def digest_of_pages(path: Path) -> bytes:
    """Return a digest over the seals of all pages of a database file: an old page put back has another seal.

    Raises:
        UserError: The disk refused.
    """
    found = sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_AT_ONCE * _PAGE):
                found.update(b"".join(block[end - _TAG : end] for end in range(_PAGE, len(block) + 1, _PAGE)))
            found.update(struct.pack(">Q", file.tell()))
    except OSError as error:
        raise files.disk_error(error) from error
    return found.digest()


def _dumped(state: State, key: bytes, vault_id: str) -> bytes:
    mark = state.mark
    body = _BODY.pack(MAGIC, state.turn, mark.count, mark.seq, mark.link, state.pages)
    return body + _mac(body, key, vault_id)


def _parsed(raw: bytes, key: bytes, vault_id: str) -> State | None:
    body, mac = raw[: _BODY.size], raw[_BODY.size : _BODY.size + _MAC_BYTES]
    if not hmac.compare_digest(mac, _mac(body, key, vault_id)):
        return None
    _magic, turn, count, seq, link, pages = _BODY.unpack(body)
    return State(Mark(count, seq, link), pages, turn)


def _mac(body: bytes, key: bytes, vault_id: str) -> bytes:
    return hmac.new(key, vault_id.encode() + body, sha256).digest()


def _write_at(handle: int, slot: bytes, place: int) -> None:
    os.lseek(handle, place * _SLOT, os.SEEK_SET)
    if os.write(handle, slot) != len(slot):
        raise OSError(errno.EIO, "")


def _read_at(handle: int, place: int) -> bytes:
    os.lseek(handle, place * _SLOT, os.SEEK_SET)
    return os.read(handle, _BODY.size + _MAC_BYTES)
