"""Commands about retention: what is due, the decision, holds, and the erasure of one person."""

from typing import Any

from app.cli.call import Call, day, usage
from app.cli.output import Answer
from app.domain.subjects import HoldKind
from app.i18n import _
from app.services import certificates, erasure, holds, retention
from app.services.retention import Proposal


def add(commands: Any) -> None:
    """Add the commands to the parser."""
    kinds = commands.add_parser("retention", help=_("gallring")).add_subparsers(dest="act_name", required=True)
    one = kinds.add_parser("propose", help=_("visa vad som ska gallras, utan att ändra något"))
    one.set_defaults(act=_propose)
    one = kinds.add_parser("decide", help=_("gallra det som föreslogs"))
    one.add_argument("--token", required=True, help=_("från propose"))
    one.add_argument("--only", type=int, nargs="*", metavar="ID", help=_("bara de här personerna"))
    one.add_argument("--files", nargs="*", metavar="NUMBER", help=_("bara de här avslutade ärendena"))
    one.set_defaults(act=_decide)
    stops = kinds.add_parser("holds", help=_("gallringsstopp")).add_subparsers(dest="hold_act", required=True)
    stops.add_parser("list", help=_("visa dem som gäller")).set_defaults(act=_holds)
    one = stops.add_parser("set", help=_("sätt ett gallringsstopp"))
    one.add_argument("--subject", type=int, required=True)
    one.add_argument("--kind", choices=[kind.value for kind in HoldKind], default="dispute")
    one.add_argument("--reason", required=True)
    one.add_argument("--review", type=day, required=True, help=_("dagen då det ska prövas igen"))
    one.set_defaults(act=_set)
    one = stops.add_parser("lift", help=_("häv ett gallringsstopp"))
    one.add_argument("id", type=int)
    one.set_defaults(act=_lift)
    one = commands.add_parser("erase", help=_("radera en persons uppgifter"))
    one.add_argument("--subject", type=int, required=True)
    one.add_argument("--ground", required=True, help=_("grund enligt artikel 17: G1–G6 eller F"))
    one.add_argument("--reason", required=True)
    one.set_defaults(act=_erase)


def _propose(call: Call) -> Answer:
    with call.read() as session:
        review = retention.propose(session, today=call.today)
    return Answer(
        {
            "proposals": [_line(line) for line in review.proposals],
            "kept": [_line(line) for line in review.kept],
            "token": review.token,
        }
    )


def _line(line: Proposal) -> dict[str, Any]:
    return {
        "subject_id": line.subject_id,
        "datum": ", ".join(line.what),
        "datum_ids": line.datum_ids,
        "decides": line.decides,
        "rule": line.rule,
        "reason": line.reason,
        "erase_from": line.erase_from_on,
        "action": line.action,
    }


def _decide(call: Call) -> Answer:
    with call.vault() as vault:
        with vault.store.write(call.now()) as session:
            only = set(call.only) if call.only is not None else None
            chosen = set(call.files) if call.files is not None else None
            done = retention.decide(session, call.token, only=only, files=chosen, today=call.today)
            data = {
                "erased": done.erased,
                "anonymised": done.anonymised,
                "kept": done.kept,
                "run": done.run.number,
                "outside_tasks": [{"task_id": task.id, "title": task.title} for task in done.outside_tasks],
            }
        receipt = certificates.complete(vault, done.pending, now=call.now(), step=call.step)
    return Answer({**data, "receipt": receipt.name})


def _holds(call: Call) -> Answer:
    with call.read() as session:
        return Answer(
            [
                {
                    "hold_id": held.hold_id,
                    "subject_id": held.subject_id,
                    "kind": held.kind,
                    "reason": held.reason,
                    "set": held.set_on,
                    "review": held.review_on,
                }
                for held in holds.holds(session)
            ]
        )


def _set(call: Call) -> Answer:
    with call.write() as session:
        kind = HoldKind(call.kind)
        hold = holds.set_hold(
            session, call.subject, kind=kind, reason=call.reason, review_on=call.review, today=call.today
        )
        return Answer({"hold_id": hold.id, "review": hold.review_on})


def _lift(call: Call) -> Answer:
    with call.write() as session:
        hold = holds.lift_hold(session, call.id, today=call.today)
        return Answer({"hold_id": hold.id, "lifted": hold.lifted_on})


def _erase(call: Call) -> Answer:
    if not call.reason.strip():
        raise usage(_("Skälet saknas."), _("Skriv varför uppgifterna raderas."))
    with call.vault() as vault:
        with vault.store.write(call.now()) as session:
            done = erasure.erase_subject(
                session, call.subject, ground=call.ground, reason=call.reason, today=call.today
            )
            data = {
                "erased": done.erased,
                "kept": [{"datum": kept.what, "why": kept.why, "until": kept.until_on} for kept in done.kept],
                "is_gone": done.is_gone,
                "outside_tasks": [{"task_id": task.id, "title": task.title} for task in done.tasks],
            }
        receipt = certificates.complete(vault, done.pending, now=call.now(), step=call.step)
    return Answer({**data, "receipt": receipt.name})
