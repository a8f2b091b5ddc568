"""What verifying the trail costs beside bare SHA-256 chaining over the same rows.

Run: `python -m tests.benchmarks.bench_verify [ROWS]`.  Goal: at least 100,000 rows a second, reading them from the encrypted file.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.domain import trail
from app.domain.audit import GENESIS
from app.domain.checkpoints import Checkpoint
from app.domain.merkle import Frontier, leaf_hash
from app.services import audit
from db.store import Store

KEY = bytes(range(32))
ROWS, ROUNDS, GOAL = 300_000, 5, 100_000


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def rows(count: int) -> list[tuple[Any, ...]]:
    """Return a chained trail such as an office's: a subject, an act, some field names."""
    made, previous = [], GENESIS
    for number in range(1, count + 1):
        at = f"2026-11-{number % 28 + 1:02d} 09:{number % 60:02d}:00.{number % 1_000_000:06d}"
        payload = f'{{"fields":["address","email"],"sources":{number % 7}}}'.encode()
        uid = f"{number * 7919 % (1 << 64):032x}"
        row = (number, at, 60, "Eva Lund", "subject_read", "subject", str(number % 9000), uid, payload)
        link = sha256(previous + trail.record_bytes(row)).digest()
        made.append((*row, previous, link))
        previous = link
    return made


def put(store: Store, made: list[tuple[Any, ...]]) -> None:
    """Store the rows as they are."""
    with store._writer.begin() as connection:
        places = ", ".join("?" for _column in made[0])
        connection.exec_driver_sql(f"INSERT INTO audit_entry ({trail.COLUMNS}) VALUES ({places})", made)  # noqa: S608


def chained(records: list[bytes]) -> bytes:
    """Chain the rows' bytes and do nothing else: the least that any verifying must do."""
    link = GENESIS
    for record in records:
        link = sha256(link + record).digest()
    return link


def main() -> int:
    """Measure, print, and say by the exit code whether the goal is met."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    made = rows(count)
    records = [trail.record_bytes(row) for row in made]
    root = Frontier().grown(map(leaf_hash, records)).root
    held = audit.Evidence(notes=(Checkpoint("x", count, root, b"", b""),), shorts=((count // 2, ""),))
    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(Path(folder), KEY, user="")
        put(store, made)
        proofs = []

        def verify() -> None:
            with store.read() as session:
                proofs.append(audit.verify(session, held))

        ours, bare = [], []
        for _round in range(ROUNDS):
            bare.append(seconds(lambda: chained(records)))
            ours.append(seconds(verify))
        assert all(proof.fault is None and proof.events == count for proof in proofs)
        store.close()
    took, least = statistics.median(ours), statistics.median(bare)
    speed = count / took
    sys.stdout.write(
        f"{count:,} rows verified with their tree of hashes: {speed:,.0f} rows/s ({took:.2f} s), "
        f"{took / least:.1f} × bare SHA-256 chaining of the same bytes in memory ({least:.2f} s); goal {GOAL:,} rows/s\n"
    )
    return 0 if speed >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
