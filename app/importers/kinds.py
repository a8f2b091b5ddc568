"""Which reader a file is for, by its name alone; the readers look at the bytes themselves."""

from pathlib import Path
from typing import Literal

from app.domain.errors import UserError
from app.i18n import _
from app.importers.refusals import refusal

MAIL = frozenset((".eml",))
TABLE = frozenset((".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods", ".vcf", ".vcard", ".json"))


def kinds() -> tuple[str, ...]:
    """Return the name endings that can be imported, sorted."""
    return tuple(sorted(MAIL | TABLE))


def kind_of(path: Path) -> Literal["mail", "table"]:
    """Return what a file is taken for.

    Raises:
        UserError: The program reads no such files.
    """
    ending = path.suffix.casefold()
    if ending in MAIL:
        return "mail"
    if ending in TABLE:
        return "table"
    raise _unknown(ending)


def _unknown(ending: str) -> UserError:
    if ending in (".msg", ".mbox"):
        return refusal(
            _("Brev i formaten .msg och .mbox läses inte."),
            _("Öppna brevet i e-postprogrammet och spara det som .eml, ett brev per fil."),
        )
    return refusal(
        _("Filer av det slaget kan inte importeras."),
        _("Brev importeras som .eml, tabeller som .xlsx, .xls, .ods eller .csv."),
    )
