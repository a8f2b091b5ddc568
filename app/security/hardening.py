"""What the process forbids itself at the start: core dumps with keys in them, and files that others may read."""

import os
import sys


def harden() -> None:
    """Turn off core dumps, keep other processes of the same user from reading this one's memory, make files private."""
    limit()
    hide_memory()


def limit() -> None:
    """Turn off core dumps and make files private."""
    os.umask(0o077)
    if sys.platform != "win32":  # pragma: no branch
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def hide_memory() -> None:
    """Keep other processes of the same user from reading this one's memory.  To be called before any secret is in it."""
    if sys.platform == "linux":  # pragma: no branch
        import ctypes

        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE
