"""The line under the window: saved or working, the last backup, when it locks, and who is at work."""

import datetime as dt

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStatusBar

from app.i18n import _, ngettext
from app.ui.kit.job_bar import JobBar
from app.ui.kit.jobs import Jobs
from app.ui.kit.labels import PlainLabel


class StatusBar(QStatusBar):
    """Watches the lanes and is told the rest."""

    def __init__(self, jobs: Jobs, user: str, role: str = "") -> None:
        super().__init__()
        self._jobs = jobs
        self.saved = PlainLabel(_("Allt sparat"))
        self.backup = PlainLabel()
        self.locks = PlainLabel()
        self.user = PlainLabel(_("{name}, {role}").format(name=user, role=role) if role else user)
        self.user.setAccessibleName(_("Vid datorn: {name}").format(name=user))
        self.setSizeGripEnabled(False)
        self.addWidget(self.saved)
        self.addWidget(JobBar(jobs))
        for label in (self.backup, self.locks, self.user):
            label.setContentsMargins(6, 0, 6, 0)
            self.addPermanentWidget(label)
        jobs.started.connect(self._work)
        jobs.idle.connect(self._rest)

    def set_backup(self, made_at: dt.datetime | None, today: dt.date) -> None:
        """Tell when the last backup was made; the time is the office's own."""
        self.backup.setText(backup_words(made_at, today))

    @Slot(int)
    def set_minutes(self, minutes: int) -> None:
        """Tell in how many minutes the vault locks."""
        self.locks.setText(ngettext("Låses om {n} min", "Låses om {n} min", minutes).format(n=minutes))

    @Slot(object)
    def _work(self, _job: object) -> None:
        self.saved.setText("")

    @Slot()
    def _rest(self) -> None:
        self.saved.setText(_("Allt sparat"))


def backup_words(made_at: dt.datetime | None, today: dt.date) -> str:
    """Return when the last backup was made, such as "Säkerhetskopia: i dag 08.00"."""
    if made_at is None:
        return _("Säkerhetskopia: ingen")
    days = (today - made_at.date()).days
    if days == 0:
        return _("Säkerhetskopia: i dag {time}").format(time=made_at.strftime("%H.%M"))
    if days == 1:
        return _("Säkerhetskopia: i går")
    return _("Säkerhetskopia: {day}").format(day=made_at.date().isoformat())
