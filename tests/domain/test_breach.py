from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.breach import STOCKHOLM, breach_clock, in_stockholm, stockholm
from app.domain.errors import ExitCode, UserError
from tests.domain.vectors import Row, row_id, rows

TIMES = st.datetimes(datetime(2018, 5, 25), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


def local(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M%z")


@pytest.mark.parametrize("row", rows("breach_clock"), ids=row_id)
def test_the_clock_of_a_breach_ends_where_each_reading_says(row: Row) -> None:
    clock = breach_clock(local(row["aware_local"]))
    assert clock.target_at == datetime.strptime(row["target_utc"], "%Y-%m-%dT%H:%M%z")
    for at, expected in (
        (clock.target_at, row["target_strict72_local"]),
        (clock.latest_hour_rule_at, row["latest_hour_rule_local"]),
        (clock.outer_reading_at, row["outer_art3_5_local"]),
    ):
        assert f"{in_stockholm(at):%Y-%m-%dT%H:%M%z}" == expected
        assert at.tzinfo is UTC


@pytest.mark.parametrize("row", rows("breach_clock"), ids=row_id)
def test_a_swedish_time_on_the_clock_gives_the_same_moment(row: Row) -> None:
    aware = local(row["aware_local"])
    fold = {"H15": 0, "H16": 1}.get(row["id"])
    assert stockholm(aware.date(), aware.time(), fold=fold) == aware


@given(TIMES)
def test_the_three_readings_stand_in_order(aware_at: datetime) -> None:
    clock = breach_clock(aware_at)
    assert clock.target_at - aware_at == timedelta(hours=72)
    assert timedelta(0) < clock.latest_hour_rule_at - clock.target_at <= timedelta(hours=1)
    assert clock.latest_hour_rule_at <= clock.outer_reading_at


@given(TIMES)
def test_a_time_in_the_swedish_clock_comes_back_unchanged(at: datetime) -> None:
    at = at.replace(second=0, microsecond=0)
    shown = in_stockholm(at)
    assert stockholm(shown.date(), shown.time(), fold=shown.fold) == at


@pytest.mark.parametrize("day", ["2025-03-30", "2026-03-29", "2027-03-28", "2028-03-26"])
def test_a_time_that_the_clock_skipped_is_refused(day: str) -> None:
    for fold in (None, 0, 1):
        with pytest.raises(UserError) as raised:
            stockholm(date.fromisoformat(day), time(2, 30), fold=fold)
        assert raised.value.code is ExitCode.USAGE


@pytest.mark.parametrize("day", ["2025-10-26", "2026-10-25", "2027-10-31", "2028-10-29"])
def test_a_time_that_came_twice_needs_to_be_told_apart(day: str) -> None:
    twice = date.fromisoformat(day)
    with pytest.raises(UserError) as raised:
        stockholm(twice, time(2, 30))
    assert "två gånger" in raised.value.what
    assert stockholm(twice, time(2, 30), fold=1) - stockholm(twice, time(2, 30), fold=0) == timedelta(hours=1)


def test_the_sum_says_that_weekends_count() -> None:
    clock = breach_clock(stockholm(date(2026, 2, 6), time(16, 30)))
    assert (
        clock.sum
        == "Vetskap fredag 6 februari 2026 kl. 16.30 → 72 timmar, helger inräknade → anmäl senast måndag 9 februari 2026 kl. 16.30"
    )


def test_the_sum_says_when_the_clock_is_changed_on_the_way() -> None:
    assert breach_clock(stockholm(date(2026, 3, 27), time(10))).sum.endswith("kl. 11.00 (klockan ställs fram en timme)")
    assert breach_clock(stockholm(date(2026, 10, 24), time(10))).sum.endswith(
        "kl. 09.00 (klockan ställs tillbaka en timme)"
    )


def test_a_time_in_another_zone_is_the_same_moment() -> None:
    moment = datetime(2026, 2, 3, 4, 15, tzinfo=timezone(timedelta(hours=-5)))
    assert breach_clock(moment) == breach_clock(datetime(2026, 2, 3, 9, 15, tzinfo=UTC))
    assert breach_clock(moment.astimezone(STOCKHOLM)).aware_at.tzinfo is UTC


def test_a_longer_period_is_a_matter_of_its_hours() -> None:
    aware_at = datetime(2026, 2, 3, 9, 15, tzinfo=UTC)
    assert breach_clock(aware_at, hours=96).target_at == datetime(2026, 2, 7, 9, 15, tzinfo=UTC)


def test_a_period_under_two_days_needs_no_working_days() -> None:
    clock = breach_clock(datetime(2026, 2, 6, 15, 30, tzinfo=UTC), hours=24)
    assert clock.outer_reading_at == clock.latest_hour_rule_at


def test_a_time_without_a_zone_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="zone"):
        breach_clock(datetime(2026, 2, 3, 10, 15))  # noqa: DTZ001 - the point of the test


@pytest.mark.parametrize("hours", [0, -1, 9000])
def test_hours_out_of_range_are_refused(hours: int) -> None:
    with pytest.raises(UserError):
        breach_clock(datetime(2026, 2, 3, 9, 15, tzinfo=UTC), hours=hours)


@pytest.mark.parametrize("year", [1, 1899, 9001, 9999])
def test_a_year_out_of_range_is_refused(year: int) -> None:
    for hours in (-14, 14):
        with pytest.raises(UserError):
            breach_clock(datetime(year, 12, 31, tzinfo=timezone(timedelta(hours=hours))))
