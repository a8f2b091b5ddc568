"""The difference of a source's new file, and imports that are taken back."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.domain.audit import Action
from app.domain.errors import UserError
from app.domain.importing import Gone
from app.domain.subjects import HoldKind
from app.services import corrections, import_settling, imports, retention
from app.services.corrections import Change
from app.services.imports import Imported, Plan
from db.models import (
    Datum,
    Source,
    SourceAbsence,
    Subject,
)
from db.queries import ledger as ledger_queries
from db.queries import lookup as lookup_queries
from db.queries import overview
from db.store import Store
from tests.factories import TODAY
from tests.services.batches import (
    ASA,
    BO,
    CIA,
    LATER,
    MAPPING,
    MOVED,
    contents,
    emails,
    go_on,
    load,
    names,
    new_store,
    opened_again,
    register,
    undone,
)
from tests.services.conftest import audited


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return a vault's database with the default profile."""
    (tmp_path / "valv").mkdir()
    made = new_store(tmp_path / "valv")
    yield made
    made.close()


def counts_as_imported(store: Store, name: str) -> tuple[bool, bool, bool]:
    """Return whether a look-up finds the source searchable, the list of sources has a day for it, and the overview an import."""
    with store.read() as session:
        source = session.scalars(sa.select(Source).where(Source.name == name)).one()
        last = next(row.last_import for row in lookup_queries.overview(session) if row.name == name)
        return source.id in ledger_queries.with_data(session), last is not None, overview.has_import(session)


class TestDifference:
    """The source's new file against what it said last."""

    @pytest.fixture
    def first(self, store: Store, tmp_path: Path) -> Imported:
        return load(store, register(tmp_path, ASA, BO))

    def test_new_changed_and_gone_are_counted_and_shown(self, store: Store, tmp_path: Path, first: Imported) -> None:
        plan = Plan(path=register(tmp_path, MOVED, CIA), source="Kundregister", mapping=MAPPING)
        with store.read() as session:
            session.info["now"] = LATER
            tried = imports.trial(session, plan, today=TODAY, step=go_on)
        done = load(store, plan.path, at=LATER)
        for found in (tried, done):
            assert (found.imported, found.updated, found.unchanged, found.gone) == (1, 1, 0, 1)
            assert [one.name for one in found.new] == ["Cia Ek"]
            changes = [(c.field, c.before, c.after) for one in found.changed for c in one.changes]
            assert changes == [("email", "asa@gammal.example", "asa@ny.example")]
            assert [one.name for one in found.absent] == ["Bo Älm"]
        assert first.imported == 2

    def test_the_same_file_again_says_nothing_new(self, store: Store, tmp_path: Path, first: Imported) -> None:
        before = contents(store)
        again = load(store, register(tmp_path, ASA, BO), at=LATER)
        assert (again.imported, again.updated, again.unchanged, again.gone) == (0, 0, 2, 0)
        after = contents(store)
        assert {name: after[name] for name in after if name != "import_batch"} == {
            name: before[name] for name in before if name != "import_batch"
        }
        assert first.batch_id != again.batch_id

    def test_the_gone_are_marked_and_come_back(self, store: Store, tmp_path: Path, first: Imported) -> None:
        load(store, register(tmp_path, ASA), at=LATER, gone=Gone.MARK)
        with store.read() as session:
            row = session.scalars(sa.select(SourceAbsence)).one()
            assert (session.get_one(Subject, row.subject_id).display_name, row.choice) == ("Bo Älm", Gone.MARK)
            assert row.returned_batch_id is None
        back = load(store, register(tmp_path, ASA, BO), at=LATER)
        with store.read() as session:
            assert session.scalars(sa.select(SourceAbsence.returned_batch_id)).one() == back.batch_id
        assert first.gone == 0


class TestUndo:
    """An import that is taken back."""

    def test_it_is_as_it_was_before(self, store: Store, tmp_path: Path) -> None:
        load(store, register(tmp_path, ASA, BO))
        before = contents(store)
        done = load(store, register(tmp_path, MOVED, CIA), at=LATER, gone=Gone.MARK)
        assert contents(store) != before
        undone(store, done.batch_id)
        after = contents(store)
        batches = after.pop("import_batch")
        before.pop("import_batch")
        forgotten = after.pop("import_row"), before.pop("import_row")  # compared value by value next time
        assert after == before
        assert len(forgotten[0]) == len(forgotten[1])
        assert len(batches) == 2
        assert audited(store, Action.IMPORT_UNDONE)
        assert (names(store, "Cia Ek"), names(store, "asa@gammal.example")) == ([], ["Åsa Öberg"])
        again = load(store, register(tmp_path, MOVED, CIA), at=LATER)
        assert (again.imported, again.updated) == (1, 1)

    def test_a_source_that_it_made_is_empty_and_can_be_filled_again(self, store: Store, tmp_path: Path) -> None:
        done = load(store, register(tmp_path, ASA, BO))
        undone(store, done.batch_id)
        assert emails(store) == []
        assert load(store, register(tmp_path, ASA, BO), at=LATER).imported == 2

    def test_a_source_whose_only_import_is_taken_back_counts_as_never_imported(
        self, store: Store, tmp_path: Path
    ) -> None:
        done = load(store, register(tmp_path, ASA))
        assert counts_as_imported(store, "Kundregister") == (True, True, True)
        undone(store, done.batch_id)
        assert counts_as_imported(store, "Kundregister") == (False, False, False)

    def test_an_older_one_waits_for_the_later(self, store: Store, tmp_path: Path) -> None:
        first = load(store, register(tmp_path, ASA))
        second = load(store, register(tmp_path, MOVED), at=LATER)
        with pytest.raises(UserError, match="igen efteråt"):
            undone(store, first.batch_id)
        undone(store, second.batch_id)
        undone(store, first.batch_id)
        with pytest.raises(UserError, match="redan ångrad"):
            undone(store, first.batch_id)
        assert emails(store) == []
        assert not store.is_hiding

    @pytest.mark.parametrize("act", ["correct", "hold", "other source"])
    def test_what_somebody_built_on_is_kept(self, store: Store, tmp_path: Path, act: str) -> None:
        done = load(store, register(tmp_path, ASA, BO))
        with store.write(LATER) as session:
            key = session.scalars(sa.select(Subject.id).order_by(Subject.id)).first() or 0
            datum = session.scalars(sa.select(Datum.id).where(Datum.subject_id == key, Datum.field == "email")).one()
            if act == "correct":
                corrections.correct(session, Change(datum_id=datum, value="a@b.example", reason="x"), today=TODAY)
            elif act == "hold":
                retention.set_hold(
                    session, key, kind=HoldKind.INVESTIGATION, reason="x", review_on=dt.date(2027, 1, 15), today=TODAY
                )
        if act == "other source":
            load(store, register(tmp_path, ASA), source="Fakturering")
        before = contents(store)
        with pytest.raises(UserError, match="1 person från importen") as caught:
            undone(store, done.batch_id)
        assert caught.value.do
        assert contents(store) == before

    def test_one_that_was_cut_off_goes_on_at_the_next_opening(
        self, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        load(store, register(tmp_path, ASA))
        done = load(store, register(tmp_path, MOVED, BO), at=LATER)
        monkeypatch.setattr(import_settling, "finish", lambda *_args, **_kept: None)
        undone(store, done.batch_id)
        monkeypatch.undo()
        assert emails(store) == ["asa@ny.example", "bo@example.com"]  # decided, and not done yet
        again = opened_again(store)
        import_settling.recover(again, now=LATER)
        assert emails(again) == ["asa@gammal.example"]
        assert not again.is_hiding
        again.close()


@pytest.mark.parametrize(
    ("other", "people"),
    [("K-1;Öberg, Åsa;asa.o@example.com", 1), ("K-1;Bo Ek;bo@example.com", 2), ("K-1;;x@example.com", 1)],
)
def test_a_customer_number_of_another_source_needs_a_name_that_does_not_speak_against_it(
    store: Store, tmp_path: Path, other: str, people: int
) -> None:
    load(store, register(tmp_path, ASA))
    path = tmp_path / "faktura.csv"
    path.write_text(f"Kundnr;Namn;E-post\n{other}\n", encoding="utf-8")
    plan = Plan(path=path, source="Fakturering", mapping=("customer_no", "name", "email"))
    imports.run_in_batches(store, plan, now=LATER, today=TODAY, step=go_on)
    with store.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Subject)) == people
