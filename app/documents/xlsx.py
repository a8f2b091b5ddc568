"""Saves workbooks without touching the disk: openpyxl by itself writes every sheet, readable, to the system's temporary folder."""

import zipfile
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
