"""The facts that letters are filled with: the case, the organisation, the decisions.  Belongs to `letters`; reads only."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain import channels
from app.domain.audit import Action
from app.domain.rights import Right
from app.domain.status import Outcome
from app.domain.wording import day
from app.i18n import language
from app.reference.authority import authority
from app.reference.rights import Ground, erasure_grounds, right_texts
from app.services import organisation, outside
from app.services.keeping import Judged, field_label, field_labels, judged
from app.services.request_facts import open_pause, rights_of
from db.models import AuditEntry, OptOut, Recipient, Request, RequestRight, Subject, Task
from db.queries import people

ERASING = ("erasure", "erasure_partial", "objection_granted", "consent", "comment")
"""Letters that tell what is gone."""
QUESTIONS = ("identity_request", "clarification")
REFUSING = (Outcome.REFUSED, Outcome.PARTLY)
ABOUT = {
    "access": (Right.ACCESS,),
    "erasure": (Right.ERASURE,),
    "erasure_partial": (Right.ERASURE,),
    "objection_granted": (Right.OBJECTION,),
    "objection_refused": (Right.OBJECTION,),
}
"""Which right's decision a letter tells; other kinds are called as their right, and `refusal` tells all that is refused."""


def organisation_facts(session: Session, today: dt.date) -> dict[str, str]:
    """Return who writes, whom to ask and where to complain."""
    controller = organisation.fact(session, organisation.CONTROLLER)
    officer = organisation.fact(session, organisation.OFFICER)
    office = authority(today)
    return {
        "today": day(today),
        "controller": controller.get("name") or "",
        "officer": officer.get("name") or controller.get("name") or "",
        "officer_email": officer.get("email") or controller.get("email") or "",
        "officer_phone": officer.get("phone") or controller.get("phone") or "",
        "authority": office.printed(language()),
        "authority_address": office.address,
    }


def request_facts(session: Session, request: Request, kind: str, *, today: dt.date) -> dict[str, str]:
    """Return what a letter of this kind says about a request."""
    subject = session.get(Subject, request.subject_id) if request.subject_id is not None else None
    facts = organisation_facts(session, today) | {
        "reference": request.number,
        "received": day(request.received_on),
        "due": day(request.due_on),
        "extended_due": day(request.due_on) if request.extended_on is not None else "",
        "name": name_of(request, subject),
        "channels": _channels(session, subject),
        "recipients": _told(session, request),
    }
    decided = _decided(session, request, kind)
    if kind in ERASING:
        decided |= {name: text for name, text in _erased(session, request).items() if text}
    return facts | decided | _kept(session, subject, kind, today)


def name_of(request: Request, subject: Subject | None) -> str:
    """Return what to call the person."""
    return request.requester_name or (subject.display_name if subject is not None else "")


def _channels(session: Session, subject: Subject | None) -> str:
    if subject is None:
        return ""
    of_person = OptOut.subject_id.in_(people.family(session, subject.id))
    query = sa.select(OptOut.channel).where(of_person).group_by(OptOut.channel).order_by(sa.func.min(OptOut.id))
    return ", ".join(channels.label(channel).lower() for channel in session.scalars(query))


def _told(session: Session, request: Request) -> str:
    """Return the recipients whose notice is ticked off.  Source: Art. 19 GDPR."""
    query = sa.select(Task.title).where(
        Task.request_id == request.id, Task.kind == outside.NOTICE, Task.done_on.is_not(None)
    )
    titles = session.scalars(query).all()
    names = session.scalars(sa.select(Recipient.name).order_by(Recipient.id))
    return ", ".join(name for name in names if any(name in title for title in titles))


def _erased(session: Session, request: Request) -> dict[str, str]:
    """Return the kinds of data erased for a request and the ground, as the trail remembers them."""
    query = sa.select(AuditEntry.payload).where(AuditEntry.action == Action.ERASED).order_by(AuditEntry.seq)
    rows = [row for row in map(json.loads, session.scalars(query)) if row.get("request") == request.number]
    codes = dict.fromkeys(code for row in rows for code in row["fields"])
    causes = {row["cause"] for row in rows}
    return {
        "erased": ", ".join(field_label(code) for code in codes),
        "ground": _joined(_ground_words(ground) for ground in erasure_grounds() if ground.code in causes),
    }


def _decided(session: Session, request: Request, kind: str) -> dict[str, str]:
    """Return reason and ground: of the question, of the extension, or of the decision that the letter tells."""
    if kind in QUESTIONS:
        pause = open_pause(session, request.id)
        return {"reason": pause.reason if pause is not None else ""}
    if kind == "extension":
        return {"reason": request.extension_reason}
    rows = _told_by(rights_of(session, request.id), kind)
    return {"reason": _joined(row.reason for row in rows), "ground": _joined(_ground(row) for row in rows)}


def _told_by(rows: Sequence[RequestRight], kind: str) -> list[RequestRight]:
    if kind == "refusal":
        return [row for row in rows if row.outcome in REFUSING]
    about = ABOUT.get(kind, (kind,))
    return [row for row in rows if row.right in about or (kind == "unidentified" and row.outcome == kind)]


def _ground(row: RequestRight) -> str:
    texts = right_texts(row.right)
    for ground in (*texts.refusals, *texts.grounds):
        if ground.code == row.ground:
            return _ground_words(ground)
    return row.ground


def _ground_words(ground: Ground) -> str:
    return f"{ground.shown(language())} ({ground.article})"


def _joined(texts: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _kept(session: Session, subject: Subject | None, kind: str, today: dt.date) -> dict[str, str]:
    """Return what is still held and why, for letters that must say so.  Source: Art. 12.4 and 17.3 GDPR."""
    if subject is None or kind not in ("erasure_partial", "consent"):
        return {}
    found: list[Judged] = next((held for _id, held in judged(session, [subject.id], today=today, has_ground=True)), [])
    kept = [one for one in found if one.is_kept]
    facts = {"kept": ", ".join(field_labels(one.datum for one in kept))}
    if kind == "erasure_partial" and kept:
        facts["reason"] = _joined(one.verdict.reason for one in kept)
    return facts
