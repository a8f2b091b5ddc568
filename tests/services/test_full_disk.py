"""A disk that is really full, at every size of what is left: each act is done whole, or refused with nothing changed."""

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.domain.channels import Channel
from app.domain.errors import ExitCode, UserError
from app.domain.rights import Right
from app.importers import table
from app.security import ballast
from app.services import audit, backup, founding, imports, keys, requests, restoring, vaults
from app.services.imports import Plan
from app.services.vaults import Vault
from db.models import Setting, Subject
from db.store import leave_no_trace
from tests.factories import CUSTOMER, NOW, TODAY, make_subject
from tests.places import contents, empty, fill, small_disk
from tests.services.conftest import CHEAPEST

PASSPHRASE, OTHER = "fem ord som ingen gissar", "sex helt andra ord på rad"
KIB = 1024
LEFT = (0, 4 * KIB, 8 * KIB, 16 * KIB, 32 * KIB, 64 * KIB, 128 * KIB, 256 * KIB, 512 * KIB)
FACTS = founding.NewVault(passphrase=PASSPHRASE, cost=CHEAPEST)


@dataclass
class Place:
    """A small disk, and the folder of a closed vault on it that holds one person."""

    disk: Path
    folder: Path


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with small_disk(tmp_path / "disk", 16) as disk:
        folder = disk / "Provbolaget.ombud"
        vault, _key = founding.create(folder, FACTS, now=NOW)
        with vault.store.write(NOW) as session:
            make_subject(session, "Åsa Öberg", values=CUSTOMER)
        vault.close(NOW)
        yield Place(disk, folder)


def opened(folder: Path, passphrase: str = PASSPHRASE, *, seconds: int = 0) -> Vault:
    return vaults.open_vault(folder, passphrase=passphrase, now=NOW + dt.timedelta(seconds=seconds))


def rows(vault: Vault) -> dict[str, int]:
    """Return how many rows every table but the trail holds."""
    with vault.store.read() as session:
        names = session.scalars(
            sa.text("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'audit_entry'")
        )
        return {name: session.scalar(sa.text(f'SELECT count(*) FROM "{name}"')) or 0 for name in names}  # noqa: S608


def is_whole(vault: Vault) -> bool:
    with vault.store.read() as session:
        chain = audit.verify(session).first_bad
        names = session.scalars(sa.select(Subject.display_name).limit(1)).all()
    return vault.store.check() == "" and chain is None and names == ["Åsa Öberg"]


def refused(act: Callable[[], object]) -> bool:
    """Return whether a full disk stopped the act; then it said what happened, what stands and what to do."""
    try:
        act()
    except UserError as error:
        if error.code is not ExitCode.DISK or not all(
            text.endswith(".") for text in (error.what, error.stands, error.do)
        ):
            raise
        return True
    return False


def import_customers(vault: Vault, folder: Path) -> object:
    path = folder / "kunder.csv"
    lines = [f"K{number};Bo Älm {number};bo{number}@example.com" for number in range(2500)]
    path.write_text("\n".join(["Kundnr;Namn;E-post", *lines]), encoding="utf-8")
    plan = Plan(path=path, source="Kunder", mapping=table.preview(path).mapping)
    with vault.store.write(NOW) as session:
        return imports.run(session, plan, today=TODAY, step=lambda _done, _total: None)


def register_mail(vault: Vault, _folder: Path) -> object:
    rights, mail = (Right.ACCESS,), b"x" * 600 * KIB
    intake = requests.Intake(
        rights=rights, received_on=TODAY, channel=Channel.EMAIL, requester_name="Bo Älm", original=mail
    )
    with vault.store.write(NOW) as session:
        return requests.register(session, intake, today=TODAY)


@pytest.mark.parametrize("act", [import_customers, register_mail])
def test_what_does_not_fit_in_the_vault_leaves_nothing_and_what_was_there_stays(
    place: Place, tmp_path: Path, act: Callable[[Vault, Path], object]
) -> None:
    vault = opened(place.folder)
    before, outcomes = rows(vault), []
    for left in LEFT:
        fill(place.disk, free=left)
        outcomes.append(refused(lambda: act(vault, tmp_path)))
        assert rows(vault) == before
        empty(place.disk)
        assert is_whole(vault)
    assert outcomes == [True] * len(LEFT)
    act(vault, tmp_path)
    assert rows(vault) != before
    vault.close(NOW)
    again = opened(place.folder)
    assert is_whole(again)
    again.close(NOW)


def test_a_vault_that_cannot_record_its_closing_says_so_and_closes_all_the_same(place: Place) -> None:
    vault = opened(place.folder)
    fill(place.disk)
    with pytest.raises(UserError, match="Valvet är stängt") as caught:
        vault.close(NOW)
    assert (caught.value.code, caught.value.stands) == (ExitCode.DISK, "Allt som var sparat finns kvar.")
    empty(place.disk)

    again = opened(place.folder)
    assert is_whole(again)
    again.close(NOW)


@pytest.mark.parametrize("left", LEFT)
def test_a_passphrase_is_changed_with_its_row_in_the_trail_or_not_at_all(place: Place, left: int) -> None:
    vault = opened(place.folder)
    fill(place.disk, free=left)
    is_refused = refused(lambda: keys.change_passphrase(vault, OTHER, now=NOW, cost=CHEAPEST))
    vault.abandon()
    empty(place.disk)

    assert is_refused == (left < 32 * KIB)
    works, fails = (PASSPHRASE, OTHER) if is_refused else (OTHER, PASSPHRASE)
    with pytest.raises(UserError) as caught:
        opened(place.folder, fails)
    assert caught.value.code is ExitCode.WRONG_SECRET
    again = opened(place.folder, works, seconds=1)  # after a wrong try the next one waits
    with again.store.read() as session:
        said = session.scalar(sa.text("SELECT count(*) FROM audit_entry WHERE action = 'passphrase_changed'"))
    assert (said, is_whole(again)) == (0 if is_refused else 1, True)
    again.close(NOW)


@pytest.mark.parametrize("left", [*LEFT, 1024 * KIB, 2048 * KIB])
def test_a_new_vault_is_made_whole_or_leaves_nothing(place: Place, left: int) -> None:
    folder, before = place.disk / "Nytt.ombud", contents(place.disk)

    def make() -> None:
        founding.create(folder, FACTS, now=NOW)[0].abandon()

    fill(place.disk, free=left)
    is_refused = refused(make)
    empty(place.disk)

    assert is_refused == (left < 2048 * KIB)
    assert (contents(place.disk) == before) == is_refused
    if not is_refused:
        opened(folder).close(NOW)


def test_a_vault_that_was_begun_can_be_finished_when_there_is_room(place: Place) -> None:
    folder = place.disk / "Nytt.ombud"
    begun = founding.begin(folder, PASSPHRASE, now=NOW, cost=CHEAPEST)
    for left in LEFT:
        fill(place.disk, free=left)
        assert refused(lambda: founding.finish(begun, FACTS, {}, now=NOW))
        empty(place.disk)
        assert not folder.exists()
    founding.finish(begun, FACTS, {}, now=NOW).close(NOW)
    opened(folder).close(NOW)


@pytest.mark.parametrize("left", LEFT)
def test_opening_is_refused_in_words_or_works(place: Place, left: int) -> None:
    light = {"lock.guard": b"", ballast.NAME: b""}  # the room kept for this goes first
    before = contents(place.folder) | light
    fill(place.disk, free=left)
    is_refused = refused(lambda: opened(place.folder).abandon())
    empty(place.disk)

    assert is_refused == (left < 64 * KIB - ballast.SIZE)
    assert (contents(place.folder) | light == before) == is_refused
    again = opened(place.folder)
    assert is_whole(again)
    again.close(NOW)


@pytest.mark.parametrize("left", LEFT)
def test_a_backup_that_does_not_fit_leaves_nothing_and_the_vault_untouched(
    place: Place, tmp_path: Path, left: int
) -> None:
    vault = opened(shutil.copytree(place.folder, tmp_path / "Provbolaget.ombud"))
    before = contents(place.disk)
    fill(place.disk, free=left)
    with pytest.raises(UserError, match="Säkerhetskopian blev inte gjord") as caught:
        backup.make(vault, place.disk, now=NOW)
    assert (caught.value.code, caught.value.stands) == (ExitCode.DISK, "Valvet är orört.")
    empty(place.disk)

    assert contents(place.disk) == before
    assert backup.make(vault, place.disk, now=NOW).is_verified
    assert is_whole(vault)
    vault.close(NOW)


def test_a_vault_on_a_full_disk_can_be_backed_up_to_another(place: Place, tmp_path: Path) -> None:
    vault = opened(place.folder)
    fill(place.disk)
    with pytest.raises(UserError, match="gjord och prövad, men det kunde inte skrivas i valvets logg"):
        backup.make(vault, tmp_path, now=NOW)
    vault.abandon()

    [made] = tmp_path.glob("*.ombud-backup")
    restored = opened(restoring.restore(made, tmp_path / "Igen.ombud", passphrase=PASSPHRASE, now=NOW).folder)
    assert is_whole(restored)
    restored.close(NOW)


@pytest.mark.parametrize("left", LEFT[:-1])
def test_a_restore_that_does_not_fit_leaves_nothing(place: Place, tmp_path: Path, left: int) -> None:
    vault = opened(place.folder)
    made = backup.make(vault, tmp_path, now=NOW)
    vault.close(NOW)
    before, target = contents(place.disk), place.disk / "Igen.ombud"
    fill(place.disk, free=left)
    with pytest.raises(UserError, match="Valvet blev inte återställt") as caught:
        restoring.restore(made.path, target, passphrase=PASSPHRASE, now=NOW)
    assert caught.value.code is ExitCode.DISK
    empty(place.disk)

    assert contents(place.disk) == before
    restored = opened(restoring.restore(made.path, target, passphrase=PASSPHRASE, now=NOW).folder)
    assert is_whole(restored)
    restored.close(NOW)


def test_what_was_erased_and_not_wiped_is_said_and_wiped_at_the_closing(place: Place) -> None:
    vault = opened(place.folder)
    told: list[frozenset[str]] = []
    vault.store.on_change(told.append)
    fill(place.disk, free=600 * KIB)
    with (  # noqa: PT012
        pytest.raises(UserError, match="spår av det som raderades kan finnas kvar") as caught,
        vault.store.write(NOW) as session,
    ):
        session.add(Setting(key="k", value={"text": "x" * 400 * KIB}))
        leave_no_trace(session)
    assert caught.value.code is ExitCode.DISK
    assert told == [frozenset({"Setting"})]
    empty(place.disk)
    vault.close(NOW)

    assert not (place.folder / "data.db-wal").exists()
    again = opened(place.folder)
    with again.store.read() as session:
        assert session.get_one(Setting, "k").value
    again.close(NOW)


def test_the_disk_of_these_tests_is_really_full(tmp_path: Path) -> None:
    """The negative control: the same write fails on the full disk and works when it is emptied."""
    with small_disk(tmp_path / "disk", 2) as disk:
        fill(disk)
        with pytest.raises(OSError, match="No space left"):
            (disk / "fil").write_bytes(b"x")
        empty(disk)
        (disk / "fil").write_bytes(b"x")
