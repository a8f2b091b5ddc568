"""`ombudet rules …`: the rules as a calculator.  Needs no vault."""

import datetime as dt
import json
import sys
from collections.abc import Callable
from typing import Any

from app.cli import output
from app.cli.call import Call, usage
from app.cli.output import Answer
from app.domain import identity, retention, severity
from app.domain.breach import breach_clock, in_stockholm
from app.domain.errors import ExitCode, UserError
from app.i18n import _
from app.reference.periods import periods
from app.services.request_facts import deadline_of

Given = dict[str, Any]
Rule = Callable[[Given, dt.date], dict[str, Any]]


def _deadline(given: Given, _today: dt.date) -> dict[str, Any]:
    received_on = dt.date.fromisoformat(given["received"])
    days = deadline_of(
        received_on, months=int(given.get("months") or 1), paused_days=int(given.get("paused_days") or 0)
    )
    return {
        "nominal": days.nominal_on,
        "due": days.due_on,
        "due_with_eves": days.due_with_eves_on,
        "goal": days.goal_on,
        "contact_by": days.contact_by_on,
        "sum": days.sum,
    }


def _breach(given: Given, _today: dt.date) -> dict[str, Any]:
    aware_at = dt.datetime.fromisoformat(given["aware"])
    if aware_at.tzinfo is None:
        raise usage(_("Tiden saknar tidszon."), _("Skriv tiden med förskjutning, till exempel 2026-11-20T15:10+01:00."))
    clock = breach_clock(aware_at, hours=periods(in_stockholm(aware_at).date()).breach_hours)
    return {
        "target": in_stockholm(clock.target_at),
        "latest_hour_rule": in_stockholm(clock.latest_hour_rule_at),
        "outer_reading": in_stockholm(clock.outer_reading_at),
        "sum": clock.sum,
    }


def _severity(given: Given, _today: dt.date) -> dict[str, Any]:
    names = ("dpc", "ei", "confidentiality", "integrity", "availability", "malicious")
    found = severity.severity(severity.SeverityInput(**{name: float(given[name]) for name in names}))
    duties = severity.duties(found.risk)
    return {
        "score": found.score,
        "band": found.band,
        "suggestion": {
            "risk": found.risk,
            "document": duties.document,
            "notify": duties.notify,
            "inform": duties.inform,
        },
        "sum": found.sum,
    }


def _retention(given: Given, today: dt.date) -> dict[str, Any]:
    lengths = periods(today)
    if given.get("relation_end"):
        found = retention.months_after(dt.date.fromisoformat(given["relation_end"]), lengths.relation_months)
    else:
        found = retention.bookkeeping(dt.date.fromisoformat(given["fy_end"]), lengths.bookkeeping_years)
    return {"last_day": found.last_day_on, "erase_from": found.erase_from_on, "sum": found.sum}


def _identity(given: Given, today: dt.date) -> dict[str, Any]:
    number = identity.parse(given["text"], today=today, interim=bool(given.get("interim")))
    if number is None:
        return {"kind": None, "valid": False, "normalised": None, "masked": None}
    return {"kind": number.kind, "valid": True, "normalised": number.normalised, "masked": number.masked}


RULES: dict[str, Rule] = {
    "deadline": _deadline,
    "breach": _breach,
    "severity": _severity,
    "retention": _retention,
    "identity": _identity,
}


def add(commands: Any) -> None:
    """Add the commands to the parser."""
    rules = commands.add_parser("rules", help=_("räkna ut frister, allvarlighet och gallring"))
    kinds = rules.add_subparsers(dest="rule", required=True)
    one = kinds.add_parser("deadline", help=_("frist för en begäran"))
    one.add_argument("lines", nargs="?", choices=["-"], help=_("läs ett JSON-objekt per rad"))
    one.add_argument("--received", help=_("dagen den kom"))
    one.add_argument("--months", type=int, default=1)
    one.add_argument("--paused-days", type=int, default=0)
    one = kinds.add_parser("breach", help=_("72-timmarsklockan"))
    one.add_argument("lines", nargs="?", choices=["-"])
    one.add_argument("--aware", help=_("tiden ni fick vetskap, med förskjutning"))
    one = kinds.add_parser("severity", help=_("en incidents allvarlighet"))
    one.add_argument("lines", nargs="?", choices=["-"])
    for name in ("dpc", "ei", "confidentiality", "integrity", "availability", "malicious"):
        one.add_argument("--" + name, type=float, default=None if name in ("dpc", "ei") else 0.0)
    one = kinds.add_parser("retention", help=_("hur länge en uppgift sparas"))
    one.add_argument("lines", nargs="?", choices=["-"])
    ends = one.add_mutually_exclusive_group()
    ends.add_argument("--relation-end", help=_("dagen kunden slutade"))
    ends.add_argument("--fy-end", help=_("räkenskapsårets sista dag"))
    one = kinds.add_parser("identity", help=_("pröva ett nummer"))
    one.add_argument("text")
    one.add_argument("--interim", action="store_true")
    rules.set_defaults(act=_run)


def _run(call: Call) -> Answer | None:
    rule = RULES[call.rule]
    given = {key: value for key, value in vars(call.given).items() if value is not None}
    if given.get("lines") == "-" or (call.rule == "identity" and given["text"] == "-"):
        for line in sys.stdin:
            if line.strip():
                output.show_line(_one_line(rule, line, call.today))
        return None
    found = _applied(rule, given, call.today)
    return Answer(found, found.get("sum", ""))


def _one_line(rule: Rule, line: str, today: dt.date) -> dict[str, Any]:
    try:
        given = json.loads(line)
        if not isinstance(given, dict):
            raise _bad_arguments()
        return _applied(rule, given, today)
    except json.JSONDecodeError:
        return output.error_document(_bad_arguments())
    except UserError as error:
        return output.error_document(error)


def _applied(rule: Rule, given: Given, today: dt.date) -> dict[str, Any]:
    try:
        return rule(given, today)
    except (KeyError, ValueError, TypeError, OverflowError):
        raise _bad_arguments() from None


def _bad_arguments() -> UserError:
    return UserError(
        _("Något av det som behövs för uträkningen saknas eller går inte att läsa."),
        stands=_("Inget har ändrats."),
        do=_("Skriv dagar som 2026-11-22. Visa vad som behövs med --help."),
        code=ExitCode.USAGE,
    )
