"""The one place that builds things, and the only one that reads the clock and the arguments.

`ombudet` starts the window, `ombudet FILE.ombud` opens that vault, `ombudet [options] COMMAND` runs without a window.
"""

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from app import __version__

STOCKHOLM = ZoneInfo("Europe/Stockholm")


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

    hardening.harden()
    if _wants_window(given):
        from PySide6.QtCore import QLocale

        from app.ui.start import run

        spoken = QLocale.system().uiLanguages()
        return run(_vault_folder(given), is_demo=given[:1] == ["demo"], spoken=spoken, now=now, today=today)
    from app import cli

    return cli.run(given, now=now, today=today)


def now() -> dt.datetime:
    """Return the time, aware UTC."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """Return the day in Stockholm: a letter arrives on the office's calendar day."""
    return dt.datetime.now(STOCKHOLM).date()


def _wants_window(given: Sequence[str]) -> bool:
    """Return whether the arguments ask for the window: none, one vault folder, or the demo without an output folder."""
    if not given or list(given) == ["demo"]:
        return True
    return len(given) == 1 and not given[0].startswith("-") and given[0].rstrip("/\\").endswith(".ombud")


def _vault_folder(given: Sequence[str]) -> Path | None:
    return Path(given[0]) if given and given[0] != "demo" else None
