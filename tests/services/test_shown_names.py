"""The name a record is shown by, when a source changes it, an officer corrects it, and an import is taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.domain.names import sort_key
from app.i18n import language_as
from app.services import corrections, imports, merging
from app.services.corrections import Change
from app.services.imports import Imported, Plan
from db.models import Datum, Subject
from db.store import Store
from tests.factories import NOW, TODAY
from tests.services.batches import LATER, go_on, names, new_store, undone

MAPPING = ("customer_no", "first_name", "last_name", "personnummer")
ASA = "K-1;Åsa;Öberg;196408233234"
EK = "K-1;Åsa;Ek;196408233234"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = new_store(tmp_path)
    yield made
    made.close()


def load(store: Store, folder: Path, row: str, *, source: str = "Kundregister") -> Imported:
    path = folder / "kunder.csv"
    path.write_text(f"Kundnr;Förnamn;Efternamn;Personnummer\n{row}\n", encoding="utf-8")
    plan = Plan(path=path, source=source, mapping=MAPPING)
    return imports.run_in_batches(store, plan, now=LATER, today=TODAY, step=go_on)


def shown(store: Store) -> list[tuple[str, str]]:
    with store.read() as session:
        rows = session.execute(sa.select(Subject.display_name, Subject.sort_key))
        return [(row.display_name, row.sort_key) for row in rows]


def called(name: str) -> list[tuple[str, str]]:
    return [(name, sort_key(name))]


def correct(store: Store, field: str, value: str) -> None:
    with store.write(LATER) as session:
        key = session.scalars(sa.select(Datum.id).where(Datum.field == field)).one()
        corrections.correct(session, Change(datum_id=key, value=value, reason="Ringde"), today=TODAY)


def test_it_follows_the_source_and_goes_back_when_the_import_is_taken_back(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, ASA)
    done = load(store, tmp_path, EK)
    assert shown(store) == called("Åsa Ek")
    assert names(store, "åsa ek") == ["Åsa Ek"]

    undone(store, done.batch_id)
    assert shown(store) == called("Åsa Öberg")
    assert names(store, "åsa ek") == []


def test_both_parts_of_a_name_may_change_at_once(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, ASA)
    done = load(store, tmp_path, "K-1;Asta;Ek;196408233234")
    assert shown(store) == called("Asta Ek")

    undone(store, done.batch_id)
    assert shown(store) == called("Åsa Öberg")


def test_a_name_put_right_by_hand_stays(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, ASA)
    correct(store, "last_name", "Öbergh")
    load(store, tmp_path, EK)

    assert shown(store) == called("Åsa Öbergh")


def test_a_name_put_right_since_the_import_is_not_taken_back(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, ASA)
    load(store, tmp_path, EK)
    correct(store, "first_name", "Asta")

    assert shown(store) == called("Asta Ek")


def test_a_name_from_another_source_stays(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, ASA)
    load(store, tmp_path, "K-1;Asa;Oberg;196408233234", source="Fakturering")
    load(store, tmp_path, "K-1;Asa;Ek;196408233234", source="Fakturering")

    assert shown(store) == called("Åsa Öberg")


def test_a_merged_person_follows_too(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, ASA)
    load(store, tmp_path, "K-9;Åsa;Öberg;", source="Fakturering")
    with store.write(NOW) as session:
        merging.merge(session, list(session.scalars(sa.select(Subject.id))), reason="Samma adress")
    load(store, tmp_path, EK)

    assert {name for name, _key in shown(store)} == {"Åsa Ek"}


def test_nobody_sees_it_before_the_import_is_published(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, ASA)
    seen = []

    def look(_done: int, _total: int) -> None:
        seen.append(shown(store))

    path = tmp_path / "kunder.csv"
    path.write_text(f"Kundnr;Förnamn;Efternamn;Personnummer\n{EK}\n", encoding="utf-8")
    plan = Plan(path=path, source="Kundregister", mapping=MAPPING)
    imports.run_in_batches(store, plan, now=LATER, today=TODAY, step=look)

    assert seen
    assert all(one == called("Åsa Öberg") for one in seen)
    assert shown(store) == called("Åsa Ek")


NOBODY_YET = "K-1;;;196408233234"


def test_somebody_without_a_name_gets_the_one_that_a_later_file_gives(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, NOBODY_YET)
    assert shown(store) == called("Kund K-1")
    done = load(store, tmp_path, ASA)
    assert shown(store) == called("Åsa Öberg")
    assert names(store, "åsa öberg") == ["Åsa Öberg"]

    undone(store, done.batch_id)
    assert shown(store) == called("Kund K-1")
    assert names(store, "åsa öberg") == []


def test_the_name_may_come_from_another_source_and_stays_when_only_one_of_them_is_taken_back(
    store: Store, tmp_path: Path
) -> None:
    load(store, tmp_path, NOBODY_YET)
    first = load(store, tmp_path, ASA, source="Fakturering")
    load(store, tmp_path, "K-1;Åsa;Öhberg;196408233234", source="Kampanj")
    assert shown(store) == called("Åsa Öberg")

    undone(store, first.batch_id)
    assert shown(store) == called("Åsa Öhberg")


def test_a_row_of_the_same_file_may_give_the_name(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, f"{NOBODY_YET}\n{ASA}")
    assert shown(store) == called("Åsa Öberg")


def test_what_stands_for_a_name_is_the_same_in_every_language(store: Store, tmp_path: Path) -> None:
    with language_as("en"):
        load(store, tmp_path, NOBODY_YET)
        assert shown(store) == called("Kund K-1")
        load(store, tmp_path, ASA)
    assert shown(store) == called("Åsa Öberg")


def test_a_stand_in_stored_in_english_before_is_known(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, NOBODY_YET)
    with store.write(NOW) as session:
        session.scalars(sa.select(Subject)).one().display_name = "Customer K-1"
    load(store, tmp_path, ASA)
    assert shown(store) == called("Åsa Öberg")


def test_somebody_really_called_so_keeps_the_name(store: Store, tmp_path: Path) -> None:
    load(store, tmp_path, "K-1;Kund;Larsson;196408233234")
    load(store, tmp_path, ASA, source="Fakturering")
    assert shown(store) == called("Kund Larsson")
