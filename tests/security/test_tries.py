"""Wrong tries are counted over restarts, and neither the clock nor damage spares anybody the wait."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.errors import ExitCode, UserError
from app.security import tries
from tests.security.broken import STEPS

NOW = datetime(2026, 3, 9, 8, 12, 0, 250_000, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_the_waits_double_up_to_a_minute_and_never_lock_out() -> None:
    assert [tries.wait_s(count) for count in range(10)] == [0, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert tries.wait_s(10**9) == 60


def test_tries_are_kept_with_their_times_and_kinds(tmp_path: Path) -> None:
    assert tries.read(tmp_path, NOW) is None
    assert tries.left_s(tmp_path, NOW) == 0
    tries.add(tmp_path, "passphrase", NOW)
    tries.add(tmp_path, "recovery", NOW + SECOND)
    tries.add(tmp_path, "passphrase", NOW + 3 * SECOND)
    found = tries.read(tmp_path, NOW)
    assert found == tries.Tries(NOW, NOW + 3 * SECOND, {"passphrase": 2, "recovery": 1})
    assert found.count == 3
    assert [tries.left_s(tmp_path, NOW + n * SECOND) for n in (3, 4, 6, 7, 99)] == [4, 3, 1, 0, 0]
    tries.clear(tmp_path)
    tries.clear(tmp_path)
    assert tries.read(tmp_path, NOW) is None
    assert list(tmp_path.iterdir()) == []


def test_a_clock_set_back_starts_the_wait_anew(tmp_path: Path) -> None:
    for _time in range(3):
        tries.add(tmp_path, "user", NOW)
    early = NOW - timedelta(days=700)
    assert tries.left_s(tmp_path, early) == 4
    assert tries.left_s(tmp_path, early + SECOND) == 3
    assert tries.left_s(tmp_path, early - SECOND) == 4
    assert tries.left_s(tmp_path, early + 3 * SECOND) == 0


def test_the_wait_is_told_though_the_disk_takes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tries.add(tmp_path, "user", NOW)

    def refuse(*_given: object, **_named: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(os, "fsync", refuse)
    assert tries.left_s(tmp_path, NOW - SECOND) == 1
    with pytest.raises(UserError) as caught:
        tries.add(tmp_path, "user", NOW)
    assert caught.value.code is ExitCode.DISK
    with pytest.raises(UserError) as caught:
        tries.clear(tmp_path)
    assert caught.value.code is ExitCode.DISK


BAD = [
    b"",
    b"[]",
    b"null",
    b"{}",
    b"[" * 5000,
    b"\xff",
    b'{"first_at": 1, "last_at": 2, "kinds": {}}',
    b'{"first_at": "2026-01-01", "last_at": "x", "kinds": 1}',
]


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
def test_a_damaged_file_counts_as_many_once(tmp_path: Path, text: bytes) -> None:
    (tmp_path / tries.NAME).write_bytes(text)
    assert tries.left_s(tmp_path, NOW) == 60
    assert tries.left_s(tmp_path, NOW + 59 * SECOND) == 1
    assert tries.left_s(tmp_path, NOW + 60 * SECOND) == 0
    assert tries.add(tmp_path, "user", NOW + 60 * SECOND).kinds == {"unknown": 7, "user": 1}


@pytest.mark.parametrize(
    ("old", "new"), [(b'"user":1', b'"user":2'), (b"2026", b"2025"), (b'"user":1', b'"user":0'), (b"+00:00", b"")]
)
def test_every_change_is_noticed(tmp_path: Path, old: bytes, new: bytes) -> None:
    tries.add(tmp_path, "user", NOW)
    path = tmp_path / tries.NAME
    path.write_bytes(path.read_bytes().replace(old, new))
    assert tries.left_s(tmp_path, NOW) == 60


@pytest.mark.parametrize("kinds", [{}, {"user": 0}, {"user": -5}])
def test_right_checksums_over_nonsense_count_as_many(tmp_path: Path, kinds: dict[str, int]) -> None:
    tries._write(tmp_path, tries.Tries(NOW, NOW, kinds))
    assert tries.left_s(tmp_path, NOW) == 60
    tries._write(tmp_path, tries.Tries(NOW.replace(tzinfo=None), NOW.replace(tzinfo=None), {"user": 1}))
    assert tries.left_s(tmp_path, NOW) == 60


DYING = """
import os, sys
from datetime import datetime
from pathlib import Path
from app.security import tries
from tests.security.broken import break_at
break_at(sys.argv[2], lambda: os._exit(9))
tries.add(Path(sys.argv[1]), "user", datetime.fromisoformat(sys.argv[3]))
"""


@pytest.mark.parametrize("step", STEPS)
def test_a_process_that_dies_loses_at_most_its_own_try(tmp_path: Path, step: str) -> None:
    tries.add(tmp_path, "user", NOW)
    root = Path(__file__).parents[2]
    words = [sys.executable, "-c", DYING, str(tmp_path), step, NOW.isoformat()]
    died = subprocess.run(words, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, check=False)
    assert died.returncode == 9
    found = tries.read(tmp_path, NOW)
    assert found is not None
    assert found.kinds in ({"user": 1}, {"user": 2})
