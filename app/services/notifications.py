"""The notification of a breach as a document: the first one, and the supplement that holds only what is new."""

import datetime as dt
import json

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.content import Answer, Mark, Notification
from app.domain import severity as rules
from app.domain.audit import Action, label
from app.domain.breach import in_stockholm
from app.domain.errors import UserError
from app.domain.wording import clock
from app.i18n import _, language_as, ngettext
from app.services import audit, breach_answers, filing, incident_facts, organisation
from app.services.breach_answers import SENT
from app.services.guard import guarded
from db.models import Attachment, AuditEntry, Incident


def answers_in_order(
    session: Session, incident_id: int, *, language: str = "sv", now: dt.datetime
) -> tuple[Answer, ...]:
    """Return every question of the authority's form with its answer, in the form's order, for copying one by one."""
    incident = session.get_one(Incident, incident_id)
    with language_as(language):
        return breach_answers.in_order(session, incident, is_late=_is_late(incident, now))


def notification(session: Session, incident_id: int, *, language: str = "sv", now: dt.datetime) -> Notification:
    """Return the notification as it stands, missing answers marked.

    Source: Art. 33.3 and 33.5 GDPR.
    """
    incident = session.get_one(Incident, incident_id)
    with language_as(language):
        return _content(session, incident, _Sheet("notification", language, now))


class _Sheet:
    """Which document is written, in which language and when."""

    def __init__(self, kind: str, language: str, now: dt.datetime) -> None:
        self.kind, self.language, self.now = kind, language, now

    @property
    def file_name(self) -> str:
        return "komplettering" if self.kind == "supplement" else "anmalan"


def _content(session: Session, incident: Incident, sheet: _Sheet, only: tuple[str, ...] | None = None) -> Notification:
    found = breach_answers.in_order(session, incident, is_late=_is_late(incident, sheet.now))
    return Notification(
        mark=Mark(
            reference=incident.number,
            made_on=in_stockholm(sheet.now).date(),
            language=sheet.language,
            is_example=organisation.is_example(session),
            version=filing.next_version(session, sheet.kind, filing.Place(incident_id=incident.id)),
            trail=audit.head(session),
        ),
        status_text=_status(incident),
        clock_text=_clock(incident, sheet.now),
        answers=tuple(answer for answer in found if only is None or answer.name in only),
        severity_text=scored.sum if (scored := incident_facts.scored(incident)) else "",
        decision_text=_decision(incident),
        late_reason=incident.late_reason,
        log=_log(session, incident),
        is_supplement=only is not None,
    )


def _is_late(incident: Incident, now: dt.datetime) -> bool:
    return (incident.notified_at or now) > incident.target_at


def _status(incident: Incident) -> str:
    if incident.notified_at is not None:
        sent = _("Anmäld {time}").format(time=clock(in_stockholm(incident.notified_at)))
        number = incident.authority_reference
        return _("{sent}, referens {number}").format(sent=sent, number=number) if number else sent
    if incident.risk is None:
        return _("Utkast: risken är inte beslutad")
    return _("Utkast: ska anmälas") if incident.is_notify else _("Anmäls inte: bara dokumentation")


def _clock(incident: Incident, now: dt.datetime) -> str:
    words = incident_facts.clock_of(incident).sum
    if incident.notified_at is not None:
        return words
    minutes = int((incident.target_at - now).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    span = _("{hours} tim {minutes} min").format(hours=hours, minutes=rest)
    left = _("{span} kvar") if minutes >= 0 else _("{span} för sent")
    return f"{words}. {left.format(span=span)}."


def _decision(incident: Incident) -> str:
    if incident.risk is None or incident.decided_at is None:
        return ""
    wanted = rules.Duties(document=True, notify=bool(incident.is_notify), inform=bool(incident.is_inform))
    by = _("Beslutat av {user} {time}.").format(user=incident.decided_by, time=clock(in_stockholm(incident.decided_at)))
    return f"{rules.label(incident.risk)}. {rules.duties_label(wanted)}. {incident.decision_reason} {by}"


def _log(session: Session, incident: Incident) -> tuple[str, ...]:
    query = (
        sa.select(AuditEntry)
        .where(AuditEntry.object_kind == "incident", AuditEntry.object_id == str(incident.id))
        .order_by(AuditEntry.seq)
    )
    return tuple(_line(entry) for entry in session.scalars(query))


def _line(entry: AuditEntry) -> str:
    fields = len(json.loads(entry.payload).get("fields", ()))
    extent = ngettext("{count} svar", "{count} svar", fields).format(count=fields) if fields else ""
    parts = [label(entry.action), extent, entry.user]
    return f"{clock(in_stockholm(entry.at))}: {', '.join(part for part in parts if part)}"


@guarded
def notify(session: Session, incident_id: int, *, language: str = "sv", now: dt.datetime) -> Attachment:
    """Write the notification as PDF and store it with the incident.  It is the officer who sends it, by the e-service.

    Raises:
        UserError: The incident is closed.
    """
    incident = session.get_one(Incident, incident_id)
    if incident.closed_on is not None:
        raise _refused(_("Incidenten är avslutad."), _("Öppna den igen om något ska ändras."))
    with language_as(language):
        sheet = _Sheet("notification", language, now)
        return _written(session, incident, _content(session, incident, sheet), sheet)


@guarded
def supplement(session: Session, incident_id: int, *, language: str = "sv", now: dt.datetime) -> Attachment:
    """Write a supplement with the answers that the authority has not had, and remember that it has them now.

    Source: Art. 33.4 GDPR.

    Raises:
        UserError: The incident is not notified, closed, or has nothing new.
    """
    incident = session.get_one(Incident, incident_id)
    if incident.closed_on is not None:
        raise _refused(_("Incidenten är avslutad."), _("Öppna den igen om något ska ändras."))
    if incident.notified_at is None:
        raise _refused(_("Incidenten är inte anmäld."), _("Anmäl den först. Sedan kan du komplettera."))
    names = incident_facts.news(session, incident)
    if not names:
        raise _refused(_("Det finns inget nytt att komplettera med."), _("Ändra eller lägg till ett svar först."))
    with language_as(language):
        sheet = _Sheet("supplement", language, now)
        made = _written(session, incident, _content(session, incident, sheet, only=names), sheet)
    incident.answers = {**incident.answers, SENT: incident_facts.snapshot(session, incident)}
    audit.record(session, Action.INCIDENT_SUPPLEMENTED, incident, fields=list(names))
    return made


def _written(session: Session, incident: Incident, content: Notification, sheet: _Sheet) -> Attachment:
    from app.documents.notification import write_notification

    return filing.store(
        session,
        write_notification(content),
        kind=sheet.kind,
        name=f"{sheet.file_name}_{incident.number}_v{content.mark.version}.pdf",
        media_type="application/pdf",
        place=filing.Place(incident_id=incident.id),
    )


def _refused(what: str, do: str) -> UserError:
    return UserError(what, stands=_("Incidenten är oförändrad."), do=do)
