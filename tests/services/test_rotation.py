"""The database's key is changed in two phases: killed at any point, the vault opens with exactly one key."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.domain.audit import Action
from app.domain.errors import ExitCode, UserError
from app.domain.roles import Role
from app.security import recovery_key, vault_file
from app.services import audit, keys, users, vaults
from app.services.vaults import Vault
from db import rekey
from db.store import FILE, Store
from tests.factories import CUSTOMER, NOW, make_subject
from tests.security.broken import STEPS
from tests.services.conftest import CHEAPEST, audited, everything

FIRST = "fem ord som ingen gissar"
EVA = "gata moln kvist sadel tröja"
ROOT = Path(__file__).parents[2]


def has(vault_folder: Path, key: bytes | None) -> bool:
    return key is not None and rekey.has_key(vault_folder / FILE, key)


def fill(vault: Vault, people: int = 20) -> None:
    with vault.store.write(NOW) as session:
        for _number in range(people):
            make_subject(session, values=CUSTOMER)


def test_everything_is_there_under_a_new_key_and_the_old_one_opens_nothing(vault: Vault) -> None:
    fill(vault)
    users.add(vault, "Eva Lund", Role.HANDLER, EVA, now=NOW, cost=CHEAPEST)
    old, before = vault.keys, everything(vault.store)
    keys.rotate(vault, passphrase=FIRST, now=NOW)
    assert vault.keys.database != old.database
    assert vault.keys.next_database is None
    with vault.store.write(NOW) as session:
        audit.record(session, Action.VERIFIED)
    assert audited(vault.store, Action.KEY_ROTATED) == [(Action.KEY_ROTATED, {})]
    assert set(before.splitlines()) <= set(everything(vault.store).splitlines())
    assert vault.store.check() == ""
    vault.close(NOW)
    assert not has(vault.folder, old.database)
    for passphrase, user in ((FIRST, "dataskyddsombud"), (EVA, "Eva Lund")):
        again = vaults.open_vault(vault.folder, passphrase=passphrase, user=user, now=NOW)
        with again.store.read() as session:
            assert audit.verify(session).first_bad is None
        again.close(NOW)


def test_a_removed_user_with_an_old_copy_reads_nothing_new(vault: Vault) -> None:
    users.add(vault, "Eva Lund", Role.OFFICER, EVA, now=NOW, cost=CHEAPEST)
    old = (vault.folder / vault_file.NAME).read_bytes()
    users.remove(vault, "Eva Lund", now=NOW)
    keys.rotate(vault, passphrase=FIRST, now=NOW)
    vault.close(NOW)
    (vault.folder / vault_file.NAME).write_bytes(old)
    with pytest.raises(UserError) as caught:
        vaults.open_vault(vault.folder, passphrase=EVA, user="Eva Lund", now=NOW)
    assert caught.value.code is ExitCode.DAMAGED


def test_a_user_and_the_recovery_key_may_rotate_too(vault: Vault) -> None:
    users.add(vault, "Eva Lund", Role.OFFICER, EVA, now=NOW, cost=CHEAPEST)
    key = keys.change_recovery_key(vault, now=NOW)
    vault.close(NOW)
    again = vaults.open_vault(vault.folder, passphrase=EVA, user="Eva Lund", now=NOW)
    keys.rotate(again, passphrase=EVA, now=NOW)
    keys.rotate(again, recovery=key, now=NOW)
    again.close(NOW)
    vaults.open_vault(vault.folder, recovery_key=key, now=NOW).close(NOW)


def test_a_wrong_secret_changes_nothing(vault: Vault) -> None:
    before = (vault.folder / vault_file.NAME).read_bytes()
    for wrong in ({"passphrase": EVA}, {"recovery": recovery_key.draw()}, {}):
        with pytest.raises(UserError) as caught:
            keys.rotate(vault, **wrong, now=NOW)
        assert caught.value.code is ExitCode.WRONG_SECRET
        assert caught.value.what.startswith("Databasens nyckel är inte bytt.")
    assert (vault.folder / vault_file.NAME).read_bytes() == before
    assert audited(vault.store, Action.KEY_ROTATED) == []


def test_somebody_who_reads_or_writes_stops_it_before_it_begins(vault: Vault) -> None:
    before = (vault.folder / vault_file.NAME).read_bytes()
    vault.store._gate.patience_s = 0.01
    with vault.store.read() as session:
        audit.head(session)
        with pytest.raises(UserError) as caught:
            keys.rotate(vault, passphrase=FIRST, now=NOW)
    assert caught.value.code is ExitCode.IN_USE
    assert (vault.folder / vault_file.NAME).read_bytes() == before
    keys.rotate(vault, passphrase=FIRST, now=NOW)


def test_somebody_who_comes_in_between_leaves_it_to_the_next_opening(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = Store.change_key
    old, vault.store._gate.patience_s = vault.keys.database, 0.01

    def busy(store: Store, key: bytes) -> None:
        with store.read() as session:
            audit.head(session)
            honest(store, key)

    monkeypatch.setattr(Store, "change_key", busy)
    with pytest.raises(UserError, match="inte färdigbytt") as caught:
        keys.rotate(vault, passphrase=FIRST, now=NOW)
    assert "öppna det igen" in caught.value.do
    with vault.store.write(NOW) as session:
        audit.record(session, Action.VERIFIED)
    assert has(vault.folder, old)
    users.add(vault, "Eva Lund", Role.HANDLER, EVA, now=NOW, cost=CHEAPEST)
    vault.close(NOW)
    again = vaults.open_vault(vault.folder, passphrase=EVA, user="Eva Lund", now=NOW)
    assert again.keys.next_database is None
    assert has(vault.folder, again.keys.database)
    assert not has(vault.folder, old)
    again.close(NOW)


DYING = """
import os, sys
from datetime import datetime
from pathlib import Path
from app.services import keys, vaults
from db import rekey
from tests.security.broken import break_at
folder, place, passphrase, now = Path(sys.argv[1]), sys.argv[2], sys.argv[3], datetime.fromisoformat(sys.argv[4])
vault = vaults.open_vault(folder, passphrase=passphrase, now=now)
phase, _dash, step = place.partition("-")
if phase == "first":
    break_at(step, lambda: os._exit(9))
else:
    honest = rekey.change
    def change(*given):
        if phase == "before":
            os._exit(9)
        if phase == "during":
            print("now", flush=True)
        honest(*given)
        if phase == "after":
            os._exit(9)
        if phase == "last":
            break_at(step, lambda: os._exit(9))
    rekey.change = change
keys.rotate(vault, passphrase=passphrase, now=now)
os._exit(0 if phase == "during" else 1)
"""


def _one_key_and_all_there(folder: Path, before: str) -> None:
    found = vault_file.unlock(folder, passphrase=FIRST)
    possible = [key for key in (found.database, found.next_database) if has(folder, key)]
    assert len(possible) == 1
    again = vaults.open_vault(folder, passphrase=FIRST, now=NOW)
    assert again.keys.next_database is None
    assert has(folder, again.keys.database)
    assert again.store.check() == ""
    assert set(before.splitlines()) <= set(everything(again.store).splitlines())
    again.close(NOW)


@pytest.mark.parametrize(
    "place", [*(f"first-{step}" for step in STEPS), "before", "after", *(f"last-{step}" for step in STEPS)]
)
def test_a_process_that_dies_at_a_file_changing_call_leaves_a_vault_with_one_key(vault: Vault, place: str) -> None:
    fill(vault)
    before = everything(vault.store)
    vault.close(NOW)
    words = [sys.executable, "-c", DYING, str(vault.folder), place, FIRST, NOW.isoformat()]
    died = subprocess.run(words, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert died.returncode == 9
    _one_key_and_all_there(vault.folder, before)


def test_a_process_killed_while_the_database_is_encrypted_leaves_a_vault_with_one_key(vault: Vault) -> None:
    """Killed at different times after the start, from at once to after the end."""
    fill(vault, 300)
    before = everything(vault.store)
    vault.close(NOW)
    outcomes = set()
    for delay_ms in (0, 1, 2, 4, 8, 12, 16, 24, 32, 60):
        words = [sys.executable, "-c", DYING, str(vault.folder), "during", FIRST, NOW.isoformat()]
        with subprocess.Popen(
            words, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "now\n"
            until = time.perf_counter() + delay_ms / 1000
            while time.perf_counter() < until:
                pass
            child.send_signal(signal.SIGKILL)
        found = vault_file.unlock(vault.folder, passphrase=FIRST)
        outcomes.add((has(vault.folder, found.database), has(vault.folder, found.next_database)))
        _one_key_and_all_there(vault.folder, before)
    assert outcomes <= {(True, False), (False, True)}
    assert outcomes


def test_a_database_with_neither_key_is_damaged_and_both_are_kept(vault: Vault) -> None:
    from app.security import vault_rotation

    first = vault_rotation.begin(vault.folder, vault.keys, lambda header: vault_file.by_passphrase(header, FIRST))
    vault.store.change_key(bytes(32))
    vault.close(NOW)
    before = (vault.folder / vault_file.NAME).read_bytes()
    with pytest.raises(UserError) as caught:
        vaults.open_vault(vault.folder, passphrase=FIRST, now=NOW)
    assert caught.value.code is ExitCode.DAMAGED
    assert (vault.folder / vault_file.NAME).read_bytes() == before
    assert vault_file.unlock(vault.folder, passphrase=FIRST) == first
