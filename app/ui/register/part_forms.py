"""The forms of what the register rests on: a source, a recipient, a retention rule, a text people are shown."""

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtWidgets import QWidget

from app.domain.retention import RuleKind
from app.i18n import _, language
from app.reference import countries
from app.services import register_parts
from app.services.extract_words import ROLES
from app.services.register_choices import COVERED, Choosable
from app.services.register_parts import TIMED, NoticeFacts, RecipientFacts, RuleFacts, SourceFacts
from app.services.register_words import RULE_KINDS, SOURCE_KINDS
from app.ui.context import Context
from app.ui.kit import messages
from app.ui.kit.choice_fields import ChoiceField, ChoicesField
from app.ui.kit.date_fields import DateField
from app.ui.kit.fields import ComboField, LineField
from app.ui.kit.forms import FormDialog
from app.ui.kit.text_field import TextField
from app.ui.register.transfers_field import code_of


class Save(Protocol):
    """A service that stores a row, a new one when the id is None."""

    def __call__(self, session: Any, row_id: int | None, facts: Any, /) -> Any:
        """Store it."""


class PartForm(FormDialog):
    """What the forms share: the row, and who saves it.

    Args:
        context: The open vault.
        parent: The window.
        titles: What the form is called for a new row and for one that is there.
        row_id: The row, or None for a new one.
    """

    def __init__(self, context: Context, parent: QWidget, titles: tuple[str, str], row_id: int | None) -> None:
        super().__init__(parent, titles[row_id is not None], _("Spara"), width=560)
        self._context, self._row_id = context, row_id
        self.draft_about = str(row_id or "")

    def facts(self) -> Any:
        """Return what the form says."""
        raise NotImplementedError

    def show_facts(self, facts: Any) -> None:
        """Show a row."""
        raise NotImplementedError

    def _store(self, save: Save) -> None:
        facts, row_id = self.facts(), self._row_id
        self._context.jobs.write(lambda session, _job: save(session, row_id, facts).id, self._tell, self.fail)

    def _tell(self, _row_id: int) -> None:
        messages.toast(self.parentWidget() or self, _("Sparat i registret."))
        self.finish()


class SourceForm(PartForm):
    """A source: who data come from, which activity they belong to, and what allows them to be used."""

    def __init__(self, context: Context, parent: QWidget, choices: Choosable, row_id: int | None) -> None:
        super().__init__(context, parent, (_("Ny källa"), _("Källa")), row_id)
        self.add("name", LineField(_("Namn")))
        kinds = [(code, _(text)) for code, text in SOURCE_KINDS.items()]
        self.add("kind", ComboField(_("Uppgifterna kommer från"), kinds))
        hint = _("Ger uppgifterna ändamål, grund och tid. Utan behandling saknar de grund.")
        activities = [("", _("Ingen än")), *choices.activities]
        self.add("activity_id", ComboField(_("Behandling"), activities, hint))
        asked = _("Köpta och delade uppgifter får användas bara med bevis (R25, R26).")
        evidence = [("", _("Inget bevis än")), *choices.evidence]
        self.add("evidence", ComboField(_("Bevis"), evidence, asked)).setVisible(bool(choices.evidence))
        self.add("evidence_note", TextField(_("Om beviset"), _("Var det finns."), is_optional=True, lines=2))
        told = _("Om uppgifterna kommer från någon annan (art. 14).")
        self.add("told_on", DateField(_("Personerna informerade"), context.today, told, is_optional=True))

    def facts(self) -> SourceFacts:
        """Return what the form says."""
        values = self.values()
        activity = values["activity_id"]
        return SourceFacts(**values | {"activity_id": int(activity) if activity else None})

    def show_facts(self, facts: SourceFacts) -> None:
        """Show a source."""
        activity = str(facts.activity_id) if facts.activity_id is not None else ""
        _show(self, facts, {"activity_id": activity})

    def problems(self) -> dict[str, str]:
        """Return what is wrong."""
        return register_parts.source_problems(self.facts())

    def save(self) -> None:
        """Store the source."""
        self._store(register_parts.save_source)


class RecipientForm(PartForm):
    """A recipient: who, in which role, where, and under which agreement."""

    def __init__(self, context: Context, parent: QWidget, choices: Choosable, row_id: int | None) -> None:
        super().__init__(context, parent, (_("Ny mottagare"), _("Mottagare")), row_id)
        self.add("name", LineField(_("Namn")))
        kinds = [("", _("Ingen, mottagaren står för sig själv")), *choices.kinds]
        self.add("category", ComboField(_("Kategori"), kinds))
        roles = [(code, _(text)) for code, text in ROLES.items()]
        self.add("role", ChoiceField(_("Roll"), roles))
        hint = _("Namn eller två bokstäver. Tomt om ni inte vet.")
        self.add("country", LineField(_("Land"), hint, is_optional=True))
        dated = _("Biträdesavtalets dag (art. 28), eller dagen för ert inbördes arrangemang (art. 26).")
        self.add("agreement_on", DateField(_("Avtal från"), context.today, dated, is_optional=True))
        reached = _("Vart underrättelser om rättelse och radering skickas (art. 19).")
        self.add("contact", TextField(_("Kontakt"), reached, is_optional=True, lines=2))
        self.add("note", TextField(_("Anteckning"), is_optional=True, lines=2))

    def facts(self) -> RecipientFacts:
        """Return what the form says."""
        values = self.values()
        return RecipientFacts(**values | {"role": values["role"] or "", "country": code_of(values["country"])})

    def show_facts(self, facts: RecipientFacts) -> None:
        """Show a recipient."""
        _show(self, facts, {"country": countries.name(facts.country, language())})

    def problems(self) -> dict[str, str]:
        """Return what is wrong."""
        return register_parts.recipient_problems(self.facts())

    def save(self) -> None:
        """Store the recipient."""
        self._store(register_parts.save_recipient)


class RuleForm(PartForm):
    """A retention rule: what it counts from, and how long it is."""

    def __init__(self, context: Context, parent: QWidget, _choices: Choosable, row_id: int | None) -> None:
        super().__init__(context, parent, (_("Ny gallringsregel"), _("Gallringsregel")), row_id)
        self.add("title", LineField(_("Namn")))
        kinds = [(code, _(text)[:1].upper() + _(text)[1:]) for code, text in RULE_KINDS.items()]
        kind = self.add("kind", ComboField(_("Räknas från"), kinds, _("Nästa gallring följer den nya regeln.")))
        self.add("months", LineField(_("Månader"), _("Sju år är 84 månader.")))
        kind.changed.connect(self._fit)

    def facts(self) -> RuleFacts:
        """Return what the form says."""
        values = self.values()
        is_timed = RuleKind(values["kind"]) in TIMED
        months = values["months"]
        return RuleFacts(
            title=values["title"],
            kind=values["kind"],
            months=(int(months) if months.isdecimal() else 0) if is_timed else None,
        )

    def show_facts(self, facts: RuleFacts) -> None:
        """Show a rule."""
        _show(self, facts, {"months": str(facts.months) if facts.months is not None else ""})
        self._fit()

    def problems(self) -> dict[str, str]:
        """Return what is wrong."""
        return register_parts.rule_problems(self.facts())

    def save(self) -> None:
        """Store the rule."""
        self._store(register_parts.save_rule)

    def _fit(self) -> None:
        self.fields["months"].setVisible(RuleKind(self.fields["kind"].value()) in TIMED)


class NoticeForm(PartForm):
    """One version of a text that people are shown; a new version is a new row, so that the old one can be proved."""

    def __init__(self, context: Context, parent: QWidget, choices: Choosable, row_id: int | None) -> None:
        super().__init__(context, parent, (_("Ny informationstext"), _("Informationstext")), row_id)
        self.add("title", LineField(_("Namn")))
        self.add(
            "version",
            LineField(_("Version"), _("En ny version läggs in som en ny text, så att den gamla går att visa.")),
        )
        self.add("valid_from", DateField(_("Gäller från"), context.today))
        self.add("place", LineField(_("Var den visas"), is_optional=True))
        covers = [(code, _(text)) for code, text in COVERED.items()]
        self.add("covers", ChoicesField(_("Tar upp"), covers))
        self.add("text", TextField(_("Text"), _("Klistra in texten som den lyder."), is_optional=True, lines=6))
        mended = _(
            "Motsägelser i policyn som den här texten har rättat. De försvinner ur Policykoll när texten börjar gälla."
        )
        self.add("settles", ChoicesField(_("Rättar"), choices.contradictions, mended, is_optional=True, is_row=False))
        self.fields["settles"].setVisible(bool(choices.contradictions))

    def facts(self) -> NoticeFacts:
        """Return what the form says."""
        values = self.values()
        return NoticeFacts(**values, allows_marketing="marketing" in values["covers"])

    def show_facts(self, facts: NoticeFacts) -> None:
        """Show a version."""
        _show(self, facts, {})

    def problems(self) -> dict[str, str]:
        """Return what is wrong."""
        return register_parts.notice_problems(self.facts())

    def save(self) -> None:
        """Store the version."""
        self._store(register_parts.save_notice)


Make = Callable[[Context, QWidget, Choosable, int | None], PartForm]


def _show(form: PartForm, facts: Any, changed: dict[str, Any]) -> None:
    """Put facts into the fields of the same names; `changed` holds those that are shown otherwise than they are stored."""
    for name, field in form.fields.items():
        value = changed.get(name, getattr(facts, name))
        field.set_value(value)
