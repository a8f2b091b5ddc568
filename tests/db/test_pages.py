"""What stands in a database file's pages, used or free, whatever SQL says."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.domain.errors import ExitCode, UserError
from db import pages
from db.models import Setting
from db.store import Store
from tests.db.test_store import KEY, NOW

WORDS = {b"Zettervik": 1, "Åsbyholm".encode(): 2, b"nowhere": 3}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.create(tmp_path, KEY, user="")
    yield made
    made.close()


def nothing(_done: int, _total: int) -> None:
    """Go on."""


def put(store: Store) -> None:
    with store.write(NOW) as session:
        session.add(Setting(key="a", value={"text": "Zettervik " * 4000 + "Åsbyholm"}))


def test_words_are_found_in_pages_and_nowhere_in_the_raw_file(store: Store) -> None:
    with store.write(NOW) as session:
        session.add(Setting(key="ö", value=["Zettervik"]))
        session.add(Setting(key="Åsbyholm", value=[]))

    assert store.stand_in_pages(WORDS, step=nothing) == {1, 2}
    assert b"Zettervik" not in store.path.read_bytes()


def test_the_first_page_is_read_too(store: Store) -> None:
    assert store.stand_in_pages({b"CREATE TABLE": 1}, step=nothing) == {1}
    first = next(pages.decrypted(store.path, KEY))
    assert len(first) % pages._BODY == pages._BODY - pages._SALT


def test_what_was_deleted_without_care_is_found_until_the_file_is_written_anew(store: Store) -> None:
    put(store)
    with store._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")
        connection.execute(sa.delete(Setting))
        connection.commit()

    assert 1 in store.stand_in_pages(WORDS, step=nothing), "the control: a careless deletion leaves it"
    store.vacuum()
    assert store.stand_in_pages(WORDS, step=nothing) == set()


def test_what_was_deleted_with_care_is_not_found(store: Store) -> None:
    put(store)
    with store.write(NOW) as session:
        session.delete(session.get_one(Setting, "a"))

    assert store.stand_in_pages(WORDS, step=nothing) == set()


def test_it_tells_how_far_it_has_come_and_can_be_stopped(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "AT_ONCE", 8)
    put(store)
    seen: list[tuple[int, int]] = []
    store.stand_in_pages(WORDS, step=lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1] > 16
    assert [done for done, _total in seen] == sorted({done for done, _total in seen})

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.stand_in_pages(WORDS, step=stop)


def test_a_disk_that_refuses_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object) -> None:
        raise OSError(5, "broken")

    monkeypatch.setattr(pages, "found", refuse)
    with pytest.raises(UserError) as caught:
        store.stand_in_pages(WORDS, step=nothing)
    assert caught.value.code is ExitCode.DISK
