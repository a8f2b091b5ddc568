"""The clipboard: cells as text and as an HTML table, so that both a mail and a workbook take them; and nothing stays there for long."""

import html
import re
from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication

CLEARED_MS = 30_000
UNSEEN = (
    'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"',
    'application/x-qt-windows-mime;value="CanIncludeInClipboardHistory"',
    'application/x-qt-windows-mime;value="CanUploadToCloudClipboard"',
    "org.nspasteboard.ConcealedType",
    "x-kde-passwordManagerHint",
)
"""Kinds that ask a clipboard's history to keep nothing of it, and not to send it to other computers."""
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
    _put(data)


def copy_text(text: str) -> None:
    """Put a text on the clipboard."""
    data = QMimeData()
    data.setText(text)
    _put(data)


def _put(data: QMimeData) -> None:
    for kind in UNSEEN:
        data.setData(kind, b"secret" if kind.startswith("x-kde") else bytes(4))
    QGuiApplication.clipboard().setMimeData(data)


class ClipboardWatch(QObject):
    """Empties the clipboard a while after the program put something there, unless another program has since.

    Args:
        parent: What it lives as long as.
        limit_ms: After how long.
    """

    def __init__(self, parent: QObject, limit_ms: int = CLEARED_MS) -> None:
        super().__init__(parent)
        self._clipboard = QGuiApplication.clipboard()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(limit_ms)
        self._timer.timeout.connect(self.empty)
        self._clipboard.dataChanged.connect(self._look)

    @Slot()
    def empty(self) -> None:
        """Take away what the program put there."""
        self._timer.stop()
        if self._is_ours():
            self._clipboard.clear()

    def _is_ours(self) -> bool:
        """Return whether it is the program's: by the system's word, or by the mark of `copy_text` where it has none."""
        return self._clipboard.ownsClipboard() or UNSEEN[-1] in self._formats()

    def _formats(self) -> list[str]:
        held: QMimeData | None = self._clipboard.mimeData()  # none where nothing was ever put there
        return held.formats() if held is not None else []

    @Slot()
    def _look(self) -> None:
        if self._is_ours() and self._formats():
            self._timer.start()
        else:
            self._timer.stop()
