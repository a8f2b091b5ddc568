"""Room on the disk that is kept for an erasure: taken for real, given up when it is needed, and taken again."""

import os
import shutil
from pathlib import Path

import pytest

from app.domain.errors import ExitCode, UserError
from app.security import ballast
from app.services import certificates, erasure, founding, vaults
from app.services.vaults import Vault
from db.models import Subject
from tests.factories import CUSTOMER, NOW, TODAY, make_subject
from tests.places import empty, fill, small_disk
from tests.services.conftest import CHEAPEST

KIB = 1 << 10
PASSPHRASE = "fem ord som ingen gissar"


@pytest.fixture(autouse=True)
def size(monkeypatch: pytest.MonkeyPatch, light_vaults: None) -> None:
    monkeypatch.setattr(ballast, "SIZE", 2 << 20)


@pytest.mark.parametrize("has_fallocate", [True, False])
def test_it_takes_the_room_for_real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_fallocate: bool) -> None:
    if not has_fallocate:
        monkeypatch.delattr(os, "posix_fallocate", raising=False)
    ballast.take_on(tmp_path)
    found = (tmp_path / ballast.NAME).stat()

    assert found.st_size == ballast.SIZE
    assert getattr(found, "st_blocks", ballast.SIZE // 512) * 512 >= ballast.SIZE
    assert [path.name for path in tmp_path.iterdir()] == [ballast.NAME]


def test_it_is_not_made_twice_and_not_where_there_is_little_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ballast.take_on(tmp_path)
    before = (tmp_path / ballast.NAME).stat().st_mtime_ns
    ballast.take_on(tmp_path)
    assert (tmp_path / ballast.NAME).stat().st_mtime_ns == before
    (tmp_path / ballast.NAME).unlink()
    monkeypatch.setattr(ballast, "SIZE", shutil.disk_usage(tmp_path).total)
    ballast.take_on(tmp_path)
    assert not (tmp_path / ballast.NAME).exists()


def test_it_stays_while_there_is_room(tmp_path: Path) -> None:
    ballast.take_on(tmp_path)

    assert not ballast.make_room(tmp_path)
    assert ballast.make_room(tmp_path, least=shutil.disk_usage(tmp_path).total)
    assert not (tmp_path / ballast.NAME).exists()
    assert not ballast.make_room(tmp_path, least=shutil.disk_usage(tmp_path).total), "there is none any more"
    assert not ballast.make_room(tmp_path / "away")
    ballast.take_on(tmp_path / "away")


def erased_on_a_full_disk(vault: Vault, disk: Path, subject_id: int) -> None:
    fill(disk)
    with vault.store.write(NOW) as session:
        done = erasure.erase_subject(session, subject_id, ground="G2", reason="Begäran", today=TODAY)
    certificates.complete(vault, done.pending, now=NOW, step=lambda _done, _total: None)


@pytest.mark.parametrize("has_ballast", [True, False])
def test_on_a_full_disk_an_erasure_and_the_closing_work_with_it_and_fail_without(
    tmp_path: Path, has_ballast: bool
) -> None:
    with small_disk(tmp_path / "disk", 24) as disk:
        folder = disk / "Prov.ombud"
        vault, _key = founding.create(folder, founding.NewVault(passphrase=PASSPHRASE, cost=CHEAPEST), now=NOW)
        with vault.store.write(NOW) as session:
            subject_id = make_subject(session, "Åsa Öberg", values=CUSTOMER).id
        vault.close(NOW)
        assert (folder / ballast.NAME).exists()
        if not has_ballast:
            (folder / ballast.NAME).unlink()
        vault = vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW)
        if has_ballast:
            erased_on_a_full_disk(vault, disk, subject_id)
            vault.close(NOW)
        else:
            with pytest.raises(UserError) as caught:
                erased_on_a_full_disk(vault, disk, subject_id)
            assert caught.value.code is ExitCode.DISK
            vault.abandon()
        empty(disk)
        opened = vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW)
        with opened.store.read() as session:
            assert (session.get(Subject, subject_id) is None) is has_ballast
        assert opened.store.check() == ""
        assert opened.keeper.journal.unfinished() == []
        opened.abandon()
