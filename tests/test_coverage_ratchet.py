"""The coverage ratchet lets numbers rise and stops a fall."""

import importlib.util
import tomllib
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / ".ci" / "coverage_ratchet.py"
HELD: dict[str, Any] = {"complete": ["app/domain"], "at_least": {"app/ui": 80.0}}


@pytest.fixture(scope="module")
def ratchet() -> Any:
    specification = importlib.util.spec_from_file_location("coverage_ratchet", SCRIPT)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def file(covered: int, total: int, *, branches: int = 0, missing_branches: int = 0) -> dict[str, Any]:
    summary = {
        "covered_lines": covered,
        "num_statements": total,
        "covered_branches": branches - missing_branches,
        "num_branches": branches,
    }
    lines = list(range(covered, total))
    return {"summary": summary, "missing_lines": lines, "missing_branches": [[1, 2]] * missing_branches}


def report(domain: dict[str, Any], ui: dict[str, Any]) -> dict[str, Any]:
    return {"files": {"app/domain/deadlines.py": domain, "app/ui/window.py": ui}}


def test_the_ratchet_holds_when_nothing_fell(ratchet: Any) -> None:
    assert ratchet.failures(report(file(10, 10, branches=4), file(8, 10)), HELD) == []


def test_one_missing_branch_of_a_complete_area_is_a_fall(ratchet: Any) -> None:
    (found,) = ratchet.failures(report(file(10, 10, branches=4, missing_branches=1), file(8, 10)), HELD)
    assert "app/domain/deadlines.py" in found


def test_a_number_below_the_recorded_one_is_a_fall(ratchet: Any) -> None:
    assert ratchet.failures(report(file(1, 1), file(799, 1000)), HELD) == ["app/ui fell from 80.0 % to 79.9 %"]


def test_an_area_that_was_not_measured_is_a_fall(ratchet: Any) -> None:
    assert "app/ui was not measured" in ratchet.failures({"files": {"app/domain/a.py": file(1, 1)}}, HELD)


def test_code_outside_every_area_is_a_fall(ratchet: Any) -> None:
    files = {**report(file(1, 1), file(1, 1))["files"], "app/extra/a.py": file(1, 1)}
    assert ratchet.failures({"files": files}, HELD) == ["app/extra/a.py belongs to no area of the ratchet"]


def test_recording_raises_and_never_lowers(ratchet: Any) -> None:
    assert tomllib.loads(ratchet.recorded(report(file(1, 1), file(9, 10)), HELD))["at_least"] == {"app/ui": 90.0}
    assert tomllib.loads(ratchet.recorded(report(file(1, 1), file(1, 10)), HELD)) == HELD
