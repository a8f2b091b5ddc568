"""The receipt of an erasure: what kinds of data went, what stayed and why.  It holds no names and no erased values."""

from collections.abc import Sequence

from app.documents.content import Receipt, ReceiptLine
from app.documents.pdf.flow import PORTRAIT, Flow
from app.documents.pdf.furniture import furniture
from app.documents.pdf.render import Info, render
from app.documents.pdf.style import LEAD, MM, TABLE, TABLE_STRONG
from app.documents.pdf.table import Cell, Column
from app.documents.words import nothing
from app.domain.wording import day
from app.i18n import _, language_as


def write_receipt(receipt: Receipt) -> bytes:
    """Return the receipt as tagged PDF, in the language of its mark."""
    with language_as(receipt.mark.language):
        title = _("Gallringskvitto")
        flow = Flow(PORTRAIT)
        flow.heading(title, 1)
        flow.paragraph(receipt.controller_name, LEAD)
        flow.facts(
            (
                (_("Ärende"), receipt.mark.reference),
                (_("Datum"), day(receipt.mark.made_on)),
                (_("Beslutat av"), receipt.decided_by),
                (_("Beslutat"), receipt.decided_at_text),
                (_("Skäl"), receipt.reason),
            )
        )
        flow.note(
            _(
                "Kvittot visar vilka slags uppgifter som har raderats. Det innehåller inga raderade uppgifter och inte namnet på den de gällde."
            )
        )
        _lines(flow, _("Raderat"), receipt.erased)
        _lines(flow, _("Kvar, och varför"), receipt.kept)
        if receipt.proof:
            flow.heading(_("Så är det prövat"), 2)
        for text in receipt.proof:
            flow.bullet(text)
        flow.heading(_("Att göra för hand"), 2)
        for text in receipt.outside:
            flow.bullet(text)
        if not receipt.outside:
            flow.paragraph(nothing())
        flow.finish()
        info = Info(f"{title} {receipt.mark.reference}", receipt.mark.language, receipt.mark.made_on)
        return render(flow.pages, flow.root, furniture(receipt.mark, title), info)


def _lines(flow: Flow, title: str, lines: Sequence[ReceiptLine]) -> None:
    flow.heading(title, 2)
    if not lines:
        flow.paragraph(nothing())
        return
    columns = (
        Column(_("Slags uppgift"), 64 * MM, is_row_header=True),
        Column(_("Källa"), 31 * MM),
        Column(_("Skäl"), 75 * MM),
    )
    flow.table(
        columns,
        [
            (Cell.of(line.what, TABLE_STRONG), Cell.of(line.source or "–", TABLE), Cell.of(line.why or "–", TABLE))
            for line in lines
        ],
    )
