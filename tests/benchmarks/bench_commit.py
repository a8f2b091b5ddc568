"""What an act's commit costs, with its row in the trail and the file `head`, beside a bare commit of the same encrypted database.

Run: `python -m tests.benchmarks.bench_commit [FOLDER]`; the folder decides which disk is measured.  Both wait until the disk has it
(`synchronous = FULL`).  Goal: the middle at most four times a bare commit's, in the same run.
"""

import datetime as dt
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from app.domain.audit import Action
from app.security.kdf import KdfCost
from app.services import audit, founding
from app.services.vaults import Vault
from db.engine import connect

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
CHEAPEST = KdfCost(memory_kib=46 << 10, rounds=1, lanes=1)
ROUNDS, GOAL = 400, 4.0
TEXT = f'"{"x" * 300}"'
CHANGE = "INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)"


def milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def middle(times: list[float]) -> str:
    ordered = sorted(times)
    return f"p50 {statistics.median(times):.2f} ms, p95 {ordered[len(ordered) * 95 // 100]:.2f} ms"


def bare_commit(folder: Path) -> Callable[[], object]:
    """Return a commit of one row of the same size, with the same settings and nothing around it."""
    connection = connect(folder / "bare.db", bytes(range(32)), create=True)
    connection.execute("CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT)")

    def work() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(CHANGE, ("a", TEXT))
        connection.execute("COMMIT")

    return work


def act(vault: Vault, *, has_row: bool) -> Callable[[], object]:
    """Return one act of the program, with or without its row in the trail."""

    def work() -> None:
        with vault.store.write(NOW) as session:
            session.connection().exec_driver_sql(CHANGE, ("a", TEXT))
            if has_row:
                audit.record(session, Action.SETTING_CHANGED, fields=["text"])

    return work


def main() -> int:
    """Measure, print, and say by the exit code whether the goal is met."""
    place = sys.argv[1] if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory(dir=place) as name:
        folder = Path(name)
        vault, _key = founding.create(
            folder / "Prov.ombud", founding.NewVault(passphrase="fem ord som ingen gissar", cost=CHEAPEST), now=NOW
        )
        witness = vault.store.witness
        works = {"bare": bare_commit(folder), "whole": act(vault, has_row=True), "no row": act(vault, has_row=False)}
        times: dict[str, list[float]] = {kind: [] for kind in (*works, "no head")}
        for _round in range(ROUNDS):
            for kind, work in works.items():
                times[kind].append(milliseconds(work))
            vault.store.witness = None
            times["no head"].append(milliseconds(works["whole"]))
            vault.store.witness = witness
        vault.abandon()
    bare = statistics.median(times["bare"])
    for kind, told in times.items():
        sys.stdout.write(f"{kind:8} {middle(told)}, {statistics.median(told) / bare:.1f} × bare\n")
    ratio = statistics.median(times["whole"]) / bare
    sys.stdout.write(f"act, row in the trail and head: {ratio:.1f} × a bare encrypted commit; goal {GOAL:.0f} ×\n")
    return 0 if ratio <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
