"""A process that dies, or a disk that refuses, at one of the calls by which a file is replaced as a whole."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

STEPS = ("touch", "open", "fsync", "replace", "folder")

_CALLS: dict[str, tuple[Any, str]] = {
    "touch": (Path, "touch"),
    "open": (Path, "open"),
    "fsync": (os, "fsync"),
    "replace": (Path, "replace"),
    "folder": (os, "fsync"),
}


def break_at(step: str, act: Callable[[], object], put: Callable[[Any, str, object], object] = setattr) -> None:
    """Let `act` happen in place of the first such call; `folder` is the second fsync."""
    owner, name = _CALLS[step]
    honest, left = getattr(owner, name), 1 if step == "folder" else 0

    def broken(*given: Any, **named: Any) -> Any:
        nonlocal left
        if step != "open" or given[1:2] == ("wb",):
            left -= 1
            if left == -1:
                act()
        return honest(*given, **named)

    put(owner, name, broken)


def die_at(number: int) -> None:
    """Let this process be killed just before it changes a file for that time: before the system's own call, with nothing cleaned up."""
    left = number

    def hook(event: str, given: tuple[Any, ...]) -> None:
        nonlocal left
        is_writing = event == "open" and isinstance(given[2], int) and bool(given[2] & (os.O_WRONLY | os.O_RDWR))
        if is_writing or event in _CHANGES:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


_CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.utime", "shutil.copyfile"}
