"""When two records are proposed as one person, and when not."""

import datetime as dt

import pytest

from app.domain import same_person
from app.domain.same_person import Likeness, Record, suggest

BORN = frozenset({dt.date(1964, 8, 23)})
HOME = frozenset({"storgatan 1 75231 uppsala"})
EMAIL = frozenset({"asa@example.com"})
PHONE = frozenset({"+46701740605"})
NUMBER = frozenset({"196408233234"})


def likeness(one: Record, other: Record) -> Likeness | None:
    found = suggest(one, other)
    return None if found is None else found.likeness


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Record(names=("Åsa Öberg",), numbers=NUMBER), Record(names=("Bo Alm",), numbers=NUMBER), Likeness.STRONG),
        (Record(names=("Åsa Öberg",), emails=EMAIL), Record(names=("Oberg, Asa",), emails=EMAIL), Likeness.STRONG),
        (Record(names=("Åsa Öberg",), phones=PHONE), Record(names=("Åsa Öberj",), phones=PHONE), Likeness.STRONG),
        (Record(names=("Å. Öberg",), phones=PHONE), Record(names=("Åsa Öberg",), phones=PHONE), Likeness.GOOD),
        (
            Record(names=("Å. Öberg",), phones=PHONE, emails=EMAIL),
            Record(names=("Åsa Öberg",), phones=PHONE, emails=EMAIL),
            Likeness.STRONG,
        ),
        (
            Record(names=("Åsa Öberg",), born_on=BORN, homes=HOME),
            Record(names=("Åsa Öberg",), born_on=BORN, homes=HOME),
            Likeness.GOOD,
        ),
        (Record(names=("Åsa Öberg",), homes=HOME), Record(names=("Åsa Öberg",), homes=HOME), Likeness.WEAK),
        (Record(names=("Åsa Maria Öberg",), homes=HOME), Record(names=("Åsa Öberg",), homes=HOME), Likeness.WEAK),
    ],
)
def test_what_speaks_for_one_person(one: Record, other: Record, expected: Likeness) -> None:
    assert likeness(one, other) is expected
    assert likeness(other, one) is expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Record(names=("Åsa Öberg",)), Record(names=("Åsa Öberg",))),  # a name alone is many people
        (Record(names=("Åsa Öberg",), emails=EMAIL), Record(names=("Bo Alm",), emails=EMAIL)),  # a shared mailbox
        (Record(names=("Å. Öberg",), homes=HOME), Record(names=("Åke Öberg",), homes=HOME)),  # a household
        (
            Record(names=("Åsa Öberg",), emails=EMAIL, numbers=NUMBER),
            Record(names=("Åsa Öberg",), emails=EMAIL, numbers=frozenset({"189001019802"})),
        ),
        (
            Record(names=("Åsa Öberg",), emails=EMAIL, born_on=BORN),
            Record(names=("Åsa Öberg",), emails=EMAIL, born_on=frozenset({dt.date(1994, 1, 1)})),
        ),
        (Record(emails=EMAIL), Record(emails=EMAIL)),
        (
            Record(names=("Bo Ek",), emails=EMAIL),
            Record(names=("Bo Ed",), emails=EMAIL),
        ),  # short words must be the same
        (Record(names=("Åsa Maria Öberg",), emails=EMAIL), Record(names=("Öberg",), emails=EMAIL)),
    ],
)
def test_what_is_not_proposed(one: Record, other: Record) -> None:
    assert suggest(one, other) is None
    assert suggest(other, one) is None


def test_it_says_what_speaks_for_and_against() -> None:
    found = suggest(
        Record(names=("Åsa Öberg",), phones=PHONE, emails=EMAIL, homes=HOME),
        Record(names=("Asa Öberg",), phones=PHONE, emails=frozenset({"asa@gammal.example"})),
    )
    assert found is not None
    assert found.reasons == ("samma telefonnummer", "samma namn, skrivet på annat sätt")
    assert found.against == ("olika e-postadresser",)


def test_the_same_number_under_another_name_says_so() -> None:
    found = suggest(Record(names=("Åsa Öberg",), numbers=NUMBER), Record(names=("Bo Alm",), numbers=NUMBER))
    assert found is not None
    assert found.against == ("olika namn",)


@pytest.mark.parametrize("other", ["Oberg", "Öbergg", "Öbreg", "Överg"])
def test_one_slip_of_the_finger_is_nearly_the_same(other: str) -> None:
    assert (
        likeness(Record(names=("Åsa Öberg",), emails=EMAIL), Record(names=(f"Åsa {other}",), emails=EMAIL))
        is Likeness.STRONG
    )


@pytest.mark.parametrize("other", ["Obxyg", "Öbergsson"])
def test_two_slips_are_another_name(other: str) -> None:
    assert likeness(Record(names=("Åsa Öberg",), emails=EMAIL), Record(names=(f"Åsa {other}",), emails=EMAIL)) is None


def test_every_likeness_has_its_word() -> None:
    assert [same_person.label(one) for one in Likeness] == ["Starkt förslag", "Troligt", "Svagt förslag"]
    assert sorted(same_person.STRENGTH, key=same_person.STRENGTH.__getitem__) == list(Likeness)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("Christina Öberg", "Kristina Oberg", "samma namn, skrivet på annat sätt"),
        ("Christina Öberg-Dahl", "Kristina Dahl", "namnen går in i varandra"),
        ("Stefan Karlsson", "Stephan Carlsen", "nästan samma namn"),
        ("Chr. Öberg", "Kristina Oberg", "samma initialer och efternamn"),
        ("K. Öberg", "Christina Öberg", "samma initialer och efternamn"),
    ],
)
def test_names_that_sound_alike_are_alike(one: str, other: str, why: str) -> None:
    mail = frozenset({"kristina@example.com"})
    found = suggest(Record(names=(one,), emails=mail), Record(names=(other,), emails=mail))
    assert found is not None
    assert found.reasons == ("samma e-postadress", why)


def test_a_short_word_that_begins_no_other_is_another_name() -> None:
    mail = frozenset({"alla@example.com"})
    assert suggest(Record(names=("Bo Öberg",), emails=mail), Record(names=("Åsa Öberg",), emails=mail)) is None


def test_a_name_without_letters_is_like_no_name() -> None:
    phone = frozenset({"+46701740605"})
    assert suggest(Record(names=("–",), phones=phone), Record(names=("Åsa Öberg",), phones=phone)) is None
