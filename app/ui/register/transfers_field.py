"""The countries that data go to, a row for each: the country by name or letters, and what protects the data there."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.transfers import Transfer
from app.i18n import _, language
from app.reference import countries
from app.services.register_choices import safeguards
from app.ui.kit.buttons import button, icon_button
from app.ui.kit.fields import Field


def code_of(text: str) -> str:
    """Return a country's two letters; what is none stays as it was typed, for the check to refuse."""
    return countries.code_of(text) or text.strip()


class TransferRow(QWidget):
    """One country."""

    def __init__(self) -> None:
        super().__init__()
        self.country, self.safeguard = QLineEdit(), QComboBox()
        self.remove_button = icon_button("x", _("Ta bort landet"))
        self.country.setMaxLength(60)
        self.country.setMinimumWidth(120)
        self.country.setPlaceholderText(_("Land"))
        self.country.setAccessibleName(_("Land dit uppgifter förs"))
        self.safeguard.setAccessibleName(_("Skydd i landet"))
        self.safeguard.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.safeguard.addItem(_("Skyddet är inte känt"), "")
        for code, text in safeguards():
            self.safeguard.addItem(text, code)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.country, 1)
        row.addWidget(self.safeguard, 2)
        row.addWidget(self.remove_button)

    def value(self) -> Transfer:
        """Return the answer."""
        return Transfer(code_of(self.country.text()), self.safeguard.currentData())

    def set_value(self, transfer: Transfer) -> None:
        """Put an answer in."""
        self.country.setText(countries.name(transfer.country, language()))
        self.safeguard.setCurrentIndex(max(0, self.safeguard.findData(transfer.safeguard)))


class TransfersField(Field):
    """Any number of countries; a row without a country says nothing."""

    def __init__(self, label: str, hint: str = "") -> None:
        super().__init__(label, hint)
        self.rows: list[TransferRow] = []
        holder = QWidget()
        self._column = QVBoxLayout(holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.add_button: QPushButton = button(_("Lägg till land"), "plus")
        self._column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._finish(holder, self.add_button)
        self.add_button.setAccessibleName(_("Lägg till land"))
        self.add_button.clicked.connect(self._add_empty)

    def value(self) -> tuple[Transfer, ...]:
        """Return the answer."""
        return tuple(row.value() for row in self.rows if row.country.text().strip())

    def set_value(self, value: Sequence[Transfer]) -> None:
        """Put an answer in."""
        while self.rows:
            self._drop(self.rows[-1])
        for transfer in value:
            self._add(transfer)

    def _add(self, transfer: Transfer) -> TransferRow:
        row = TransferRow()
        row.set_value(transfer)
        row.country.textEdited.connect(self._edited)
        row.safeguard.activated.connect(self._edited)
        row.remove_button.clicked.connect(self._remove)
        self.rows.append(row)
        self._column.insertWidget(self._column.count() - 1, row)
        return row

    def _drop(self, row: TransferRow) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()

    @Slot()
    def _add_empty(self) -> None:
        self._add(Transfer("")).country.setFocus()

    @Slot()
    def _remove(self) -> None:
        gone = next(row for row in self.rows if row.remove_button is self.sender())
        self._drop(gone)
        self.add_button.setFocus()
        self._edited()
