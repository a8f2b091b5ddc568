"""Where the program's own files are, frozen or not.  The vault's files are the vault's business, not this module's."""

import sys
from pathlib import Path


def program_root() -> Path:
    """Return the folder that holds `resources/`, in a checkout, an installed package or a bundle."""
    bundle = getattr(sys, "_MEIPASS", None)
    return Path(bundle) if bundle else Path(__file__).resolve().parent.parent


def resource(name: str) -> Path:
    """Return the path of a file under `resources/`, such as `profiles/itrace.json`.

    Raises:
        FileNotFoundError: The installation lacks the file.
    """
    path = program_root() / "resources" / name
    if not path.exists():
        raise FileNotFoundError(name)
    return path
