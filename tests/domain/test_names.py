import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.names import fold, sort_key, strict, words


@pytest.mark.parametrize(
    ("text", "strictly", "loosely"),
    [
        ("Öberg", "öberg", "oberg"),
        ("O\u0308berg", "öberg", "oberg"),
        ("ÅSA", "åsa", "asa"),
        ("Ängström", "ängström", "angstrom"),
        ("André", "andre", "andre"),
        ("Müller", "muller", "muller"),
        ("Bjørn Sæther", "björn säther", "bjorn sather"),
        ("Łukasz Weiß", "lukasz weiss", "lukasz weiss"),
        ("Ǻse", "åse", "ase"),
        ("", "", ""),
    ],
)
def test_a_name_folds_with_and_without_its_own_letters(text: str, strictly: str, loosely: str) -> None:
    assert strict(text) == strictly
    assert fold(text) == loosely


def test_words_part_at_hyphens_and_points() -> None:
    assert words("Anna-Karin  O'Hara, f. Öberg_2") == ("anna", "karin", "o", "hara", "f", "oberg", "2")


def test_swedish_order_puts_its_own_letters_last() -> None:
    mixed = ["Örn", "Zeta", "Ål", "Wera", "Äpple", "Yngve", "Ünal"]
    assert sorted(mixed, key=sort_key) == ["Wera", "Ünal", "Yngve", "Zeta", "Ål", "Äpple", "Örn"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Vera", "Wera"),
        ("Wz", "Xa"),
        ("Edita", "Éva"),
        ("Ann Marie Öst", "Anna"),
        ("Ann", "Ann-Marie"),
        ("1 Kund", "Aron"),
        ("Zz", "Åa"),
        ("Åz", "Äa"),
        ("Äz", "Öa"),
        ("Ørn", "Österberg"),
    ],
)
def test_one_name_comes_before_another(before: str, after: str) -> None:
    assert sort_key(before) < sort_key(after)


def test_a_hyphen_and_a_space_sort_alike() -> None:
    assert sort_key("Ann-Marie") == sort_key("ann  marie")


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(strict(text)) == fold(text)
