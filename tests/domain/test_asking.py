from datetime import date

import pytest

from app.domain.asking import read
from app.domain.matching import Query

TODAY = date(2026, 11, 22)
NUMBER = "196408233234"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Query()),
        ("  ", Query()),
        ("Åsa Öberg", Query(names=("Åsa Öberg",), references=frozenset({"åsa öberg"}))),
        ("Asa@Example.se", Query(emails=frozenset({"asa@example.se"}))),
        ("752 31", Query(references=frozenset({"752 31", "752", "31"}), postcodes=frozenset({"752 31"}))),
    ],
)
def test_a_text_becomes_a_query(text: str, expected: Query) -> None:
    assert read(text, today=TODAY).query == expected


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        "19640823-3234",
        "640823-3234",
        "640823 3234",
        "6408233234",
        "640823\u20133234",
        "\u00a0640823-3234 ",
        "640823- 3234",
    ],
)
def test_an_identity_number_is_read_in_any_form(text: str) -> None:
    assert NUMBER in read(text, today=TODAY).query.numbers


def test_a_coordination_number_and_a_t_number_are_identity_numbers() -> None:
    assert "197010632391" in read("701063-2391", today=TODAY).query.numbers, "day 63 is day 3 of a coordination number"
    assert "20000101T220" in read("000101-t220", today=TODAY).query.numbers


def test_everything_may_be_mixed() -> None:
    asked = read("Åsa Öberg 640823-3234 asa@example.com 070-174 06 05", today=TODAY)
    assert asked.query.names == ("Åsa Öberg",)
    assert NUMBER in asked.query.numbers
    assert asked.query.emails == {"asa@example.com"}
    assert asked.query.phones == {"+46701740605"}
    assert asked.words == ("åsa", "öberg")
    assert asked.codes == ()


def test_two_numbers_side_by_side_are_two() -> None:
    for text in ("640823-3234 070-174 06 05", "070-174 06 05 640823-3234"):
        asked = read(text, today=TODAY).query
        assert NUMBER in asked.numbers
        assert asked.phones == {"+46701740605"}


def test_a_short_number_of_somebody_alive_means_one_century() -> None:
    asked = read("640823-3234", today=TODAY)
    assert asked.query.doubtful == asked.query.numbers - {NUMBER}


def test_a_short_number_that_may_mean_two_people_alive_says_so() -> None:
    with_dash, bare = read("121212-1212", today=TODAY).query, read("1212121212", today=TODAY).query
    assert with_dash.numbers == bare.numbers == {"191212121212", "201212121212"}
    assert with_dash.doubtful == {"191212121212"}, "the sign says less than a hundred years old"
    assert bare.doubtful == bare.numbers


def test_a_whole_number_is_not_doubtful() -> None:
    assert read(NUMBER, today=TODAY).query.doubtful == frozenset()


@pytest.mark.parametrize(
    ("text", "start"),
    [("640", "640"), ("640", "19640"), ("0701", "+46701"), ("+4670", "+4670"), ("0046 70", "+4670"), ("1964", "1964")],
)
def test_digits_may_be_the_beginning_of_a_number(text: str, start: str) -> None:
    assert start in read(text, today=TODAY).starts


def test_too_few_digits_begin_nothing() -> None:
    assert read("64", today=TODAY).starts == ()
    assert read("Åsa", today=TODAY).starts == ()
    assert read("19640", today=TODAY).starts == ("19640",)


def test_the_beginning_of_an_address() -> None:
    assert read("Asa@ex", today=TODAY).mail_start == "asa@ex"
    assert read("a@", today=TODAY).mail_start == ""


def test_a_customer_number_is_asked_for_in_the_forms_it_may_have() -> None:
    assert {"K-1001", "K1001", "k1001"} <= set(read("k 1001", today=TODAY).codes) | set(
        read("K1001", today=TODAY).codes
    )
    assert "1001" in read("faktura 1001", today=TODAY).codes


def test_a_date_in_a_text_is_no_phone() -> None:
    assert read("Öberg 22 11 1964", today=TODAY).query.phones == frozenset()


def test_words_for_addresses() -> None:
    assert read("Storgatan 1 752 31", today=TODAY).places == ("storgatan", "1", "75231")


def test_a_number_among_words_is_taken_and_digits_that_mean_nothing_are_left() -> None:
    asked = read("Öberg 070-174 06 05 ärende 99 12345", today=TODAY)
    assert asked.query.phones == {"+46701740605"}
    assert asked.places[-2:] == ("99", "12345")
