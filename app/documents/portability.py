"""Data to carry away, on paper: what the scope is, every value, and what is not in it and why.

Paper alone is no machine-readable format (Art. 20.1 GDPR); it goes beside a file.
"""

from collections.abc import Sequence

from app.documents.content import Carried, Extract, ExtractCategory, ExtractRow
from app.documents.extract import cover, source_cell, source_files, titled, value_cell
from app.documents.pdf.flow import LANDSCAPE, PORTRAIT, Flow
from app.documents.pdf.furniture import furniture
from app.documents.pdf.render import Info, render
from app.documents.pdf.style import CELL, CELL_STRONG, MM
from app.documents.pdf.table import Cell, Column
from app.documents.words import nothing
from app.domain.outputs import Provided, provided_label
from app.i18n import _, language_as


def write_portability(extract: Extract) -> bytes:
    """Return the data as tagged PDF, in the language of its mark.

    Raises:
        ValueError: The document was not made to be carried away.
    """
    carried = extract.carried
    if carried is None:
        raise ValueError("no scope")
    with language_as(extract.mark.language):
        flow = Flow(PORTRAIT)
        cover(flow, extract, carried.title, carried.law)
        _scope(flow, carried)
        _values(flow, extract.categories)
        flow.heading(_("Det som inte är med, och varför"), 2)
        titled(flow, carried.left_out)
        source_files(flow, extract.files)
        flow.finish()
        info = Info(f"{carried.title} {extract.mark.reference}", extract.mark.language, extract.mark.made_on)
        return render(flow.pages, flow.root, furniture(extract.mark, carried.title), info)


def _scope(flow: Flow, carried: Carried) -> None:
    flow.heading(_("Det här har du fått"), 2)
    for text in carried.texts:
        flow.paragraph(text)


def _values(flow: Flow, categories: Sequence[ExtractCategory]) -> None:
    flow.turn(LANDSCAPE)
    flow.heading(_("Dina uppgifter"), 2)
    filled = [category for category in categories if category.rows]
    if not filled:
        flow.paragraph(nothing())
    for category in filled:
        flow.heading(category.title, 3)
        flow.table(_columns(), [_row(row) for row in category.rows])
    flow.turn(PORTRAIT)


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("Uppgift"), 42 * MM, is_row_header=True),
        Column(_("Värde"), 82 * MM),
        Column(_("Källa"), 40 * MM),
        Column(_("Sedan"), 20 * MM),
        Column(_("Lämnad av dig"), 40 * MM),
        Column(_("Rättslig grund"), 43 * MM),
    )


def _row(row: ExtractRow) -> tuple[Cell, ...]:
    since = row.since_on.isoformat() if row.since_on else "–"
    answer = provided_label(Provided(row.provided)) if row.provided else "–"
    rest = (Cell.of(text or "–", CELL) for text in (since, answer, row.legal_basis))
    return (Cell.of(row.label, CELL_STRONG), value_cell(row), source_cell(row), *rest)
