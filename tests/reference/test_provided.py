"""Every field of the register has its answer to "who provided it"."""

import dataclasses
import datetime as dt

import pytest

from app.domain.outputs import Provided
from app.reference.fields import by_code
from app.reference.provided import Reading, reading

TODAY = dt.date(2026, 11, 22)


def unanswered(found: Reading) -> set[str]:
    """Return the fields that no answer names, or that two do; passwords are never carried away."""
    named = [code for codes in found.by_field.values() for code in codes]
    carried = {code for code, known in by_code().items() if not known.withheld}
    return (carried - set(named)) | {code for code in named if named.count(code) > 1} | (set(named) - set(by_code()))


def test_every_field_has_one_answer() -> None:
    assert unanswered(reading(TODAY)) == set()


def test_a_field_that_is_forgotten_or_named_twice_is_seen() -> None:
    found = reading(TODAY)
    made = found.by_field[Provided.MADE]
    lacking = dataclasses.replace(found, by_field={**found.by_field, Provided.MADE: made[1:]})
    twice = dataclasses.replace(found, by_field={**found.by_field, Provided.MADE: (*made, "email")})
    assert unanswered(lacking) == {made[0]}
    assert unanswered(twice) == {"email"}


@pytest.mark.parametrize(
    ("field", "kind", "answer"),
    [
        ("email", "own", Provided.GIVEN),
        ("email", "third_party", Provided.OTHERS),
        ("segment", "subject", Provided.MADE),
        ("correspondence", "own", Provided.UNCLEAR),
        ("correspondence", "subject", Provided.GIVEN),
        ("correspondence", "observed", Provided.OBSERVED),
        ("visit", "own", Provided.OBSERVED),
        ("nothing", "own", Provided.UNCLEAR),
    ],
)
def test_the_source_answers_first_then_the_field(field: str, kind: str, answer: Provided) -> None:
    assert reading(TODAY).answer(field, kind) is answer


def test_before_the_regulation_there_is_no_answer() -> None:
    with pytest.raises(ValueError, match="2018"):
        reading(dt.date(2018, 5, 24))
