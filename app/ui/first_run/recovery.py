"""Third page: the recovery key, which must be on paper before the wizard goes on."""

import datetime as dt
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Slot
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QGridLayout

from app.i18n import _
from app.security import recovery_key
from app.ui.exports import save_as
from app.ui.kit.buttons import button
from app.ui.kit.cards import Card
from app.ui.kit.fields import LineField, show_problems
from app.ui.kit.flow import flow_widget
from app.ui.kit.labels import PlainLabel
from app.ui.kit.wizard import WizardPage

if TYPE_CHECKING:
    from app.security.vault_file import VaultKeys
    from app.ui.kit.jobs import Jobs

ASKED = 2


class Made(Protocol):
    """A vault with the key that is going on paper."""

    @property
    def folder(self) -> Path:
        """The vault."""

    @property
    def keys(self) -> "VaultKeys":
        """Its keys."""

    @property
    def recovery_key(self) -> str:
        """The key."""


class Making(Protocol):
    """Who made the key, and the lanes for printing it."""

    @property
    def made(self) -> Made | None:
        """What was made; None when nothing is."""

    @property
    def jobs(self) -> "Jobs":
        """The lanes."""


def problem(typed: str, groups: tuple[str, ...], number: int) -> str:
    """Return what is wrong with a group that was typed back, with its number; empty when it is right."""
    if recovery_key.groups(typed) == (groups[number - 1],):
        return ""
    if not typed:
        return _("Skriv grupp {number} från bladet.").format(number=number)
    if recovery_key.groups(typed) and recovery_key.groups(typed)[0] in groups:
        return _("Det där är en annan grupp. Skriv grupp {number}.").format(number=number)
    return _("Grupp {number} stämmer inte. Jämför tecken för tecken.").format(number=number)


class RecoveryPage(WizardPage):
    """Shows the key, saves or prints the sheet, and has two groups typed back."""

    def __init__(self, making: Making, today: Callable[[], dt.date]) -> None:
        super().__init__(
            _("Återställningsnyckel"),
            _(
                "Glömmer du lösenfrasen är detta enda vägen in. Skriv ut bladet och lås in det. Vi kan inte återställa åt dig."
            ),
        )
        self._making, self._today = making, today
        self._shown = ""
        self.asked: list[int] = []
        self.group_labels = [PlainLabel("", "h2", is_selectable=True) for _number in range(recovery_key.GROUPS)]
        self.save_button = button(_("&Spara som PDF …"), "file-down")
        self.print_button = button(_("Skriv &ut …"), "printer")
        self.status = PlainLabel("", "muted", wrap=True)
        self.typed = [LineField(_("Grupp {number}").format(number=number)) for number in range(1, ASKED + 1)]
        self._build()
        self.save_button.clicked.connect(self._save)
        self.print_button.clicked.connect(self._print)

    def _build(self) -> None:
        card, grid = Card(), QGridLayout()
        grid.setSpacing(12)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setWeight(QFont.Weight.DemiBold)
        for place, label in enumerate(self.group_labels):
            label.setFont(font)
            grid.addWidget(PlainLabel(str(place + 1), "muted"), place // 4 * 2, place % 4)
            grid.addWidget(label, place // 4 * 2 + 1, place % 4)
        card.column.addLayout(grid)
        holder, flow = flow_widget()
        flow.addWidget(self.save_button)
        flow.addWidget(self.print_button)
        self.column.addWidget(card)
        self.column.addWidget(holder)
        self.column.addWidget(self.status)
        text = _("Skriv av två av grupperna från bladet, så vet du att det går att läsa.")
        self.column.addWidget(PlainLabel(text, wrap=True))
        for field in self.typed:
            field.line.setMaximumWidth(180)
            self.column.addWidget(field)
        self.column.addStretch()

    def enter(self) -> None:
        """Show the key that was made; a new key asks for new groups."""
        made = self._making.made
        if made is None or made.recovery_key == self._shown:
            return
        self._shown = made.recovery_key
        self.status.setText("")
        for number, (label, group) in enumerate(zip(self.group_labels, self._groups(), strict=True), start=1):
            label.setText(group)
            label.setAccessibleName(_("Grupp {number}: {group}").format(number=number, group=" ".join(group)))
        self.asked = sorted(secrets.SystemRandom().sample(range(1, recovery_key.GROUPS + 1), ASKED))
        for number, field in zip(self.asked, self.typed, strict=True):
            name = _("Grupp {number}").format(number=number)
            field.label.setText(name)
            field.line.setAccessibleName(name)
            field.set_value("")
            field.set_problem("")

    def leave(self) -> bool:
        """Say whether both groups were typed as they are."""
        fields = {str(number): field for number, field in zip(self.asked, self.typed, strict=True)}
        checked = {name: problem(field.value(), self._groups(), int(name)) for name, field in fields.items()}
        return not show_problems(fields, {name: text for name, text in checked.items() if text})

    def clear(self) -> None:
        """Take the key off the screen."""
        self._shown = ""
        for label in self.group_labels:
            label.setText("")
            label.setAccessibleName("")

    def _groups(self) -> tuple[str, ...]:
        return recovery_key.groups(self._shown)

    def _sheet(self) -> bytes:
        from app.documents.recovery_sheet import write_recovery_sheet

        made = self._making.made
        if made is None:
            return b""
        name = made.folder.name.removesuffix(".ombud")
        return write_recovery_sheet(name, made.keys.vault_id, made.recovery_key, self._today())

    @Slot()
    def _save(self) -> None:
        self._making.jobs.run(lambda _job: self._sheet(), self._ask_where)

    def _ask_where(self, sheet: bytes) -> None:
        save_as(self, self._making.jobs, sheet, _("återställningsblad") + ".pdf")
        self.status.setText(_("Skriv ut bladet och ta sedan bort filen: den som har den kan öppna valvet."))

    @Slot()
    def _print(self) -> None:
        self._making.jobs.run(lambda _job: self._drawn(), self._ask_printer)

    def _drawn(self) -> list[tuple[int, int, bytes]]:
        """Draw the sheet's pages here, in a thread, at the printer's resolution."""
        from app.documents import preview
        from app.ui.kit.printing import DPI

        sheet = self._sheet()
        return [preview.page_rgb(sheet, number, DPI / 72) for number in range(preview.pages(sheet))]

    def _ask_printer(self, drawn: list[tuple[int, int, bytes]]) -> None:
        from app.ui.kit import printing

        printing.ask_and_print(self, _("Återställningsblad"), len(drawn), lambda number, _scale: drawn[number])
