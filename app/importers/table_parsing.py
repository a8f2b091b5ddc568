"""A table's header row and its preview.  Runs in the child; the rows are read elsewhere, so that a preview starts fast."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from app.i18n import _
from app.importers import plain_text
from app.importers.doubts import doubts
from app.importers.drafts import TableOptions
from app.importers.limits import HEADER_SEARCH, TABLE_COLUMNS
from app.importers.records import Source
from app.importers.refusals import refusal
from app.importers.table_sources import open_table
from app.reference import fields as reference_fields

Message = dict[str, Any]

_SAMPLE_ROWS = 20
_SAMPLE_TEXT = 200


@dataclass(frozen=True)
class Header:
    """Where the header row stands, and its names made unique."""

    line: int
    names: tuple[str, ...]
    warnings: tuple[str, ...]


def preview(path: str, options: TableOptions) -> Message:
    """Return how the file is understood, with its first rows and the guessed fields.

    Raises:
        UserError: The file is no table.
    """
    source = open_table(Path(path), options)
    header = find_header(source)
    sample = [
        row
        for line, row in islice(source.records(), header.line + 10 * _SAMPLE_ROWS)
        if line > header.line and any(row)
    ]
    mapping = _guessed(header.names, is_dotted=source.kind == "json")
    return {
        "type": "preview",
        "kind": source.kind,
        "sheets": source.sheets,
        "sheet": source.sheet,
        "encoding": source.encoding,
        "separator": source.separator,
        "headers": header.names,
        "sample": [_padded([cell[:_SAMPLE_TEXT] for cell in row], len(header.names)) for row in sample[:_SAMPLE_ROWS]],
        "rows_estimate": max(0, source.total - header.line),
        "mapping": mapping,
        "warnings": [*source.warnings, *header.warnings, *doubts(source, header.names, mapping, sample)],
    }


def find_header(source: Source) -> Header:
    """Return the first row with at least two different texts.

    Raises:
        UserError: There is none among the first rows, or it has too many columns.
    """
    above = 0
    least = 1 if source.has_own_headings else 2
    for line, row in islice(source.records(), HEADER_SEARCH):
        texts = {cell.strip() for cell in row if cell.strip()}
        if len(texts) < least:
            above += bool(texts)
            continue
        width = max(index for index, cell in enumerate(row, start=1) if cell.strip())
        if width > TABLE_COLUMNS:
            raise refusal(
                _("Tabellen har fler än {most} kolumner.").format(most=TABLE_COLUMNS),
                _("Ta bort de kolumner som inte ska importeras, eller dela tabellen."),
            )
        return Header(line, *_unique(row[:width], above=above, is_own=source.has_own_headings))
    raise refusal(
        _("Filen har ingen rubrikrad med minst två kolumner."),
        _("Sätt kolumnernas namn på första raden. Är det en textfil, kontrollera skiljetecknet."),
    )


def _unique(row: list[str], *, above: int, is_own: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    names: list[str] = []
    warnings: list[str] = []
    for number, cell in enumerate(row, start=1):
        wanted = plain_text.name(cell, most=200) or _("Kolumn {number}").format(number=number)
        name, times = wanted, 1
        while name in names:
            times += 1
            name = f"{wanted} ({times})"
        names.append(name)
        if times > 1:
            warnings.append(_("Flera kolumner har samma namn. De numreras."))
    if above:
        warnings.append(_("Raderna ovanför rubrikraden läses inte."))
    if not is_own and any(_looks_like_a_value(cell) for cell in row):
        warnings.append(
            _("Rubrikraden ser ut som uppgifter om en person. Saknar filen rubriker? Den raden läses inte.")
        )
    return tuple(names), tuple(dict.fromkeys(warnings))


def _looks_like_a_value(cell: str) -> bool:
    digits = sum(sign.isdigit() for sign in cell)
    return "@" in cell or digits >= 6


def _guessed(names: tuple[str, ...], *, is_dotted: bool) -> list[str | None]:
    """Return the field per column; of a heading such as `adress.ort` the last word will do."""
    taken: set[str] = set()
    mapping: list[str | None] = []
    for name in names:
        found = reference_fields.guess(name)
        if found is None and is_dotted:
            found = reference_fields.guess(name.rpartition(".")[2])
        code = found.code if found and found.code not in taken else None
        mapping.append(code)
        if code:
            taken.add(code)
    return mapping


def _padded(row: list[str], width: int) -> list[str]:
    return [*row[:width], *[""] * (width - len(row))]
