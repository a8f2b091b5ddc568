"""Mails on their way in: read in a killable process, matched against the registers, shown one form at a time."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.domain.errors import UserError
from app.i18n import _, ngettext
from app.importers import folders
from app.importers.drafts import MailDraft
from app.importers.kinds import kind_of
from app.importers.limits import MAIL_BYTES
from app.importers.mail import read_mail, unread
from app.importers.mailbox import Letter
from app.importers.refusals import UnreadableError
from app.services import intake
from app.services.intake import Proposal
from app.ui.context import Context
from app.ui.inbox.register_dialog import RegisterDialog, about
from app.ui.inbox.waiting import Item, Line
from app.ui.kit import messages
from app.ui.kit.drafting import Draft
from app.ui.kit.forms import open_form
from app.ui.kit.jobs import Job
from db.models import Request

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MAIL_TYPE = "message/rfc822"
AHEAD = 3
"""How many mails are read before their turn, so that the next form opens at once."""
KEPT_BYTES, KEPT_MAILS = 100_000_000, 200
"""How much of the mails that wait is taken into the vault when it locks; the files of the others lie where they lay."""


class IntakeQueue(QObject):
    """Takes mails and files, and opens a form for each mail in turn.

    Args:
        owner: The widget whose window the forms belong to.
        context: What a tab is given.

    Signals:
        registered: A new request.
        filed: The request that a mail was filed in.
        counted: How many mails wait while no form is open; 0 while one is.
    """

    registered = Signal(object)
    filed = Signal(object)
    counted = Signal(int)

    def __init__(self, owner: QWidget, context: Context) -> None:
        super().__init__(owner)
        self._owner, self._context = owner, context
        self._line = Line()
        self._known = 0
        self._refused: list[str] = []
        self._at: Item | None = None
        self._open: RegisterDialog | None = None

    def take_file(self, path: Path) -> None:
        """Take a file the user chose or dropped: a mail becomes a form, a mailbox and a folder many, a table goes to the import."""
        if path.is_dir():
            self.take_files([path])
            return
        try:
            kind = kind_of(path)
        except UserError as error:
            messages.show_error(self._owner.window(), error)
            return
        if kind == "table":
            self._context.ways.table_dropped.emit(path)
        elif kind == "mailbox":
            self.take_files([path])
        else:
            self._add([Item(Letter(path), _draft(b""), is_alone=True)])

    @Slot(object)
    def take_files(self, paths: Sequence[Path]) -> None:
        """Take several files and folders: every mail in them gets its form in turn."""
        self._context.jobs.run(partial(_look, tuple(paths)), then=self._take_found, text=_("Letar efter brev …"))

    @Slot(bytes)
    def take_mail(self, raw: bytes) -> None:
        """Read a mail, match its sender and open the form."""
        self.take_draft(_draft(bytes(raw)))

    @Slot(object)
    def take_draft(self, draft: Draft) -> None:
        """Open the form of a mail that came before the vault was locked, with what was typed in it."""
        self._add([Item(None, draft, is_alone=True)])

    def drafts(self) -> list[Draft]:
        """Return the mails whose turn has not come, with what was typed about them."""
        kept: list[Draft] = []
        room = KEPT_BYTES
        for item in self._line.items:
            if len(kept) >= KEPT_MAILS or room <= 0:
                break
            raw = item.typed.original or _bytes_if_there(item)
            if raw and len(raw) <= room:
                room -= len(raw)
                kept.append(_draft(raw, item.typed))
        return kept

    def take_mime(self, data: QMimeData) -> bool:
        """Take what was dropped; say whether there was anything to take."""
        if data.hasFormat(MAIL_TYPE):
            self.take_mail(bytes(data.data(MAIL_TYPE).data()))
            return True
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        self.take_paths(paths)
        return bool(paths)

    def take_paths(self, paths: Sequence[Path]) -> None:
        """Take what was chosen or dropped, however much it is."""
        if len(paths) == 1:
            self.take_file(paths[0])
        elif paths:
            self.take_files(paths)

    @Slot()
    def open_empty(self) -> None:
        """Open an empty form."""
        if self._open is None:
            self._show(None)

    @Slot()
    def go_on(self) -> None:
        """Open the forms of the mails that wait, the skipped ones too."""
        self._line.go_on()
        self._prepare()
        self._next()

    @Slot()
    def clear(self) -> None:
        """Forget the mails that wait."""
        self._line.items.clear()
        self._next()

    def _take_found(self, found: "tuple[folders.Found, list[Letter]]") -> None:
        files, letters = found
        self._refused += [error.what for error in files.refused]
        self._add([Item(letter, _draft(b""), is_alone=False) for letter in letters])
        if files.tables and not letters:
            self._context.ways.table_dropped.emit(files.tables[0])
        if not letters and not files.tables and not files.refused:
            error = UserError(
                _("Där finns varken brev eller tabeller som programmet läser."),
                stands=_("Inget har lästs in."),
                do=_("Välj brev (.eml, .msg, .mbox), eller en mapp med sådana."),
            )
            messages.show_error(self._owner.window(), error)
        elif text := _left_out(files, has_mails=bool(letters)):
            messages.toast(self._owner.window(), text)

    def _add(self, items: list[Item]) -> None:
        self._line.add(items)
        if self._open is not None and self._at is not None:
            self._open.set_place(self._at.number, self._line.total, self._at.name)
        self._prepare()
        self._next()

    def _prepare(self) -> None:
        for item in self._line.ahead(AHEAD):
            if not item.is_asked:
                item.is_asked = True
                self._context.jobs.run(
                    partial(_read, item, self._context),
                    then=partial(self._match, item),
                    failed=partial(self._give_up, item),
                    text=_("Läser brevet …"),
                )

    def _match(self, item: Item, read: tuple[bytes, MailDraft]) -> None:
        raw, draft = read
        item.typed = _draft(raw, item.typed)
        work = partial(_propose, draft, raw, self._context)
        self._context.jobs.read(work, then=partial(self._ready, item), failed=partial(self._give_up, item))

    def _give_up(self, item: Item, error: Exception) -> None:
        self._line.take(item)
        if item.is_alone or not isinstance(error, UserError):
            messages.show_error(self._owner.window(), error)
        else:
            self._refused.append(error.what)
        self._go_on_after()

    def _ready(self, item: Item, proposal: Proposal) -> None:
        item.proposal = proposal
        if proposal.filed_in and not item.is_alone:
            self._line.take(item)
            self._known += 1
            self._prepare()
        self._next()

    def _next(self) -> None:
        item = self._line.next()
        if self._open is None and item is not None and item.proposal is not None:
            self._line.take(item)
            self._at = item
            self._show(item.proposal)
            self._prepare()
        elif self._open is None and item is None:
            self._rest()

    def _rest(self) -> None:
        """No form is open and none is on its way: say who waits and what was left out."""
        self._line.begin_anew_if_empty()
        self.counted.emit(len(self._line))
        if self._known:
            text = ngettext(
                "{count} brev finns redan i ett ärende och togs inte in igen.",
                "{count} brev finns redan i ett ärende och togs inte in igen.",
                self._known,
            )
            messages.toast(self._owner.window(), text.format(count=self._known))
            self._known = 0
        if self._refused:
            messages.show_error(self._owner.window(), _not_taken(self._refused))
            self._refused = []

    def _show(self, proposal: Proposal | None) -> None:
        self._open = RegisterDialog(self._owner.window(), self._context, proposal)
        self._open.registered.connect(self._tell)
        self._open.filed.connect(self.filed)
        self._open.draft_wanted.connect(self.take_draft)
        self._open.left.connect(self._leave)
        self._open.finished.connect(self._closed)
        self.counted.emit(0)
        open_form(self._open)
        if self._at is not None:
            self._open.set_place(self._at.number, self._line.total, self._at.name)
            self._open.fill(self._at.typed)

    @Slot(str, object)
    def _leave(self, how: str, typed: Draft) -> None:
        """Put the mail of the open form where the user said: later, back, or nowhere."""
        item, self._at = self._at, None
        if item is None:
            return
        item.typed = _draft(item.typed.original, typed)
        if how == "skip":
            self._line.skip(item)
        elif how == "stop":
            self._line.put_back(item)

    @Slot(object)
    def _tell(self, request: Request) -> None:
        self.registered.emit(request)

    @Slot()
    def _closed(self) -> None:
        self._open, self._at = None, None
        self._go_on_after()

    def _go_on_after(self) -> None:
        self._prepare()
        self._next()


def _draft(raw: bytes, typed: Draft | None = None) -> Draft:
    values = typed.values if typed is not None else {}
    return Draft(RegisterDialog.__name__, about(raw), _("Ny begäran"), values, raw)


def _bytes_if_there(item: Item) -> bytes:
    try:
        return item.letter.raw() if item.letter is not None else b""
    except UserError:
        return b""  # the file is gone, and with it what could be kept


def _not_taken(reasons: list[str]) -> UserError:
    """Return the error for those of many files that were refused, each reason once."""
    count = len(reasons)
    return UserError(
        ngettext("{count} fil togs inte in.", "{count} filer togs inte in.", count).format(count=count),
        stands=_("Filerna ligger kvar där de är, och de andra breven är inlästa."),
        do=_("Så här är det: {reasons} Spara dem på nytt, eller registrera för hand.").format(
            reasons=" ".join(dict.fromkeys(reasons))
        ),
    )


def _left_out(files: folders.Found, *, has_mails: bool) -> str:
    said = []
    later = len(files.tables) - (not has_mails)  # two windows at once would be one too many
    if later > 0:
        text = ngettext(
            "{count} tabell väntar: importera den för sig.", "{count} tabeller väntar: importera dem en i taget.", later
        )
        said.append(text.format(count=later))
    if files.others:
        text = ngettext("{count} annan fil lästes inte.", "{count} andra filer lästes inte.", files.others)
        said.append(text.format(count=files.others))
    return " ".join(said)


def _look(paths: tuple[Path, ...], job: Job) -> tuple[folders.Found, list[Letter]]:
    found = folders.look(paths, stop=job.stopped)
    return found, list(found.letters(stop=job.stopped))


def _read(item: Item, context: Context, job: Job) -> tuple[bytes, MailDraft]:
    raw = item.typed.original or (item.letter.raw() if item.letter is not None else b"")
    try:
        return raw, read_mail(raw, now=context.now(), stop=job.stopped)
    except UserError as error:
        if isinstance(error, UnreadableError) or (raw.strip() and len(raw) <= MAIL_BYTES and not item.is_alone):
            return raw, unread(error)
        raise


def _propose(draft: MailDraft, raw: bytes, context: Context, session: "Session", _job: Job) -> Proposal:
    return intake.from_mail(session, draft, raw, today=context.today())
