"""Documents out of the vault: written where the caller says, read back and compared."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.documents import preview
from app.domain.errors import ExitCode, UserError, told_as
from app.i18n import _
from app.security import files
from app.services import filing
from db.models import Attachment

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Contents = list[tuple[str, bytes]]


def contents(session: "Session", attachments: list[Attachment]) -> Contents:
    """Return the names and bytes of stored files."""
    return [(file.name, filing.read(session, file.id)) for file in attachments]


def write(made: Contents, out: Path, *, closed: Mapping[str, int] | None = None) -> list[dict[str, Any]]:
    """Write files into a folder and return what was written.

    Args:
        made: The files.
        out: The folder.
        closed: How many pages the PDFs that need a password have, by their names.

    Raises:
        UserError: The folder cannot be written, or a file does not read back as it was.
    """
    try:
        files.make_folder(out)
        files.check_writable(out)
        return [_one(out / name, content, (closed or {}).get(name)) for name, content in made]
    except UserError as error:
        what = _("Dokumentet kunde inte skrivas i mappen. {why}")
        raise told_as(error, what, stands=_("Dokumentet ligger kvar i valvet.")) from error


def _one(path: Path, content: bytes, pages: int | None) -> dict[str, Any]:
    files.write_atomic(path, content)
    digest = hashlib.sha256(content).hexdigest()
    if hashlib.sha256(files.read_limited(path, len(content))).hexdigest() != digest:
        raise UserError(
            _("Filen gick inte att läsa tillbaka som den skrevs."),
            stands=_("Dokumentet ligger kvar i valvet."),
            do=_("Skriv till en annan disk."),
            code=ExitCode.DISK,
        )
    if pages is None and path.suffix == ".pdf":
        pages = preview.pages(content)
    return {"path": path, "sha256": digest, "pages": pages}
