"""Saves workbooks without touching the disk: openpyxl by itself writes every sheet, readable, to the system's temporary folder."""

import zipfile
from copy import copy
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl import Workbook


def new_workbook(title: str, made_on: date) -> "Workbook":
    """Return a workbook without sheets, whose properties say its title and date and nothing about a person."""
    from openpyxl import Workbook

    book = Workbook()
    for sheet in book.worksheets:
        book.remove(sheet)
    moment = datetime(made_on.year, made_on.month, made_on.day)  # noqa: DTZ001 - the format has no zone
    properties = book.properties
    properties.title, properties.creator, properties.lastModifiedBy = title, "Ombudet", "Ombudet"
    properties.created = properties.modified = moment
    return book


class Looks:
    """How the cells of one workbook look.  openpyxl searches its lists of styles for every cell; here each look is made once."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, bool, bool], Any] = {}

    def give(self, cell: Any, number_format: str, *, is_strong: bool = False, is_quoted: bool = False) -> None:
        """Let a cell without a look stand at the top and wrap, with this format of numbers, bold or not.

        Args:
            cell: A cell of the workbook.
            number_format: `@` for text.
            is_strong: Bold.
            is_quoted: Excel shall keep it as text also when somebody edits it.
        """
        from openpyxl.styles import Alignment, Font

        key = (number_format, is_strong, is_quoted)
        if key not in self._made:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if is_strong:
                cell.font = Font(name="Calibri", family=2, size=11, bold=True)
            cell.number_format = number_format
            cell.quotePrefix = is_quoted
            self._made[key] = cell._style
        cell._style = copy(self._made[key])


def save(book: "Workbook", made_on: date) -> bytes:
    """Return the workbook's bytes; the same content on the same day gives the same bytes."""
    from openpyxl.worksheet._writer import WorksheetWriter
    from openpyxl.writer.excel import ExcelWriter

    out = BytesIO()
    archive = _Archive(out, made_on)

    class MemoryWriter(ExcelWriter):
        """Writes sheets to memory.  The base class offers no choice but a named temporary file."""

        def write_worksheet(self, ws: Any) -> None:
            sheet = BytesIO()
            writer: Any = WorksheetWriter(ws, sheet)
            writer.write()
            ws._rels = writer._rels
            ws._drawing = None
            archive.writestr(ws.path[1:], sheet.getvalue())
            self.manifest.append(ws)

    with archive:
        MemoryWriter(book, archive).write_data()
    return out.getvalue()


class _Archive(zipfile.ZipFile):
    """A zip whose members all bear the document's date, not the clock's."""

    def __init__(self, out: BytesIO, made_on: date) -> None:
        super().__init__(out, "w", zipfile.ZIP_DEFLATED)
        self._moment = (max(made_on.year, 1980), made_on.month, made_on.day, 0, 0, 0)

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_more: Any, **_options: Any) -> None:
        member = zipfile.ZipInfo(zinfo_or_arcname, self._moment)
        member.compress_type = zipfile.ZIP_DEFLATED
        member.external_attr = 0o600 << 16
        super().writestr(member, data)
