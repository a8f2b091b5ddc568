"""Compare measured coverage with what `tests/coverage_ratchet.toml` demands.

    python .ci/coverage_ratchet.py coverage.json            check
    python .ci/coverage_ratchet.py coverage.json --record   raise the recorded numbers to what was measured

An area under `complete` has every line and every branch covered. An area under `at_least` never falls below its number.
"""

import json
import math
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

RATCHET = Path(__file__).resolve().parent.parent / "tests" / "coverage_ratchet.toml"
HEADER = """# Held by .ci/coverage_ratchet.py in every run; raise the numbers with its --record.
# complete: every line and every branch. at_least: percent of lines and branches, may rise but never fall.
"""


class Count(NamedTuple):
    """What there is to cover in an area, how much of it is, and which places are not."""

    covered: int
    total: int
    gaps: tuple[str, ...]

    @property
    def percent(self) -> float:
        """Return the share covered, rounded down to a tenth."""
        return math.floor(1000 * self.covered / self.total) / 10 if self.total else 100.0


def count(report: dict[str, dict[str, dict[str, object]]], area: str) -> Count:
    """Add up the files of an area: a folder, or one file."""
    covered, total, gaps = 0, 0, []
    for name, file in sorted(report["files"].items()):
        path = name.replace("\\", "/")
        if path != area and not path.startswith(area + "/"):
            continue
        summary, lines, branches = file["summary"], file["missing_lines"], file["missing_branches"]
        assert isinstance(summary, dict)
        covered += summary["covered_lines"] + summary["covered_branches"]
        total += summary["num_statements"] + summary["num_branches"]
        if lines or branches:
            gaps.append(f"{path}: lines {lines}, branches {branches}")
    return Count(covered, total, tuple(gaps))


def failures(report: dict[str, dict[str, dict[str, object]]], ratchet: dict[str, object]) -> list[str]:
    """Return what has fallen, one sentence each; empty when the ratchet holds."""
    complete, at_least = ratchet["complete"], ratchet["at_least"]
    assert isinstance(complete, list)
    assert isinstance(at_least, dict)
    found = [f"{area} must be covered completely: {gap}" for area in complete for gap in count(report, area).gaps]
    found += [f"{area} was not measured" for area in [*complete, *at_least] if not count(report, area).total]
    for area, floor in at_least.items():
        percent = count(report, area).percent
        if percent < floor:
            found.append(f"{area} fell from {floor} % to {percent} %")
    held = [*complete, *at_least]
    loose = [name for name in report["files"] if not any(name == area or name.startswith(area + "/") for area in held)]
    return found + [f"{name} belongs to no area of the ratchet" for name in loose if count(report, name).total]


def recorded(report: dict[str, dict[str, dict[str, object]]], ratchet: dict[str, object]) -> str:
    """Return the ratchet's file with each number raised to what was measured, never lowered."""
    complete, at_least = ratchet["complete"], ratchet["at_least"]
    assert isinstance(complete, list)
    assert isinstance(at_least, dict)
    rows = [f'"{area}" = {max(floor, count(report, area).percent)}' for area, floor in at_least.items()]
    return f"{HEADER}complete = {json.dumps(complete)}\n\n[at_least]\n" + "\n".join(rows) + "\n"


def main(arguments: list[str]) -> int:
    """Check or record; return the exit code."""
    report = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    ratchet = tomllib.loads(RATCHET.read_text(encoding="utf-8"))
    if "--record" in arguments:
        RATCHET.write_text(recorded(report, ratchet), encoding="utf-8")
        return 0
    found = failures(report, ratchet)
    for area in (*ratchet["complete"], *ratchet["at_least"]):
        sys.stdout.write(f"{count(report, area).percent:6.1f} %  {area}\n")
    sys.stdout.writelines(line + "\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
