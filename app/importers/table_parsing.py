"""A table's header row, its preview and its rows.  Runs in the child; one bad row never stops the others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from app.i18n import _
from app.importers import cells, plain_text
from app.importers.drafts import TableOptions
from app.importers.limits import CHUNK_ROWS, CHUNK_TEXT, HEADER_SEARCH, ROW_TEXT, TABLE_COLUMNS, TABLE_ROWS
from app.importers.refusals import refusal
from app.importers.table_sources import Source, open_table
from app.reference import fields as reference_fields

Message = dict[str, Any]

_SAMPLE_ROWS = 20
_SAMPLE_TEXT = 200


@dataclass(frozen=True)
class _Header:
    """Where the header row stands, and its names made unique."""

    line: int
    names: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass
class _Part:
    """The rows of one message to the parent, as they grow."""

    rows: list[tuple[int, dict[str, str], list[str]]] = field(default_factory=list)
    problems: list[tuple[int, str, str, str]] = field(default_factory=list)
    rejected: list[tuple[int, list[str]]] = field(default_factory=list)
    seen: int = 0
    length: int = 0

    def message(self, done: int, total: int) -> Message:
        return {
            "type": "chunk",
            "rows": self.rows,
            "problems": self.problems,
            "rejected": self.rejected,
            "done": min(done, total),
            "total": total,
        }


def preview(path: str, options: TableOptions) -> Message:
    """Return how the file is understood, with its first rows and the guessed fields.

    Raises:
        UserError: The file is no table.
    """
    source = open_table(Path(path), options)
    header = _header(source)
    sample = [
        row
        for line, row in islice(source.records(), header.line + 10 * _SAMPLE_ROWS)
        if line > header.line and any(row)
    ]
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
        "mapping": _guessed(header.names),
        "warnings": [*source.warnings, *header.warnings],
    }


def chunks(path: str, options: TableOptions, mapping: Sequence[str | None], today: date) -> Iterator[Message]:
    """Return the rows, some thousand at a time, with the problems of those that were not read.

    Raises:
        UserError: The file is no table, over a limit, or not the one that was mapped.
    """
    source = open_table(Path(path), options)
    header = _header(source)
    if len(mapping) != len(header.names):
        raise refusal(
            _("Filen har andra kolumner än när den valdes."), _("Välj filen på nytt och kontrollera kolumnerna.")
        )
    known = reference_fields.by_code()
    columns = [cells.Column(index, known[code]) for index, code in enumerate(mapping) if code]
    total = max(1, source.total - header.line)
    reading = _Reading(columns, header.names, today, source.separator)
    part, count = _Part(), 0
    for line, row in source.records():
        if line <= header.line or not _has_content(row):
            continue
        count += 1
        if count > TABLE_ROWS:
            raise refusal(
                _("Tabellen har fler än {most} rader.").format(most=TABLE_ROWS),
                _("Dela tabellen i flera filer och importera en i taget."),
            )
        _read(part, line, row, reading)
        if part.seen >= CHUNK_ROWS or part.length >= CHUNK_TEXT:
            yield part.message(line - header.line, total)
            part = _Part()
    yield part.message(total, total)


@dataclass(frozen=True)
class _Reading:
    """What stays the same from row to row."""

    columns: list[cells.Column]
    names: tuple[str, ...]
    today: date
    separator: str


def _read(part: _Part, line: int, row: list[str], reading: _Reading) -> None:
    part.seen += 1
    values: dict[str, str] = {}
    warnings: list[str] = []
    before = len(part.problems)
    for problem in _row_problems(row, reading):
        part.problems.append((line, "", *problem))
    width = len(row)
    for column in reading.columns:
        text = row[column.index].strip() if column.index < width else ""
        if not text:
            continue
        try:
            values[column.field.code], warning = cells.clean(column.field, text, reading.today)
        except cells.Fault as fault:
            part.problems.append((line, column.label, fault.what, fault.remedy))
            continue
        if warning:
            warnings.append(f"{column.label}: {warning}")
    if len(part.problems) == before and not _names_somebody(values):
        part.problems.append(
            (line, "", _("Raden säger inte vem den gäller."), _("Fyll i namn, personnummer eller kundnummer."))
        )
    part.length += sum(map(len, row))
    if len(part.problems) == before:
        part.rows.append((line, values, warnings))
    else:
        part.rejected.append((line, [cell[: _most(len(row))] for cell in row]))


def _row_problems(row: list[str], reading: _Reading) -> Iterator[tuple[str, str]]:
    columns = len(reading.names)
    if len(row) > columns and any(cell.strip() for cell in row[columns:]):
        yield (
            _("Raden har fler celler än rubrikraden."),
            _(
                "Ett skiljetecken står troligen i en text. Sätt texten inom citattecken eller välj ett annat skiljetecken."
            ),
        )
    if reading.separator and any("\n" in cell and _holds_rows(cell, columns, reading.separator) for cell in row):
        yield (
            _("En cell innehåller hela rader. Troligen saknas ett citattecken."),
            _("Rätta citattecknen i filen, eller exportera tabellen på nytt som Excel-arbetsbok."),
        )
    if sum(map(len, row)) > ROW_TEXT:
        yield _("Raden har för mycket text."), _("Lägg den långa texten som bilaga i ärendet i stället.")


def _holds_rows(cell: str, columns: int, separator: str) -> bool:
    """Return whether a missing quotation mark made a cell swallow rows: one of its lines is divided like a row."""
    return columns > 2 and any(line.count(separator) >= columns - 1 for line in cell.splitlines())


def _most(width: int) -> int:
    """Return how much of a cell a rejected row keeps, so that one row cannot fill the message."""
    return max(1_000, 2 * ROW_TEXT // max(1, width))


def _names_somebody(values: dict[str, str]) -> bool:
    return any(is_naming(code) for code in values)


def is_naming(code: str) -> bool:
    """Return whether a field says who a row is about: a name or an identifier."""
    known = reference_fields.by_code()[code]
    return known.kind == "name" or known.identifier is not None


def _header(source: Source) -> _Header:
    above = 0
    for line, row in islice(source.records(), HEADER_SEARCH):
        texts = {cell.strip() for cell in row if cell.strip()}
        if len(texts) < 2:
            above += bool(texts)
            continue
        width = max(index for index, cell in enumerate(row, start=1) if cell.strip())
        if width > TABLE_COLUMNS:
            raise refusal(
                _("Tabellen har fler än {most} kolumner.").format(most=TABLE_COLUMNS),
                _("Ta bort de kolumner som inte ska importeras, eller dela tabellen."),
            )
        return _Header(line, *_unique(row[:width], above=above))
    raise refusal(
        _("Filen har ingen rubrikrad med minst två kolumner."),
        _("Sätt kolumnernas namn på första raden. Är det en textfil, kontrollera skiljetecknet."),
    )


def _unique(row: list[str], *, above: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
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
    if any(_looks_like_a_value(cell) for cell in row):
        warnings.append(
            _("Rubrikraden ser ut som uppgifter om en person. Saknar filen rubriker? Den raden läses inte.")
        )
    return tuple(names), tuple(dict.fromkeys(warnings))


def _looks_like_a_value(cell: str) -> bool:
    digits = sum(sign.isdigit() for sign in cell)
    return "@" in cell or digits >= 6


def _guessed(names: tuple[str, ...]) -> list[str | None]:
    taken: set[str] = set()
    mapping: list[str | None] = []
    for name in names:
        found = reference_fields.guess(name)
        code = found.code if found and found.code not in taken else None
        mapping.append(code)
        if code:
            taken.add(code)
    return mapping


def _padded(row: list[str], width: int) -> list[str]:
    return [*row[:width], *[""] * (width - len(row))]


def _has_content(row: list[str]) -> bool:
    return any(row) and any(cell and not cell.isspace() for cell in row)
