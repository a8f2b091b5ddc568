"""The form of one activity: the points of Art. 30.1 a to g in their order, and what an extract and the law ask besides.

A form of a hundred boxes takes a while to make, so it is built part by part, a turn of the event loop for each.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.i18n import _
from app.services.organisation import LEGITIMATE_INTEREST
from app.services.register import ActivityFacts, problems
from app.services.register_choices import Choosable
from app.ui.kit.cards import InfoCard
from app.ui.kit.choice_fields import ChoicesField
from app.ui.kit.date_fields import DateField
from app.ui.kit.fields import ComboField, Field, LineField, show_problems
from app.ui.kit.labels import PlainLabel
from app.ui.kit.text_field import TextField
from app.ui.register import sections
from app.ui.register.columns import origin
from app.ui.register.sections import AUTOMATED, PROFILING, SELLING
from app.ui.register.transfers_field import TransfersField

SEVERAL = ("recipients", "sources", "notices")
"""Fields whose rows may be gone from the lists: a code that is not offered is kept as it is."""


class ActivityForm(QWidget):
    """Shows and takes what the register says about one activity.

    Signals:
        changed: The user changed something.
    """

    changed = Signal()
    name: LineField
    purposes: ChoicesField
    own_purposes: TextField
    subjects: ChoicesField
    categories: ChoicesField
    recipients: ChoicesField
    transfers_to: TransfersField
    transfers: TextField
    rule: ComboField
    security: TextField
    legal_basis: ComboField
    basis_note: TextField
    interest: TextField
    balancing: TextField
    compatibility_note: TextField
    sources: ChoicesField
    notices: ChoicesField
    automation: ChoicesField
    warning: InfoCard
    logic: TextField
    selling_reason: TextField
    dpia: ComboField
    dpia_note: TextField
    owner: LineField
    review_on: DateField
    joint_controllers: TextField

    def __init__(self, parent: QWidget, choices: Choosable, today: Callable[[], date]) -> None:
        super().__init__(parent)
        self.hide()
        self._choices, self._today, self._shown = choices, today, empty_facts()
        self._purposes = {code for code, _text in choices.purposes}
        self._kept: dict[str, tuple[str, ...]] = {}
        self._origin: tuple[str, list[str]] = ("", [])
        self.fields: dict[str, Field] = {}
        self.origin = InfoCard()
        self.is_whole = False
        self.setEnabled(False)  # until it is whole: what is typed before would be lost

    def build(self) -> Iterator[None]:
        """Make the parts under each other, one at a time."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(12)
        for title, make in sections.parts(self._choices, self._today):
            if title:
                column.addWidget(PlainLabel(title, "h2"))
            for name, part in make().items():
                column.addWidget(part)
                part.ensurePolished()
                setattr(self, name, part)
                if isinstance(part, Field):
                    self.fields[name] = part
                    part.changed.connect(self.changed)
            yield
        column.addWidget(self.origin)
        column.addStretch()
        self.legal_basis.changed.connect(self._fit)
        self.automation.changed.connect(self._fit)
        self.is_whole = True
        self.show_facts(self._shown, *self._origin)

    def show_facts(self, facts: ActivityFacts, section: str, requirements: list[str]) -> None:
        """Show an activity, as soon as every part is there."""
        self._shown, self._origin = facts, (section, requirements)
        if not self.is_whole:
            return
        for name, value in asdict(facts).items():
            if name in self.fields:
                self.fields[name].set_value(getattr(facts, name) if name == "transfers_to" else value)
        self.own_purposes.set_value("\n".join(code for code in facts.purposes if code not in self._purposes))
        for name in SEVERAL:
            offered = {code for code, _text in getattr(self._choices, name)}
            self._kept[name] = tuple(code for code in getattr(facts, name) if code not in offered)
        self.rule.set_value(str(facts.rule_id) if facts.rule_id is not None else "")
        marks = ((AUTOMATED, facts.is_automated), (PROFILING, facts.is_profiling), (SELLING, facts.is_selling))
        self.automation.set_value([code for code, is_so in marks if is_so])
        self.origin.set_content(_("Varifrån det kommer"), origin(section, requirements))
        for field in self.fields.values():
            field.set_problem("")
        self._fit()

    def facts(self) -> ActivityFacts:
        """Return what the form says."""
        own = [line.strip() for line in self.own_purposes.value().splitlines() if line.strip()]
        rule, automation = self.rule.value(), self.automation.value()
        names = [name for name in self.fields if name in ActivityFacts.__dataclass_fields__]
        values: dict[str, Any] = {name: self.fields[name].value() for name in names}
        values |= {name: (*values[name], *self._kept.get(name, ())) for name in SEVERAL}
        return ActivityFacts(
            **values
            | {
                "purposes": (*self.purposes.value(), *own),
                "legal_basis": self.legal_basis.value() or "",
                "dpia": self.dpia.value() or "",
                "is_automated": AUTOMATED in automation,
                "is_profiling": PROFILING in automation,
                "is_selling": SELLING in automation,
                "rule_id": int(rule) if rule else None,
            }
        )

    def check(self) -> bool:
        """Show what is wrong, if anything, and say whether it can be saved."""
        found = problems(self.facts())
        if self.review_on.is_unreadable():
            found["review_on"] = _("Det går inte att läsa som en dag. Skriv till exempel 2027-03-01.")
        return not show_problems(self.fields, found)

    @Slot()
    def _fit(self) -> None:
        """Ask only for what the answers so far make needed."""
        automation = self.automation.value()
        is_on_interest = self.legal_basis.value() == LEGITIMATE_INTEREST
        for field in (self.interest, self.balancing):
            field.setVisible(is_on_interest or bool(field.value()))
        self.warning.setVisible(AUTOMATED in automation)
        self.selling_reason.setVisible(SELLING in automation)


def empty_facts() -> ActivityFacts:
    """Return an activity about which nothing is said yet."""
    return ActivityFacts(name="", purposes=(), legal_basis="")
