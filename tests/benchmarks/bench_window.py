"""How long the window stands still, at the longest, in everything a user does in a day: a key press waits as long.

Run: `python -m tests.benchmarks.bench_window`.  The example vault, and one with 10,000 people; each walked in a process of its own,
several times, and for each situation the middle one of its longest gaps.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from app.services import demo
from tests.benchmarks import vaults
from tests.benchmarks.heartbeat import Gap

ROUNDS = 3
GOAL_MS = 100
IMPORTED = 2_000


def walked(folder: Path, table: Path, home: Path) -> dict[str, Gap]:
    """Return the longest gap of each situation of one walk.

    Raises:
        CalledProcessError: The walk came to no end.
    """
    command = [sys.executable, "-m", "tests.benchmarks.walk", str(folder), str(table)]
    surroundings = {**os.environ, "XDG_CONFIG_HOME": str(home)}
    ran = subprocess.run(command, env=surroundings, stdout=subprocess.PIPE, text=True, check=True)
    return {name: Gap(*gap) for name, gap in json.loads(ran.stdout.splitlines()[-1]).items()}


def middle(walks: list[dict[str, Gap]]) -> dict[str, Gap]:
    """Return the middle one of several walks, situation by situation."""
    return {
        name: Gap(*(statistics.median(getattr(walk[name], clock) for walk in walks) for clock in Gap._fields))
        for name in walks[0]
    }


def measure(count: int, place: Path) -> dict[str, Gap]:
    """Return the gaps in a vault of so many people.  Every walk has a fresh copy: an import can be made once only."""
    walks = []
    table = place / "register.csv"
    vaults.write_register(table, IMPORTED, today=datetime.now(UTC).date(), seed=7)
    for number in range(ROUNDS):
        folder = place / f"{number}.ombud"
        vaults.make(folder, count)
        walks.append(walked(folder, table, place))
    return middle(walks)


def main() -> int:
    """Measure and print; return 1 when the window stood still longer than it may."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    is_late = False
    for count in (demo.COUNT, vaults.MANY):
        with tempfile.TemporaryDirectory() as made:
            gaps = measure(count, Path(made))
        sys.stdout.write(f"{count} people: the longest gap in ms, of that computing (goal {GOAL_MS})\n")
        for name, gap in gaps.items():
            late = gap.own > GOAL_MS
            is_late |= late
            sys.stdout.write(f"  {name:<32} {gap.wall:6.0f} {gap.own:6.0f}{'  LATE' if late else ''}\n")
    return int(is_late)


if __name__ == "__main__":
    sys.exit(main())
