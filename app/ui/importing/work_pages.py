"""Steps 3 to 5: try it, do it, and what came of it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QProgressBar

from app.i18n import _, ngettext
from app.importers.drafts import Problem
from app.services import import_report, imports
from app.services.imports import Imported, Plan
from app.ui import exports
from app.ui.context import Context
from app.ui.importing.draft import Draft
from app.ui.kit import messages
from app.ui.kit.badges import Badge, BadgeLabel
from app.ui.kit.buttons import button
from app.ui.kit.flow import flow_widget
from app.ui.kit.foreign import one_line
from app.ui.kit.jobs import Job
from app.ui.kit.labels import PlainLabel
from app.ui.kit.table import QueryTable
from app.ui.kit.table_model import Column
from app.ui.kit.theme import Tone
from app.ui.kit.wizard import WizardPage

SHOWN_PROBLEMS = 5000


class _WorkPage(WizardPage):
    """A page that works for a while and says how far it has come."""

    def __init__(self, title: str, intro: str, context: Context, draft: Draft) -> None:
        super().__init__(title, intro)
        self._context, self._draft = context, draft
        self._job: Job | None = None
        self.state = PlainLabel("", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(title)
        self.column.addWidget(self.state)
        self.column.addWidget(self.bar)

    @property
    def is_working(self) -> bool:
        """Say whether the work is under way."""
        return self._job is not None and not self._job.is_over

    def cancel(self) -> None:
        """Ask the work to stop; nothing of it is kept."""
        if self._job is not None and self.is_working:
            self.state.setText(_("Avbryter …"))
            self._job.cancel()

    def _follow(self, job: Job, words: str) -> None:
        self._job = job
        self.state.setText(words)
        self.bar.setRange(0, 0)
        self.bar.show()
        job.progressed.connect(self._advance)
        job.ended.connect(self._finish)

    @Slot(int, int)
    def _advance(self, done: int, total: int) -> None:
        if self.sender() is self._job:
            self.bar.setRange(0, total)
            self.bar.setValue(done)

    @Slot()
    def _finish(self) -> None:
        if self.sender() is self._job:
            self.bar.hide()
            self._end()

    def _end(self) -> None:
        """Say how the work ended."""
        raise NotImplementedError


class CheckPage(_WorkPage):
    """Does the whole import and takes it back, to show what would come of it.

    Signals:
        checked: The trial is over.
    """

    checked = Signal()

    def __init__(self, context: Context, draft: Draft) -> None:
        super().__init__(_("Kontrollera"), _("Filen provläses. Inget har sparats än."), context, draft)
        self.counters, self._flow = flow_widget()
        self._badges: list[BadgeLabel] = []
        self._problems: tuple[Problem, ...] = ()
        self.problem = PlainLabel("", "problem", wrap=True)
        self.table = QueryTable(problem_columns(), self._fetch, name=_("Rader som inte går att importera"))
        self.table.setMinimumHeight(self.fontMetrics().lineSpacing() * 12)
        for part in (self.counters, self.problem):
            self.column.addWidget(part)
        self.column.addWidget(self.table, 1)
        self.column.addStretch()
        self._checked: Plan | None = None

    def enter(self) -> None:
        """Try it, unless exactly this has been tried."""
        plan = self._draft.plan()
        if plan is None or (plan == self._checked and self._draft.trial is not None):
            return
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
            self.state.setText(_("Raderna nedan hoppas över. Efter importen kan du spara dem i en fil och rätta dem."))
        else:
            self.state.setText(_("Alla rader går att importera."))
        self.checked.emit()

    def _show(self, trial: Imported | None) -> None:
        for old in self._badges:
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._badges = [BadgeLabel(text, badge) for text, badge in counters(trial)] if trial is not None else []
        for made in self._badges:
            self._flow.addWidget(made)
        self._problems = trial.problems[:SHOWN_PROBLEMS] if trial is not None else ()
        self.table.set_ids(range(len(self._problems)))
        self.table.setVisible(bool(self._problems))
        is_empty = trial is not None and not _usable(trial)
        self.problem.setText(
            _("Ingen rad kan importeras. Gå tillbaka och ändra kolumnerna, eller rätta filen.") if is_empty else ""
        )

    def _fetch(self, ids: Sequence[int]) -> dict[int, Problem]:
        return {key: self._problems[key] for key in ids}


class RunPage(_WorkPage):
    """Imports.  A cancel takes all of it back.

    Signals:
        ended: It is over; True when it was done.
    """

    ended = Signal(bool)

    def __init__(self, context: Context, draft: Draft) -> None:
        super().__init__(_("Importera"), _("Avbryter du nu tas hela importen tillbaka."), context, draft)
        self.column.addStretch()

    def enter(self) -> None:
        """Begin."""
        plan, today = self._draft.plan(), self._context.today()
        if plan is None or self.is_working or self._draft.done is not None:
            return
        self._follow(
            self._context.jobs.write(
                lambda session, job: imports.run(session, plan, today=today, step=job.step),
                then=self._take,
                failed=self._fail,
                text=_("Importerar"),
            ),
            _("Importerar …"),
        )

    def leave(self) -> bool:
        """Stay until it is done."""
        return self._draft.done is not None

    def _take(self, done: Imported) -> None:
        self._draft.done = done

    def _fail(self, error: Exception) -> None:
        messages.show_error(self.window(), error)

    def _end(self) -> None:
        self.ended.emit(self._draft.done is not None)


class DonePage(WizardPage):
    """What came of it, and the rows that were left out."""

    def __init__(self, context: Context, draft: Draft) -> None:
        super().__init__(_("Klart"))
        self._context, self._draft = context, draft
        self.report = PlainLabel("", wrap=True, is_selectable=True)
        self.rejected = PlainLabel("", wrap=True)
        self.save_button = button(_("&Spara avvisade rader …"), "download")
        holder, flow = flow_widget()
        flow.addWidget(self.save_button)
        for part in (self.report, self.rejected, holder):
            self.column.addWidget(part)
        self.column.addStretch()
        self.save_button.clicked.connect(self._save)

    def enter(self) -> None:
        """Say what came of it."""
        done = self._draft.done
        if done is None:
            return
        count = len(done.rejected_rows)
        self.report.setText("\n".join([one_line(done.source, 120) + ":", *(text for text, _badge in counters(done))]))
        self.rejected.setText(
            _("Spara de avvisade raderna, rätta dem och importera filen igen. Redan importerade rader dubbleras inte.")
        )
        for part in (self.rejected, self.save_button):
            part.setVisible(count > 0)

    @Slot()
    def _save(self) -> None:
        done, seen = self._draft.done, self._draft.preview
        if done is not None and seen is not None:
            content = import_report.rejected_rows(seen.headers, done)
            name = _("avvisade_rader_{day}.csv").format(day=self._context.today().isoformat())
            self.saving = exports.save_as(self.window(), self._context.jobs, content, name)


def problem_columns() -> tuple[Column, ...]:
    """Return the columns of the list of rejected rows; it shows what is wrong, never the value."""
    return (
        Column(_("Rad"), lambda row: str(row.line), width=6),
        Column(_("Kolumn"), lambda row: one_line(row.column, 60) or "–", width=16),
        Column(_("Vad är fel"), lambda row: one_line(row.what), tooltip=lambda row: row.what, width=28),
        Column(_("Så rättar du"), lambda row: one_line(row.remedy), tooltip=lambda row: row.remedy, width=24),
    )


def counters(done: Imported) -> list[tuple[str, Badge]]:
    """Return how many rows went which way, in words."""
    rejected = len(done.rejected_rows)
    told = [
        (ngettext("{n} ny person", "{n} nya personer", done.imported), done.imported, Tone.OK),
        (
            ngettext("{n} rad ändrar eller lägger till", "{n} rader ändrar eller lägger till", done.updated),
            done.updated,
            Tone.INFO,
        ),
        (ngettext("{n} rad finns redan", "{n} rader finns redan", done.unchanged), done.unchanged, Tone.NEUTRAL),
        (ngettext("{n} rad med fel", "{n} rader med fel", rejected), rejected, Tone.DANGER),
    ]
    return [
        (text.format(n=count), Badge(tone)) for text, count, tone in told if count or tone in (Tone.OK, Tone.DANGER)
    ]


def _usable(trial: Imported) -> int:
    return trial.imported + trial.updated + trial.unchanged
