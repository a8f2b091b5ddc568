"""Small forms of a request: identity, longer time, a pause and its end, sent, opened again, tasks outside."""

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from app.domain import deadlines, lifecycle
from app.domain.status import DeliveryMethod, IdentityMethod, Question, label
from app.i18n import _, ngettext
from app.services import request_facts, requests
from app.ui.context import Context
from app.ui.inbox.case import Case
from app.ui.kit.choice_fields import ChoiceField, ChoicesField
from app.ui.kit.date_fields import DateField
from app.ui.kit.labels import PlainLabel
from app.ui.kit.text_field import TextField
from app.ui.kit.theme import Tone
from app.ui.store_form import StoreForm

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class CaseForm(StoreForm):
    """A form about one request.

    Args:
        parent: The window it belongs to.
        context: What a tab is given.
        case: The request.
        words: The title and the verb.
    """

    def __init__(self, parent: QWidget | None, context: Context, case: Case, words: tuple[str, str]) -> None:
        super().__init__(parent, context, words)
        self.case = case
        self.draft_about = case.request.number


class IdentityDialog(CaseForm):
    """How it was settled who asks."""

    def __init__(self, parent: QWidget | None, context: Context, case: Case) -> None:
        super().__init__(parent, context, case, (_("Kontrollera identiteten"), _("Spara")))
        hint = _("Välj det minsta som räcker. Spara aldrig en kopia av legitimationen.")
        ways = [(method.value, label(method)) for method in IdentityMethod]
        self.method = self.add("method", ChoiceField(_("Hur kontrollerades den?"), ways, hint, is_row=False))
        self.remark = self.add(
            "note",
            TextField(
                _("Anteckning"),
                _("Till exempel slag av handling och de fyra sista tecknen."),
                is_optional=True,
                lines=2,
            ),
        )
        request = case.request
        if request.identity_method is not None:
            self.method.set_value(request.identity_method.value)
            self.remark.set_value(request.identity_note)

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by field."""
        return {} if self.method.value() else {"method": _("Välj hur identiteten kontrollerades.")}

    def save(self) -> None:
        """Record the check."""
        self.write(
            partial(
                requests.check_identity,
                request_id=self.case.request.id,
                method=IdentityMethod(self.method.value() or ""),
                note=self.remark.value(),
                today=self.today,
            )
        )


class ExtendDialog(CaseForm):
    """More time, with the reason that the person is told."""

    def __init__(self, parent: QWidget | None, context: Context, case: Case) -> None:
        super().__init__(parent, context, case, (_("Förläng fristen"), _("Förläng")))
        hint = _("Skriv varför begäran är komplicerad eller varför begärandena är många. Personen får läsa skälet.")
        self.reason = self.add("reason", TextField(_("Skäl"), hint, lines=4))
        self.column.addWidget(self.note)
        days = request_facts.deadline(case.request.received_on, is_extended=True, paused_days=case.deadline.paused_days)
        self.tell(
            _("Berätta för personen inom den första månaden"),
            _("{sum}. Efter att du förlängt skriver du brevet om förlängning.").format(sum=days.sum),
        )

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by field."""
        why = lifecycle.why_not_extend(self.case.facts, today=self.today, reason=self.reason.value())
        return {"reason": why} if why else {}

    def save(self) -> None:
        """Extend the limit."""
        self.write(
            partial(requests.extend, request_id=self.case.request.id, reason=self.reason.value(), today=self.today)
        )


class PauseDialog(CaseForm):
    """The clock held while only the person can answer."""

    def __init__(self, parent: QWidget | None, context: Context, case: Case) -> None:
        super().__init__(parent, context, case, (_("Pausa fristen"), _("Pausa")))
        asked = [(question.value, label(question)) for question in Question]
        self.question = self.add("question", ChoiceField(_("Vad väntar vi på?"), asked, is_row=False))
        self.asked_on = self.add("asked_on", DateField(_("Frågan skickades"), context.today))
        self.reason = self.add("reason", TextField(_("Skäl"), _("Skriv vad som gör att du måste fråga."), lines=3))
        self.column.addWidget(self.note)
        first = Question.CLARIFICATION if case.facts.identity_checked else Question.IDENTITY
        self.question.set_value(first.value)
        self.asked_on.set_value(self.today)
        self.asked_on.changed.connect(self._warn)
        self._warn()

    @Slot()
    def _warn(self) -> None:
        asked_on = self.asked_on.day() or self.today
        warning = lifecycle.pause_warning(self.case.facts, asked_on=asked_on)
        if warning:
            self.tell(_("Tänk efter före"), warning, Tone.WARN)
        else:
            self.tell(
                _("Att vänta pausar aldrig fristen av sig självt"),
                _("Pausen skrivs i loggen med ditt skäl."),
                Tone.INFO,
            )

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by field."""
        question = Question(self.question.value() or Question.IDENTITY)
        if lifecycle.why_not_pause(self.case.facts, question=question):
            return {"question": lifecycle.why_not_pause(self.case.facts, question=question) or ""}
        found = {}
        if why := lifecycle.why_not_pause(self.case.facts, question=question, reason=self.reason.value()):
            found["reason"] = why
        if wrong := day_problem(self.asked_on.day(), self.case.request.received_on, self.today):
            found["asked_on"] = wrong
        return found

    def save(self) -> None:
        """Hold the clock."""
        self.write(
            partial(
                requests.pause,
                request_id=self.case.request.id,
                question=Question(self.question.value() or ""),
                reason=self.reason.value(),
                asked_on=self.asked_on.day() or self.today,
            )
        )


class ResumeDialog(CaseForm):
    """The answer to the question that held the clock."""

    def __init__(self, parent: QWidget | None, context: Context, case: Case) -> None:
        super().__init__(parent, context, case, (_("Svaret på frågan har kommit"), _("Låt fristen löpa")))
        self.answered_on = self.add("answered_on", DateField(_("Svaret kom"), context.today))
        self.column.addWidget(self.note)
        self.answered_on.set_value(self.today)
        self.answered_on.changed.connect(self._show_sum)
        self._show_sum()

    @Slot()
    def _show_sum(self) -> None:
        facts, answered_on = self.case.facts, self.answered_on.day()
        if facts.paused_on is None or answered_on is None or answered_on < facts.paused_on:
            self.tell("")
            return
        days = self.case.deadline.paused_days + deadlines.pause_days(facts.paused_on, answered_on)
        request = self.case.request
        found = request_facts.deadline(
            request.received_on, is_extended=request.extended_on is not None, paused_days=days
        )
        self.tell(_("Ny frist"), found.sum + ".")

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by field."""
        answered_on = self.answered_on.day()
        if wrong := day_problem(answered_on, dt.date.min, self.today):
            return {"answered_on": wrong}
        why = lifecycle.why_not_resume(self.case.facts, answered_on=answered_on or self.today)
        return {"answered_on": why} if why else {}

    def save(self) -> None:
        """Let the clock run again."""
        self.write(
            partial(requests.resume, request_id=self.case.request.id, answered_on=self.answered_on.day() or self.today)
        )


class SentDialog(CaseForm):
    """The day the answer left, and how."""

    def __init__(self, parent: QWidget | None, context: Context, case: Case) -> None:
        super().__init__(parent, context, case, (_("Svaret är skickat"), _("Spara")))
        ways = [(method.value, label(method)) for method in DeliveryMethod]
        self.sent_on = self.add("sent_on", DateField(_("Skickades"), context.today))
        self.method = self.add("method", ChoiceField(_("Hur"), ways, is_row=False))
        self.column.addWidget(self.note)
        self.sent_on.set_value(self.today)
        first = DeliveryMethod.MAIL_FORWARDING if case.facts.is_protected else DeliveryMethod.LETTER
        self.method.set_value(first.value)
        self.sent_on.changed.connect(self._check)
        self.method.changed.connect(self._check)
        self._check()

    @Slot()
    def _check(self) -> None:
        """Say at once what is not allowed, and that a late answer is recorded as late."""
        self.method.set_problem(self._why_not() or "")
        sent_on, due_on = self.sent_on.day(), self.case.request.due_on
        if sent_on is None or sent_on <= due_on:
            self.tell("")
            return
        days = (sent_on - due_on).days
        late = ngettext("Dagen är {days} dag efter fristen", "Dagen är {days} dagar efter fristen", days)
        self.tell(late.format(days=days), _("Svaret registreras som sent, och det syns i ärendet."), Tone.WARN)

    def _why_not(self) -> str | None:
        return lifecycle.why_not_send(self.case.facts, DeliveryMethod(self.method.value() or ""))

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by field."""
        found = {}
        sent_on = self.sent_on.day()
        if sent_on is None:
            found["sent_on"] = _("Skriv den dag då svaret skickades.")
        if why := self._why_not():
            found["method"] = why
        elif why := lifecycle.why_not_send(self.case.facts, sent_on=sent_on, today=self.today):
            found["sent_on"] = why
        return found

    def save(self) -> None:
        """Record that the answer has left."""
        self.write(
            partial(
                requests.mark_sent,
                request_id=self.case.request.id,
                method=DeliveryMethod(self.method.value() or ""),
                sent_on=self.sent_on.day() or self.today,
                today=self.today,
            )
        )


class ReopenDialog(CaseForm):
    """Opens an answered request again."""

    def __init__(self, parent: QWidget | None, context: Context, case: Case) -> None:
        super().__init__(parent, context, case, (_("Öppna ärendet igen"), _("Öppna igen")))
        text = _("Gör det när personen inte godtar svaret eller när tillsynsmyndigheten har tagit upp det. Då kan du besluta på nytt, skriva ett nytt svar och skicka det.")  # fmt: skip
        self.column.addWidget(PlainLabel(text, wrap=True))

    def save(self) -> None:
        """Open it."""
        self.write(partial(requests.reopen, request_id=self.case.request.id, today=self.today))


class TasksDialog(CaseForm):
    """What was to be done outside the program, ticked off."""

    def __init__(self, parent: QWidget | None, context: Context, case: Case) -> None:
        super().__init__(parent, context, case, (_("Bocka av uppgifter"), _("Spara")))
        open_tasks = [(str(task.id), task.title) for task in case.tasks if task.done_on is None]
        hint = _("Det du bockar av skrivs i loggen med ditt namn och dagens datum.")
        self.ticked = self.add("done", ChoicesField(_("Gjort"), open_tasks, hint, is_row=False))

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by field."""
        return {} if self.ticked.value() else {"done": _("Bocka av minst en uppgift.")}

    def save(self) -> None:
        """Tick them off."""
        self.write(partial(_finish_tasks, [int(code) for code in self.ticked.value()], self.today))


def day_problem(on: dt.date | None, first: dt.date, today: dt.date) -> str:
    """Return what is wrong with a day that must have been, and not before `first`."""
    if on is None:
        return _("Skriv en dag.")
    if on > today:
        return _("Dagen har inte varit än.")
    return _("Dagen ligger före begäran.") if on < first else ""


def _finish_tasks(ids: list[int], today: dt.date, session: "Session") -> None:
    for task_id in ids:
        requests.finish_task(session, task_id, today=today)
