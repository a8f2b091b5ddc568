"""Reads finished documents back, for the tests."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2

from app.documents.preview import page_texts

Box = tuple[float, float, float, float]


def text_of(pdf: bytes) -> str:
    """Return all text in one line; breaks inside hyphenated or overlong words are joined."""
    text = "\n".join(page_texts(pdf)).replace("\r\n", "\n")
    text = re.sub("[\u00ad\ufffe\x02]\n?", "", text)
    return " ".join(text.split())


def clashes(pdf: bytes, *, edge: float = 28) -> list[str]:
    """Return the lines of text that come nearer to an edge than `edge` points, and those that lie on another line."""
    found = []
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document, start=1):
            text = page.get_textpage()
            width, height = page.get_size()
            boxes = [text.get_rect(index) for index in range(text.count_rects())]
            found += [
                f"edge, page {number}: {text.get_text_bounded(*box)}"
                for box in boxes
                if _is_out(box, width, height, edge)
            ]
            found += [f"overlap, page {number}: {text.get_text_bounded(*box)}" for box in _overlapping(boxes)]
    return found


def _is_out(box: Box, width: float, height: float, edge: float) -> bool:
    left, bottom, right, top = box
    return left < edge or bottom < edge or right > width - edge or top > height - edge


def _overlapping(boxes: list[Box]) -> Iterator[Box]:
    """Yield every box that shares more than a point of both height and width with one that begins below its upper edge."""
    boxes = sorted(boxes, key=lambda box: -box[3])
    for place, (left, bottom, right, _top) in enumerate(boxes):
        for other in boxes[place + 1 :]:
            if other[3] < bottom + 1:
                break
            if min(right, other[2]) - max(left, other[0]) > 1:
                yield other


def tight(text: str) -> str:
    """Return text without any white space, for values that are broken over lines."""
    return re.sub(r"\s", "", text)


def elements(pdf: pikepdf.Pdf) -> Iterator[tuple[int, Any]]:
    """Yield every structure element with its depth, in reading order."""

    def walk(node: Any, depth: int) -> Iterator[tuple[int, Any]]:
        yield depth, node
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/StructElem":
                yield from walk(kid, depth + 1)

    yield from walk(pdf.Root.StructTreeRoot.K, 0)


def tags(pdf: bytes) -> list[str]:
    """Return the structure types in reading order."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return [str(node.S)[1:] for _depth, node in elements(document)]


def fonts(pdf: bytes) -> dict[str, bool]:
    """Return every font that any page names, and whether its program is embedded."""
    found: dict[str, bool] = {}
    with pikepdf.open(BytesIO(pdf)) as document:
        for page in document.pages:
            for font in page.obj.Resources.get("/Font", {}).values():
                descriptor = font.get("/FontDescriptor", pikepdf.Dictionary())
                found[str(font.BaseFont)] = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    return found


def outline(pdf: bytes) -> list[str]:
    """Return the titles of the bookmarks, top level first, depth first."""
    titles: list[str] = []
    with pikepdf.open(BytesIO(pdf)) as document, document.open_outline() as tree:

        def walk(items: Any) -> None:
            for item in items:
                titles.append(item.title)
                walk(item.children)

        walk(tree.root)
    return titles


def operations(page: pikepdf.Page) -> Iterator[tuple[str, Any]]:
    """Yield the operators of a page with their operands."""
    for instruction in pikepdf.parse_content_stream(page):
        yield str(instruction.operator), instruction.operands


def unmarked_drawing(pdf: bytes) -> list[str]:
    """Return drawing operators outside every mark: content that is neither in the structure nor an artifact."""
    stray = []
    with pikepdf.open(BytesIO(pdf)) as document:
        for page in document.pages:
            depth = 0
            for name, _operands in operations(page):
                depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(name, 0)
                if not depth and name in {"Tj", "TJ", "f", "f*", "S", "s", "B", "Do", "sh"}:
                    stray.append(name)
    return stray
