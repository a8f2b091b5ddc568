"""The decision about each right in a request: outcome, ground and reason."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from app.domain import lifecycle, rights
from app.domain.request_facts import Decision, Facts
from app.domain.rights import RULES, Right
from app.domain.status import Outcome, label
from app.i18n import _, language
from app.reference.rights import right_texts
from app.services import requests
from app.ui.context import Context
from app.ui.inbox.case import Case
from app.ui.inbox.case_dialogs import CaseForm
from app.ui.kit.cards import Card
from app.ui.kit.choice_fields import ChoiceField
from app.ui.kit.fields import ComboField, Field
from app.ui.kit.labels import PlainLabel
from app.ui.kit.text_field import TextField

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

REFUSING = (Outcome.REFUSED, Outcome.PARTLY)


class DecideDialog(CaseForm):
    """Decides the rights of a request, all that are filled in at once."""

    def __init__(self, parent: QWidget | None, context: Context, case: Case) -> None:
        super().__init__(parent, context, case, (_("Besluta"), _("Besluta")))
        self.parts = [RightPart(decision, case.facts) for decision in case.facts.rights]
        for part in self.parts:
            self.column.addWidget(part)
            for name, field in part.fields.items():
                self.fields[f"{part.decision.right.value}_{name}"] = field

    def decisions(self) -> list[Decision]:
        """Return the rights that have an outcome in the form."""
        return [decision for part in self.parts if (decision := part.answer()) is not None]

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by field."""
        decided = self.decisions()
        if not decided:
            name = f"{self.parts[0].decision.right.value}_outcome" if self.parts else ""
            return {name: _("Välj hur rättigheten avgörs.")}
        found = {}
        for decision in decided:
            why = lifecycle.why_not_decide(self.case.facts, decision)
            if why:
                missing = decision.is_refusal and not decision.reason.strip()
                found[f"{decision.right.value}_{'reason' if missing else 'outcome'}"] = why
            elif decision.is_refusal and not decision.ground:
                found[f"{decision.right.value}_ground"] = _("Välj den grund i lagen som avslaget vilar på.")
        return found

    def save(self) -> None:
        """Record the decisions."""
        self.write(partial(_decide, self.case.request.id, self.decisions(), self.today))


class RightPart(Card):
    """One right: how it is decided, on which ground, and why."""

    def __init__(self, decision: Decision, facts: Facts) -> None:
        super().__init__()
        self.decision = decision
        texts = right_texts(decision.right)
        title = rights.label(decision.right)
        article = rights.article(decision.right)
        self.add(PlainLabel(f"{title} ({article})" if article else title, "h2", wrap=True))
        self.outcome = ChoiceField(_("Utfall"), [(one.value, label(one)) for one in offered(decision.right)])
        self.ground = ComboField(_("Grund"), [])
        self.reason = TextField(_("Skäl"), _("Personen får läsa det. Skriv så att det går att förstå."), lines=3)
        self.fields: dict[str, Field] = {"outcome": self.outcome, "ground": self.ground, "reason": self.reason}
        for field in self.fields.values():
            self.add(field)
        self._texts = texts
        known = decision.outcome or proposal(decision, facts)
        self.outcome.set_value(known.value if known else None)
        self.reason.set_value(decision.reason)
        self.outcome.changed.connect(self._fit)
        self._fit()
        self.ground.set_value(decision.ground or None)

    @Slot()
    def _fit(self) -> None:
        """Offer the grounds that go with the outcome."""
        code = self.outcome.value()
        is_refusal = code is not None and Outcome(code) in REFUSING
        grounds = self._texts.refusals if is_refusal else self._texts.grounds if code == Outcome.GRANTED else ()
        named = [(one.code, f"{one.shown(language())} ({one.article})") for one in grounds]
        self.ground.set_choices([("", _("Välj grund")), *named])
        self.ground.setVisible(bool(named))
        self.reason.setVisible(is_refusal)

    def answer(self) -> Decision | None:
        """Return the decision, None while no outcome is chosen."""
        code = self.outcome.value()
        if code is None:
            return None
        is_refusal = Outcome(code) in REFUSING
        return Decision(
            right=self.decision.right,
            outcome=Outcome(code),
            ground=(self.ground.value() or "") if not self.ground.isHidden() else "",
            reason=self.reason.value() if is_refusal else "",
        )


def offered(right: Right) -> list[Outcome]:
    """Return the outcomes that this right can have."""
    left_out = set() if RULES[right].can_refuse else set(REFUSING)
    if not RULES[right].needs_lookup:
        left_out.add(Outcome.NO_DATA)
    return [outcome for outcome in Outcome if outcome not in left_out]


def proposal(decision: Decision, facts: Facts) -> Outcome | None:
    """Return the outcome that lies near: nothing was found, the copy is made, or it cannot be refused."""
    rule = RULES[decision.right]
    if rule.needs_lookup and facts.has_lookup and not facts.has_subject:
        return Outcome.NO_DATA
    if not rule.can_refuse or (rule.needs_extract and facts.has_extract):
        return Outcome.GRANTED
    return None


def _decide(request_id: int, decided: list[Decision], today: "dt.date", session: "Session") -> None:
    for decision in decided:
        requests.decide(session, request_id, decision, today=today)
