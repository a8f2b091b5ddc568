"""Whole records as plain data, for `show`, `list` and the answer of every act."""

from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from app.cli.call import usage
from app.domain import lifecycle, status
from app.domain.errors import ExitCode, UserError
from app.i18n import _
from app.reference.fields import by_code
from app.services import filing, ledger, lookup, request_facts
from db.models import Incident, Request
from db.queries import cards, inbox, people

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def show(session: "Session", kind: str, key: str, *, reason: str) -> dict[str, Any]:
    """Return one whole record; reading a person's is recorded."""
    shown: dict[str, Callable[[], dict[str, Any]]] = {
        "subject": lambda: subject(session, _number(key), reason=reason),
        "request": lambda: request(session, session.get_one(Request, request_id(session, key))),
        "incident": lambda: incident(session, session.get_one(Incident, incident_id(session, key))),
        "activity": lambda: activity(session, key),
    }
    return shown[kind]()


def request_row(row: Any) -> dict[str, Any]:
    """Return one line of the request list."""
    return {
        "request_id": row.id,
        "number": row.number,
        "who": row.who,
        "rights": (row.rights or "").split(","),
        "received": row.received_on,
        "due": row.due_on,
        "goal": row.goal_on,
        "status": row.status,
        "sent": row.sent_on,
        "closed": row.closed_on,
    }


def request(session: "Session", row: Request) -> dict[str, Any]:
    """Return a request with its rights, deadline, next step and files."""
    session.flush()
    facts = request_facts.facts_of(session, row)
    following = lifecycle.next_step(facts)
    return {
        "request_id": row.id,
        "number": row.number,
        "status": row.status,
        "requester": row.requester_name,
        "subject_id": row.subject_id,
        "received": row.received_on,
        "channel": row.channel,
        "language": row.language,
        "goal": row.goal_on,
        "due": row.due_on,
        "contact_by": row.contact_by_on,
        "sum": request_facts.current_deadline(session, row).sum,
        "extended": row.extended_on,
        "paused_since": facts.paused_on,
        "identity": row.identity_method,
        "rights": [
            {"right": right.right, "outcome": right.outcome, "ground": right.ground, "reason": right.reason}
            for right in request_facts.rights_of(session, row.id)
        ],
        "sent": row.sent_on,
        "delivery": row.delivery,
        "is_late": facts.is_late,
        "closed": row.closed_on,
        "next_step": {"code": following.code, "title": following.title} if following else None,
        "files": [
            {
                "name": file.name,
                "kind": file.kind,
                "version": file.version,
                "sha256": sha256(filing.read(session, file.id)).hexdigest(),
            }
            for file in inbox.attachments(session, row.id)
        ],
        "tasks": [
            {"task_id": task.id, "title": task.title, "done": task.done_on} for task in inbox.tasks(session, row.id)
        ],
        "status_text": status.label(row.status),
        "ledger": [ledger_line(line) for line in ledger.of_request(session, row.id)],
    }


def ledger_line(line: ledger.LedgerLine) -> dict[str, Any]:
    """Return what one source answered."""
    return {
        "line_id": line.line_id,
        "source": line.source,
        "answer": line.answer,
        "found": line.found,
        "why": line.why,
        "owner": line.owner,
        "asked": line.asked_on,
        "due": line.due_on,
        "answered": line.answered_on,
        "at": line.at,
        "who": line.who,
        "terms": line.terms,
    }


def subject(session: "Session", key: int, *, reason: str) -> dict[str, Any]:
    """Return a person with every datum, where it came from and why it is held."""
    found = lookup.open_subject(session, key, reason=reason)
    fields = by_code()
    key = found.id
    return {
        "subject_id": found.id,
        "records": people.family(session, key)[1:],
        "name": found.display_name,
        "protection": found.protection,
        "relation_start": found.relation_start_on,
        "relation_end": found.relation_end_on,
        "data": [
            {
                "datum_id": row.id,
                "field": row.field,
                "label": fields[row.field].label_sv if row.field in fields else row.field,
                "value": None if row.field in fields and fields[row.field].withheld else row.value,
                "source": row.source,
                "activity": row.activity,
                "legal_basis": row.legal_basis,
                "line": row.line,
            }
            for row in cards.data(session, key)
        ],
        "holds": [
            {"hold_id": hold.id, "kind": hold.kind, "reason": hold.reason, "review": hold.review_on}
            for hold in cards.holds(session, key)
        ],
        "opt_outs": [row.channel for row in cards.opt_outs(session, key)],
    }


def incident(session: "Session", row: Incident) -> dict[str, Any]:
    """Return an incident with its clock, assessment and decision."""
    session.flush()
    return {
        "incident_id": row.id,
        "number": row.number,
        "title": row.title,
        "aware_at": row.aware_at,
        "target": row.target_at,
        "answers": row.answers,
        "severity": row.severity,
        "score": row.score,
        "risk": row.risk,
        "notify": row.is_notify,
        "inform": row.is_inform,
        "reason": row.decision_reason,
        "notified_at": row.notified_at,
        "authority_reference": row.authority_reference,
        "late_reason": row.late_reason,
        "informed": row.informed_on,
        "closed": row.closed_on,
    }


def activity(session: "Session", code: str) -> dict[str, Any]:
    """Return a processing activity."""
    found = cards.activity(session, code)
    if found is None:
        raise not_found()
    columns = (
        "code",
        "name",
        "purposes",
        "legal_basis",
        "subjects",
        "categories",
        "recipients",
        "transfers",
        "security",
        "section",
        "requirements",
        "transfers_to",
        "sources",
        "notices",
        "joint_controllers",
        "interest",
        "balancing",
        "compatibility_note",
        "logic",
        "dpia",
        "owner",
        "review_on",
    )
    return {name: getattr(found, name) for name in columns}


def request_id(session: "Session", text: str) -> int:
    """Return the id of a request given by its id or its number."""
    return _id(session, Request, text)


def incident_id(session: "Session", text: str) -> int:
    """Return the id of an incident given by its id or its number."""
    return _id(session, Incident, text)


def _id(session: "Session", model: type[Request | Incident], text: str) -> int:
    found = cards.id_of(session, model, text)
    if found is None:
        raise not_found()
    return found


def _number(text: str) -> int:
    if not text.isdigit():
        raise usage(_("Ange personens nummer."), _("Sök personen först; numret heter subject_id."))
    return int(text)


def not_found() -> UserError:
    """Return the error for an id or a number that nothing has."""
    return UserError(
        _("Det finns ingen sådan post."),
        stands=_("Inget har ändrats."),
        do=_("Kontrollera numret. Visa listan först."),
        code=ExitCode.USAGE,
    )
