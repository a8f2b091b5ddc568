from datetime import date

import pytest

from app.domain.identity import INTERIM_LETTERS, Kind, candidates, label, masked, parse, shown
from tests.domain.vectors import Row, row_id, rows

TODAY = date(2026, 11, 22)
VECTORS = rows("identity_numbers")


@pytest.mark.parametrize("row", VECTORS, ids=row_id)
def test_a_number_is_read_as_the_vectors_say(row: Row) -> None:
    found = parse(row["input"], today=TODAY, interim=row["type"] == "interim")
    if row["valid"] == "1":
        assert found is not None
        assert found.kind == row["type"]
        assert row["normalised_12"] in {"", found.normalised}
    else:
        assert found is None or found.kind != row["type"]


@pytest.mark.parametrize("row", [row for row in VECTORS if row["valid"] == "0" and row["type"] != "org"], ids=row_id)
def test_an_invalid_persons_number_is_no_number_at_all(row: Row) -> None:
    assert parse(row["input"], today=TODAY, interim=True) is None
    assert row["input"] not in candidates(row["input"], TODAY)


@pytest.mark.parametrize(
    "text",
    ["20000101-2384", "20000101+2384", " 200001012384\n", "000101-2384", "0001012384"],
)
def test_one_number_in_many_forms_is_one_number(text: str) -> None:
    found = parse(text, today=TODAY)
    assert found is not None
    assert found.normalised == "200001012384"


@pytest.mark.parametrize(
    "text", ["", "abc", "200001012", "2000-01-01-2384", "２00001012384", "000101–2384", "000101 2384", "x" * 10_000]
)
def test_what_is_not_a_number_is_none(text: str) -> None:
    assert parse(text, today=TODAY) is None
    assert candidates(text, TODAY) == []


def test_a_short_number_without_a_sign_is_read_with_a_warning() -> None:
    found = parse("0001012384", today=TODAY)
    assert found is not None
    assert found.warning is not None
    assert parse("000101-2384", today=TODAY).warning is None  # type: ignore[union-attr]


def test_a_number_with_the_century_of_no_living_person_is_refused() -> None:
    assert parse("170001012384", today=TODAY) is None
    assert parse("210001012384", today=TODAY) is None


def test_the_birthday_itself_is_not_in_the_future() -> None:
    assert parse("261231-2385", today=date(2026, 12, 30)) is None
    assert parse("261231-2385", today=date(2026, 12, 31)) is not None


def test_an_organisation_with_its_prefix_is_the_same_organisation() -> None:
    assert parse("165560360793", today=TODAY) == parse("556036-0793", today=TODAY)
    assert parse("195560360793", today=TODAY) is None
    assert parse("556036+0793", today=TODAY) is None


def test_a_prefix_does_not_make_a_person_an_organisation() -> None:
    assert parse("166408233234", today=TODAY) is None


def test_a_coordination_number_may_lack_its_day_or_month() -> None:
    for text in ("19701060998", "19700063998"):
        number = next(f"{text}{digit}" for digit in range(10) if parse(f"{text}{digit}", today=TODAY))
        found = parse(number, today=TODAY)
        assert found is not None
        assert found.kind is Kind.SAM
        assert found.warning == "Samordningsnumret har inget helt födelsedatum."


def test_a_coordination_number_beyond_the_month_is_refused() -> None:
    assert not any(parse(f"19700292998{digit}", today=TODAY) for digit in range(10))


def test_an_interim_number_needs_leave_and_makes_no_claim() -> None:
    assert parse("000101-T220", today=TODAY) is None
    found = parse("000101-t220", today=TODAY, interim=True)
    assert found is not None
    assert (found.kind, found.normalised, found.masked) == (Kind.INTERIM, "20000101T220", "20000101-••••")
    assert found.warning is not None


@pytest.mark.parametrize("letter", "ABCDEFGHIOPQVYZ")
def test_a_letter_outside_the_list_is_refused(letter: str) -> None:
    assert letter not in INTERIM_LETTERS
    assert parse(f"000101-{letter}220", today=TODAY, interim=True) is None


def test_a_person_is_masked_and_an_organisation_is_not() -> None:
    assert masked("196408233234") == "19640823-••••"
    assert masked("165560360793") == "556036-0793"
    assert shown("196408233234") == "19640823-3234"
    assert shown("165560360793") == "556036-0793"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("191212121212", ["191212121212"]),
        ("121212-1212", ["201212121212", "191212121212"]),
        ("121212+1212", ["191212121212", "201212121212"]),
        ("1212121212", ["201212121212", "191212121212"]),
        ("640823-3234", ["196408233234", "186408233234"]),
        ("556036-0793", ["165560360793"]),
        ("701063-2391", ["197010632391", "187010632391"]),
        ("261231-2385", ["192612312385"]),
        ("640823-3235", []),
    ],
)
def test_a_short_number_is_looked_up_in_both_centuries(text: str, expected: list[str]) -> None:
    assert candidates(text, TODAY) == expected


def test_a_number_with_spaces_around_it_has_the_same_candidates() -> None:
    assert candidates(" 191212121212 ", TODAY) == ["191212121212"]


def test_every_kind_has_its_word() -> None:
    assert [label(kind) for kind in Kind] == [
        "Personnummer",
        "Samordningsnummer",
        "Tillfälligt nummer",
        "Organisationsnummer",
    ]
