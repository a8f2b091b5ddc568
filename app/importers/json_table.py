"""A list of objects in a JSON file as a table: nested values get headings with dots.  Runs in the child; reads in a stream."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from app.i18n import _
from app.importers import csv_text, json_text
from app.importers.drafts import TableOptions
from app.importers.json_text import Number, Pairs
from app.importers.limits import NUMBER_ROWS, TABLE_COLUMNS
from app.importers.records import Numbers, Records, Source
from app.importers.refusals import refusal

MARK = re.compile(rb'(\xef\xbb\xbf)?\s*(\[\s*[\[{"\]]|\{\s*["}])')
_CONSTANTS = {True: "ja", False: "nej", None: ""}


@dataclass
class _Seen:
    """What the first reading found in one list."""

    count: int = 0
    columns: dict[str, None] = field(default_factory=dict)


def open_list(path: Path, options: TableOptions) -> Source:
    """Return the list in the file as a table, of several lists the chosen one or the first that has objects.

    Raises:
        UserError: The file is no JSON, or holds no list of objects.
    """
    code = csv_text.encoding(path, options.encoding)
    lists = _look(path, code)
    if not lists:
        raise refusal(
            _("JSON-filen har ingen lista med poster."),
            _("Exportera uppgifterna som en lista där varje person är ett objekt, eller som CSV."),
        )
    chosen = _chosen(lists, options.sheet)
    warnings = [csv_text.look_closely()] if not options.encoding and code in ("cp1252", "iso8859-1") else []
    if len(lists) > 1:
        warnings.append(_("Filen har flera listor. Bara den valda läses."))
    columns = tuple(lists[chosen].columns)
    return Source(
        kind="json",
        records=lambda: _records(path, code, chosen, columns),
        total=lists[chosen].count,
        sheets=tuple(lists) if len(lists) > 1 else (),
        sheet=chosen,
        encoding=code,
        warnings=warnings,
        numbers=lambda: _numbers(path, code, chosen, columns),
        has_own_headings=True,
    )


def _chosen(lists: dict[str, _Seen], wanted: str | None) -> str:
    if wanted and wanted not in lists:
        raise refusal(_("Listan som valdes finns inte i filen."), _("Välj en av listorna som filen har."))
    return wanted or next(iter(lists))


def _look(path: Path, code: str) -> dict[str, _Seen]:
    """Return the lists that hold objects, with their columns."""
    found: dict[str, _Seen] = {}
    with_objects: set[str] = set()
    for name, element in json_text.elements(path, code):
        if len(found) > TABLE_COLUMNS and name not in found:
            continue
        seen = found.setdefault(name, _Seen())
        seen.count += 1
        if isinstance(element, Pairs) and element:
            with_objects.add(name)
        if len(seen.columns) <= TABLE_COLUMNS:
            seen.columns.update(dict.fromkeys(flat(element)))
    return {name: seen for name, seen in found.items() if name in with_objects}


def _records(path: Path, code: str, chosen: str, columns: tuple[str, ...]) -> Records:
    yield 0, list(columns)
    for number, row in enumerate(_rows(path, code, chosen), start=1):
        yield number, [row.get(heading, "") for heading in columns]


def _rows(path: Path, code: str, chosen: str) -> Iterator[dict[str, str]]:
    return (flat(element) for name, element in json_text.elements(path, code) if name == chosen)


def _numbers(path: Path, code: str, chosen: str, columns: tuple[str, ...]) -> Numbers:
    for row in islice(_rows(path, code, chosen), NUMBER_ROWS):
        for place, heading in enumerate(columns):
            if isinstance(text := row.get(heading), Number):
                yield place, text


def flat(element: Any) -> dict[str, str]:
    """Return an element's texts by heading: `adress.ort` for what lies inside, `telefon.2` for the second in a list.

    Names that an object has twice are numbered; a value that is no object gets a heading of its own.
    """
    row: dict[str, str] = {}
    waiting: list[tuple[str, Any]] = [("", element)]
    while waiting:
        heading, value = waiting.pop()
        if isinstance(value, Pairs):
            inner = [(f"{heading}.{name}" if heading else name, part) for name, part in value]
        elif isinstance(value, list):
            inner = [(heading if not place else f"{heading}.{place + 1}", part) for place, part in enumerate(value)]
        else:
            _put(row, heading or _("Värde"), value)
            continue
        waiting.extend(reversed(inner))
    return row


def _put(row: dict[str, str], wanted: str, value: Any) -> None:
    heading, times = wanted, 1
    while heading in row:
        times += 1
        heading = f"{wanted} ({times})"
    row[heading] = value if isinstance(value, str) else _CONSTANTS[value]
