from datetime import date

import pytest

from app.domain.matching import Certainty, HitFacts, Query, judge, label, settled

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


def test_a_number_whose_century_was_guessed_is_likely() -> None:
    guessed = asked(numbers=frozenset({"196408233234", "186408233234"}), doubtful=frozenset({"196408233234"}))
    assert judge(guessed, ASA) == (Certainty.LIKELY, "samma personnummer, om århundradet är rätt")


def test_what_strangers_share_is_sure_for_none_of_them() -> None:
    sure = judge(asked(numbers=ASA.numbers), ASA)
    stranger = HitFacts(names=("Bo Alm",), numbers=ASA.numbers)
    found = [(sure, ASA), (judge(asked(numbers=ASA.numbers), stranger), stranger), (judge(asked("Åsa"), ASA), ASA)]
    told = settled(found)
    assert [one.certainty for one in told] == [Certainty.LIKELY, Certainty.LIKELY, Certainty.POSSIBLE]
    assert told[0].why == "samma personnummer, men det finns hos flera personer"
    other = HitFacts(names=("Å. Öberg",), numbers=ASA.numbers)
    assert [one.certainty for one in settled([(sure, ASA), (sure, other)])] == [Certainty.SURE, Certainty.SURE]


def test_every_certainty_has_its_word() -> None:
    assert [label(certainty) for certainty in Certainty] == ["Säker", "Trolig", "Möjlig"]
