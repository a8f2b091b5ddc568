"""A stored or finished document on screen."""

from functools import partial

from app.documents import preview
from app.ui.kit.pdf_view import PdfView


def show(view: PdfView, pdf: bytes) -> None:
    """Show a document's pages; each is drawn when it comes into view."""
    view.set_document(preview.pages(pdf), partial(preview.page_rgb, pdf))
