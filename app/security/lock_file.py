"""One process per vault: a lock file that says who holds it, and that a crash or a reboot does not leave behind for ever.

Judging and replacing a lock happens under the operating system's own lock on `lock.guard`, so that two processes that
find the same dead lock cannot both take over.  The guard is never removed.
"""

import getpass
import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from app.domain.errors import ExitCode, UserError
from app.i18n import _
from app.security import files, processes

NAME = "lock"
GUARD = "lock.guard"
_LIMIT = 4096


@dataclass(frozen=True)
class Holder:
    """Who holds a vault.

    Attributes:
        host: The computer's name.
        pid: The process.
        boot_id: Which start of the computer; empty where the system does not say.
        started: When the process started, in the system's own count; empty where the system does not say.
        user: The login name; for the window, never for logs.
        since: When the vault was opened, ISO 8601 in UTC.
    """

    host: str
    pid: int
    boot_id: str
    started: str
    user: str
    since: str


class VaultLock:
    """Holds a vault for this process, as a context manager or by `acquire` and `release`."""

    def __init__(self, folder: Path, *, now: datetime) -> None:
        self._folder = folder
        self._me = _this_process(now)

    def acquire(self) -> None:
        """Take the lock.  A lock whose process is dead, or from before a reboot of this computer, is replaced.

        Raises:
            UserError: Somebody holds the vault, or the disk refused.
        """
        try:
            with _guarded(self._folder):
                holder = held_by(self._folder)
                if holder:
                    raise _in_use(holder)
                (self._folder / NAME).unlink(missing_ok=True)
                self._write()
        except OSError as error:
            raise files.disk_error(error) from error

    def release(self) -> None:
        """Give the lock back; a lock that is no longer ours is left alone."""
        with suppress(OSError, UserError):
            if _read(self._folder) == self._me:
                (self._folder / NAME).unlink(missing_ok=True)

    def _write(self) -> None:
        path = self._folder / NAME
        try:
            with path.open("x", encoding="utf-8") as file:
                json.dump(asdict(self._me), file)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            path.unlink(missing_ok=True)  # whoever made it first would have had the guard, so it is ours
            raise

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()


def held_by(folder: Path) -> Holder | None:
    """Return who holds a vault now, or None when nobody does or only a dead process.

    Raises:
        UserError: The lock cannot be read.
    """
    holder = _read(folder)
    return None if holder is None or _is_stale(holder) else holder


def _read(folder: Path) -> Holder | None:
    """Return what the lock says; None for no lock, and for one that a crash left half-written."""
    try:
        with (folder / NAME).open("rb") as file:
            found = json.loads(file.read(_LIMIT))
        holder = Holder(**found)
        datetime.fromisoformat(holder.since)
    except (FileNotFoundError, ValueError, TypeError, RecursionError):
        return None
    except OSError as error:
        raise files.disk_error(error) from error
    return holder if type(holder.pid) is int and 0 < holder.pid < 1 << 31 else None


def _is_stale(holder: Holder) -> bool:
    if holder.host != platform.node():
        return False
    boot_id = processes.boot_id()
    if holder.boot_id and boot_id and holder.boot_id != boot_id:
        return True
    started = processes.started(holder.pid)
    return started is None or bool(holder.started and started and holder.started != started)


def _this_process(now: datetime) -> Holder:
    try:
        user = getpass.getuser()
    except (ImportError, KeyError, OSError):
        user = ""
    started = processes.started(os.getpid()) or ""
    since = now.astimezone(UTC).isoformat(timespec="seconds")
    return Holder(platform.node(), os.getpid(), processes.boot_id(), started, user, since)


@contextmanager
def _guarded(folder: Path) -> Iterator[None]:
    with (folder / GUARD).open("ab") as file:
        processes.wait_for(file.fileno())
        yield


def _in_use(holder: Holder) -> UserError:
    since = datetime.fromisoformat(holder.since).astimezone(ZoneInfo("Europe/Stockholm"))
    return UserError(
        _("Valvet är redan öppet på datorn {host} sedan {day} kl. {time}.").format(
            host=holder.host, day=since.date().isoformat(), time=since.strftime("%H.%M")
        ),
        stands=_("Inget har ändrats."),
        do=_("Stäng det där först. Är datorn ur bruk: ta bort filen lock i valvets mapp."),
        code=ExitCode.IN_USE,
    )
