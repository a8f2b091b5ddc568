"""Printing a document on paper: the system's print dialog, then each page drawn at the printer's own resolution."""

from collections.abc import Callable

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

Page = Callable[[int, float], tuple[int, int, bytes]]
DPI = 300


def ask_and_print(parent: QWidget, title: str, count: int, page: Page) -> QPrintDialog:
    """Ask for a printer and print.

    Args:
        parent: The window it belongs to.
        title: The job's name in the print queue; others may read it, so it never holds a person's name.
        count: How many pages.
        page: Returns width, height and RGB bytes of a page, numbered from 0, at so many pixels per point.
    """
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF())
    )
    printer.setFullPage(True)
    box = QPrintDialog(printer, parent)
    box.setMinMax(1, count)

    def start() -> None:
        print_pages(printer, count, page)

    box.accepted.connect(start)
    box.finished.connect(box.deleteLater)
    box.setWindowModality(Qt.WindowModality.WindowModal)
    box.show()  # QPrintDialog's own open() wants a receiver by name
    return box


def print_pages(printer: QPrinter, count: int, page: Page) -> None:
    """Draw pages on a printer, those its dialog asked for."""
    first, last = (printer.fromPage() or 1) - 1, printer.toPage() or count
    painter = QPainter(printer)
    for number in range(first, min(last, count)):
        if number > first:
            printer.newPage()
        width, height, pixels = page(number, DPI / 72)
        picture = QImage(pixels, width, height, width * 3, QImage.Format.Format_RGB888)
        painter.drawImage(QRectF(painter.viewport()), picture)
    painter.end()
