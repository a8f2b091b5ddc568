"""Workbooks in the format of before 2007 (.xls, BIFF8) for the tests: texts, numbers, one formula, one merged range."""

import struct
from collections.abc import Sequence
from pathlib import Path

from tests.importers.packed import packed

_BEGIN, _END, _SHEET, _TEXT, _NUMBER, _FORMULA, _MERGED = 0x0809, 0x000A, 0x0085, 0x0204, 0x0203, 0x0006, 0x00E5


def old_workbook(path: Path, *rows: Sequence[object], merged: bool = False, name: str = "Blad1") -> Path:
    """Write a workbook of one sheet; a cell that begins with = is a formula whose value is 7."""
    shown = name.encode("utf-16-le")
    globals_ = _record(_BEGIN, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 6))
    place = len(globals_) + 4 + 8 + len(shown) + 4
    globals_ += _record(_SHEET, struct.pack("<IBBBB", place, 0, 0, len(name), 1) + shown) + _record(_END, b"")
    sheet = _record(_BEGIN, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 6))
    for y, row in enumerate(rows):
        sheet += b"".join(_cell(y, x, value) for x, value in enumerate(row))
    if merged:
        sheet += _record(_MERGED, struct.pack("<HHHHH", 1, 1, 1, 0, 1))
    path.write_bytes(packed({"Workbook": (globals_ + sheet + _record(_END, b"")).ljust(5000, b"\0")}))
    return path


def _cell(y: int, x: int, value: object) -> bytes:
    place = struct.pack("<HHH", y, x, 0)
    if isinstance(value, int | float):
        return _record(_NUMBER, place + struct.pack("<d", value))
    text = str(value)
    if text.startswith("="):
        return _record(_FORMULA, place + struct.pack("<dHIH", 7.0, 0, 0, 3) + b"\x1e\x07\x00")
    return _record(_TEXT, place + struct.pack("<HB", len(text), 1) + text.encode("utf-16-le"))


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body
