"""Last page: where backups go, and when the vault locks itself."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout

from app.i18n import _, ngettext
from app.ui.first_run.making import Making
from app.ui.kit.buttons import button
from app.ui.kit.choosing import choose_folder
from app.ui.kit.fields import ComboField, LineField, show_problems
from app.ui.kit.labels import PlainLabel
from app.ui.kit.theme import Tone
from app.ui.kit.wizard import WizardPage

MINUTES = (1, 2, 5, 10, 15, 30)


def is_same_disk(folder: Path, other: Path) -> bool:
    """Say whether two folders are on the same disk, as far as the system tells."""
    try:
        return folder.stat().st_dev == other.stat().st_dev
    except OSError:
        return False


def minutes_field(chosen: int) -> ComboField:
    """Return the choice of idle minutes."""
    choices = [(str(n), ngettext("{n} minut", "{n} minuter", n).format(n=n)) for n in sorted({*MINUTES, chosen})]
    field = ComboField(_("Lås valvet när ingen rört tangentbord eller mus på"), choices)
    field.set_value(str(chosen))
    return field


class ProtectionPage(WizardPage):
    """The backup folder and the idle minutes."""

    def __init__(self, making: Making, finish: Callable[[], None]) -> None:
        super().__init__(_("Skydd"), _("En säkerhetskopia på en annan disk räddar dig den dag datorn går sönder."))
        self._making, self._finish_vault = making, finish
        hint = _("En USB-disk eller en mapp på en server. Kopian är krypterad som valvet.")
        self.folder = LineField(_("Mapp för säkerhetskopior"), hint, is_optional=True)
        self.folder_button = button(_("&Välj …"), "folder-open")
        self.same_disk = PlainLabel(
            _("Mappen är på samma disk som valvet. Går disken sönder försvinner båda."), wrap=True
        )
        self.same_disk.set_tone(Tone.WARN)
        self.same_disk.hide()
        self.minutes = minutes_field(10)
        self.status = PlainLabel("", "muted", wrap=True)
        self._build()
        self.folder_button.clicked.connect(self._choose)
        self.folder.left.connect(self._compare)

    def _build(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.folder_button)
        row.addStretch()
        self.column.addWidget(self.folder)
        self.column.addLayout(row)
        for part in (self.same_disk, self.minutes, self.status):
            self.column.addWidget(part)
        self.column.addStretch()

    def problems(self) -> dict[str, str]:
        """Return what is wrong, a sentence per field."""
        folder = self.folder.value()
        return {"folder": _("Mappen finns inte. Välj en annan.")} if folder and not Path(folder).is_dir() else {}

    def leave(self) -> bool:
        """Begin to make the vault when the answers can be used; the page is left when that is done."""
        if not show_problems({"folder": self.folder}, self.problems()):
            self._finish_vault()
        return False

    def values(self) -> dict[str, Any]:
        """Return the facts for the vault's settings."""
        return {"backup_folder": self.folder.value(), "lock_minutes": int(self.minutes.value() or 10)}

    @Slot()
    def _choose(self) -> None:
        choose_folder(self, _("Mapp för säkerhetskopior"), self._set)

    def _set(self, folder: Path) -> None:
        self.folder.set_value(str(folder))
        self.folder.set_problem("")
        self._compare()

    @Slot()
    def _compare(self) -> None:
        made, folder = self._making.made, self.folder.value()
        self.same_disk.setVisible(
            bool(made and folder) and is_same_disk(Path(folder), made.unfinished if made else Path())
        )
