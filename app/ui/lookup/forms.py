"""The tab's small forms: a window-modal frame with fields, and what each of them asks."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.domain import channels
from app.domain.channels import Channel, MarketingChannel
from app.domain.subjects import HoldKind
from app.i18n import _
from app.ui.kit.buttons import button
from app.ui.kit.date_fields import DateField
from app.ui.kit.fields import ChoiceField, ChoicesField, ComboField, Field, LineField, TextField, show_problems
from app.ui.kit.labels import PlainLabel

REVIEW_AFTER = dt.timedelta(days=180)
Today = Callable[[], dt.date]


class Form(QDialog):
    """Fields with a verb under them.  Ctrl+Enter finishes, Esc leaves; what is wrong is shown under its field.

    Args:
        parent: The window.
        title: What it is for; never a name.
        intro: A sentence or two.
        verb: The text of the button.

    Signals:
        given: The answers by name, once nothing is wrong.  The dialog stays until `accept` is called.
    """

    given = Signal(object)

    def __init__(self, parent: QWidget | None, title: str, intro: str, verb: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleDescription(intro)
        self.fields: dict[str, Field] = {}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 16, 16, 12)
        self.column.setSpacing(12)
        self.column.addWidget(PlainLabel(title, "h1", wrap=True))
        self.column.addWidget(PlainLabel(intro, wrap=True))
        self.cancel_button, self.verb_button = button(_("Avbryt")), button(verb, role="primary")
        self.verb_button.setDefault(True)
        self.cancel_button.clicked.connect(self.reject)
        self.verb_button.clicked.connect(self.give)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.give)
        self.setMinimumWidth(480)

    def set_fields(self, fields: Mapping[str, Field]) -> None:
        """Put the fields in, and the buttons under them."""
        self.fields = dict(fields)
        for field in self.fields.values():
            self.column.addWidget(field)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self.cancel_button)
        row.addWidget(self.verb_button)
        self.column.addStretch()
        self.column.addLayout(row)
        next(iter(self.fields.values())).setFocus()

    def answers(self) -> dict[str, Any]:
        """Return what the fields say."""
        return {name: field.value() for name, field in self.fields.items()}

    def problems(self) -> dict[str, str]:
        """Return what is wrong, a sentence per field."""
        return {}

    @Slot()
    def give(self) -> None:
        """Hand the answers over, or show what is wrong with them."""
        if not show_problems(self.fields, self.problems()):
            self.given.emit(self.answers())


class ReasonForm(Form):
    """Why a protected person's record is opened."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(
            parent,
            _("Öppna skyddade uppgifter"),
            _("Personen har skyddade personuppgifter. Skriv varför du behöver dem. Att du öppnar dem sparas i loggen."),
            _("Öppna"),
        )
        self.set_fields({"reason": LineField(_("Skäl"), _("Till exempel: svar på begäran B-2026-001."))})

    def problems(self) -> dict[str, str]:
        """Return what is wrong."""
        return {} if self.answers()["reason"] else {"reason": _("Skriv ett skäl. Utan skäl öppnas inget.")}


class HoldForm(Form):
    """A stop on the erasure of a person's data."""

    def __init__(self, parent: QWidget | None, today: Today) -> None:
        super().__init__(
            parent,
            _("Sätt gallringsstopp"),
            _("Så länge stoppet gäller raderas inget om personen. Någon måste pröva det igen den dag du anger."),
            _("Sätt stopp"),
        )
        self._today = today
        review = DateField(_("Prövas igen"), today)
        review.set_value(today() + REVIEW_AFTER)
        kind = ChoiceField(_("Varför"), [(kind.value, kind.label) for kind in HoldKind])
        kind.set_value(HoldKind.DISPUTE.value)
        self.set_fields(
            {
                "kind": kind,
                "reason": TextField(_("Skäl"), _("Stannar i valvet och skrivs aldrig ut."), lines=3),
                "review_on": review,
            }
        )

    def problems(self) -> dict[str, str]:
        """Return what is wrong."""
        answers, found = self.answers(), {}
        if not answers["reason"]:
            found["reason"] = _("Skriv vilken tvist eller utredning det gäller.")
        if answers["review_on"] is None or answers["review_on"] <= self._today():
            found["review_on"] = _("Ange en dag framåt i tiden, till exempel +180.")
        return found


class OptOutForm(Form):
    """Channels in which the person does not want marketing; those stopped already cannot be unticked here."""

    def __init__(self, parent: QWidget | None, stopped: Mapping[MarketingChannel, dt.date | None]) -> None:
        super().__init__(
            parent,
            _("Reklamspärr"),
            _("Spärren gäller genast och finns kvar när andra uppgifter gallras. Källsystemen ändrar du för hand."),
            _("Spärra"),
        )
        self._stopped = stopped
        choices = [(channel.value, self._words(channel)) for channel in MarketingChannel]
        field = ChoicesField(_("Ingen reklam via"), choices, is_row=False)
        field.set_value([channel.value for channel in stopped])
        for channel in stopped:
            field.buttons[channel.value].setEnabled(False)
        self.set_fields({"channels": field})
        free = next((made for made in field.buttons.values() if made.isEnabled()), self.cancel_button)
        free.setFocus()

    def _words(self, channel: MarketingChannel) -> str:
        since = self._stopped.get(channel)
        if since is not None:
            return _("{channel} – spärrad sedan {day}").format(channel=channels.label(channel), day=since.isoformat())
        if channel in self._stopped:
            return _("{channel} – spärrad enligt registret").format(channel=channels.label(channel))
        return channels.label(channel)

    def answers(self) -> dict[str, Any]:
        """Return the channels that are new."""
        chosen = [MarketingChannel(code) for code in self.fields["channels"].value()]
        return {"channels": [channel for channel in chosen if channel not in self._stopped]}

    def problems(self) -> dict[str, str]:
        """Return what is wrong."""
        return {} if self.answers()["channels"] else {"channels": _("Välj minst en kanal som inte redan är spärrad.")}


class ExtractForm(Form):
    """Whether the person has asked for the extract, or the office wants it for itself."""

    ASKED, OWN = "asked", "own"

    def __init__(self, parent: QWidget | None, today: Today) -> None:
        super().__init__(
            parent,
            _("Registerutdrag"),
            _("Har personen begärt utdraget får det ett ärende med frist. Annars görs det för er egen kontroll."),
            _("Fortsätt"),
        )
        self._today = today
        kind = ChoiceField(
            _("Vem vill ha utdraget?"),
            [(self.ASKED, _("Personen har begärt det")), (self.OWN, _("Vi själva, utan begäran"))],
            is_row=False,
        )
        kind.set_value(self.ASKED)
        received = DateField(_("Begäran inkom"), today)
        received.set_value(today())
        channel = ComboField(_("Kom via"), [(channel.value, channels.label(channel)) for channel in Channel])
        self.set_fields({"kind": kind, "received_on": received, "channel": channel})
        kind.changed.connect(self._show_parts)

    def problems(self) -> dict[str, str]:
        """Return what is wrong."""
        answers = self.answers()
        if answers["kind"] == self.OWN:
            return {}
        if answers["received_on"] is None or answers["received_on"] > self._today():
            return {"received_on": _("Ange den dag begäran kom, i dag eller tidigare.")}
        return {}

    @Slot()
    def _show_parts(self) -> None:
        for name in ("received_on", "channel"):
            self.fields[name].setVisible(self.fields["kind"].value() == self.ASKED)
