"""Backups that nobody has to think of."""

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest

from app.domain.audit import Action
from app.domain.errors import UserError
from app.security import files
from app.services import automatic, backup, organisation, restoring
from app.services.vaults import Vault, open_vault
from db.queries import trail
from db.store import Store
from tests.factories import CUSTOMER, NOW, make_subject
from tests.services.conftest import audited

PASSPHRASE = "fem ord som ingen gissar"
LATER = NOW + dt.timedelta(minutes=31)


def change(vault: Vault, now: dt.datetime = NOW) -> None:
    with vault.store.write(now) as session:
        organisation.change_fact(session, organisation.OFFICER, {"phone": f"{now:%H%M%S}"})


def chosen(vault: Vault, place: Path) -> None:
    with vault.store.write(NOW) as session:
        organisation.change_fact(session, organisation.PROTECTION, {"backup_folder": str(place)})


def test_one_is_made_when_something_changed_and_half_an_hour_went_by(vault: Vault) -> None:
    change(vault)
    first = automatic.run(vault, now=NOW)
    assert first is not None
    assert first.path.parent == vault.folder / backup.INSIDE
    assert automatic.places(vault) == [first.path.parent], "it is known by the vault: a vault may be moved"
    change(vault)
    assert automatic.run(vault, now=NOW + dt.timedelta(minutes=29)) is None, "too soon"
    second = automatic.run(vault, now=LATER)
    assert second is not None
    assert automatic.run(vault, now=LATER + dt.timedelta(days=1)) is None, "nothing changed"
    assert [one.path for one in automatic.copies(vault, first.path.parent)] == [second.path, first.path]


def test_it_goes_where_the_office_said_and_inside_while_that_place_is_away(vault: Vault, tmp_path: Path) -> None:
    place = tmp_path / "disk"
    chosen(vault, place)
    inside = automatic.run(vault, now=NOW)
    assert inside is not None
    assert inside.path.parent == vault.folder / backup.INSIDE
    place.mkdir()
    change(vault, LATER)
    outside = automatic.run(vault, now=LATER)
    assert outside is not None
    assert outside.path.parent == place


def test_it_restores_with_folder_and_recovery_or_passphrase(vault: Vault, tmp_path: Path) -> None:
    with vault.store.write(NOW) as session:
        make_subject(session, values=CUSTOMER)
    made = automatic.run(vault, now=NOW)
    assert made is not None
    vault.close(NOW)
    alone = shutil.copytree(vault.folder / backup.INSIDE, tmp_path / "annan dator")
    done = restoring.restore(alone / made.path.name, tmp_path / "Igen.ombud", passphrase=PASSPHRASE, now=NOW)
    again = open_vault(done.folder, passphrase=PASSPHRASE, now=NOW)
    assert restoring.counts(again.store)["subject"] == 1
    again.abandon()


def test_old_ones_go_and_the_trail_tells_how_many(vault: Vault, tmp_path: Path) -> None:
    chosen(vault, tmp_path)
    start = NOW - dt.timedelta(days=120)
    for days in (0, 1, 2, 100, 119):
        backup.make(vault, tmp_path, now=start + dt.timedelta(days=days))
    (tmp_path / "Annat-20200101T000000Z.ombud-backup").mkdir()
    shutil.copytree(next(tmp_path.glob("Prov*20260725*.ombud-backup")), tmp_path / "Prov-x.ombud-backup")
    change(vault)
    assert automatic.run(vault, now=NOW) is not None

    left = [f"{one.made_at:%m-%d}" for one in automatic.copies(vault, tmp_path)]
    assert left == ["11-22", "11-21", "11-02"]
    assert audited(vault.store, Action.BACKUPS_THINNED)[-1][1] == {"count": 3}
    assert (tmp_path / "Annat-20200101T000000Z.ombud-backup").is_dir(), "what is not ours is not touched"
    assert (tmp_path / "Prov-x.ombud-backup").is_dir()


def test_they_go_in_every_folder_that_backups_were_put_in(vault: Vault, tmp_path: Path) -> None:
    earlier, place = tmp_path / "förut", tmp_path / "nu"
    for folder in (earlier, place):
        folder.mkdir()
    for days in (120, 110):
        backup.make(vault, earlier, now=NOW - dt.timedelta(days=days))
    chosen(vault, place)
    assert automatic.run(vault, now=NOW) is not None

    assert automatic.copies(vault, earlier) == [], "there is a newer one elsewhere"
    assert [(NOW - one.made_at).days for one in automatic.copies(vault, place)] == [0]


def test_invented_people_and_a_reviewer_get_none(vault: Vault) -> None:
    from app.domain.roles import Role

    change(vault)
    vault.store.role = Role.REVIEWER
    assert not automatic.is_due(vault, NOW)
    vault.store.role = Role.OFFICER
    assert automatic.is_due(vault, NOW)
    with vault.store.write(NOW) as session:
        organisation.change_fact(session, organisation.VAULT, {"is_example": True})
    assert not automatic.is_due(vault, NOW)


def test_a_disk_that_refuses_takes_nothing_away(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    change(vault)
    first = automatic.run(vault, now=NOW)
    assert first is not None
    change(vault, LATER)

    def refuse(*_given: object, **_named: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(shutil, "rmtree", refuse)
    monkeypatch.setattr(automatic, "staying", lambda *_given: set())
    with pytest.raises(UserError, match="full"):
        automatic.thin(vault, first.path.parent, LATER)
    assert first.path.is_dir()


def test_old_ones_go_also_when_nothing_has_changed(vault: Vault, tmp_path: Path) -> None:
    chosen(vault, tmp_path)
    for days in (120, 10):
        backup.make(vault, tmp_path, now=NOW - dt.timedelta(days=days))
    assert automatic.run(vault, now=NOW) is None
    assert [(NOW - one.made_at).days for one in automatic.copies(vault, tmp_path)] == [10]


def test_the_newest_of_all_stays_however_old_it_is(vault: Vault, tmp_path: Path) -> None:
    chosen(vault, tmp_path)
    backup.make(vault, tmp_path, now=NOW - dt.timedelta(days=300))
    assert automatic.run(vault, now=NOW) is None
    assert len(automatic.copies(vault, tmp_path)) == 1


@pytest.mark.parametrize("has_older", [False, True])
def test_a_folder_that_was_away_gets_one_when_it_is_back_though_nothing_changed(
    vault: Vault, tmp_path: Path, has_older: bool
) -> None:
    away = tmp_path / "stick"
    if has_older:
        away.mkdir()
        backup.make(vault, away, now=NOW - automatic.EVERY)
        away.rename(tmp_path / "in a drawer")
    change(vault)
    chosen(vault, away)
    assert automatic.run(vault, now=NOW) is not None
    with pytest.raises(UserError, match="används eller har kopior"):
        automatic.forget(vault, away, now=NOW)  # it is in use, though it is away
    later = NOW + automatic.EVERY
    assert not automatic.is_due(vault, later)
    (tmp_path / "in a drawer").rename(away) if has_older else away.mkdir()
    assert not automatic.is_due(vault, later - dt.timedelta(minutes=1))
    assert automatic.is_due(vault, later)
    made = automatic.run(vault, now=later)
    assert made is not None
    assert made.path.parent == away
    assert not automatic.is_due(vault, later + automatic.EVERY)


def test_a_folder_that_is_gone_for_good_is_forgotten(vault: Vault, tmp_path: Path) -> None:
    lost, place = tmp_path / "borta", tmp_path / "nu"
    for one in (lost, place):
        one.mkdir()
        backup.make(vault, one, now=NOW)
    chosen(vault, place)
    for one in (lost, place):
        with pytest.raises(UserError, match="används eller har kopior"):
            automatic.forget(vault, one, now=NOW)
    shutil.rmtree(lost)
    assert automatic.renew_keys(vault) is False
    (away,) = (one for one in automatic.standing(vault) if not one.is_there)
    assert (away.path, away.copies) == (lost, ())
    automatic.forget(vault, lost, now=NOW)
    assert [one.path for one in automatic.standing(vault)] == [place]
    assert automatic.renew_keys(vault) is True
    with pytest.raises(UserError, match="används eller har kopior"):
        automatic.forget(vault, lost, now=NOW)


def test_the_first_backup_of_a_day_is_proven_in_full_and_the_others_page_by_page(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen(vault, tmp_path)
    asked: list[bool] = []
    real = Store.check

    def check(store: Store, *, is_thorough: bool = True) -> str:
        asked.append(is_thorough)
        return real(store, is_thorough=is_thorough)

    monkeypatch.setattr(Store, "check", check)
    morning = NOW.replace(hour=8)
    for at in (
        morning,
        morning + dt.timedelta(hours=1),
        morning + dt.timedelta(hours=2),
        morning + dt.timedelta(days=1),
    ):
        change(vault, at)
        assert automatic.run(vault, now=at) is not None
    assert asked == [True, False, False, True]


def test_a_page_that_went_wrong_on_its_way_is_found_by_the_short_proof_too(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Store.copy_to

    def spoil(store: Store, path: Path, *given: Any, **named: Any) -> None:
        real(store, path, *given, **named)
        raw = bytearray(path.read_bytes())
        raw[-2000] ^= 1
        path.write_bytes(raw)

    monkeypatch.setattr(Store, "copy_to", spoil)
    with pytest.raises(UserError, match="skadad"):
        backup.make(vault, tmp_path, now=NOW, is_thorough=False)
    assert automatic.copies(vault, tmp_path) == []


def both(vault: Vault, first: Path, second: Path) -> None:
    with vault.store.write(NOW) as session:
        change = {"backup_folder": str(first), "second_folder": str(second)}
        organisation.change_fact(session, organisation.PROTECTION, change)


def test_it_goes_into_both_folders_and_one_that_was_away_catches_up(vault: Vault, tmp_path: Path) -> None:
    first, second = tmp_path / "server", tmp_path / "stick"
    first.mkdir()
    both(vault, first, second)
    assert automatic.run(vault, now=NOW) is not None
    assert [len(automatic.copies(vault, one)) for one in (first, second, vault.folder / backup.INSIDE)] == [1, 0, 0]
    second.mkdir()
    later = NOW + automatic.EVERY
    assert automatic.run(vault, now=later) is not None
    assert [len(automatic.copies(vault, one)) for one in (first, second)] == [2, 1]
    assert automatic.run(vault, now=later + automatic.EVERY) is None


@pytest.mark.parametrize("refusing", [0, 1])
def test_a_folder_that_refuses_is_told_and_stops_no_other(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusing: int
) -> None:
    there = tmp_path / "server", tmp_path / "stick"
    for one in there:
        one.mkdir()
        backup.make(vault, one, now=NOW - dt.timedelta(days=100))
    change(vault)
    both(vault, *there)
    (
        there[refusing] / f"{vault.name}-{NOW:%Y%m%dT%H%M%SZ}.unfinished"
    ).mkdir()  # as a disk that lets nothing be made there
    with pytest.raises(UserError, match="blev inte gjord"):
        automatic.run(vault, now=NOW)
    assert [len(automatic.copies(vault, one)) for one in there] == [int(refusing == 1), int(refusing == 0)], (
        "and the old ones are thinned all the same"
    )


def test_a_backup_in_the_vaults_own_folder_is_not_counted_as_one(vault: Vault, tmp_path: Path) -> None:
    later = NOW + dt.timedelta(hours=1)
    backup.make(vault, tmp_path, now=NOW)
    files.make_folder(vault.folder / backup.INSIDE)
    backup.make(vault, vault.folder / backup.INSIDE, now=later)
    with vault.store.read() as session:
        assert trail.last_backup(session) == NOW
        assert trail.last_at(session, Action.BACKUP_MADE) == later
