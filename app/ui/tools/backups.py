"""Backups: make one that is proven to open, and restore one beside the vault."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from app.domain.breach import in_stockholm
from app.domain.wording import clock
from app.i18n import _
from app.services import backup, organisation
from app.ui import rights
from app.ui.context import Context
from app.ui.first_run.protection import is_same_disk
from app.ui.kit import messages
from app.ui.kit.buttons import button
from app.ui.kit.cards import Card, InfoCard
from app.ui.kit.choosing import choose_folder, show_folder
from app.ui.kit.fields import LineField, show_problems
from app.ui.kit.forms import open_form
from app.ui.kit.jobs import Job
from app.ui.kit.labels import PlainLabel
from app.ui.kit.theme import Tone
from app.ui.tools.backup_list import BackupList, told
from app.ui.tools.page import ToolPage
from app.ui.tools.restore import RestoreForm
from app.ui.tools.trial import TrialForm
from db.queries import overview, trail


class BackupsPage(ToolPage):
    """The folder, the button, the progress with a way out, and what came of it."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            context,
            _("Säkerhetskopior"),
            _("Kopian är krypterad som valvet och öppnas med samma lösenfras. Den prövas innan den räknas som klar."),
        )
        self._job: Job | None = None
        self._made: Path | None = None
        self.latest = PlainLabel("", wrap=True)
        self.by_itself = PlainLabel(
            _(
                "Programmet gör också en kopia själv när något har ändrats: var halvtimme och när du avslutar. Är mappen borta läggs kopian i valvets egen mapp. Gamla kopior gallras. Ingen äldre än 90 dagar sparas när det finns en nyare."
            ),
            "muted",
            wrap=True,
        )
        self.folder = LineField(_("Mapp för säkerhetskopior"), _("Helst en annan disk än valvets."))
        self.choose_button = button(_("&Välj …"), "folder-open")
        self.second = LineField(
            _("En mapp till"), _("På ett annat ställe: går den ena förlorad finns den andra."), is_optional=True
        )
        self.second_button = button(_("V&älj …"), "folder-open")
        self.same_disk = PlainLabel(
            _("Mappen är på samma disk som valvet. Går disken sönder försvinner båda."), wrap=True
        )
        self.make_button = button(_("&Gör en säkerhetskopia nu"), "database-backup", role="primary")
        self.bar = QProgressBar()
        self.cancel_button = button(_("&Avbryt"))
        self.result = InfoCard(tone=Tone.OK)
        self.show_button = button(_("Visa i &mapp"), "folder-open")
        self.restore_button = button(_("Åte&rställ en kopia …"), "archive-restore")
        self.trial_button = button(_("&Provåterställ …"), "shield-check")
        self.list = BackupList(context)
        self._build()
        self._connect()
        rights.restrict(context.vault, "backup.make", self.make_button)
        self.context.jobs.read(_read, self._show)
        self.list.load()

    def _build(self) -> None:
        self.same_disk.set_tone(Tone.WARN)
        self.same_disk.hide()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Säkerhetskopian görs"))
        self.result.column.addLayout(_row(self.show_button))
        self.result.hide()
        card, restore = Card(), Card()
        for part in (PlainLabel(_("Gör en kopia"), "h2"), self.latest, self.by_itself, self.folder):
            card.add(part)
        card.column.addLayout(_row(self.choose_button))
        card.add(self.same_disk)
        card.add(self.second)
        card.column.addLayout(_row(self.second_button))
        card.column.addLayout(_row(self.make_button, self.bar, self.cancel_button))
        card.add(self.result)
        restore.add(PlainLabel(_("Återställ"), "h2"))
        words = _(
            "En kopia återställs alltid till en ny mapp. Valvet som är öppet nu rörs inte. Provåterställ en kopia ibland: då vet du att den går att använda."
        )
        restore.add(PlainLabel(words, wrap=True))
        restore.column.addLayout(_row(self.restore_button, self.trial_button))
        for one in (card, self.list, restore):
            self.column.addWidget(one)
        self.column.addStretch()
        self._set_busy(is_busy=False)

    def _connect(self) -> None:
        self.choose_button.clicked.connect(self._choose)
        self.second_button.clicked.connect(self._choose_second)
        self.make_button.clicked.connect(self.make)
        self.cancel_button.clicked.connect(self._cancel)
        self.show_button.clicked.connect(self._show_folder)
        self.restore_button.clicked.connect(self._restore)
        self.trial_button.clicked.connect(self._try)
        self.folder.left.connect(self._compare)

    def _show(self, found: tuple[dict[str, Any], Any]) -> None:
        facts, at = found
        if not self.folder.value():
            self.folder.set_value(str(facts.get("backup_folder") or ""))
        if not self.second.value():
            self.second.set_value(str(facts.get("second_folder") or ""))
        self._compare()
        when = clock(in_stockholm(at)) if at else ""
        self.latest.setText(
            _("Senaste kopian: {when}.").format(when=when) if at else _("Ingen kopia utanför valvet är gjord än.")
        )

    @Slot()
    def make(self) -> None:
        """Make a backup in each folder, and remember the folders."""
        fields = {"backup_folder": self.folder, "second_folder": self.second}
        if show_problems(fields, self._problems()) or self._job is not None:
            return
        vault, now = self.context.vault, self.context.now()
        wanted = {name: field.value() for name, field in fields.items()}

        def work(job: Job) -> backup.Backup:
            made = [backup.make(vault, Path(one), now=now, step=job.step) for one in wanted.values() if one]
            if rights.why_not(vault, "organisation.change_fact"):
                return made[0]
            with vault.store.write(now) as session:
                known = organisation.fact(session, organisation.PROTECTION)
                if changed := {name: one for name, one in wanted.items() if (known.get(name) or "") != one}:
                    organisation.change_fact(session, organisation.PROTECTION, changed)
            return made[0]

        self.result.hide()
        self._set_busy(is_busy=True)
        self._job = self.context.jobs.run(work, self._tell, self._fail, _("Gör säkerhetskopia …"))
        self._job.progressed.connect(self._advance)
        self._job.ended.connect(self._end)

    def _problems(self) -> dict[str, str]:
        first, second = self.folder.value(), self.second.value()
        found = {}
        if not first or not Path(first).is_dir():
            found["backup_folder"] = _("Välj en mapp som finns.")
        if second and not Path(second).is_dir():
            found["second_folder"] = _("Välj en mapp som finns, eller lämna rutan tom.")
        elif second and Path(second).absolute() == Path(first).absolute():
            found["second_folder"] = _("Det är samma mapp som ovan. Välj en annan, eller lämna rutan tom.")
        return found

    @Slot(int, int)
    def _advance(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    @Slot()
    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    @Slot()
    def _end(self) -> None:
        self._job = None
        self._set_busy(is_busy=False)
        self.list.load()  # also after a failure: one of the folders may have got its backup

    def _tell(self, made: backup.Backup) -> None:
        self._made = made.path
        self.result.set_content(_("Kopian är gjord och prövad"), f"{made.path.name}\n{told(made.counts)}")
        self.result.show()
        self.context.jobs.read(_read, self._show)

    def _fail(self, error: Exception) -> None:
        messages.show_error(self.window(), error)

    @Slot()
    def _choose(self) -> None:
        choose_folder(self, _("Mapp för säkerhetskopior"), self._set)

    @Slot()
    def _choose_second(self) -> None:
        choose_folder(self, _("En mapp till"), lambda folder: self.second.set_value(str(folder)))

    def _set(self, folder: Path) -> None:
        self.folder.set_value(str(folder))
        self.folder.set_problem("")
        self._compare()

    @Slot()
    def _compare(self) -> None:
        folder = self.folder.value()
        self.same_disk.setVisible(bool(folder) and is_same_disk(Path(folder), self.context.vault.folder))

    @Slot()
    def _show_folder(self) -> None:
        if self._made is not None:
            show_folder(self._made)

    @Slot()
    def _restore(self) -> None:
        open_form(RestoreForm(self.context, self.window(), str(self.list.chosen() or "")))

    @Slot()
    def _try(self) -> None:
        open_form(TrialForm(self.context, self.window(), str(self.list.chosen() or "")))

    def _set_busy(self, *, is_busy: bool) -> None:
        self.bar.setRange(0, 0)
        for part in (self.bar, self.cancel_button):
            part.setVisible(is_busy)
        for tool in (self.make_button, self.choose_button, self.folder, self.second_button, self.second):
            tool.setEnabled(not is_busy)


def _read(session: Any, _job: object) -> tuple[dict[str, Any], Any]:
    facts = overview.settings(session, organisation.PROTECTION)[organisation.PROTECTION]
    return facts, trail.last_backup(session)


def _row(*parts: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    for part in parts:
        row.addWidget(part)
    row.addStretch()
    return row
