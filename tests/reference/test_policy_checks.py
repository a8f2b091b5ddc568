"""The words of the policy check: every check that can be found has them, in both languages, with a place and a source."""

import ast
import string
from datetime import date
from pathlib import Path

import pytest

from app.domain import policy_check
from app.domain.findings import Weight
from app.domain.policy_facts import HoldsWhile
from app.reference import countries, policy_checks, profiles
from app.reference.policy_checks import Check
from app.reference.requirements import requirements

TODAY = date(2026, 11, 22)
TEXTS = ("title", "why", "suggestion")


def judged() -> set[str]:
    """Return the checks that the judge can find, out of its source."""
    tree = ast.parse(Path(policy_check.__file__).read_text(encoding="utf-8"))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    named = (call for call in calls if ast.unparse(call.func) in ("Finding", "_of"))
    found = {call.args[0].value for call in named if isinstance(call.args[0], ast.Constant)}
    return {str(code) for code in found} | {"late_requests", "late_contacts", "late_incidents", "late_holds"}


def fields(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name}


@pytest.fixture
def known() -> dict[str, Check]:
    return policy_checks.checks(TODAY)


def test_every_check_of_the_judge_has_its_words_and_no_words_are_left_over(known: dict[str, Check]) -> None:
    assert set(known) == judged()


def test_every_check_says_what_why_and_what_to_do_in_both_languages(known: dict[str, Check]) -> None:
    for check in known.values():
        for name in TEXTS:
            swedish, english = getattr(check, name), getattr(check, f"{name}_en")
            assert swedish, check.code
            assert english, check.code
            assert fields(swedish) == fields(english) <= {"about", "lacks", "count"}, check.code


def test_a_check_stands_on_the_law_or_on_a_promise(known: dict[str, Check]) -> None:
    listed = {entry.id for entry in requirements()}
    for check in known.values():
        assert set(check.requirements) <= listed, check.code
        assert check.article or check.requirements, check.code
        assert check.article or check.weight is not Weight.LAW, check.code


def test_what_can_be_missing_has_words(known: dict[str, Check]) -> None:
    source = Path(policy_check.__file__).read_text(encoding="utf-8")
    codes = {"purpose", "basis", "retention", *policy_check.TOLD, "notice", "logic", "dpia_done", "dpia_judged"}
    codes |= {"role", "country", "agreement", "arrangement", "evidence", "told_on", "interest", "balancing"}
    codes |= {"subjects", "categories", "recipients", "transfers", "security", "name", "address", "email"}
    assert codes == set(policy_checks.points())
    for code in codes - {"purpose", "basis", "retention"}:
        assert f'"{code}"' in source, code
    assert all(point.title and point.title_en for point in policy_checks.points().values())


def test_there_are_no_checks_before_the_regulation_applied() -> None:
    with pytest.raises(ValueError, match="2018"):
        policy_checks.checks(date(2018, 5, 24))


def test_the_contradictions_are_dated_and_whole_in_both_languages() -> None:
    found = profiles.profile("itrace").contradictions
    for one in found:
        for name in ("title", "finding", "why", "suggestion", "handled"):
            assert bool(getattr(one, name)) == bool(getattr(one, f"{name}_en")), (one.code, name)
        assert one.why, one.code
        assert one.valid_from >= date(2018, 5, 25)
    assert next(one for one in found if one.code == "C1").valid_from == date(2021, 1, 1)
    assert {one.code: one.holds_while for one in found if one.holds_while is not HoldsWhile.TEXT} == {
        "C2": HoldsWhile.RECIPIENTS,
        "C3": HoldsWhile.LOGINS,
        "C6": HoldsWhile.OFFICER,
        "C8": HoldsWhile.BOOKKEEPING,
        "C10": HoldsWhile.CREDIT,
        "C11": HoldsWhile.WEB_IDS,
        "C12": HoldsWhile.MET,
    }


def test_every_country_of_the_economic_area_has_a_name() -> None:
    from app.domain.transfers import INNER

    assert [code for code in sorted(INNER) if countries.name(code, "sv") == code] == []


@pytest.mark.parametrize(
    ("text", "code"),
    [("USA", "US"), ("usa", "US"), (" Sverige ", "SE"), ("Sweden", "SE"), ("UK", "GB"), ("England", "GB"), ("in", "IN"), ("qq", "QQ"), ("Mars", None), ("", None), ("å1", None)],
)  # fmt: skip
def test_a_country_is_known_by_name_or_letters(text: str, code: str | None) -> None:
    assert countries.code_of(text) == code


def test_a_country_outside_the_list_is_shown_by_its_letters() -> None:
    assert countries.name("QQ", "sv") == "QQ"
    assert (countries.name("DE", "sv"), countries.name("DE", "en")) == ("Tyskland", "Germany")
