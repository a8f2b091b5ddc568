"""The three incidents of the demo vault: one under way, one notified, one that stayed in the log."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.severity import Risk, SeverityInput
from app.services import incidents, notifications
from db.models import Attachment, Incident

HOUR = dt.timedelta(hours=1)
MISDELIVERY = {
    "description": "Ett kundutskick med fakturor gick till fel mottagare. Varje kuvert innehöll en annan kunds faktura.",
    "incident_type": "misdelivery",
    "cause": "human",
    "ongoing": False,
    "discovery_how": "subject",
    "n_subjects_low": 212,
    "n_subjects_high": 212,
    "n_records_low": 212,
    "n_records_high": 424,
    "cross_border": "no",
    "subject_groups": ["customers"],
    "data_types": ["identifying", "contact", "economic"],
    "consequences": ["control", "economic"],
}
PHISHING = {
    "description": "En medarbetare skrev sitt lösenord på en falsk inloggningssida. Kontot stängdes samma dag.",
    "incident_type": "attack",
    "cause": "human",
    "ongoing": False,
    "discovery_how": "own",
    "n_subjects_low": 40,
    "n_subjects_high": 60,
    "subject_groups": ["customers"],
    "data_types": ["contact"],
    "consequences": ["control"],
    "severity": "medium",
    "measures": "Kontot stängdes, lösenordet byttes och inloggningarna gicks igenom.",
    "subjects_informed": "no",
    "not_informed_reason": "Ingen hög risk: angriparen hann inte läsa någon post.",
}
LOST_KEY = {
    "description": "Ett krypterat usb-minne tappades på tåget. Nyckeln fanns inte på minnet.",
    "incident_type": "loss",
    "cause": "human",
    "ongoing": False,
    "discovery_how": "own",
    "subject_groups": ["customers"],
    "data_types": ["contact"],
    "consequences": ["control"],
    "measures": "Minnet spärrades. Kopian finns kvar på kontoret.",
}


def build(session: Session, *, now: dt.datetime, today: dt.date) -> None:
    """Log the three incidents, each in another place on its way."""
    first = incidents.log(
        session, title="Fakturor till fel mottagare", aware_at=now - 55 * HOUR, answers=MISDELIVERY, now=now
    )
    incidents.assess(session, first.id, SeverityInput(dpc=3, ei=1, confidentiality=0.25))
    notified = incidents.log(
        session, title="Lösenord lämnat på falsk sida", aware_at=now - 400 * HOUR, answers=PHISHING, now=now
    )
    incidents.assess(session, notified.id, SeverityInput(dpc=2, ei=0.75, confidentiality=0.5, malicious=0.5))
    incidents.decide(session, notified.id, risk=Risk.RISK)
    incidents.mark_notified(session, notified.id, at=now - 350 * HOUR, reference="IMY-EX-1")
    logged = incidents.log(
        session, title="Krypterat minne tappat", aware_at=now - 900 * HOUR, answers=LOST_KEY, now=now
    )
    incidents.assess(session, logged.id, SeverityInput(dpc=1, ei=0.25))
    incidents.decide(session, logged.id, risk=Risk.UNLIKELY)
    incidents.close(session, logged.id, today=today)


def notify_first(session: Session, *, now: dt.datetime, today: dt.date) -> Attachment:
    """Finish the incident under way: measures, decision and the notification as PDF."""
    incident = session.scalars(sa.select(Incident).where(Incident.risk.is_(None)).order_by(Incident.id).limit(1)).one()
    answers = {
        "measures": "Mottagarna är ombedda att lämna tillbaka breven. Utskicket stoppades och rutinen ändrades.",
        "severity": "high",
        "subjects_informed": "will",
        "will_inform_at": today.isoformat(),
    }
    incidents.update(session, incident.id, answers)
    incidents.decide(session, incident.id, risk=Risk.HIGH)
    return notifications.notify(session, incident.id, now=now)
