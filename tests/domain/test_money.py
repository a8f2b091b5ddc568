"""Amounts: read as they are stored, shown as people write them, and never rounded."""

from decimal import Decimal

import pytest

from app.domain.money import amount, shown
from app.i18n import language_as


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1249.50", "1249.50"),
        ("1 249,50", "1249.50"),
        ("1\N{NO-BREAK SPACE}249,50 kr", "1249.50"),
        ("-3", "-3"),
        ("nan", None),
        ("1e5", None),
        ("1.249,50", None),
        ("cirka 5", None),
        ("٣", None),
        ("", None),
    ],
)
def test_an_amount_is_a_number_or_nothing(text: str, expected: str | None) -> None:
    assert amount(text) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("text", "swedish", "english"),
    [
        ("5350.5", "5\N{NO-BREAK SPACE}350,50 kr", "SEK 5,350.50"),
        ("-3", "\N{MINUS SIGN}3,00 kr", "SEK -3.00"),
        ("0.125", "0,125 kr", "SEK 0.125"),
        ("cirka 5", "cirka 5", "cirka 5"),
    ],
)
def test_an_amount_is_shown_in_the_language_in_use(text: str, swedish: str, english: str) -> None:
    assert shown(text) == swedish
    with language_as("en"):
        assert shown(text) == english
