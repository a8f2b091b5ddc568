"""What stored files are called in the window, and how large they are."""

from typing import Any

from app.i18n import _, mark
from app.ui.letter_words import letter_name

KINDS = {
    "mail": mark("Meddelandet som det kom"),
    "extract": mark("Registerutdrag, PDF"),
    "workbook": mark("Registerutdrag, kalkylblad"),
    "extract_json": mark("Registerutdrag, JSON"),
    "extract_csv": mark("Registerutdrag, CSV"),
    "portability": mark("Dataportabilitet, kalkylblad"),
    "portability_pdf": mark("Dataportabilitet, PDF"),
    "portability_json": mark("Dataportabilitet, JSON"),
    "portability_csv": mark("Dataportabilitet, CSV"),
    "letter": mark("Svarsbrev"),
    "message": mark("Brev"),
}


def kind_text(row: Any) -> str:
    """Return what a file is, in words."""
    kind = _(KINDS.get(row.kind, row.kind))
    letter = letter_name(row.name)
    return f"{kind}: {letter[:1].lower()}{letter[1:]}" if letter else kind


def size_text(size: int) -> str:
    """Return a size in the units people know."""
    if size < 1000:
        return _("{size} byte").format(size=size)
    if size < 1_000_000:
        return _("{size} kB").format(size=round(size / 1000))
    return _("{size} MB").format(size=str(round(size / 1_000_000, 1)).replace(".", ","))
