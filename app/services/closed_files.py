"""Closed requests and incidents as things to be erased: they hold personal data of their own and have their own time."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.content import ReceiptLine
from app.domain import retention
from app.domain.audit import Action
from app.domain.retention import Item, RuleKind, Verdict
from app.domain.status import Status
from app.i18n import _
from app.reference.periods import periods
from app.services import audit, erasure_journal
from app.services.guard import guarded
from app.services.removal import Tally
from db.models import Hold, Incident, Request, RetentionRule
from db.store import leave_no_trace

CLOSED = (Status.CLOSED, Status.WITHDRAWN, Status.UNIDENTIFIED)


@dataclass(frozen=True, kw_only=True)
class ClosedFile:
    """A request or an incident whose time is up."""

    row: Request | Incident
    number: str
    what: str
    rule: str
    verdict: Verdict

    @property
    def is_due(self) -> bool:
        """Return whether it may go: no stop holds it."""
        return self.verdict.action is not retention.Action.KEEP


def over_due(session: Session, *, today: dt.date) -> list[ClosedFile]:
    """Return the closed requests and incidents whose time is up, also those that a stop holds.

    Their time is a decision of the office's own, kept in the rules; the law sets none.
    """
    lengths = periods(today)
    requests = session.scalars(
        sa.select(Request).where(Request.status.in_(CLOSED), Request.closed_on.is_not(None)).order_by(Request.number)
    )
    incidents = session.scalars(sa.select(Incident).where(Incident.closed_on.is_not(None)).order_by(Incident.number))
    stops = _stops(session)
    rule, months = _rule(session, "request_files", lengths.request_file_months)
    found = [
        _file(request, _("Begäran med handlingar"), rule, verdict)
        for request in requests
        if (verdict := _verdict(request.closed_on, months, stops.get(request.subject_id or 0, []), today))
    ]
    rule, months = _rule(session, "incident_files", lengths.incident_years * 12)
    found += [
        _file(incident, _("Incident med handlingar"), rule, verdict)
        for incident in incidents
        if (verdict := _verdict(incident.closed_on, months, [], today))
    ]
    return found


def _file(row: Request | Incident, what: str, rule: str, verdict: Verdict) -> ClosedFile:
    return ClosedFile(row=row, number=row.number, what=what, rule=rule, verdict=verdict)


def _rule(session: Session, code: str, months: int) -> tuple[str, int]:
    """Return the rule's title and length, from the office's own rules when they have one."""
    row = session.scalar(sa.select(RetentionRule).where(RetentionRule.code == code))
    return (row.title if row is not None else "", row.months if row is not None and row.months else months)


def _verdict(closed_on: dt.date | None, months: int, holds: list[retention.Hold], today: dt.date) -> Verdict | None:
    item = Item(rule=RuleKind.AFTER_CLOSING, start_on=closed_on, months=months)
    if retention.decide(item, holds=(), today=today).action is retention.Action.KEEP:
        return None
    return retention.decide(item, holds=holds, today=today)


def _stops(session: Session) -> dict[int, list[retention.Hold]]:
    found: dict[int, list[retention.Hold]] = {}
    for hold in session.scalars(sa.select(Hold).where(Hold.lifted_on.is_(None))):
        stop = retention.Hold(kind=hold.kind, since_on=hold.set_on, review_on=hold.review_on)
        found.setdefault(hold.subject_id, []).append(stop)
    return found


@guarded
def remove(session: Session, file: ClosedFile, tally: Tally) -> None:
    """Erase a file with its documents, notes and recorded searches."""
    audit.record(
        session,
        Action.ERASED,
        file.row,
        number=file.number,
        cause="rule",
        erased=1,
        run=erasure_journal.facts(session).run,
    )
    tally.erased += 1
    tally.files.append(ReceiptLine(what=f"{file.what}: {file.number}", source="", why=file.rule))
    delete(session, file.row)


def delete(session: Session, row: Request | Incident) -> None:
    """Delete a request or an incident with all that belongs to it, so that it is in no file of the vault any more."""
    erasure_journal.facts(session).files.add(row.number)
    session.delete(row)
    session.flush()
    leave_no_trace(session)
