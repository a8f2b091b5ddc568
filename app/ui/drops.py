"""Files dropped anywhere on the window: mails become requests, tables become imports."""

from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtWidgets import QWidget

from app.domain.errors import ExitCode, UserError
from app.i18n import _
from app.importers import kinds
from app.security.files import disk_error
from app.ui.kit.labels import PlainLabel, set_style

MAX_MAIL = 50_000_000


def dropped_files(data: QMimeData) -> list[Path]:
    """Return the files on this computer that are being dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if QUrl.isLocalFile(url)]


def is_welcome(data: QMimeData) -> bool:
    """Say whether there is a file among what is dragged; whether it can be used is told when it is dropped."""
    return bool(dropped_files(data))


def kind_of(path: Path) -> str:
    """Return `mail`, `table`, or `many` for what holds several: a mailbox or a folder.

    Raises:
        UserError: It is none of them.
    """
    if path.is_dir():
        return "many"
    try:
        kind = kinds.kind_of(path)
    except UserError as error:
        raise UserError(
            _("Filen är varken ett mejl eller en tabell."),
            stands=_("Inget har lästs in."),
            do=error.do,
            code=ExitCode.UNREADABLE_INPUT,
        ) from error
    return "many" if kind == "mailbox" else kind


def read_mail_bytes(path: Path) -> bytes:
    """Return a dropped mail's bytes.

    Raises:
        UserError: It cannot be read or is too large.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_MAIL + 1)
    except OSError as error:
        raise disk_error(error) from error
    if len(raw) > MAX_MAIL:
        raise UserError(
            _("Mejlet är större än 50 MB."),
            stands=_("Inget har lästs in."),
            do=_("Registrera begäran för hand, och lägg bilagorna till ärendet en och en."),
            code=ExitCode.UNREADABLE_INPUT,
        )
    return raw


class DropHint(PlainLabel):
    """Covers the window while a file is dragged over it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(_("Släpp filerna här: mejl blir begäranden, ett register blir en import."))
        self.setParent(window)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAutoFillBackground(True)
        set_style(self, "drop", "true")
        self.hide()

    def cover(self, widget: QWidget) -> None:
        """Show the hint over the whole window."""
        self.setGeometry(widget.rect().adjusted(12, 12, -12, -12))
        self.show()
        self.raise_()
