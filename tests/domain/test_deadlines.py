from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.deadlines import EXTENDED_MONTHS, deadline, pause_days
from app.domain.errors import ExitCode, UserError
from app.domain.holidays import is_working_day
from tests.domain.vectors import Row, day, row_id, rows

DAYS = st.dates(date(2018, 5, 25), date(2099, 12, 31))


@pytest.mark.parametrize("row", rows("month_deadline"), ids=row_id)
def test_one_month_ends_where_the_law_says(row: Row) -> None:
    found = deadline(day(row["received"]))
    assert found.nominal_on == day(row["nominal"])
    assert found.due_on == day(row["due_legal"])
    assert found.due_with_eves_on == day(row["due_with_eves"])
    assert found.contact_by_on == day(row["contact_30d"])


@pytest.mark.parametrize("row", rows("extension"), ids=row_id)
def test_an_extension_is_three_months_from_receipt(row: Row) -> None:
    received_on = day(row["received"])
    assert deadline(received_on).due_on == day(row["notice_of_extension_by"])
    extended = deadline(received_on, months=EXTENDED_MONTHS)
    assert extended.due_on == day(row["due_extended"])
    assert extended.due_with_eves_on == day(row["due_extended_with_eves"])


@pytest.mark.parametrize("row", rows("pause"), ids=row_id)
def test_a_pause_moves_the_end_by_the_days_it_lasted(row: Row) -> None:
    received_on = day(row["received"])
    paused_days = pause_days(day(row["asked"]), day(row["answered"]))
    assert paused_days == int(row["days_added"])
    assert deadline(received_on).due_on == day(row["due_unpaused"])
    assert deadline(received_on, paused_days=paused_days).due_on == day(row["due_paused"])


def test_the_goal_is_the_last_working_day_that_every_reading_allows() -> None:
    assert deadline(date(2026, 3, 5)).goal_on == date(2026, 4, 2)
    assert deadline(date(2026, 8, 31)).goal_on == date(2026, 9, 30)


@given(DAYS, st.integers(1, 3), st.integers(0, 90))
def test_the_days_of_a_deadline_stand_in_order(received_on: date, months: int, paused_days: int) -> None:
    found = deadline(received_on, months=months, paused_days=paused_days)
    assert received_on <= found.goal_on <= found.nominal_on <= found.due_on <= found.due_with_eves_on
    assert is_working_day(found.due_on)
    assert is_working_day(found.goal_on)


@given(DAYS, st.integers(0, 90))
def test_no_working_day_lies_between_the_end_of_the_period_and_the_last_day(
    received_on: date, paused_days: int
) -> None:
    found = deadline(received_on, paused_days=paused_days)
    between = (found.due_on - found.nominal_on).days
    assert not any(is_working_day(found.nominal_on + timedelta(days=number)) for number in range(between))


@given(DAYS)
def test_waiting_a_day_to_send_the_request_never_gives_an_earlier_last_day(received_on: date) -> None:
    assert deadline(received_on).due_on <= deadline(received_on + timedelta(days=1)).due_on


def test_the_sum_names_the_holiday_that_moves_the_end() -> None:
    assert (
        deadline(date(2026, 11, 25)).sum
        == "Inkom 25 november → en månad 25 december (juldagen) → svara senast 28 december"
    )


def test_the_sum_shows_the_year_when_it_changes() -> None:
    assert (
        deadline(date(2026, 12, 1)).sum
        == "Inkom 1 december → en månad 1 januari 2027 (nyårsdagen) → svara senast 4 januari 2027"
    )


def test_the_sum_shows_the_pause_and_only_the_day_off_that_counts() -> None:
    found = deadline(date(2026, 3, 5), paused_days=14)
    assert found.sum == "Inkom 5 mars → en månad 5 april → 14 dagars paus 19 april (söndag) → svara senast 20 april"


def test_the_sum_of_an_extension_counts_three_months() -> None:
    assert (
        deadline(date(2026, 8, 31), months=3).sum
        == "Inkom 31 augusti → tre månader 30 november → svara senast 30 november"
    )


@pytest.mark.parametrize(
    "wrong", [{"months": 0}, {"months": 25}, {"paused_days": -1}, {"paused_days": 4000}, {"contact_days": -1}]
)
def test_a_length_out_of_range_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(UserError) as raised:
        deadline(date(2026, 3, 5), **wrong)
    assert raised.value.code is ExitCode.USAGE


def test_a_year_out_of_range_is_refused() -> None:
    with pytest.raises(UserError):
        deadline(date(9999, 12, 31))


def test_an_answer_before_its_question_is_refused() -> None:
    with pytest.raises(UserError) as raised:
        pause_days(date(2026, 3, 6), date(2026, 3, 5))
    assert raised.value.code is ExitCode.USAGE


def test_an_answer_on_the_day_of_the_question_pauses_nothing() -> None:
    assert pause_days(date(2026, 3, 6), date(2026, 3, 6)) == 0
