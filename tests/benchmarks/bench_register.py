"""Counting what lacks its ground among 5,000,000 data, with the index and without it, in one run.

Run: `python -m tests.benchmarks.bench_register [DATA]`.  Goal: the overview's count of findings < 25 ms when nothing is wrong,
and no value is read: the index answers.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import sqlalchemy as sa

from app.services import organisation, policy, register_parts
from app.services.register_parts import SourceFacts
from db.models import Activity, RetentionRule
from db.queries import register as queries
from db.store import Store
from tests.factories import NOW, TODAY

DATA = 5_000_000
ROUNDS = 5
KEY = bytes(range(32))
INSERT = """INSERT INTO datum (subject_id, source_id, batch_id, activity_id, line, category, field, value)
    VALUES (?, ?, NULL, ?, ?, 'customer', 'street', ?)"""


def rows(first: int, count: int) -> Iterator[tuple[int, int, int, int, str]]:
    """Yield data of 14 activities from 16 sources."""
    for number in range(first, first + count):
        yield number // 5 + 1, number % 16 + 1, number % 14 + 1, number, f"Skogsvägen {number}, 352 46 Växjö, Sverige"


def fill(store: Store, count: int) -> float:
    """Store so many data and return the seconds it took."""
    with store.write(NOW) as session:
        organisation.apply_profile(session, "itrace")
    began = time.perf_counter()
    with store._writer.begin() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.exec_driver_sql(
            """INSERT INTO subject (id, uid, display_name, sort_key, protection, is_deceased, created_at)
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
            SELECT i, 'u' || i, 'Namn ' || i, 'namn', 'none', 0, '2026-01-01' FROM n""",
            (count // 5 + 1,),
        )
        for first in range(0, count, 50_000):
            connection.exec_driver_sql(INSERT, list(rows(first, min(50_000, count - first))))
    return time.perf_counter() - began


def say(*words: str) -> None:
    """Write a line."""
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


def timed(work: Callable[[], object]) -> str:
    """Return the middle of some rounds in milliseconds, and the longest."""
    times = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return f"{statistics.median(times):9.1f} ms  (longest {max(times):.1f})"


def measure(store: Store, title: str) -> None:
    """Print what each question costs."""

    def ask(question: Callable[..., object], *args: object) -> Callable[[], None]:
        def work() -> None:
            with store.read() as session:
                question(session, *args)

        return work

    everything = list(range(1, 15))
    say(title)
    say("  nothing lacks its ground, by activity ", timed(ask(queries.groundless, [])))
    say("  data without an activity              ", timed(ask(queries.without_activity)))
    say("  one activity of 14 lacks its ground   ", timed(ask(queries.groundless, [3])))
    say("  all of them do                        ", timed(ask(queries.groundless, everything)))
    say("  counts of all activities and sources  ", timed(ask(queries.data_counts)))
    with store.read() as session:
        count = timed(lambda: policy.open_count(session, now=NOW, today=TODAY))
    say("  the overview's number of findings     ", count)


def remove_a_source(store: Store) -> float:
    """Add a source and remove it, and return the seconds the removal took: foreign keys are looked after."""
    with store.write(NOW) as session:
        key = register_parts.save_source(session, None, SourceFacts(name="Ny")).id
    began = time.perf_counter()
    with store.write(NOW) as session:
        register_parts.remove_source(session, key)
    return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else DATA
    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(Path(folder), KEY, user="Eva Lund")
        say(f"{count:,} data stored in {fill(store, count):.1f} s")
        measure(store, "with the index")
        say(f"  removing a source nobody uses: {remove_a_source(store):.2f} s")
        with store.write(NOW) as session:
            session.execute(sa.update(Activity).values(rule_id=None))
            session.execute(sa.delete(RetentionRule).where(RetentionRule.code == "statistics"))
        with store.read() as session:
            say("  findings when all lack an end:", timed(lambda: policy.open_count(session, now=NOW, today=TODAY)))
        with store._writer.begin() as connection:
            connection.exec_driver_sql("DROP INDEX ix_datum_activity_id_source_id")
        measure(store, "without it")
        began = time.perf_counter()
        with store._writer.begin() as connection:
            connection.exec_driver_sql("CREATE INDEX ix_datum_activity_id_source_id ON datum (activity_id, source_id)")
        say(f"making the index for a vault of the older format: {time.perf_counter() - began:.1f} s")
        store.close()


if __name__ == "__main__":
    main()
