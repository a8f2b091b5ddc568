"""What follows from what is stored about an incident: its clock, the risk it suggests, what is new, what is missing."""

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from app.domain import severity as rules
from app.domain.breach import BreachClock, breach_clock, in_stockholm
from app.domain.errors import UserError
from app.domain.severity import Risk, SeverityInput
from app.i18n import _, language, language_as
from app.reference.breach_form import form
from app.reference.periods import periods
from app.services import breach_answers
from app.services.breach_answers import SENT
from db.models import Incident

DISCLOSING = ("misdelivery", "disclosure", "access", "theft", "attack")
"""Kinds of incident by which somebody may have come to know the data."""
RECORD = ("description", "incident_type", "cause", "consequences", "measures")
"""What the file must hold before it is closed.  Source: Art. 33.5 GDPR."""


def clock_of(incident: Incident) -> BreachClock:
    """Return the three readings of when an incident must be notified.  Source: Art. 33.1 GDPR."""
    return clock(incident.aware_at)


def clock(aware_at: dt.datetime) -> BreachClock:
    """Return when something known since `aware_at` must be notified.

    Raises:
        UserError: The time is before the regulation applied.
    """
    try:
        lengths = periods(in_stockholm(aware_at).date())
    except ValueError:
        raise UserError(
            _("Tiden ligger före den 25 maj 2018, då dataskyddsförordningen började gälla."),
            stands=_("Incidenten är oförändrad."),
            do=_("Skriv rätt tid."),
        ) from None
    return breach_clock(aware_at, hours=lengths.breach_hours)


def suggestion(incident: Incident) -> Risk:
    """Return the risk level that the answers suggest: the score's, but high when a protected person may be found by it.

    Source: ENISA 2013 (score); product rule on protected identities.
    """
    answers = breach_answers.given(incident)
    if "protected" in answers.get("subject_groups", ()) and answers.get("incident_type") in DISCLOSING:
        return Risk.HIGH
    found = scored(incident)
    return found.risk if found is not None else Risk.UNLIKELY


def scored(incident: Incident) -> rules.Severity | None:
    """Return the score of an incident with its sum in the language in use, None when it is not assessed."""
    names = [name for name in SeverityInput.__dataclass_fields__ if name in incident.severity]
    return rules.severity(SeverityInput(**{name: incident.severity[name] for name in names})) if names else None


def snapshot(session: Session, incident: Incident) -> dict[str, Any]:
    """Return the answers as they stand, in one language so that two snapshots can be compared."""
    with language_as("sv"):
        return breach_answers.filled(session, incident)


def news(session: Session, incident: Incident) -> tuple[str, ...]:
    """Return the names of the answers that the authority has not had, or has had otherwise."""
    sent, now = incident.answers.get(SENT, {}), snapshot(session, incident)
    return tuple(field.name for field in form().fields if now.get(field.name) != sent.get(field.name))


def supplement_by(incident: Incident) -> dt.date | None:
    """Return the day a supplement should be in by, None before the notification.  Source: the authority's own advice."""
    if incident.notified_at is None:
        return None
    sent_on = in_stockholm(incident.notified_at).date()
    return sent_on + dt.timedelta(days=periods(sent_on).supplement_days)


def why_not_close(session: Session, incident: Incident) -> str | None:
    """Return what the file of an incident still lacks, None when it can be closed.  Source: Art. 33.5 GDPR."""
    answers = breach_answers.filled(session, incident)
    if lacking := [form().field(name).label(language()) for name in RECORD if name not in answers]:
        return _("Dokumentationen är inte hel. Svara på: {questions}").format(questions=" · ".join(lacking))
    if incident.risk is None:
        return _("Risken är inte beslutad. Fatta beslutet först.")
    if incident.is_notify and incident.notified_at is None:
        return _("Incidenten ska anmälas men är inte anmäld. Skriv när anmälan skickades.")
    if incident.is_inform and incident.informed_on is None:
        return _("De berörda ska informeras men är inte det. Skriv när de fick veta.")
    return None
