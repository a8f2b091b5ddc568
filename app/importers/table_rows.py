"""A table's rows: each becomes a draft or a problem.  Runs in the child; one bad row never stops the others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from app.domain.fields import FieldKind
from app.i18n import _
from app.importers import cells
from app.importers.drafts import TableOptions
from app.importers.limits import CELL_TEXT, CHUNK_ROWS, CHUNK_TEXT, ROW_TEXT, TABLE_ROWS
from app.importers.refusals import refusal
from app.importers.table_parsing import Message, find_header
from app.importers.table_sources import open_table
from app.reference import fields as reference_fields


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


def chunks(path: str, options: TableOptions, mapping: Sequence[str | None], today: date) -> Iterator[Message]:
    """Return the rows, some thousand at a time, with the problems of those that were not read.

    Raises:
        UserError: The file is no table, over a limit, or not the one that was mapped.
    """
    source = open_table(Path(path), options)
    header = find_header(source)
    if len(mapping) != len(header.names):
        raise refusal(
            _("Filen har andra kolumner än när den valdes."), _("Välj filen på nytt och kontrollera kolumnerna.")
        )
    known = reference_fields.by_code()
    columns = [cells.Column.of(index, known[code]) for index, code in enumerate(mapping) if code]
    total = max(1, source.total - header.line)
    naming = frozenset(code for code, field in known.items() if field.kind is FieldKind.NAME or field.identifier)
    reading = _Reading(columns, header.names, today, source.separator, naming)
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


@dataclass
class _RowSoFar:
    """The draft of one row as it grows."""

    line: int
    values: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Reading:
    """What stays the same from row to row."""

    columns: list[cells.Column]
    names: tuple[str, ...]
    today: date
    separator: str
    naming: frozenset[str]


def _read(part: _Part, line: int, row: list[str], reading: _Reading) -> None:
    before, length = len(part.problems), sum(map(len, row))
    part.seen += 1
    part.length += length
    part.problems += [(line, "", *problem) for problem in _row_problems(row, length, reading)]
    draft = _RowSoFar(line)
    for column in reading.columns:
        text = row[column.index].strip() if column.index < len(row) else ""
        if text and column.is_plain and length <= CELL_TEXT:
            draft.values[column.code] = text
        elif text:
            _clean(part, draft, column, text, reading.today)
    if len(part.problems) == before and reading.naming.isdisjoint(draft.values):
        what, remedy = _("Raden säger inte vem den gäller."), _("Fyll i namn, personnummer eller kundnummer.")
        part.problems.append((line, "", what, remedy))
    if len(part.problems) == before:
        part.rows.append((line, draft.values, draft.warnings))
    else:
        most = max(1_000, 2 * ROW_TEXT // max(1, len(row)))  # one row must not fill the message
        part.rejected.append((line, [cell if len(cell) <= most else cell[:most] + "…" for cell in row]))


def _clean(part: _Part, draft: _RowSoFar, column: cells.Column, text: str, today: date) -> None:
    try:
        draft.values[column.code], warning = cells.clean(column, text, today)
    except cells.Fault as fault:
        part.problems.append((draft.line, column.label, fault.what, fault.remedy))
        return
    if warning:
        draft.warnings.append(f"{column.label}: {warning}")


def _row_problems(row: list[str], length: int, reading: _Reading) -> Iterator[tuple[str, str]]:
    columns = len(reading.names)
    if len(row) > columns and any(cell.strip() for cell in row[columns:]):
        yield (
            _("Raden har fler celler än rubrikraden."),
            _(
                "Ett skiljetecken står troligen i en text. Sätt texten inom citattecken eller välj ett annat skiljetecken."
            ),
        )
    if (
        reading.separator
        and "\n" in "".join(row)
        and any(_holds_rows(cell, columns, reading.separator) for cell in row)
    ):
        yield (
            _("En cell innehåller hela rader. Troligen saknas ett citattecken."),
            _("Rätta citattecknen i filen, eller exportera tabellen på nytt som Excel-arbetsbok."),
        )
    if length > ROW_TEXT:
        yield _("Raden har för mycket text."), _("Lägg den långa texten som bilaga i ärendet i stället.")


def _holds_rows(cell: str, columns: int, separator: str) -> bool:
    """Return whether a missing quotation mark made a cell swallow rows: one of its lines is divided like a row."""
    return columns > 2 and any(line.count(separator) >= columns - 1 for line in cell.splitlines())


def _has_content(row: list[str]) -> bool:
    return any(row) and any(cell and not cell.isspace() for cell in row)
