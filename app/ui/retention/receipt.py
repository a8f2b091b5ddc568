"""One decision afterwards: its receipt to look at and save, and what is left to do by hand in other systems."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QDialog, QFrame, QHBoxLayout, QScrollArea, QSplitter, QVBoxLayout, QWidget

from app.i18n import _, ngettext
from app.services import erasure_trail, filing, requests, verification
from app.services.audit import Evidence
from app.services.erasure_trail import Trail
from app.ui import previews
from app.ui.context import Context
from app.ui.exports import save_as
from app.ui.kit.buttons import button
from app.ui.kit.cards import InfoCard
from app.ui.kit.labels import PlainLabel
from app.ui.kit.pdf_view import PdfView
from app.ui.kit.theme import Tone
from db.queries import retention as queries


class ReceiptDialog(QDialog):
    """Shows a receipt and ticks off the work outside the program.

    Args:
        parent: The tab.
        context: What the tab works with.
        run: The decision's row: id, number and attachment_id.
        names: Whom it was about, right after the decision; shown here and stored nowhere.
    """

    def __init__(self, parent: QWidget, context: Context, run: Any, names: Sequence[str] = ()) -> None:
        super().__init__(parent)
        self._context, self._run, self._pdf = context, run, b""
        self.boxes: dict[int, QCheckBox] = {}
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Gallringskvitto {number}").format(number=run.number))
        self.view = PdfView()
        self.save_button = button(_("&Spara kvitto…"), "download", role="primary")
        self.close_button = button(_("S&täng"))
        self.rest = PlainLabel("", "muted", wrap=True)
        self.names = InfoCard(
            _("Gäller"),
            "\n".join(names),
            _("visas bara nu"),
            Tone.INFO,
        )
        self.names.setVisible(bool(names))
        self.trail = InfoCard(_("Spåret i loggen"), tone=Tone.OK)
        self.trail.hide()
        self._build()
        self.save_button.setEnabled(False)
        self.save_button.clicked.connect(self._save)
        self.close_button.clicked.connect(self.accept)
        self._load()

    def _build(self) -> None:
        side, area = QWidget(), QScrollArea()
        self._side = QVBoxLayout(side)
        self._side.setContentsMargins(8, 0, 0, 0)
        self._side.setSpacing(8)
        self._side.addWidget(PlainLabel(_("Att göra för hand"), "h1"))
        self._side.addWidget(self.rest)
        self._tasks = QVBoxLayout()
        self._tasks.setSpacing(6)
        self._side.addLayout(self._tasks)
        self._side.addWidget(self.names)
        self._side.addWidget(self.trail)
        self._side.addStretch()
        area.setWidget(side)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        parts = QSplitter()
        parts.addWidget(self.view)
        parts.addWidget(area)
        parts.setSizes([520, 380])
        parts.setChildrenCollapsible(False)
        bottom, whole = QHBoxLayout(), QVBoxLayout(self)
        bottom.addStretch()
        bottom.addWidget(self.save_button)
        bottom.addWidget(self.close_button)
        whole.addWidget(parts, 1)
        whole.addLayout(bottom)
        self.resize(940, 600)

    def _load(self) -> None:
        run_id, attachment_id = self._run.id, self._run.attachment_id
        self._context.jobs.read(lambda session, _job: queries.tasks(session, run_id), then=self._show_tasks)
        vault = self._context.vault
        self._context.jobs.run(lambda _job: verification.evidence(vault), then=self._read_trail)
        if attachment_id is not None:
            self._context.jobs.write(
                lambda session, _job: filing.open_document(session, attachment_id)[1], then=self._show_receipt
            )

    def _show_receipt(self, pdf: bytes) -> None:
        self._pdf = pdf
        previews.show(self.view, pdf)
        self.save_button.setEnabled(True)
        self.save_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read_trail(self, held: Evidence) -> None:
        run_id, lines = self._run.id, self._context.vault.keeper.journal
        self._context.jobs.read(
            lambda session, _job: erasure_trail.of_run(session, run_id, lines, held), then=self._show_trail
        )

    def _show_trail(self, found: Trail) -> None:
        rows = [found.journal, *found.events]
        if found.more:
            rows.append(
                ngettext("… och {count} händelse till", "… och {count} händelser till", found.more).format(
                    count=found.more
                )
            )
        self.trail.set_tone(Tone.OK if found.is_whole else Tone.DANGER)
        self.trail.set_content(_("Spåret i loggen"), "\n".join((*rows, found.chain)))
        self.trail.show()

    def _show_tasks(self, tasks: Sequence[Any]) -> None:
        for task in tasks:
            box = self.boxes.get(task.id)
            if box is None:
                box = self._add_box(task)
            box.setChecked(task.done_on is not None)
            box.setEnabled(task.done_on is None)
        left = sum(task.done_on is None for task in tasks)
        self.rest.setText(_rest(len(tasks), left))

    def _add_box(self, task: Any) -> QCheckBox:
        box, row = QCheckBox(), QHBoxLayout()
        box.setAccessibleName(task.title)
        words = PlainLabel(task.title, wrap=True)
        words.setBuddy(box)
        row.addWidget(box, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words, 1)
        self._tasks.addLayout(row)
        self.boxes[task.id] = box
        box.clicked.connect(partial(self._finish, task.id))
        return box

    def _finish(self, task_id: int, _is_on: bool = True) -> None:
        today = self._context.today()
        self.boxes[task_id].setEnabled(False)
        self._context.jobs.write(
            lambda session, _job: requests.finish_task(session, task_id, today=today).id,
            then=self._reload_tasks,
        )

    def _reload_tasks(self, _task_id: int) -> None:
        run_id = self._run.id
        self._context.jobs.read(lambda session, _job: queries.tasks(session, run_id), then=self._show_tasks)

    @Slot()
    def _save(self) -> None:
        save_as(self, self._context.jobs, self._pdf, f"gallringskvitto_{self._run.number}.pdf")


def _rest(count: int, left: int) -> str:
    if not count:
        return _("Inget. Ingen annan har fått uppgifterna.")
    if not left:
        return _("Allt är klart.")
    text = ngettext(
        "{left} sak kvar. Bocka av när den är gjord.", "{left} saker kvar. Bocka av dem när de är gjorda.", left
    )
    return text.format(left=left)
