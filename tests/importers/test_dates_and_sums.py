from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.importers.dates_and_sums import amount, day

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-03",
        "2026/11/03",
        "2026.11.3",
        "20261103",
        "261103",
        "26-11-03",
        "3 nov 2026",
        "den 3 november 2026",
        "3 Nov. 2026",
        "03.11.2026",
        "3/11 2026",
        "2026-11-03 00:00:00",
        " 2026-11-03 ",
    ],
)
def test_dates_are_read_as_people_write_them(text: str) -> None:
    assert day(text, TODAY) == (date(2026, 11, 3), False)


@pytest.mark.parametrize("text", ["2026-11-03 10:15", "2026-11-03T10:15:00+01:00"])
def test_a_time_of_day_is_noticed(text: str) -> None:
    assert day(text, TODAY) == (date(2026, 11, 3), True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "2026-02-30",
        "2026-1103",
        "2026111",
        "03/11/2026",
        "46329",
        "3 mumma 2026",
        "31 sep 2026",
        "1_26-11-03",
        "0000-01-01",
    ],
)
def test_what_is_no_date_or_could_be_two_is_not_guessed(text: str) -> None:
    assert day(text, TODAY) is None


def test_two_digit_years_mean_the_last_eighty_years_or_the_coming_twenty() -> None:
    assert day("461231", TODAY) == (date(2046, 12, 31), False)
    assert day("471231", TODAY) == (date(1947, 12, 31), False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 234,50", "1234.50"),
        ("1\N{NO-BREAK SPACE}234,50 kr", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234.567", "1234567"),
        ("1234.5", "1234.5"),
        ("-12,5", "-12.5"),
        ("\N{MINUS SIGN}12", "-12"),
        ("SEK 100", "100"),
        ("100:-", "100"),
        ("0", "0"),
        ("0,125", "0.125"),
        ("007", "7"),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, value: str) -> None:
    assert amount(text) == value


@pytest.mark.parametrize(
    "text", ["", "kr", "1.234", "1,234", "1,23,4", "1,23.4,5", "12,34,567.1", "1e5", "ett", "=1+1"]
)
def test_what_is_no_amount_or_could_be_two_is_not_guessed(text: str) -> None:
    assert amount(text) is None


@given(st.text(alphabet="0123456789-/.: T+kr,åäöfebmaj\u0660", max_size=30))
def test_no_text_breaks_the_readers(text: str) -> None:
    day(text, TODAY)
    amount(text)
