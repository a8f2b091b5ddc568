from datetime import date

import pytest

from app.domain.identity import born_on
from app.domain.subjects import is_minor


@pytest.mark.parametrize(
    ("born_on", "today", "is_child"),
    [
        (date(2010, 5, 1), date(2026, 11, 22), True),
        (date(2008, 11, 22), date(2026, 11, 21), True),
        (date(2008, 11, 22), date(2026, 11, 22), False),
        (date(2008, 2, 29), date(2026, 2, 28), True),
        (date(2008, 2, 29), date(2026, 3, 1), False),
        (None, date(2026, 11, 22), False),
    ],
)
def test_a_child_is_of_age_on_the_eighteenth_birthday(born_on: date | None, today: date, is_child: bool) -> None:
    assert is_minor(born_on, today) is is_child


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("196408233234", date(1964, 8, 23)),
        ("196408833234", date(1964, 8, 23)),
        ("196408603234", None),
        ("196402303234", None),
        ("19640823", None),
        ("1964A8233234", None),
    ],
)
def test_a_number_tells_of_a_birth_date(number: str, expected: date | None) -> None:
    assert born_on(number) == expected
