"""The letters: both languages alike, plain words, and the remedies that the law wants."""

import json
import re
from datetime import date
from typing import Any

import pytest

from app.domain.rights import Right
from app.paths import resource
from app.reference import letters
from app.reference.authority import authority
from app.reference.letters import KINDS, LANGUAGES, MERGE_FIELDS, NOT_REPLIES, REFUSALS, LetterTemplate, template
from app.reference.reader import ResourceError

AUTHORITY = authority(date(2026, 11, 22))
FACTS = {
    **dict.fromkeys(MERGE_FIELDS, "kort svar"),
    "reference": "B-2026-048",
    "received": "den 20 oktober 2026",
    "due": "den 20 november 2026",
    "extended_due": "den 20 januari 2027",
    "today": "den 10 november 2026",
    "name": "Åsa Öberg",
    "controller": "iTrace",
    "officer": "Eva Lind",
    "officer_email": "ombud@example.se",
    "officer_phone": "070-174 06 05",
    "authority": AUTHORITY.printed_name,
    "authority_address": AUTHORITY.address,
}
FORBIDDEN = re.compile(
    r"\b(avseende|erhåll\w*|härmed|ovanstående|nedanstående|vederbörande|pursuant|hereby|aforementioned)\b"
)
EVERY = [(kind, language) for kind in KINDS for language in LANGUAGES]
LIX_LIMIT, SENTENCE_LIMIT = 45, 20


def body(letter: LetterTemplate) -> str:
    return "\n".join(letter.fill(FACTS).paragraphs)


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?:])\s+", text) if part]


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_][\w@’'.-]*", text)


def lix(text: str) -> float:
    """Return the readability figure LIX: words per sentence plus the percentage of words over six letters."""
    found = words(text)
    long = [word for word in found if len(word.strip(".")) > 6]
    return len(found) / len(sentences(text)) + 100 * len(long) / len(found)


def too_long(text: str) -> list[str]:
    return [part for part in sentences(text) if len(words(part)) > SENTENCE_LIMIT]


def raw(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(resource(f"letters/{kind}.json").read_text(encoding="utf-8"))
    return found


SHARED = raw("shared")


def test_every_file_is_a_kind_and_every_kind_a_file() -> None:
    files = {path.stem for path in resource("letters").glob("*.json")} - {"shared"}
    assert files == set(KINDS)


@pytest.mark.parametrize("right", Right)
def test_every_right_has_a_letter_that_answers_it(right: Right) -> None:
    own = {Right.OBJECTION: "objection_granted"}
    assert own.get(right, str(right)) in KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_has_the_same_fields_and_conditions_in_both_languages(kind: str) -> None:
    swedish, english = template(kind, "sv"), template(kind, "en")
    assert swedish.fields == english.fields
    assert [part.when for part in swedish.parts] == [part.when for part in english.parts]
    assert swedish.paragraphs != english.paragraphs


def test_every_merge_field_is_used_somewhere() -> None:
    assert frozenset().union(*(template(kind, "sv").fields for kind in KINDS)) == MERGE_FIELDS


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_every_reply_says_where_to_complain(kind: str, language: str) -> None:
    if kind not in NOT_REPLIES:
        assert {"authority", "authority_address"} <= template(kind, language).fields


@pytest.mark.parametrize("kind", sorted(REFUSALS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_gives_its_reason_and_the_way_to_court(kind: str, language: str) -> None:
    letter = template(kind, language)
    assert "reason" in letter.fields
    assert "tingsrätt" in body(letter)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_to_people_affected_by_a_breach_holds_what_the_law_wants(language: str) -> None:
    needed = {"what_happened", "officer", "officer_email", "consequences", "measures", "advice"}
    assert needed <= template("incident_information", language).fields


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_about_more_time_gives_the_new_day_and_the_reason(language: str) -> None:
    assert {"extended_due", "reason"} <= template("extension", language).fields


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_letter_is_plain(kind: str, language: str) -> None:
    text = body(template(kind, language))
    assert FORBIDDEN.findall(text.casefold()) == []
    assert too_long(text) == []
    assert lix(text) <= LIX_LIMIT


def test_stiff_language_is_found() -> None:
    stiff = (
        "Härmed meddelas att personuppgiftsansvarig avseende registerutdraget kommer att tillhandahålla "
        "registrerade personuppgifter sedan identitetskontroll genomförts i enlighet med dataskyddsförordningens "
        "bestämmelser om transparent information och kommunikation till den registrerade."
    )
    assert FORBIDDEN.findall(stiff.casefold()) == ["härmed", "avseende"]
    assert too_long(stiff) == [stiff]
    assert lix(stiff) > LIX_LIMIT


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_nothing_is_missing_when_all_facts_are_given(kind: str, language: str) -> None:
    filled = template(kind, language).fill(FACTS)
    assert filled.missing == ()
    assert "{" not in "".join((filled.subject, *filled.paragraphs))


def test_a_paragraph_without_its_fact_is_left_out_and_a_needed_fact_is_named() -> None:
    filled = template("erasure", "sv").fill(FACTS | {"recipients": "", "erased": ""})
    assert filled.missing == ("erased",)
    assert any("{erased}" in paragraph for paragraph in filled.paragraphs)
    assert not any("fått uppgifterna" in paragraph for paragraph in filled.paragraphs)


@pytest.mark.parametrize(
    ("fact", "ending"),
    [("Namn", ": Namn."), ("Namn (Art. 5)", ": Namn (Art. 5)."), ("Namn.", ": Namn."), ("Varför?", ": Varför?")],
)
def test_a_paragraph_that_ends_with_a_fact_ends_with_one_full_stop(fact: str, ending: str) -> None:
    filled = template("erasure", "sv").fill(FACTS | {"erased": fact})
    assert any(paragraph.endswith(ending) for paragraph in filled.paragraphs)
    assert not filled.subject.endswith(".")


def test_a_value_is_never_read_as_a_template() -> None:
    filled = template("information", "sv").fill(FACTS | {"reason": "skriv {officer_email} {0.__class__}"})
    assert any("{officer_email} {0.__class__}" in paragraph for paragraph in filled.paragraphs)
    assert filled.missing == ()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda raw: raw["sv"]["paragraphs"].append("Ditt {shoe_size}"), "unknown field: shoe_size"),
        (lambda raw: raw["sv"]["paragraphs"].append("@nothing"), "no shared paragraph @nothing"),
        (lambda raw: raw["sv"]["paragraphs"].append({"text": "Hej", "when": "rain"}), "unknown field: rain"),
        (lambda raw: raw["sv"]["paragraphs"].append({"txt": "Hej"}), "unknown: txt"),
        (lambda raw: raw.pop("sv"), "no sv"),
    ],
)
def test_a_broken_letter_is_refused(change: Any, problem: str) -> None:
    broken = raw("refusal")
    change(broken)
    with pytest.raises(ResourceError, match=problem):
        letters.read_template("refusal", "sv", broken, SHARED)


def test_a_letter_that_lost_its_complaint_paragraph_would_be_noticed() -> None:
    broken = raw("refusal")
    broken["sv"]["paragraphs"].remove("@complaint")
    assert "authority" not in letters.read_template("refusal", "sv", broken, SHARED).fields


def test_an_unknown_letter_is_refused() -> None:
    with pytest.raises(FileNotFoundError):
        template("love", "sv")
