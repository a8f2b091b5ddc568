from datetime import date

import pytest

from app.domain.matching import Certainty, HitFacts, Query, judge, label, query

TODAY = date(2026, 11, 22)
ASA = HitFacts(
    names=("Åsa Maria Öberg",),
    numbers=frozenset({"196408233234"}),
    emails=frozenset({"asa.oberg@example.se"}),
    phones=frozenset({"+46701740605"}),
    references=frozenset({"k-1001"}),
    postcodes=frozenset({"752 31"}),
    born_on=date(1964, 8, 23),
)


def asked(name: str = "", **facts: object) -> Query:
    return Query(names=(name,) if name else (), **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("looked_for", "certainty", "why"),
    [
        (asked(numbers=frozenset({"196408233234"})), Certainty.SURE, "samma personnummer"),
        (asked("Åsa Öberg", phones=ASA.phones), Certainty.SURE, "samma telefonnummer, alla sökta namn"),
        (asked("Öberg Åsa Maria", emails=ASA.emails), Certainty.SURE, "samma e-postadress, samma namn"),
        (asked(phones=ASA.phones), Certainty.LIKELY, "samma telefonnummer"),
        (asked("Bo Öberg", phones=ASA.phones), Certainty.LIKELY, "samma telefonnummer, en del av namnet"),
        (asked(references=frozenset({"k-1001"})), Certainty.LIKELY, "samma kundnummer eller referens"),
        (
            asked("asa maria oberg", postcodes=ASA.postcodes),
            Certainty.LIKELY,
            "samma postnummer, samma namn med annan stavning",
        ),
        (asked("Åsa Öberg", born_on=ASA.born_on), Certainty.LIKELY, "samma födelsedatum, alla sökta namn"),
        (asked("Åsa Maria Öberg"), Certainty.POSSIBLE, "samma namn"),
        (asked("oberg"), Certainty.POSSIBLE, "en del av namnet"),
        (asked("Å M Oberg"), Certainty.POSSIBLE, "en del av namnet"),
        (asked(postcodes=ASA.postcodes), Certainty.POSSIBLE, "samma postnummer"),
        (asked("Bo Alm"), Certainty.POSSIBLE, "delar av sökningen stämmer"),
        (
            asked("Åsa Maria Öberg", numbers=frozenset({"191212121212"})),
            Certainty.POSSIBLE,
            "samma namn, men ett annat personnummer",
        ),
        (
            asked("Åsa Öberg", emails=ASA.emails, born_on=date(1971, 3, 12)),
            Certainty.POSSIBLE,
            "samma e-postadress, alla sökta namn, men ett annat födelsedatum",
        ),
    ],
)
def test_a_hit_is_judged_and_says_why(looked_for: Query, certainty: Certainty, why: str) -> None:
    assert judge(looked_for, ASA) == (certainty, why)


def test_an_initial_stands_for_its_name() -> None:
    hit = HitFacts(names=("Å. Ö.",))
    assert judge(asked("Åsa Öberg"), hit) == (Certainty.POSSIBLE, "samma initialer och efternamn")
    assert judge(asked("Bo Alm"), hit).why == "delar av sökningen stämmer"
    assert judge(asked("Åsa"), hit).why == "delar av sökningen stämmer"


def test_the_best_of_several_names_counts() -> None:
    hit = HitFacts(names=("Bo Öberg", "Åsa Öberg"))
    assert judge(asked("Åsa Öberg"), hit).why == "samma namn"


def test_a_name_without_letters_is_no_name() -> None:
    assert judge(asked("–"), ASA).why == "delar av sökningen stämmer"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "121212-1212",
            Query(numbers=frozenset({"201212121212", "191212121212"}), references=frozenset({"121212-1212"})),
        ),
        (" Asa@Example.se ", Query(emails=frozenset({"asa@example.se"}))),
        (
            "070-174 06 05",
            Query(
                names=("070-174 06 05",), references=frozenset({"070-174 06 05"}), phones=frozenset({"+46701740605"})
            ),
        ),
        ("752 31", Query(names=("752 31",), references=frozenset({"752 31"}), postcodes=frozenset({"752 31"}))),
        ("Åsa Öberg", Query(names=("Åsa Öberg",), references=frozenset({"åsa öberg"}))),
        ("  ", Query()),
    ],
)
def test_what_somebody_types_becomes_a_query(text: str, expected: Query) -> None:
    assert query(text, today=TODAY) == expected


def test_every_certainty_has_its_word() -> None:
    assert [label(certainty) for certainty in Certainty] == ["Säker", "Trolig", "Möjlig"]
