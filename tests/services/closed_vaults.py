"""A closed vault to open, copy and put old parts back into."""

import shutil
from pathlib import Path

from app.domain.audit import Action
from app.security import head
from app.services import audit, checkpoints, vaults
from app.services.vaults import Vault
from db.models import Setting
from db.store import FILE
from tests.factories import NOW

PASSPHRASE = "fem ord som ingen gissar"
LOG = FILE + "-wal"
KEPT = (FILE, LOG, head.NAME, checkpoints.FILE)


def opened(folder: Path, *, accept_older: bool = False) -> Vault:
    return vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW, accept_older=accept_older)


def work(vault: Vault, acts: int = 1) -> None:
    for number in range(acts):
        with vault.store.write(NOW) as session:
            session.merge(Setting(key=f"k{number % 20}", value={"text": "x" * 300}))
            audit.record(session, Action.SETTING_CHANGED, fields=["text"])


def copied(folder: Path, place: Path) -> Path:
    place.mkdir(parents=True)
    for name in KEPT:
        if (folder / name).exists():
            shutil.copyfile(folder / name, place / name)
    return place


def put_back(place: Path, folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).unlink(missing_ok=True)
        if (place / name).exists():
            shutil.copyfile(place / name, folder / name)


def killed(vault: Vault, place: Path) -> Path:
    """Return a copy of the folder as a power cut would leave it: nothing closed, nothing folded in."""
    shutil.copytree(vault.folder, place, ignore=shutil.ignore_patterns("lock*", "aside"))
    return place
