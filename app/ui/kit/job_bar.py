"""Progress in the status bar: nothing for short work, a bar after half a second, words and a way out after two."""

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from app.i18n import _
from app.ui.kit.buttons import button
from app.ui.kit.jobs import Job, Jobs
from app.ui.kit.labels import PlainLabel


class JobBar(QWidget):
    """Shows the oldest job that is still running.

    Args:
        jobs: The lanes to watch.
        bar_after: Milliseconds before the bar is seen.
        words_after: Milliseconds before the words and the cancel button are seen.
    """

    def __init__(self, jobs: Jobs, *, bar_after: int = 500, words_after: int = 2000) -> None:
        super().__init__()
        self._job: Job | None = None
        self._waiting: list[Job] = []
        self._bar_timer, self._words_timer = QTimer(self, singleShot=True), QTimer(self, singleShot=True)
        self._bar_timer.setInterval(bar_after)
        self._words_timer.setInterval(words_after)
        self._build()
        self._bar_timer.timeout.connect(self._show_bar)
        self._words_timer.timeout.connect(self._show_words)
        jobs.started.connect(self._add)

    def _build(self) -> None:
        self.text = PlainLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(140)
        self.bar.setAccessibleName(_("Pågående arbete"))
        self.cancel_button = button(_("Avbryt"), role="link")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for part in (self.text, self.bar, self.cancel_button):
            row.addWidget(part)
        self.cancel_button.clicked.connect(self._cancel)
        self._hide_parts()

    @Slot(object)
    def _add(self, job: Job) -> None:
        job.ended.connect(self._drop_finished)
        self._waiting.append(job)
        if self._job is None:
            self._watch_next()

    def _watch_next(self) -> None:
        self._hide_parts()
        self._bar_timer.stop()
        self._words_timer.stop()
        self._job = self._waiting[0] if self._waiting else None
        if self._job is None:
            return
        self.bar.setRange(0, 0)
        self._job.progressed.connect(self._advance)
        self._bar_timer.start()
        self._words_timer.start()

    @Slot(int, int)
    def _advance(self, done: int, total: int) -> None:
        if self.sender() is self._job:
            self.bar.setRange(0, total)
            self.bar.setValue(done)

    @Slot()
    def _drop_finished(self) -> None:
        job = self.sender()
        self._waiting = [other for other in self._waiting if other is not job]
        if job is self._job:
            self._watch_next()

    @Slot()
    def _show_bar(self) -> None:
        self.bar.show()

    @Slot()
    def _show_words(self) -> None:
        self.text.setText((self._job.text if self._job else "") or _("Arbetar …"))
        self.text.show()
        self.cancel_button.setEnabled(True)
        self.cancel_button.show()

    @Slot()
    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self.text.setText(_("Avbryter …"))
            self.cancel_button.setEnabled(False)

    def _hide_parts(self) -> None:
        for part in (self.text, self.bar, self.cancel_button):
            part.hide()
