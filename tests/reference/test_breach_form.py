"""The authority's form, the severity questions and the glossary."""

import copy
import json
from typing import Any

import pytest

from app.domain.severity import SeverityInput, severity
from app.paths import resource
from app.reference import breach_form, glossary, reader
from app.reference.breach_form import BreachForm
from app.reference.severity import questions


def raw() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(resource("breach_form.json").read_text(encoding="utf-8"))
    return found


def test_the_form_holds_together() -> None:
    assert breach_form.broken(breach_form.form()) == ()


def test_only_numbers_that_were_seen_are_printed() -> None:
    numbers = {field.name: field.number for field in breach_form.form().fields if field.number}
    assert numbers == {
        "controller.name": "1",
        "controller.orgnr": "2",
        "controller.postal": "3",
        "contact.address": "9",
        "occurred_to": "13",
        "subject_groups": "25",
        "data_types": "26",
        "consequences": "28",
        "measures": "30",
        "informed_at": "32",
        "will_inform_at": "34",
        "not_informed_reason": "35",
    }


def test_the_fields_stand_in_the_order_of_the_numbers() -> None:
    numbers = [int(field.number) for field in breach_form.form().fields if field.number]
    assert numbers == sorted(numbers)


def test_every_step_asks_something_and_every_field_has_a_step() -> None:
    form = breach_form.form()
    assert [step.title for step in form.steps] == [
        *("Vad hände", "När", "Vilka berörs", "Konsekvens", "Åtgärder", "Granska")
    ]
    assert all(form.in_step(step.number) for step in form.steps)
    assert sum(len(form.in_step(step.number)) for step in form.steps) == len(form.fields)


def test_the_minimum_of_article_33_3_is_required() -> None:
    needed = {field.name for field in breach_form.form().fields if field.required}
    assert {"description", "subject_groups", "data_types", "contact.name", "consequences", "measures"} <= needed
    assert "controller.orgnr" not in needed


def test_the_reason_for_delay_is_required_only_when_late() -> None:
    field = breach_form.form().field("late_reason")
    assert (field.required, field.required_when) == (False, "late")


def test_fields_and_options_speak_both_languages() -> None:
    form = breach_form.form()
    for field in form.fields:
        assert field.label("sv") != field.label("en"), field.name
    assert form.field("cause").option("human", "sv") == "Den mänskliga faktorn"
    assert form.field("cause").option("human", "en") == "Human error"
    assert form.field("cause").option("gone", "sv") == "gone"
    with pytest.raises(KeyError):
        form.field("no_such_field")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda raw: raw["fields"].append(raw["fields"][0]), "controller.name twice"),
        (lambda raw: raw["fields"][0].update(step=7), "controller.name: no step 7"),
        (lambda raw: raw["fields"][0].update(options=[{"code": "a", "title": "a", "title_en": "a"}]), "options"),
        (lambda raw: raw["fields"][0].update(kind="long"), "controller.name: max_chars"),
        (lambda raw: raw["fields"][0].update(is_verified=False), "a number that was not seen"),
        (lambda raw: raw["fields"][0].update(required_when="rain"), "when rain?"),
        (lambda raw: raw["fields"][0].update(required_when="subjects_informed=perhaps"), "no perhaps in"),
    ],
)
def test_a_form_that_contradicts_itself_is_found(change: Any, problem: str) -> None:
    broken = copy.deepcopy(raw())
    change(broken)
    assert problem in "; ".join(breach_form.broken(reader.build(BreachForm, broken, "breach_form.json")))


def test_every_combination_of_the_severity_answers_can_be_scored() -> None:
    answers = {question.code: [choice.value for choice in question.choices] for question in questions()}
    assert set(answers) == set(SeverityInput.__dataclass_fields__)
    low = severity(SeverityInput(**{code: min(values) for code, values in answers.items()}))
    high = severity(SeverityInput(**{code: max(values) for code, values in answers.items()}))
    assert (low.score, high.score) == (0.25, 6.0)
    for code, values in answers.items():
        for value in values:
            severity(SeverityInput(**({"dpc": 1.0, "ei": 1.0} | {code: value})))


def test_the_glossary_explains_the_words_that_an_extract_uses() -> None:
    words = {term.title for term in glossary.glossary()}
    assert {"Personuppgift", "Ändamål", "Rättslig grund", "Mottagare", "Gallring", "Intresseavvägning"} <= words
    codes = [term.code for term in glossary.glossary()]
    assert len(codes) == len(set(codes))
    assert all(term.shown("sv") != term.shown("en") for term in glossary.glossary())
