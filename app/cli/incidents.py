"""Commands about incidents: log, assess, decide, notify, supplement, inform, close."""

import datetime as dt
import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import exports, records
from app.cli.call import Call, day, usage
from app.cli.output import Answer
from app.domain.severity import Risk, SeverityInput
from app.i18n import _
from app.services import breach_answers, incidents
from db.models import Incident
from db.queries import incidents as queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

VIEWS: tuple[queries.View, ...] = ("open", "closed")
SCORES = ("dpc", "ei", "confidentiality", "integrity", "availability", "malicious")


def add(commands: Any) -> None:
    """Add the commands to the parser."""
    kinds = commands.add_parser("incident", help=_("incidenter")).add_subparsers(dest="act_name", required=True)
    one = kinds.add_parser("new", help=_("skriv upp en incident; klockan börjar"))
    one.add_argument("--from", dest="path", default="-", metavar="FILE.json", help=_("- läser resten av standard in"))
    one.set_defaults(act=_new)
    kinds.add_parser("list", help=_("visa incidenter")).set_defaults(act=_list)
    one = _act(kinds, "update", _("ändra svar"), _update)
    one.add_argument("--from", dest="path", default="-", metavar="FILE.json")
    one = _act(kinds, "assess", _("bedöm allvarligheten"), _assess)
    for name in SCORES:
        one.add_argument("--" + name, type=float, required=name in ("dpc", "ei"), default=0.0)
    one = _act(kinds, "decide", _("besluta om risk, anmälan och information"), _decide)
    one.add_argument("--risk", required=True, choices=[risk.value for risk in Risk])
    one.add_argument("--notify", choices=["yes", "no"])
    one.add_argument("--inform", choices=["yes", "no"])
    one.add_argument("--reason", default="")
    for name, text, act in (
        ("notify", _("gör anmälan som PDF"), _notify),
        ("supplement", _("gör en komplettering"), _supplement),
    ):
        _act(kinds, name, text, act).add_argument("--out", type=Path, metavar="DIR")
    one = _act(kinds, "notified", _("anmälan är inskickad"), _notified)
    one.add_argument("--at", type=dt.datetime.fromisoformat)
    one.add_argument("--reference", default="")
    one.add_argument("--late-reason", default="")
    one = _act(kinds, "inform", _("de berörda är informerade"), _inform)
    one.add_argument("--on", type=day)
    _act(kinds, "close", _("avsluta"), _close)


def _act(kinds: Any, name: str, text: str, act: Any) -> Any:
    one = kinds.add_parser(name, help=text)
    one.add_argument("id")
    one.set_defaults(act=act)
    return one


def _given(call: Call) -> dict[str, Any]:
    """Return the JSON object that the call points at."""
    if call.path == "-":
        call.secret()  # the first line of standard input is the secret
    try:
        text = sys.stdin.read() if call.path == "-" else Path(call.path).read_text(encoding="utf-8")
        given = json.loads(text)
    except (OSError, ValueError):
        given = None
    if not isinstance(given, dict):
        raise usage(
            _("Uppgifterna om incidenten går inte att läsa."), _("Ge ett JSON-objekt med minst title och aware_at.")
        )
    return given


def _new(call: Call) -> Answer:
    given = _given(call)
    title, aware = given.pop("title", ""), given.pop("aware_at", "")
    answers = given.pop("answers", given)
    try:
        aware_at = dt.datetime.fromisoformat(aware)
    except (TypeError, ValueError):
        aware_at = None
    if aware_at is None or aware_at.tzinfo is None or not isinstance(answers, dict):
        raise usage(
            _("Tiden för vetskap saknas."), _("Skriv aware_at med förskjutning, till exempel 2026-11-20T15:10+01:00.")
        )
    with call.write() as session:
        incident = incidents.log(session, title=str(title), aware_at=aware_at, answers=answers, now=call.now())
        return Answer(_state(session, incident))


def _state(session: "Session", incident: Incident) -> dict[str, Any]:
    shown = records.incident(session, incident)
    clock = incidents.clock_of(incident)
    shown["answers"] = breach_answers.given(incident)
    return shown | {
        "latest_hour_rule": clock.latest_hour_rule_at,
        "outer_reading": clock.outer_reading_at,
        "sum": clock.sum,
        "verdict": incident.risk or (incidents.suggestion(incident) if incident.score is not None else None),
        "files": [],
    }


def _list(call: Call) -> Answer:
    with call.read() as session:
        ids = [key for view in VIEWS for key in queries.ids(session, queries.Filter(view=view))]
        return Answer([_state(session, session.get_one(Incident, key)) for key in ids])


def _changed(call: Call, act: Any) -> Answer:
    """Do one act on the incident and return the incident after it."""
    with call.write() as session:
        key = records.incident_id(session, call.id)
        act(session, key)
        return Answer(_state(session, session.get_one(Incident, key)))


def _update(call: Call) -> Answer:
    given = _given(call)
    title = given.pop("title", None)
    return _changed(call, lambda s, key: incidents.update(s, key, given, title=title))


def _assess(call: Call) -> Answer:
    inputs = SeverityInput(**{name: getattr(call.given, name) for name in SCORES})
    return _changed(call, lambda s, key: incidents.assess(s, key, inputs))


def _decide(call: Call) -> Answer:
    said = {"yes": True, "no": False, None: None}
    risk, notify, inform = Risk(call.risk), said[call.notify], said[call.inform]
    return _changed(
        call, lambda s, key: incidents.decide(s, key, risk=risk, notify=notify, inform=inform, reason=call.reason)
    )


def _notify(call: Call) -> Answer:
    return _document(call, incidents.notify)


def _supplement(call: Call) -> Answer:
    return _document(call, incidents.supplement)


def _document(call: Call, make: Any) -> Answer:
    with call.write() as session:
        key = records.incident_id(session, call.id)
        made = make(session, key, language=call.given.lang or "sv", now=call.now())
        state = _state(session, session.get_one(Incident, key))
        content = exports.contents(session, [made])
    state["files"] = (
        exports.write(content, call.out)
        if call.out
        else [{"path": made.name, "sha256": sha256(content[0][1]).hexdigest(), "pages": None}]
    )
    return Answer(state)


def _notified(call: Call) -> Answer:
    at = call.at or call.now()
    if at.tzinfo is None:
        raise usage(_("Tiden saknar tidszon."), _("Skriv tiden med förskjutning, till exempel 2026-11-20T15:10+01:00."))
    return _changed(
        call,
        lambda s, key: incidents.mark_notified(s, key, at=at, reference=call.reference, late_reason=call.late_reason),
    )


def _inform(call: Call) -> Answer:
    return _changed(call, lambda s, key: incidents.inform(s, key, informed_on=call.on or call.today, today=call.today))


def _close(call: Call) -> Answer:
    return _changed(call, lambda s, key: incidents.close(s, key, today=call.today))
