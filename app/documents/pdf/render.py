"""Draws laid-out pages with reportlab, and marks every piece of content with its place in the structure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
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
    # not compressed here: pikepdf does it once, and quicker than reportlab, which would write it as text besides
    canvas = Canvas(out, invariant=1, pageCompression=0, initialFontName=Face.REGULAR.value, lang=info.language)
    glyphs = _Glyphs(canvas._doc)
    marked: list[list[Element]] = []
    for index, page in enumerate(pages):
        canvas.setPageSize(page.size)
        pen = _Pen(canvas, index, glyphs)
        pen.draw([*page.items, *furniture(index + 1, len(pages), page.size)])
        marked.append(pen.marked)
        canvas.showPage()
    canvas.save()
    return finish(out.getvalue(), root, marked, info)


class _Pen:
    """Draws one page.

    The page's content is written operator by operator: reportlab has no public way to put marks into it, and reads every colour
    and number anew.  What is left to reportlab is the choice of glyphs, `splitString`.
    """

    def __init__(self, canvas: Any, index: int, glyphs: "_Glyphs") -> None:
        self._canvas = canvas
        self._index = index
        self._code: list[str] = canvas._code
        self._glyphs = glyphs
        self._fill = self._font = ""
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
        self._code.append("BT")
        for item in items:
            self._color(item.style.color)
            self._code.append(f"1 0 0 1 {item.x:.2f} {item.y:.2f} Tm")
            self._line(item.line, item.style)
        self._code.append("ET")

    def _line(self, line: Line, style: Style) -> None:
        """Write one line.  What the face lacks is drawn as a sign, and the character itself goes along for copying and reading aloud."""
        known = metrics(style.face).known
        text = line.text + " " if line.end == " " else line.text
        if known.issuperset(text):
            self._show(text, style)
        else:
            for is_known, signs in groupby(text, known.__contains__):
                part = "".join(signs)
                if is_known:
                    self._show(part, style)
                else:
                    self._show_instead(MISSING * len(part), part, style)
        if line.end == "-":
            self._show_instead("-", "\u00ad", style)

    def _show(self, text: str, style: Style) -> None:
        for name, shown in self._glyphs.of(text, style.face):
            if (font := f"{name} {style.size:g} Tf") != self._font:
                self._font = font
                self._code.append(font)
            self._code.append(shown)

    def _show_instead(self, drawn: str, meant: str, style: Style) -> None:
        self._code.append(f"/Span <</ActualText <FEFF{meant.encode('utf-16-be').hex().upper()}>>> BDC")
        self._show(drawn, style)
        self._code.append("EMC")

    def _boxes(self, boxes: Sequence[Box]) -> None:
        for box in boxes:
            self._color(box.fill)
            self._code.append(f"{box.x:.2f} {box.y:.2f} {box.width:.2f} {box.height:.2f} re f")

    def _color(self, color: str) -> None:
        """Change the colour of texts and surfaces if it is another one than now."""
        if color != self._fill:
            self._fill = color
            self._code.append(_fill_operator(color))

    def _squares(self, squares: Squares) -> None:
        path = self._canvas.beginPath()
        for rect in squares.rects:
            path.rect(*rect)
        self._color(squares.fill)
        self._canvas.drawPath(path, stroke=0, fill=1)

    def _bookmark(self, bookmark: Bookmark) -> None:
        key = f"p{self._index}m{len(self.marked)}"
        self._canvas.bookmarkPage(key, fit="XYZ", left=0, top=bookmark.y + 4)
        self._canvas.addOutlineEntry(bookmark.title, key, bookmark.level)


class _Glyphs:
    """Which bytes of which font show a text in one document.  A text that returns, as most in a table do, is looked up once."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._found: dict[tuple[str, Face], list[tuple[str, str]]] = {}

    def of(self, text: str, face: Face) -> list[tuple[str, str]]:
        """Return the names of fonts with the operators that show the text."""
        key = (text, face)
        if key not in self._found:
            self._found[key] = self._split(text, face)
        return self._found[key]

    def _split(self, text: str, face: Face) -> list[tuple[str, str]]:
        from reportlab.pdfbase.pdfmetrics import getFont

        font = getFont(face.value)
        return [
            (font.getSubsetInternalName(subset, self._document), f"<{raw.hex()}> Tj")
            for subset, raw in font.splitString(text, self._document)
        ]


@cache
def _fill_operator(color: str) -> str:
    """Return what sets a colour given as `#RRGGBB`."""
    parts = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return " ".join([*(f"{part:.4g}" for part in parts), "rg"])


def _group_key(item: Item) -> tuple[str, int]:
    element = getattr(item, "element", None)
    return (type(item).__name__, id(item) if isinstance(item, Bookmark | Squares) else id(element))
