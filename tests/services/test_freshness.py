"""An older database, log or page put back is told at the opening; a crash is not."""

import os
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.domain.audit import Action
from app.domain.errors import ExitCode, UserError
from app.domain.freshness import Finding, Found, Mark
from app.security import head
from app.services import audit, backup, checkpoints, freshness, restoring, vaults, verification
from app.services.freshness import StaleVaultError
from db.models import Setting
from db.store import FILE
from tests.factories import NOW
from tests.services.closed_vaults import KEPT, LOG, PASSPHRASE, copied, killed, opened, put_back, work
from tests.services.conftest import audited


def found_at(closed: Path) -> StaleVaultError:
    with pytest.raises(StaleVaultError) as caught:
        opened(closed)
    assert caught.value.code is ExitCode.TAMPERED
    assert caught.value.do
    return caught.value


def test_honest_work_is_never_told_of(closed: Path) -> None:
    for _time in range(5):
        vault = opened(closed)
        work(vault, 3)
        vault.close(NOW)
    vault = opened(closed)
    vault.abandon()
    opened(closed).close(NOW)
    assert not (closed / freshness.ASIDE).exists()


def test_an_old_database_put_back_is_told_with_the_number_of_missing_changes(closed: Path, tmp_path: Path) -> None:
    old = copied(closed, tmp_path / "old")
    vault = opened(closed)
    work(vault, 7)
    vault.close(NOW)
    put_back(old, closed, FILE)
    before = {name: (closed / name).read_bytes() for name in KEPT if (closed / name).exists()}

    error = found_at(closed)
    assert "9 registrerade ändringar saknas" in error.what  # the opening, seven, the closing
    assert {name: (closed / name).read_bytes() for name in before} == before
    kept = next((closed / freshness.ASIDE).iterdir())
    assert {path.name: raw for path in kept.iterdir() if (raw := path.read_bytes())} == before
    found_at(closed)
    assert len(list((closed / freshness.ASIDE).iterdir())) == 1


def test_whoever_goes_on_is_written_down_and_not_asked_again(closed: Path, tmp_path: Path) -> None:
    old = copied(closed, tmp_path / "old")
    vault = opened(closed)
    work(vault, 2)
    vault.close(NOW)
    put_back(old, closed, FILE)
    vault = opened(closed, accept_older=True)
    [(_action, details)] = audited(vault.store, Action.OLDER_ACCEPTED)
    assert (details["finding"], details["missing"]) == ("behind", 4)
    assert len(details["head_link"]) == 64
    work(vault, 2)
    with vault.store.read() as session:
        texts = checkpoints.stored(session)
        held = tuple(checkpoints.in_file(closed) or ())
        assert audit.verify(session, audit.Evidence(vault.signer, held)).fault is None
    assert [note.dump() for note in held] == texts
    vault.close(NOW)
    opened(closed).close(NOW)
    assert (next((closed / freshness.ASIDE).iterdir()) / head.NAME).exists()


def test_a_branch_that_grew_as_long_is_told(closed: Path, tmp_path: Path) -> None:
    other = shutil.copytree(closed, tmp_path / "Annan.ombud")
    for place, user in ((closed, "Eva"), (other, "Bo")):
        vault = vaults.open_vault(place, passphrase=PASSPHRASE, now=NOW, user=user)
        work(vault, 2)
        vault.close(NOW)
    put_back(other, closed, FILE)
    assert "en annan" in found_at(closed).what


def test_an_old_log_beside_the_database_is_told(closed: Path, tmp_path: Path) -> None:
    vault = opened(closed)
    work(vault, 3)
    old = killed(vault, tmp_path / "old")
    work(vault, 3)
    new = killed(vault, tmp_path / "new")
    vault.close(NOW)
    put_back(old, new, LOG)
    found_at(new)
    put_back(old, closed, LOG)  # the database was closed, and has no log any more
    found_at(closed)


@pytest.mark.parametrize("name", [head.NAME])
def test_a_missing_or_broken_head_is_told(closed: Path, name: str) -> None:
    (closed / name).unlink()
    assert "saknas" in found_at(closed).what
    (closed / name).write_bytes(os.urandom(8192))
    assert "skadad" in found_at(closed).what
    opened(closed, accept_older=True).close(NOW)
    opened(closed).close(NOW)


def test_an_old_head_put_back_is_told(closed: Path, tmp_path: Path) -> None:
    old = copied(closed, tmp_path / "old")
    vault = opened(closed)
    work(vault, 3)
    vault.close(NOW)
    put_back(old, closed, head.NAME)
    assert "äldre än databasen" in found_at(closed).what


def test_every_old_page_put_back_into_a_closed_database_is_told(closed: Path) -> None:
    vault = opened(closed)
    work(vault, 40)
    vault.close(NOW)
    old = (closed / FILE).read_bytes()
    vault = opened(closed)
    with vault.store.write(NOW) as session:
        session.execute(sa.update(Setting).values(value={"text": "y" * 300}))
    vault.close(NOW)
    new = (closed / FILE).read_bytes()
    pages = [at for at in range(0, min(len(old), len(new)), 4096) if old[at : at + 4096] != new[at : at + 4096]]
    assert len(pages) > 4
    for at in pages:
        (closed / FILE).write_bytes(new[:at] + old[at : at + 4096] + new[at + 4096 :])
        with pytest.raises(UserError) as caught:
            opened(closed)
        assert caught.value.code in (ExitCode.TAMPERED, ExitCode.DAMAGED)
    (closed / FILE).write_bytes(new)
    opened(closed).close(NOW)


def test_a_shortened_log_is_told(closed: Path, tmp_path: Path) -> None:
    vault = opened(closed)
    work(vault, 12)
    cut = killed(vault, tmp_path / "cut")
    vault.abandon()
    log = (cut / LOG).read_bytes()
    with (cut / LOG).open("r+b") as file:
        file.truncate(len(log) // 2)
    assert "saknas" in found_at(cut).what


def test_an_import_does_not_wait_and_is_no_alarm(closed: Path, tmp_path: Path) -> None:
    vault = opened(closed)
    behind = killed(vault, tmp_path / "behind")
    for number in range(30):
        with vault.store.write(NOW, is_bulk=True) as session:
            session.add(Setting(key=f"b{number}", value={}))
    cut = killed(vault, tmp_path / "cut")
    assert vault.witness.synced < 20
    work(vault)
    assert vault.witness.synced > 30
    vault.close(NOW)
    opened(closed).close(NOW)
    put_back(behind, cut, head.NAME)  # the power went before the head was on disk
    opened(cut).close(NOW)


def test_a_write_that_changes_nothing_is_not_counted(closed: Path) -> None:
    vault = opened(closed)
    before = vault.store.found(0).mark
    with vault.store.write(NOW):
        pass
    with vault.store.write(NOW, is_trial=True) as session:
        session.add(Setting(key="a", value={}))
    assert vault.store.found(0).mark == before
    work(vault)
    assert vault.store.found(0).mark.count == before.count + 1
    vault.close(NOW)


def test_a_disk_that_refuses_the_head_is_told_and_the_act_stands(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = opened(closed)

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
    opened(closed).close(NOW)


def test_a_restored_backup_has_a_head_of_its_own(closed: Path, tmp_path: Path) -> None:
    vault = opened(closed)
    work(vault, 2)
    (tmp_path / "to").mkdir()
    made = backup.make(vault, tmp_path / "to", now=NOW)
    vault.close(NOW)
    again = tmp_path / "Åter.ombud"
    restoring.restore(made.path, again, passphrase=PASSPHRASE, now=NOW)
    assert (again / head.NAME).exists()
    restored = opened(again)
    kept = str(made.path / checkpoints.FILE)  # lies where the copy does: outside of the vault
    assert verification.verify(restored, [kept]).fault is None
    assert len(checkpoints.in_file(again) or ()) == len(checkpoints.in_file(closed) or ()) - 1  # the vault's closing
    restored.close(NOW)


def test_copies_that_do_not_fit_are_told_and_left_out(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (closed / head.NAME).unlink()

    def full(*_given: object) -> None:
        raise OSError(28, "")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(UserError) as caught:
        opened(closed)
    assert caught.value.code is ExitCode.DISK
    assert list((closed / freshness.ASIDE).iterdir()) == []


def test_every_finding_has_its_words() -> None:
    for finding in set(Finding) - {Finding.FRESH, Finding.NEW, Finding.BEHIND}:
        verdict = freshness.Verdict(finding, Found(Mark(1, 1, bytes(32))))
        assert freshness._refusal(verdict).what.endswith(".")


def test_a_database_with_something_left_in_its_log_is_not_sealed(closed: Path) -> None:
    vault = opened(closed)
    vault.store.close()
    (closed / LOG).write_bytes(b"x" * 10)
    vault.witness.seal()
    vault.lock.release()
    state = head.read(closed, vault.keys)
    assert state is not None
    assert state.pages == head.OPEN
    (closed / LOG).unlink()
    opened(closed).close(NOW)


def test_a_failed_upgrade_lets_go_of_the_head(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from db import upgrade

    def broken(_engine: object) -> None:
        raise UserError("x", stands="y", do="z")

    with monkeypatch.context() as patch:
        patch.setattr(upgrade, "bring_up_to_date", broken)
        with pytest.raises(UserError, match="x"):
            opened(closed)
    opened(closed).close(NOW)
