"""`verify` against checkpoints kept outside, its export, and a vault whose database is not the newest one."""

import shutil
from pathlib import Path

from app.domain.audit import Action
from app.security import verify_trail
from app.services import audit, checkpoints, vaults
from app.services.vaults import Vault
from db.store import FILE
from tests.cli.conftest import NOW, PASSPHRASE, Run
from tests.services.conftest import audited


def opened(folder: Path) -> Vault:
    return vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW)


def test_a_whole_trail_is_said_with_its_checkpoints_and_key(on_vault: Run, folder: Path) -> None:
    done = on_vault("verify")
    assert done.code == 0
    assert done.data["database"] == "ok"
    assert done.data["audit"]["first_bad"] is None
    assert done.data["audit"]["checkpoints"] >= 2
    assert done.data["audit"]["key"].startswith("ombudet/")
    assert "obrutna sedan 2026-11-22" in on_vault("verify", as_json=False).out


def test_a_checkpoint_kept_outside_is_held_against_the_trail(on_vault: Run, folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kontrollpunkt.txt"
    kept.write_text((folder / checkpoints.FILE).read_text(encoding="utf-8"), encoding="utf-8")
    vault = opened(folder)
    with vault.store.read() as session:
        short = audit.head(session)
    vault.close(NOW)
    assert on_vault("verify", "--checkpoint", kept, "--checkpoint", short).code == 0
    wrong = on_vault("verify", "--checkpoint", "#2 0000-0000-0000")
    assert wrong.code == 8
    assert "omskriven" in wrong.data["error"]["what"]
    missing = on_vault("verify", "--checkpoint", "#999 0000-0000-0000")
    assert missing.code == 8
    assert "999" in missing.data["error"]["what"]
    assert on_vault("verify", "--checkpoint", tmp_path / "saknas.txt").code == 9
    assert on_vault("verify", "--checkpoint", "#2 00").code == 7


def test_the_export_can_be_verified_and_names_nobody(on_vault: Run, tmp_path: Path) -> None:
    table = tmp_path / "kunder.csv"
    table.write_text("Kundnr;Namn\nK1;Åsa Öberg\n", encoding="utf-8")
    on_vault("import", table)
    on_vault("search", "Öberg")
    path = tmp_path / "logg.txt"
    done = on_vault("verify", "--export", path)
    found = verify_trail.verify(path, key=done.data["audit"]["key"])
    assert (found.fault, found.events, found.head) == (None, done.data["audit"]["events"], done.data["head"])
    assert "Öberg" not in path.read_text(encoding="utf-8")
    assert on_vault("verify", "--export", tmp_path / "finns" / "inte.txt").code == 9


def test_an_older_database_is_code_eight_until_it_is_accepted(on_vault: Run, folder: Path, tmp_path: Path) -> None:
    shutil.copyfile(folder / FILE, tmp_path / FILE)
    on_vault("unlock-check")
    shutil.copyfile(tmp_path / FILE, folder / FILE)
    done = on_vault("unlock-check")
    assert done.code == 8
    assert "2 registrerade ändringar saknas" in done.data["error"]["what"]
    assert on_vault("--accept-older", "unlock-check").code == 0
    assert on_vault("unlock-check").code == 0
    vault = opened(folder)
    assert len(audited(vault.store, Action.OLDER_ACCEPTED)) == 1
    vault.close(NOW)


def test_a_search_is_recorded_with_whom_it_showed(on_vault: Run, folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "kunder.csv"
    table.write_text("Kundnr;Namn\nK1;Åsa Öberg\n", encoding="utf-8")
    on_vault("import", table)
    assert len(on_vault("search", "Öberg").data["hits"]) == 1
    on_vault("search", "Finnsinte")
    vault = opened(folder)
    first, second = (details for _action, details in audited(vault.store, Action.SEARCHED))
    assert (first["found"], len(first["people"]), second) == (1, 1, {"found": 0, "people": []})
    assert "Öberg" not in str(first)
    vault.close(NOW)
