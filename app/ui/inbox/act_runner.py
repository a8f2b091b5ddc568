"""Does the acts of a request: opens the form for each, and says why when one cannot be done."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.domain import lifecycle
from app.domain.errors import UserError
from app.domain.rights import Right
from app.i18n import _
from app.services import filing, requests
from app.services.ledger import LedgerLine
from app.ui import exports
from app.ui.context import Context
from app.ui.document_dialog import DocumentDialog
from app.ui.inbox import acts
from app.ui.inbox.case import Case
from app.ui.inbox.case_dialogs import (
    CaseForm,
    ExtendDialog,
    IdentityDialog,
    PauseDialog,
    ReopenDialog,
    ResumeDialog,
    SentDialog,
    TasksDialog,
)
from app.ui.inbox.decide_dialog import DecideDialog
from app.ui.inbox.ledger_dialogs import AnswerDialog, AskDialog, CloseDialog
from app.ui.inbox.letter_dialog import LetterDialog
from app.ui.kit import messages
from app.ui.kit.forms import open_form
from app.ui.kit.jobs import Job
from app.ui.outputs import About, ExtractDialog, Outcome, PortabilityDialog, leave
from db.models import Attachment, Request
from db.queries.ledger import outside

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

MakeForm = Callable[[QWidget, Context, Case], CaseForm]


class ActRunner(QObject):
    """Opens forms for the tab.

    Args:
        owner: The tab.
        context: What a tab is given.

    Signals:
        done: Something was done; what to tell the user.
    """

    done = Signal(str)

    def __init__(self, owner: QWidget, context: Context) -> None:
        super().__init__(owner)
        self._owner, self._context = owner, context
        self._ways: dict[str, Callable[[Case], None]] = {
            "identity": partial(self._form, IdentityDialog, _("Identiteten är kontrollerad.")),
            "decide": partial(self._form, DecideDialog, _("Beslutet är sparat.")),
            "pause": partial(self._form, PauseDialog, _("Fristen är pausad.")),
            "resume": partial(self._form, ResumeDialog, _("Fristen löper igen.")),
            "send": partial(self._form, SentDialog, _("Svaret är antecknat som skickat.")),
            "reopen": partial(self._form, ReopenDialog, _("Ärendet är öppet igen.")),
            "execute": partial(self._form, TasksDialog, _("Avbockat.")),
            "extend": self._extend,
            "lookup": self._look_up,
            "extract": self._extract,
            "portability": partial(self._output, PortabilityDialog),
            "letter": partial(self._letter, ""),
            "acknowledge": partial(self._letter, "acknowledgement"),
            "close": self._close,
        }

    def run(self, code: str, case: Case) -> None:
        """Do an act with a request, or say what stands in the way."""
        why = acts.BY_CODE[code].why_not(case.facts, self._context.today())
        if why:
            error = UserError(_("Det går inte ännu."), stands=_("Ärendet är oförändrat."), do=why)
            messages.show_error(self._owner.window(), error)
        else:
            self._ways[code](case)

    @Slot(int)
    def open_file(self, attachment_id: int) -> None:
        """Show a stored file."""
        self._context.jobs.write(partial(_opened, attachment_id), then=self._show_file)

    def _form(self, make: MakeForm, text: str, case: Case) -> None:
        open_form(make(self._owner.window(), self._context, case), partial(self.done.emit, text))

    def _extend(self, case: Case) -> None:
        form = ExtendDialog(self._owner.window(), self._context, case)
        open_form(form, partial(self._offer_letter, case))

    def _offer_letter(self, case: Case) -> None:
        """The person must be told: offer the letter at once."""
        text = _("Fristen är förlängd. Personen ska få veta det.")
        messages.toast(self._owner, text, _("Skriv brevet"), partial(self._letter, "extension", case))

    def _look_up(self, case: Case) -> None:
        self._context.ways.lookup_wanted.emit(case.request.id)

    def _extract(self, case: Case) -> None:
        """Open what was asked for: files to carry away answer a request for nothing else."""
        asked = {decision.right for decision in case.facts.rights}
        is_carried = Right.PORTABILITY in asked and Right.ACCESS not in asked
        self._output(PortabilityDialog if is_carried else ExtractDialog, case)

    def _output(self, make: type[ExtractDialog], case: Case) -> None:
        request = case.request
        about = About(
            subject_id=request.subject_id,
            request_id=request.id,
            reference=request.number,
            language=request.language,
            reason=request.number,
        )
        form = make(self._owner.window(), self._context, about)
        form.made.connect(self._show_extract)
        open_form(form)

    def _letter(self, kind: str, case: Case) -> None:
        form = LetterDialog(self._owner.window(), self._context, case, kind)
        form.made.connect(self._show_letter)
        open_form(form)

    @Slot(object, bool)
    def _show_extract(self, made: Outcome, wants_file: bool) -> None:
        self.done.emit(_("Utdraget är skapat och sparat i ärendet."))
        if wants_file:
            leave(self._owner, self._context.jobs, made)

    @Slot(object, bool)
    def _show_letter(self, row: Attachment, wants_file: bool) -> None:
        self.done.emit(_("Brevet är skapat och sparat i ärendet."))
        if wants_file:
            self._save(row)

    def _save(self, row: Attachment) -> None:
        self._context.jobs.write(partial(_opened, row.id), then=self._ask_where)

    @Slot(object)
    def _ask_where(self, found: tuple[Attachment, bytes]) -> None:
        row, content = found
        exports.save_as(self._owner, self._context.jobs, content, row.name)

    @Slot(object)
    def _show_file(self, found: tuple[Attachment, bytes]) -> None:
        DocumentDialog(self._owner.window(), self._context, *found).open()

    def ask_source(self, case: Case) -> None:
        """Ask who is to search a source outside the vault."""
        self._context.jobs.read(_systems, then=partial(self._ask, case))

    def _ask(self, case: Case, systems: "list[tuple[int, str, str]]") -> None:
        form = AskDialog(self._owner.window(), self._context, case, systems)
        open_form(form, partial(self.done.emit, _("Frågan är antecknad. Svaret bevakas i ärendet.")))

    def enter_answer(self, case: Case, line: LedgerLine) -> None:
        """Take down what somebody who was asked answered."""
        form = AnswerDialog(self._owner.window(), self._context, case, line)
        open_form(form, partial(self.done.emit, _("Svaret är sparat.")))

    def _close(self, case: Case) -> None:
        warning = lifecycle.close_warning(case.facts)
        if warning is not None:
            form = CloseDialog(self._owner.window(), self._context, case, warning)
            open_form(form, partial(self._tell_closed, case.request))
            return
        work = partial(_closed, case.request.id, self._context.today())
        self._context.jobs.write(work, then=self._tell_closed)

    @Slot(object)
    def _tell_closed(self, request: Request) -> None:
        text = _("{number} är avslutat.").format(number=request.number)
        show = partial(self._context.ways.request_wanted.emit, request.id)
        messages.toast(self._owner, text, _("Visa"), show)


def _opened(attachment_id: int, session: "Session", _job: Job) -> tuple[Attachment, bytes]:
    return filing.open_document(session, attachment_id)


def _systems(session: "Session", _job: Job) -> list[tuple[int, str, str]]:
    return [(row.id, row.name, row.owner) for row in outside(session)]


def _closed(request_id: int, today: "dt.date", session: "Session", _job: Job) -> Request:
    return requests.close(session, request_id, today=today)
