"""The form of one activity: the points of Art. 30.1 a to g in their order, and what the law asks besides."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.i18n import _
from app.services.register import ActivityFacts, problems
from app.services.register_choices import Choosable
from app.ui.kit.cards import InfoCard
from app.ui.kit.date_fields import DateField
from app.ui.kit.fields import ChoicesField, ComboField, Field, LineField, TextField, show_problems
from app.ui.kit.labels import PlainLabel
from app.ui.register.columns import origin

AUTOMATED, PROFILING = "automated", "profiling"


class ActivityForm(QWidget):
    """Shows and takes what the register says about one activity.

    Signals:
        changed: The user changed something.
    """

    changed = Signal()

    def __init__(self, parent: QWidget, choices: Choosable, today: Callable[[], date]) -> None:
        super().__init__(parent)
        self.hide()
        self._purposes = {code for code, _text in choices.purposes}
        self._recipients = {code for code, _text in choices.recipients}
        self._kept: tuple[str, ...] = ()
        self._build_fields(choices, today)
        self._lay_out(choices)
        for field in self.fields.values():
            field.changed.connect(self.changed)

    def _build_fields(self, choices: Choosable, today: Callable[[], date]) -> None:
        self.name = LineField(_("Behandlingens namn"))
        self.purposes = ChoicesField(_("Ändamål"), choices.purposes)
        self.own_purposes = TextField(_("Egna ändamål"), _("Ett på varje rad."), is_optional=True, lines=2)
        self.subjects = ChoicesField(_("Grupper av registrerade"), choices.subjects)
        self.categories = ChoicesField(_("Kategorier av uppgifter"), choices.categories)
        self.recipients = ChoicesField(_("Mottagare"), choices.recipients)
        self.transfers = TextField(
            _("Överföring utanför EU/EES"), _("Land, och vad som skyddar uppgifterna där."), lines=2
        )
        self.rule = ComboField(_("Gallringsregel"), [("", _("Ingen än")), *choices.rules])
        self.security = TextField(_("Skyddsåtgärder i stora drag"), lines=3)
        self.legal_basis = ComboField(_("Rättslig grund"), [("", _("Välj …")), *choices.legal_bases])
        self.basis_note = TextField(
            _("Om grunden"), _("Till exempel intresset vid en intresseavvägning."), is_optional=True, lines=2
        )
        self.automation = ChoicesField(
            _("Särskilt"), ((AUTOMATED, _("Automatiserade beslut")), (PROFILING, _("Profilering")))
        )
        self.review_on = DateField(_("Ses över"), today, is_optional=True)
        self.fields: dict[str, Field] = {
            "name": self.name,
            "purposes": self.purposes,
            "own_purposes": self.own_purposes,
            "subjects": self.subjects,
            "categories": self.categories,
            "recipients": self.recipients,
            "transfers": self.transfers,
            "rule": self.rule,
            "security": self.security,
            "legal_basis": self.legal_basis,
            "basis_note": self.basis_note,
            "automation": self.automation,
            "review_on": self.review_on,
        }

    def _lay_out(self, choices: Choosable) -> None:
        self.origin = InfoCard()
        answers = _("{controller}\nDataskyddsombud: {officer}").format(
            controller=choices.controller or _("Inte angiven"), officer=choices.officer or _("inte angivet")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(12)
        column.addWidget(self.name)
        self._add(column, _("a) Ansvarig"), PlainLabel(answers, wrap=True, is_selectable=True))
        self._add(column, _("b) Varför"), self.purposes, self.own_purposes)
        self._add(column, _("c) Vilka och vad"), self.subjects, self.categories)
        self._add(column, _("d) Vem får del av uppgifterna"), self.recipients)
        self._add(column, _("e) Tredjeland"), self.transfers)
        self._add(column, _("f) Hur länge"), self.rule)
        self._add(column, _("g) Hur uppgifterna skyddas"), self.security)
        self._add(column, _("Grund och granskning"), self.legal_basis, self.basis_note, self.automation, self.review_on)
        column.addWidget(self.origin)
        column.addStretch()

    def _add(self, column: QVBoxLayout, title: str, *parts: QWidget) -> None:
        column.addWidget(PlainLabel(title, "h2"))
        for part in parts:
            column.addWidget(part)

    def show_facts(self, facts: ActivityFacts, section: str, requirements: list[str]) -> None:
        """Show an activity."""
        self.name.set_value(facts.name)
        self.purposes.set_value(facts.purposes)
        self.own_purposes.set_value("\n".join(code for code in facts.purposes if code not in self._purposes))
        self.subjects.set_value(facts.subjects)
        self.categories.set_value(facts.categories)
        self.recipients.set_value(facts.recipients)
        self._kept = tuple(code for code in facts.recipients if code not in self._recipients)
        self.transfers.set_value(facts.transfers)
        self.rule.set_value(str(facts.rule_id) if facts.rule_id is not None else "")
        self.security.set_value(facts.security)
        self.legal_basis.set_value(facts.legal_basis)
        self.basis_note.set_value(facts.basis_note)
        self.automation.set_value(
            [code for code, is_so in ((AUTOMATED, facts.is_automated), (PROFILING, facts.is_profiling)) if is_so]
        )
        self.review_on.set_value(facts.review_on)
        self.origin.set_content(_("Varifrån det kommer"), origin(section, requirements))
        for field in self.fields.values():
            field.set_problem("")

    def facts(self) -> ActivityFacts:
        """Return what the form says."""
        own = [line.strip() for line in self.own_purposes.value().splitlines() if line.strip()]
        rule, automation = self.rule.value(), self.automation.value()
        return ActivityFacts(
            name=self.name.value(),
            purposes=(*self.purposes.value(), *own),
            legal_basis=self.legal_basis.value() or "",
            basis_note=self.basis_note.value(),
            subjects=self.subjects.value(),
            categories=self.categories.value(),
            recipients=(*self.recipients.value(), *self._kept),
            transfers=self.transfers.value(),
            security=self.security.value(),
            is_automated=AUTOMATED in automation,
            is_profiling=PROFILING in automation,
            rule_id=int(rule) if rule else None,
            review_on=self.review_on.value(),
        )

    def check(self) -> bool:
        """Show what is wrong, if anything, and say whether it can be saved."""
        found = problems(self.facts())
        if self.review_on.is_unreadable():
            found["review_on"] = _("Det går inte att läsa som en dag. Skriv till exempel 2027-03-01.")
        return not show_problems(self.fields, found)


def empty_facts() -> ActivityFacts:
    """Return an activity about which nothing is said yet."""
    return ActivityFacts(name="", purposes=(), legal_basis="")
