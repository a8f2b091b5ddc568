"""Rows in blocks: every number of rows comes in whole, in its order, and can be asked for again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.domain.errors import Cancelled
from db import bulk
from db.bulk import SIZES
from db.store import Store
from tests.factories import NOW


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sa.Connection]:
    store = Store.create(tmp_path, bytes(range(32)), user="")
    with store.write(NOW) as session:
        session.execute(sa.text("CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT, size INTEGER)"))
        yield session.connection()
    store.close()


def go_on() -> None:
    """Let the work go on."""


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 99, 100, 999, 1000, 1001, 2345])
def test_every_number_of_rows_comes_in_whole_and_is_found(connection: sa.Connection, count: int) -> None:
    rows = [(f"å {number}", number * 2) for number in range(count)]
    bulk.insert(connection, "thing", ("name", "size"), [cell for row in rows for cell in row], check=go_on)

    stored = connection.exec_driver_sql("SELECT name, size FROM thing ORDER BY id").all()
    assert [tuple(row) for row in stored] == rows
    query = "SELECT name FROM thing WHERE name IN ({among}) AND size < ?"
    found = {row.name for row in bulk.select(connection, query, [row[0] for row in rows], (1000,))}
    assert found == {name for name, size in rows if size < 1000}


def test_wide_rows_stay_below_what_a_statement_may_bind(connection: sa.Connection) -> None:
    columns = [f"c{number}" for number in range(40)]
    connection.exec_driver_sql(f"CREATE TABLE wide ({', '.join(columns)})")
    bulk.insert(connection, "wide", columns, list(range(40 * 1000)), check=go_on)

    assert connection.exec_driver_sql("SELECT count(*), max(c39) FROM wide").one() == (1000, 39_999)
    assert max(SIZES) * 40 > bulk.MOST_CELLS


def test_what_the_check_raises_ends_the_work_before_the_next_statement(connection: sa.Connection) -> None:
    asked: list[int] = []

    def stop_at_the_third() -> None:
        asked.append(1)
        if len(asked) == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        bulk.insert(connection, "thing", ("size",), list(range(4 * max(SIZES))), check=stop_at_the_third)
    assert connection.exec_driver_sql("SELECT count(*) FROM thing").scalar() == 2 * max(SIZES)
