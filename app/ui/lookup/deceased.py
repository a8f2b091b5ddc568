"""Noting that a person has died, and taking it back."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.domain.subjects import DeathKnown
from app.i18n import _
from app.services import deceased
from app.ui.context import Context
from app.ui.kit import messages
from app.ui.kit.choice_fields import ChoiceField
from app.ui.kit.forms import open_form
from app.ui.kit.messages import Question
from app.ui.lookup.forms import Form


class DeceasedForm(Form):
    """How it is known that a person has died."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(
            parent,
            _("Notera att personen är avliden"),
            _("Inga brev och ingen reklam går till personen. Uppgifterna är kvar och gallras som förut."),
            _("Notera"),
        )
        self.add("how", ChoiceField(_("Hur vet ni det?"), [(how.value, how.label) for how in DeathKnown]))

    def problems(self) -> dict[str, str]:
        """Return what is wrong."""
        return {} if self.answers()["how"] else {"how": _("Välj hur ni vet det.")}


class Deceased(QObject):
    """Asks, and carries it out.

    Signals:
        told: What was done, in a sentence.
    """

    told = Signal(str)

    def __init__(self, owner: QWidget, context: Context) -> None:
        super().__init__(owner)
        self._owner, self._context = owner, context

    @Slot(int, bool)
    def turn(self, subject_id: int, is_deceased: bool) -> None:
        """Ask how it is known that the person has died, or whether it is to be taken back."""
        if not is_deceased:
            form = DeceasedForm(self._owner.window())
            form.given.connect(partial(self._mark, form, subject_id))
            open_form(form)
            return
        question = Question(
            title=_("Är personen inte avliden?"),
            text=_("Noteringen tas bort. Brev kan skickas till personen igen."),
            verb=_("Ta bort noteringen"),
            is_danger=False,
        )
        messages.ask(self._owner.window(), question, partial(self._take_back, subject_id))

    def _mark(self, form: Form, subject_id: int, answers: dict[str, Any]) -> None:
        how = DeathKnown(answers["how"])
        self._context.jobs.write(
            lambda session, _job: deceased.mark_dead(session, subject_id, how=how).id,
            then=partial(self._done, form, _("Personen är noterad som avliden.")),
            failed=form.fail,
        )

    def _take_back(self, subject_id: int) -> None:
        self._context.jobs.write(
            lambda session, _job: deceased.take_back(session, subject_id).id,
            then=partial(self._done, None, _("Noteringen är borttagen.")),
        )

    def _done(self, form: Form | None, words: str, _result: object) -> None:
        if form is not None:
            form.finish()
        self.told.emit(words)
