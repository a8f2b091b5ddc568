"""Many rows with few statements, for imports.

A statement per row makes the name index write to the file for every single person; a statement for a thousand, once.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

SIZES = (1024, 512, 256, 128, 64, 32, 16, 8, 4, 2, 1)
"""So many rows a statement takes: few sizes, because the driver keeps every statement it has seen."""
MOST_CELLS = 30_000
"""SQLite binds 32,766 values in one statement."""


def insert(
    connection: sa.Connection, table: str, columns: Sequence[str], cells: Sequence[Any], *, check: Callable[[], None]
) -> None:
    """Insert rows.

    Args:
        connection: A connection in a transaction.
        table: The table's name.
        columns: Its columns that are filled.
        cells: The values of all rows one after another, as the database stores them.
        check: Called before each statement; what it raises ends the work.
    """
    columns = tuple(columns)
    for part in _blocks(cells, len(columns)):
        check()
        connection.exec_driver_sql(_insert(table, columns, len(part) // len(columns)), part)


def select(connection: sa.Connection, query: str, among: Sequence[Any], others: tuple[Any, ...] = ()) -> Iterator[Any]:
    """Return the rows that a query gives for many values.

    Args:
        connection: A connection.
        query: The query, with `{among}` where the marks of the values go, before all other marks.
        among: The values.
        others: The query's other values.
    """
    for part in _blocks(among, 1):
        yield from connection.exec_driver_sql(query.format(among=_marks(len(part))), part + others)


def _blocks(cells: Sequence[Any], width: int) -> Iterator[tuple[Any, ...]]:
    """Return the cells in blocks of whole rows, the greatest size first."""
    start = 0
    for length in (size * width for size in SIZES if size * width <= MOST_CELLS):
        while len(cells) - start >= length:
            yield tuple(cells[start : start + length])
            start += length


@cache
def _insert(table: str, columns: tuple[str, ...], rows: int) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    one = _marks(len(columns))
    return f'INSERT INTO "{table}" ({names}) VALUES ({one})' + f", ({one})" * (rows - 1)  # noqa: S608 - our own names


@cache
def _marks(count: int) -> str:
    return ", ".join("?" * count)
