"""Whether a vault is in a place where its files can be damaged by what is between them and the program."""

import sys
from enum import StrEnum
from pathlib import Path, PurePath

from app.i18n import _
from app.reference.places import places

_MOUNTS = Path("/proc/mounts")
_REMOTE_DRIVE = 4


class Whereabouts(StrEnum):
    """What sort of place a folder is in."""

    HERE = "here"
    NETWORK = "network"
    SYNCED = "synced"


def of(folder: Path) -> Whereabouts:
    """Return what sort of place a folder is in."""
    mounts = _MOUNTS.read_text(encoding="utf-8", errors="replace") if _MOUNTS.exists() else ""
    if is_synced(folder):
        return Whereabouts.SYNCED
    is_away = _is_remote_drive(folder) or is_on_network(folder.absolute(), mounts)
    return Whereabouts.NETWORK if is_away else Whereabouts.HERE


def is_synced(folder: PurePath) -> bool:
    """Return whether a folder is in one that a program sends to other computers, by the names on the way to it."""
    names = [name.casefold() for name in places().synced_folders]
    parts = [part.casefold() for part in folder.parts]
    return any(part == name or part.startswith((name + " ", name + "-")) for part in parts for name in names)


def is_on_network(folder: PurePath, mounts: str) -> bool:
    """Return whether a folder is on a file system that is reached over a network.

    Args:
        folder: An absolute path.
        mounts: What Linux says is mounted where, a line each: device, place, system.
    """
    if str(folder).startswith(("\\\\", "//")):
        return True
    found = ("", "")
    for line in mounts.splitlines():
        _device, place, system, *_rest = [*line.split(" "), "", "", ""]
        place = place.replace("\\040", " ")
        if place and folder.is_relative_to(place) and len(place) >= len(found[0]):
            found = place, system
    return found[1].casefold() in places().network_systems


def _is_remote_drive(folder: Path) -> bool:
    if sys.platform == "win32":  # pragma: no cover - asked on Windows only
        import ctypes

        return bool(ctypes.windll.kernel32.GetDriveTypeW(folder.anchor) == _REMOTE_DRIVE)
    return False


def words(found: Whereabouts) -> tuple[str, str]:
    """Return what is wrong with a place and what to do, as a heading and a text."""
    if found is Whereabouts.NETWORK:
        return _("Valvet ligger på en nätverksdisk"), _(
            "Bryts nätet medan något sparas kan databasen skadas. Stäng valvet, flytta mappen till datorns egen disk och öppna den där. Lägg säkerhetskopiorna på nätverksdisken i stället."
        )
    return _("Valvet ligger i en mapp som synkas"), _(
        "Synkprogrammet kan blanda filer från olika tidpunkter, och det skickar valvet till andra datorer. Stäng valvet, flytta mappen utanför och öppna den där. Säkerhetskopior får gärna ligga i en synkad mapp."
    )
