"""What the tab's small forms ask."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.domain import channels
from app.domain.channels import Channel, MarketingChannel
from app.domain.subjects import HoldKind
from app.i18n import _
from app.services.subjects import CardRow
from app.ui.kit.choice_fields import ChoiceField, ChoicesField
from app.ui.kit.date_fields import DateField
from app.ui.kit.fields import ComboField, LineField
from app.ui.kit.foreign import many_lines, one_line
from app.ui.kit.forms import FormDialog
from app.ui.kit.labels import PlainLabel
from app.ui.kit.text_field import TextField

REVIEW_AFTER = dt.timedelta(days=180)
Today = Callable[[], dt.date]


class Form(FormDialog):
    """Fields with an explanation over them.  Whoever opened it carries the act out, then calls `finish` or `fail`.

    Signals:
        given: The answers by name, once nothing is wrong with them.
    """

    given = Signal(object)

    def __init__(self, parent: QWidget | None, title: str, intro: str, verb: str) -> None:
        super().__init__(parent, title, verb)
        self.setAccessibleDescription(intro)
        self.column.addWidget(PlainLabel(intro, wrap=True))

    def answers(self) -> dict[str, Any]:
        """Return what was answered."""
        return self.values()

    def save(self) -> None:
        """Hand the answers over."""
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
        self.add("reason", LineField(_("Skäl"), _("Till exempel: svar på begäran B-2026-001.")))

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
        kind = self.add("kind", ChoiceField(_("Varför"), [(kind.value, kind.label) for kind in HoldKind]))
        kind.set_value(HoldKind.DISPUTE.value)
        self.add("reason", TextField(_("Skäl"), _("Stannar i valvet och skrivs aldrig ut."), lines=3))
        self.add("review_on", DateField(_("Prövas igen"), today)).set_value(today() + REVIEW_AFTER)

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
        self._channels = self.add("channels", ChoicesField(_("Ingen reklam via"), choices, is_row=False))
        self._channels.set_value([channel.value for channel in stopped])
        for channel in stopped:
            self._channels.buttons[channel.value].setEnabled(False)
        free = next((made for made in self._channels.buttons.values() if made.isEnabled()), None)
        self._channels.setFocusProxy(free or self.cancel_button)

    def _words(self, channel: MarketingChannel) -> str:
        since = self._stopped.get(channel)
        if since is not None:
            return _("{channel} – spärrad sedan {day}").format(channel=channels.label(channel), day=since.isoformat())
        if channel in self._stopped:
            return _("{channel} – spärrad enligt registret").format(channel=channels.label(channel))
        return channels.label(channel)

    def answers(self) -> dict[str, Any]:
        """Return the channels that are new."""
        chosen = [MarketingChannel(code) for code in self._channels.value()]
        return {"channels": [channel for channel in chosen if channel not in self._stopped]}

    def problems(self) -> dict[str, str]:
        """Return what is wrong."""
        return {} if self.answers()["channels"] else {"channels": _("Välj minst en kanal som inte redan är spärrad.")}


class CorrectForm(Form):
    """The right value, and how the office knows.  Source: Art. 16 GDPR."""

    def __init__(self, parent: QWidget | None, row: CardRow, cases: Sequence[tuple[int, str]]) -> None:
        super().__init__(
            parent,
            _("Rätta en uppgift"),
            _("Både det gamla och det nya värdet sparas. Källsystemen ändrar du för hand, och mottagarna ska få veta."),
            _("Rätta"),
        )
        before = TextField(_("{label}, som den är nu").format(label=one_line(row.label)), lines=2)
        before.set_value(many_lines(row.value, 5_000))
        before.text.setReadOnly(True)
        self.column.addWidget(before)
        self.add("value", TextField(_("Rätt värde"), lines=2))
        self.add("reason", LineField(_("Hur vet ni det?"), _("Till exempel: intyg visat den 3 november.")))
        if cases:
            none = ("", _("Inget ärende"))
            choices = [none, *((str(key), number) for key, number in cases)]
            self.add("request_id", ComboField(_("Hör till ärendet"), choices, is_optional=True))

    def problems(self) -> dict[str, str]:
        """Return what is wrong."""
        answers, found = self.answers(), {}
        if not answers["value"].strip():
            found["value"] = _("Skriv det rätta värdet.")
        if not answers["reason"]:
            found["reason"] = _("Skriv hur ni vet att det nya värdet är rätt.")
        return found


class ApartForm(Form):
    """Which records are somebody else after all."""

    def __init__(self, parent: QWidget | None, parts: Sequence[tuple[int, str]]) -> None:
        super().__init__(
            parent,
            _("Ta isär personen"),
            _("Posterna blir egna personer igen, med sina uppgifter. Programmet föreslår dem inte som en person igen."),
            _("Ta isär"),
        )
        choices = [(str(key), one_line(name, 80)) for key, name in parts]
        self.add("only", ChoicesField(_("Vilka poster är någon annan?"), choices, is_row=False))

    def problems(self) -> dict[str, str]:
        """Return what is wrong."""
        return {} if self.answers()["only"] else {"only": _("Välj minst en post.")}


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
        self._kind = self.add(
            "kind",
            ChoiceField(
                _("Vem vill ha utdraget?"),
                [(self.ASKED, _("Personen har begärt det")), (self.OWN, _("Vi själva, utan begäran"))],
                is_row=False,
            ),
        )
        self._kind.set_value(self.ASKED)
        self.add("received_on", DateField(_("Begäran inkom"), today)).set_value(today())
        self.add("channel", ComboField(_("Kom via"), [(channel.value, channels.label(channel)) for channel in Channel]))
        self._kind.changed.connect(self._show_parts)

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
            self.fields[name].setVisible(self._kind.value() == self.ASKED)
