"""The one place that builds things, and the only one that reads the clock and the arguments.

`ombudet` starts the window, `ombudet FILE.ombud` opens that vault, `ombudet [options] COMMAND` runs without a window.
"""

import gc
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from app import __version__

if TYPE_CHECKING:
    import datetime as dt

AFTER_LOCK = ("--new", "--choose")
"""What to show first after a locked vault; `app.ui.program` says it to the process that follows."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["--import-worker"]:
        from app.importers import child

        return child.main()
    if given[:1] == ["--version"]:
        sys.stdout.write(f"Ombudet {__version__}\n")
        return 0
    from app.security import hardening

    if _wants_window(given):
        hardening.limit()  # the rest when the window is shown: nothing secret is typed before
        gc.disable()  # app.ui.kit.collector collects from here on; to look for garbage while everything is loaded takes long
        from PySide6.QtCore import QLocale

        from app.ui.clock import Clock
        from app.ui.start import run

        first = given.pop(0) if given and given[0] in AFTER_LOCK else ""
        return run(
            _vault_folder(given),
            is_demo=given[:1] == ["demo"],
            spoken=QLocale.system().uiLanguages(),
            clock=Clock(now, today),
            first=first,
            again=start_again,
        )
    from app import cli

    hardening.harden()
    return cli.run(given, now=now, today=today)


def start_again(arguments: Sequence[str]) -> bool:
    """Start the program anew as a process that does not end with this one; return whether that was possible."""
    from PySide6.QtCore import QProcess

    program = [] if getattr(sys, "frozen", False) else ["-m", "app"]
    is_started, _pid = QProcess.startDetached(sys.executable, [*program, *arguments])
    return bool(is_started)


def now() -> "dt.datetime":
    """Return the time, aware, with the offset that the computer's own clock has: the trail keeps both."""
    import datetime as dt  # loaded when the time is asked for: the unlock window needs none

    return dt.datetime.now(dt.UTC).astimezone()


def today() -> "dt.date":
    """Return the day in Stockholm: a letter arrives on the office's calendar day."""
    import datetime as dt

    return dt.datetime.now(_stockholm()).date()


@cache
def _stockholm() -> "dt.tzinfo":
    from zoneinfo import ZoneInfo

    return ZoneInfo("Europe/Stockholm")


def _wants_window(given: Sequence[str]) -> bool:
    """Return whether the arguments ask for the window: none, one vault folder, or the demo without an output folder.

    A vault may be in a folder of any name; when that is given with its path it cannot be taken for a command.
    """
    if not given or list(given) == ["demo"] or given[0] in AFTER_LOCK:
        return True
    if len(given) != 1 or given[0].startswith("-"):
        return False
    folder = Path(given[0])
    return folder.name.endswith(".ombud") or (len(folder.parts) > 1 and (folder / "vault.json").is_file())


def _vault_folder(given: Sequence[str]) -> Path | None:
    return Path(given[0]) if given and given[0] != "demo" else None
