"""Which reader a file is for, by its name alone; the readers look at the bytes themselves."""

from pathlib import Path
from typing import Literal

from app.domain.errors import UserError
from app.i18n import _
from app.importers.refusals import refusal

Kind = Literal["mail", "mailbox", "table"]

MAIL = frozenset((".eml", ".msg"))
MAILBOX = frozenset((".mbox",))
TABLE = frozenset((".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods", ".vcf", ".vcard", ".json"))
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_INNER_NAME = "mbox"
"""What some programs call the mailbox in a folder that is itself named `.mbox`."""


def kinds() -> tuple[str, ...]:
    """Return the name endings that can be imported, sorted."""
    return tuple(sorted(MAIL | MAILBOX | TABLE))


def table_kinds() -> tuple[str, ...]:
    """Return the name endings of tables, sorted."""
    return tuple(sorted(TABLE))


def kind_of(path: Path) -> Kind:
    """Return what a file is taken for.

    Raises:
        UserError: The program reads no such files.
    """
    ending = path.suffix.casefold()
    if ending in MAIL:
        return "mail"
    if ending in MAILBOX or path.name == _INNER_NAME:
        return "mailbox"
    if ending in TABLE:
        return "table"
    raise _unknown(ending)


def mail_format(raw: bytes) -> tuple[str, str]:
    """Return the name ending and the media type of a mail as it was received."""
    return (".msg", "application/vnd.ms-outlook") if raw.startswith(OLE_MAGIC) else (".eml", "message/rfc822")


def _unknown(ending: str) -> UserError:
    if ending in (".pst", ".ost", ".olm"):
        return refusal(
            _("Outlooks datafiler läses inte."),
            _("Öppna filen i Outlook och spara breven för sig, som .msg eller .eml, i en mapp."),
        )
    return refusal(
        _("Filer av det slaget kan inte importeras."),
        _(
            "Brev importeras som .eml, .msg eller .mbox, tabeller som .xlsx, .xls, .ods, .csv, .tsv eller .json, adresskort som .vcf."
        ),
    )
