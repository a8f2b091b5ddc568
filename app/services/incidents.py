"""The acts on a personal data breach: log, assess, decide, notify, supplement, inform, close."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from app.domain import severity as rules
from app.domain.audit import Action
from app.domain.breach import in_stockholm
from app.domain.errors import UserError
from app.domain.severity import Risk, Severity, SeverityInput
from app.i18n import _
from app.services import audit, breach_answers
from app.services.breach_answers import SENT
from app.services.guard import guarded
from app.services.incident_facts import clock, clock_of, news, snapshot, suggestion, supplement_by, why_not_close
from app.services.notifications import answers_in_order, notification, notify, supplement
from app.services.numbers import next_number
from db.models import Incident

__all__ = [
    "answers_in_order",
    "assess",
    "clock_of",
    "close",
    "decide",
    "inform",
    "log",
    "mark_notified",
    "news",
    "notification",
    "notify",
    "reopen",
    "suggestion",
    "supplement",
    "supplement_by",
    "update",
    "why_not_close",
]

ORDER = (Risk.UNLIKELY, Risk.RISK, Risk.HIGH)


@guarded
def log(
    session: Session,
    *,
    title: str,
    aware_at: dt.datetime,
    answers: Mapping[str, Any] | None = None,
    now: dt.datetime,
) -> Incident:
    """Write up an incident; its clock starts when the office became aware of it.

    Args:
        session: The write session.
        title: A short name without personal data.
        aware_at: Aware time at which the office knew.
        answers: Answers to the form by name, so far as they are known.
        now: Nothing can be known later than this.

    Source: Art. 33.1 and 33.5 GDPR; the policy's promise R37.

    Raises:
        UserError: No title, a time to come, or an answer that does not fit.
    """
    if not title.strip():
        raise _refused(_("Incidenten saknar rubrik."), _("Skriv några ord om vad som har hänt, utan namn."))
    _check_aware(aware_at, now)
    known = {name: value for name, value in breach_answers.checked(answers or {}).items() if value is not None}
    known.pop("aware_at", None)
    breach_answers.check_together(known)
    incident = Incident(
        number=next_number(session, Incident, "I", in_stockholm(now).year),
        title=title.strip(),
        aware_at=aware_at,
        target_at=clock(aware_at).target_at,
        answers=known,
        severity={},
        decision_reason="",
        authority_reference="",
        late_reason="",
        created_at=now,
    )
    session.add(incident)
    session.flush()
    target = incident.target_at.isoformat()
    audit.record(
        session, Action.INCIDENT_LOGGED, incident, number=incident.number, target_at=target, fields=sorted(known)
    )
    return incident


@guarded
def update(session: Session, incident_id: int, answers: Mapping[str, Any], *, title: str | None = None) -> Incident:
    """Change answers; an empty one takes the earlier one away.  A new time of awareness moves the clock.

    Raises:
        UserError: The incident is closed, an answer does not fit, or the clock of a notified incident would move.
    """
    incident = _open(session, incident_id)
    changes = breach_answers.checked(answers)
    if title is not None:
        if not title.strip():
            raise _refused(_("Incidenten saknar rubrik."), _("Skriv några ord om vad som har hänt, utan namn."))
        incident.title = title.strip()
    if aware := changes.pop("aware_at", None):
        _move_clock(session, incident, dt.datetime.fromisoformat(aware))
    merged = {name: value for name, value in {**incident.answers, **changes}.items() if value is not None}
    breach_answers.check_together(merged)
    incident.answers = merged
    fields = sorted({*changes, *(("aware_at",) if aware else ()), *(("title",) if title is not None else ())})
    audit.record(session, Action.INCIDENT_UPDATED, incident, fields=fields)
    return incident


def _move_clock(session: Session, incident: Incident, aware_at: dt.datetime) -> None:
    if aware_at == incident.aware_at:
        return
    if incident.notified_at is not None:
        raise _refused(
            _("Tiden för vetskap kan inte ändras när incidenten är anmäld."),
            _("Skriv den nya uppgiften i en komplettering."),
        )
    _check_aware(aware_at, session.info["now"])
    incident.aware_at, incident.target_at = aware_at, clock(aware_at).target_at


@guarded
def assess(session: Session, incident_id: int, inputs: SeverityInput) -> Severity:
    """Score how severe an incident is.  A score that suggests a higher risk than was decided opens the decision again.

    Raises:
        UserError: The incident is closed, or an answer is not one of the choices.
    """
    incident = _open(session, incident_id)
    found = rules.severity(inputs)
    incident.score = found.score
    incident.severity = {**asdict(inputs), "score": found.score, "band": found.band.value}
    suggested = suggestion(incident)
    is_reopened = incident.risk is not None and ORDER.index(suggested) > ORDER.index(incident.risk)
    if is_reopened:
        incident.risk = incident.is_notify = incident.is_inform = None
        incident.decided_at = incident.decided_by = None
        incident.decision_reason = ""
    audit.record(
        session,
        Action.INCIDENT_ASSESSED,
        incident,
        score=str(found.score),
        band=found.band.value,
        is_reopened=is_reopened,
    )
    return found


@guarded
def decide(
    session: Session,
    incident_id: int,
    *,
    risk: Risk,
    notify: bool | None = None,
    inform: bool | None = None,
    reason: str = "",
) -> Incident:
    """Record what is decided: the risk, whether the authority is notified and the people informed.

    Args:
        session: The write session.
        incident_id: The incident.
        risk: The risk level that the officer stands for.
        notify: Notify the authority; as the risk level asks when None.
        inform: Inform the people; as the risk level asks when None.
        reason: Why; may be empty only when everything is as suggested.

    Source: Art. 33.1, 33.5 and 34.1 GDPR; the reasons are part of the record.

    Raises:
        UserError: Not assessed, a deviation without a reason, or a decision that the law does not allow.
    """
    incident = _open(session, incident_id)
    wanted = rules.duties(risk)
    is_notify = wanted.notify if notify is None else notify
    is_inform = wanted.inform if inform is None else inform
    _check_decision(incident, wanted, is_notify=is_notify, is_inform=is_inform)
    is_deviation = risk is not suggestion(incident) or (is_notify, is_inform) != (wanted.notify, wanted.inform)
    if is_deviation and not reason.strip():
        raise _refused(
            _("Beslutet avviker från förslaget men saknar skäl."),
            _("Skriv varför du bedömer risken på ett annat sätt."),
        )
    incident.risk, incident.is_notify, incident.is_inform = risk, is_notify, is_inform
    incident.decision_reason = reason.strip() or _("Beslutet följer bedömningen.")
    incident.decided_at, incident.decided_by = session.info["now"], session.info["user"]
    audit.record(
        session,
        Action.INCIDENT_DECIDED,
        incident,
        risk=risk.value,
        is_notify=is_notify,
        is_inform=is_inform,
        is_deviation=is_deviation,
    )
    return incident


def _check_decision(incident: Incident, wanted: rules.Duties, *, is_notify: bool, is_inform: bool) -> None:
    if incident.score is None:
        raise _refused(_("Risken är inte bedömd."), _("Svara på frågorna om konsekvenser och spara bedömningen."))
    if wanted.notify and not is_notify:
        raise _refused(_("En incident med risk ska anmälas."), _("Anmäl den, eller ändra risken och skriv varför."))
    if is_inform and not is_notify:
        raise _refused(
            _("De berörda informeras om en incident som inte anmäls."),
            _("Anmäl incidenten också, eller informera inte."),
        )
    if incident.notified_at is not None and not is_notify:
        raise _refused(_("Incidenten är redan anmäld."), _("Skriv det nya i en komplettering."))


@guarded
def mark_notified(
    session: Session, incident_id: int, *, at: dt.datetime, reference: str = "", late_reason: str = ""
) -> Incident:
    """Record that the authority has the notification.

    Args:
        session: The write session.
        incident_id: The incident.
        at: When it was sent, aware.
        reference: The authority's reference number.
        late_reason: Why it came after the target time; required then.

    Source: Art. 33.1 GDPR.

    Raises:
        UserError: Not decided to be notified, notified already, an impossible time, or late without a reason.
    """
    incident = _open(session, incident_id)
    if not incident.is_notify:
        raise _refused(_("Det är inte beslutat att incidenten ska anmälas."), _("Fatta beslutet först."))
    if incident.notified_at is not None:
        raise _refused(_("Incidenten är redan anmäld."), _("Skriv det nya i en komplettering."))
    if not incident.aware_at <= at <= session.info["now"]:
        raise _refused(
            _("Tiden för anmälan stämmer inte."), _("Skriv en tid efter att ni fick vetskap, och inte i framtiden.")
        )
    reason = late_reason.strip() or str(incident.answers.get("late_reason", ""))
    is_late = at > incident.target_at
    if is_late and not reason:
        raise _refused(
            _("Anmälan är sen och saknar motivering."), _("Skriv varför den kommer mer än 72 timmar efter vetskapen.")
        )
    incident.notified_at, incident.authority_reference = at, reference.strip()
    incident.late_reason = reason if is_late else ""
    incident.answers = {**incident.answers, SENT: snapshot(session, incident)}
    audit.record(
        session, Action.INCIDENT_NOTIFIED, incident, is_late=is_late, has_reference=bool(incident.authority_reference)
    )
    return incident


@guarded
def inform(session: Session, incident_id: int, *, informed_on: dt.date, today: dt.date) -> Incident:
    """Record that the people concerned have been told.

    Source: Art. 34.1 and 34.2 GDPR.

    Raises:
        UserError: The incident is closed, or the day is impossible.
    """
    incident = _open(session, incident_id)
    if not in_stockholm(incident.aware_at).date() <= informed_on <= today:
        raise _refused(
            _("Dagen för informationen stämmer inte."),
            _("Skriv en dag efter att ni fick vetskap, och inte i framtiden."),
        )
    incident.informed_on = informed_on
    incident.answers = {**incident.answers, "subjects_informed": "yes", "informed_at": informed_on.isoformat()}
    audit.record(session, Action.INCIDENT_INFORMED, incident, informed_on=informed_on.isoformat())
    return incident


@guarded
def close(session: Session, incident_id: int, *, today: dt.date) -> Incident:
    """Close an incident whose file is complete.

    Raises:
        UserError: Something is missing, or it is closed already.
    """
    incident = _open(session, incident_id)
    if lacking := why_not_close(session, incident):
        raise _refused(_("Incidenten kan inte avslutas."), lacking)
    incident.closed_on = today
    audit.record(session, Action.INCIDENT_CLOSED, incident)
    return incident


@guarded
def reopen(session: Session, incident_id: int) -> Incident:
    """Open a closed incident again, when something new is known.

    Raises:
        UserError: It is open.
    """
    incident = session.get_one(Incident, incident_id)
    if incident.closed_on is None:
        raise _refused(_("Incidenten är öppen."), _("Du behöver inte göra något mer."))
    incident.closed_on = None
    audit.record(session, Action.REOPENED, incident)
    return incident


def _open(session: Session, incident_id: int) -> Incident:
    incident = session.get_one(Incident, incident_id)
    if incident.closed_on is not None:
        raise _refused(_("Incidenten är avslutad."), _("Öppna den igen om något ska ändras."))
    return incident


def _check_aware(aware_at: dt.datetime, now: dt.datetime) -> None:
    if aware_at > now:
        raise _refused(_("Tiden för vetskap ligger i framtiden."), _("Skriv när ni fick veta det."))


def _refused(what: str, do: str) -> UserError:
    return UserError(what, stands=_("Incidenten är oförändrad."), do=do)
