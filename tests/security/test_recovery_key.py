"""The recovery key survives people: what may be forgiven is, and what is mistyped is named by its group."""

from hashlib import sha256
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import ExitCode, UserError
from app.security.recovery_key import groups, is_group, make, parse

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ENTROPY = bytes.fromhex("8f14e45fceea167a5a36dedd4bea2543b1c0ffee")
KEY = make(ENTROPY)
entropies = st.binary(min_size=20, max_size=20)

VECTORS = {
    bytes(20): "0000G-00005-0000N-0000A-0000T-0000F-0000Z-0000M",
    bytes(range(20)): "000GN-40R48-0M308-E209K-185GH-R38EQ-1W81K-24GKX",
    b"\xff" * 20: "ZZZZX-ZZZZ8-ZZZZR-ZZZZ7-ZZZZQ-ZZZZ2-ZZZZJ-ZZZZS",
}
KEYS = [KEY, *VECTORS.values(), *(make(sha256(bytes([number])).digest()[:20]) for number in range(8))]


@pytest.mark.parametrize("entropy", VECTORS)
def test_the_written_form_never_changes(entropy: bytes) -> None:
    assert make(entropy) == VECTORS[entropy]
    assert parse(VECTORS[entropy]) == entropy


@given(entropies)
def test_a_key_is_read_back(entropy: bytes) -> None:
    key = make(entropy)
    assert [len(group) for group in key.split("-")] == [5] * 8
    assert parse(key) == entropy


@given(entropies, st.data())
def test_spaces_case_and_look_alikes_are_forgiven(entropy: bytes, data: st.DataObject) -> None:
    typed = ""
    for character in make(entropy):
        shapes = {"0": "0Oo", "1": "1IiLl", "-": ["", " ", "-", "\u2013", " - ", "\u00a0", "\n", "_"]}
        typed += data.draw(st.sampled_from(shapes.get(character, [character, character.lower()])))
        typed += data.draw(st.sampled_from(["", "", "", " "]))
    assert parse(typed) == entropy


@pytest.mark.parametrize("key", KEYS)
def test_every_single_wrong_character_is_blamed_on_its_group(key: str) -> None:
    tried = 0
    for place, right in enumerate(key):
        for wrong in (ALPHABET + "U").replace(right, "") if right != "-" else "":
            assert _blamed(key[:place] + wrong + key[place + 1 :]) == {place // 6 + 1}
            tried += 1
    assert tried == 40 * 32


@pytest.mark.parametrize("key", KEYS)
def test_every_swap_of_neighbours_is_blamed_on_its_groups(key: str) -> None:
    plain = key.replace("-", "")
    tried = 0
    for place in range(39):
        first, second = plain[place], plain[place + 1]
        if first != second:
            swapped = plain[:place] + second + first + plain[place + 2 :]
            assert _blamed(swapped) == {place // 5 + 1, (place + 1) // 5 + 1}
            tried += 1
    assert tried == sum(first != second for first, second in pairwise(plain)) > 10


def test_every_swap_of_any_two_characters_of_a_group_is_noticed() -> None:
    for group in range(8):
        for one, other in combinations(range(group * 6, group * 6 + 5), 2):
            swapped = list(KEY)
            swapped[one], swapped[other] = swapped[other], swapped[one]
            if KEY[one] != KEY[other]:
                assert _blamed("".join(swapped)) == {group + 1}


def test_every_swap_of_two_groups_is_noticed() -> None:
    for one, other in combinations(range(8), 2):
        order = KEY.split("-")
        order[one], order[other] = order[other], order[one]
        assert _blamed("-".join(order)) == {one + 1, other + 1}


@given(entropies, st.integers(0, 39), st.integers(1, 31))
def test_a_wrong_character_in_any_key_is_blamed_on_its_group(entropy: bytes, place: int, step: int) -> None:
    plain = make(entropy).replace("-", "")
    wrong = ALPHABET[(ALPHABET.index(plain[place]) + step) % 32]
    assert _blamed(plain[:place] + wrong + plain[place + 1 :]) == {place // 5 + 1}


@given(entropies, st.integers(0, 38))
def test_swapped_neighbours_in_any_key_are_blamed_on_their_groups(entropy: bytes, place: int) -> None:
    plain = make(entropy).replace("-", "")
    swapped = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
    if swapped == plain:
        assert parse(swapped) == entropy
    else:
        assert _blamed(swapped) == {place // 5 + 1, (place + 1) // 5 + 1}


def test_every_missing_or_doubled_character_is_blamed_on_its_group() -> None:
    for place, character in enumerate(KEY):
        if character != "-":
            assert _blamed(KEY[:place] + KEY[place + 1 :]) == {place // 6 + 1}
            assert _blamed(KEY[:place] + character + KEY[place:]) == {place // 6 + 1}


def test_a_missing_character_without_any_spaces_blames_one_group_only() -> None:
    plain = KEY.replace("-", "")
    assert _blamed(plain[1:]) == {1}
    assert _blamed("") == {1}
    assert _blamed("-- --") == {1}
    assert _blamed(KEY[:-6]) == {8}


def test_a_key_with_something_after_it_is_too_long() -> None:
    with pytest.raises(UserError, match="för många tecken"):
        parse(KEY + "-00000")


@pytest.mark.parametrize("text", ["Å" * 40, "ﬃ" * 40, "U" * 40, "😀" * 40, "\0" * 40])
def test_characters_that_no_key_has_are_refused(text: str) -> None:
    with pytest.raises(UserError) as caught:
        parse(text)
    assert caught.value.code is ExitCode.WRONG_SECRET


def test_the_error_repeats_nothing_of_the_key() -> None:
    with pytest.raises(UserError) as caught:
        parse(KEY[:-1] + "U")
    text = caught.value.what + caught.value.stands + caught.value.do
    assert not any(group in text for group in KEY.split("-"))


def test_one_group_is_judged_while_it_is_typed() -> None:
    typed = groups(KEY.lower())
    assert typed == tuple(KEY.split("-"))
    assert all(is_group(group.lower(), number) for number, group in enumerate(typed, start=1))
    assert not is_group(typed[0], 2)
    assert not is_group(typed[0][:4], 1)
    assert not is_group("", 1)
    assert is_group(f" {typed[0]} ", 1)


def test_entropy_of_another_length_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="19"):
        make(bytes(19))


def _blamed(text: str) -> set[int]:
    with pytest.raises(UserError) as caught:
        parse(text)
    assert caught.value.code is ExitCode.WRONG_SECRET
    return {int(word.strip(",")) for word in caught.value.what.split() if word.strip(",").isdigit()}
