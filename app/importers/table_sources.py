"""Opens a table file, whatever its kind, and gives its rows as text.  Runs in the child."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from app.i18n import _
from app.importers import csv_text, json_table, vcard_table, workbook_check
from app.importers.drafts import TableOptions
from app.importers.kinds import OLE_MAGIC
from app.importers.limits import NUMBER_ROWS, TABLE_BYTES
from app.importers.records import Numbers, Records, Source
from app.importers.refusals import refusal, too_much


def open_table(path: Path, options: TableOptions) -> Source:
    """Return the table in the file; what the file is, its first bytes say, not its name.

    Raises:
        UserError: The file is empty, too big, locked or no table.
    """
    size = path.stat().st_size
    if size == 0:
        raise refusal(_("Filen är tom."), _("Exportera tabellen på nytt och kontrollera att filen har innehåll."))
    if size > TABLE_BYTES:
        raise refusal(
            _("Filen är större än {limit} MB.").format(limit=TABLE_BYTES // (1024 * 1024)),
            _("Dela tabellen i flera filer och importera en i taget."),
        )
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(OLE_MAGIC):
        workbook_check.refuse_locked_ole(path.read_bytes())
        return _workbook(path, workbook_check.look_old(path), options)
    if head.startswith(workbook_check.ZIP_MAGIC):
        return _workbook(path, workbook_check.look(path), options)
    if re.match(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|table|\?xml|meta|head)", head, re.IGNORECASE):
        raise refusal(
            _("Filen är en webbsida eller XML, även om namnet säger något annat."),
            _("Öppna den i Excel eller LibreOffice och spara den som .xlsx."),
        )
    plain = head.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")  # as far as a mark goes
    if vcard_table.MARK.match(plain):
        return vcard_table.open_cards(path, options.encoding)
    if path.suffix.casefold() == ".json" or json_table.MARK.match(plain):
        return json_table.open_list(path, options)
    return _text(path, options)


def _text(path: Path, options: TableOptions) -> Source:
    code = csv_text.encoding(path, options.encoding)
    sign = csv_text.separator(path, code, options.separator)
    warnings = []
    if not options.encoding and code in ("cp1252", "iso8859-1"):
        warnings.append(csv_text.look_closely())
    return Source(
        kind="tsv" if sign == "\t" else "csv",
        records=lambda: csv_text.records(path, code, sign),
        total=csv_text.count_lines(path, code),
        encoding=code,
        separator=sign,
        warnings=warnings,
    )


def _workbook(path: Path, looked: workbook_check.Looked, options: TableOptions) -> Source:
    import python_calamine  # loaded for workbooks only

    try:
        with path.open("rb") as stream:
            book = python_calamine.load_workbook(stream)
            sheets = [
                found.name for found in book.sheets_metadata if found.typ == python_calamine.SheetTypeEnum.WorkSheet
            ]
            sheet = _sheet(book, sheets, options.sheet) if options.sheet else _first_filled(book, sheets)
    except python_calamine.PasswordError:
        workbook_check.refuse_locked_ole(b"", is_locked=True)
        raise
    except (python_calamine.CalamineError, python_calamine.XmlError, python_calamine.ZipError, ValueError):
        raise workbook_check.damaged() from None
    except MemoryError:
        raise too_much() from None
    return Source(
        kind=looked.kind,
        records=lambda: _sheet_records(sheet),
        total=_height(sheet),
        sheets=tuple(sheets),
        sheet=sheet.name,
        warnings=_warnings(looked, sheets, has_merged=looked.has_merged or bool(sheet.merged_cell_ranges)),
        numbers=lambda: _numbers(sheet),
    )


def _sheet(book: Any, sheets: list[str], chosen: str) -> Any:
    if chosen in sheets:
        return book.get_sheet_by_name(chosen)
    raise refusal(_("Bladet som valdes finns inte i filen."), _("Välj ett av bladen som filen har."))


def _first_filled(book: Any, sheets: list[str]) -> Any:
    if not sheets:
        raise refusal(_("Arbetsboken har inga blad med celler."), _("Välj en annan fil."))
    for name in sheets:
        sheet = book.get_sheet_by_name(name)
        if _height(sheet) > 1:
            return sheet
    return book.get_sheet_by_name(sheets[0])


def _height(sheet: Any) -> int:
    return sheet.end[0] + 1 if sheet.end else 0


def _sheet_records(sheet: Any) -> Records:
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        yield line, [cell if cell.__class__ is str else cell_text(cell) for cell in cells]


def _numbers(sheet: Any) -> Numbers:
    for cells in islice(sheet.iter_rows(), NUMBER_ROWS):
        for place, cell in enumerate(cells):
            if cell.__class__ in (int, float):
                yield place, cell_text(cell)


def cell_text(value: object) -> str:
    """Return a cell as text: dates as 2026-11-03, whole numbers without decimals, never in the form 1E+11."""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, float):
        return _number_text(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)


def _number_text(value: float) -> str:
    if value.is_integer():
        return str(int(value))
    return format(Decimal(repr(value)), "f")


def _warnings(looked: workbook_check.Looked, sheets: list[str], *, has_merged: bool) -> list[str]:
    said = (
        (len(sheets) > 1, _("Filen har flera blad. Bara det valda bladet läses.")),
        (has_merged, _("Bladet har sammanslagna celler. Bara den första cellen får värdet.")),
        (looked.has_formulas, _("Filen har formler. De senast sparade värdena läses, inte formlerna.")),
        (
            looked.has_formulas_without_value,
            _("Några formler saknar sparat värde och blir tomma. Öppna filen i Excel eller LibreOffice och spara den."),
        ),
        (looked.has_faults, _("Några celler visar ett felvärde, till exempel #SAKNAS!. De blir tomma.")),
    )
    return [text for is_so, text in said if is_so]
