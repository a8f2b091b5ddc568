"""What the window remembers on this computer, outside every vault: looks, sizes, and which vaults were open.  Never a person."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QSettings

from app.i18n import LANGUAGES
from app.paths import program_root
from app.ui.kit.theme import Scheme

if TYPE_CHECKING:
    import datetime as dt

    from PySide6.QtCore import QByteArray

KEPT_VAULTS = 8


class Recent(NamedTuple):
    """A vault that was open here."""

    folder: Path
    opened_on: str

    @property
    def name(self) -> str:
        """Return the vault's name: the folder's, without its suffix."""
        return self.folder.name.removesuffix(".ombud")


class Comfort:
    """The settings file, an ini in the user's folder for settings.

    Args:
        spoken: The languages the system speaks, the first wish first; what counts until the user has chosen one.
    """

    def __init__(self, spoken: Sequence[str] = ()) -> None:
        self._spoken = preferred(spoken)
        self._file = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "Ombudet", "Ombudet")

    def recent(self) -> list[Recent]:
        """Return the vaults that were open here, the latest first; those whose folder is gone too, since a disk may be away."""
        return [
            Recent(Path(path), opened_on)
            for line in self._lines("vaults")
            for opened_on, _tab, path in (line.partition("\t"),)
            if path
        ]

    def remember(self, folder: Path, today: "dt.date") -> None:
        """Put a vault first among the recent ones."""
        folder = folder.absolute()
        others = [one for one in self.recent() if one.folder != folder]
        kept = [Recent(folder, today.isoformat()), *others][:KEPT_VAULTS]
        self._file.setValue("vaults", [f"{one.opened_on}\t{one.folder}" for one in kept])

    def forget(self, folder: Path) -> None:
        """Take a vault off the list; the vault itself is not touched."""
        kept = [one for one in self.recent() if one.folder != folder.absolute()]
        self._file.setValue("vaults", [f"{one.opened_on}\t{one.folder}" for one in kept])

    @property
    def scheme(self) -> Scheme:
        """Return light, dark or the system's."""
        found = str(self._file.value("scheme", Scheme.SYSTEM.value))
        return Scheme(found) if found in list(Scheme) else Scheme.SYSTEM

    @scheme.setter
    def scheme(self, scheme: Scheme) -> None:
        self._file.setValue("scheme", scheme.value)

    @property
    def zoom(self) -> int:
        """Return the text size in percent."""
        found = str(self._file.value("zoom", "100"))
        return int(found) if found.isdecimal() else 100

    @zoom.setter
    def zoom(self, percent: int) -> None:
        self._file.setValue("zoom", str(percent))

    @property
    def language(self) -> str:
        """Return the window's language: the user's choice, else the system's, else Swedish."""
        found = str(self._file.value("language", self._spoken))
        return found if found in languages() else self._spoken

    @language.setter
    def language(self, code: str) -> None:
        self._file.setValue("language", code)

    def geometry(self) -> "QByteArray | None":
        """Return where the main window was."""
        from PySide6.QtCore import QByteArray

        found = self._file.value("geometry")
        return found if isinstance(found, QByteArray) else None

    def keep_geometry(self, geometry: "QByteArray") -> None:
        """Remember where the main window is."""
        self._file.setValue("geometry", geometry)

    def keep_tab(self, name: str) -> None:
        """Remember which tab is to be shown when the vault that is being locked is opened again."""
        self._file.setValue("tab", name)
        self._file.sync()  # another process reads it at once

    def take_tab(self) -> str:
        """Return which tab was shown when a vault was locked here, once; empty when none was."""
        found = str(self._file.value("tab", ""))
        if found:
            self._file.remove("tab")
        return found

    def is_closed(self, hint: str) -> bool:
        """Return whether the user put a hint away, such as the list for beginners in one vault."""
        return hint in self._lines("closed")

    def close(self, hint: str) -> None:
        """Put a hint away."""
        self._file.setValue("closed", [*self._lines("closed"), hint])

    def _lines(self, key: str) -> list[str]:
        found = self._file.value(key, [])
        return [str(line) for line in (found if isinstance(found, list) else [found]) if line]


def preferred(spoken: Sequence[str]) -> str:
    """Return the first language of a system's list, such as `en-GB`, that the program has; Swedish when it has none of them."""
    codes = (tag.partition("-")[0].casefold() for tag in spoken)
    return next((code for code in codes if code in languages()), "sv")


def languages() -> tuple[str, ...]:
    """Return the languages that have their texts here; Swedish always has."""
    folder = program_root() / "resources" / "locale"
    return tuple(code for code in LANGUAGES if code == "sv" or (folder / code / "LC_MESSAGES" / "ombudet.mo").is_file())
