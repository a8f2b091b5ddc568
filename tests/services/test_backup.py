"""Backups that open, and restores that never overwrite."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from app.domain.errors import Cancelled, ExitCode, UserError
from app.services import audit, backup, restoring, vaults
from db.models import Subject
from db.store import FILE
from tests.factories import CUSTOMER, NOW, make_subject

PASSPHRASE = "fem ord som ingen gissar"


@pytest.fixture
def filled(vault: vaults.Vault) -> vaults.Vault:
    with vault.store.write(NOW) as session:
        make_subject(session, "Åsa Öberg", values=CUSTOMER)
    return vault


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "kopior"
    folder.mkdir()
    return folder


def test_a_backup_is_opened_and_counted_before_it_is_called_verified(filled: vaults.Vault, target: Path) -> None:
    made = backup.make(filled, target, now=NOW)

    assert made.is_verified
    assert made.counts["subject"] == 1
    assert sorted(path.name for path in target.iterdir()) == [made.path.name, "Provbolaget.ombud-keys"]
    assert "Öberg" not in made.path.name


def test_everything_is_there_after_a_restore_into_another_folder(
    filled: vaults.Vault, target: Path, tmp_path: Path
) -> None:
    made = backup.make(filled, target, now=NOW)
    folder = restoring.restore(made.path, tmp_path / "Ny.ombud", passphrase=PASSPHRASE, now=NOW).folder

    restored = vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW)
    with restored.store.read() as session:
        assert session.scalars(sa.select(Subject.display_name)).all() == ["Åsa Öberg"]
        assert audit.verify(session).first_bad is None
    restored.abandon()


def test_a_restore_never_overwrites(filled: vaults.Vault, target: Path) -> None:
    made = backup.make(filled, target, now=NOW)
    before = (filled.folder / FILE).read_bytes()

    with pytest.raises(UserError) as caught:
        restoring.restore(made.path, filled.folder, passphrase=PASSPHRASE, now=NOW)
    assert "inte tom" in caught.value.what
    assert (filled.folder / FILE).read_bytes() == before


def test_a_wrong_passphrase_restores_nothing(filled: vaults.Vault, target: Path, tmp_path: Path) -> None:
    made = backup.make(filled, target, now=NOW)

    with pytest.raises(UserError) as caught:
        restoring.restore(made.path, tmp_path / "Ny.ombud", passphrase="fel", now=NOW)
    assert caught.value.code is ExitCode.WRONG_SECRET
    assert not (tmp_path / "Ny.ombud").exists()


def test_a_damaged_backup_is_found_at_the_restore_and_leaves_no_half_vault(
    filled: vaults.Vault, target: Path, tmp_path: Path
) -> None:
    made = backup.make(filled, target, now=NOW)
    raw = bytearray((made.path / FILE).read_bytes())
    raw[len(raw) // 2] ^= 1
    (made.path / FILE).write_bytes(raw)

    with pytest.raises(UserError) as caught:
        restoring.restore(made.path, tmp_path / "Ny.ombud", passphrase=PASSPHRASE, now=NOW)
    assert caught.value.code is ExitCode.DAMAGED
    assert not (tmp_path / "Ny.ombud").exists()


def test_a_cancelled_backup_leaves_nothing(filled: vaults.Vault, target: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        backup.make(filled, target, now=NOW, step=stop)
    assert list(target.iterdir()) == []


def test_a_target_that_does_not_exist_is_said(filled: vaults.Vault, tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        backup.make(filled, tmp_path / "finns" / "inte", now=NOW)
    assert caught.value.do
