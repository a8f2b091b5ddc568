"""Second page: the passphrase.  Leaving it makes the keys, outside the main thread."""

from app.i18n import _
from app.ui.first_run.making import Making
from app.ui.kit.labels import PlainLabel
from app.ui.kit.wizard import WizardPage
from app.ui.passphrase_fields import PassphraseFields


class PassphrasePage(WizardPage):
    """Two fields, how strong it is, and a suggestion."""

    def __init__(self, making: Making) -> None:
        super().__init__(
            _("Lösenfras"),
            _("Lösenfrasen låser upp valvet. Ingen annan kan den, inte heller den som gjorde programmet."),
        )
        self._making = making
        self.fields = PassphraseFields(_("Lösenfras"))
        self.status = PlainLabel("", "muted", wrap=True)
        self.column.addWidget(self.fields)
        self.column.addWidget(self.status)
        self.column.addStretch()

    def enter(self) -> None:
        """Be ready for another passphrase."""
        self.status.setText("")

    def leave(self) -> bool:
        """Say whether the keys are made; start making them when they are not."""
        if not self.fields.check():
            return False
        if self._making.is_begun_with(self.fields.value()):
            return True
        self.status.setText(_("Gör valvets nycklar … Det tar någon sekund."))
        self._making.begin(self.fields.value())
        return False
