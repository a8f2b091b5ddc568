"""Step 3: try it, look at what would come of it, and choose."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot

from app.domain.importing import Duplicate, Gone
from app.i18n import _
from app.services import import_report
from app.services.imports import Imported, Plan
from app.ui.context import Context
from app.ui.importing.draft import Draft
from app.ui.importing.found import KNOWN, Line, Listed, lists
from app.ui.importing.work_pages import WorkPage, counters
from app.ui.kit import messages
from app.ui.kit.badges import BadgeLabel
from app.ui.kit.buttons import button
from app.ui.kit.chips import ChipRow
from app.ui.kit.count_fields import FlagField
from app.ui.kit.fields import ComboField
from app.ui.kit.flow import flow_widget
from app.ui.kit.foreign import one_line
from app.ui.kit.labels import PlainLabel
from app.ui.kit.table import QueryTable
from app.ui.kit.table_model import Column


class CheckPage(WorkPage):
    """Reads the whole file and says what an import would do: what is wrong, new, changed, gone, and known already.

    Signals:
        checked: The trial is over.
    """

    checked = Signal()

    def __init__(self, context: Context, draft: Draft) -> None:
        super().__init__(_("Kontrollera"), _("Filen provläses. Inget har sparats än."), context, draft)
        self._badges: list[BadgeLabel] = []
        self._lists: dict[str, Listed] = {}
        self._lines: Sequence[Line] = ()
        self._checked: Plan | None = None
        self._build()
        self.chips.chosen.connect(self._show_list)
        self.known.changed.connect(self._choose)
        self.gone.changed.connect(self._choose)
        self.is_part.changed.connect(self._choose)

    def _build(self) -> None:
        self.counters, self._flow = flow_widget()
        self.problem = PlainLabel("", "problem", wrap=True)
        self.known = ComboField(
            _("Personer som redan finns från en annan källa"),
            [(choice.value, text) for choice, text in _known_choices()],
        )
        self.gone = ComboField(
            _("Personer som fanns i registret men inte är med i filen"),
            [(choice.value, text) for choice, text in _gone_choices()],
        )
        self.is_part = FlagField(_("Filen är bara en del av registret. De som inte är med finns kvar där."))
        self.chips = ChipRow(_("Visa"), [], combo_below=640)
        self.table = QueryTable(columns(), self._fetch, name=_("Vad importen skulle göra"))
        self.table.setMinimumHeight(self.fontMetrics().lineSpacing() * 9)
        self.count = PlainLabel("", "muted", wrap=True)
        self.line_choices, flow = flow_widget()
        self.choice_buttons = {choice: button(text, role="link") for choice, text in _line_choices()}
        for choice, made in self.choice_buttons.items():
            made.clicked.connect(lambda _on=False, choice=choice: self._choose_lines(choice))
            flow.addWidget(made)
        for part in (self.counters, self.problem, self.known, self.gone, self.is_part, self.chips):
            self.column.addWidget(part)
        self.column.addWidget(self.table, 1)
        for part in (self.count, self.line_choices):
            self.column.addWidget(part)
        self.column.addStretch()

    def enter(self) -> None:
        """Try it, unless exactly this has been tried."""
        plan = self._draft.plan()
        if plan is None or (plan == self._checked and self._draft.trial is not None):
            return
        if self._checked is None or plan.path != self._checked.path:
            self.is_part.set_value(plan.is_part)
            self.known.set_value(plan.duplicates.value)
            self.gone.set_value(plan.gone.value)
        self._try(plan)

    def _try(self, plan: Plan) -> None:
        self._checked, self._draft.trial = plan, None
        self._show(None)
        context, now, today = self._context, self._context.now(), self._context.today()
        self._follow(
            context.jobs.run(
                lambda job: import_report.trial(context.vault.store, plan, now=now, today=today, step=job.step),
                then=self._take,
                failed=self._fail,
            ),
            _("Provläser raderna …"),
        )

    def leave(self) -> bool:
        """Go on when something can be imported."""
        return self._draft.trial is not None and _usable(self._draft.trial) > 0

    def explain(self, text: str) -> None:
        """Say why the user is back on this page."""
        self.state.setText(text)

    def _take(self, trial: Imported) -> None:
        self._draft.trial = trial
        self._show(trial)

    def _fail(self, error: Exception) -> None:
        self._checked = None
        messages.show_error(self.window(), error)

    def _end(self) -> None:
        trial = self._draft.trial
        if trial is None:
            self._checked = None
            self.state.setText(_("Filen är inte provläst. Gå tillbaka och försök igen."))
        elif trial.rejected_rows:
            self.state.setText(_("Rader med fel hoppas över. Efter importen kan du spara dem i en fil och rätta dem."))
        else:
            self.state.setText(_("Alla rader går att importera."))
        self.checked.emit()

    @Slot()
    def _choose(self) -> None:
        """Take the choices, and try again where they change what would come of it."""
        before = self._draft.plan()
        self._draft.duplicates = Duplicate(self.known.value() or Duplicate.UPDATE)
        self._draft.gone = Gone(self.gone.value() or Gone.KEEP)
        self._draft.is_part = bool(self.is_part.value())
        plan = self._draft.plan()
        if plan is None or before is None or plan == before:
            return
        if (plan.duplicates, plan.is_part) != (before.duplicates, before.is_part):
            self.cancel()
            self._try(plan)
        else:
            self._checked = plan

    def _choose_lines(self, choice: Duplicate) -> None:
        """Choose for the rows that are selected in the list of people known already."""
        picked = self.table.selected_ids()
        for key in picked:
            self._draft.lines[self._lines[key].line] = choice
        self._checked = self._draft.plan()
        self._show_lists(self._draft.trial)
        self.table.select_id(picked[0] if picked else None)

    def _show(self, trial: Imported | None) -> None:
        for old in self._badges:
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._badges = [BadgeLabel(text, badge) for text, badge in counters(trial)] if trial is not None else []
        for made in self._badges:
            self._flow.addWidget(made)
        self._show_lists(trial)
        self.known.setVisible(trial is not None and trial.duplicates > 0)
        self.gone.setVisible(trial is not None and trial.gone > 0)
        self.is_part.setVisible(trial is not None and (trial.gone > 0 or self._draft.is_part))
        is_empty = trial is not None and not _usable(trial)
        self.problem.setText(
            _("Ingen rad kan importeras. Gå tillbaka och ändra kolumnerna, eller rätta filen.") if is_empty else ""
        )

    def _show_lists(self, trial: Imported | None) -> None:
        self._lists = lists(trial, self._draft.lines) if trial is not None else {}
        here = self.chips.value() if self._lists else ""
        self.chips.set_chips([(key, one.title, one.count) for key, one in self._lists.items()])
        for part in (self.chips, self.table, self.count):
            part.setVisible(bool(self._lists))
        if self._lists:
            key = here if here in self._lists else next(iter(self._lists))
            self.chips.set_value(key)
            self._show_list(key)
        else:
            self.line_choices.hide()

    @Slot(str)
    def _show_list(self, key: str) -> None:
        listed = self._lists[key]
        self._lines = listed.lines
        self.table.set_ids(range(len(self._lines)))
        is_cut = listed.count > len(self._lines)
        self.count.setText(_("{n} av dem visas här.").format(n=len(self._lines)) if is_cut else "")
        self.line_choices.setVisible(key == KNOWN)

    def _fetch(self, ids: Sequence[int]) -> dict[int, Line]:
        return {key: self._lines[key] for key in ids}


def columns() -> tuple[Column, ...]:
    """Return the columns of the lists."""
    return (
        Column(_("Rad"), lambda row: str(row.line) if row.line else "–", width=6),
        Column(_("Vem / kolumn"), lambda row: one_line(row.who, 60) or "–", width=20),
        Column(_("Vad"), lambda row: one_line(row.what), tooltip=lambda row: row.what, width=30),
        Column(_("Så rättar du"), lambda row: one_line(row.remedy) or "–", tooltip=lambda row: row.remedy, width=20),
    )


def _known_choices() -> list[tuple[Duplicate, str]]:
    return [
        (Duplicate.UPDATE, _("Lägg uppgifterna till personen")),
        (Duplicate.SKIP, _("Hoppa över raden")),
        (Duplicate.NEW, _("Gör en ny person av raden")),
    ]


def _line_choices() -> list[tuple[Duplicate, str]]:
    return [
        (Duplicate.UPDATE, _("Markerade rader: lägg till")),
        (Duplicate.SKIP, _("Markerade rader: hoppa över")),
        (Duplicate.NEW, _("Markerade rader: ny person")),
    ]


def _gone_choices() -> list[tuple[Gone, str]]:
    return [
        (Gone.KEEP, _("Gör inget med dem")),
        (Gone.MARK, _("Visa på kortet att de saknas")),
        (Gone.END, _("Räkna kundförhållandet som slut i dag, så att reglerna gallrar")),
    ]


def _usable(trial: Imported) -> int:
    return trial.imported + trial.updated + trial.unchanged
