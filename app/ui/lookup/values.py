"""What can be done with one value on the card: seen whole, corrected, and settled when an import says something else."""

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.i18n import _, ngettext
from app.services import corrections, value_history
from app.services.corrections import Change, Corrected
from app.services.subjects import CardRow
from app.services.value_history import History
from app.ui.context import Context
from app.ui.kit.forms import open_form
from app.ui.kit.jobs import Job
from app.ui.lookup.forms import CorrectForm, Form
from app.ui.lookup.value import ValueDialog
from db.queries import cards

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class ValueActs(QObject):
    """Opens values and carries out what is asked of them.

    Signals:
        told: What was done, in a sentence.
    """

    told = Signal(str)

    def __init__(self, owner: QWidget, context: Context) -> None:
        super().__init__(owner)
        self._owner, self._context = owner, context

    def show(self, subject_id: int, row: CardRow) -> None:
        """Open a value."""
        dialog = ValueDialog(self._owner.window(), row)
        dialog.finished.connect(dialog.deleteLater)
        dialog.correct_wanted.connect(partial(self._want_correction, subject_id, dialog))
        dialog.settled.connect(partial(self._settle, dialog))
        dialog.open()
        self._read(dialog)

    def _read(self, dialog: ValueDialog) -> None:
        row = dialog.row
        self._context.jobs.read(
            lambda session, _job: value_history.history(session, row), then=partial(_show_history, dialog)
        )

    def _settle(self, dialog: ValueDialog, conflict_id: int, is_kept: bool) -> None:
        self._context.jobs.write(
            lambda session, _job: corrections.settle(session, conflict_id, is_kept=is_kept),
            then=lambda _result: self._settled(dialog, is_kept),
        )

    def _settled(self, dialog: ValueDialog, is_kept: bool) -> None:
        dialog.accept()
        self.told.emit(_("Rättelsen gäller.") if is_kept else _("Importens värde gäller nu."))

    def _want_correction(self, subject_id: int, dialog: ValueDialog) -> None:
        row = dialog.row
        dialog.accept()
        self._context.jobs.read(partial(_open_cases, subject_id), then=partial(self._ask, subject_id, row))

    def _ask(self, subject_id: int, row: CardRow, cases: list[tuple[int, str]]) -> None:
        form = CorrectForm(self._owner.window(), row, cases)
        form.draft_about = f"{subject_id}-{row.datum_id}"
        form.given.connect(partial(self._correct, form, row))
        open_form(form)

    def _correct(self, form: Form, row: CardRow, answers: dict[str, Any]) -> None:
        today = self._context.today()
        request_id = int(answers.get("request_id") or 0) or None
        change = Change(datum_id=row.datum_id, value=answers["value"], reason=answers["reason"], request_id=request_id)
        self._context.jobs.write(
            lambda session, _job: corrections.correct(session, change, today=today),
            then=partial(self._tell, form),
            failed=form.fail,
        )

    def _tell(self, form: Form, done: Corrected) -> None:
        form.finish()
        words = [_("Rättad enligt {number}.").format(number=done.number), done.warning]
        if done.tasks:
            told = ngettext(
                "{n} sak att göra utanför programmet.", "{n} saker att göra utanför programmet.", len(done.tasks)
            )
            words.append(told.format(n=len(done.tasks)))
        self.told.emit(" ".join(word for word in words if word))


def _show_history(dialog: ValueDialog, found: History) -> None:
    dialog.set_history(found)


def _open_cases(subject_id: int, session: "Session", _job: Job) -> list[tuple[int, str]]:
    return [(row.id, row.number) for row in cards.requests(session, subject_id) if row.closed_on is None]
