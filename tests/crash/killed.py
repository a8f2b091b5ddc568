"""Kill an act at one of its changes of files, open the vault again, and say what is wrong with it.

Run all points of all acts: `python -m tests.crash.killed` (some minutes; prints one line for each act).
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.domain.errors import ExitCode, UserError
from app.paths import program_root
from app.security.kdf import KdfCost
from app.services import audit, filing, founding, organisation, restoring, vaults
from app.services.vaults import Vault
from db.models import Attachment, Subject
from tests.crash.acts import ACTS, NOW, OTHER, PASSPHRASE, ROWS, back_up
from tests.factories import CUSTOMER, make_subject

LETTER = b"Vilka uppgifter har ni om mig?"
MOST = 2000
FAILED = "it failed by itself"


def make(place: Path) -> Path:
    """Return the folder of a closed vault with two people, a letter, a backup and a register to import."""
    facts = founding.NewVault(passphrase=PASSPHRASE, cost=KdfCost(memory_kib=46 << 10, rounds=1, lanes=1))
    vault, _key = founding.create(place / "Prov.ombud", facts, now=NOW)
    with vault.store.write(NOW) as session:
        asa = make_subject(session, "Åsa Öberg", values=CUSTOMER)
        make_subject(session, "Örjan Äng", values={"email": "orjan@example.com"})
        where = filing.Place(subject_id=asa.id)
        filing.store(session, LETTER, kind="mail", name="b.eml", media_type="message/rfc822", place=where)
    (place / "kopior").mkdir()
    back_up(vault)
    vault.close(NOW)
    lines = [f"K{number};Bo Älm {number};bo{number}@example.com" for number in range(ROWS)]
    (place / "kunder.csv").write_text("\n".join(["Kundnr;Namn;E-post", *lines]), encoding="utf-8")
    return vault.folder


def kill(act: str, pattern: Path, place: Path, number: int) -> tuple[bool, str]:
    """Return whether the act came to its end, and what is wrong afterwards; empty when all is well.

    Args:
        act: One of `ACTS`, `restore` or `open`.
        pattern: The folder with a vault and what belongs to it.
        place: A folder that is not there; a copy is made in it.
        number: At which change of a file.
    """
    shutil.copytree(pattern, place)
    folder = place / "Prov.ombud"
    command = [sys.executable, "-m", "tests.crash.acts", act, str(folder), str(number)]
    done = subprocess.run(command, cwd=program_root(), capture_output=True, check=False)
    is_done = done.stdout == b"done\n"
    if done.returncode not in (0, -9):
        return is_done, f"{FAILED}: {done.stderr[-300:].decode(errors='replace')}"
    return is_done, _wrong(act, place, is_done=is_done)


def _wrong(act: str, place: Path, *, is_done: bool) -> str:
    try:
        vault = _opened(place / "Prov.ombud", act, is_done=is_done)
    except UserError as error:
        return f"it does not open: {error.what}"
    try:
        return _fault(vault) or _half(vault, act, place, is_done=is_done)
    finally:
        vault.close(NOW)


def _opened(folder: Path, act: str, *, is_done: bool) -> Vault:
    if act != "passwd":
        return vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW)
    try:
        return vaults.open_vault(folder, passphrase=OTHER, now=NOW)
    except UserError as error:
        if error.code is not ExitCode.WRONG_SECRET or is_done:
            raise
        from app.security import tries

        tries.clear(folder)
        return vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW)


def _fault(vault: Vault) -> str:
    if fault := vault.store.check():
        return fault
    with vault.store.read() as session:
        if audit.verify(session).fault is not None:
            return "the trail is broken"
        if filing.unreadable(session):
            return "a document has lost its key"
    return "" if not vault.keeper.journal.unfinished() else "an erasure is half done"


def _half(vault: Vault, act: str, place: Path, *, is_done: bool) -> str:
    with vault.store.read() as session:
        names = set(session.scalars(sa.select(Subject.display_name)))
        letters = [filing.read(session, key) for key in session.scalars(_letters())]
        phone = organisation.fact(session, organisation.OFFICER).get("phone")
    is_erased = "Åsa Öberg" not in names
    new = sum(name.startswith("Bo Älm") for name in names)
    checks = {
        "commit": (phone is not None or not is_done, "the change is lost"),
        "import": (new in ((ROWS,) if is_done else (0, ROWS)), f"{new} of {ROWS} rows are there"),
        "erase": (is_erased or not is_done, "the erasure is lost"),
        "restore": (act != "restore" or _is_restored(place) or not is_done, "the restored vault does not open"),
        "backup": (act != "backup" or _is_backed_up(place, is_done=is_done), "a backup is not whole"),
    }
    is_right, what = checks.get(act, (True, ""))
    if not is_right:
        return what
    return "" if letters == ([] if is_erased else [LETTER]) else "person and letter do not go together"


def _letters() -> "sa.Select[Any]":
    return sa.select(Attachment.id).where(Attachment.kind == "mail")


def _is_restored(place: Path) -> bool:
    folder = place / "Igen.ombud"
    if folder.exists():
        vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW).close(NOW)
    return folder.exists()


def _is_backed_up(place: Path, *, is_done: bool) -> bool:
    found = list((place / "kopior").glob("*.ombud-backup"))
    for copy in found:
        restoring.trial(copy, place, passphrase=PASSPHRASE, now=NOW)
    return len(found) in ((2,) if is_done else (1, 2))


def main() -> int:
    """Kill every act at every point; print how many points there were and what was wrong."""
    bad = 0
    with tempfile.TemporaryDirectory() as held:
        pattern = Path(held) / "pattern"
        pattern.mkdir()
        make(pattern)
        for act in (*ACTS, "restore", "open"):
            wrong, number, is_done = [], 0, False
            while not is_done and number < MOST:
                number += 1
                place = Path(held) / "place"
                is_done, what = kill(act, pattern, place, number)
                shutil.rmtree(place)
                wrong += [f"  at {number}: {what}"] if what else []
                if what.startswith(FAILED):
                    break
            bad += len(wrong)
            sys.stdout.write("\n".join([f"{act}: {number} points, {len(wrong)} wrong", *wrong]) + "\n")
            sys.stdout.flush()
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
