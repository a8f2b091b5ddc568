"""A process that dies, or a disk that refuses, at one of the calls by which a file is replaced as a whole."""

import os
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
