"""A register extract about a person with 500 stored values: gathered, written as PDF and workbook, stored in the case.

Run: `python -m tests.benchmarks.bench_extract`.  Goal: all of it in less than two seconds, the first time (with what is imported
late and read from the disk) and every time after.  Exit code 1 when the goal is missed, by the processor's time: the clock's time
stands beside it and says how busy the machine was with other things.  Beside it the same rows by bare reportlab and bare openpyxl,
measured in the same run: ratios hold on any machine, seconds do not.
"""

import datetime as dt
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import NamedTuple, TypeVar

from sqlalchemy.orm import Session

from app.documents.content import Extract
from app.domain.outputs import ShowGround
from app.services import extracts, filing, founding
from app.services.output_choice import Choice
from db.models import Subject
from db.store import Store
from tests.factories import CUSTOMER, NOW, TODAY, make_datum, make_request, make_source, make_subject
from tests.services.conftest import CHEAPEST

VALUES = 500
ROUNDS = 7
GOAL = 2.0
T = TypeVar("T")
SOURCES = (
    ("Kundregister", "customer_admin", ("street", "postcode", "city", "relation_start")),
    ("Fakturering", "orders_billing", ("invoice_no", "invoice_date", "amount", "payment_history")),
    ("Kundtjänst", "service_cases", ("complaint", "correspondence", "service_case", "survey")),
    ("Nyhetsbrev", "newsletter_marketing", ("newsletter_consent", "consent_on")),
    ("Webbplats", "website_cookies", ("ip", "visit", "last_login", "technical")),
)
SAMPLES = {
    "postcode": "752 31",
    "city": "Uppsala",
    "relation_start": "2016-04-01",
    "invoice_date": "2025-03-14",
    "amount": "1249.50",
    "consent_on": "2024-02-29",
    "last_login": "2026-10-30",
}
WORDS = "jag ringde om fakturan och ni lovade att rätta den sedan dess har inget hänt så nu skriver jag igen hör av er"


class Spent(NamedTuple):
    """Seconds by the clock on the wall and by the processor."""

    wall: float
    worked: float


class Clock:
    """Adds up how long named parts take."""

    def __init__(self) -> None:
        self.times: dict[str, list[Spent]] = {}

    def time(self, part: str, work: Callable[[], T]) -> T:
        """Do `work` and note how long it took."""
        wall, worked = time.perf_counter(), time.process_time()
        result = work()
        self.times.setdefault(part, []).append(Spent(time.perf_counter() - wall, time.process_time() - worked))
        return result

    def middle(self, part: str) -> Spent:
        """Return the median of a part."""
        times = self.times[part]
        return Spent(statistics.median(one.wall for one in times), statistics.median(one.worked for one in times))


def person(session: Session) -> Subject:
    """Return a person with so many values over five registers: short facts, money, dates, and free text of several lines."""
    subject = make_subject(session, values=CUSTOMER)
    pick = random.Random(2026)  # noqa: S311 - sample texts, each different, the same in every run
    for number in range(VALUES - len(CUSTOMER) - 1):
        name, activity, codes = SOURCES[number % len(SOURCES)]
        code = codes[number // len(SOURCES) % len(codes)]
        value = SAMPLES.get(code, f"Uppgift {number}")
        if name == "Kundtjänst":
            value = f"{number}: {' '.join(pick.choices(WORDS.split(), k=20 * (1 + number % 4)))}."
        fy_end_on = dt.date(2025, 12, 31) if name == "Fakturering" else None
        make_datum(
            session, subject, code, value, source=make_source(session, name, activity=activity), fy_end_on=fy_end_on
        )
    return subject


SHOWN = Choice(masked=frozenset())


def shown(session: Session, subject_id: int) -> Choice:
    """Return the choice to show all that is proposed to be hidden."""
    proposed = extracts.proposed_masks(session, subject_id, today=TODAY)
    return Choice(masked=frozenset(), shown=dict.fromkeys(proposed, ShowGround.OWN))


def late_imports() -> None:
    """Import what the program imports only when the first document is made."""
    import openpyxl  # noqa: F401
    import pikepdf  # noqa: F401
    import reportlab.pdfbase.ttfonts
    import reportlab.pdfgen.canvas  # noqa: F401

    import app.documents.extract
    import app.documents.workbook
    import app.documents.xlsx  # noqa: F401


def extract(store: Store, request_id: int, subject_id: int, clock: Clock) -> Extract:
    """Do what `extracts.make` does, each part by itself, and store it."""
    from app.documents.extract import write_extract
    from app.documents.workbook import write_extract_workbook

    def gather(session: Session) -> Extract:
        return extracts.content(session, subject_id=subject_id, request_id=request_id, today=TODAY, choice=SHOWN)

    def keep(session: Session, raw: bytes, kind: str) -> None:
        place = filing.Place(subject_id=subject_id, request_id=request_id)
        filing.store(session, raw, kind=kind, name=f"{kind}.bin", media_type="application/octet-stream", place=place)

    def all_of_it() -> Extract:
        with store.write(NOW) as session:
            made = clock.time("content", lambda: gather(session))
            pdf = clock.time("PDF", lambda: write_extract(made))
            book = clock.time("workbook", lambda: write_extract_workbook(made))
            keep(session, pdf, "extract")
            keep(session, book, "workbook")
        return made

    return clock.time("all, stored", all_of_it)


def write_bare(made: Extract) -> bytes:
    """Write the same rows with openpyxl's own `append`: no styles, no widths, no care about formulas."""
    from openpyxl import Workbook

    book = Workbook()
    for category in made.categories:
        sheet = book.create_sheet(category.code)
        for row in category.rows:
            recipients = ", ".join(row.recipients)
            sheet.append(
                [
                    row.label,
                    row.value,
                    row.source,
                    row.since_on,
                    row.purpose,
                    row.legal_basis,
                    recipients,
                    row.erase_text,
                ]
            )
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def main() -> int:
    """Measure, print, and return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        facts = founding.NewVault(passphrase="fem ord som ingen gissar", cost=CHEAPEST)
        vault, _recovery_key = founding.create(Path(folder) / "Prov.ombud", facts, now=NOW)
        try:
            return measure(vault.store)
        finally:
            vault.abandon()


def measure(store: Store) -> int:
    """Measure one cold and several warm rounds, and what bare libraries take for the same rows."""
    with store.write(NOW) as session:
        subject_id = person(session).id
        request_id = make_request(session, subject=session.get_one(Subject, subject_id)).id
    cold, warm, bare = Clock(), Clock(), Clock()
    cold.time("late imports", late_imports)
    made = extract(store, request_id, subject_id, cold)
    from tests.benchmarks.bench_documents import write_untagged

    for _round in range(ROUNDS):
        extract(store, request_id, subject_id, warm)
        with store.write(NOW) as session:
            warm.time(
                "extracts.make",
                lambda: extracts.make(session, request_id, today=TODAY, choice=shown(session, subject_id)),
            )
        bare.time("PDF", lambda: write_untagged(made))
        bare.time("workbook", lambda: write_bare(made))
    values = sum(len(category.rows) for category in made.categories)
    sys.stdout.write(f"register extract of {values} values: seconds by the clock (by the processor)\n")
    return report(cold, warm, bare)


def report(cold: Clock, warm: Clock, bare: Clock) -> int:
    """Print the table and return the exit code."""
    lines = [f"{'part':<16}{'first time':>16}{'after that':>16}{'÷ bare':>10}"]
    for part in dict.fromkeys([*cold.times, *warm.times]):
        first = _shown(cold.times[part][0]) if part in cold.times else ""
        after = _shown(warm.middle(part)) if part in warm.times else ""
        ratio = f"{warm.middle(part).worked / bare.middle(part).worked:.2f}" if part in bare.times else ""
        lines.append(f"{part:<16}{first:>16}{after:>16}{ratio:>10}")
    parts = (cold.times["late imports"][0], cold.times["all, stored"][0])
    once = Spent(sum(part.wall for part in parts), sum(part.worked for part in parts))
    later = warm.middle("all, stored")
    is_met = max(once.worked, later.worked) < GOAL
    lines.append(f"{'sum':<16}{_shown(once):>16}{_shown(later):>16}   goal {GOAL:g} s: {'met' if is_met else 'MISSED'}")
    sys.stdout.write("\n".join(lines) + "\n")
    return int(not is_met)


def _shown(spent: Spent) -> str:
    return f"{spent.wall:.2f} ({spent.worked:.2f})"


if __name__ == "__main__":
    sys.exit(main())
