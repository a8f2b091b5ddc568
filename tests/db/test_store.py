"""The store: encryption, one writer, whole transactions, news after the commit."""

import datetime as dt
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlcipher3 import dbapi2 as sqlcipher

from app.domain.audit import Action
from app.domain.errors import Cancelled, ExitCode, UserError
from app.domain.roles import Role
from app.services import audit
from db import engine
from db.base import Base, UtcDateTime
from db.models import AuditEntry, Setting
from db.queries.search import driver
from db.store import FILE, Store, announce, leave_no_trace

KEY = bytes(range(32))
NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.create(tmp_path, KEY, user="Eva Lund")
    yield made
    made.close()


def put(store: Store, key: str, **value: object) -> None:
    with store.write(NOW) as session:
        session.add(Setting(key=key, value=value))


def keys(store: Store) -> list[str]:
    with store.read() as session:
        return list(session.scalars(sa.select(Setting.key).order_by(Setting.key)))


def test_nothing_in_the_files_is_readable(tmp_path: Path, store: Store) -> None:
    put(store, "controller", name="Storgatan fjorton")
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert b"Storgatan" not in raw
    assert b"SQLite format 3" not in raw


def test_a_library_that_cannot_encrypt_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        engine.connect(tmp_path / "plain.db", KEY, create=True, driver=sqlite3)

    assert "SQLCipher" in caught.value.what


def test_every_connection_has_the_safe_settings(store: Store) -> None:
    wanted = {
        "foreign_keys": 1,
        "secure_delete": 1,
        "temp_store": 2,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "synchronous": 2,
        "journal_mode": "wal",
    }
    with store.read() as session:
        assert {name: session.scalar(sa.text(f"PRAGMA {name}")) for name in wanted} == wanted


def test_another_key_does_not_open_it(tmp_path: Path, store: Store) -> None:
    with pytest.raises(UserError) as caught:
        Store.open(tmp_path, bytes(32), user="")

    assert caught.value.code is ExitCode.DAMAGED


def test_a_missing_file_is_said_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        Store.open(tmp_path, KEY, user="")

    assert "saknas" in caught.value.what
    assert not (tmp_path / FILE).exists()


def test_a_newer_format_is_refused_and_left_untouched(tmp_path: Path, store: Store) -> None:
    with store.write(NOW) as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    before = (tmp_path / FILE).read_bytes()

    with pytest.raises(UserError) as caught:
        Store.open(tmp_path, KEY, user="")

    assert caught.value.code is ExitCode.NEWER_VERSION
    assert (tmp_path / FILE).read_bytes() == before


def test_an_error_rolls_the_whole_transaction_back(store: Store) -> None:
    with pytest.raises(Cancelled), store.write(NOW) as session:  # noqa: PT012
        session.add(Setting(key="a", value={}))
        session.flush()
        raise Cancelled

    assert keys(store) == []


def test_a_trial_shows_what_would_happen_and_keeps_nothing(store: Store) -> None:
    heard: list[frozenset[str]] = []
    store.on_change(heard.append)
    with store.write(NOW, is_trial=True) as session:
        session.add(Setting(key="a", value={}))
        session.flush()
        assert session.get(Setting, "a") is not None

    assert keys(store) == []
    assert heard == []


def test_news_come_after_the_commit_and_name_what_changed(store: Store) -> None:
    heard: list[tuple[frozenset[str], list[str]]] = []
    store.on_change(lambda names: heard.append((names, keys(store))))
    with store.write(NOW) as session:
        session.add(Setting(key="a", value={}))
        session.flush()
        session.execute(sa.update(Setting).values(value={"b": 1}))
        announce(session, "Datum")

    assert heard == [(frozenset({"Setting", "Datum"}), ["a"])]


def test_a_failed_write_tells_no_news(store: Store) -> None:
    heard: list[frozenset[str]] = []
    store.on_change(heard.append)
    with pytest.raises(Cancelled), store.write(NOW) as session:  # noqa: PT012
        session.add(Setting(key="a", value={}))
        session.flush()
        raise Cancelled

    assert heard == []


def test_reading_goes_on_while_somebody_writes(store: Store) -> None:
    put(store, "a")
    with store.write(NOW) as session:
        session.add(Setting(key="b", value={}))
        session.flush()
        assert keys(store) == ["a"]
    assert keys(store) == ["a", "b"]


def test_writers_wait_for_each_other(store: Store) -> None:
    threads = [threading.Thread(target=put, args=(store, f"k{number:02d}")) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(keys(store)) == 12


def test_after_an_erasure_the_log_is_empty(tmp_path: Path, store: Store) -> None:
    log = tmp_path / (FILE + "-wal")
    put(store, "a")
    assert log.stat().st_size > 0
    with store.write(NOW) as session:
        session.execute(sa.delete(Setting))
        leave_no_trace(session)

    assert log.stat().st_size == 0


def test_a_sound_file_passes_and_a_damaged_page_is_found(tmp_path: Path, store: Store) -> None:
    for number in range(200):
        put(store, f"k{number}", text="x" * 200)
    assert store.check() == ""
    store.close()
    raw = bytearray((tmp_path / FILE).read_bytes())
    raw[len(raw) // 2] ^= 1
    (tmp_path / FILE).write_bytes(raw)

    with pytest.raises(UserError) as caught:  # noqa: PT012 - the damage may show at opening or at the check
        damaged = Store.open(tmp_path, KEY, user="")
        fault = damaged.check()
        damaged.close()
        raise UserError(fault, stands="", do="", code=ExitCode.DAMAGED) if fault else AssertionError
    assert caught.value.code is ExitCode.DAMAGED


def test_the_trail_cannot_be_changed_or_shortened(store: Store) -> None:
    with store.write(NOW) as session:
        audit.record(session, Action.VAULT_OPENED)

    for statement in (sa.update(AuditEntry).values(user="någon annan"), sa.delete(AuditEntry)):
        with pytest.raises(sa.exc.IntegrityError), store.write(NOW) as session:
            session.execute(statement)


def test_a_full_disk_is_said_with_what_to_do(store: Store) -> None:
    with store.write(NOW) as session:
        pages = session.scalar(sa.text("PRAGMA page_count"))
    with pytest.raises(UserError) as caught, store.write(NOW) as session:  # noqa: PT012
        session.execute(sa.text(f"PRAGMA max_page_count = {pages}"))
        for number in range(200):
            session.add(Setting(key=f"k{number}", value={"text": "x" * 4000}))
            session.flush()

    assert caught.value.code is ExitCode.DISK
    assert caught.value.stands
    assert caught.value.do
    assert keys(store) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("database or disk is full", ExitCode.DISK),
        ("disk I/O error", ExitCode.DISK),
        ("attempt to write a readonly database", ExitCode.DISK),
        ("database is locked", ExitCode.IN_USE),
        ("database disk image is malformed", ExitCode.DAMAGED),
    ],
)
def test_each_error_of_the_world_has_its_words(text: str, code: ExitCode) -> None:
    error = engine.database_error(sqlite3.OperationalError(text))

    assert error.code is code
    assert text not in error.what


def test_the_first_format_is_the_models(store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    def ours(_object: object, name: str | None, kind: str, *_rest: object) -> bool:
        return not (kind == "table" and name is not None and ("_fts" in name or name == "subject_vocabulary"))

    with store._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": False})
        assert compare_metadata(context, Base.metadata) == []


def test_times_are_stored_in_utc_and_come_back_aware(store: Store) -> None:
    stockholm = dt.timezone(dt.timedelta(hours=2))
    column = UtcDateTime()

    assert column.process_bind_param(dt.datetime(2026, 7, 1, 12, tzinfo=stockholm), None) == dt.datetime(2026, 7, 1, 10)  # type: ignore[arg-type] # noqa: DTZ001
    assert column.process_result_value(dt.datetime(2026, 7, 1, 10), None) == dt.datetime(2026, 7, 1, 10, tzinfo=dt.UTC)  # type: ignore[arg-type] # noqa: DTZ001
    with pytest.raises(ValueError, match="naive"):
        column.process_bind_param(dt.datetime(2026, 7, 1), None)  # type: ignore[arg-type] # noqa: DTZ001


def test_a_copy_is_whole_and_needs_its_own_key(tmp_path: Path, store: Store) -> None:
    put(store, "a")
    other = bytes(reversed(range(32)))
    seen: list[tuple[int, int]] = []
    target = tmp_path / "copy"
    target.mkdir()
    store.copy_to(target / FILE, other, step=lambda done, total: seen.append((done, total)))

    copy = Store.open(target, other, user="")
    assert keys(copy) == ["a"]
    copy.close()
    assert seen[-1][0] == seen[-1][1]
    with pytest.raises(UserError):
        Store.open(target, KEY, user="")


def test_a_damaged_page_met_while_reading_is_said(tmp_path: Path, store: Store) -> None:
    for number in range(200):
        put(store, f"k{number}", text="x" * 200)
    store.close()
    raw = bytearray((tmp_path / FILE).read_bytes())
    raw[4096 * 5 :] = bytes(len(raw) - 4096 * 5)
    damaged = Store.open(tmp_path, KEY, user="")
    (tmp_path / FILE).write_bytes(raw)

    with pytest.raises(UserError) as caught, damaged.read() as session:  # noqa: PT012
        session.execute(sa.text("PRAGMA cache_size = 1"))
        session.execute(sa.text("SELECT group_concat(value) FROM setting")).all()
    assert caught.value.code is ExitCode.DAMAGED
    with pytest.raises(UserError) as caught, damaged.read() as session, driver(session) as cursor:
        cursor.execute("SELECT group_concat(value) FROM setting").fetchall()
    assert caught.value.code is ExitCode.DAMAGED
    damaged.close()


def test_a_mistake_of_ours_is_not_called_a_full_disk(store: Store) -> None:
    with pytest.raises(sa.exc.OperationalError, match="no such table"), store.read() as session:
        session.execute(sa.text("SELECT * FROM finns_inte"))


def test_a_disk_that_fills_up_while_copying_is_said(tmp_path: Path, store: Store) -> None:
    def full(_done: int, _total: int) -> None:
        raise sqlcipher.OperationalError("database or disk is full")

    with pytest.raises(UserError) as caught:
        store.copy_to(tmp_path / "copy.db", KEY, step=full)
    assert caught.value.code is ExitCode.DISK


def test_a_session_knows_what_whoever_is_at_work_may_do(store: Store) -> None:
    assert store.role is Role.OFFICER
    store.role = Role.REVIEWER
    with store.read() as reading, store.write(NOW) as writing:
        assert reading.info["role"] is writing.info["role"] is Role.REVIEWER
