"""Passphrases: the judgement errs on the side of caution, and the suggestion is good enough by its own judge."""

import random
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.i18n import language_as
from app.security.passphrase import ENOUGH, LEVELS, strength, suggestion, suggestion_bits

WEAK = [
    "", " ", "a", "lösenord", "L0senord", "P@$$w0rd", "sommar2024", "Sommar2024!", "Qwertyuiop", "asdfghjkl", "1234567890",
    "zyxwvut", "aaaaaaaaaaaaaaaaaaaaaaaa", "blå blå blå blå blå blå", "hemlig hemlig hemlig", "kvicksilvertermometer",
    "Stockholm1998", "19800101", "hej hej hej", "password password1 password2", "🙂🙂🙂",
]  # fmt: skip
STRONG = [
    "korrekt häst batteri klammer",
    "xK9#qPz2mT&w4",
    "qzmxkvbtrplwnhgfdsjc",
    "4f9a8c2e7b1d6f3a",
    "jag cyklar alltid hem genom skogen",
]


@pytest.mark.parametrize("text", WEAK)
def test_what_is_guessed_soon_is_not_enough(text: str) -> None:
    found = strength(text)
    assert found.level < ENOUGH - 1
    assert ": " in found.words


@pytest.mark.parametrize("text", STRONG)
def test_what_stands_long_is_enough(text: str) -> None:
    assert strength(text).level >= ENOUGH


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("lösenord", "ett ord är vanligt"),
        ("kwpaaaaab aaaaa", "ett tecken upprepas"),
        ("rabarber qwerty", "tecken följer i rad"),
        ("rabarber rabarber", "något upprepas"),
        ("rabarber 1987", "ett årtal"),
        ("rabarber", "för kort"),
        ("rabarbermarmelad", "fler ord behövs"),
    ],
)
def test_the_words_say_what_is_weak(text: str, reason: str) -> None:
    assert reason in strength(text).words


def test_words_never_repeat_the_passphrase() -> None:
    for text in WEAK[3:] + STRONG:
        assert text not in strength(text).words


def test_there_is_a_name_for_every_level() -> None:
    assert {
        strength(text).words.split(":")[0].rstrip(".") for text in [*WEAK, *STRONG, "xK9#qPz2", "xK9#qPz2mT"]
    } <= set(LEVELS)


@given(st.text(max_size=200))
def test_any_text_is_judged(text: str) -> None:
    assert 0 <= strength(text).level <= 4


@given(st.text(max_size=40), st.sampled_from(["grävling", "Kw", "7", "?"]))
def test_something_new_at_the_end_never_weakens_much(text: str, more: str) -> None:
    assert strength(f"{text} {more}").level >= strength(text).level - 1


def test_a_suggestion_is_five_words_anyone_can_type() -> None:
    words = suggestion(secrets.randbelow).split(" ")
    assert [len(word) for word in words] == [4] * 5
    assert "".join(words).isascii()
    assert "".join(words).islower()


def test_a_suggestion_holds_at_least_64_bits_and_uses_all_of_them() -> None:
    assert suggestion_bits() >= 64
    limits: list[int] = []

    def highest(limit: int) -> int:
        limits.append(limit)
        return limit - 1

    assert suggestion(highest) == "zyzy zyzy zyzy zyzy zyzy"
    assert limits == [16, 6] * 10


def test_suggestions_are_good_enough_by_our_own_judgement() -> None:
    drawn = random.Random(20260309)  # noqa: S311 - the test must be the same each time
    assert all(strength(suggestion(drawn.randrange)).level >= ENOUGH for _time in range(500))


def test_a_judgement_comes_in_the_language_in_use() -> None:
    with language_as("sv"):
        assert strength("lösenord").words.startswith("Mycket svag: ")
