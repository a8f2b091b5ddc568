"""What the readers of other kinds of files cost beside the reader of text tables, and many mails together beside one at a time."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from app.importers import table
from app.importers.mail import read_mail, read_mails
from app.importers.mailbox import letters
from tests.importers.mailboxes import mailbox
from tests.importers.mails import PLAIN
from tests.importers.tables import chunks, text_file

PEOPLE = 20_000
MAILS = 200


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def files(folder: Path) -> dict[str, Path]:
    """Write the same people as a text table, as JSON and as address cards."""
    people = [(f"Förnamn{n} Öberg", f"p{n}@example.se", "Storgatan 1", "75331", "Uppsala") for n in range(PEOPLE)]
    names = ("namn", "epost", "adress", "postnr", "ort")
    cards = "".join(
        f"BEGIN:VCARD\nVERSION:3.0\nFN:{p[0]}\nEMAIL:{p[1]}\nADR:;;{p[2]};{p[4]};;{p[3]};\nEND:VCARD\n" for p in people
    )
    listed = json.dumps([dict(zip(names, p, strict=True)) for p in people], ensure_ascii=False)
    lines = ";".join(names) + "\n" + "".join(";".join(p) + "\n" for p in people)
    texts = {"csv": lines, "json": listed, "vcf": cards}
    return {kind: text_file(folder, text.encode(), f"kunder.{kind}") for kind, text in texts.items()}


def test_other_kinds_of_files_beside_a_text_table(tmp_path: Path) -> None:
    spent: dict[str, float] = {}
    for kind, path in files(tmp_path).items():
        mapping = table.preview(path).mapping
        spent[kind] = seconds(lambda path=path, mapping=mapping: sum(len(part.rows) for part in chunks(path, mapping)))  # type: ignore[misc]
    for kind in ("json", "vcf"):
        sys.stdout.write(
            f"{PEOPLE} rows of {kind}: {spent[kind] / spent['csv']:.1f} × csv ({spent[kind]:.2f} s)" + "\n"
        )


def test_many_mails_together_beside_one_at_a_time(tmp_path: Path) -> None:
    path = mailbox(tmp_path / "inkorg.mbox", *[PLAIN] * MAILS)
    raws = [one.raw() for one in letters(path)]
    together = seconds(lambda: list(read_mails(raws))) / MAILS
    alone = seconds(lambda: [read_mail(raw) for raw in raws[:10]]) / 10
    sys.stdout.write(f"a mail in a lot: {together * 1000:.1f} ms; one at a time {alone / together:.0f} × that" + "\n")
