"""Files dropped anywhere on the window: mails become requests, tables become imports."""

from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtWidgets import QWidget

from app.domain.errors import ExitCode, UserError
from app.i18n import _
from app.security.files import disk_error
from app.ui.kit.labels import PlainLabel, set_style

MAILS = frozenset({".eml", ".msg"})
TABLES = frozenset({".xlsx", ".xls", ".ods", ".csv"})
MAX_MAIL = 50_000_000


def dropped_files(data: QMimeData) -> list[Path]:
    """Return the files on this computer that are being dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if QUrl.isLocalFile(url)]


def is_welcome(data: QMimeData) -> bool:
    """Say whether there is a file among what is dragged; whether it can be used is told when it is dropped."""
    return bool(dropped_files(data))


def kind_of(path: Path) -> str:
    """Return `mail` or `table`.

    Raises:
        UserError: It is neither.
    """
    suffix = path.suffix.lower()
    if suffix in MAILS:
        return "mail"
    if suffix in TABLES:
        return "table"
    raise UserError(
        _("Filen är varken ett mejl eller en tabell."),
        stands=_("Inget har lästs in."),
        do=_("Släpp ett mejl (.eml) eller ett register (.xlsx eller .csv) i fönstret."),
        code=ExitCode.UNREADABLE_INPUT,
    )


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
        super().__init__(_("Släpp filen här: ett mejl blir en begäran, ett register blir en import."))
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
