"""What one incident's page shows, read at once, and the writes that the page makes.  No widgets here."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from app.documents.content import Notification
from app.domain.severity import Risk, SeverityInput
from app.services import breach_answers, drafts, incident_facts, incidents
from db.models import Incident
from db.queries import incidents as queries

SEVERITY, TITLE = "_severity", "_title"
"""What is saved beside the form's own answers."""


@dataclass(frozen=True)
class Shown:
    """One incident.

    Attributes:
        page: Its columns, papers and events.
        answers: The answers, also those that the vault knows by itself.
        paper: The notification as it stands.
        suggested: The risk level the answers suggest.
        why_not_close: What is missing before it can be closed; empty when nothing is.
        news: How many answers the authority has not had.
        supplement_on: The day a supplement should be in by.
        has_draft: Something was typed that could not be stored when the page was left.
    """

    page: queries.Page
    answers: dict[str, Any]
    paper: Notification
    suggested: Risk
    why_not_close: str
    news: int
    supplement_on: dt.date | None
    has_draft: bool

    @property
    def facts(self) -> Any:
        """Return the incident's columns."""
        return self.page.facts

    @property
    def missing(self) -> frozenset[str]:
        """Return the names of the answers that are required and missing."""
        return frozenset(answer.name for answer in self.paper.answers if answer.is_missing)

    def is_late(self, now: dt.datetime) -> bool:
        """Say whether the target time passed before the notification."""
        return bool((self.facts.notified_at or now) > self.facts.target_at)


def read(session: Any, incident_id: int, *, now: dt.datetime) -> Shown | None:
    """Return what the page shows, or None when the incident is gone."""
    page = queries.page(session, incident_id)
    if page is None:
        return None
    incident = session.get_one(Incident, incident_id)
    return Shown(
        page=page,
        answers=breach_answers.filled(session, incident),
        paper=incidents.notification(session, incident_id, now=now),
        suggested=incidents.suggestion(incident),
        why_not_close=incident_facts.why_not_close(session, incident) or "",
        news=len(incidents.news(session, incident)) if incident.notified_at is not None else 0,
        supplement_on=incidents.supplement_by(incident),
        has_draft=draft_key(page.facts.number) in drafts.titles(session),
    )


def save(session: Any, incident_id: int, changes: dict[str, Any]) -> None:
    """Store changed answers, the title and the severity in one transaction."""
    answers = {name: value for name, value in changes.items() if name not in (SEVERITY, TITLE)}
    if answers or TITLE in changes:
        incidents.update(session, incident_id, answers, title=changes.get(TITLE))
    if SEVERITY in changes:
        incidents.assess(session, incident_id, SeverityInput(**changes[SEVERITY]))


def draft_key(number: str) -> str:
    """Return what the draft of an incident's page is called; no form of its own offers it."""
    return f"IncidentPage|{number}"
