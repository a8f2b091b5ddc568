"""Draws laid-out pages with reportlab, and marks every piece of content with its place in the structure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from itertools import groupby
from typing import Any

from app.documents.pdf.fonts import MISSING, Face, metrics
from app.documents.pdf.page import Bookmark, Box, Element, Item, Page, Squares, Text
from app.documents.pdf.structure import finish
from app.documents.pdf.style import Style
from app.documents.pdf.wrap import Line

Furniture = Callable[[int, int, tuple[float, float]], Sequence[Item]]


@dataclass(frozen=True, slots=True)
class Info:
    """What the file says about itself.  Nothing of it may be personal data: it is not erased with the text."""

    title: str
    language: str
    made_on: date


def render(pages: Sequence[Page], root: Element, furniture: Furniture, info: Info) -> bytes:
    """Return the document as PDF; the same pages give the same bytes.

    Args:
        pages: The laid-out pages.
        root: The structure; gets its marked content here.
        furniture: Given page number, number of pages and size, what stands on every page: footer, page number, bands.
        info: Title, language and date.
    """
    from reportlab.pdfgen.canvas import Canvas

    for face in Face:
        metrics(face)
    out = BytesIO()
    canvas = Canvas(out, invariant=1, pageCompression=1, initialFontName=Face.REGULAR.value, lang=info.language)
    marked: list[list[Element]] = []
    for index, page in enumerate(pages):
        canvas.setPageSize(page.size)
        pen = _Pen(canvas, index)
        pen.draw([*page.items, *furniture(index + 1, len(pages), page.size)])
        marked.append(pen.marked)
        canvas.showPage()
    canvas.save()
    return finish(out.getvalue(), root, marked, info)


class _Pen:
    """Draws one page.  `canvas._code` is the page's content; reportlab has no public way to write marks into it."""

    def __init__(self, canvas: Any, index: int) -> None:
        self._canvas = canvas
        self._index = index
        self._code: list[str] = canvas._code
        self.marked: list[Element] = []

    def draw(self, items: Sequence[Item]) -> None:
        for _key, group in groupby(items, _group_key):
            run = list(group)
            first = run[0]
            if isinstance(first, Bookmark):
                self._bookmark(first)
            elif isinstance(first, Box):
                self._code.append("/Artifact <</Type /Layout>> BDC")
                self._boxes([item for item in run if isinstance(item, Box)])
                self._code.append("EMC")
            elif isinstance(first, Squares):
                self._begin(first.element)
                self._squares(first)
                self._code.append("EMC")
            else:
                self._begin(first.element)
                self._texts([item for item in run if isinstance(item, Text)])
                self._code.append("EMC")

    def _begin(self, element: Element | None) -> None:
        if element is None:
            self._code.append("/Artifact <</Type /Pagination>> BDC")
            return
        number = len(self.marked)
        self.marked.append(element)
        element.kids.append((self._index, number))
        self._code.append(f"/{element.tag} <</MCID {number}>> BDC")

    def _texts(self, items: Sequence[Text]) -> None:
        text = self._canvas.beginText()
        now: Style | None = None
        for item in items:
            if item.style is not now:
                now = item.style
                text.setFont(now.face.value, now.size, now.leading)
                text.setFillColor(now.color)
            text.setTextOrigin(item.x, item.y)
            _write_line(text, item.line, metrics(now.face).known)
        self._canvas.drawText(text)

    def _boxes(self, boxes: Sequence[Box]) -> None:
        for box in boxes:
            self._canvas.setFillColor(box.fill)
            self._canvas.rect(box.x, box.y, box.width, box.height, stroke=0, fill=1)

    def _squares(self, squares: Squares) -> None:
        path = self._canvas.beginPath()
        for rect in squares.rects:
            path.rect(*rect)
        self._canvas.setFillColor(squares.fill)
        self._canvas.drawPath(path, stroke=0, fill=1)

    def _bookmark(self, bookmark: Bookmark) -> None:
        key = f"p{self._index}m{len(self.marked)}"
        self._canvas.bookmarkPage(key, fit="XYZ", left=0, top=bookmark.y + 4)
        self._canvas.addOutlineEntry(bookmark.title, key, bookmark.level)


def _group_key(item: Item) -> tuple[str, int]:
    element = getattr(item, "element", None)
    return (type(item).__name__, id(item) if isinstance(item, Bookmark | Squares) else id(element))


def _write_line(text: Any, line: Line, known: frozenset[str]) -> None:
    """Write one line.  What the face lacks is drawn as a sign, and the character itself goes along for copying and reading aloud."""
    if known.issuperset(line.text):
        text.textOut(line.text)
    else:
        for is_known, signs in groupby(line.text, known.__contains__):
            part = "".join(signs)
            if is_known:
                text.textOut(part)
            else:
                _write_instead(text, MISSING * len(part), part)
    if line.end == " ":
        text.textOut(" ")
    elif line.end == "-":
        _write_instead(text, "-", "\u00ad")


def _write_instead(text: Any, drawn: str, meant: str) -> None:
    text._code.append(f"/Span <</ActualText <FEFF{meant.encode('utf-16-be').hex().upper()}>>> BDC")
    text.textOut(drawn)
    text._code.append("EMC")
