"""What somebody new does first; the card goes away when all is done, or when it is closed."""

from dataclasses import astuple, dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout

from app.i18n import _
from app.ui.kit.buttons import icon_button
from app.ui.kit.cards import Card
from app.ui.kit.labels import PlainLabel
from app.ui.kit.steps import StepButtons, StepRow


@dataclass(frozen=True)
class Progress:
    """How far a new vault has come."""

    has_address: bool
    has_import: bool
    has_request: bool
    has_backup: bool
    has_register: bool = False

    @property
    def is_done(self) -> bool:
        """Return whether nothing is left."""
        return all(astuple(self))


class GettingStarted(Card):
    """Five things to begin with, each a way to its place.

    Signals:
        wanted: A place, such as `tab:inbox` or `tool:backup`.
        closed: The user put the card away.
    """

    wanted = Signal(str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._places: list[str] = []
        self.close_button = icon_button("x", _("Stäng listan Kom igång"))
        self.steps = StepButtons(_("Kom igång"))
        row = QHBoxLayout()
        row.addWidget(PlainLabel(_("Kom igång"), "h2"), 1)
        row.addWidget(self.close_button)
        self.column.addLayout(row)
        self.column.addWidget(self.steps)
        self.steps.chosen.connect(self._choose)
        self.close_button.clicked.connect(self.closed)

    def set_progress(self, progress: Progress) -> None:
        """Tick off what is done."""
        rows = (
            ("tool:company", _("Fyll i adressen i företagsprofilen"), progress.has_address),
            ("tab:lookup", _("Importera ert kundregister"), progress.has_import),
            ("tab:register", _("Gå igenom behandlingarna"), progress.has_register),
            ("tab:inbox", _("Registrera en begäran"), progress.has_request),
            ("tool:backup", _("Gör en säkerhetskopia"), progress.has_backup),
        )
        self._places = [place for place, _title, _is_done in rows]
        self.steps.set_steps([StepRow(title, is_done=is_done) for _place, title, is_done in rows])

    @Slot(int)
    def _choose(self, number: int) -> None:
        self.wanted.emit(self._places[number])
