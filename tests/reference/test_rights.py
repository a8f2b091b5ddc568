"""Words, grounds and contents of replies for every right."""

import pytest

from app.domain.rights import RULES, Right, proposed
from app.reference import rights


@pytest.mark.parametrize("right", Right)
def test_every_right_has_words_and_a_reply_that_mentions_the_complaint(right: Right) -> None:
    texts = rights.right_texts(right)
    assert texts.words
    assert "complaint" in {item.code for item in texts.reply}


@pytest.mark.parametrize("right", Right)
def test_grounds_and_refusals_follow_the_rule_of_the_right(right: Right) -> None:
    texts, rule = rights.right_texts(right), RULES[right]
    assert bool(texts.grounds) == rule.has_grounds
    assert bool(texts.refusals) == rule.can_refuse


def test_the_policy_has_six_grounds_for_erasure_and_the_law_one_more() -> None:
    grounds = rights.erasure_grounds()
    assert [ground.code for ground in grounds] == ["G1", "G2", "G3", "G4", "G5", "G6", "F"]
    articles = [ground.article for ground in grounds]
    assert all(f"Art. 17.1 {letter}" in " ".join(articles) for letter in "abcde")


def test_bookkeeping_and_claims_are_grounds_to_refuse_erasure_but_marketing_is_never_refused() -> None:
    assert {"bookkeeping", "legal_claims"} <= {ground.code for ground in rights.refusal_grounds(Right.ERASURE)}
    assert rights.refusal_grounds(Right.MARKETING) == ()


def test_the_reply_to_an_access_request_holds_all_that_article_15_asks_for() -> None:
    reply = {item.code for item in rights.right_texts(Right.ACCESS).reply}
    assert {"confirmation", "purposes", "categories", "recipients", "storage", "rights", "complaint"} <= reply
    assert {"source", "automated", "transfers", "copy", "basis"} <= reply


def test_the_balancing_asks_in_both_languages() -> None:
    assert len(rights.balancing()) >= 6
    assert all(question.shown("sv") != question.shown("en") for question in rights.balancing())


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Hej, jag vill ha ett registerutdrag", Right.ACCESS),
        ("I want a copy of my data", Right.ACCESS),
        ("Min adress stämmer inte, kan ni ändra min adress?", Right.RECTIFICATION),
        ("Jag vill bli glömd", Right.ERASURE),
        ("Please delete my data", Right.ERASURE),
        ("Pausa användningen tills ni har utrett", Right.RESTRICTION),
        ("Kan jag få mina uppgifter i Excel?", Right.PORTABILITY),
        ("Jag invänder mot profilering", Right.OBJECTION),
        ("Sluta skicka nyhetsbrev", Right.MARKETING),
        ("Jag återkallar mitt samtycke", Right.CONSENT),
        ("En algoritm nekade mig", Right.AUTOMATED),
        ("Jag tänker klaga hos IMY", Right.COMPLAINT),
        ("Jag kräver skadestånd", Right.COMPENSATION),
        ("Ta bort min kommentar från sidan", Right.COMMENT),
        ("Radera referenskommentaren jag skrev", Right.COMMENT),
        ("Jag förstår inte er integritetspolicy", Right.INFORMATION),
    ],
)
def test_a_mail_points_to_the_right_it_asks_for(text: str, first: Right) -> None:
    assert proposed(text, rights.right_words())[0] is first


@pytest.mark.parametrize("text", ["Jag har en reklamation på min vara", "När öppnar ni på lördag?", ""])
def test_an_ordinary_mail_points_to_no_right(text: str) -> None:
    assert proposed(text, rights.right_words()) == []
