"""A machine with nothing of the old one: a folder of backups and the paper with the recovery key are enough."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import ExitCode
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
CUSTOMERS = "Kundnr;Namn;E-post\nK-1;Åsa Öberg;asa@example.com\nK-2;Bo Älm;bo@example.com\n"


@pytest.fixture
def saved(on_vault: Run, folder: Path, tmp_path: Path) -> tuple[Path, str]:
    """Return the folder of backups and the recovery key; the vault itself is gone."""
    path, place = tmp_path / "kunder.csv", tmp_path / "USB"
    path.write_text(CUSTOMERS, encoding="utf-8")
    place.mkdir()
    assert on_vault("import", path, "--source", "Kundregister").data[0]["imported"] == 2
    key = on_vault("rekey", "--new-recovery-key").data["recovery_key"]
    assert on_vault("backup", "--to", place).code == 0
    shutil.rmtree(folder)
    path.unlink()
    return place, key


def on_blank_machine(home: Path, *arguments: str | Path, secret: str) -> tuple[int, Any]:
    """Run a command in a process of its own, that knows nothing of this one but where the program is."""
    home.mkdir(exist_ok=True)
    known = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    surroundings = {**known, "HOME": str(home), "USERPROFILE": str(home), "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "app", "--json", "--recovery-stdin", *map(str, arguments)],
        input=f"{secret}\n",
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=home,
        env=surroundings,
        check=False,
    )
    assert secret not in done.stdout + done.stderr
    return done.returncode, json.loads(done.stdout) if done.returncode == 0 else done.stdout + done.stderr


def test_folder_and_paper_give_the_vault_back(saved: tuple[Path, str], tmp_path: Path) -> None:
    place, key = saved
    (backup,) = place.glob("*.ombud-backup")
    home, again = tmp_path / "ny dator", tmp_path / "ny dator" / "Åter.ombud"
    code, done = on_blank_machine(home, "restore", backup, "--to", again, secret=key)
    assert (code, done["has_keys"]) == (0, True)
    code, found = on_blank_machine(home, "--vault", again, "search", "asa@example.com", secret=key)
    assert (code, [hit["name"] for hit in found["hits"]]) == (0, ["Åsa Öberg"])
    assert on_blank_machine(home, "--vault", again, "verify", secret=key)[0] == 0


def test_another_paper_or_a_folder_without_its_keys_gives_nothing(saved: tuple[Path, str], tmp_path: Path) -> None:
    place, key = saved
    (backup,) = place.glob("*.ombud-backup")
    home, again = tmp_path / "ny dator", tmp_path / "ny dator" / "Åter.ombud"
    wrong = ("A" if key[0] != "A" else "B") + key[1:]
    assert on_blank_machine(home, "restore", backup, "--to", again, secret=wrong)[0] != 0
    (keys,) = (one for one in place.iterdir() if one != backup)
    shutil.rmtree(keys)
    code, told = on_blank_machine(home, "restore", backup, "--to", again, secret=key)
    assert code == ExitCode.DAMAGED
    assert "Nycklarna till handlingarna saknas" in told
    assert not again.exists()
