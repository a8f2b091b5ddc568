"""The command line: a thin layer over the services.  Names, keys and codes are a contract; see `--help` and CHANGELOG.md."""

import argparse
import datetime as dt
import sys
import time
from collections.abc import Callable, Sequence

from app import __version__
from app.cli import output, records
from app.cli.call import Call, day
from app.domain.errors import Cancelled, ExitCode, UserError
from app.i18n import LANGUAGES, _, set_language
from db.store import NotFound

UNEXPECTED = 1


def run(
    arguments: Sequence[str],
    *,
    now: Callable[[], dt.datetime],
    today: Callable[[], dt.date],
    pause: Callable[[float], None] = time.sleep,
) -> int:
    """Run one command and return its exit code; `pause` waits so many seconds after wrong tries."""
    _choose_language(arguments)
    for stream in (sys.stdout, sys.stderr, sys.stdin):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    given = parser().parse_args(arguments)
    call = Call(given, now=now, today=given.today or today(), pause=pause)
    try:
        answer = given.act(call)
    except UserError as error:
        output.show_error(error, as_json=given.json)
        return error.code
    except (Cancelled, KeyboardInterrupt):
        output.show_error(_cancelled(), as_json=given.json)
        return ExitCode.NOT_ALLOWED
    except NotFound:
        missing = records.not_found()
        output.show_error(missing, as_json=given.json)
        return missing.code
    except Exception as error:
        output.show_unexpected(error, as_json=given.json)
        return UNEXPECTED
    if answer is not None:
        output.show(answer, as_json=given.json)
    return ExitCode.OK


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    from app.cli import cases, demo, incidents, keys, outputs, people, register, retention, rules, vault

    found = argparse.ArgumentParser(
        prog="ombudet", description=_("Dataskyddsombudets skrivbord. Utan kommando öppnas fönstret.")
    )
    found.add_argument("--version", action="version", version=f"Ombudet {__version__}")
    found.add_argument("--vault", metavar="DIR", help=_("valvets mapp"))
    found.add_argument("--lang", choices=LANGUAGES, help=_("språk"))
    found.add_argument("--json", action="store_true", help=_("svara med ett JSON-dokument"))
    found.add_argument(
        "--progress", action="store_true", help=_("skriv hur långt arbetet har kommit på standard error")
    )
    secret = found.add_mutually_exclusive_group()
    secret.add_argument(
        "--passphrase-stdin", action="store_true", help=_("läs lösenfrasen från första raden av standard in")
    )
    secret.add_argument("--recovery-stdin", action="store_true", help=_("läs återställningsnyckeln från första raden"))
    secret.add_argument("--keyring", action="store_true", help=_("lås upp med datorns nyckelring"))
    found.add_argument(
        "--user",
        default="dataskyddsombud",
        metavar="NAME",
        help=_("vem som arbetar; en användare av valvet öppnar med sin egen lösenfras"),
    )
    found.add_argument(
        "--accept-older", action="store_true", help=_("öppna valvet fast ändringar saknas i det; det skrivs i loggen")
    )
    found.add_argument("--today", type=day, metavar="DATE", help=_("dagen som regler och listor utgår från"))
    commands = found.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in (rules, vault, keys, demo, people, cases, outputs, incidents, retention, register):
        module.add(commands)
    return found


def _choose_language(arguments: Sequence[str]) -> None:
    """Set the language before the parser is made, so that its help is in it too."""
    for number, argument in enumerate(arguments):
        if argument == "--lang" and arguments[number + 1 : number + 2] and arguments[number + 1] in LANGUAGES:
            set_language(arguments[number + 1])
        elif argument.startswith("--lang=") and argument[7:] in LANGUAGES:
            set_language(argument[7:])


def _cancelled() -> UserError:
    return UserError(_("Arbetet avbröts."), stands=_("Inget av det sparades."), do=_("Kör kommandot igen när du vill."))
