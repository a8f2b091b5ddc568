"""The register of processing activities in print: who answers, each activity point by point, and what they rest on."""

from datetime import date

from app.documents.content import Record, RecordTable
from app.documents.pdf.flow import LANDSCAPE, PORTRAIT, Flow
from app.documents.pdf.furniture import furniture
from app.documents.pdf.render import Info, render
from app.documents.pdf.style import CELL, CELL_STRONG, LEAD, MM, SMALL
from app.documents.pdf.table import Cell, Column
from app.documents.words import in_lines, nothing
from app.domain.wording import day
from app.i18n import _, language_as

Value = str | date | None


def write_record(record: Record) -> bytes:
    """Return the register as tagged PDF, in the language of its mark.

    Source: Art. 30.1 a to g GDPR.
    """
    with language_as(record.mark.language):
        title = _("Register över behandling")
        flow = Flow(PORTRAIT)
        _cover(flow, record, title)
        flow.heading(_("Behandlingar"), 2)
        if not record.activities:
            flow.paragraph(nothing())
        for name, *values in record.activities:
            flow.heading(_text(name), 3)
            flow.facts(
                [(point, _text(value)) for point, value in zip(record.points[1:], values, strict=True)],
                label_width=52 * MM,
            )
        flow.turn(LANDSCAPE)
        for part in record.lists:
            _list(flow, part)
        flow.finish()
        info = Info(title, record.mark.language, record.mark.made_on)
        return render(flow.pages, flow.root, furniture(record.mark, title), info)


def _cover(flow: Flow, record: Record, title: str) -> None:
    flow.heading(title, 1)
    flow.paragraph(record.controller.name or nothing(), LEAD)
    if record.mark.is_example:
        flow.paragraph(_("Exempeldata: organisationen är påhittad."), SMALL)
    flow.facts(
        (
            (_("Enligt"), _("artikel 30.1 i dataskyddsförordningen (GDPR)")),
            (_("Datum"), day(record.mark.made_on)),
            (_("Antal behandlingar"), str(len(record.activities))),
        )
    )
    flow.heading(_("a) Ansvarig och dataskyddsombud"), 2)
    flow.facts(
        (
            (_("Personuppgiftsansvarig"), in_lines(record.controller)),
            (_("Företrädare"), record.representative or nothing()),
            (_("Dataskyddsombud"), in_lines(record.officer)),
        ),
        label_width=52 * MM,
    )


def _list(flow: Flow, part: RecordTable) -> None:
    flow.heading(part.title, 2)
    if not part.rows:
        flow.paragraph(nothing())
        return
    whole = sum(part.widths)
    columns = [
        Column(header, LANDSCAPE.width * width / whole, is_row_header=number == 0)
        for number, (header, width) in enumerate(zip(part.headers, part.widths, strict=True))
    ]
    flow.table(columns, [_cells(row) for row in part.rows])


def _cells(row: tuple[Value, ...]) -> tuple[Cell, ...]:
    name, *values = map(_text, row)
    return (Cell.of(name, CELL_STRONG), *(Cell.of(value, CELL) for value in values))


def _text(value: Value) -> str:
    return value.isoformat() if isinstance(value, date) else value or "–"
