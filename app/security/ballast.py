"""The file `ballast`: room on the disk that is kept for an erasure and for the closing, since on a full disk even a deletion fails.

It holds nothing.  It goes when the room is needed, and comes back when there is enough of it.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

NAME = "ballast"
SIZE = 16 << 20
"""What the erasure of a person, the journal, the keys written anew and the closing take together, with plenty to spare."""
PLENTY = 8
"""It is made when so many times its size is free."""
_BLOCK = 1 << 20


def make_room(folder: Path, *, least: int = SIZE) -> bool:
    """Let go of the ballast of a vault when less than that is free; return whether it was let go.

    Args:
        folder: The vault's folder.
        least: So many bytes are wanted.
    """
    with suppress(OSError):  # what is to be written next tells of the disk
        path = folder / NAME
        if path.exists() and shutil.disk_usage(folder).free < least:
            path.unlink()
            return True
    return False


def take_on(folder: Path) -> None:
    """Make the ballast of a vault, when it has none and there is plenty of room."""
    path = folder / NAME
    with suppress(OSError):  # without it everything works, but for an erasure on a full disk
        if path.exists() or shutil.disk_usage(folder).free < PLENTY * SIZE:
            return
        new = folder / f".{NAME}.{os.urandom(8).hex()}.new"
        try:
            _fill(new)
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)


def _fill(path: Path) -> None:
    """Take the room for real: a hole in a file takes none, and zeros may be packed away."""
    with path.open("wb") as file:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, SIZE)
        else:
            block = os.urandom(_BLOCK)
            for _block in range(SIZE // _BLOCK):
                file.write(block)
