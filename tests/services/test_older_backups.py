"""A backup made before an erasure, restored after it: whoever was erased stays erased, and everybody else is whole."""

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.domain.errors import UserError
from app.domain.status import Status
from app.domain.subjects import HoldKind
from app.security import journal, vault_file
from app.services import (
    audit,
    automatic,
    backup,
    certificates,
    filing,
    holds,
    organisation,
    restoring,
    retention,
    self_scan,
)
from app.services.vaults import Vault, open_vault
from db.models import Attachment, Request, Subject
from tests.crash.residue import kinds
from tests.factories import NOW, TODAY, make_request
from tests.services.conftest import everything
from tests.services.test_erased_for_good import LETTER, PASSPHRASE, erase, nothing, person
from tests.services.test_older_formats import VAULTS


class TestOlderBackups:
    def test_in_every_older_backup_the_erased_are_gone_and_the_others_whole(self, vault: Vault, tmp_path: Path) -> None:
        target = tmp_path / "kopior"
        target.mkdir()
        with vault.store.write(NOW) as session:
            organisation.change_fact(session, organisation.PROTECTION, {"backup_folder": str(target)})
        made = []
        people = [person(vault.store, f"Annabella{n} Glömskson{n}", kinds(n)) for n in range(4)]
        stays = person(vault.store, "Bo Älm", {"email": "bo@example.com"})
        for turn, subject_id in enumerate(people):
            made.append(backup.make(vault, target, now=NOW + dt.timedelta(minutes=turn)).path)
            erase(vault, subject_id)
        gone = [value for n in range(4) for value in kinds(n).values()]
        vault.close(NOW)

        for turn, path in enumerate(made):
            done = restoring.restore(path, tmp_path / f"Igen{turn}.ombud", passphrase=PASSPHRASE, now=NOW)
            assert done.reapplied == 4 - turn
            opened = open_vault(done.folder, passphrase=PASSPHRASE, now=NOW)
            held = everything(opened.store)
            assert [value for value in gone if value in held] == []
            with opened.store.read() as session:
                assert session.scalar(sa.select(sa.func.count()).select_from(Subject)) == 1
                letters = sa.select(Attachment.id).where(Attachment.subject_id == stays)
                assert [filing.read(session, key) for key in session.scalars(letters)] == [LETTER.encode()]
                assert audit.verify(session).first_bad is None
                assert filing.unreadable(session) == 0
            wanted = {one: n for n, value in enumerate(gone) for one in self_scan.spellings(value)}
            assert opened.store.stand_in_pages(wanted, step=nothing) == set()
            opened.abandon()

    def test_the_backup_itself_holds_no_key_and_no_letter(self, vault: Vault, tmp_path: Path) -> None:
        person(vault.store)
        made = backup.make(vault, tmp_path, now=NOW)

        assert sorted(path.name for path in made.path.iterdir()) == [
            "backup.json",
            "checkpoints",
            "data.db",
            "vault.json",
        ]
        assert made.path.joinpath("vault.json").read_bytes() != vault.folder.joinpath("vault.json").read_bytes()

    def test_the_control_without_the_journal_they_come_back_and_their_letters_do_not(
        self, vault: Vault, tmp_path: Path
    ) -> None:
        subject_id = person(vault.store)
        made = backup.make(vault, tmp_path, now=NOW)
        erase(vault, subject_id)
        beside = restoring.Beside(Path(), is_given_up=True)
        done = restoring.restore(made.path, tmp_path / "Igen.ombud", passphrase=PASSPHRASE, beside=beside, now=NOW)
        opened = open_vault(done.folder, passphrase=PASSPHRASE, now=NOW)
        try:
            assert not done.has_keys
            with opened.store.read() as session:
                assert session.scalar(sa.select(sa.func.count()).select_from(Subject)) == 1
                [letter] = session.scalars(sa.select(Attachment.id)).all()
                with pytest.raises(UserError, match="nyckel"):
                    filing.read(session, letter)
        finally:
            opened.abandon()

    @pytest.mark.parametrize("harm", ["no folder", "no journal", "an older journal"])
    def test_without_keys_or_with_an_old_journal_it_is_refused(self, vault: Vault, tmp_path: Path, harm: str) -> None:
        person(vault.store)
        erase(vault, person(vault.store, "Bo Älm", {"email": "bo@example.com"}))
        made = backup.make(vault, tmp_path, now=NOW)
        beside = tmp_path / "Provbolaget.ombud-keys"
        harms: dict[str, Callable[[], object]] = {
            "no folder": lambda: shutil.rmtree(beside),
            "no journal": (beside / journal.NAME).unlink,
            "an older journal": lambda: (beside / journal.NAME).write_bytes(b""),
        }
        harms[harm]()

        with pytest.raises(UserError) as caught:
            restoring.restore(made.path, tmp_path / "Igen.ombud", passphrase=PASSPHRASE, now=NOW)
        assert ("journal" in caught.value.what.lower()) or ("Nycklarna" in caught.value.what)
        assert not (tmp_path / "Igen.ombud").exists()
        assert (tmp_path / "Igen.ombud.unfinished").exists() is False

    def test_an_erasure_reaches_every_folder_that_backups_were_put_in(self, vault: Vault, tmp_path: Path) -> None:
        places = [tmp_path / "ett", tmp_path / "två"]
        subject_id = person(vault.store)
        for place in places:
            place.mkdir()
            backup.make(vault, place, now=NOW)
        left = places[0] / "Provbolaget-20261101T000000Z.unfinished"
        shutil.copytree(vault.folder, left / "trial")
        shutil.copyfile(vault.folder / "vault.json", left / "vault.json")
        erase(vault, subject_id)

        assert not left.exists()
        for number, place in enumerate(places):
            [made] = place.glob("*.ombud-backup")
            done = restoring.restore(made, tmp_path / f"Igen{number}.ombud", passphrase=PASSPHRASE, now=NOW)
            assert done.reapplied == 1
        assert automatic.renew_keys(vault) is True
        shutil.rmtree(places[1])
        assert automatic.renew_keys(vault) is False

    def test_an_erasure_reaches_backups_from_before_the_vault_got_another_name(
        self, vault: Vault, tmp_path: Path
    ) -> None:
        subject_id = person(vault.store)
        place = tmp_path / "kopior"
        place.mkdir()
        made = backup.make(vault, place, now=NOW)
        vault.close(NOW)
        renamed = open_vault(vault.folder.rename(tmp_path / "Nytt.ombud"), passphrase=PASSPHRASE, now=NOW)
        erase(renamed, subject_id)
        renamed.abandon()

        done = restoring.restore(made.path, tmp_path / "Igen.ombud", passphrase=PASSPHRASE, now=NOW)
        assert done.reapplied == 1

    def test_a_folder_that_was_away_at_an_erasure_is_renewed_by_the_next_backup(
        self, vault: Vault, tmp_path: Path
    ) -> None:
        subject_id = person(vault.store)
        place = tmp_path / "disk"
        place.mkdir()
        made = backup.make(vault, place, now=NOW)
        place.rename(tmp_path / "borta")
        erase(vault, subject_id)
        (tmp_path / "borta").rename(place)
        assert automatic.run(vault, now=NOW + dt.timedelta(hours=1)) is not None

        done = restoring.restore(made.path, tmp_path / "Igen.ombud", passphrase=PASSPHRASE, now=NOW)
        assert done.reapplied == 1

    def test_a_backup_takes_away_what_a_killed_one_left_and_nothing_of_another_vault(
        self, vault: Vault, tmp_path: Path
    ) -> None:
        raw = (vault.folder / "vault.json").read_bytes()
        another = (VAULTS / "0012" / "vault.json").read_bytes()
        left, others = (tmp_path / f"{name}-20261101T000000Z.unfinished" for name in ("Provbolaget", "Annat"))
        for folder, header in ((left, raw), (others, another)):
            folder.mkdir()
            (folder / "vault.json").write_bytes(header)
        backup.make(vault, tmp_path, now=NOW)

        assert (left.exists(), others.exists()) == (False, True)
        assert vault_file.read_header(others).vault_id != vault.keys.vault_id, "it can be read: it stays as another's"

    def test_a_restore_that_is_going_on_among_the_backups_is_left_alone(self, vault: Vault, tmp_path: Path) -> None:
        backup.make(vault, tmp_path, now=NOW)
        going_on = tmp_path / "Igen.ombud.unfinished"
        going_on.mkdir()
        shutil.copyfile(vault.folder / "vault.json", going_on / "vault.json")
        automatic.renew_keys(vault)

        assert going_on.is_dir()

    def test_what_a_killed_trial_left_is_gone_after_the_next_opening(self, vault: Vault, tmp_path: Path) -> None:
        left = vault.folder / ".0123456789abcdef.trial"
        shutil.copytree(vault.folder, tmp_path / "trial")
        vault.close(NOW)
        shutil.move(tmp_path / "trial", left)
        open_vault(vault.folder, passphrase=PASSPHRASE, now=NOW).abandon()

        assert not left.exists()

    @pytest.mark.parametrize("says", [None, b"", b"[]", b"{", b'{"keys": ""}', b'{"journal": null, "keys": null}'])
    def test_what_a_backup_says_of_itself_lets_nobody_back(
        self, vault: Vault, tmp_path: Path, says: bytes | None
    ) -> None:
        subject_id = person(vault.store)
        made = backup.make(vault, tmp_path, now=NOW)
        erase(vault, subject_id)
        restoring.carry_keys(vault.folder, tmp_path, vault.name)
        about = made.path / restoring.ABOUT
        about.unlink() if says is None else about.write_bytes(says)

        done = restoring.restore(made.path, tmp_path / "Igen.ombud", passphrase=PASSPHRASE, now=NOW)
        assert (done.reapplied, done.has_keys) == (1, True)
        shutil.rmtree(tmp_path / "Provbolaget.ombud-keys")
        with pytest.raises(UserError, match="Nycklarna"):
            restoring.restore(made.path, tmp_path / "Annat.ombud", passphrase=PASSPHRASE, now=NOW)

    def test_a_closed_case_that_was_erased_does_not_come_back(self, vault: Vault, tmp_path: Path) -> None:
        with vault.store.write(NOW) as session:
            request = make_request(session)
            request.status, request.closed_on = Status.CLOSED, TODAY.replace(year=2020)
        made = backup.make(vault, tmp_path, now=NOW)
        with vault.store.write(NOW) as session:
            review = retention.propose(session, today=TODAY)
            outcome = retention.decide(session, review.token, today=TODAY)
        certificates.complete(vault, outcome.pending, now=NOW, step=nothing)
        restoring.carry_keys(vault.folder, tmp_path, vault.name)

        done = restoring.restore(made.path, tmp_path / "Igen.ombud", passphrase=PASSPHRASE, now=NOW)
        opened = open_vault(done.folder, passphrase=PASSPHRASE, now=NOW)
        with opened.store.read() as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(Request)) == 0
        opened.abandon()
        assert done.reapplied == 1

    def test_a_hold_that_was_lifted_since_does_not_stop_it(self, vault: Vault, tmp_path: Path) -> None:
        subject_id = person(vault.store)
        with vault.store.write(NOW) as session:
            hold = holds.set_hold(
                session,
                subject_id,
                kind=HoldKind.DISPUTE,
                reason="Tvist",
                review_on=TODAY + dt.timedelta(days=90),
                today=TODAY,
            )
        made = backup.make(vault, tmp_path, now=NOW)
        with vault.store.write(NOW) as session:
            holds.lift_hold(session, hold.id, today=TODAY)
        erase(vault, subject_id)
        restoring.carry_keys(vault.folder, tmp_path, vault.name)

        done = restoring.restore(made.path, tmp_path / "Igen.ombud", passphrase=PASSPHRASE, now=NOW)
        opened = open_vault(done.folder, passphrase=PASSPHRASE, now=NOW)
        with opened.store.read() as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(Subject)) == 0
        opened.abandon()


@pytest.mark.parametrize("turn", range(30))
def test_a_damaged_backup_is_found_by_a_trial(vault: Vault, tmp_path: Path, turn: int) -> None:
    person(vault.store)
    path = backup.make(vault, tmp_path, now=NOW).path
    assert restoring.trial(path, tmp_path, passphrase=PASSPHRASE, now=NOW)["subject"] == 1
    name = ("data.db", "data.db", "vault.json")[turn % 3]
    raw = bytearray((path / name).read_bytes())
    at = (turn * 7919 + 5000) % (len(raw) * 8)
    raw[at // 8] ^= 1 << at % 8
    (path / name).write_bytes(raw)

    with pytest.raises(UserError):
        restoring.trial(path, tmp_path, passphrase=PASSPHRASE, now=NOW)
    assert not list(tmp_path.glob("*.trial"))
