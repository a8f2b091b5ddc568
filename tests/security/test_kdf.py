"""Keys out of secrets: the functions are the published ones, and the cost fits the computer."""

import pytest

from app.security import kdf
from app.security.kdf import DEFAULT, FLOOR, MINIMUM, KdfCost


def test_hkdf_is_the_one_of_the_standard() -> None:
    """RFC 5869, test case 3: no salt, no purpose; its first 32 bytes."""
    expected = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
    assert kdf.expand(b"\x0b" * 22, salt=b"", purpose="").hex() == expected


def test_the_same_passphrase_and_salt_give_the_same_key_and_another_of_either_does_not() -> None:
    key = kdf.from_passphrase("fras", bytes(16), MINIMUM)
    assert len(key) == 32
    assert key == kdf.from_passphrase("fras", bytes(16), MINIMUM)
    assert key != kdf.from_passphrase("fras", b"\x01" * 16, MINIMUM)
    assert key != kdf.from_passphrase("Fras", bytes(16), MINIMUM)
    assert key != kdf.from_passphrase("fras", bytes(16), KdfCost(46 << 10, 2, 1))


def test_the_costs_we_write_are_accepted_when_read() -> None:
    assert all(cost.is_accepted for cost in (DEFAULT, FLOOR, MINIMUM, KdfCost(1 << 20, 20, 16)))


@pytest.mark.parametrize(
    "cost", [(47_103, 1, 1), (1_048_577, 1, 1), (1 << 16, 0, 1), (1 << 16, 21, 1), (1 << 16, 3, 0), (1 << 16, 3, 17)]
)
def test_costs_outside_the_limits_are_not(cost: tuple[int, int, int]) -> None:
    assert not KdfCost(*cost).is_accepted


@pytest.mark.parametrize("speed", [0.02, 0.1, 0.3, 0.66, 1, 2, 3.9])
def test_calibration_lands_between_half_a_second_and_a_second(speed: float) -> None:
    """`speed` is how many seconds the default cost takes on the computer."""

    def measure(cost: KdfCost) -> float:
        return speed * cost.memory_kib * cost.rounds / (DEFAULT.memory_kib * DEFAULT.rounds)

    cost = kdf.calibrate(measure)
    assert cost.is_accepted
    assert cost.memory_kib >= FLOOR.memory_kib
    assert cost.rounds >= FLOOR.rounds
    assert 0.5 <= measure(cost) <= 1.0 or cost.rounds == 20


@pytest.mark.parametrize("took", [60.0, float("inf")])
def test_a_slow_or_small_computer_stays_at_the_floor(took: float) -> None:
    assert kdf.calibrate(lambda cost: took) == FLOOR


def test_a_clock_that_stands_still_does_not_stop_calibration() -> None:
    assert kdf.calibrate(lambda cost: 0.0) == KdfCost(DEFAULT.memory_kib, 20, DEFAULT.lanes)


def test_a_real_derivation_is_measured() -> None:
    assert 0 < kdf.seconds(MINIMUM) < 60
