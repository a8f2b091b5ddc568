"""The decision: how high the risk is, and whether the authority and the people are told."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout

from app.domain import severity
from app.domain.severity import Risk, duties
from app.i18n import _
from app.ui.incidents.clock_card import short_moment
from app.ui.incidents.severity_form import lower_first
from app.ui.kit.buttons import button
from app.ui.kit.cards import Card
from app.ui.kit.choice_fields import ChoiceField
from app.ui.kit.fields import Field, show_problems
from app.ui.kit.labels import PlainLabel
from app.ui.kit.text_field import TextField

YES, NO = "yes", "no"


@dataclass(frozen=True)
class Choice:
    """What the officer chose so far."""

    risk: Risk | None
    notify: bool | None
    inform: bool | None
    reason: str

    def deviates(self, suggested: Risk) -> bool:
        """Say whether it is something else than what is suggested."""
        if self.risk is None:
            return False
        wanted = duties(self.risk)
        return self.risk is not suggested or (self.notify, self.inform) != (wanted.notify, wanted.inform)


def problems(choice: Choice, suggested: Risk) -> dict[str, str]:
    """Return what is wrong with a decision, a sentence for each field.

    Source: Art. 33.1 GDPR (notify unless a risk is unlikely), Art. 34.1 (inform at a high risk).
    """
    found: dict[str, str] = {}
    if choice.risk is None:
        return {"risk": _("Välj hur hög risken är.")}
    if duties(choice.risk).notify and not choice.notify:
        found["notify"] = _("En incident med risk ska anmälas. Ändra annars risken och skriv varför.")
    if choice.inform and not choice.notify:
        found["inform"] = _("Den som informerar de berörda ska också anmäla.")
    if choice.deviates(suggested) and not choice.reason:
        found["reason"] = _("Skriv varför du väljer något annat än förslaget.")
    return found


class DecisionForm(Card):
    """Fields for the decision, with the suggestion above.

    Signals:
        decided: A `Choice` that is in order.
    """

    decided = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._suggested, self._stored = Risk.UNLIKELY, Choice(None, None, None, "")
        self._before = self._stored
        yes_no = [(YES, _("Ja")), (NO, _("Nej"))]
        self.title = PlainLabel(_("Beslut"), "h2")
        self.suggestion = PlainLabel("", "muted", wrap=True)
        self.risk = ChoiceField(_("Risk för de registrerade"), [(risk.value, severity.label(risk)) for risk in Risk])
        self.notify = ChoiceField(_("Anmäla till tillsynsmyndigheten?"), yes_no)
        self.inform = ChoiceField(_("Informera de berörda?"), yes_no)
        self.reason = TextField(_("Skäl"), _("Krävs när du avviker från förslaget. Skriv inga namn."), lines=3)
        self.state = PlainLabel("", "muted", wrap=True)
        self.save_button = button(_("Spara &beslutet"), "gavel", role="primary", tooltip=_("Ctrl+Enter"))
        self.fields: dict[str, Field] = {
            "risk": self.risk,
            "notify": self.notify,
            "inform": self.inform,
            "reason": self.reason,
        }
        self._build()
        self.risk.changed.connect(self._follow_risk)
        self.save_button.clicked.connect(self.submit)

    def _build(self) -> None:
        self.column.setContentsMargins(20, 16, 20, 16)
        self.column.setSpacing(12)
        self.add(self.title)
        self.add(self.suggestion)
        for field in self.fields.values():
            self.add(field)
        bottom = QHBoxLayout()
        bottom.addWidget(self.state, 1)
        bottom.addWidget(self.save_button, 0, Qt.AlignmentFlag.AlignBottom)
        self.column.addLayout(bottom)

    def choice(self) -> Choice:
        """Return what is chosen now."""
        risk = self.risk.value()
        return Choice(Risk(risk) if risk else None, _flag(self.notify), _flag(self.inform), self.reason.value())

    def has_unsaved(self) -> bool:
        """Say whether something is chosen or written that is not stored."""
        return self.choice() != self._stored

    def show_facts(self, facts: Any, suggested: Risk) -> None:
        """Show the stored decision, unless the officer is at work on another one."""
        is_untouched = not self.has_unsaved()
        self._suggested = suggested
        self._stored = Choice(facts.risk, facts.is_notify, facts.is_inform, facts.decision_reason)
        if is_untouched:
            self.put(self._stored)
        is_assessed = facts.score is not None
        self.suggestion.setText(
            _("Förslag: {risk}. {duties}.").format(
                risk=lower_first(severity.label(suggested)), duties=severity.duties_label(duties(suggested))
            )
            if is_assessed
            else _("Svara på frågorna i steg 4 först. Då räknas ett förslag fram.")
        )
        self.save_button.setEnabled(is_assessed and facts.closed_on is None)
        self.state.setText(
            _("Beslutat av {user} {at}.").format(user=facts.decided_by, at=short_moment(facts.decided_at))
            if facts.decided_at is not None
            else ""
        )

    def begin(self) -> None:
        """Forget what was shown: another incident comes."""
        self._stored = Choice(None, None, None, "")
        self.put(self._stored)

    def put(self, choice: Choice) -> None:
        """Show a choice."""
        for field in self.fields.values():
            field.set_problem("")
        self.risk.set_value(choice.risk.value if choice.risk else None)
        self.notify.set_value(_code(choice.notify))
        self.inform.set_value(_code(choice.inform))
        self.reason.set_value(choice.reason)

    def put_stored(self, parts: list[Any]) -> None:
        """Show a choice that was kept as a draft."""
        risk, notify, inform, reason = parts
        self.put(Choice(Risk(risk) if risk else None, notify, inform, reason))

    @Slot()
    def submit(self) -> None:
        """Check the choice and hand it on."""
        choice = self.choice()
        if self.save_button.isEnabled() and not show_problems(self.fields, problems(choice, self._suggested)):
            self._before, self._stored = self._stored, choice
            self.decided.emit(choice)

    def take_back(self) -> None:
        """The choice was not stored after all; it stays on screen as something unsaved."""
        self._stored = self._before

    @Slot()
    def _follow_risk(self) -> None:
        """Choose what the law asks for at the risk level; the officer can choose otherwise."""
        risk = self.choice().risk
        if risk is not None:
            self.notify.set_value(_code(duties(risk).notify))
            self.inform.set_value(_code(duties(risk).inform))


def _flag(field: ChoiceField) -> bool | None:
    value = field.value()
    return None if value is None else value == YES


def _code(value: bool | None) -> str | None:
    return None if value is None else YES if value else NO
