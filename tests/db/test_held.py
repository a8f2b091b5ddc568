"""The reader that stays in one snapshot while an import is written: what it may miss, and what it must not."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from db.models import Setting
from db.store import MOST_LOG_PAGES, SAVES_MISSED, Store, announce
from tests.db.test_store import KEY, NOW, keys, put


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.create(tmp_path, KEY, user="Eva Lund")
    made.hide()
    yield made
    made.close()


def seen(store: Store) -> list[str]:
    with store.read(may_be_old=True) as session:
        return list(session.scalars(sa.select(Setting.key).order_by(Setting.key)))


def write_unseen(store: Store, number: int = 0) -> None:
    """Write as an import does: the driver itself, and nobody is told."""
    with store.write(NOW, is_bulk=True) as session:
        session.connection().exec_driver_sql("INSERT INTO search_stale (subject_id) VALUES (?)", (1000 + number,))


def log_pages(store: Store) -> tuple[int, int]:
    """Return how many pages the log has, and how many of them are in the file, after folding what can be."""
    with store._bulk.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        _busy, pages, folded = driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return pages, folded


def test_it_stays_in_its_snapshot_while_an_import_writes(store: Store) -> None:
    seen(store)
    write_unseen(store)
    pages, folded = log_pages(store)

    assert folded < pages  # what came after the snapshot cannot be folded in: the cache is as good as it was


def test_who_may_not_miss_anything_sees_every_save(store: Store) -> None:
    seen(store)
    put(store, "a")

    assert keys(store) == ["a"]


def test_it_misses_a_few_saves_at_most(store: Store) -> None:
    seen(store)
    put(store, "a")
    missed = seen(store)
    for number in range(SAVES_MISSED):
        put(store, f"b{number}")

    assert missed == []
    assert len(seen(store)) >= SAVES_MISSED


def test_a_change_of_people_is_seen_at_once(store: Store) -> None:
    seen(store)
    with store.write(NOW) as session:
        session.add(Setting(key="a", value={}))
        announce(session, "Subject")

    assert seen(store) == ["a"]


def test_without_an_import_nothing_is_missed(store: Store) -> None:
    seen(store)
    assert not store.look_for_hidden()
    put(store, "a")

    assert seen(store) == ["a"]
    assert log_pages(store)[0] == log_pages(store)[1]


def test_an_erasure_empties_the_log_although_somebody_has_read(store: Store, tmp_path: Path) -> None:
    put(store, "a")
    seen(store)
    store._truncate_log()

    assert (tmp_path / "data.db-wal").stat().st_size == 0


def test_a_long_log_is_not_kept_for_its_sake(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_LOG_PAGES > 1_000
    monkeypatch.setattr("db.store.MOST_LOG_PAGES", 1)
    longest = []
    for number in range(40):
        seen(store)  # somebody always reads, and never in the newest state
        write_unseen(store, number)
        longest.append((tmp_path / "data.db-wal").stat().st_size)
    half = len(longest) // 2

    assert max(longest[half:]) <= max(longest[:half])


def test_an_import_lets_a_search_pass_and_waits_for_nobody_else(store: Store) -> None:
    is_reading, is_enough, passed = threading.Event(), threading.Event(), threading.Event()

    def look() -> None:
        with store.read(may_be_old=True) as session:
            session.scalar(sa.select(Setting.key))
            is_reading.set()
            is_enough.wait(20)

    def write() -> None:
        store._held.pass_by(20)
        passed.set()

    reader, writer = threading.Thread(target=look), threading.Thread(target=write)
    reader.start()
    assert is_reading.wait(20)
    writer.start()
    assert not passed.wait(0.05)
    is_enough.set()
    reader.join()
    writer.join()

    assert passed.is_set()
    store.let_searches_pass()  # nobody reads: no wait


def test_an_import_does_not_stand_still_for_a_search_while_somebody_waits_to_save(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.store.LONGEST_SEARCH_S", 60)
    saved = threading.Event()

    def save() -> None:
        put(store, "a")
        saved.set()

    with store.read(may_be_old=True), store.write(NOW, is_bulk=True):
        saver = threading.Thread(target=save)
        saver.start()
        while not store.is_wanted:
            assert saver.is_alive()
        store.let_searches_pass()
        assert not saved.is_set()
    saver.join()

    assert keys(store) == ["a"]


def test_two_read_at_once(store: Store) -> None:
    put(store, "a")
    both = threading.Barrier(2, timeout=20)
    found: list[list[str]] = []

    def look() -> None:
        with store.read(may_be_old=True) as session:
            both.wait()
            found.append(list(session.scalars(sa.select(Setting.key))))

    readers = [threading.Thread(target=look) for _number in range(2)]
    for one in readers:
        one.start()
    for one in readers:
        one.join()

    assert found == [["a"], ["a"]]


def test_after_a_failure_a_new_snapshot_is_taken(store: Store) -> None:
    seen(store)
    put(store, "a")
    with pytest.raises(sa.exc.OperationalError), store.read(may_be_old=True) as session:
        session.execute(sa.text("SELECT nothing FROM nowhere"))

    assert seen(store) == ["a"]
