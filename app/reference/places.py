"""Where a vault should not be, as data."""

from dataclasses import dataclass
from functools import cache

from app.reference.reader import load


@dataclass(frozen=True, slots=True)
class Places:
    """Kinds of places that a vault should not be in.

    Attributes:
        network_systems: File systems that are reached over a network.
        synced_folders: Names of folders that a program sends to other computers.
    """

    network_systems: tuple[str, ...]
    synced_folders: tuple[str, ...]


@cache
def places() -> Places:
    """Return the kinds."""
    return load("places.json", Places)
