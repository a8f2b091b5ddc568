import hashlib
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.audit import GENESIS, Action, canonical, chain_hash, label
from app.domain.status import Outcome

SCALARS = st.none() | st.booleans() | st.integers() | st.text() | st.binary() | st.dates()
FIELDS = st.dictionaries(st.text(), SCALARS | st.lists(SCALARS))


def test_every_act_has_its_own_words() -> None:
    assert len({label(action) for action in Action}) == len(Action)


def test_a_link_is_the_digest_of_the_link_before_and_the_record() -> None:
    assert chain_hash(GENESIS, b"act") == hashlib.sha256(bytes(32) + b"act").digest()


def test_a_link_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        chain_hash(b"short", b"act")


@given(FIELDS, FIELDS)
def test_fields_have_equal_bytes_exactly_when_they_are_equal(left: dict[str, object], right: dict[str, object]) -> None:
    assert (canonical(left) == canonical(right)) == (repr(sorted(left.items())) == repr(sorted(right.items())))


@given(FIELDS)
def test_the_order_of_the_fields_does_not_matter(fields: dict[str, object]) -> None:
    assert canonical(fields) == canonical(dict(reversed(fields.items())))


def test_a_moment_has_one_way_to_be_written() -> None:
    moment = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    assert canonical({"a": moment}) == canonical({"a": moment.astimezone(timezone(timedelta(hours=1)))})
    assert canonical({"a": moment}) == b'{"a":{"at":"2026-11-22T12:00:00.000000+00:00"}}'


def test_kinds_that_look_alike_stay_apart() -> None:
    alike: list[object] = [
        "2026-11-22",
        date(2026, 11, 22),
        datetime(2026, 11, 22, tzinfo=UTC),
        b"2026-11-22",
        1,
        True,
        "1",
        None,
        "null",
        ["1"],
    ]
    assert len({canonical({"a": value}) for value in alike}) == len(alike)


def test_a_code_is_written_as_its_text() -> None:
    assert canonical({"a": Outcome.GRANTED}) == b'{"a":"granted"}'


def test_swedish_letters_are_written_as_they_are() -> None:
    assert canonical({"å": "ä"}) == '{"å":"ä"}'.encode()


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        canonical({"a": datetime(2026, 11, 22)})  # noqa: DTZ001 - the point of the test


@pytest.mark.parametrize("value", [1.5, {"a": 1}, {1}, object()])
def test_a_value_that_can_be_written_in_several_ways_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical({"a": value})
