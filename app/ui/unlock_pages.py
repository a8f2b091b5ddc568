"""The pages of the unlock window that most never see: the recovery key, and the new passphrase after it."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.errors import UserError
from app.i18n import _
from app.security import recovery_key
from app.ui.kit.buttons import button
from app.ui.kit.fields import LineField
from app.ui.kit.flow import flow_widget
from app.ui.kit.labels import PlainLabel
from app.ui.passphrase_fields import PassphraseFields


class Page(QWidget):
    """A column of fields over a row of buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)

    def add_buttons(self, *buttons: QWidget) -> None:
        """Put a row of buttons last."""
        holder, flow = flow_widget()
        for one in buttons:
            flow.addWidget(one)
        self.column.addWidget(holder)


class RecoveryPage(Page):
    """Asks for the recovery key."""

    def __init__(self) -> None:
        super().__init__()
        hint = _("Åtta grupper med fem tecken, från det utskrivna bladet. Stora och små bokstäver går lika bra.")
        self.key = LineField(_("Återställningsnyckel"), hint)
        self.continue_button = button(_("&Fortsätt"), "key-round", role="primary")
        self.back_button = button(_("&Tillbaka till lösenfrasen"), role="link")
        self.column.addWidget(self.key)
        self.add_buttons(self.continue_button, self.back_button)
        self.setFocusProxy(self.key)

    def is_well_typed(self) -> bool:
        """Say whether the key can be right; a mistyped group is named under it."""
        try:
            recovery_key.parse(self.key.value())
        except UserError as error:
            self.key.set_problem(f"{error.what} {error.do}")
            return False
        return True


class NewPassphrasePage(Page):
    """Asks for the passphrase that is to count from now on."""

    def __init__(self) -> None:
        super().__init__()
        self.fields = PassphraseFields(_("Ny lösenfras"))
        self.set_button = button(_("&Byt lösenfras och lås upp"), "lock-open", role="primary")
        self.cancel_button = button(_("Av&bryt"), role="link")
        self.column.addWidget(PlainLabel(_("Nyckeln stämmer. Välj nu en ny lösenfras till valvet."), wrap=True))
        self.column.addWidget(self.fields)
        self.add_buttons(self.set_button, self.cancel_button)
        self.setFocusProxy(self.fields)
