"""A look at a workbook file before any reader opens it: is it one, is it locked, does it unpack to too much.

Runs in the child.  Embedded files are never unpacked, so a workbook inside a workbook costs nothing.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import UserError
from app.i18n import _
from app.importers.limits import ZIP_ENTRIES, ZIP_RATIO, ZIP_RATIO_FROM, ZIP_UNPACKED
from app.importers.refusals import refusal, too_much

ZIP_MAGIC = b"PK\x03\x04"
_BLOCK = 256 * 1024
_OVERLAP = 64
_DECLARED = (b"<!DOCTYPE", b"<!ENTITY")
_FORMULA = (b"<f>", b"<f ", b"<f/>", b"table:formula=")
_NO_VALUE = re.compile(rb"(</f>|<f[^<>]*/>)(<v></v>|<v ?/>|</c>)")
_FAULT = b't="e"'
_MERGED = re.compile(rb'number-(?:columns|rows)-spanned="(?!1")')
_OLD_STREAMS = ("Workbook", "Book")
_OLD_FORMULAS = frozenset((0x0006, 0x0206, 0x0406))
_BROKEN_OLE = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, struct.error)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError)


@dataclass
class Limit:
    """What a packed file may hold."""

    entries: int = ZIP_ENTRIES
    unpacked: int = ZIP_UNPACKED
    ratio: int = ZIP_RATIO
    ratio_from: int = ZIP_RATIO_FROM


@dataclass
class Looked:
    """What the look found: the kind of workbook and what its cells hold besides values."""

    kind: str
    has_formulas: bool = False
    has_formulas_without_value: bool = False
    has_faults: bool = False
    has_merged: bool = False


def look(path: Path, limit: Limit | None = None) -> Looked:
    """Unpack every part once without keeping it, and count.

    Raises:
        UserError: The file is no workbook, is locked, declares its own document type or unpacks to too much.
    """
    limit = limit or Limit()
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if any(entry.header_offset < 0 for entry in entries):  # a damaged directory points to before the file
                raise damaged()
            looked = Looked(_kind(entries, limit))
            _count(archive, entries, limit, looked)
    except _BROKEN:
        raise damaged() from None
    return looked


def look_old(path: Path) -> Looked:
    """Look through the records of a workbook in the format of before 2007 for formulas."""
    import olefile  # for old workbooks only

    looked = Looked("xls")
    try:
        with olefile.OleFileIO(path) as packed:
            name = next((found for found in _OLD_STREAMS if packed.exists(found)), "")
            raw = packed.openstream(name).read() if name else b""
    except _BROKEN_OLE:
        return looked  # its reader says what is wrong with it
    at = 0
    while at + 4 <= len(raw) and not looked.has_formulas:
        kind, length = struct.unpack_from("<HH", raw, at)
        looked.has_formulas = kind in _OLD_FORMULAS
        at += 4 + length
    return looked


def refuse_locked_ole(head: bytes, *, is_locked: bool = False) -> None:
    """Refuse an encrypted workbook: Office wraps it in a compound file with a stream called EncryptedPackage.

    Raises:
        UserError: The workbook has a password.
    """
    if is_locked or "EncryptedPackage".encode("utf-16-le") in head:
        raise refusal(
            _("Arbetsboken är skyddad med lösenord."),
            _("Öppna den med lösenordet, spara en kopia utan lösenord och importera kopian. Radera kopian efteråt."),
        )


def _kind(entries: list[zipfile.ZipInfo], limit: Limit) -> str:
    if len(entries) > limit.entries:
        raise too_much()
    names = {entry.filename for entry in entries}
    refuse_locked_ole(b"", is_locked=any(entry.flag_bits & 1 for entry in entries))
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise refusal(
        _("Filen är ingen tabell som programmet kan läsa."),
        _("Spara den som Excel-arbetsbok (.xlsx), OpenDocument-kalkylark (.ods) eller CSV."),
    )


def _count(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], limit: Limit, looked: Looked) -> None:
    packed = sum(entry.compress_size for entry in entries) or 1
    total = 0
    for entry in entries:
        for block, fresh in _blocks(archive, entry):
            total += fresh
            if total > limit.unpacked or (total > limit.ratio_from and total > limit.ratio * packed):
                raise too_much()
            if entry.filename.endswith((".xml", ".rels")):
                _notice(entry.filename, block, looked)


def _blocks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """Unpack an entry block by block; each comes with the end of the one before, so that no mark is cut in two."""
    tail = b""
    with archive.open(entry) as stream:
        while block := stream.read(_BLOCK):
            yield tail + block, len(block)
            tail = block[-_OVERLAP:]


def _notice(part: str, block: bytes, looked: Looked) -> None:
    plain = block.replace(b"\0", b"") if b"\0" in block else block  # XML in UTF-16 declares itself just as well
    if any(mark in plain for mark in _DECLARED):
        raise refusal(
            _("Arbetsboken innehåller en egen dokumenttyp och läses därför inte."),
            _("Öppna den i Excel eller LibreOffice, spara den på nytt och försök igen."),
        )
    if part == "META-INF/manifest.xml" and b"encryption-data" in block:
        refuse_locked_ole(b"", is_locked=True)
    if part.startswith("xl/worksheets/") or part == "content.xml":
        looked.has_formulas = looked.has_formulas or any(mark in block for mark in _FORMULA)
        looked.has_formulas_without_value = looked.has_formulas_without_value or (
            looked.has_formulas and bool(_NO_VALUE.search(block))
        )
        looked.has_faults = looked.has_faults or _FAULT in block
    if part == "content.xml":
        looked.has_merged = looked.has_merged or bool(_MERGED.search(block))


def damaged() -> UserError:
    """Return the error for a workbook that its reader cannot make sense of."""
    return refusal(
        _("Arbetsboken är skadad och går inte att läsa."),
        _("Hämta filen på nytt, eller öppna den i Excel eller LibreOffice och spara en ny kopia."),
    )
