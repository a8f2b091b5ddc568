"""The form that tries whether a backup can be restored: it is restored for real, read, and taken away again."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from app.i18n import _
from app.security import vault_file
from app.services import restoring
from app.ui.context import Context
from app.ui.kit import messages
from app.ui.kit.buttons import button
from app.ui.kit.choosing import choose_folder
from app.ui.kit.fields import LineField
from app.ui.kit.flow import flow_widget
from app.ui.kit.forms import FormDialog
from app.ui.tools.backup_list import told


class TrialForm(FormDialog):
    """Which backup, and its passphrase."""

    def __init__(self, context: Context, parent: QWidget, source: str = "") -> None:
        super().__init__(parent, _("Provåterställ en kopia"), _("Provåterställ"), width=560)
        self._context = context
        hint = _("En mapp som slutar på .ombud-backup. Kopian återställs i en tillfällig mapp, läses och tas bort.")
        self.source = self.add("source", LineField(_("Säkerhetskopia"), hint))
        self.source.set_value(source)
        self.source_button = button(_("Välj &kopia …"), "folder-open")
        holder, flow = flow_widget()
        flow.addWidget(self.source_button)
        self.column.addWidget(holder)
        self.passphrase = self.add(
            "passphrase", LineField(_("Kopians lösenfras eller återställningsnyckel"), is_secret=True)
        )
        self.source_button.clicked.connect(self._choose)

    def problems(self) -> dict[str, str]:
        """Return what is wrong, a sentence per field."""
        found = {}
        if not self.source.value() or not vault_file.is_vault(Path(self.source.value())):
            found["source"] = _("Mappen är ingen säkerhetskopia. Välj en som slutar på .ombud-backup.")
        if not self.passphrase.value():
            found["passphrase"] = _("Skriv kopians lösenfras eller återställningsnyckel.")
        return found

    def save(self) -> None:
        """Try it in a thread."""
        source, now = Path(self.source.value()), self._context.now()
        phrase, key = restoring.secret(self.passphrase.value())
        place = self._context.vault.folder
        self._context.jobs.run(
            lambda _job: restoring.trial(source, place, passphrase=phrase, recovery_key=key, now=now),
            self._tell,
            self.fail,
            _("Provåterställer …"),
        )

    def _tell(self, counts: dict[str, int]) -> None:
        text = _("Kopian går att återställa: {counts}").format(counts=told(counts))
        messages.toast(self.parentWidget() or self, text)
        self.finish()

    @Slot()
    def _choose(self) -> None:
        choose_folder(self, _("Säkerhetskopia"), lambda folder: self.source.set_value(str(folder)))
