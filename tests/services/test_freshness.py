"""An older database, log or page put back is told at the opening; a crash is not."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.domain.audit import Action
from app.domain.errors import ExitCode, UserError
from app.domain.freshness import Finding, Found, Mark
from app.security import head
from app.services import audit, backup, checkpoints, founding, freshness, vaults
from app.services.freshness import StaleVaultError
from app.services.vaults import Vault
from db.models import Setting
from db.store import FILE
from tests.factories import NOW
from tests.services.conftest import CHEAPEST, audited

PASSPHRASE = "fem ord som ingen gissar"
LOG = FILE + "-wal"
FLIPS = 300
KEPT = (FILE, LOG, head.NAME, checkpoints.FILE)


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pattern") / "Prov.ombud"
    founding.create(folder, founding.NewVault(passphrase=PASSPHRASE, cost=CHEAPEST), now=NOW)[0].close(NOW)
    return folder


@pytest.fixture
def folder(pattern: Path, tmp_path: Path) -> Path:
    """Return the folder of a closed vault."""
    return shutil.copytree(pattern, tmp_path / "Prov.ombud")


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


def found_at(folder: Path) -> StaleVaultError:
    with pytest.raises(StaleVaultError) as caught:
        opened(folder)
    assert caught.value.code is ExitCode.TAMPERED
    assert caught.value.do
    return caught.value


def killed(vault: Vault, place: Path) -> Path:
    """Return a copy of the folder as a power cut would leave it: nothing closed, nothing folded in."""
    shutil.copytree(vault.folder, place, ignore=shutil.ignore_patterns("lock*", "aside"))
    return place


def test_honest_work_is_never_told_of(folder: Path) -> None:
    for _time in range(5):
        vault = opened(folder)
        work(vault, 3)
        vault.close(NOW)
    vault = opened(folder)
    vault.abandon()
    opened(folder).close(NOW)
    assert not (folder / freshness.ASIDE).exists()


def test_an_old_database_put_back_is_told_with_the_number_of_missing_changes(folder: Path, tmp_path: Path) -> None:
    old = copied(folder, tmp_path / "old")
    vault = opened(folder)
    work(vault, 7)
    vault.close(NOW)
    put_back(old, folder, FILE)
    before = {name: (folder / name).read_bytes() for name in KEPT if (folder / name).exists()}

    error = found_at(folder)
    assert "9 registrerade ändringar saknas" in error.what  # the opening, seven, the closing
    assert {name: (folder / name).read_bytes() for name in before} == before
    kept = next((folder / freshness.ASIDE).iterdir())
    assert {path.name: raw for path in kept.iterdir() if (raw := path.read_bytes())} == before
    found_at(folder)
    assert len(list((folder / freshness.ASIDE).iterdir())) == 1


def test_whoever_goes_on_is_written_down_and_not_asked_again(folder: Path, tmp_path: Path) -> None:
    old = copied(folder, tmp_path / "old")
    vault = opened(folder)
    work(vault, 2)
    vault.close(NOW)
    put_back(old, folder, FILE)
    vault = opened(folder, accept_older=True)
    [(_action, details)] = audited(vault.store, Action.OLDER_ACCEPTED)
    assert (details["finding"], details["missing"]) == ("behind", 4)
    assert len(details["head_link"]) == 64
    work(vault, 2)
    with vault.store.read() as session:
        texts = checkpoints.stored(session)
        held = tuple(checkpoints.in_file(folder) or ())
        assert audit.verify(session, audit.Evidence(vault.signer, held)).fault is None
    assert [note.dump() for note in held] == texts
    vault.close(NOW)
    opened(folder).close(NOW)
    assert (next((folder / freshness.ASIDE).iterdir()) / head.NAME).exists()


def test_a_branch_that_grew_as_long_is_told(folder: Path, tmp_path: Path) -> None:
    other = shutil.copytree(folder, tmp_path / "Annan.ombud")
    for place, user in ((folder, "Eva"), (other, "Bo")):
        vault = vaults.open_vault(place, passphrase=PASSPHRASE, now=NOW, user=user)
        work(vault, 2)
        vault.close(NOW)
    put_back(other, folder, FILE)
    assert "en annan" in found_at(folder).what


def test_an_old_log_beside_the_database_is_told(folder: Path, tmp_path: Path) -> None:
    vault = opened(folder)
    work(vault, 3)
    old = killed(vault, tmp_path / "old")
    work(vault, 3)
    new = killed(vault, tmp_path / "new")
    vault.close(NOW)
    put_back(old, new, LOG)
    found_at(new)
    put_back(old, folder, LOG)  # the database was closed, and has no log any more
    found_at(folder)


@pytest.mark.parametrize("name", [head.NAME])
def test_a_missing_or_broken_head_is_told(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert "saknas" in found_at(folder).what
    (folder / name).write_bytes(os.urandom(8192))
    assert "skadad" in found_at(folder).what
    opened(folder, accept_older=True).close(NOW)
    opened(folder).close(NOW)


def test_an_old_head_put_back_is_told(folder: Path, tmp_path: Path) -> None:
    old = copied(folder, tmp_path / "old")
    vault = opened(folder)
    work(vault, 3)
    vault.close(NOW)
    put_back(old, folder, head.NAME)
    assert "äldre än databasen" in found_at(folder).what


def test_every_old_page_put_back_into_a_closed_database_is_told(folder: Path) -> None:
    vault = opened(folder)
    work(vault, 40)
    vault.close(NOW)
    old = (folder / FILE).read_bytes()
    vault = opened(folder)
    with vault.store.write(NOW) as session:
        session.execute(sa.update(Setting).values(value={"text": "y" * 300}))
    vault.close(NOW)
    new = (folder / FILE).read_bytes()
    pages = [at for at in range(0, min(len(old), len(new)), 4096) if old[at : at + 4096] != new[at : at + 4096]]
    assert len(pages) > 4
    for at in pages:
        (folder / FILE).write_bytes(new[:at] + old[at : at + 4096] + new[at + 4096 :])
        with pytest.raises(UserError) as caught:
            opened(folder)
        assert caught.value.code in (ExitCode.TAMPERED, ExitCode.DAMAGED)
    (folder / FILE).write_bytes(new)
    opened(folder).close(NOW)


def test_a_shortened_log_is_told(folder: Path, tmp_path: Path) -> None:
    vault = opened(folder)
    work(vault, 12)
    cut = killed(vault, tmp_path / "cut")
    vault.abandon()
    log = (cut / LOG).read_bytes()
    with (cut / LOG).open("r+b") as file:
        file.truncate(len(log) // 2)
    assert "saknas" in found_at(cut).what


def settings(vault: Vault) -> list[tuple[str, object]]:
    with vault.store.read() as session:
        return [(row.key, row.value) for row in session.scalars(sa.select(Setting).order_by(Setting.key))]


@pytest.mark.slow
def test_no_flipped_bit_of_the_log_is_silent(folder: Path, tmp_path: Path) -> None:
    """Three hundred flips (F6): each is told at the opening, or nothing is lost by it."""
    vault = opened(folder)
    work(vault, 20)
    events, held = len(audited(vault.store)), settings(vault)
    image = killed(vault, tmp_path / "image")
    vault.abandon()
    log, chance = (image / LOG).read_bytes(), random.Random(6)  # noqa: S311
    told = silent = 0
    for number in range(FLIPS):
        place = shutil.copytree(image, tmp_path / f"try{number}")
        bit = chance.randrange(len(log) * 8)
        bent = bytearray(log)
        bent[bit // 8] ^= 1 << bit % 8
        (place / LOG).write_bytes(bent)
        try:
            again = opened(place)
        except UserError:
            told += 1
        else:
            silent += settings(again) != held or len(audited(again.store)) != events + 1
            again.abandon()
        shutil.rmtree(place)
    assert silent == 0
    assert told > FLIPS // 2  # the control: the flips do harm


def test_a_flipped_log_without_the_head_is_the_loss_that_is_guarded_against(folder: Path, tmp_path: Path) -> None:
    """The control: with the comparison taken away, the same damage opens without a word."""
    vault = opened(folder)
    work(vault, 20)
    events = len(audited(vault.store))
    image = killed(vault, tmp_path / "image")
    vault.abandon()
    bent = bytearray((image / LOG).read_bytes())
    bent[len(bent) // 2] ^= 1
    (image / LOG).write_bytes(bent)
    found_at(image)
    lossy = opened(image, accept_older=True)
    assert len(audited(lossy.store)) < events
    lossy.abandon()


KILL = """
import os, sys
from pathlib import Path
from tests.services.test_freshness import opened, work
from app.services.freshness import Freshness
vault, left = opened(Path(sys.argv[1])), int(sys.argv[2])
honest = Freshness.committed
def committed(self, mark, told, *, is_bulk):
    global left
    left -= 1
    if left < 0:
        os._exit(9)
    honest(self, mark, told, is_bulk=is_bulk)
Freshness.committed = committed
work(vault, 50)
"""


@pytest.mark.parametrize("acts", [0, 1, 7])
def test_a_process_killed_between_the_commit_and_the_head_is_no_alarm(folder: Path, acts: int) -> None:
    done = subprocess.run([sys.executable, "-c", KILL, str(folder), str(acts)], check=False)
    assert done.returncode == 9
    vault = opened(folder)
    assert len(audited(vault.store, Action.SETTING_CHANGED)) == acts + 1
    assert not audited(vault.store, Action.OLDER_ACCEPTED)
    vault.close(NOW)
    opened(folder).close(NOW)


def test_an_import_does_not_wait_and_is_no_alarm(folder: Path, tmp_path: Path) -> None:
    vault = opened(folder)
    behind = killed(vault, tmp_path / "behind")
    for number in range(30):
        with vault.store.write(NOW, is_bulk=True) as session:
            session.add(Setting(key=f"b{number}", value={}))
    cut = killed(vault, tmp_path / "cut")
    assert vault.witness.synced < 20
    work(vault)
    assert vault.witness.synced > 30
    vault.close(NOW)
    opened(folder).close(NOW)
    put_back(behind, cut, head.NAME)  # the power went before the head was on disk
    opened(cut).close(NOW)


def test_a_write_that_changes_nothing_is_not_counted(folder: Path) -> None:
    vault = opened(folder)
    before = vault.store.found(0).mark
    with vault.store.write(NOW):
        pass
    with vault.store.write(NOW, is_trial=True) as session:
        session.add(Setting(key="a", value={}))
    assert vault.store.found(0).mark == before
    work(vault)
    assert vault.store.found(0).mark.count == before.count + 1
    vault.close(NOW)


def test_a_disk_that_refuses_the_head_is_told_and_the_act_stands(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = opened(folder)

    def full(*_given: object) -> int:
        raise OSError(5, "")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(UserError) as caught:
            work(vault)
    assert "sparat" in caught.value.what
    assert len(audited(vault.store, Action.SETTING_CHANGED)) == 1
    work(vault)
    vault.close(NOW)
    opened(folder).close(NOW)


def test_a_restored_backup_has_a_head_of_its_own(folder: Path, tmp_path: Path) -> None:
    vault = opened(folder)
    work(vault, 2)
    (tmp_path / "to").mkdir()
    made = backup.make(vault, tmp_path / "to", now=NOW)
    vault.close(NOW)
    again = tmp_path / "Åter.ombud"
    backup.restore(made.path, again, passphrase=PASSPHRASE, now=NOW)
    assert (again / head.NAME).exists()
    opened(again).close(NOW)


def test_copies_that_do_not_fit_are_told_and_left_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / head.NAME).unlink()

    def full(*_given: object) -> None:
        raise OSError(28, "")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(UserError) as caught:
        opened(folder)
    assert caught.value.code is ExitCode.DISK
    assert list((folder / freshness.ASIDE).iterdir()) == []


def test_every_finding_has_its_words() -> None:
    for finding in set(Finding) - {Finding.FRESH, Finding.NEW, Finding.BEHIND}:
        verdict = freshness.Verdict(finding, Found(Mark(1, 1, bytes(32))))
        assert freshness._refusal(verdict).what.endswith(".")


def test_a_database_with_something_left_in_its_log_is_not_sealed(folder: Path) -> None:
    vault = opened(folder)
    vault.store.close()
    (folder / LOG).write_bytes(b"x" * 10)
    vault.witness.seal()
    vault.lock.release()
    state = head.read(folder, vault.keys)
    assert state is not None
    assert state.pages == head.OPEN
    (folder / LOG).unlink()
    opened(folder).close(NOW)


def test_a_failed_upgrade_lets_go_of_the_head(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from db import upgrade

    def broken(_engine: object) -> None:
        raise UserError("x", stands="y", do="z")

    with monkeypatch.context() as patch:
        patch.setattr(upgrade, "bring_up_to_date", broken)
        with pytest.raises(UserError, match="x"):
            opened(folder)
    opened(folder).close(NOW)
