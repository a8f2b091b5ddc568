"""One act on a vault in a process of its own, which is killed just before it changes a file for the given time.

Run: `python -m tests.crash.acts ACT FOLDER NUMBER`; it writes `done` when the act is acknowledged.
"""

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from app.importers import table
from app.security import ballast
from app.services import backup, certificates, erasure, imports, keys, organisation, restoring, vaults
from app.services.imports import Plan
from app.services.vaults import Vault
from db.models import Subject
from tests.security.broken import die_at

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
TODAY = NOW.date()
PASSPHRASE, OTHER = "fem ord som ingen gissar", "sex helt andra ord på rad"
ROWS = 40


def nothing(_done: int, _total: int) -> None:
    """Go on."""


def commit(vault: Vault) -> None:
    """Change one fact."""
    with vault.store.write(NOW) as session:
        organisation.change_fact(session, organisation.OFFICER, {"phone": "08-465 004 00"})


def bring_in(vault: Vault) -> None:
    """Import a register."""
    path = vault.folder.parent / "kunder.csv"
    plan = Plan(path=path, source="Kunder", mapping=table.preview(path).mapping)
    imports.run_in_batches(vault.store, plan, now=NOW, today=TODAY, step=nothing)


def erase(vault: Vault) -> None:
    """Erase the one who is called Åsa."""
    with vault.store.write(NOW) as session:
        subject_id = session.scalars(sa.select(Subject.id).where(Subject.display_name == "Åsa Öberg")).one()
        done = erasure.erase_subject(session, subject_id, ground="G2", reason="Begäran", today=TODAY)
    certificates.complete(vault, done.pending, now=NOW, step=nothing)


def back_up(vault: Vault) -> None:
    """Make a backup beside the vault."""
    place = vault.folder.parent / "kopior"
    backup.make(vault, place, now=NOW + dt.timedelta(hours=len(list(place.glob("*.ombud-backup")))))


def rekey(vault: Vault) -> None:
    """Change the database's key."""
    keys.rotate(vault, passphrase=PASSPHRASE, now=NOW)


def passwd(vault: Vault) -> None:
    """Change the passphrase."""
    keys.change_passphrase(vault, OTHER, now=NOW)


ACTS: dict[str, Callable[[Vault], None]] = {
    "commit": commit,
    "import": bring_in,
    "erase": erase,
    "backup": back_up,
    "rekey": rekey,
    "passwd": passwd,
}


def main(act: str, folder: Path, number: int) -> None:
    """Do the act, and die on the way."""
    ballast.SIZE = 4096
    if act == "restore":
        [copy] = (folder.parent / "kopior").glob("*.ombud-backup")
        die_at(number)
        restoring.restore(copy, folder.parent / "Igen.ombud", passphrase=PASSPHRASE, now=NOW)
    elif act == "open":
        die_at(number)
        vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW).close(NOW)
    else:
        vault = vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW)
        die_at(number)
        ACTS[act](vault)
    sys.stdout.write("done\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
