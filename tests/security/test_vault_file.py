"""Making a vault, opening it and changing its secrets."""

import json
import os
import unicodedata
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.errors import ExitCode, UserError
from app.security import vault_file, vault_header
from app.security.kdf import MINIMUM, KdfCost
from app.security.recovery_key import make
from tests.security.conftest import NOW, PASSPHRASE, Made


def test_a_vault_opens_with_its_passphrase_and_with_its_recovery_key(made: Made) -> None:
    assert vault_file.unlock(made.folder, passphrase=PASSPHRASE) == made.keys
    assert vault_file.unlock(made.folder, recovery_key=made.recovery_key) == made.keys


def test_two_vaults_share_nothing(made: Made, tmp_path: Path) -> None:
    keys, recovery_key = vault_file.create(tmp_path / "annat.ombud", PASSPHRASE, now=NOW, cost=MINIMUM)
    assert keys.vault_id != made.keys.vault_id
    assert len({keys.database, keys.vault_key, made.keys.database, made.keys.vault_key}) == 4
    assert recovery_key != made.recovery_key


def test_nothing_secret_stands_in_the_file_or_in_the_text_of_the_keys(made: Made) -> None:
    text = made.file.read_text(encoding="utf-8") + repr(made.keys)
    for secret in (made.keys.database.hex(), made.keys.vault_key.hex(), made.recovery_key, PASSPHRASE):
        assert secret not in text


@pytest.mark.skipif(os.name == "nt", reason="Windows has no mode bits")
def test_the_folder_and_the_file_are_private(made: Made) -> None:
    assert made.folder.stat().st_mode & 0o777 == 0o700
    assert made.file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("wrong", ["", "blå fågel över sjön", PASSPHRASE + " ", "\ud800", "x" * 100_000])
def test_a_wrong_passphrase_says_so(made: Made, wrong: str) -> None:
    with pytest.raises(UserError, match="Fel lösenfras") as caught:
        vault_file.unlock(made.folder, passphrase=wrong)
    assert caught.value.code is ExitCode.WRONG_SECRET


def test_another_vaults_recovery_key_says_so(made: Made) -> None:
    with pytest.raises(UserError, match="hör inte till") as caught:
        vault_file.unlock(made.folder, recovery_key=make(bytes(20)))
    assert caught.value.code is ExitCode.WRONG_SECRET


def test_a_mistyped_recovery_key_names_its_group(made: Made) -> None:
    with pytest.raises(UserError, match="Grupp 1 ") as caught:
        vault_file.unlock(made.folder, recovery_key="U" + made.recovery_key[1:])
    assert caught.value.code is ExitCode.WRONG_SECRET


def test_a_passphrase_typed_on_another_keyboard_system_is_the_same(made: Made) -> None:
    assert vault_file.unlock(made.folder, passphrase=unicodedata.normalize("NFD", PASSPHRASE)) == made.keys


def test_exactly_one_secret_is_asked_for(made: Made) -> None:
    with pytest.raises(ValueError, match="one secret"):
        vault_file.unlock(made.folder)
    with pytest.raises(ValueError, match="one secret"):
        vault_file.unlock(made.folder, passphrase=PASSPHRASE, recovery_key=made.recovery_key)


@pytest.mark.parametrize("empty", ["", "  ", "\t\n"])
def test_an_empty_passphrase_is_refused_before_anything_is_made(tmp_path: Path, empty: str) -> None:
    with pytest.raises(UserError, match="tom"):
        vault_file.create(tmp_path / "v", empty, now=NOW, cost=MINIMUM)
    assert not (tmp_path / "v").exists()


def test_a_cost_that_no_reader_accepts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="memory_kib"):
        vault_file.create(tmp_path / "v", PASSPHRASE, now=NOW, cost=KdfCost(8, 1, 1))


def test_a_vault_is_never_made_over_something(made: Made) -> None:
    before = made.file.read_bytes()
    with pytest.raises(UserError, match="inte tom") as caught:
        vault_file.create(made.folder, PASSPHRASE, now=NOW, cost=MINIMUM)
    assert caught.value.code is ExitCode.NOT_ALLOWED
    with pytest.raises(UserError, match="inte tom"):
        vault_file.create(made.file, PASSPHRASE, now=NOW, cost=MINIMUM)
    assert made.file.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_a_disk_error(made: Made) -> None:
    with pytest.raises(UserError) as caught:
        vault_file.create(made.file / "inuti", PASSPHRASE, now=NOW, cost=MINIMUM)
    assert caught.value.code is ExitCode.DISK


def test_a_locked_empty_folder_may_become_a_vault(tmp_path: Path) -> None:
    (tmp_path / "lock").touch()
    (tmp_path / "lock.guard").touch()
    vault_file.create(tmp_path, PASSPHRASE, now=NOW, cost=MINIMUM)
    assert vault_file.is_vault(tmp_path)


def test_a_folder_without_a_vault_is_not_called_damaged(tmp_path: Path) -> None:
    assert not vault_file.is_vault(tmp_path)
    for folder in (tmp_path, tmp_path / "saknas"):
        with pytest.raises(UserError, match="inget valv") as caught:
            vault_file.unlock(folder, passphrase=PASSPHRASE)
        assert caught.value.code is ExitCode.USAGE


def test_a_vault_that_lost_its_key_file_is_called_damaged(made: Made) -> None:
    (made.folder / "data.db").touch()
    made.file.unlink()
    with pytest.raises(UserError, match="saknas") as caught:
        vault_file.unlock(made.folder, passphrase=PASSPHRASE)
    assert caught.value.code is ExitCode.DAMAGED


def test_the_header_is_readable_without_a_secret(made: Made) -> None:
    header = vault_file.read_header(made.folder)
    assert (header.vault_id, header.created_at) == (made.keys.vault_id, "2026-03-09T08:12:00+00:00")
    assert [slot.kind for slot in header.slots] == ["passphrase", "recovery"]
    assert header.damaged == ()


def test_a_new_passphrase_replaces_the_old_one_and_nothing_else(made: Made) -> None:
    before = vault_file.read_header(made.folder)
    vault_file.change_passphrase(made.folder, made.keys, "ny fras", now=NOW + timedelta(days=1), cost=MINIMUM)
    assert vault_file.unlock(made.folder, passphrase="ny fras") == made.keys
    assert vault_file.unlock(made.folder, recovery_key=made.recovery_key) == made.keys
    with pytest.raises(UserError, match="Fel lösenfras"):
        vault_file.unlock(made.folder, passphrase=PASSPHRASE)
    after = vault_file.read_header(made.folder)
    assert (after.head, after.keys, after.slots[1:]) == (before.head, before.keys, before.slots[1:])


def test_a_new_recovery_key_replaces_the_old_one_and_nothing_else(made: Made) -> None:
    new = vault_file.change_recovery_key(made.folder, made.keys, now=NOW)
    assert vault_file.unlock(made.folder, recovery_key=new) == made.keys
    assert vault_file.unlock(made.folder, passphrase=PASSPHRASE) == made.keys
    with pytest.raises(UserError, match="hör inte till"):
        vault_file.unlock(made.folder, recovery_key=made.recovery_key)


def test_slots_and_keys_of_later_versions_survive_a_new_passphrase(made: Made) -> None:
    whole = json.loads(made.file.read_bytes())
    whole["slots"].append(
        vault_header.with_checksum({"id": "ab", "kind": "user", "name": "handlaggare", "more": [1, None]})
    )
    made.file.write_text(json.dumps(whole), encoding="utf-8")
    vault_file.change_passphrase(made.folder, made.keys, "ny fras", now=NOW, cost=MINIMUM)
    assert whole["slots"][-1] in json.loads(made.file.read_bytes())["slots"]
    assert vault_file.unlock(made.folder, passphrase="ny fras") == made.keys


def test_the_keys_of_another_vault_change_nothing(made: Made, tmp_path: Path) -> None:
    other, _recovery_key = vault_file.create(tmp_path / "annat.ombud", PASSPHRASE, now=NOW, cost=MINIMUM)
    before = made.file.read_bytes()
    with pytest.raises(UserError, match="skadad"):
        vault_file.change_passphrase(made.folder, other, "ny fras", now=NOW, cost=MINIMUM)
    with pytest.raises(UserError, match="skadad"):
        vault_file.change_recovery_key(made.folder, replace(made.keys, database=bytes(32)), now=NOW)
    assert made.file.read_bytes() == before


def test_a_file_that_does_not_open_with_the_new_secret_never_replaces_the_old(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = made.file.read_bytes()
    honest = vault_file.by_passphrase

    def another(header: vault_header.Header, passphrase: str) -> vault_file.VaultKeys:
        return vault_file.VaultKeys(honest(header, passphrase).vault_id, bytes(32), bytes(32))

    monkeypatch.setattr(vault_file, "by_passphrase", another)
    with pytest.raises(UserError, match="skadad"):
        vault_file.change_passphrase(made.folder, made.keys, "ny fras", now=NOW, cost=MINIMUM)
    assert made.file.read_bytes() == before
    assert [entry.name for entry in made.folder.iterdir()] == ["vault.json"]


def test_changing_a_secret_needs_an_unharmed_key_file(made: Made) -> None:
    made.file.write_bytes(b"")
    with pytest.raises(UserError, match="skadad"):
        vault_file.change_recovery_key(made.folder, made.keys, now=NOW)
    assert made.file.read_bytes() == b""
