from datetime import date
from enum import StrEnum

import pytest

from app.domain import channels, fields, status
from app.domain.subjects import HoldKind, Protection
from app.domain.wording import count, day, number, weekday
from app.i18n import set_language


@pytest.mark.parametrize(
    "kind", [status.Status, status.Outcome, status.DeliveryMethod, status.IdentityMethod, status.Question]
)
def test_every_code_of_a_request_has_its_own_words(kind: type[StrEnum]) -> None:
    words = [status.label(value) for value in kind]  # type: ignore[arg-type]
    assert len(set(words)) == len(words)
    assert all(words)


def test_codes_shared_by_two_kinds_keep_their_own_words() -> None:
    assert channels.label(channels.Channel.LETTER) == "Brev"
    assert channels.label(channels.MarketingChannel.SMS) == "Sms"
    assert status.label(status.DeliveryMethod.FORM) == "Kontaktformulär"


def test_every_channel_and_category_has_its_own_words() -> None:
    for kind in (channels.Channel, channels.MarketingChannel):
        assert len({channels.label(value) for value in kind}) == len(kind)
    assert len({fields.label(category) for category in fields.Category}) == len(fields.Category)


def test_every_protection_and_hold_has_its_own_words() -> None:
    assert len({protection.label for protection in Protection}) == len(Protection)
    assert len({hold.label for hold in HoldKind}) == len(HoldKind)


def test_a_field_is_plain_until_something_is_said_about_it() -> None:
    field = fields.Field("name", fields.Category.CUSTOMER, "Namn", "Name", fields.FieldKind.NAME)
    assert (field.headers, field.identifier, field.withheld, field.bookkeeping) == ((), None, False, False)


def test_days_are_written_with_a_year_when_it_is_needed() -> None:
    assert day(date(2026, 11, 25)) == "25 november 2026"
    assert day(date(2026, 11, 25), year_of=date(2026, 1, 1)) == "25 november"
    assert day(date(2027, 1, 1), year_of=date(2026, 1, 1)) == "1 januari 2027"
    assert weekday(date(2026, 11, 22)) == "söndag"


@pytest.mark.parametrize(("value", "words"), [(0, "noll"), (1, "en"), (12, "tolv"), (13, "13"), (-1, "-1")])
def test_small_numbers_are_words(value: int, words: str) -> None:
    assert count(value) == words


@pytest.mark.parametrize(("value", "text"), [(3.25, "3,25"), (3.0, "3"), (0.5, "0,5"), (0.0, "0"), (10.0, "10")])
def test_numbers_have_a_decimal_comma(value: float, text: str) -> None:
    assert number(value) == text


def test_numbers_have_a_decimal_point_in_english() -> None:
    set_language("en")
    try:
        assert number(3.25) == "3.25"
    finally:
        set_language("sv")
