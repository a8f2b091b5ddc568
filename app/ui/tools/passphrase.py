"""The form that changes the vault's passphrase."""

from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.errors import ExitCode, UserError
from app.i18n import _
from app.services import keys
from app.ui import passphrase_fields
from app.ui.context import Context
from app.ui.kit import messages
from app.ui.kit.fields import LineField
from app.ui.kit.forms import FormDialog
from app.ui.kit.labels import PlainLabel
from app.ui.passphrase_fields import PassphraseFields


class PassphraseForm(FormDialog):
    """The passphrase until now, and the new one twice."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent, _("Byt lösenfras"), _("Byt lösenfras"))
        self._context = context
        words = _(
            "Återställningsnyckeln på bladet gäller som förut. Äldre säkerhetskopior öppnas med den gamla lösenfrasen."
        )
        self.column.addWidget(PlainLabel(words, "muted", wrap=True))
        self.current = self.add("current", LineField(_("Nuvarande lösenfras"), is_secret=True))
        self.new = PassphraseFields(_("Ny lösenfras"))
        self.fields |= {"first": self.new.first, "second": self.new.second}
        self.column.addWidget(self.new)

    def problems(self) -> dict[str, str]:
        """Return what is wrong, a sentence per field."""
        found = passphrase_fields.problems(self.new.first.value(), self.new.second.value())
        if not self.current.value():
            found = {"current": _("Skriv den lösenfras som gäller nu."), **found}
        return found

    def save(self) -> None:
        """Change it in a thread: the key derivation takes a second."""
        vault, now = self._context.vault, self._context.now()
        current, new = self.current.value(), self.new.value()
        self._context.jobs.run(
            lambda _job: keys.change_passphrase(vault, new, current=current, now=now), self._tell, self.fail
        )

    def fail(self, error: Exception) -> None:
        """Say by the field that the passphrase until now is wrong; anything else as usual."""
        if isinstance(error, UserError) and error.code == ExitCode.WRONG_SECRET:
            self._set_saving(is_saving=False)
            self.current.set_problem(error.what)
            self.current.setFocus()
        else:
            super().fail(error)

    def _tell(self, _result: Any) -> None:
        messages.toast(self.parentWidget() or self, _("Lösenfrasen är bytt."))
        self.finish()
