"""What can be shown of an erasure without showing whom it was about: the journal, the trail's rows, and that the trail is whole."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action, label
from app.domain.breach import in_stockholm
from app.domain.wording import clock
from app.i18n import _, ngettext
from app.security.journal import Journal
from app.services import audit
from app.services.audit import Evidence
from db.models import AuditEntry, RetentionRun

MOST = 40
_ACTS = (Action.ERASED, Action.RETENTION_DECIDED, Action.ERASURE_PROVEN)


@dataclass(frozen=True)
class Trail:
    """The trail of one decision to erase, in sentences without names.

    Attributes:
        journal: Where it stands in the journal.
        events: Its rows in the trail, the first ones.
        more: How many more rows there are.
        chain: Whether the whole trail is unbroken.
        is_whole: It is.
    """

    journal: str
    events: tuple[str, ...]
    more: int
    chain: str
    is_whole: bool


def of_run(session: Session, run_id: int, lines: Journal, evidence: Evidence) -> Trail:
    """Return the trail of a decision.

    Args:
        session: Any session.
        run_id: The decision.
        lines: The vault's journal.
        evidence: What the trail is held against.

    Source: Art. 5.2 GDPR (the controller can show what was done).
    """
    run = session.get_one(RetentionRun, run_id)
    found = [entry for entry in _entries(session) if (entry.details or {}).get(_key(entry)) == run.number]
    proof = audit.verify(session, evidence)
    return Trail(
        _line(run, lines),
        tuple(_event(entry) for entry in found[:MOST]),
        max(0, len(found) - MOST),
        audit.in_words(proof),
        proof.fault is None,
    )


def _key(entry: audit.Entry) -> str:
    return "run" if entry.action is Action.ERASED else "number"


def _entries(session: Session) -> list[audit.Entry]:
    seqs = session.scalars(sa.select(AuditEntry.seq).where(AuditEntry.action.in_(_ACTS)).order_by(AuditEntry.seq)).all()
    return [entry for _seq, entry in sorted(audit.entries(session, seqs).items())]


def _line(run: RetentionRun, lines: Journal) -> str:
    states = {entry.number: entry.state for entry in lines.entries()}
    if run.journal_no is None or run.journal_no not in states:
        return _("Beslutet är äldre än journalen.")
    state = _("klar") if states[run.journal_no] == "done" else _("inte klar")
    return _("Rad {number} i journalen: {state}.").format(number=run.journal_no, state=state)


def _event(entry: audit.Entry) -> str:
    held = entry.details or {}
    parts = [label(entry.action)]
    if entry.action is Action.ERASED:
        count = int(held.get("erased", 0))
        parts.append(ngettext("{count} uppgift", "{count} uppgifter", count).format(count=count))
    if entry.action is Action.ERASURE_PROVEN:
        traces = int(held.get("traces", 0))
        parts.append(ngettext("{count} spår", "{count} spår", traces).format(count=traces))
    return f"#{entry.seq} {clock(in_stockholm(entry.at))}: {', '.join(parts)}, {entry.user}"
