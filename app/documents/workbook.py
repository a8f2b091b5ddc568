"""The extract as a workbook: one sheet per category, values as text unless they are dates or money, never a formula.

Source: Art. 20.1 GDPR, a structured, commonly used and machine-readable format.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from app.documents.content import Extract, ExtractRow
from app.documents.plain import plain
from app.documents.words import nothing
from app.i18n import _, language_as

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

PART = 16_000  # characters in a cell; Excel keeps 32 767 UTF-16 units and openpyxl cuts the rest without a word
_DATE_FORMAT, _MONEY_FORMAT = "yyyy\\-mm\\-dd", '#,##0.00\\ "kr"'
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # Excel reads _x0041_ as A
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\']")
_LONGEST_TITLE = 31
_WIDEST = 60

Value = str | date | Decimal | None


def write_extract_workbook(extract: Extract) -> bytes:
    """Return the extract as an .xlsx file, in the language of its mark; the same content gives the same bytes."""
    from app.documents.xlsx import new_workbook, save

    with language_as(extract.mark.language):
        title = _("Registerutdrag {reference}").format(reference=extract.mark.reference)
        book = new_workbook(title, extract.mark.made_on)
        names = _Names()
        _readme(book, extract, names)
        for category in extract.categories:
            rows = [cells for row in category.rows for cells in _value_rows(row)]
            _sheet(book, names.take(category.title), _headers(), rows)
        headers = (_("Namn"), _("Roll"), _("Land"), _("Ändamål"))
        recipients = [(item.name, item.role, item.country, item.purpose) for item in extract.recipients]
        _sheet(book, names.take(_("Mottagare")), headers, recipients)
        return save(book, extract.mark.made_on)


@dataclass(slots=True)
class _Names:
    """Names of sheets: short, allowed, and each used once."""

    used: set[str] = field(default_factory=set)

    def take(self, wanted: str) -> str:
        wanted = _NOT_IN_TITLE.sub(" ", plain(wanted)).replace("\n", " ").strip() or "-"
        name, number = wanted[:_LONGEST_TITLE], 1
        while name.casefold() in self.used:
            number += 1
            name = f"{wanted[: _LONGEST_TITLE - 4]} {number}"
        self.used.add(name.casefold())
        return name


def _headers() -> tuple[str, ...]:
    return (
        _("Uppgift"),
        _("Värde"),
        _("Källa"),
        _("Sedan"),
        _("Ändamål"),
        _("Rättslig grund"),
        _("Mottagare"),
        _("Gallras"),
        _("Dolt"),
    )


def _readme(book: "Workbook", extract: Extract, names: _Names) -> None:
    sheet = book.create_sheet(names.take(_("Läs mig")))
    lines: list[tuple[str, Value]] = [
        (_("Vad"), _("De personuppgifter som den ansvarige behandlar om dig")),
        (_("Gäller"), extract.subject_name),
        (_("Identitet"), extract.subject_identity),
        (_("Ansvarig"), extract.controller.name),
        (_("Dataskyddsombud"), " · ".join(text for text in (extract.officer.name, extract.officer.email) if text)),
        (_("Ärende"), extract.mark.reference),
        (_("Datum"), extract.mark.made_on),
        (_("Behandlas uppgifter om dig?"), _("Ja") if extract.has_data else _("Nej")),
    ]
    if extract.mark.is_example:
        lines.insert(0, (_("EXEMPELDATA"), _("Personerna är påhittade.")))
    lines += [(_("Bladen"), _("Ett blad för varje slags uppgifter, och sist ett för mottagarna"))]
    lines += [(_("Kolumnen {name}").format(name=name), text) for name, text in zip(_headers(), _guide(), strict=True)]
    lines += [(_("Långa värden"), _("Fortsätter på nästa rad, märkt med del 1 av 2, del 2 av 2"))]
    for number, (label, value) in enumerate(lines, start=1):
        _fill(sheet.cell(number, 1), label, is_strong=True)
        for part in _parts(value)[:1]:
            _fill(sheet.cell(number, 2), part)
    _widen(sheet, 2)


def _guide() -> tuple[str, ...]:
    return (
        _("Vad uppgiften är"),
        _("Själva uppgiften. Personnummer, postnummer och telefonnummer är text"),
        _("Varifrån uppgiften kom"),
        _("Dagen då uppgiften samlades in"),
        _("Varför uppgiften behandlas"),
        _("Grunden i artikel 6 i dataskyddsförordningen"),
        _("Vilka som har fått uppgiften"),
        _("När uppgiften raderas"),
        _("Varför uppgiften är helt eller delvis dold"),
    )


def _value_rows(row: ExtractRow) -> Iterator[tuple[Value, ...]]:
    hidden = (row.mask_reason or _("uppgiften rör någon annan")) if row.is_masked else ""
    recipients = ", ".join(row.recipients)
    parts = _parts(_typed(row))
    for number, part in enumerate(parts, start=1):
        label = row.label
        if len(parts) > 1:
            label = _("{label} (del {number} av {count})").format(label=label, number=number, count=len(parts))
        yield (label, part, row.source, row.since_on, row.purpose, row.legal_basis, recipients, row.erase_text, hidden)


def _typed(row: ExtractRow) -> Value:
    """Return a date or an amount as what it is; what is masked, or does not parse, stays text."""
    try:
        if row.kind == "date" and not row.is_masked:
            return date.fromisoformat(row.value)
        if row.kind == "money" and not row.is_masked:
            amount = Decimal(re.sub("[ \u00a0\u202f]", "", row.value).replace(",", ".").removesuffix("kr"))
            return amount if amount.is_finite() else row.value
    except (ValueError, InvalidOperation):
        pass
    return row.value


def _parts(value: Value) -> list[Value]:
    """Split a long text; half of what Excel takes, because a sign outside the basic plane counts twice."""
    if not isinstance(value, str) or len(value) <= PART:
        return [value]
    return [value[start : start + PART] for start in range(0, len(value), PART)]


def _shown(text: str) -> str:
    return _ESCAPED.sub("_x005F_", plain(text))


def _sheet(book: "Workbook", name: str, headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import Table, TableStyleInfo

    sheet = book.create_sheet(name)
    for column, header in enumerate(headers, start=1):
        _fill(sheet.cell(1, column), header, is_strong=True)
    last = 1
    for last, row in enumerate(list(rows) or [(nothing(),)], start=2):
        for column, value in enumerate(row, start=1):
            _fill(sheet.cell(last, column), value)
    table = Table(displayName=f"Tabell{len(book.sheetnames)}", ref=f"A1:{get_column_letter(len(headers))}{last}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight9", showRowStripes=True)
    sheet.add_table(table)
    sheet.freeze_panes = "A2"
    _widen(sheet, len(headers))


def _fill(cell: "Cell", value: Value, *, is_strong: bool = False) -> None:
    """Put a value into a cell so that no program can take text for a formula."""
    from openpyxl.styles import Alignment, Font

    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if is_strong:
        cell.font = Font(bold=True)
    if isinstance(value, str):
        if value:
            cell.value = _shown(value)
            cell.data_type = "s"
            cell.number_format = "@"
            cell.quotePrefix = value[0] in "=+-@"
    elif value is not None:
        cell.value = value
        cell.number_format = _DATE_FORMAT if isinstance(value, date) else _MONEY_FORMAT


def _widen(sheet: "Worksheet", columns: int) -> None:
    from openpyxl.utils import get_column_letter

    for column in range(1, columns + 1):
        texts = [
            str(cell.value) for (cell,) in sheet.iter_rows(min_col=column, max_col=column) if cell.value is not None
        ]
        longest = max((len(line) for text in texts for line in text[:2000].split("\n")), default=8)
        sheet.column_dimensions[get_column_letter(column)].width = min(_WIDEST, max(10, longest + 3))
