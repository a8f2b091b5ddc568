"""A table of a million people: from a jump to any row to the painted rows, fetched from the encrypted base as they are drawn.

Run: `python -m tests.benchmarks.bench_scroll FOLDER`, with the folder of `bench_search`.
"""

import os
import random
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtWidgets import QAbstractItemView

from app.ui.kit.table import Column, QueryTable
from app.ui.kit.table_model import BLOCK
from app.ui.start import make_application
from db.queries import search as queries
from db.queries.search import Person
from tests.benchmarks import people
from tests.benchmarks.bench_search import memory_mb, spread
from tests.benchmarks.bench_search_window import Painted

JUMPS, PAINT_MS = 500, 33


def main() -> int:
    """Measure, print, and say by the exit code whether the goal is met."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app, _comfort = make_application()
    store = people.open_base(Path(sys.argv[1]))

    def fetch(ids: Sequence[int]) -> Mapping[int, Person]:
        with store.read() as session, queries.driver(session) as cursor:
            return queries.people(cursor, ids)

    columns = (
        Column("Namn", lambda one: one.names.partition("\n")[0], width=30, is_strong=True),
        Column("Ord", lambda one: one.words, width=40),
        Column("Register", lambda one: one.sources, width=12),
    )
    table = QueryTable(columns, fetch, name="Personer")
    table.resize(1366, 768)
    table.show()
    app.processEvents()
    started = time.perf_counter()
    with store.read() as session:
        rows = session.connection().exec_driver_sql("SELECT id FROM subject ORDER BY sort_key")
        ids = [row[0] for row in rows]
    asked = time.perf_counter()
    table.set_ids(ids)
    app.processEvents()
    shown = time.perf_counter()
    painted = Painted(table.viewport())
    chance, times = random.Random(7), []  # noqa: S311 - the same rows every time
    for _number in range(JUMPS):
        place = chance.randrange(len(ids))
        begun = time.perf_counter()
        table.scrollTo(table.rows.index(place, 0), QAbstractItemView.ScrollHint.PositionAtCenter)
        app.processEvents()
        times.append((time.perf_counter() - begun) * 1000)
        if place - place % BLOCK not in table.rows._blocks or not painted.at > begun:
            raise AssertionError(place)
    p95 = sorted(times)[int(len(times) * 0.95)]
    sys.stdout.write(
        f"{len(ids):,} ids in Swedish order in {(asked - started) * 1000:.0f} ms, shown in {(shown - asked) * 1000:.0f} ms\n"
        f"a jump to any row until it is painted, n={JUMPS}: {spread(times)} ms (goal p95 {PAINT_MS})"
        f"{'' if p95 < PAINT_MS else '  MISSED'}\nmemory {memory_mb()} MB\n"
    )
    store.close()
    return int(p95 >= PAINT_MS)


if __name__ == "__main__":
    sys.exit(main())
