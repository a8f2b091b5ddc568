"""Cells on the clipboard: tab-separated text and an HTML table, so that both a mail and a workbook take them."""

import html
import re
from collections.abc import Sequence

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

_NUMBER = re.compile(r"[+\-][\d\s(),.\-]*")


def harmless(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula, on one line."""
    flat = " ".join(text.split())
    if flat.startswith(("=", "@")) or (flat.startswith(("+", "-")) and not _NUMBER.fullmatch(flat)):
        return "'" + flat
    return flat


def table_as_text(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as tab-separated lines."""
    return "\n".join("\t".join(harmless(cell) for cell in row) for row in rows)


def copy_rows(rows: Sequence[Sequence[str]]) -> None:
    """Put rows on the clipboard; the first one is the heading."""
    lines = ("".join(f"<td>{html.escape(harmless(cell))}</td>" for cell in row) for row in rows)
    data = QMimeData()
    data.setText(table_as_text(rows))
    data.setHtml("<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>")
    QGuiApplication.clipboard().setMimeData(data)
