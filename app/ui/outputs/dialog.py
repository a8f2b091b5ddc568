"""A document about a person before it is made: what goes in to the left, the page in the middle, checks and choices to the right."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QWidget

from app.domain.outputs import Scope, ShowGround, ground_label
from app.i18n import _
from app.services import extracts, output_checks, output_kinds, portability
from app.services.output_choice import Choice
from app.ui.context import Context
from app.ui.kit.cards import Card
from app.ui.kit.choice_fields import ChoiceField, ChoicesField
from app.ui.kit.fields import ComboField
from app.ui.kit.fold import Fold
from app.ui.kit.labels import PlainLabel
from app.ui.kit.steps import StepList, StepRow
from app.ui.kit.text_field import TextField
from app.ui.outputs import person
from app.ui.outputs.person import About, Drawn, Material, Wanted
from app.ui.outputs.value_tree import ValueTree
from app.ui.preview_form import PreviewForm

PREVIEW_AFTER = 300
PASSWORD = "password"  # noqa: S105 - the name of a choice


class ExtractDialog(PreviewForm):
    """Reviews and makes a register extract."""

    scopes: Sequence[Scope] = (Scope.ACCESS,)
    defaults: Sequence[str] = extracts.FORMATS

    def __init__(self, parent: QWidget | None, context: Context, about: About) -> None:
        self.tree = ValueTree()
        super().__init__(parent, context, self.words(), self.tree)
        self.about, self.draft_about = about, about.reference
        self._round = 0
        self._found = Material()
        self._timer = QTimer(self, singleShot=True, interval=PREVIEW_AFTER)
        self._build()
        self._timer.timeout.connect(self._draw)
        self.tree.ticks_changed.connect(self._timer.start)
        work = partial(person.review, about, self.scopes[0], self.today)
        context.jobs.write(work, then=self._show_values, failed=self.fail)

    def words(self) -> tuple[str, str]:
        """Return the title and the verb."""
        return _("Granska utdraget"), _("Skapa utdraget")

    def _build(self) -> None:
        self.tree.setMinimumWidth(self.fontMetrics().horizontalAdvance("n") * 42)
        self.middle.insertWidget(0, self.tree, 5)
        self.middle.insertWidget(1, self.pages, 6)
        self.middle.setStretch(2, 4)
        self.checks = StepList(_("Kontroller"))
        card = Card()
        card.add(PlainLabel(_("Innan du skapar"), "h2"))
        card.add(self.checks)
        names = {"pdf": _("PDF"), "xlsx": _("Kalkylblad"), "json": _("JSON"), "csv": _("CSV")}
        self.formats = self.add(
            "formats", ChoicesField(_("Format"), [(one, names[one]) for one in output_kinds.FORMATS])
        )
        self.formats.set_value(self.defaults)
        grounds = [("", _("Välj skäl")), *((ground.value, ground_label(ground)) for ground in ShowGround)]
        self.ground = self.add("ground", ComboField(_("Varför får det som var dolt visas?"), grounds))
        self.ground.hide()
        hint = _("Lösenordet skrivs i ett eget brev och sparas aldrig.")
        self.password = self.add("password", ChoicesField("", [(PASSWORD, _("Skydda PDF:en med lösenord"))], hint))
        self.column.addWidget(card)
        self.column.addWidget(self.note)

    @Slot(object)
    def _show_values(self, found: Material) -> None:
        self._found = found
        self.tree.set_values(found.values, found.found.masked, found.why)
        self._build_limits(found)
        self.tree.setFocus()
        self._draw()

    def _build_limits(self, found: Material) -> None:
        """Add what can be left out or sent along, now that it is known what there is."""
        fold = Fold(_("Begränsa, eller lägg till kopior"))
        sources = [(str(key), name) for key, name in found.sources.items()]
        documents = [(str(key), name) for key, name in found.documents.items()]
        made: list[tuple[str, ChoicesField | TextField]] = [
            (
                "without_categories",
                ChoicesField(_("Utelämna kategorier"), list(found.categories.items()), is_row=False),
            ),
            ("without_sources", ChoicesField(_("Utelämna källor"), sources, is_row=False)),
            ("limit_reason", TextField(_("Varför utelämnas det?"), _("Personen läser skälet."), lines=2)),
        ]
        if documents:
            made.append(("copies", ChoicesField(_("Kopior som följer med"), documents, is_row=False)))
        for name, field in made:
            self.fields[name] = field
            fold.add(field)
            field.changed.connect(self._timer.start)
        self.column.insertWidget(self.column.count() - 1, fold)
        self._untouched = self.values()

    def masked(self) -> frozenset[int]:
        """Return the values that are hidden."""
        return self.tree.unticked()

    def newly_shown(self) -> frozenset[int]:
        """Return what may concern others and is shown without a ground from before."""
        found = self._found.found
        return frozenset(found.proposed) - self.masked() - frozenset(found.shown)

    def wanted(self) -> Wanted:
        """Return what was chosen."""
        answers = self.values()
        ground = answers["ground"]
        shown = dict.fromkeys(self.newly_shown(), ShowGround(ground)) if ground else {}
        return Wanted(
            scope=self.scope(),
            formats=answers["formats"],
            has_password=PASSWORD in answers["password"],
            choice=Choice(
                masked=self.masked(),
                shown=shown,
                without_categories=frozenset(answers.get("without_categories", ())),
                without_sources=frozenset(map(int, answers.get("without_sources", ()))),
                limit_reason=answers.get("limit_reason", ""),
                copies=frozenset(map(int, answers.get("copies", ()))),
            ),
        )

    def scope(self) -> Scope:
        """Return why the document is made."""
        return self.scopes[0]

    @Slot()
    def _draw(self) -> None:
        """Draw the pages again, in the reading lane."""
        self._round += 1
        self.ground.setVisible(bool(self.newly_shown()))
        work = partial(person.drawn, self.about, self.wanted(), self._found.found, self.today, self._round)
        self.context.jobs.read(work, then=self._show_pages, failed=self.fail, text=_("Ritar utdraget …"))

    @Slot(object)
    def _show_pages(self, drawn: Drawn) -> None:
        if drawn.number != self._round:
            return
        self.show_page(drawn.pdf)
        looked = output_checks.with_problems_first(drawn.checks)
        self.checks.set_steps([StepRow(one.title, one.note, is_done=one.is_fine) for one in looked])
        version = drawn.content.mark.version
        if version > 1:
            title = _("Det här blir version {version}").format(version=version)
            self.tell(title, _("De äldre finns kvar under Bilagor."))

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by field."""
        wanted, found = self.wanted(), {}
        if not wanted.formats:
            found["formats"] = _("Välj minst ett format.")
        if self.newly_shown() and not wanted.choice.shown:
            self.ground.show()
            found["ground"] = _("Välj varför det får lämnas ut, eller dölj det igen.")
        if wanted.choice.is_limited and not wanted.choice.limit_reason.strip():
            found["limit_reason"] = _("Skriv varför något utelämnas.")
        if wanted.has_password and output_kinds.PDF not in wanted.formats:
            found["formats"] = _("Bara PDF kan skyddas med lösenord. Välj PDF.")
        return found

    def save(self) -> None:
        """Make the files and store them; a protected copy and its letter exist only outside, so they are saved at once."""
        wanted = self.wanted()
        self.wants_file = self.wants_file or wanted.has_password
        self.write(partial(person.make, about=self.about, wanted=wanted, today=self.today))


class PortabilityDialog(ExtractDialog):
    """Reviews and makes the files to carry away."""

    scopes = portability.SCOPES
    defaults = portability.FORMATS

    def words(self) -> tuple[str, str]:
        """Return the title and the verb."""
        return _("Dataportabilitet"), _("Skapa filerna")

    def _build(self) -> None:
        choices = [(scope.value, _(portability.TITLES[scope])) for scope in self.scopes]
        self.scope_field = self.add("scope", ChoiceField(_("Omfattning"), choices, is_row=False))
        self.scope_field.set_value(self.scopes[0].value)
        self.scope_field.changed.connect(self._timer.start)
        super()._build()

    def scope(self) -> Scope:
        """Return why the document is made."""
        return Scope(self.scope_field.value() or Scope.ARTICLE_20.value)
