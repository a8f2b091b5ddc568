"""A table file becomes a preview and then rows.  The parsing itself happens in a child process; this is the door to it."""

import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from app.domain.fields import FieldKind
from app.i18n import _
from app.importers.drafts import Chunk, Problem, RejectedRow, RowDraft, TableOptions, TablePreview
from app.importers.limits import Limits, table_limits
from app.importers.refusals import not_opened, refusal, too_much
from app.importers.worker import Message, Worker, stopping
from app.reference import fields as reference_fields

AUTOMATIC = TableOptions()


def preview(
    path: Path,
    options: TableOptions = AUTOMATIC,
    *,
    stop: Callable[[], bool] | None = None,
    limits: Limits | None = None,
) -> TablePreview:
    """Return how the program understands the file: kind, columns, first rows, guessed fields, what is doubtful.

    Raises:
        UserError: This is no table, or it is over a limit.
        Cancelled: `stop` said so.
    """
    with Worker(_request("preview", path, options), limits=limits or _limits(path)) as worker:
        for message in worker.messages(stopping(stop)):
            return _preview(message)
    raise too_much()


def rows(
    path: Path,
    mapping: Sequence[str | None],
    options: TableOptions = AUTOMATIC,
    *,
    today: date,
    step: Callable[[int, int], None],
) -> Iterator[Chunk]:
    """Return the rows in chunks, as they are read.

    Args:
        path: The file; the name says nothing, its first bytes do.
        mapping: The field code per column, None for a column that is left out.
        options: The same as for the preview.
        today: Dates are judged against this day.
        step: Called with rows done and rows in all; what it raises ends the reading.

    Raises:
        UserError: The mapping names nobody or a field twice, or the file is no table or over a limit.
    """
    _check_mapping(mapping)
    request = _request("rows", path, options) | {"mapping": list(mapping), "today": today.isoformat()}
    position = [0, 1]
    with Worker(request, limits=_limits(path)) as worker:
        for message in worker.messages(lambda: step(*position)):
            chunk = _chunk(message)
            position[:] = chunk.done, chunk.total
            yield chunk
    step(position[1], position[1])


def _request(kind: str, path: Path, options: TableOptions) -> Message:
    return {
        "type": kind,
        "path": str(path.resolve()),
        "sheet": options.sheet,
        "encoding": options.encoding,
        "separator": options.separator,
    }


def _limits(path: Path) -> Limits:
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            is_packed = stream.read(2) in (b"PK", b"\xd0\xcf")
    except (OSError, ValueError):
        raise not_opened() from None
    return table_limits(size, is_packed=is_packed)


def _check_mapping(mapping: Sequence[str | None]) -> None:
    known = reference_fields.by_code()
    chosen = [known[code] for code in mapping if code]
    if len({found.code for found in chosen}) < len(chosen):
        raise refusal(
            _("Två kolumner går till samma fält."), _("Välj ett fält för varje kolumn, eller utelämna den ena.")
        )
    if not any(found.kind is FieldKind.NAME or found.identifier for found in chosen):
        raise refusal(
            _("Ingen kolumn säger vem raderna gäller."),
            _("Koppla en kolumn till namn, personnummer eller kundnummer."),
        )


def _preview(message: dict[str, Any]) -> TablePreview:
    return TablePreview(
        kind=str(message["kind"]),
        sheets=_texts(message["sheets"]),
        sheet=str(message["sheet"]),
        encoding=str(message["encoding"]),
        separator=str(message["separator"]),
        headers=_texts(message["headers"]),
        sample=tuple(_texts(row) for row in message["sample"]),
        rows_estimate=int(message["rows_estimate"]),
        mapping=tuple(None if code is None else str(code) for code in message["mapping"]),
        warnings=_texts(message["warnings"]),
    )


def _chunk(message: dict[str, Any]) -> Chunk:
    return Chunk(
        rows=[RowDraft(line, values, tuple(warnings)) for line, values, warnings in message["rows"]],
        problems=[Problem(line, *map(sys.intern, said)) for line, *said in message["problems"]],  # the same few texts
        done=int(message["done"]),
        total=int(message["total"]),
        rejected=tuple(RejectedRow(line, tuple(cells)) for line, cells in message["rejected"]),
    )


def _texts(values: Sequence[object]) -> tuple[str, ...]:
    return tuple(str(value) for value in values)
