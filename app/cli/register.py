"""Commands about the register of processing: export it, and check the vault against its policy."""

from pathlib import Path
from typing import Any

from app.cli import exports
from app.cli.call import Call
from app.cli.output import Answer
from app.i18n import _, language, ngettext
from app.services import policy, register_export
from app.services.policy import Shown


def add(commands: Any) -> None:
    """Add the commands to the parser."""
    kinds = commands.add_parser("register", help=_("register över behandling")).add_subparsers(
        dest="register_act", required=True
    )
    one = kinds.add_parser("export", help=_("skriv hela registret som PDF och arbetsbok"))
    one.add_argument("--out", required=True, type=Path, metavar="DIR")
    one.add_argument("--formats", default="pdf,xlsx", help=_("pdf, xlsx eller båda, med komma emellan"))
    one.set_defaults(act=_export)
    one = commands.add_parser("policy-check", help=_("pröva valvet mot policyn och lagen"))
    one.set_defaults(act=_check)


def _export(call: Call) -> Answer:
    formats = [part.strip() for part in call.formats.split(",") if part.strip()]
    with call.write() as session:
        made = register_export.export(session, today=call.today, formats=formats, shown=language())
    files = exports.write(made, call.out)
    text = "\n".join(str(file["path"]) for file in files)
    return Answer({"files": files}, text)


def _check(call: Call) -> Answer:
    with call.read() as session:
        found = policy.findings_of(session, now=call.now(), today=call.today)
    return Answer([_line(one) for one in found], _words(found))


def _line(one: Shown) -> dict[str, Any]:
    return {
        "finding": one.key,
        "state": one.state,
        "weight": one.weight,
        "what": " ".join(part for part in (one.title, one.what) if part),
        "section": one.section,
        "article": one.article,
        "requirements": one.requirements,
        "why": one.why,
        "suggestion": one.suggestion,
        "handled": one.handled,
        "place": one.place,
        "opens": one.opens,
        "reason": one.reason,
        "approved_by": one.approved_by,
        "approved_at": one.approved_at,
    }


def _words(found: tuple[Shown, ...]) -> str:
    waiting = [one for one in found if one.state == "open"]
    head = ngettext("{n} sak att åtgärda.", "{n} saker att åtgärda.", len(waiting)).format(n=len(waiting))
    return "\n".join([head, *(f"- {one.title}" for one in waiting)])
