from datetime import date, timedelta

import pytest

from app.domain.holidays import easter_sunday, holiday_name, is_eve, is_public_holiday, is_working_day

EASTER = [
    "2024-03-31",
    "2025-04-20",
    "2026-04-05",
    "2027-03-28",
    "2028-04-16",
    "2029-04-01",
    "2030-04-21",
    "2038-04-25",
    "2285-03-22",
]
DAYS_OFF_2026 = {
    "2026-01-01": "nyårsdagen",
    "2026-01-06": "trettondedag jul",
    "2026-04-03": "långfredagen",
    "2026-04-05": "påskdagen",
    "2026-04-06": "annandag påsk",
    "2026-05-01": "första maj",
    "2026-05-14": "Kristi himmelsfärdsdag",
    "2026-05-24": "pingstdagen",
    "2026-06-06": "nationaldagen",
    "2026-06-20": "midsommardagen",
    "2026-10-31": "alla helgons dag",
    "2026-12-25": "juldagen",
    "2026-12-26": "annandag jul",
}


@pytest.mark.parametrize("easter", EASTER)
def test_easter_sunday_is_the_published_one(easter: str) -> None:
    assert easter_sunday(int(easter[:4])) == date.fromisoformat(easter)


def test_a_year_has_its_named_holidays_and_no_others() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    assert {str(day): holiday_name(day) for day in days if holiday_name(day) and not is_eve(day)} == DAYS_OFF_2026
    assert {str(day) for day in days if is_public_holiday(day) and day.weekday() < 6} | {
        "2026-04-05",
        "2026-05-24",
    } == set(DAYS_OFF_2026)


@pytest.mark.parametrize("year", range(2000, 2100))
def test_midsummer_and_all_saints_are_saturdays_once_a_year(year: int) -> None:
    days = [date(year, 6, 20) + timedelta(days=number) for number in range(7)]
    days += [date(year, 10, 31) + timedelta(days=number) for number in range(7)]
    named = [day for day in days if holiday_name(day) in {"midsommardagen", "alla helgons dag"}]
    assert [day.weekday() for day in named] == [5, 5]


@pytest.mark.parametrize("eve", ["2025-06-20", "2026-06-19", "2027-06-25", "2028-06-23", "2026-12-24", "2026-12-31"])
def test_an_eve_is_no_public_holiday_but_known_as_an_eve(eve: str) -> None:
    day = date.fromisoformat(eve)
    assert is_eve(day)
    assert is_working_day(day)
    assert not is_public_holiday(day)
    assert str(holiday_name(day)).endswith("afton")


@pytest.mark.parametrize("day", ["2026-04-02", "2026-04-30", "2026-01-05", "2026-05-15", "2026-05-25", "2026-11-02"])
def test_a_day_near_a_holiday_is_a_plain_working_day(day: str) -> None:
    plain = date.fromisoformat(day)
    assert is_working_day(plain)
    assert not is_eve(plain)
    assert holiday_name(plain) is None


def test_whit_monday_gave_way_to_the_national_day_in_2005() -> None:
    assert holiday_name(date(2004, 5, 31)) == "annandag pingst"
    assert is_working_day(date(2005, 5, 16))
    assert holiday_name(date(2004, 6, 6)) is None
    assert holiday_name(date(2005, 6, 6)) == "nationaldagen"


def test_a_plain_saturday_is_neither_a_working_day_nor_a_public_holiday() -> None:
    saturday = date(2026, 2, 7)
    assert not is_working_day(saturday)
    assert not is_public_holiday(saturday)


def test_a_plain_sunday_is_a_public_holiday_without_a_name() -> None:
    assert is_public_holiday(date(2026, 2, 8))
    assert holiday_name(date(2026, 2, 8)) is None
