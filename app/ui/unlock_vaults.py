"""The unlock window's list of the vaults that were open on this computer."""

from pathlib import Path

from app.i18n import _
from app.ui.comfort import Comfort
from app.ui.kit.fields import ComboField


class VaultField(ComboField):
    """Chooses a vault; the latest first, and in view only when there is one.

    Args:
        comfort: Knows which vaults were open here.
    """

    def __init__(self, comfort: Comfort) -> None:
        super().__init__(_("Valv"), [])
        self._comfort = comfort
        self._folders: dict[str, Path] = {}

    def show_vaults(self, folder: Path | None) -> bool:
        """List the vaults, with `folder` first; return whether there is any."""
        opened_on = {one.folder: one.opened_on for one in self._comfort.recent()}
        folders = list(dict.fromkeys([*([folder.absolute()] if folder else []), *opened_on]))
        self._folders = {str(one): one for one in folders}
        choices = [(str(one), _words(one, opened_on.get(one, ""))) for one in folders]
        self.set_choices(choices)
        self.set_value(choices[0][0] if choices else None)
        self.setVisible(bool(choices))
        return bool(choices)

    def folder(self) -> Path | None:
        """Return the chosen vault's folder."""
        return self._folders.get(self.value() or "")


def _words(folder: Path, opened_on: str) -> str:
    name = folder.name.removesuffix(".ombud")
    return _("{name} – öppnades {day}").format(name=name, day=opened_on) if opened_on else name
