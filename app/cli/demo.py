"""`ombudet demo --out DIR`: make the demo vault, work its day, and leave the documents in a folder."""

from pathlib import Path
from typing import Any

from app.cli.call import Call
from app.cli.output import Answer
from app.domain.errors import UserError
from app.i18n import _
from app.security import files
from app.services import demo

NAME = "Exempel.ombud"


def add(commands: Any) -> None:
    """Add the command to the parser."""
    one = commands.add_parser("demo", help=_("gör ett valv av påhittade personer; utan --out öppnas det i fönstret"))
    one.add_argument("--out", type=Path, required=True, metavar="DIR", help=_("mapp för dokumenten och valvet"))
    one.set_defaults(act=_run)


def _run(call: Call) -> Answer:
    out = call.out
    folder = out / NAME
    if folder.exists():
        raise UserError(
            _("Exempelvalvet finns redan i mappen."),
            stands=_("Inget har skrivits över."),
            do=_("Öppna det i fönstret, eller välj en annan mapp."),
        )
    files.make_folder(out)
    vault = demo.make(folder, now=call.now(), today=call.today, step=call.step)
    try:
        written = demo.day(vault, out, now=call.now(), today=call.today)
    finally:
        call.close(vault)
    lines = [
        _("Exempelvalvet och dess dokument ligger i {folder}:").format(folder=out),
        *(f"  {path.name}" for path in written),
    ]
    lines.append(_("Öppna valvet med lösenfrasen: {passphrase}").format(passphrase=demo.PASSPHRASE))
    return Answer({"vault": folder, "files": written}, "\n".join(lines))
