"""Is that process still running?  The few questions whose answer depends on the operating system."""

import os
import sys
from pathlib import Path

_PROC = Path("/proc")

if sys.platform == "win32":  # pragma: no cover - Windows only
    import ctypes
    import msvcrt
    from ctypes import wintypes

    _QUERY_LIMITED_INFORMATION = 0x1000
    _ACCESS_DENIED = 5
    _STILL_ACTIVE = 259

    def started(pid: int) -> str | None:
        """Return when a process started, in the system's own count, or None when it does not run.

        `os.kill(pid, 0)` would send Ctrl+C here, hence the system's own calls.
        """
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = wintypes.HANDLE
        handle = kernel.OpenProcess(_QUERY_LIMITED_INFORMATION, False, wintypes.DWORD(pid))
        if not handle:
            return "" if ctypes.get_last_error() == _ACCESS_DENIED else None
        process = wintypes.HANDLE(handle)
        try:
            code, times = wintypes.DWORD(), [wintypes.FILETIME() for _time in range(4)]
            kernel.GetExitCodeProcess(process, ctypes.byref(code))
            if code.value != _STILL_ACTIVE:
                return None
            kernel.GetProcessTimes(process, *map(ctypes.byref, times))
            return f"{times[0].dwHighDateTime}.{times[0].dwLowDateTime}"
        finally:
            kernel.CloseHandle(process)

    def wait_for(handle: int) -> None:
        """Wait until an open file is locked for this process; closing it lets go."""
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def started(pid: int) -> str | None:
        """Return when a process started, in the system's own count, or None when it does not run.

        Empty when it runs and the system does not say since when.  A zombie does not run: it holds nothing.
        """
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return None
        except PermissionError:
            pass  # it runs, under another user
        try:
            fields = (
                (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            )
        except OSError:
            return ""
        return None if fields[0] in {"Z", "X"} else fields[19]

    def wait_for(handle: int) -> None:
        """Wait until an open file is locked for this process; closing it lets go."""
        fcntl.flock(handle, fcntl.LOCK_EX)


def boot_id() -> str:
    """Return which start of the computer this is, or nothing where the system does not say."""
    try:
        return (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""
