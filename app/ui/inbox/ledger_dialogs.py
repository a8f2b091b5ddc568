"""Forms of the ledger: who is asked about a source outside the vault, and what they answered."""

import datetime as dt
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from app.domain import ledger as domain
from app.domain.ledger import GIVEN, Answer
from app.i18n import _
from app.services import ledger, requests
from app.services.ledger import LedgerLine, Question, Reply
from app.ui.context import Context
from app.ui.inbox.case import Case
from app.ui.kit.choice_fields import ChoiceField
from app.ui.kit.count_fields import CountField
from app.ui.kit.date_fields import DateField
from app.ui.kit.fields import ComboField, LineField
from app.ui.kit.foreign import one_line
from app.ui.kit.labels import PlainLabel
from app.ui.kit.text_field import TextField
from app.ui.store_form import StoreForm

ANSWER_WITHIN = dt.timedelta(days=7)
OTHER = ""


class AskDialog(StoreForm):
    """Who is to search what, and when the answer is needed."""

    def __init__(
        self, parent: QWidget | None, context: Context, case: Case, systems: Sequence[tuple[int, str, str]]
    ) -> None:
        super().__init__(parent, context, (_("Fråga om en källa utanför valvet"), _("Anteckna frågan")))
        self.case, self.draft_about = case, case.request.number
        self._systems = {str(key): (name, owner) for key, name, owner in systems}
        intro = _("Papper, andras datorer och system som programmet inte når. Skicka frågan själv; här bevakas svaret.")
        self.column.addWidget(PlainLabel(intro, wrap=True))
        choices = [(OTHER, _("Något annat")), *((key, name) for key, (name, _owner) in self._systems.items())]
        self.system = self.add("system", ComboField(_("System"), choices))
        self.source = self.add("source", LineField(_("Vad ska genomsökas?"), _("Till exempel: pappersarkivet.")))
        self.owner = self.add("owner", LineField(_("Vem ska söka?")))
        self.due_on = self.add("due_on", DateField(_("Svar senast"), context.today))
        self.due_on.set_value(min(self.today + ANSWER_WITHIN, max(case.request.due_on, self.today)))
        self.system.changed.connect(self._fill)
        self._untouched = self.values()

    @Slot()
    def _fill(self) -> None:
        name, owner = self._systems.get(self.system.value() or OTHER, ("", ""))
        if name:
            self.source.set_value(name)
        if owner:
            self.owner.set_value(owner)

    def question(self) -> Question:
        """Return what is asked."""
        answers = self.values()
        return Question(
            source=answers["source"],
            owner=answers["owner"],
            due_on=answers["due_on"],
            outside_id=int(answers["system"] or 0) or None,
        )

    def problems(self) -> dict[str, str]:
        """Return what is wrong."""
        return ledger.problems(self.question(), today=self.today)

    def save(self) -> None:
        """Note the question."""
        self.write(partial(ledger.ask, request_id=self.case.request.id, question=self.question(), today=self.today))


class AnswerDialog(StoreForm):
    """What somebody who was asked answered."""

    def __init__(self, parent: QWidget | None, context: Context, case: Case, line: LedgerLine) -> None:
        title = _("Svaret från {source}").format(source=one_line(line.source, 60))
        super().__init__(parent, context, (title, _("Spara svaret")))
        self.case, self.line_id, self.draft_about = case, line.line_id, f"{case.request.number}-{line.line_id}"
        choices = [(answer.value, domain.label(answer)) for answer in GIVEN]
        self.answer = self.add("answer", ChoiceField(_("Vad blev svaret?"), choices, is_row=False))
        self.found = self.add("found", CountField(_("Hur många uppgifter?")))
        self.answered_on = self.add("answered_on", DateField(_("Svaret kom"), context.today))
        self.answered_on.set_value(self.today)
        hint = _("Skriv inga personuppgifter här. Lägg in dem i registret i stället.")
        self.why = self.add("why", TextField(_("Vad sades?"), hint, lines=2, is_optional=True))
        self.answer.set_value(Answer.NOTHING.value)
        self.answer.changed.connect(self._show_parts)
        self._show_parts()
        self._untouched = self.values()

    @Slot()
    def _show_parts(self) -> None:
        self.found.setVisible(self.answer.value() == Answer.FOUND.value)

    def problems(self) -> dict[str, str]:
        """Return what is wrong."""
        answers, found = self.values(), {}
        if answers["answer"] == Answer.FOUND.value and not answers["found"]:
            found["found"] = _("Skriv hur många uppgifter som fanns.")
        if answers["answered_on"] is None or answers["answered_on"] > self.today:
            found["answered_on"] = _("Ange dagen då svaret kom, i dag eller tidigare.")
        return found

    def save(self) -> None:
        """Enter the answer."""
        answers = self.values()
        given = Answer(answers["answer"])
        reply = Reply(
            answer=given,
            found=int(answers["found"] or 0) if given is Answer.FOUND else 0,
            why=answers["why"],
            answered_on=answers["answered_on"],
        )
        self.write(partial(ledger.answer, line_id=self.line_id, reply=reply, today=self.today))


class CloseDialog(StoreForm):
    """Why a request is closed although somebody who was asked has not answered."""

    def __init__(self, parent: QWidget | None, context: Context, case: Case, warning: str) -> None:
        super().__init__(parent, context, (_("Avsluta ärendet"), _("Avsluta ändå")))
        self.case, self.draft_about = case, case.request.number
        self.column.addWidget(PlainLabel(warning, wrap=True))
        self.add("reason", TextField(_("Varför?"), lines=2))

    def problems(self) -> dict[str, str]:
        """Return what is wrong."""
        return {} if self.values()["reason"].strip() else {"reason": _("Skriv varför du avslutar ändå.")}

    def save(self) -> None:
        """Close the request."""
        self.write(
            partial(requests.close, request_id=self.case.request.id, reason=self.values()["reason"], today=self.today)
        )
