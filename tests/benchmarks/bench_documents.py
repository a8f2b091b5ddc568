"""A tagged extract of 200 pages against the same rows drawn by plain reportlab, untagged.

Run: `python -m tests.benchmarks.bench_documents`.  Goal: at most 1.3 times as long; AES-256 in less than a second more.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from xml.sax.saxutils import escape

from app.documents.content import Extract, ExtractCategory, ExtractRow
from app.documents.extract import write_extract
from app.documents.pdf.flow import LANDSCAPE
from app.documents.pdf.fonts import Face
from app.documents.preview import pages
from app.documents.protect import with_password
from tests.documents.samples import EXTRACT

ROWS = 2_370
ROUNDS = 3


def extract(rows: int) -> Extract:
    """Return an extract with so many values."""
    values = tuple(
        ExtractRow(f"Uppgift {number}", f"Åsa Öström, Skogsvägen {number}, 352 46 Växjö", "Kundregistret", date(2024, 2, 1 + number % 28), "Fullgöra avtalet om leverans", "Avtal, artikel 6.1 b", ("Posttjänsten AB",), "60 månader efter avtalets slut")
        for number in range(rows)
    )  # fmt: skip
    return replace(EXTRACT, categories=(ExtractCategory("customer", "Kundinformation", values),))


def write_untagged(content: Extract) -> bytes:
    """Write the same values with reportlab's own tables, without structure."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import BaseDocTemplate, Frame, LongTable, PageTemplate, Paragraph

    style = ParagraphStyle("cell", fontName=Face.REGULAR.value, fontSize=8.5, leading=11)
    heads = ("Uppgift", "Värde", "Källa", "Sedan", "Ändamål", "Rättslig grund", "Mottagare", "Gallras")
    rows = [heads] + [
        (row.label, row.value, row.source, str(row.since_on), row.purpose, row.legal_basis, ", ".join(row.recipients), row.erase_text)
        for category in content.categories
        for row in category.rows
    ]  # fmt: skip
    cells = [[Paragraph(escape(text), style) for text in row] for row in rows]
    millimetres = (31, 57, 32, 19, 38, 33, 33, 24)
    table_style = [
        ("FONTNAME", (0, 0), (-1, -1), Face.REGULAR.value),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, "#C9D1DA"),
    ]
    table = LongTable(cells, [width * 72 / 25.4 for width in millimetres], repeatRows=1, style=table_style)
    out = BytesIO()
    document = BaseDocTemplate(out, pagesize=LANDSCAPE.size, initialFontName=Face.REGULAR.value, invariant=1)
    frame = Frame(LANDSCAPE.left, LANDSCAPE.bottom, LANDSCAPE.width, LANDSCAPE.height, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate(frames=[frame]))
    document.build([table])
    return out.getvalue()


def best(work: Callable[[], bytes]) -> tuple[float, bytes]:
    """Return the shortest time of some rounds, and the result."""
    times, result = [], b""
    for _round in range(ROUNDS):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return min(times), result


def main() -> None:
    """Measure and print."""
    content = extract(ROWS)
    write_extract(extract(10))
    tagged_time, tagged = best(lambda: write_extract(content))
    plain_time, plain = best(lambda: write_untagged(content))
    closed_time, _closed = best(lambda: with_password(tagged, "lösen"))
    lines = (
        f"tagged extract: {pages(tagged)} pages, {tagged_time:.2f} s, {len(tagged) / 1e6:.2f} MB",
        f"untagged reportlab: {pages(plain)} pages, {plain_time:.2f} s, {len(plain) / 1e6:.2f} MB",
        f"ratio per page: {tagged_time / pages(tagged) / (plain_time / pages(plain)):.2f} (goal 1.3)",
        f"AES-256 on top: {closed_time:.2f} s (goal 1)",
    )
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
