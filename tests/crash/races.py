"""Two processes open the same vault at the same moment, over and over: one of them gets it, and the other is told who has it.

Run it in full: `python -m tests.crash.races` (500 rounds, a minute or two).  In every other round the lock of a dead process lies in the
way, which both find and only one may replace.  `python -m tests.crash.races --control` lets both replace it: the fault is then seen.
"""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import nullcontext, suppress
from pathlib import Path

from app.domain.errors import ExitCode, UserError
from app.paths import program_root
from app.security import lock_file
from app.security.kdf import KdfCost
from app.services import founding
from tests.crash.acts import NOW, PASSPHRASE

ROUNDS = 500
WON, IN_USE = "won", "in use"
DEAD = {"host": "", "pid": 2**22 + 1, "boot_id": "", "started": "", "user": "", "since": NOW.isoformat()}


def make(place: Path) -> Path:
    """Return the folder of a closed vault."""
    facts = founding.NewVault(passphrase=PASSPHRASE, cost=KdfCost(memory_kib=46 << 10, rounds=1, lanes=1))
    vault, _key = founding.create(place / "Prov.ombud", facts, now=NOW)
    vault.close(NOW)
    return vault.folder


def race(folder: Path, rounds: int, *, is_guarded: bool = True) -> Counter[tuple[str, ...]]:
    """Return how often the two processes ended how, the answers of a round in alphabetical order."""
    command = [sys.executable, "-m", "tests.crash.races", "--racer", str(folder), "guarded" if is_guarded else "bare"]
    racers = [
        subprocess.Popen(command, cwd=program_root(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _one in range(2)
    ]
    found: Counter[tuple[str, ...]] = Counter()
    try:
        _all(racers, "ready")
        for number in range(rounds):
            if number % 2:
                _leave_dead_lock(folder)
            found[_all(racers, "open")] += 1
            _all(racers, "close")
    finally:
        for racer in racers:
            racer.communicate()
    return found


def _all(racers: "list[subprocess.Popen[str]]", word: str) -> tuple[str, ...]:
    """Say a word to all before anybody's answer is heard."""
    for racer in racers:
        _say(racer, word)
    return tuple(sorted(_hear(racer) for racer in racers))


def _leave_dead_lock(folder: Path) -> None:
    import platform

    (folder / lock_file.NAME).write_text(json.dumps({**DEAD, "host": platform.node()}), encoding="utf-8")


def _say(racer: "subprocess.Popen[str]", word: str) -> None:
    assert racer.stdin is not None
    racer.stdin.write(word + "\n")
    racer.stdin.flush()


def _hear(racer: "subprocess.Popen[str]") -> str:
    assert racer.stdout is not None
    return racer.stdout.readline().strip()


def _race_along(folder: Path, *, is_guarded: bool) -> None:
    """Be one of the two: open and close the vault when told to."""
    from app.security import vault_file
    from app.services import vaults

    if not is_guarded:
        lock_file._guarded = lambda _folder: nullcontext()  # type: ignore[assignment,return-value]
    keys = vault_file.unlock(folder, passphrase=PASSPHRASE)
    vault = None
    for line in sys.stdin:
        answer = line.strip()
        if answer == "open":
            try:
                vault = vaults.open_with_keys(folder, keys, user="", now=NOW)
                answer = WON
            except UserError as error:
                answer = IN_USE if error.code is ExitCode.IN_USE else f"failed: {error.code}"
            except Exception as error:
                answer = f"failed: {type(error).__name__}"
        elif vault is not None:
            with suppress(UserError):
                vault.close(NOW)
            vault = None
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Run all rounds and print how they ended; 1 when one ended otherwise than it must."""
    if arguments[:1] == ["--racer"]:
        _race_along(Path(arguments[1]), is_guarded=arguments[2] == "guarded")
        return 0
    with tempfile.TemporaryDirectory() as place:
        found = race(make(Path(place)), ROUNDS, is_guarded="--control" not in arguments)
    for answers, count in found.most_common():
        sys.stdout.write(f"{count:4} × {' + '.join(answers)}\n")
    return 0 if set(found) == {(IN_USE, WON)} else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
