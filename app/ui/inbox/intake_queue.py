"""Mails on their way in: read in a killable process, matched against the registers, shown one form at a time."""

from collections import deque
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.domain.errors import UserError
from app.i18n import _
from app.importers.drafts import MailDraft
from app.importers.kinds import kind_of
from app.importers.mail import raw_of, read_mail
from app.services import intake
from app.services.intake import Proposal
from app.ui.context import Context
from app.ui.inbox.register_dialog import RegisterDialog, about
from app.ui.kit import messages
from app.ui.kit.drafting import Draft
from app.ui.kit.forms import open_form
from app.ui.kit.jobs import Job
from db.models import Request

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MAIL_TYPE = "message/rfc822"


class IntakeQueue(QObject):
    """Takes mails and files, and opens a form for each mail in turn.

    Args:
        owner: The widget whose window the forms belong to.
        context: What a tab is given.

    Signals:
        registered: A new request.
    """

    registered = Signal(object)

    def __init__(self, owner: QWidget, context: Context) -> None:
        super().__init__(owner)
        self._owner, self._context = owner, context
        self._coming: list[Draft] = []
        self._waiting: deque[tuple[Proposal, Draft]] = deque()
        self._open: RegisterDialog | None = None

    def take_file(self, path: Path) -> None:
        """Take a file the user chose or dropped: a mail becomes a form, a table goes to the import."""
        try:
            kind = kind_of(path)
        except UserError as error:
            messages.show_error(self._owner.window(), error)
            return
        if kind == "table":
            self._context.ways.table_dropped.emit(path)
        else:
            self._context.jobs.run(partial(_raw, path), then=self.take_mail)

    @Slot(bytes)
    def take_mail(self, raw: bytes) -> None:
        """Read a mail, match its sender and open the form."""
        raw = bytes(raw)
        self._take(Draft(RegisterDialog.__name__, about(raw), _("Ny begäran"), {}, raw))

    @Slot(object)
    def take_draft(self, draft: Draft) -> None:
        """Open the form of a mail that came before the vault was locked, with what was typed in it."""
        self._take(draft)

    def drafts(self) -> list[Draft]:
        """Return the mails whose turn has not come, with what was typed about them."""
        return [*self._coming, *(typed for _proposal, typed in self._waiting)]

    def take_mime(self, data: QMimeData) -> bool:
        """Take what was dropped; say whether there was anything to take."""
        if data.hasFormat(MAIL_TYPE):
            self.take_mail(bytes(data.data(MAIL_TYPE).data()))
            return True
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        for path in paths:
            self.take_file(path)
        return bool(paths)

    @Slot()
    def open_empty(self) -> None:
        """Open an empty form."""
        if self._open is None:
            self._show(None)

    def _take(self, draft: Draft) -> None:
        self._coming.append(draft)
        self._context.jobs.run(
            partial(_read, draft.original, self._context),
            then=partial(self._match, draft),
            failed=partial(self._give_up, draft),
            text=_("Läser brevet …"),
        )

    def _match(self, typed: Draft, read: MailDraft) -> None:
        work = partial(_propose, read, typed.original, self._context)
        self._context.jobs.read(work, then=partial(self._queue, typed), failed=partial(self._give_up, typed))

    def _give_up(self, typed: Draft, error: Exception) -> None:
        self._coming.remove(typed)
        messages.show_error(self._owner.window(), error)

    def _queue(self, typed: Draft, proposal: Proposal) -> None:
        self._coming.remove(typed)
        self._waiting.append((proposal, typed))
        self._next()

    def _next(self) -> None:
        if self._open is None and self._waiting:
            proposal, typed = self._waiting.popleft()
            self._show(proposal)
            if self._open is not None:
                self._open.fill(typed)

    def _show(self, proposal: Proposal | None) -> None:
        self._open = RegisterDialog(self._owner.window(), self._context, proposal)
        self._open.registered.connect(self._tell)
        self._open.draft_wanted.connect(self.take_draft)
        self._open.finished.connect(self._closed)
        open_form(self._open)

    @Slot(object)
    def _tell(self, request: Request) -> None:
        self.registered.emit(request)

    @Slot()
    def _closed(self) -> None:
        self._open = None
        self._next()


def _raw(path: Path, _job: Job) -> bytes:
    return raw_of(path)


def _read(raw: bytes, context: Context, job: Job) -> MailDraft:
    return read_mail(raw, now=context.now(), stop=job.stopped)


def _propose(draft: MailDraft, raw: bytes, context: Context, session: "Session", _job: Job) -> Proposal:
    return intake.from_mail(session, draft, raw, today=context.today())
