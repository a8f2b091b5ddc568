"""Answers to the authority's breach form: checked, filled in from what is known, and put into words.  Belongs to `incidents`."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.documents.content import Answer
from app.domain.breach import in_stockholm, stockholm
from app.domain.errors import UserError
from app.domain.wording import clock, day
from app.i18n import _, language
from app.reference.breach_form import FormField, FormKind, form
from app.services import organisation
from db.models import Incident

SENT = "_sent"
"""The answers that the authority has had; kept beside the others, so that a supplement holds only what is new."""
PAIRS = (("n_subjects_low", "n_subjects_high"), ("n_records_low", "n_records_high"))

Answers = dict[str, Any]


def given(incident: Incident) -> Answers:
    """Return the answers that somebody has given, by the names of the form."""
    return {name: value for name, value in incident.answers.items() if name != SENT}


def checked(changes: Mapping[str, Any]) -> Answers:
    """Return answers in the form they are stored in: choices by code, days and times in ISO, times in UTC.

    An empty answer comes back as None, which takes an earlier one away.

    Raises:
        UserError: The form has no such question, or an answer does not fit its question.
    """
    known = {field.name: field for field in form().fields}
    if unknown := sorted(set(changes) - set(known)):
        raise _wrong(_("Formuläret har ingen fråga som heter {name}.").format(name=", ".join(unknown)))
    return {name: _checked(known[name], value) for name, value in changes.items()}


def _checked(field: FormField, value: Any) -> Any:
    if value is None or value in ("", []):
        return None
    try:
        fits = _READERS[field.kind](field, value)
    except (ValueError, TypeError) as error:
        raise _wrong(
            _("Svaret på ”{question}” passar inte frågan.").format(question=field.label(language()))
        ) from error
    if field.max_chars is not None and len(fits) > field.max_chars:
        raise _wrong(
            _("Svaret på ”{question}” är {count} tecken för långt.").format(
                question=field.label(language()), count=len(fits) - field.max_chars
            )
        )
    return fits


def _text(_field: FormField, value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value.strip()


def _choice(field: FormField, value: Any) -> str:
    if value not in {option.code for option in field.options}:
        raise ValueError
    return str(value)


def _choices(field: FormField, value: Any) -> list[str]:
    if not isinstance(value, list | tuple):
        raise TypeError
    return list(dict.fromkeys(_choice(field, code) for code in value))


def _date(_field: FormField, value: Any) -> str:
    if isinstance(value, dt.datetime):
        raise TypeError
    return (value if isinstance(value, dt.date) else dt.date.fromisoformat(value)).isoformat()


def moment(value: Any) -> dt.datetime:
    """Return a time as aware UTC; one without a zone is read as the clock in Sweden.

    Raises:
        ValueError: It is not a time.
        TypeError: It is neither text nor a time.
        UserError: Clocks in Sweden never showed it, or showed it twice.
    """
    at = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(value)
    return at.astimezone(dt.UTC) if at.tzinfo is not None else stockholm(at.date(), at.time())


def _moment(_field: FormField, value: Any) -> str:
    return moment(value).isoformat()


def _count(_field: FormField, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    if value < 0:
        raise ValueError
    return value


def _flag(_field: FormField, value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


_READERS: dict[FormKind, Callable[[FormField, Any], Any]] = {
    FormKind.TEXT: _text,
    FormKind.LONG: _text,
    FormKind.CHOICE: _choice,
    FormKind.CHOICES: _choices,
    FormKind.DATE: _date,
    FormKind.DATETIME: _moment,
    FormKind.COUNT: _count,
    FormKind.FLAG: _flag,
}


def check_together(answers: Mapping[str, Any]) -> None:
    """Refuse answers that contradict each other.

    Raises:
        UserError: The least number is above the greatest, or the end comes before the beginning.
    """
    for low, high in PAIRS:
        if answers.get(low) is not None and answers.get(high) is not None and answers[low] > answers[high]:
            raise _wrong(_("Det minsta antalet är större än det högsta."))
    start, end = answers.get("occurred_from"), answers.get("occurred_to")
    if start and end and start > end:  # both ISO in UTC
        raise _wrong(_("Incidenten upphörde innan den började."))


def filled(session: Session, incident: Incident) -> Answers:
    """Return the answers with those that the vault knows by itself; a given answer always wins."""
    controller = organisation.fact(session, organisation.CONTROLLER)
    officer = organisation.fact(session, organisation.OFFICER)
    postal = "\n".join(controller.get("address_lines") or ())
    known: Answers = {
        "controller.name": controller.get("name"),
        "controller.orgnr": None if controller.get("is_sole_trader") else controller.get("orgnr"),
        "controller.postal": postal,
        "incident.ref": incident.number,
        "contact.name": officer.get("name") or controller.get("name"),
        "contact.role": _("Dataskyddsombud"),
        "contact.phone": officer.get("phone") or controller.get("phone"),
        "contact.email": officer.get("email") or controller.get("email"),
        "contact.address": postal,
        "aware_at": incident.aware_at.isoformat(),
        "late_reason": incident.late_reason,
        "severity": incident.severity.get("band"),
    }
    if incident.informed_on is not None:
        known |= {"subjects_informed": "yes", "informed_at": incident.informed_on.isoformat()}
    return {name: value for name, value in {**known, **given(incident)}.items() if value not in (None, "")}


def in_order(session: Session, incident: Incident, *, is_late: bool) -> tuple[Answer, ...]:
    """Return every question of the form with its answer, in the form's order and the language in use.

    Args:
        session: Any session.
        incident: The incident.
        is_late: The target time has passed without a notification, so that the reason is asked for.
    """
    answers = filled(session, incident)
    return tuple(
        Answer(
            number=field.number_en if language() == "en" else field.number,
            name=field.name,
            label=field.label(language()),
            text=_in_words(field, answers.get(field.name)),
            is_missing=field.name not in answers and _is_required(field, answers, is_late=is_late),
        )
        for field in form().fields
    )


def _is_required(field: FormField, answers: Mapping[str, Any], *, is_late: bool) -> bool:
    if field.required_when == "late":
        return is_late
    name, equals, code = field.required_when.partition("=")
    return field.required or (bool(equals) and answers.get(name) == code)


def missing(answers: Sequence[Answer]) -> tuple[str, ...]:
    """Return the questions that must be answered and are not."""
    return tuple(answer.label for answer in answers if answer.is_missing)


def _in_words(field: FormField, value: Any) -> str:
    if value is None:
        return ""
    return _WRITERS.get(field.kind, _as_it_is)(field, value)


def _as_it_is(_field: FormField, value: Any) -> str:
    return str(value)


_WRITERS: dict[FormKind, Callable[[FormField, Any], str]] = {
    FormKind.CHOICE: lambda field, code: field.option(code, language()),
    FormKind.CHOICES: lambda field, codes: "; ".join(field.option(code, language()) for code in codes),
    FormKind.FLAG: lambda _field, value: _("Ja") if value else _("Nej"),
    FormKind.DATE: lambda _field, value: day(dt.date.fromisoformat(value)),
    FormKind.DATETIME: lambda _field, value: clock(in_stockholm(dt.datetime.fromisoformat(value))),
}


def _wrong(what: str) -> UserError:
    return UserError(what, stands=_("Incidenten är oförändrad."), do=_("Rätta svaret och spara igen."))
