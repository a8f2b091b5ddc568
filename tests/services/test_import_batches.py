"""An import in many short transactions: unseen until it is whole, in nobody's way, taken out when it is stopped."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.domain.audit import Action
from app.domain.errors import Cancelled, UserError
from app.domain.importing import Duplicate
from app.services import corrections, import_batch, import_settling, imports, lookup, register_parts
from app.services.corrections import Change
from app.services.imports import Plan
from app.services.register_parts import SOURCE_KINDS, SourceFacts
from db import search_index
from db.models import (
    Conflict,
    Correction,
    Datum,
    Hold,
    ImportBatch,
    Source,
    Subject,
    ValueChange,
)
from db.store import Store
from tests.factories import NOW, TODAY, make_subject
from tests.services.batches import (
    ASA,
    BO,
    CIA,
    LATER,
    MAPPING,
    MOVED,
    contents,
    counted,
    emails,
    go_on,
    load,
    names,
    new_store,
    opened_again,
    register,
)
from tests.services.conftest import audited


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return a vault's database with the default profile."""
    (tmp_path / "valv").mkdir()
    made = new_store(tmp_path / "valv")
    yield made
    made.close()


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every transaction take one row."""
    monkeypatch.setattr(imports, "ROWS_AT_A_TIME", 1)
    monkeypatch.setattr(imports, "ROWS_AT_MOST", 1)


class Middle:
    """Looks at the vault in the middle of an import: after the first of its rows is stored."""

    def __init__(self, store: Store, look: Callable[[], None]) -> None:
        self._store, self._look, self.times = store, look, 0

    def __call__(self, _done: int, _total: int) -> None:
        if self._store._lane._is_taken:
            return
        with self._store._engine.connect() as connection:
            stored = connection.exec_driver_sql(
                "SELECT count(*) FROM datum d JOIN import_batch b ON b.id = d.batch_id WHERE b.state = 'pending'"
            ).scalar()
        if stored and not self.times:
            self.times += 1
            self._look()


def test_nothing_is_seen_before_all_of_it_is_there(store: Store, tmp_path: Path, small_steps: None) -> None:
    load(store, register(tmp_path, ASA))
    before = counted(store)
    seen: list[object] = []

    def look() -> None:
        seen.append(counted(store) == before)
        seen.extend((emails(store), names(store, "Bo Älm"), names(store, "bo@example"), names(store, "asa@ny.example")))
        with store.write(LATER) as session:  # the office sees no more than anybody else
            seen.append(session.scalar(sa.select(sa.func.count()).select_from(Subject)))
            seen.append([hit.name for hit in lookup.search(session, "Bo Älm", today=TODAY)])

    middle = Middle(store, look)
    load(store, register(tmp_path, MOVED, BO, CIA), at=LATER, step=middle)
    assert middle.times == 1
    assert seen == [True, ["asa@gammal.example"], [], [], [], 1, []]
    assert emails(store) == ["asa@ny.example", "bo@example.com", "cia@example.com"]
    assert (names(store, "Bo Älm"), names(store, "asa@ny.example")) == (["Bo Älm"], ["Åsa Öberg"])
    assert names(store, "asa@gammal.example") == ["Åsa Öberg"]  # an old address still finds its owner
    assert not store.is_hiding


def test_without_the_hiding_the_half_would_be_seen(
    store: Store, tmp_path: Path, small_steps: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Store, "hide", lambda self: None)
    seen: list[list[str]] = []
    load(store, register(tmp_path, BO, CIA), step=Middle(store, lambda: seen.append(emails(store))))
    assert seen == [["bo@example.com"]]


def test_it_gives_what_one_transaction_gives(store: Store, tmp_path: Path, small_steps: None) -> None:
    rows = [ASA, BO, CIA, MOVED, ("K-4", "Dag Ö", "", "dag@example.com", "", "Ja")]
    done = load(store, register(tmp_path, *rows))
    in_batches = contents(store)
    (tmp_path / "other").mkdir()
    other = new_store(tmp_path / "other")
    with other.write(NOW) as session:
        plan = Plan(path=register(tmp_path, *rows), source="Kundregister", mapping=MAPPING)
        assert imports.run(session, plan, today=TODAY, step=go_on).imported == done.imported == 4
    whole = contents(other)
    assert {name: whole[name] for name in whole if name != "import_batch"} == {
        name: in_batches[name] for name in in_batches if name != "import_batch"
    }
    with store.read() as session:
        assert session.scalars(sa.select(Hold.kind)).all() == ["dispute"]
    other.close()


def test_somebody_who_saves_does_not_wait_for_the_import(store: Store, tmp_path: Path, small_steps: None) -> None:
    turns: list[str] = []
    asked, saved = threading.Event(), threading.Event()

    def office() -> None:
        asked.wait()
        with store.write(LATER) as session:
            make_subject(session, "Eva")
        turns.append("saved")
        saved.set()

    def step(done: int, _total: int) -> None:
        if done and not asked.is_set():
            asked.set()
            assert saved.wait(30), "the import kept everybody waiting"
            turns.append("went on")

    worker = threading.Thread(target=office)
    worker.start()
    load(store, register(tmp_path, ASA, BO, CIA), step=step, source="Webbutiken")
    worker.join()
    turns.append("done")
    assert turns == ["saved", "went on", "done"]


@pytest.mark.parametrize("is_full", [False, True])
def test_a_stopped_import_leaves_nothing(store: Store, tmp_path: Path, small_steps: None, is_full: bool) -> None:
    if is_full:
        load(store, register(tmp_path, ASA, BO))
    before = contents(store)

    def stop() -> None:
        raise Cancelled

    middle = Middle(store, stop)
    with pytest.raises(Cancelled):
        load(store, register(tmp_path, CIA, MOVED, ("K-2", "Bo Alm", "", "b@example.com", "x", "")), step=middle)
    assert middle.times == 1
    import_settling.finish(store, now=LATER, step=go_on)
    assert contents(store) == before
    assert len(audited(store, Action.IMPORTED)) == int(is_full)


def crashed(store: Store, path: Path) -> Store:
    """Return the store opened again after the program was killed in the middle of an import."""

    class KilledError(BaseException):
        """The program is no more."""

    def die() -> None:
        raise KilledError

    original = import_settling.withdraw
    import_settling.withdraw = lambda *_args: None  # whoever is killed cleans nothing up
    try:
        with pytest.raises(KilledError):
            load(store, path, step=Middle(store, die))
    finally:
        import_settling.withdraw = original
    return opened_again(store)


def test_a_crash_leaves_nothing_that_is_seen(store: Store, tmp_path: Path, small_steps: None) -> None:
    load(store, register(tmp_path, ASA))
    before, seen = contents(store), counted(store)
    again = crashed(store, register(tmp_path, MOVED, BO))
    assert again.is_hiding
    assert contents(again) != before, "nothing was written"
    assert counted(again) == seen
    assert names(again, "Bo Älm") == []
    import_settling.recover(again, now=LATER)
    assert not again.is_hiding
    after = contents(again)
    for found in (after, before):
        found.pop("import_row")  # the next file is compared value by value
    assert after == before
    again.close()


def test_a_second_import_waits_for_the_first(store: Store, tmp_path: Path, small_steps: None) -> None:
    said: list[str] = []

    def other() -> None:
        with pytest.raises(UserError) as caught:
            load(store, register(tmp_path, CIA, name="andra.csv"), source="Annat")
        said.append(caught.value.what)

    load(store, register(tmp_path, ASA, BO), step=Middle(store, other))
    assert said == ["En import pågår redan."]
    assert emails(store) == ["asa@gammal.example", "bo@example.com"]


def test_a_source_made_by_hand_meanwhile_does_not_collide_with_the_import(
    store: Store, tmp_path: Path, small_steps: None
) -> None:
    said: list[str] = []

    def by_hand() -> None:
        facts = SourceFacts(name="Medlemmar", kind=SOURCE_KINDS[0])
        with pytest.raises(UserError) as caught, store.write(LATER) as session:
            register_parts.save_source(session, None, facts)
        said.append(caught.value.what)
        with store.write(LATER) as session:  # another name, and the same code if it were free
            register_parts.save_source(session, None, replace(facts, name="Medlemmar!"))

    load(store, register(tmp_path, ASA, BO), step=Middle(store, by_hand), source="Medlemmar")
    assert said == ["En import som pågår gör en källa med det namnet."]
    with store.read() as session:
        codes = session.scalars(sa.select(Source.code).where(Source.name.startswith("Medlemmar"))).all()
    assert sorted(codes) == ["medlemmar", "medlemmar_2"]


def test_what_is_corrected_meanwhile_stays_and_the_file_is_a_conflict(
    store: Store, tmp_path: Path, small_steps: None
) -> None:
    load(store, register(tmp_path, ASA))

    def correct() -> None:
        with store.write(LATER) as session:
            key = session.scalars(sa.select(Datum.id).where(Datum.field == "email")).one()
            change = Change(datum_id=key, value="asa@ratt.example", reason="Ringde")
            corrections.correct(session, change, today=TODAY)

    done = load(store, register(tmp_path, MOVED, BO), at=LATER, step=Middle(store, correct))
    assert done.conflicts == 1
    assert emails(store) == ["asa@ratt.example", "bo@example.com"]
    with store.read() as session:
        assert session.scalars(sa.select(Conflict.value)).all() == ["asa@ny.example"]


def test_what_is_corrected_before_the_value_takes_its_place_keeps_its_correction(store: Store, tmp_path: Path) -> None:
    load(store, register(tmp_path, ASA))
    original = import_batch.put_away
    times: list[int] = []

    def put_away(session: object, batch: ImportBatch) -> bool:
        if not times:
            times.append(1)
            key = session.scalars(sa.select(Datum.id).where(Datum.batch_id == batch.id, Datum.field == "email")).one()  # type: ignore[attr-defined]
            change = Change(datum_id=key, value="asa@ratt.example", reason="Ringde")
            corrections.correct(session, change, today=TODAY)  # type: ignore[arg-type]
        return original(session, batch)  # type: ignore[arg-type]

    import_batch.put_away = put_away  # type: ignore[assignment]
    try:
        load(store, register(tmp_path, MOVED), at=LATER)
    finally:
        import_batch.put_away = original
    assert emails(store) == ["asa@ratt.example"]
    with store.read() as session:
        fix = session.scalars(sa.select(Correction)).one()
        assert (fix.old_value, fix.new_value) == ("asa@ny.example", "asa@ratt.example")
        assert session.get_one(Datum, fix.datum_id).value == "asa@ratt.example"
        assert [row.old_value for row in session.scalars(sa.select(ValueChange))] == ["asa@gammal.example"]


def test_what_is_erased_before_the_value_takes_its_place_does_not_come_back(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(store, register(tmp_path, ASA))
    original, seen = import_settling.finish, []

    def finish(*given: Any, **named: Any) -> None:
        if store.is_hiding:
            with store.write(LATER) as session:  # the office sees the new value only
                for datum in session.scalars(sa.select(Datum).where(Datum.field == "email")).all():
                    seen.append(datum.value)
                    session.delete(datum)
        original(*given, **named)

    monkeypatch.setattr(import_settling, "finish", finish)
    load(store, register(tmp_path, MOVED), at=LATER)
    assert seen == ["asa@ny.example"]
    assert emails(store) == []
    assert not store.is_hiding


@pytest.mark.parametrize(
    ("choice", "people", "counts"),
    [(Duplicate.UPDATE, 1, (1, 0)), (Duplicate.SKIP, 1, (1, 1)), (Duplicate.NEW, 2, (1, 0))],
)
def test_somebody_another_source_gave_is_met_as_chosen(
    store: Store, tmp_path: Path, choice: Duplicate, people: int, counts: tuple[int, int]
) -> None:
    load(store, register(tmp_path, ASA))
    done = load(store, register(tmp_path, MOVED, name="f.csv"), source="Fakturering", duplicates=choice)
    assert (done.duplicates, done.skipped) == counts
    with store.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Subject)) == people


def index_pages(store: Store) -> bytes:
    """Return the pages of the name index as they are."""
    with store._engine.connect() as connection:
        return b"".join(row[0] for row in connection.exec_driver_sql("SELECT block FROM subject_fts_data ORDER BY id"))


def test_a_word_that_is_replaced_is_gone_from_the_name_index(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "orter.csv"

    def lives_in(city: str) -> None:
        path.write_text(f"Kundnr;Namn;Ort\nK-1;Åsa Öberg;{city}\n", encoding="utf-8")
        plan = Plan(path=path, source="Kundregister", mapping=("customer_no", "name", "city"))
        imports.run_in_batches(store, plan, now=NOW, today=TODAY, step=go_on)

    lives_in("Zettervik")
    assert b"zettervik" in index_pages(store)
    monkeypatch.setattr(search_index, "tidy", lambda _connection: True)
    lives_in("Uppsala")
    assert names(store, "zettervik") == []
    assert b"zettervik" in index_pages(store), "nothing had to be tidied"
    monkeypatch.undo()
    lives_in("Knivsta")
    assert b"zettervik" not in index_pages(store)
    assert names(store, "knivsta") == ["Åsa Öberg"]


def test_what_an_import_writes_for_the_search_is_what_reading_it_back_gives(
    store: Store, tmp_path: Path, small_steps: None
) -> None:
    load(store, register(tmp_path, ASA, BO))
    load(store, register(tmp_path, MOVED, ("K-2", "Bo Alm", "", "b@example.com", "", ""), CIA), at=LATER)
    before = contents(store)
    with store.write(LATER) as session:
        session.execute(sa.text("INSERT OR IGNORE INTO search_stale (subject_id) SELECT id FROM subject"))
    assert contents(store) == before
    assert before["search_person"]
