"""Some of the points of each act; `python -m tests.crash.killed` does all of them."""

from pathlib import Path

import pytest

from app.security import files
from tests.crash import killed
from tests.crash.acts import ACTS


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("crash")
    killed.make(place)
    return place


@pytest.mark.parametrize("number", [1, 3, 6, 12])
@pytest.mark.parametrize("act", [*ACTS, "restore", "open"])
def test_a_killed_act_is_whole_or_absent(pattern: Path, tmp_path: Path, act: str, number: int) -> None:
    _is_done, wrong = killed.kill(act, pattern, tmp_path / "place", number)

    assert wrong == ""
    assert files.sweep(tmp_path / "place" / "Prov.ombud") >= 0
