"""That a person has died: noted, counted with, taken back."""

import pytest

from app.domain.audit import Action
from app.domain.errors import UserError
from app.domain.subjects import DeathKnown
from app.services import addresses, deceased, merging
from db.models import Subject
from db.store import Store
from tests.factories import CUSTOMER, NOW, make_subject
from tests.services.conftest import audited


def make(store: Store) -> int:
    with store.write(NOW) as session:
        return int(make_subject(session, values=CUSTOMER).id)


def problem(store: Store, key: int) -> str:
    with store.read() as session:
        return addresses.addressee(session, session.get_one(Subject, key), name="").problem


def test_no_letter_goes_to_the_dead(store: Store) -> None:
    key = make(store)
    assert "avliden" not in problem(store, key)
    with store.write(NOW) as session:
        deceased.mark_dead(session, key, how=DeathKnown.RELATIVE)
    assert "avliden" in problem(store, key)
    with store.write(NOW) as session:
        deceased.take_back(session, key)
    assert "avliden" not in problem(store, key)


def test_the_trail_says_how_it_is_known_and_no_name(store: Store) -> None:
    key = make(store)
    with store.write(NOW) as session:
        deceased.mark_dead(session, key, how=DeathKnown.REGISTER)
    action, told = audited(store)[-1]
    assert action == Action.SUBJECT_SAVED
    assert told == {"is_deceased": True, "how": "register"}


def test_what_is_so_already_is_refused_and_changes_nothing(store: Store) -> None:
    key = make(store)
    with pytest.raises(UserError, match="inte noterad"), store.write(NOW) as session:
        deceased.take_back(session, key)
    with store.write(NOW) as session:
        deceased.mark_dead(session, key, how=DeathKnown.OTHER)
    before = audited(store)
    with pytest.raises(UserError, match="redan noterad"), store.write(NOW) as session:
        deceased.mark_dead(session, key, how=DeathKnown.OTHER)
    assert audited(store) == before


def test_a_record_of_a_merged_person_speaks_for_the_whole(store: Store) -> None:
    one, other = make(store), make(store)
    with store.write(NOW) as session:
        whole = merging.merge(session, [one, other], reason="Samma nummer").id
        part = other if whole == one else one
        deceased.mark_dead(session, part, how=DeathKnown.OTHER)
    with store.read() as session:
        assert session.get_one(Subject, whole).is_deceased


@pytest.mark.parametrize("how", DeathKnown)
def test_each_way_of_knowing_has_words(how: DeathKnown) -> None:
    assert how.label


def test_what_was_noted_of_a_whole_follows_into_a_larger_one(store: Store) -> None:
    keys = [make(store) for _number in range(4)]
    with store.write(NOW) as session:
        first = merging.merge(session, keys[:2], reason="Samma nummer").id
        second = merging.merge(session, keys[2:], reason="Samma nummer").id
        deceased.mark_dead(session, second, how=DeathKnown.RELATIVE)
        whole = merging.merge(session, [first, second], reason="Samma adress").id
    with store.read() as session:
        assert session.get_one(Subject, whole).is_deceased
