"""The form that makes a vault of a backup, in a new folder."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton, QWidget

from app.i18n import _
from app.security import vault_file
from app.services import restoring
from app.ui.context import Context
from app.ui.kit import messages
from app.ui.kit.buttons import button
from app.ui.kit.choosing import choose_folder, show_folder
from app.ui.kit.fields import LineField
from app.ui.kit.flow import flow_widget
from app.ui.kit.forms import FormDialog

SUFFIX = ".ombud"


class RestoreForm(FormDialog):
    """Which backup, where to, and its passphrase."""

    def __init__(self, context: Context, parent: QWidget, source: str = "") -> None:
        super().__init__(parent, _("Återställ en kopia"), _("Återställ"), width=560)
        self._context = context
        hint = _("En mapp som slutar på .ombud-backup.")
        self.source = self.add("source", LineField(_("Säkerhetskopia"), hint))
        self.source.set_value(source)
        self.source_button = self._chooser(_("Välj &kopia …"))
        self.place = self.add("place", LineField(_("Lägg valvet i mappen")))
        self.place_button = self._chooser(_("Välj &mapp …"))
        self.name = self.add("name", LineField(_("Valvets nya namn")))
        self.name.set_value(_("{name} återställt").format(name=context.vault.name))
        self.passphrase = self.add(
            "passphrase", LineField(_("Kopians lösenfras eller återställningsnyckel"), is_secret=True)
        )
        self.source_button.clicked.connect(self._choose_source)
        self.place_button.clicked.connect(self._choose_place)

    def _chooser(self, text: str) -> QPushButton:
        made = button(text, "folder-open")
        holder, flow = flow_widget()
        flow.addWidget(made)
        self.column.addWidget(holder)
        return made

    def target(self) -> Path:
        """Return the new vault's folder."""
        return Path(self.place.value()) / (self.name.value().removesuffix(SUFFIX) + SUFFIX)

    def problems(self) -> dict[str, str]:
        """Return what is wrong, a sentence per field."""
        found = {}
        if not self.source.value() or not vault_file.is_vault(Path(self.source.value())):
            found["source"] = _("Mappen är ingen säkerhetskopia. Välj en som slutar på .ombud-backup.")
        if not self.place.value() or not Path(self.place.value()).is_dir():
            found["place"] = _("Välj en mapp som finns.")
        if not self.name.value() or set(self.name.value()) & set('<>:"/\\|?*'):
            found["name"] = _('Skriv ett namn utan < > : " / \\ | ? *.')
        elif "place" not in found and self.target().exists():
            found["name"] = _("Det finns redan något med det namnet där. Välj ett annat.")
        if not self.passphrase.value():
            found["passphrase"] = _("Skriv kopians lösenfras eller återställningsnyckel.")
        return found

    def save(self) -> None:
        """Restore in a thread."""
        source, target = Path(self.source.value()), self.target()
        phrase, key = restoring.secret(self.passphrase.value())
        now = self._context.now()
        self._context.jobs.run(
            lambda _job: restoring.restore(source, target, passphrase=phrase, recovery_key=key, now=now),
            self._tell,
            self.fail,
            _("Återställer …"),
        )

    def _tell(self, done: restoring.Restored) -> None:
        folder = done.folder
        window = self.parentWidget() or self
        text = _("Valvet är återställt: {name}").format(name=folder.name)
        messages.toast(window, text, _("Visa i mapp"), lambda: show_folder(folder))
        self.finish()

    @Slot()
    def _choose_source(self) -> None:
        choose_folder(self, _("Säkerhetskopia"), lambda folder: self.source.set_value(str(folder)))

    @Slot()
    def _choose_place(self) -> None:
        choose_folder(self, _("Lägg valvet i mappen"), lambda folder: self.place.set_value(str(folder)))
