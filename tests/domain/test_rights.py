import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.rights import RULES, Right, article, label, proposed

WORDS = {
    Right.ACCESS: ("registerutdrag", "vilka uppgifter", "tillgång"),
    Right.ERASURE: ("radera", "ta bort mig", "bli bortglömd"),
    Right.MARKETING: ("reklam", "nyhetsbrev"),
    Right.RECTIFICATION: (),
}


def test_every_right_has_a_rule_and_a_name() -> None:
    assert set(RULES) == set(Right)
    assert len({label(right) for right in Right}) == len(Right)


def test_the_article_is_named_where_there_is_one() -> None:
    assert article(Right.ACCESS) == "Art. 15"
    assert article(Right.COMMENT) == ""


@pytest.mark.parametrize("right", [Right.MARKETING, Right.CONSENT, Right.COMMENT])
def test_what_must_be_done_at_once_cannot_be_refused(right: Right) -> None:
    assert RULES[right].immediate
    assert not RULES[right].can_refuse


@pytest.mark.parametrize("right", Right)
def test_what_holds_a_copy_of_data_is_never_given_without_identity(right: Right) -> None:
    rule = RULES[right]
    assert rule.needs_identity or not (rule.needs_extract or rule.notifies)


@pytest.mark.parametrize("right", [Right.RECTIFICATION, Right.ERASURE, Right.RESTRICTION])
def test_recipients_are_told_of_changes(right: Right) -> None:
    assert RULES[right].notifies


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jag vill ha ett REGISTERUTDRAG", [Right.ACCESS]),
        ("Kan ni radera mig ur nyhetsbrevet?", [Right.ERASURE, Right.MARKETING]),
        ("Sluta skicka reklam! Ta genast bort mig. Ta bort mig!", [Right.ERASURE, Right.MARKETING]),
        ("Vilka\nuppgifter har ni? Och radera dem.", [Right.ACCESS, Right.ERASURE]),
        ("Raderade ni mig?", [Right.ERASURE]),
        ("Tillgang", [Right.ACCESS]),
        ("Det var en paraderare", []),
        ("Hej", []),
        ("", []),
    ],
)
def test_a_letter_proposes_its_rights_best_first(text: str, expected: list[Right]) -> None:
    assert proposed(text, WORDS) == expected


def test_an_empty_phrase_points_to_nothing() -> None:
    assert proposed("vad som helst", {Right.ACCESS: ("", "  ")}) == []


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert set(proposed(text, WORDS)) <= set(WORDS)
