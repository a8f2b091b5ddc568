"""One request with all that its page shows, read in one go."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.domain import audit, lifecycle, rights
from app.domain.audit import Action
from app.domain.deadlines import Deadline
from app.domain.lifecycle import Step
from app.domain.request_facts import Facts
from app.domain.subjects import Protection
from app.services import ledger, request_facts
from app.services.ledger import LedgerLine
from app.ui.inbox.badges import Standing
from app.ui.kit.foreign import one_line
from app.ui.kit.steps import StepRow
from db.models import Attachment, AuditEntry, Request, Subject, Task
from db.queries import inbox

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MADE_BY = {
    "register": Action.REQUEST_REGISTERED,
    "acknowledge": Action.REQUEST_ACKNOWLEDGED,
    "identity": Action.IDENTITY_CHECKED,
    "lookup": Action.SEARCHED,
    "extract": Action.EXTRACT_MADE,
    "decide": Action.DECIDED,
    "execute": Action.OUTSIDE_TASK_DONE,
    "letter": Action.LETTER_MADE,
    "send": Action.SENT,
    "close": Action.CLOSED,
}
"""The act in the trail that says who took a step, and when."""


@dataclass(frozen=True)
class Event:
    """One line of the trail about the request.

    Attributes:
        at: The local time.
    """

    number: int
    at: str
    text: str
    user: str


@dataclass(frozen=True)
class Case:
    """A request as its page shows it."""

    request: Request
    subject: Subject | None
    facts: Facts
    deadline: Deadline
    steps: tuple[StepRow, ...]
    next_step: Step | None
    attachments: tuple[Attachment, ...]
    tasks: tuple[Task, ...]
    events: tuple[Event, ...]
    ledger: tuple[LedgerLine, ...] = ()

    @property
    def who(self) -> str:
        """Return whom it is about."""
        name = self.subject.display_name if self.subject else ""
        return one_line(name or self.request.requester_name or self.request.requester_email, 120)

    @property
    def heading(self) -> str:
        """Return the name and the rights asked for."""
        return f"{self.who} – {self.rights}"

    @property
    def rights(self) -> str:
        """Return the rights asked for, in words."""
        return ", ".join(rights.label(decision.right).lower() for decision in self.facts.rights)

    @property
    def standing(self) -> Standing:
        """Return what the deadline's badge is made of."""
        return Standing(
            due_on=self.request.due_on,
            sent_on=self.request.sent_on,
            closed_on=self.request.closed_on,
            extended_on=self.request.extended_on,
            is_paused=self.facts.is_paused,
        )

    @property
    def is_protected(self) -> bool:
        """Return whether the person has a protected identity."""
        return self.subject is not None and self.subject.protection is not Protection.NONE

    def files(self, *kinds: str) -> tuple[Attachment, ...]:
        """Return the files of these kinds, newest first."""
        return tuple(row for row in self.attachments if row.kind in kinds)


def read(session: "Session", request_id: int) -> Case | None:
    """Return a request with all that belongs to it, None when it is gone."""
    request = inbox.request(session, request_id)
    if request is None:
        return None
    facts = request_facts.facts_of(session, request)
    trail = inbox.events(session, request_id)
    following = lifecycle.next_step(facts)
    return Case(
        request=request,
        subject=inbox.subject(session, request.subject_id) if request.subject_id is not None else None,
        facts=facts,
        deadline=request_facts.current_deadline(session, request),
        steps=tuple(_row(step, following, trail) for step in lifecycle.steps(facts)),
        next_step=following,
        attachments=tuple(inbox.attachments(session, request_id)),
        tasks=tuple(inbox.tasks(session, request_id)),
        events=tuple(Event(row.seq, local(row.at), audit.label(row.action), row.user) for row in trail),
        ledger=tuple(ledger.of_request(session, request.id)),
    )


def local(at: dt.datetime) -> str:
    """Return a time as the office reads it, such as `2026-11-22 10.00`."""
    return f"{at.astimezone(STOCKHOLM):%Y-%m-%d %H.%M}"


def _row(step: Step, following: Step | None, trail: list[AuditEntry]) -> StepRow:
    last = next((row for row in trail if row.action is MADE_BY.get(step.code)), None)
    note = ""
    if step.is_done and last is not None:
        note = f"{local(last.at)}, {last.user}"
    elif step.is_done and step.done_on is not None:
        note = step.done_on.isoformat()
    is_current = following is not None and step.code == following.code
    return StepRow(step.title, note, is_done=step.is_done, is_current=is_current)
