"""Table files for the tests."""

import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import openpyxl

from app.domain.errors import UserError
from app.importers import table, table_parsing, table_rows
from app.importers.drafts import Chunk, Problem, RowDraft, TableOptions

TODAY = date(2026, 3, 1)
HEADERS = ("Namn", "Personnummer", "Kundnummer", "E-post", "Mobil", "Postnr", "Belopp", "Kund till")
PERSON = ("Åsa Öberg", "19640823-3234", "1001", "asa@example.se", "070-174 06 05", "12345", "1 234,50", "2024-05-31")


def csv_file(
    folder: Path, *rows: Sequence[str], encoding: str = "utf-8", separator: str = ";", name: str = "register.csv"
) -> Path:
    """Write rows as they are, without quoting."""
    return text_file(folder, "".join(separator.join(row) + "\r\n" for row in rows).encode(encoding), name)


def text_file(folder: Path, raw: bytes, name: str = "register.csv") -> Path:
    """Write bytes to a file."""
    path = folder / name
    path.write_bytes(raw)
    return path


def workbook(folder: Path, *rows: Sequence[object]) -> Path:
    """Write a workbook of one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    path = folder / "register.xlsx"
    book.save(path)
    return path


def ods(folder: Path, content: str, manifest: str = "<manifest/>") -> Path:
    """Write an OpenDocument sheet with this content."""
    path = folder / "register.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def chunks(
    path: Path, mapping: Sequence[str | None] | None = None, options: TableOptions = table.AUTOMATIC
) -> Iterator[Chunk]:
    """Read a file with the guessed mapping or one of the test's own."""
    wanted = mapping if mapping is not None else table.preview(path, options).mapping
    return table.rows(path, wanted, options, today=TODAY, step=lambda done, total: None)


def read(
    path: Path, mapping: Sequence[str | None] | None = None, options: TableOptions = table.AUTOMATIC
) -> tuple[list[RowDraft], list[Problem]]:
    """Return all rows and problems of a file."""
    parts = list(chunks(path, mapping, options))
    return [row for part in parts for row in part.rows], [problem for part in parts for problem in part.problems]


def whole(path: Path) -> None:
    """Read a file as the child does; a refusal is as good as an answer."""
    try:
        seen = table_parsing.preview(str(path), TableOptions())
        mapping = [*seen["mapping"]]
        for _part in table_rows.chunks(str(path), TableOptions(), mapping, TODAY):
            pass
    except UserError:
        pass
