"""What surrounds an import: the trial before it, and the file of rejected rows after it."""

import csv
import datetime as dt
import io
from collections.abc import Sequence

from app.i18n import _
from app.services import import_settling, imports
from app.services.guard import guarded
from app.services.imports import Imported, Plan, Step
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
