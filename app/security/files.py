"""Writing small files so that a power cut leaves the old one or the new one, never a mixture; disk errors in words."""

import errno
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

from app.domain.errors import ExitCode, UserError
from app.i18n import _, mark

_LEFTOVERS = ".*.new"
_NO_RIGHTS = (
    mark("Du har inte rätt att läsa eller skriva där."),
    mark("Be den som sköter datorn om rättigheter till mappen, eller välj en annan plats."),
)
_SENTENCES = {
    errno.ENOSPC: (mark("Disken är full."), mark("Frigör utrymme på disken och försök igen.")),
    errno.EDQUOT: (mark("Ditt utrymme på disken är slut."), mark("Ta bort filer du inte behöver och försök igen.")),
    errno.EROFS: (
        mark("Disken är skrivskyddad."),
        mark("Ta bort skrivskyddet eller välj en annan plats, och försök igen."),
    ),
    errno.EACCES: _NO_RIGHTS,
    errno.EPERM: _NO_RIGHTS,
    errno.EIO: (
        mark("Disken kunde inte läsas eller skrivas."),
        mark("Säkerhetskopiera till en annan disk och låt någon se över den här."),
    ),
    errno.ENOENT: (
        mark("Filen eller mappen finns inte."),
        mark("Kontrollera att disken är ansluten och att mappen inte har flyttats."),
    ),
}


def disk_error(error: OSError) -> UserError:
    """Return what happened to the disk as sentences; no path is named, since a path can hold a name."""
    if error.errno in _SENTENCES:
        cause, remedy = _SENTENCES[error.errno]
        what = _(cause)
    else:
        remedy = mark("Kontrollera disken och försök igen.")
        what = _("Disken svarade med felet {name}.").format(name=errno.errorcode.get(error.errno or 0, "?"))
    return UserError(what, stands=_("Inget sparades till hälften."), do=_(remedy), code=ExitCode.DISK)


def write_atomic(path: Path, data: bytes, *, check: Callable[[Path], None] | None = None) -> None:
    """Replace a file as a whole, on disk when this returns.

    Args:
        path: The file to make or replace.
        data: Its new content.
        check: Reads the new file before the old one goes; when it raises, the old one stays.

    Raises:
        UserError: The disk refused; the old file is still there.
    """
    new = path.with_name(f".{path.name}.{secrets.token_hex(8)}.new")
    try:
        new.touch(mode=0o600, exist_ok=False)
        with new.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if check:
            check(new)
        new.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise disk_error(error) from error
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)


def read_limited(path: Path, limit: int) -> bytes:
    """Return a file's content, at most one byte more than `limit`, so that a huge file cannot fill the memory.

    Raises:
        UserError: The disk refused.
    """
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except OSError as error:
        raise disk_error(error) from error


def append(path: Path, data: bytes) -> None:
    """Write at the end of a file, on disk when this returns; a power cut may leave the beginning of it.

    Raises:
        UserError: The disk refused.
    """
    try:
        is_new = not path.exists()
        with path.open("ab") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            sync_folder(path.parent)
    except OSError as error:
        raise disk_error(error) from error


def extend(path: Path, size: int, data: bytes) -> None:
    """Write behind the first `size` bytes of a file that is there, on disk when this returns; what a power cut left behind them goes.

    Raises:
        UserError: The disk refused; the first bytes are as they were.
    """
    try:
        with path.open("rb+") as file:
            file.truncate(size)
            file.seek(size)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise disk_error(error) from error


def ends_with(path: Path, end: bytes) -> bool:
    """Return whether these are a file's last bytes, or it is empty.

    Raises:
        UserError: The disk refused.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - len(end)))
            return size == 0 or file.read() == end
    except OSError as error:
        raise disk_error(error) from error


def sync_folder(folder: Path) -> None:
    """Put a folder's new and renamed entries on disk; Windows does this by itself and cannot open folders."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, unless it is there.

    Raises:
        UserError: The disk refused, or a file has the name.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise disk_error(error) from error


def check_writable(folder: Path, *, room: int = 4096) -> None:
    """Try to write so many bytes in a folder, and leave nothing there.

    Raises:
        UserError: The folder is missing, full, read-only or somebody else's.
    """
    try:
        with TemporaryFile(dir=folder) as file:
            file.write(bytes(room))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise disk_error(error) from error


def sweep(folder: Path) -> int:
    """Remove what a crash left half-written by `write_atomic`; return how many files.  Call it under the vault's lock.

    Raises:
        UserError: The disk refused.
    """
    leftovers = list(folder.glob(_LEFTOVERS))
    try:
        for leftover in leftovers:
            leftover.unlink(missing_ok=True)
    except OSError as error:
        raise disk_error(error) from error
    return len(leftovers)
