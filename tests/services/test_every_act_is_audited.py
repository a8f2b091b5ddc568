"""Each public function of a service that writes leaves a row in the trail."""

import datetime as dt
import inspect
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.severity import Risk, SeverityInput
from app.domain.subjects import HoldKind
from app.services import audit, erasure, extracts, incidents, letters, portability, protected_files, retention
from app.services.portability import Wish
from db.models import AuditEntry, Hold
from db.store import Store
from tests.factories import CUSTOMER, NOW, TODAY, make_request, make_subject

REVIEW_ON = dt.date(2027, 1, 15)
LEVEL = SeverityInput(dpc=2, ei=1)
WISH = Wish()


def _incident(session: Session, *, is_notified: bool = False) -> int:
    answers = {"description": "x", "incident_type": "loss", "cause": "human", "consequences": ["control"]}
    made = incidents.log(session, title="x", aware_at=NOW, answers={**answers, "measures": "x"}, now=NOW)
    incidents.assess(session, made.id, LEVEL)
    incidents.decide(session, made.id, risk=Risk.RISK)
    if is_notified:
        incidents.mark_notified(session, made.id, at=NOW)
    return made.id


def _subject(session: Session) -> int:
    return make_subject(session, relation_end_on=dt.date(2020, 1, 1), values=CUSTOMER).id


def _request(session: Session) -> int:
    return make_request(session, subject=make_subject(session, values=CUSTOMER)).id


def _hold(session: Session) -> Hold:
    return retention.set_hold(
        session, _subject(session), kind=HoldKind.DISPUTE, reason="T-1", review_on=REVIEW_ON, today=TODAY
    )


def _draft(session: Session, request_id: int) -> letters.LetterDraft:
    return letters.draft(session, request_id, "access", today=TODAY)


def _changed(session: Session) -> int:
    incident_id = _incident(session, is_notified=True)
    incidents.update(session, incident_id, {"measures": "y"})
    return incident_id


def _closed(session: Session) -> int:
    incident_id = _incident(session, is_notified=True)
    incidents.close(session, incident_id, today=TODAY)
    return incident_id


def _pdf(session: Session) -> int:
    return extracts.make_for_subject(session, _subject(session), today=TODAY, formats=("pdf",))[0].id


def _proposed(session: Session) -> str:
    _subject(session)
    return retention.propose(session, today=TODAY).token


ACTS: dict[str, tuple[Callable[[Session], Any], Callable[[Session, Any], object]]] = {
    "extracts.make": (_request, lambda s, key: extracts.make(s, key, today=TODAY)),
    "extracts.make_for_subject": (_subject, lambda s, key: extracts.make_for_subject(s, key, today=TODAY)),
    "portability.make": (_request, lambda s, key: portability.make(s, key, today=TODAY, wish=WISH)),
    "portability.make_for_subject": (
        _subject,
        lambda s, key: portability.make_for_subject(s, key, today=TODAY, wish=WISH),
    ),
    "protected_files.protect": (_pdf, lambda s, key: protected_files.protect(s, key, today=TODAY)),
    "letters.make": (_request, lambda s, key: letters.make(s, key, _draft(s, key), today=TODAY)),
    "incidents.log": (lambda s: None, lambda s, _: incidents.log(s, title="x", aware_at=NOW, now=NOW)),
    "incidents.update": (_incident, lambda s, key: incidents.update(s, key, {"measures": "y"})),
    "incidents.assess": (_incident, lambda s, key: incidents.assess(s, key, LEVEL)),
    "incidents.decide": (_incident, lambda s, key: incidents.decide(s, key, risk=Risk.RISK)),
    "incidents.notify": (_incident, lambda s, key: incidents.notify(s, key, now=NOW)),
    "incidents.mark_notified": (_incident, lambda s, key: incidents.mark_notified(s, key, at=NOW)),
    "incidents.supplement": (_changed, lambda s, key: incidents.supplement(s, key, now=NOW)),
    "incidents.inform": (_incident, lambda s, key: incidents.inform(s, key, informed_on=TODAY, today=TODAY)),
    "incidents.close": (
        lambda s: _incident(s, is_notified=True),
        lambda s, key: incidents.close(s, key, today=TODAY),
    ),
    "incidents.reopen": (_closed, incidents.reopen),
    "retention.set_hold": (lambda s: None, lambda s, _: _hold(s)),
    "retention.lift_hold": (lambda s: _hold(s).id, lambda s, key: retention.lift_hold(s, key, today=TODAY)),
    "retention.decide": (_proposed, lambda s, token: retention.decide(s, token, today=TODAY)),
    "erasure.erase_subject": (
        _subject,
        lambda s, key: erasure.erase_subject(s, key, ground="G2", reason="Begäran", today=TODAY),
    ),
}
READERS = {
    *("extracts.held", "extracts.review", "extracts.check", "extracts.mark", "extracts.identity_shown"),
    *("extracts.content", "extracts.proposed_masks", "letters.draft", "letters.proposed_kinds"),
    *("incidents.answers_in_order", "incidents.news", "incidents.notification", "incidents.snapshot"),
    *("incidents.why_not_close", "retention.holds", "retention.judged", "retention.propose", "erasure.judged"),
    *("portability.content", "protected_files.addressee"),
    *("extracts.judged", "letters.addressee", "letters.decisions", "letters.open_pause", "letters.preview"),
}
PARTS = {
    "erasure.leave_no_trace",
    "erasure.remove",
    "erasure.new_run",
    "erasure.make_receipt",
    "erasure.next_number",
    "incidents.next_number",
}
"""What acts are made of; never called on their own."""


def test_no_act_is_forgotten() -> None:
    found = set()
    for module in (extracts, portability, protected_files, letters, incidents, retention, erasure):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            first = next(iter(inspect.signature(function).parameters), "")
            if first == "session" and not name.startswith("_"):
                found.add(f"{module.__name__.rpartition('.')[2]}.{name}")
    assert found - READERS - PARTS == set(ACTS)


def _rows(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0


@pytest.mark.parametrize("act", ACTS)
def test_the_act_leaves_a_row_and_no_personal_value(store: Store, act: str) -> None:
    prepare, run = ACTS[act]
    with store.write(NOW) as session:
        about = prepare(session)
        before = _rows(session)
        run(session, about)
        assert _rows(session) > before
        payloads = b"".join(session.scalars(sa.select(AuditEntry.payload)))
        assert audit.verify(session).first_bad is None
    for value in ("Öberg", *CUSTOMER.values()):
        assert value.encode() not in payloads
