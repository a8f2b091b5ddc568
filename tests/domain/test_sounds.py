import pytest

from app.domain.names import fold
from app.domain.sounds import sound


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Carlsson", "Karlsson"),
        ("Karlson", "Karlsson"),
        ("Wallin", "Vallin"),
        ("Zara", "Sara"),
        ("Stephan", "Stefan"),
        ("Agatha", "Agata"),
        ("Erik", "Eric"),
        ("Eriksson", "Ericsson"),
        ("Fredrik", "Fredrick"),
        ("Schmidt", "Skmit"),
        ("Lindqvist", "Lindkvist"),
        ("Lindquist", "Lindkvist"),
        ("Hjalmar", "Jalmar"),
    ],
)
def test_two_spellings_of_a_name_sound_alike(one: str, other: str) -> None:
    assert sound(fold(one)) == sound(fold(other))


def test_other_names_do_not() -> None:
    assert len({sound(fold(name)) for name in ("Anna", "Hanna", "Anders", "Andersson", "Berg", "Borg")}) == 6
