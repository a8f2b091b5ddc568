"""Commands about people and the data held: import, sources, search, show."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.cli import exports, mails, output, records
from app.cli.call import Call, usage
from app.cli.output import Answer
from app.domain.errors import UserError
from app.domain.importing import Duplicate, Gone, fingerprint
from app.i18n import _
from app.importers import folders, table
from app.importers.kinds import kind_of
from app.security import files
from app.services import import_report, import_undo, imports, lookup
from app.services.import_gone import is_corrected_file
from app.services.imports import Imported, Plan
from app.services.vaults import Vault
from db.queries import lookup as queries


def add(commands: Any) -> None:
    """Add the commands to the parser."""
    one = commands.add_parser(
        "import",
        help=_("läs in kundregister eller mejl"),
        description=_(
            "Läser in tabeller och brev. Ett brev som du namnger blir en begäran. Brev i en mapp eller en brevlåda (.mbox) "
            "blir bara förslag under requests; med --register registreras de."
        ),
    )
    one.add_argument("files", nargs="+", type=Path, metavar="FILE", help=_("en fil eller en mapp"))
    one.add_argument("--register", action="store_true", help=_("registrera också brev i mappar och brevlådor"))
    one.add_argument("--source", default="", help=_("systemet som uppgifterna kommer från"))
    one.add_argument("--mapping", type=Path, help=_("JSON: kolumnrubrik till fältkod"))
    one.add_argument("--dry-run", action="store_true", help=_("visa vad som skulle hända, utan att spara"))
    one.add_argument("--report", type=Path, metavar="DIR", help=_("skriv en rapport om varje import i mappen"))
    _add_choices(one)
    one.set_defaults(act=_import)
    one = commands.add_parser("undo-import", help=_("ångra en import"))
    one.add_argument("batch", type=int, metavar="BATCH", help=_("importens nummer: batch_id i svaret från import"))
    one.set_defaults(act=_undo)
    one = commands.add_parser("import-report", help=_("skriv rapporten om en import"))
    one.add_argument("batch", type=int, metavar="BATCH", help=_("importens nummer: batch_id i svaret från import"))
    one.add_argument("--out", type=Path, required=True, metavar="DIR", help=_("mapp för rapporten"))
    one.set_defaults(act=_report)
    one = commands.add_parser("sources", help=_("visa källorna"))
    one.set_defaults(act=_sources)
    one = commands.add_parser("search", help=_("sök en person i alla källor"))
    one.add_argument("text")
    one.add_argument("--limit", type=int, default=20)
    one.set_defaults(act=_search)
    one = commands.add_parser("show", help=_("visa hela posten"))
    one.add_argument("kind", choices=["subject", "request", "incident", "activity"])
    one.add_argument("id")
    one.add_argument("--reason", default="", help=_("skäl att öppna skyddade uppgifter"))
    one.set_defaults(act=_show)


def _add_choices(one: Any) -> None:
    """Add what is chosen about a table's rows."""
    one.add_argument(
        "--duplicates",
        choices=[choice.value for choice in Duplicate],
        default=Duplicate.UPDATE.value,
        help=_("rader om personer som en annan källa redan har: lägg till, hoppa över, eller gör en ny person"),
    )
    one.add_argument(
        "--gone",
        choices=[choice.value for choice in Gone],
        default=Gone.KEEP.value,
        help=_("personer som källan hade men inte filen: gör inget, märk dem, eller räkna relationen som slut i dag"),
    )
    one.add_argument("--part", action="store_true", help=_("filen är bara en del av registret: ingen saknas"))


def _import(call: Call) -> Answer:
    with call.vault() as vault:
        return Answer([row for path in call.files for row in _rows(call, vault, path)])


def _rows(call: Call, vault: Vault, path: Path) -> Iterator[dict[str, Any]]:
    """Return a row for each file; a folder has one for every file in it that can be read, and a bad one stops no other."""
    if not path.is_dir():
        kind = kind_of(path)
        if kind == "table":
            yield _table(call, vault, path)
        else:
            act = mails.named if kind == "mail" else mails.in_mailbox
            yield _row(kind, path, call.source, requests=act(call, vault, path))
        return
    inside = folders.look([path])
    for one in (*inside.mails, *inside.mailboxes):
        yield _row(kind_of(one), one, call.source, requests=mails.found(call, vault, one, kind_of(one)))
    for one in inside.tables:
        try:
            yield _table(call, vault, one)
        except UserError as error:
            yield _row("table", one, call.source) | {"error": {"what": error.what, "do": error.do}}


def _table(call: Call, vault: Vault, path: Path) -> dict[str, Any]:
    seen = table.preview(path)
    plan = Plan(
        path=path,
        source=call.source or path.stem,
        mapping=_mapping(call, seen.headers, seen.mapping),
        duplicates=Duplicate(call.duplicates),
        gone=Gone(call.gone),
        is_part=call.part or is_corrected_file(seen.headers),
        fingerprint=fingerprint(seen.headers),
    )
    run = import_report.trial if call.dry_run else imports.run_in_batches
    done = run(vault.store, plan, now=call.now(), today=call.today, step=call.step)
    rejected_file = None if call.dry_run or not done.rejected_rows else _write_rejected(path, seen.headers, done)
    row = _row("table", path, done.source, done=done, rejected_file=rejected_file)
    if call.report is not None and done.batch_id is not None:
        with vault.store.read() as session:
            made = import_report.report(session, done.batch_id, today=call.today, done=done)
        row["report_file"] = _write_report(made, call.report)
    return row


def _write_report(made: tuple[str, bytes], out: Path) -> Path | None:
    """Write a report; None where that cannot be done, since the import stands all the same."""
    try:
        return Path(exports.write([made], out)[0]["path"])
    except UserError as error:
        output.warn(
            _("Importen är sparad, men rapporten kunde inte skrivas. Gör om med import-report. {why}").format(
                why=error.what
            )
        )
        return None


def _report(call: Call) -> Answer:
    with call.read() as session:
        made = import_report.report(session, call.batch, today=call.today)
    return Answer({"files": exports.write([made], call.out)})


def _undo(call: Call) -> Answer:
    with call.vault() as vault:
        import_undo.undo(vault.store, call.batch, now=call.now(), step=call.step)
    return Answer({"batch_id": call.batch}, _("Importen är ångrad. Registret är som det var före den."))


def _row(
    kind: str,
    path: Path,
    source: str,
    *,
    done: Imported | None = None,
    rejected_file: Path | None = None,
    requests: Any = (),
) -> dict[str, Any]:
    return {
        "file": path,
        "kind": kind,
        "source": source,
        "imported": done.imported if done else 0,
        "updated": done.updated if done else 0,
        "unchanged": done.unchanged if done else 0,
        "gone": done.gone if done else 0,
        "conflicts": done.conflicts if done else 0,
        "duplicates": done.duplicates if done else 0,
        "skipped": done.skipped if done else 0,
        "batch_id": done.batch_id if done else None,
        "rejected": len(done.rejected_rows) if done else 0,
        "problems": [{"line": p.line, "column": p.column, "what": p.what, "remedy": p.remedy} for p in done.problems]
        if done
        else [],
        "rejected_file": rejected_file,
        "report_file": None,
        "requests": list(requests),
    }


def _mapping(call: Call, headers: tuple[str, ...], guessed: tuple[str | None, ...]) -> tuple[str | None, ...]:
    if call.mapping is None:
        return guessed
    try:
        wanted = json.loads(call.mapping.read_text(encoding="utf-8"))
        return tuple(wanted.get(header) for header in headers)
    except (OSError, ValueError, AttributeError):
        raise usage(
            _("Filen med kolumnval går inte att läsa."), _('Skriv ett JSON-objekt som {"Kolumnrubrik": "fältkod"}.')
        ) from None


def _write_rejected(path: Path, headers: tuple[str, ...], done: Imported) -> Path | None:
    """Write the rejected rows beside the file, so that they can be mended and imported again; None where that cannot be done."""
    target = path.with_name(path.stem + ".avvisade.csv")
    try:
        files.write_atomic(target, import_report.rejected_rows(headers, done))
    except UserError as error:
        output.warn(
            _("Importen är sparad, men filen med avvisade rader kunde inte skrivas. {why}").format(why=error.what)
        )
        return None
    return target


def _sources(call: Call) -> Answer:
    with call.read() as session:
        rows = queries.overview(session)
    return Answer(
        [{"name": r.name, "records": r.records, "people": r.people, "last_import": r.last_import} for r in rows]
    )


def _search(call: Call) -> Answer:
    with call.vault() as vault:
        with vault.store.read() as session:
            hits, spent = lookup.timed(session, call.text, today=call.today, limit=call.limit)
        with vault.store.write(call.now()) as session:
            lookup.searched(session, hits)
    rows = [
        {"subject_id": h.subject_id, "name": h.name, "certainty": h.certainty, "why": h.why, "sources": h.sources}
        for h in hits
    ]
    return Answer({"hits": rows, "ms": round(spent, 2)})


def _show(call: Call) -> Answer:
    with call.write() as session:
        return Answer(records.show(session, call.kind, call.id, reason=call.reason))
