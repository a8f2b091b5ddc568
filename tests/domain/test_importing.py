"""What an import decides about rows and files."""

import pytest

from app.domain.importing import contradicts, digest, fingerprint, is_same_name, shares_a_word


def test_the_same_words_give_the_same_digest_and_others_do_not() -> None:
    row = {"name": "Åsa", "email": "a@example.com"}
    assert digest(row) == digest(dict(row))
    assert digest(row) != digest({**row, "email": "b@example.com"})
    assert digest({"name": "ab", "email": "c"}) != digest({"name": "a", "email": "bc"})
    assert digest({"name": "\udcff"})
    assert -(2**63) <= digest(row) < 2**63


def test_a_file_is_known_by_its_columns_in_their_order() -> None:
    assert fingerprint(("Namn", " Kund  nr")) == fingerprint(("NAMN", "kund nr"))
    assert fingerprint(("Namn", "Kundnr")) != fingerprint(("Kundnr", "Namn"))


@pytest.mark.parametrize(
    ("one", "other", "same", "shared"),
    [
        ("Åsa Öberg", "Öberg, Asa", True, True),
        ("Åsa Maria Öberg", "Åsa Öberg", True, True),
        ("Åsa Öberg", "Åsa Ek", False, True),
        ("Åsa Öberg", "Bo Ek", False, False),
        ("", "Bo Ek", True, True),
        ("Bo Ek", "", True, True),
    ],
)
def test_names_that_can_be_one_persons(one: str, other: str, same: bool, shared: bool) -> None:
    assert (is_same_name(one, other), shares_a_word(one, other)) == (same, shared)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [(["1"], ["2"], True), (["1"], ["1", "2"], False), ([], ["2"], False), (["1"], [], False)],
)
def test_numbers_contradict_only_when_both_say_something(one: list[str], other: list[str], expected: bool) -> None:
    assert contradicts(one, other) is expected
