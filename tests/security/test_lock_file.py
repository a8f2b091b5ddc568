"""One process per vault: real processes race, die and are found dead."""

import errno
import getpass
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, cast

import pytest

from app.domain.errors import ExitCode, UserError
from app.security import lock_file, processes
from app.security.lock_file import Holder, VaultLock, held_by
from tests.security.conftest import NOW

ROOT = Path(__file__).parents[2]

# Takes the lock on "go", gives it back on "back", ends when its standard input ends.
RACER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from app.domain.errors import UserError
from app.security.lock_file import VaultLock

lock = VaultLock(Path(sys.argv[1]), now=datetime.now(UTC))
print("ready", flush=True)
for line in sys.stdin:
    if line == "back\\n":
        lock.release()
        print("given back", flush=True)
        continue
    try:
        lock.acquire()
        print("won", flush=True)
    except UserError as error:
        print(int(error.code), flush=True)
"""


def test_a_lock_says_who_holds_the_vault_and_is_gone_afterwards(tmp_path: Path) -> None:
    with VaultLock(tmp_path, now=NOW):
        holder = held_by(tmp_path)
        assert holder is not None
        assert (holder.host, holder.pid, holder.since) == (platform.node(), os.getpid(), "2026-03-09T08:12:00+00:00")
        assert set(json.loads((tmp_path / "lock").read_bytes())) == {
            "host",
            "pid",
            "boot_id",
            "started",
            "user",
            "since",
        }
    assert held_by(tmp_path) is None
    assert not (tmp_path / "lock").exists()


def test_the_same_process_cannot_open_a_vault_twice(tmp_path: Path) -> None:
    with VaultLock(tmp_path, now=NOW), pytest.raises(UserError) as caught:
        VaultLock(tmp_path, now=NOW).acquire()
    assert caught.value.code is ExitCode.IN_USE
    assert platform.node() in caught.value.what
    assert "2026-03-09 kl. 09.12" in caught.value.what, "Swedish time"
    assert getpass.getuser() not in caught.value.what


def test_a_lock_can_be_taken_again_after_it_was_given_back(tmp_path: Path) -> None:
    lock = VaultLock(tmp_path, now=NOW)
    for _time in range(3):
        lock.acquire()
        lock.release()
    lock.release()


def test_another_process_that_runs_holds_its_vault(tmp_path: Path) -> None:
    with _racer(tmp_path) as racer:
        assert _says(racer, "go") == "won"
        with pytest.raises(UserError) as caught:
            VaultLock(tmp_path, now=NOW).acquire()
        assert caught.value.code is ExitCode.IN_USE
        assert _says(racer, "back") == "given back"
    VaultLock(tmp_path, now=NOW).acquire()


def test_a_killed_process_holds_nothing_even_before_it_is_reaped(tmp_path: Path) -> None:
    with _racer(tmp_path) as racer:
        assert _says(racer, "go") == "won"
        racer.kill()
        os.waitid(os.P_PID, racer.pid, os.WEXITED | os.WNOWAIT)
        with VaultLock(tmp_path, now=NOW):
            holder = held_by(tmp_path)
            assert holder is not None
            assert holder.pid == os.getpid()


def test_of_racing_processes_exactly_one_wins_also_over_a_dead_lock(tmp_path: Path) -> None:
    dead = replace(_mine(tmp_path), pid=_dead_pid())
    with _racer(tmp_path) as one, _racer(tmp_path) as two, _racer(tmp_path) as three:
        racers = [one, two, three]
        for race in range(500):
            if race % 2:
                _plant(tmp_path, asdict(dead))
            for racer in racers:
                _tell(racer, "go")
            results = [_heard(racer) for racer in racers]
            assert sorted(results) == ["5", "5", "won"]
            assert _says(racers[results.index("won")], "back") == "given back"


def test_a_lock_from_before_a_reboot_is_dead(tmp_path: Path) -> None:
    _plant(tmp_path, asdict(replace(_mine(tmp_path), boot_id="another")))
    with VaultLock(tmp_path, now=NOW):
        pass


def test_a_lock_whose_process_number_was_given_away_is_dead(tmp_path: Path) -> None:
    _plant(tmp_path, asdict(replace(_mine(tmp_path), started="1")))
    assert held_by(tmp_path) is None


@pytest.mark.parametrize("change", [{"boot_id": ""}, {"started": ""}, {"boot_id": "", "started": ""}])
def test_a_lock_that_knows_less_is_held_while_its_process_runs(tmp_path: Path, change: dict[str, str]) -> None:
    mine = asdict(_mine(tmp_path)) | change
    _plant(tmp_path, mine)
    assert held_by(tmp_path) is not None
    _plant(tmp_path, mine | {"pid": _dead_pid()})
    assert held_by(tmp_path) is None


@pytest.mark.parametrize("change", [{}, {"boot_id": "another"}, {"pid": 4_000_001}, {"started": "1"}])
def test_another_computers_lock_is_never_called_dead(tmp_path: Path, change: dict[str, object]) -> None:
    _plant(tmp_path, asdict(_mine(tmp_path)) | {"host": "KONTOR-2"} | change)
    with pytest.raises(UserError, match="KONTOR-2 sedan 2026-03-09") as caught:
        VaultLock(tmp_path, now=NOW).acquire()
    assert caught.value.code is ExitCode.IN_USE
    assert "ta bort filen lock" in caught.value.do


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "{}", '{"host": "a"}', "[" * 4000, "x" * 10_000, '{"pid": 1, "more": 2}'],
    ids=range(9),
)
def test_a_half_written_lock_is_replaced(tmp_path: Path, text: str) -> None:
    (tmp_path / "lock").write_text(text, encoding="utf-8")
    with VaultLock(tmp_path, now=NOW):
        pass


@pytest.mark.parametrize(
    "change", [{"pid": 0}, {"pid": -1}, {"pid": 10**30}, {"pid": "7"}, {"pid": True}, {"since": 7}, {"since": "i går"}]
)
def test_a_lock_with_impossible_values_is_replaced_and_no_process_is_asked_for(
    tmp_path: Path, change: dict[str, object]
) -> None:
    _plant(tmp_path, asdict(_mine(tmp_path)) | {"host": "KONTOR-2"} | change)
    assert held_by(tmp_path) is None


def test_a_lock_that_is_no_longer_ours_is_left_alone(tmp_path: Path) -> None:
    theirs = asdict(_mine(tmp_path)) | {"host": "KONTOR-2"}
    lock = VaultLock(tmp_path, now=NOW)
    lock.acquire()
    _plant(tmp_path, theirs)
    lock.release()
    assert held_by(tmp_path) is not None


def test_a_folder_that_is_gone_is_a_disk_error(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        VaultLock(tmp_path / "saknas", now=NOW).acquire()
    assert caught.value.code is ExitCode.DISK


def test_a_lock_that_cannot_be_read_is_a_disk_error_and_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / "lock").mkdir()
    lock = VaultLock(tmp_path, now=NOW)
    with pytest.raises(UserError) as caught:
        lock.acquire()
    assert caught.value.code is ExitCode.DISK
    lock.release()
    assert (tmp_path / "lock").is_dir()


def test_a_disk_that_refuses_the_lock_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match="full"):
        VaultLock(tmp_path, now=NOW).acquire()
    assert not (tmp_path / "lock").exists(), "a lock that was not given holds nobody up"


def test_a_login_without_a_name_still_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("uid")

    monkeypatch.setattr(getpass, "getuser", nameless)
    with VaultLock(tmp_path, now=NOW):
        holder = held_by(tmp_path)
        assert holder is not None
        assert holder.user == ""


def test_a_system_that_does_not_say_when_processes_start_still_locks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "_PROC", tmp_path / "no proc")
    assert processes.boot_id() == ""
    assert processes.started(os.getpid()) == ""
    assert processes.started(_dead_pid()) is None
    with VaultLock(tmp_path, now=NOW), pytest.raises(UserError):
        VaultLock(tmp_path, now=NOW).acquire()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_process_of_another_user_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_pid: int, _signal: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", refused)
    assert processes.started(os.getpid()) is not None


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_a_process_keeps_its_start_and_its_boot() -> None:
    assert str(processes.started(os.getpid())).isdigit()
    assert processes.started(os.getpid()) == processes.started(os.getpid())
    assert len(processes.boot_id()) == 36
    assert lock_file.NAME == "lock"


def _mine(folder: Path) -> Holder:
    with VaultLock(folder, now=NOW):
        holder = held_by(folder)
    assert holder is not None
    return holder


def _plant(folder: Path, record: dict[str, object]) -> None:
    (folder / "lock").write_text(json.dumps(record), encoding="utf-8")


def _dead_pid() -> int:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


@contextmanager
def _racer(folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", RACER, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as racer:
        assert _heard(racer) == "ready"
        yield racer


def _tell(racer: subprocess.Popen[str], word: str) -> None:
    stdin = cast("IO[str]", racer.stdin)
    stdin.write(word + "\n")
    stdin.flush()


def _heard(racer: subprocess.Popen[str]) -> str:
    return cast("IO[str]", racer.stdout).readline().strip()


def _says(racer: subprocess.Popen[str], word: str) -> str:
    _tell(racer, word)
    return _heard(racer)
