"""The supervisory authority as a dated record: it has changed its name once and may again."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from app.reference.reader import load
from app.reference.versions import in_force


@dataclass(frozen=True, slots=True)
class Authority:
    """The supervisory authority under one name.

    Attributes:
        printed_name: The name as documents print it.
        postal_lines: The postal address, line by line, with the name first.
    """

    valid_from: date
    name: str
    short: str
    printed_name: str
    printed_name_en: str
    postal_lines: tuple[str, ...]
    web: str
    requirements: tuple[str, ...]
    source: str

    def printed(self, language: str) -> str:
        """Return the printed name in `language`, `sv` or `en`."""
        return self.printed_name_en if language == "en" else self.printed_name

    @property
    def address(self) -> str:
        """Return the postal address on one line, without the name."""
        return ", ".join(self.postal_lines[1:])


@dataclass(frozen=True, slots=True)
class _File:
    versions: tuple[Authority, ...]


@cache
def _file() -> _File:
    return load("authorities.json", _File)


def authority(on: date) -> Authority:
    """Return the supervisory authority on the day `on`.

    Raises:
        ValueError: There was none yet.
    """
    return in_force(_file().versions, on)
