"""Days and times are understood the way people type them."""

from datetime import date, time

import pytest

from app.ui.kit.dates import parse_date, parse_time

TODAY = date(2026, 11, 3)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("261103", date(2026, 11, 3)),
        ("20261103", date(2026, 11, 3)),
        ("2026-11-03", date(2026, 11, 3)),
        ("2026.11.03", date(2026, 11, 3)),
        (" 3 nov ", date(2026, 11, 3)),
        ("3 november", date(2026, 11, 3)),
        ("den 3 november 2027", date(2027, 11, 3)),
        ("3 Maj", date(2027, 5, 3)),
        ("3 oct", date(2026, 10, 3)),
        ("3/11", date(2026, 11, 3)),
        ("idag", TODAY),
        ("I DAG", TODAY),
        ("igår", date(2026, 11, 2)),
        ("i morgon", date(2026, 11, 4)),
        ("today", TODAY),
        ("+30", date(2026, 12, 3)),
        ("-3", date(2026, 10, 31)),
        ("−3", date(2026, 10, 31)),
        ("981103", date(1998, 11, 3)),
        ("10 jan", date(2027, 1, 10)),
        ("28 feb", date(2027, 2, 28)),
        ("2028-02-29", date(2028, 2, 29)),
    ],
)
def test_a_day_is_understood(typed: str, meant: date) -> None:
    assert parse_date(typed, TODAY) == meant


@pytest.mark.parametrize(
    "typed", ["", "kalle", "2026-13-01", "2026-02-29", "30 feb", "3 xyz", "99", "+99999", "1/13", "26110", "0 nov"]
)
def test_what_is_not_a_day_is_not_guessed(typed: str) -> None:
    assert parse_date(typed, TODAY) is None


def test_a_day_without_year_is_the_nearest_one() -> None:
    assert parse_date("28 dec", date(2027, 1, 4)) == date(2026, 12, 28)


def test_a_step_past_the_calendar_is_no_day() -> None:
    assert parse_date("+9999", date(9999, 1, 1)) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("1510", time(15, 10)), ("15.10", time(15, 10)), ("15:10", time(15, 10)), ("kl. 9", time(9)), ("0900", time(9))],
)
def test_a_time_is_understood(typed: str, meant: time) -> None:
    assert parse_time(typed) == meant


@pytest.mark.parametrize("typed", ["", "25", "1260", "kväll", "15.1", "15.100"])
def test_what_is_not_a_time_is_not_guessed(typed: str) -> None:
    assert parse_time(typed) is None
