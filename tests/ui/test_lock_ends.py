"""A lock ends the process that had the key: what it knew is in no process's memory afterwards.

Source: F16 of the design: after closing and forgetting everything, key and names were still in memory hundreds of times.
"""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.paths import program_root
from app.security import lock_file
from app.services import vaults
from app.services.vaults import Vault
from tests.factories import make_subject
from tests.ui.conftest import NOW, PASSPHRASE

NAME = "Zebulonia Vintergatsson"
SOON_S = 30.0
needs_proc = pytest.mark.skipif(
    not Path("/proc/self/mem").exists(), reason="the memory of processes is read as Linux shows it"
)


def processes_of(folder: Path) -> list[int]:
    """Return the processes that were started with this vault."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            try:
                line = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if str(folder).encode() in line:
                found.append(int(entry.name))
    return found


def memory(pid: int) -> Iterator[bytes]:
    """Yield what a process has in memory and may write."""
    with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", 0) as mem:
        for line in maps:
            place, rights = line.split()[:2]
            if rights.startswith("rw"):
                begin, end = (int(part, 16) for part in place.split("-"))
                try:
                    mem.seek(begin)
                    yield mem.read(end - begin)
                except (OSError, ValueError):
                    continue


def hits(pid: int, wanted: list[bytes]) -> int:
    return sum(part.count(one) for part in memory(pid) for one in wanted)


def wait_until(is_so: object, what: str) -> None:
    until = time.monotonic() + SOON_S
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < until, what
        time.sleep(0.02)


@pytest.fixture
def begun(vault: Vault, tmp_path: Path) -> Iterator[tuple[Path, list[bytes], dict[str, str]]]:
    """Return a closed vault with a person, what must not be in memory, and an environment of its own."""
    with vault.store.write(NOW) as session:
        make_subject(session, NAME, values={"name": NAME})
    key = vault.keys.database
    wanted = [key, key.hex().encode(), NAME.encode(), NAME.encode("utf-16-le"), PASSPHRASE.encode("utf-16-le")]
    folder = vault.folder
    vault.close(NOW)
    home = tmp_path / "home"
    home.mkdir()
    surroundings = {"HOME": str(home), "XDG_CONFIG_HOME": str(home), "PYTHONPATH": str(program_root())}
    yield folder, wanted, {**os.environ, **surroundings}
    for pid in processes_of(folder):
        os.kill(pid, 9)


def shown(folder: Path, environment: dict[str, str], flag: Path, how: str) -> subprocess.Popen[str]:
    """Return the program with the person on its screen."""
    command = [sys.executable, "-m", "tests.ui.lock_child", str(folder), PASSPHRASE, NAME, str(flag), how]
    child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=program_root())
    assert child.stdout is not None
    assert child.stdout.readline() == "shown\n"
    return child


@needs_proc
def test_after_a_lock_key_and_names_are_in_no_process(
    begun: tuple[Path, list[bytes], dict[str, str]], tmp_path: Path
) -> None:
    folder, wanted, environment = begun
    flag = tmp_path / f"flag-{secrets.token_hex(4)}"
    with shown(folder, environment, flag, "end") as child:
        assert hits(child.pid, wanted[:2]) > 0, "the control: the open program has the key"
        assert hits(child.pid, wanted[2:4]) > 0, "the control: and the name"
        flag.touch()
        assert child.wait(timeout=SOON_S) == 0
    assert lock_file.held_by(folder) is None
    wait_until(lambda: processes_of(folder), "another process shows the unlock window")
    (pid,) = processes_of(folder)
    limits = Path(f"/proc/{pid}/limits").read_text(encoding="utf-8")
    wait_until(
        lambda: "Max core file size        0 " in Path(f"/proc/{pid}/limits").read_text(encoding="utf-8"), limits
    )
    assert sum(hits(one, wanted) for one in processes_of(folder)) == 0
    vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW).abandon()


@needs_proc
def test_the_control_a_process_that_goes_on_still_has_them(
    begun: tuple[Path, list[bytes], dict[str, str]], tmp_path: Path
) -> None:
    folder, wanted, environment = begun
    flag = tmp_path / f"flag-{secrets.token_hex(4)}"
    with shown(folder, environment, flag, "keep") as child:
        flag.touch()
        assert child.stdout is not None
        assert child.stdout.readline() == "kept\n"
        assert hits(child.pid, wanted) > 0
        child.kill()
