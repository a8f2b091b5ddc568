"""What surrounds an import: the trial before it, and the report and the file of rejected rows after it."""

import csv
import datetime as dt
import io
from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.documents.content import Mark
from app.documents.import_report import ImportReport, write_import_report
from app.domain.breach import in_stockholm
from app.domain.errors import ExitCode, UserError
from app.domain.importing import Duplicate, duplicate_label
from app.i18n import _
from app.services import audit, import_settling, imports, organisation
from app.services.guard import guarded
from app.services.imports import Imported, Plan, Step
from app.services.keeping import field_label
from db.models import ImportBatch
from db.queries import importing as queries
from db.store import Store


@guarded
def trial(store: Store, plan: Plan, *, now: dt.datetime, today: dt.date, step: Step) -> Imported:
    """Return what an import would give.  Reads only, so that nobody has to wait for it.

    Raises:
        UserError: As `imports.run`.
        Cancelled: `step` said so.
    """
    import_settling.finish(store, now=now, step=step)
    with store.read() as session:
        session.info["now"] = now
        return imports.trial(session, plan, today=today, step=step)


@guarded
def report(session: Session, batch_id: int, *, today: dt.date, done: Imported | None = None) -> tuple[str, bytes]:
    """Return the report of an import, file name and workbook.  It holds no value of the file.

    Args:
        session: Any session.
        batch_id: The import, also one that was undone.
        today: Printed on it.
        done: What came of it, when it was made just now; only then the single rows are in the report.

    Raises:
        UserError: There is no such import.
    """
    found = queries.batch(session, batch_id)
    if found is None:
        raise UserError(
            _("Det finns ingen import med det numret."),
            stands=_("Inget har ändrats."),
            do=_("Kontrollera importens nummer i listan över tidigare importer."),
            code=ExitCode.USAGE,
        )
    batch, source = found
    read_as = [field_label(code) if code else _("Läses inte in") for code in batch.mapping]
    content = ImportReport(
        mark=Mark("", today, is_example=organisation.is_example(session), trail=audit.head(session)),
        facts=_facts(batch, source),
        counts=_counts(batch, done),
        columns=list(enumerate(read_as, 1)),
        problems=None if done is None else [(p.line, p.column, p.what, p.remedy) for p in done.problems],
        warnings=None if done is None else [(one.line, one.text) for one in done.warnings],
    )
    return f"importrapport_{batch.id}_{today.isoformat()}.xlsx", write_import_report(content)


def _facts(batch: ImportBatch, source: str) -> list[tuple[str, str]]:
    facts = [
        (_("Importens nummer"), str(batch.id)),
        (_("Register"), source),
        (_("Inläst"), in_stockholm(batch.imported_at).strftime("%Y-%m-%d %H.%M")),
        (_("Inläst av"), batch.imported_by),
        (_("Filens kontrollsumma (SHA-256)"), batch.file_digest),
        (_("Personer som redan fanns"), duplicate_label(Duplicate(batch.options.get("duplicates", "update")))),
    ]
    titles = {"sheet": _("Blad"), "encoding": _("Teckenkodning"), "separator": _("Skiljetecken")}
    separators = {"\t": _("tabb"), ";": _("semikolon"), ",": _("komma")}
    for code, title in titles.items():
        if chosen := str(batch.options.get(code, "")):
            facts.append((title, separators.get(chosen, chosen)))
    if batch.undone_at is not None:
        facts.append((_("Ångrad"), in_stockholm(batch.undone_at).strftime("%Y-%m-%d %H.%M")))
        facts.append((_("Ångrad av"), batch.undone_by or ""))
    return facts


def _counts(batch: ImportBatch, done: Imported | None) -> list[tuple[str, int]]:
    counts = [
        (_("Nya personer"), batch.imported),
        (_("Rader som ändrade eller lade till"), batch.updated),
        (_("Rader utan något nytt"), batch.unchanged),
        (_("Rader om personer som redan fanns från annat håll"), batch.duplicates),
        (_("Överhoppade rader"), batch.skipped),
        (_("Personer som saknades i filen"), batch.gone),
        (_("Rader med fel, inte inlästa"), batch.rejected),
    ]
    if done is not None:
        counts += [(_("Uppgifter mot rättelser att avgöra"), done.conflicts), (_("Rader med varning"), done.warned)]
    return counts


def rejected_rows(headers: Sequence[str], done: Imported) -> bytes:
    """Return the rejected rows as they stood, with line, fault and remedy, as a CSV file that can be mended and imported again.

    No cell in it can run as a formula when a spreadsheet program opens it.
    """
    faults: dict[int, list[str]] = {}
    remedies: dict[int, list[str]] = {}
    for problem in done.problems:
        faults.setdefault(problem.line, []).append(
            f"{problem.column}: {problem.what}" if problem.column else problem.what
        )
        remedies.setdefault(problem.line, []).append(problem.remedy)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow([*map(imports.safe_cell, headers), _("Rad"), _("Fel"), _("Så rättar du")])
    for row in done.rejected_rows:
        cells = [*row.cells, *[""] * (len(headers) - len(row.cells))]
        why = " ".join(faults.get(row.line, ())), " ".join(dict.fromkeys(remedies.get(row.line, ())))
        writer.writerow([*map(imports.safe_cell, cells), row.line, *map(imports.safe_cell, why)])
    return out.getvalue().encode("utf-8-sig")
