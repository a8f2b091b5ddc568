"""The store's file gets another key while the store is open, and nobody reads or writes meanwhile."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlcipher3 import dbapi2 as sqlcipher

from app.domain.errors import ExitCode, UserError
from db import engine, rekey
from db.models import Setting
from db.store import FILE, Store
from tests.db.test_store import KEY, keys, put


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.create(tmp_path, KEY, user="Eva Lund")
    yield made
    made.close()


def test_the_whole_file_gets_another_key_and_the_store_goes_on(tmp_path: Path, store: Store) -> None:
    put(store, "controller", name="Storgatan fjorton")
    store.change_key(bytes(32))
    put(store, "officer", name="Eva")
    assert keys(store) == ["controller", "officer"]
    assert rekey.has_key(tmp_path / FILE, bytes(32))
    assert not rekey.has_key(tmp_path / FILE, KEY)
    with pytest.raises(UserError, match="saknas"):
        rekey.has_key(tmp_path / "annan.db", KEY)


def test_the_key_stays_while_somebody_reads_or_writes(tmp_path: Path, store: Store) -> None:
    put(store, "controller", name="Storgatan fjorton")
    store._gate.patience_s = 0.01
    with store.read() as session:
        session.scalar(sa.select(Setting.key))
        for act in (store.wait_until_idle, lambda: store.change_key(bytes(32))):
            with pytest.raises(UserError) as caught:
                act()
            assert caught.value.code is ExitCode.IN_USE
    store.wait_until_idle()
    assert keys(store) == ["controller"]
    assert rekey.has_key(tmp_path / FILE, KEY)


def test_nobody_gets_in_while_the_key_is_changed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    honest, refused = rekey.change, []
    store._gate.longest_s = 0.01

    def change(path: Path, old: bytes, new: bytes) -> None:
        for _time in range(2):
            try:
                keys(store)
            except UserError as error:
                refused.append(error.code)
        honest(path, old, new)

    monkeypatch.setattr(rekey, "change", change)
    store.change_key(bytes(32))
    assert refused == [ExitCode.IN_USE] * 2
    assert keys(store) == []


def test_whoever_comes_while_the_key_is_changed_waits_and_whoever_reads_is_waited_for(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, "controller", name="Storgatan fjorton")
    honest, reading, let_go = rekey.change, threading.Event(), threading.Event()
    found: list[list[str]] = []

    def read_first() -> None:
        with store.read() as session:
            reading.set()
            let_go.wait(10)
            found.append(list(session.scalars(sa.select(Setting.key))))

    later = threading.Thread(target=lambda: found.append(keys(store)))

    def change(path: Path, old: bytes, new: bytes) -> None:
        later.start()
        assert found == [["controller"]]
        honest(path, old, new)

    monkeypatch.setattr(rekey, "change", change)
    first = threading.Thread(target=read_first)
    first.start()
    assert reading.wait(10)
    threading.Timer(0.05, let_go.set).start()
    store.change_key(bytes(32))
    first.join(10)
    later.join(10)
    assert found == [["controller"], ["controller"]]


def test_a_connection_past_the_door_is_refused_too(tmp_path: Path, store: Store) -> None:
    with store._engine.connect(), pytest.raises(UserError) as caught:
        store.change_key(bytes(32))
    assert caught.value.code is ExitCode.IN_USE
    assert rekey.has_key(tmp_path / FILE, KEY)


def test_a_connection_that_was_lying_ready_is_not_handed_out_either(store: Store) -> None:
    assert keys(store) == []
    kept, store._key = store._key, None
    with pytest.raises(UserError) as caught:
        keys(store)
    assert caught.value.code is ExitCode.IN_USE
    with pytest.raises(UserError):
        store.change_key(bytes(32))
    store._engine.dispose()  # nor is a new one made
    with pytest.raises(UserError):
        keys(store)
    store._key = kept
    assert keys(store) == []


def test_a_disk_that_refuses_leaves_the_old_key(tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store, "controller", name="Storgatan fjorton")

    class Refusing:
        def __init__(self, honest: Any) -> None:
            self.honest = honest

        def execute(self, text: str) -> Any:
            if "rekey" in text:
                raise sqlcipher.OperationalError("database or disk is full")
            return self.honest.execute(text)

        def close(self) -> None:
            self.honest.close()

    monkeypatch.setattr(rekey, "connect", lambda path, key: Refusing(engine.connect(path, key)))
    with pytest.raises(UserError) as caught:
        store.change_key(bytes(32))
    assert caught.value.code is ExitCode.DISK
    assert keys(store) == ["controller"]


def test_a_file_that_cannot_be_read_is_not_taken_for_one_with_another_key(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path, _key: bytes) -> None:
        raise engine.database_error(sqlcipher.OperationalError("unable to open database file"))

    monkeypatch.setattr(rekey, "connect", refuse)
    with pytest.raises(UserError) as caught:
        rekey.has_key(tmp_path / FILE, KEY)
    assert caught.value.code is ExitCode.DISK
