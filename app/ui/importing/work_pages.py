"""Steps 4 and 5: do it, and what came of it."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QProgressBar

from app.i18n import _, ngettext
from app.services import import_report, import_settling, imports
from app.services.imports import Imported
from app.ui import exports
from app.ui.context import Context
from app.ui.importing.draft import Draft
from app.ui.importing.past import ask_undo, save_report
from app.ui.kit import messages
from app.ui.kit.badges import Badge
from app.ui.kit.buttons import button
from app.ui.kit.flow import flow_widget
from app.ui.kit.foreign import one_line
from app.ui.kit.jobs import Job
from app.ui.kit.labels import PlainLabel
from app.ui.kit.theme import Tone
from app.ui.kit.wizard import WizardPage


class WorkPage(WizardPage):
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


class RunPage(WorkPage):
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
        plan, store = self._draft.plan(), self._context.vault.store
        now, today = self._context.now(), self._context.today()
        if plan is None or self.is_working or self._draft.done is not None:
            return
        self._follow(
            self._context.jobs.save(
                lambda job: imports.run_in_batches(store, plan, now=now, today=today, step=job.step),
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
        if self._draft.done is None:
            clear_up(self._context)
        self.ended.emit(self._draft.done is not None)


def clear_up(context: Context) -> None:
    """Take out what is left of an import that was stopped; nothing of it is seen meanwhile."""
    store, now = context.vault.store, context.now()
    context.jobs.run(lambda job: import_settling.finish(store, now=now, step=job.step), failed=_leave)


def _leave(_error: Exception) -> None:
    """Let it be done at the next opening."""


class DonePage(WizardPage):
    """What came of it, and the rows that were left out."""

    def __init__(self, context: Context, draft: Draft) -> None:
        super().__init__(_("Klart"))
        self._context, self._draft = context, draft
        self.report = PlainLabel("", wrap=True, is_selectable=True)
        self.rejected = PlainLabel("", wrap=True)
        self.save_button = button(_("&Spara avvisade rader …"), "download")
        self.report_button = button(_("Spara &rapport …"), "file-text")
        holder, flow = flow_widget()
        flow.addWidget(self.save_button)
        flow.addWidget(self.report_button)
        self.undo_button = button(_("Ångra &importen …"), "undo-2")
        flow.addWidget(self.undo_button)
        for part in (self.report, self.rejected, holder):
            self.column.addWidget(part)
        self.column.addStretch()
        self.save_button.clicked.connect(self._save)
        self.report_button.clicked.connect(self._save_report)
        self.undo_button.clicked.connect(self._undo)

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
    def _undo(self) -> None:
        if self._draft.done is not None and self._draft.done.batch_id is not None:
            ask_undo(self.window(), self._context, self._draft.done.batch_id, self._take_back)

    def _take_back(self) -> None:
        self.report.setText(_("Importen är ångrad. Registret är som det var före den."))
        for part in (self.rejected, self.save_button, self.undo_button):
            part.hide()

    @Slot()
    def _save_report(self) -> None:
        done = self._draft.done
        if done is not None and done.batch_id is not None:
            save_report(self.window(), self._context, done.batch_id, done)

    @Slot()
    def _save(self) -> None:
        done, seen = self._draft.done, self._draft.preview
        if done is not None and seen is not None:
            content = import_report.rejected_rows(seen.headers, done)
            name = _("avvisade_rader_{day}.csv").format(day=self._context.today().isoformat())
            self.saving = exports.save_as(self.window(), self._context.jobs, content, name)


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
        (ngettext("{n} saknas i filen", "{n} saknas i filen", done.gone), done.gone, Tone.WARN),
        (ngettext("{n} rad hoppas över", "{n} rader hoppas över", done.skipped), done.skipped, Tone.NEUTRAL),
        (
            ngettext(
                "{n} uppgift mot en rättelse att avgöra", "{n} uppgifter mot rättelser att avgöra", done.conflicts
            ),
            done.conflicts,
            Tone.WARN,
        ),
        (ngettext("{n} rad med varning", "{n} rader med varning", done.warned), done.warned, Tone.WARN),
        (ngettext("{n} rad med fel", "{n} rader med fel", rejected), rejected, Tone.DANGER),
    ]
    return [
        (text.format(n=count), Badge(tone)) for text, count, tone in told if count or tone in (Tone.OK, Tone.DANGER)
    ]
