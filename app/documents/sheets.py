"""The sheets of a workbook: tables and pages of facts, in which no text is ever cut and none is taken for a formula."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from app.documents.plain import plain
from app.documents.words import nothing
from app.i18n import _

FIRST_DAY = date(1900, 3, 1)
"""The first day that Excel counts as we do; earlier ones have to be text."""
PART = 16_000  # characters in a cell; Excel keeps 32 767 UTF-16 units and openpyxl cuts the rest without a word
_DATE_FORMAT, _MONEY_FORMAT = "yyyy\\-mm\\-dd", '#,##0.00\\ "kr"'
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # Excel reads _x0041_ as A
_QUOTED = ("=", "+", "-", "@")
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\']")
_LONGEST_TITLE = 31
_NARROWEST, _WIDEST = 10, 60  # characters

Value = str | date | Decimal | None


class Sheets:
    """A workbook while it is written."""

    def __init__(self, title: str, made_on: date) -> None:
        from app.documents.xlsx import Looks, new_workbook

        self._book = new_workbook(title, made_on)
        self._made_on = made_on
        self._looks = Looks()
        self._names: set[str] = set()

    def add_facts(self, title: str, facts: Iterable[tuple[str, Value]]) -> None:
        """Add a sheet of labels and values."""
        sheet: Any = self._book.create_sheet(self._name(title))
        for number, (label, value) in enumerate((part for fact in facts for part in _split(fact)), start=1):
            self._fill(sheet.cell(number, 1), label, is_strong=True)
            self._fill(sheet.cell(number, 2), value)
        _fit(sheet)

    def add_table(self, title: str, headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
        """Add a sheet with a table under a frozen header; a row too long for its cells goes on in the next."""
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.table import Table, TableStyleInfo

        sheet: Any = self._book.create_sheet(self._name(title))
        for column, header in enumerate(headers, start=1):
            self._fill(sheet.cell(1, column), header, is_strong=True)
        whole = [part for row in rows for part in _split(row)] or [(nothing(),)]
        for number, row in enumerate(whole, start=2):
            for column, value in enumerate(row, start=1):
                self._fill(sheet.cell(number, column), value)
        place = f"A1:{get_column_letter(len(headers))}{len(whole) + 1}"
        table = Table(displayName=f"Tabell{len(self._names)}", ref=place)
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight9", showRowStripes=True)
        sheet.add_table(table)
        sheet.freeze_panes = "A2"
        sheet.print_title_rows = "1:1"
        _fit(sheet)

    def save(self) -> bytes:
        """Return the workbook's bytes."""
        from app.documents.xlsx import save

        return save(self._book, self._made_on)

    def _name(self, wanted: str) -> str:
        """Return a name of a sheet: short, allowed, and used once."""
        wanted = _NOT_IN_TITLE.sub(" ", plain(wanted)).replace("\n", " ").strip() or "-"
        name, number = wanted[:_LONGEST_TITLE], 1
        while name.casefold() in self._names:
            number += 1
            name = f"{wanted[: _LONGEST_TITLE - 4]} {number}"
        self._names.add(name.casefold())
        return name

    def _fill(self, cell: Any, value: Value, *, is_strong: bool = False) -> None:
        """Put a value into a cell so that no program can take text for a formula."""
        if isinstance(value, date) and value < FIRST_DAY:
            value = value.isoformat()
        if isinstance(value, str):
            self._looks.give(cell, "@", is_strong=is_strong, is_quoted=value.startswith(_QUOTED))
            if value:
                cell.value = _ESCAPED.sub("_x005F_", plain(value))
                cell.data_type = "s"
        elif value is not None:
            number_format = _DATE_FORMAT if isinstance(value, date) else _MONEY_FORMAT
            self._looks.give(cell, number_format, is_strong=is_strong)
            cell.value = value


def _split(row: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """Yield a row as one, or as several when a text is too long for a cell; the short cells are repeated."""
    parts = [_parts(value) for value in row]
    count = max(len(part) for part in parts)
    for number in range(count):
        label, *rest = (part[0] if len(part) == 1 else next(iter(part[number:]), "") for part in parts)
        if count > 1:
            label = _("{label} (del {number} av {count})").format(label=label, number=number + 1, count=count)
        yield (label, *rest)


def _parts(value: Value) -> list[Value]:
    """Split a long text; half of what Excel takes, because a sign outside the basic plane counts twice."""
    if not isinstance(value, str) or len(value) <= PART:
        return [value]
    text = plain(value)  # before it is cut: a line end of two characters is one
    return [text[start : start + PART] for start in range(0, len(text), PART)]


def _fit(sheet: Any) -> None:
    """Make the columns as wide as their longest lines, within reason, and let the sheet be printed across the paper."""
    from openpyxl.utils import get_column_letter

    for column, values in enumerate(sheet.iter_cols(values_only=True), start=1):
        longest = max((len(line) for value in values for line in _in_view(value).split("\n")), default=0)
        sheet.column_dimensions[get_column_letter(column)].width = min(_WIDEST, max(_NARROWEST, longest + 3))
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _in_view(value: object) -> str:
    """Return about what a cell shows, for its width."""
    if isinstance(value, Decimal):
        return f"{value:,.2f} kr"
    return str(value)[:2000] if value is not None else ""
