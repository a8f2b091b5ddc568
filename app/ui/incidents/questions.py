"""The form's fields as fields on screen, and their answers the way the vault keeps them."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from app.i18n import _, language
from app.reference.breach_form import FormField, FormKind
from app.ui.incidents.moments import MomentField
from app.ui.kit.choice_fields import ChoiceField, ChoicesField
from app.ui.kit.count_fields import CountField, FlagField
from app.ui.kit.date_fields import DateField, Today
from app.ui.kit.fields import Field, LineField
from app.ui.kit.text_field import TextField


def question(field: FormField, today: Today) -> Field:
    """Return an empty field for one of the form's fields."""
    label, is_optional = field.label(language()), not (field.required or field.required_when)
    choices = [(choice.code, choice.shown(language())) for choice in field.options]
    makers: dict[FormKind, Callable[[], Field]] = {
        FormKind.TEXT: lambda: LineField(label, is_optional=is_optional),
        FormKind.LONG: lambda: TextField(label, is_optional=is_optional, max_chars=field.max_chars or 0, lines=4),
        FormKind.CHOICE: lambda: ChoiceField(label, choices, is_optional=is_optional),
        FormKind.CHOICES: lambda: ChoicesField(label, choices, is_optional=is_optional),
        FormKind.DATE: lambda: DateField(label, today, is_optional=is_optional),
        FormKind.DATETIME: lambda: MomentField(label, today, is_optional=is_optional),
        FormKind.COUNT: lambda: CountField(label, is_optional=is_optional),
        FormKind.FLAG: lambda: FlagField(label),
    }
    return makers[field.kind]()


def answer(field: Field) -> Any:
    """Return what a field says in JSON's own kinds; None when it says nothing or cannot be read."""
    value = field.value()
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value) or None
    return None if value == "" else value


def put(field: Field, stored: Any) -> None:
    """Show a stored answer."""
    if isinstance(field, MomentField):
        field.set_value(dt.datetime.fromisoformat(stored) if stored else None)
    elif isinstance(field, DateField):
        field.set_value(dt.date.fromisoformat(stored) if stored else None)
    elif isinstance(field, ChoicesField):
        field.set_value(stored or ())
    elif isinstance(field, LineField | TextField):
        field.set_value(stored or "")
    else:
        field.set_value(stored)


def typed(field: Field) -> list[str]:
    """Return what is typed in a field that cannot be read as an answer yet; empty when it can."""
    if not is_unreadable(field):
        return []
    if isinstance(field, MomentField):
        return [field.line.text(), field.clock.text()]
    return [field.line.text()] if isinstance(field, DateField | CountField) else []


def put_typed(field: Field, texts: list[str]) -> None:
    """Show again what was typed and could not be read."""
    if isinstance(field, DateField | CountField):
        field.line.setText(texts[0])
    if isinstance(field, MomentField):
        field.clock.setText(texts[1])


def is_unreadable(field: Field) -> bool:
    """Say whether something is typed that is not an answer."""
    return isinstance(field, DateField | CountField) and field.is_unreadable()


def why_unreadable(field: Field) -> str:
    """Return how to write the answer instead."""
    if isinstance(field, MomentField):
        return field.why_unreadable()
    if isinstance(field, CountField):
        return _("Skriv antalet med siffror, till exempel 212.")
    return _("Det går inte att läsa som en dag. Skriv till exempel 2026-11-03 eller 3 nov.")


def is_asked(field: FormField, answers: Mapping[str, Any], *, is_late: bool) -> bool:
    """Say whether a question applies, given the other answers."""
    name, equals, code = field.required_when.partition("=")
    if not name or answers.get(field.name):
        return True
    return answers.get(name) == code if equals else is_late
