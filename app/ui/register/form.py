"""The form of one activity: the points of Art. 30.1 a to g in their order, and what the law asks besides."""

from collections.abc import Callable, Iterator
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.i18n import _
from app.services.register import ActivityFacts, Choosable, problems
from app.ui.kit.cards import InfoCard
from app.ui.kit.date_fields import DateField
from app.ui.kit.fields import ChoicesField, ComboField, Field, LineField, TextField, show_problems
from app.ui.kit.forms import AnyField
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
        self._choices, self._today = choices, today
        self._purposes = {code for code, _text in choices.purposes}
        self._recipients = {code for code, _text in choices.recipients}
        self._kept: tuple[str, ...] = ()
        self.fields: dict[str, Field] = {}

    def build(self) -> Iterator[None]:
        """Make the parts under each other, one at a time: there are eighty boxes in them."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(12)
        for part in (self._build_head, self._build_why, self._build_whom, self._build_where, self._build_review):
            for made in part():
                column.addWidget(made)
                made.ensurePolished()
            yield
        column.addStretch()
        for field in self.fields.values():
            field.changed.connect(self.changed)

    def _add(self, name: str, field: AnyField) -> AnyField:
        self.fields[name] = field
        return field

    def _build_head(self) -> Iterator[QWidget]:
        choices = self._choices
        answers = _("{controller}\nDataskyddsombud: {officer}").format(
            controller=choices.controller or _("Inte angiven"), officer=choices.officer or _("inte angivet")
        )
        self.name = self._add("name", LineField(_("Behandlingens namn")))
        yield self.name
        yield PlainLabel(_("a) Ansvarig"), "h2")
        yield PlainLabel(answers, wrap=True, is_selectable=True)

    def _build_why(self) -> Iterator[QWidget]:
        yield PlainLabel(_("b) Varför"), "h2")
        self.purposes = self._add("purposes", ChoicesField(_("Ändamål"), self._choices.purposes))
        yield self.purposes
        self.own_purposes = self._add(
            "own_purposes", TextField(_("Egna ändamål"), _("Ett på varje rad."), is_optional=True, lines=2)
        )
        yield self.own_purposes

    def _build_whom(self) -> Iterator[QWidget]:
        yield PlainLabel(_("c) Vilka och vad"), "h2")
        self.subjects = self._add("subjects", ChoicesField(_("Grupper av registrerade"), self._choices.subjects))
        yield self.subjects
        self.categories = self._add("categories", ChoicesField(_("Kategorier av uppgifter"), self._choices.categories))
        yield self.categories

    def _build_where(self) -> Iterator[QWidget]:
        yield PlainLabel(_("d) Vem får del av uppgifterna"), "h2")
        self.recipients = self._add("recipients", ChoicesField(_("Mottagare"), self._choices.recipients))
        yield self.recipients
        yield PlainLabel(_("e) Tredjeland"), "h2")
        hint = _("Land, och vad som skyddar uppgifterna där.")
        self.transfers = self._add("transfers", TextField(_("Överföring utanför EU/EES"), hint, lines=2))
        yield self.transfers
        yield PlainLabel(_("f) Hur länge"), "h2")
        rules = [("", _("Ingen än")), *self._choices.rules]
        self.rule = self._add("rule", ComboField(_("Gallringsregel"), rules))
        yield self.rule
        yield PlainLabel(_("g) Hur uppgifterna skyddas"), "h2")
        self.security = self._add("security", TextField(_("Skyddsåtgärder i stora drag"), lines=3))
        yield self.security

    def _build_review(self) -> Iterator[QWidget]:
        yield PlainLabel(_("Grund och granskning"), "h2")
        bases = [("", _("Välj …")), *self._choices.legal_bases]
        self.legal_basis = self._add("legal_basis", ComboField(_("Rättslig grund"), bases))
        yield self.legal_basis
        hint = _("Till exempel intresset vid en intresseavvägning.")
        self.basis_note = self._add("basis_note", TextField(_("Om grunden"), hint, is_optional=True, lines=2))
        yield self.basis_note
        ways = ((AUTOMATED, _("Automatiserade beslut")), (PROFILING, _("Profilering")))
        self.automation = self._add("automation", ChoicesField(_("Särskilt"), ways))
        yield self.automation
        self.review_on = self._add("review_on", DateField(_("Ses över"), self._today, is_optional=True))
        yield self.review_on
        self.origin = InfoCard()
        yield self.origin

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
