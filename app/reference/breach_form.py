"""The authority's breach form as data: its fields in the form's order, keyed by name."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from app.reference.reader import ResourceError, load
from app.reference.rights import Choice


class FormKind(StrEnum):
    """How a field of the form is answered."""

    TEXT = "text"
    LONG = "long"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    DATETIME = "datetime"
    COUNT = "count"
    FLAG = "flag"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One field of the form.

    Attributes:
        name: The key of the answer.
        number: The number in the Swedish form where it was seen; None otherwise.
        number_en: The number in the English form, which differs.
        label_sv: The form's own words where they were seen.
        max_chars: The longest answer; None for fields without free text.
        step: In which of the program's six steps the question is asked.
        required: The notification is not complete without it.
        required_when: `late`, or `field=code`: it is required only then.
        is_verified: The wording was seen in the form.
        source: Where the wording comes from.
    """

    name: str
    step: int
    kind: FormKind
    label_sv: str
    label_en: str
    number: str | None
    number_en: str | None
    required: bool
    is_verified: bool
    source: str
    options: tuple[Choice, ...] = ()
    max_chars: int | None = None
    required_when: str = ""

    def label(self, language: str) -> str:
        """Return the question in `language`, `sv` or `en`."""
        return self.label_en if language == "en" else self.label_sv

    def option(self, code: str, language: str) -> str:
        """Return the text of an option, or the code itself when the form no longer has it."""
        return next((choice.shown(language) for choice in self.options if choice.code == code), code)


@dataclass(frozen=True, slots=True)
class Step:
    """One of the steps that the questions are asked in."""

    number: int
    title: str
    title_en: str


@dataclass(frozen=True, slots=True)
class BreachForm:
    """The form as it was on the day it was seen."""

    seen_on: date
    max_chars_verified: bool
    requirements: tuple[str, ...]
    steps: tuple[Step, ...]
    fields: tuple[FormField, ...]

    def field(self, name: str) -> FormField:
        """Return the field called `name`.

        Raises:
            KeyError: The form has no such field.
        """
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    def in_step(self, number: int) -> tuple[FormField, ...]:
        """Return the fields of one step, in the form's order."""
        return tuple(field for field in self.fields if field.step == number)


@cache
def form() -> BreachForm:
    """Return the form.

    Raises:
        ResourceError: The file contradicts itself.
    """
    found = load("breach_form.json", BreachForm)
    if problems := broken(found):
        raise ResourceError(f"breach_form.json: {'; '.join(problems)}")
    return found


def broken(form: BreachForm) -> tuple[str, ...]:
    """Return what is wrong inside the form."""
    names = [field.name for field in form.fields]
    steps = {step.number for step in form.steps}
    problems = [f"{name} twice" for name in sorted({name for name in names if names.count(name) > 1})]
    for field in form.fields:
        problems += _field_problems(field, steps)
        problems += _condition_problems(field, form)
    return tuple(problems)


def _field_problems(field: FormField, steps: set[int]) -> list[str]:
    is_choice = field.kind in {FormKind.CHOICE, FormKind.CHOICES}
    found = {
        f"{field.name}: no step {field.step}": field.step not in steps,
        f"{field.name}: options": is_choice != bool(field.options),
        f"{field.name}: max_chars": (field.kind is FormKind.LONG) != (field.max_chars is not None),
        f"{field.name}: a number that was not seen": field.number is not None and not field.is_verified,
    }
    return [problem for problem, is_wrong in found.items() if is_wrong]


def _condition_problems(field: FormField, form: BreachForm) -> list[str]:
    name, equals, code = field.required_when.partition("=")
    if not equals:
        return [] if name in {"", "late"} else [f"{field.name}: when {name}?"]
    options = {choice.code for asked in form.fields if asked.name == name for choice in asked.options}
    return [] if code in options else [f"{field.name}: no {code} in {name}"]
