"""Users, keys and roles of an open vault: each act has its row, and nobody is locked out by half of one."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.audit import Action
from app.domain.errors import ExitCode, UserError
from app.domain.roles import Role
from app.security import files, recovery_key, tries, vault_file, vault_users
from app.services import key_file, keys, users, vaults
from app.services.vaults import Vault
from tests.factories import NOW
from tests.key_stores import Trusted, in_use
from tests.services.conftest import CHEAPEST, audited

FIRST = "fem ord som ingen gissar"
EVA = "gata moln kvist sadel tröja"
NEW = "lampa sten vinge kaffe orgel"
LATER = NOW + timedelta(minutes=10)


def add(vault: Vault, name: str = "Eva Lund", role: Role = Role.HANDLER, passphrase: str = EVA) -> None:
    users.add(vault, name, role, passphrase, now=NOW, cost=CHEAPEST)


def reopened(vault: Vault, **secret: Any) -> Vault:
    vault.close(NOW)
    return vaults.open_vault(vault.folder, **secret, now=LATER)


def test_a_user_works_under_the_own_name_and_role_and_the_trail_says_so(vault: Vault) -> None:
    add(vault)
    again = reopened(vault, passphrase=EVA, user="eva lund")
    assert (again.store.user, again.store.role) == ("Eva Lund", Role.HANDLER)
    assert audited(again.store, Action.USER_ADDED) == [(Action.USER_ADDED, {"name": "Eva Lund", "role": "handler"})]
    assert [(user.name, user.role) for user in users.listed(again)] == [
        ("dataskyddsombud", Role.OFFICER),
        ("Eva Lund", Role.HANDLER),
    ]
    assert users.strangers(again) == 0
    again.abandon()


def test_the_vaults_own_passphrase_and_the_recovery_key_are_the_officers(vault: Vault) -> None:
    again = reopened(vault, passphrase=FIRST, user="Någon Annan")
    assert (again.store.user, again.store.role) == ("Någon Annan", Role.OFFICER)
    again.abandon()


def test_nobody_opens_under_the_name_of_a_user_with_another_passphrase(vault: Vault) -> None:
    add(vault)
    vault.close(NOW)
    with pytest.raises(UserError, match="Fel lösenfras"):
        vaults.open_vault(vault.folder, passphrase=FIRST, user="Eva Lund", now=NOW)


def test_everyone_changes_the_own_passphrase_and_nobody_elses(vault: Vault) -> None:
    add(vault)
    again = reopened(vault, passphrase=EVA, user="Eva Lund")
    for wrong in (None, FIRST):
        with pytest.raises(UserError, match="Fel lösenfras"):
            keys.change_passphrase(again, NEW, current=wrong, now=NOW, cost=CHEAPEST)
    keys.change_passphrase(again, NEW, current=EVA, now=NOW, cost=CHEAPEST)
    again.abandon()
    assert vault_file.unlock(vault.folder, passphrase=NEW, user="Eva Lund") == vault.keys
    assert vault_file.unlock(vault.folder, passphrase=FIRST) == vault.keys
    with pytest.raises(UserError, match="Fel lösenfras"):
        vault_file.unlock(vault.folder, passphrase=EVA, user="Eva Lund")


def test_a_weak_passphrase_of_a_user_is_refused(vault: Vault) -> None:
    with pytest.raises(UserError) as caught:
        add(vault, passphrase="sommar")
    assert caught.value.stands == "Användaren är inte tillagd."
    assert [user.name for user in users.listed(vault)] == ["dataskyddsombud"]


def test_roles_change_and_users_go_and_the_last_officer_stays(vault: Vault) -> None:
    add(vault)
    users.change_role(vault, "Eva Lund", Role.OFFICER, now=NOW)
    users.remove(vault, "dataskyddsombud", now=NOW)
    assert audited(vault.store, Action.ROLE_CHANGED)[0][1] == {"name": "Eva Lund", "role": "officer"}
    assert audited(vault.store, Action.USER_REMOVED)[0][1] == {"name": "dataskyddsombud"}
    before = (vault.folder / vault_file.NAME).read_bytes()
    with pytest.raises(UserError, match="sista dataskyddsombud") as caught:
        users.remove(vault, "Eva Lund", now=NOW)
    assert caught.value.what.startswith("Användaren är inte borttagen.")
    with pytest.raises(UserError, match="Rollen är inte ändrad"):
        users.change_role(vault, "Eva Lund", Role.REVIEWER, now=NOW)
    assert (vault.folder / vault_file.NAME).read_bytes() == before
    assert len(audited(vault.store, Action.USER_REMOVED)) == 1


def test_a_new_recovery_key_shuts_the_old_sheet_out(vault: Vault) -> None:
    drawn = recovery_key.draw()
    assert keys.change_recovery_key(vault, drawn, now=NOW) == drawn
    assert audited(vault.store, Action.RECOVERY_CHANGED) == [(Action.RECOVERY_CHANGED, {})]
    again = reopened(vault, recovery_key=drawn)
    assert again.store.role is Role.OFFICER
    assert keys.is_by_recovery(again)
    newest = keys.change_recovery_key(again, now=NOW)
    again.abandon()
    with pytest.raises(UserError, match="hör inte till"):
        vault_file.unlock(vault.folder, recovery_key=drawn)
    assert vault_file.unlock(vault.folder, recovery_key=newest) == vault.keys


def test_a_disk_that_refuses_leaves_every_secret_as_it_was(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    add(vault)
    before = (vault.folder / vault_file.NAME).read_bytes()

    def refuse(*_given: object, **_named: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(Path, "replace", refuse)
    acts: dict[str, Callable[[], object]] = {
        "Användaren är inte tillagd.": lambda: add(vault, "Ove Berg"),
        "Användaren är inte borttagen.": lambda: users.remove(vault, "Eva Lund", now=NOW),
        "Rollen är inte ändrad.": lambda: users.change_role(vault, "Eva Lund", Role.REVIEWER, now=NOW),
        "Återställningsnyckeln är inte bytt.": lambda: keys.change_recovery_key(vault, now=NOW),
        "Lösenfrasen är inte bytt.": lambda: keys.change_passphrase(vault, NEW, now=NOW, cost=CHEAPEST),
        "Databasens nyckel är inte bytt.": lambda: keys.rotate(vault, passphrase=FIRST, now=NOW),
    }
    for words, act in acts.items():
        with pytest.raises(UserError) as caught:
            act()
        assert caught.value.what.startswith(words)
        assert caught.value.code is ExitCode.DISK
    assert (vault.folder / vault_file.NAME).read_bytes() == before


@pytest.fixture
def key_store() -> Iterator[Trusted]:
    with in_use() as backend:
        yield backend


def test_quick_unlocking_opens_in_the_own_role_and_is_turned_off(vault: Vault, key_store: Trusted) -> None:
    add(vault)
    again = reopened(vault, passphrase=EVA, user="Eva Lund")
    assert not keys.has_keyring(again)
    keys.turn_on_keyring(again, now=NOW)
    assert keys.has_keyring(again)
    quick = reopened(again)
    assert (quick.store.user, quick.store.role) == ("Eva Lund", Role.HANDLER)
    with pytest.raises(UserError, match="Fel lösenfras"):
        keys.change_passphrase(quick, NEW, now=NOW, cost=CHEAPEST)
    keys.turn_off_keyring(quick, now=NOW)
    assert not keys.has_keyring(quick)
    assert key_store.entries == {}
    told = [action for action, _details in audited(quick.store)]
    assert told.count(Action.KEYRING_TURNED_ON) == told.count(Action.KEYRING_TURNED_OFF) == 1
    quick.close(NOW)
    with pytest.raises(UserError) as caught:
        vaults.open_vault(vault.folder, now=LATER)
    assert caught.value.code is ExitCode.KEYRING
    assert tries.read(vault.folder, NOW) is None, "the key store guesses nothing"


def test_the_owners_quick_unlocking_keeps_the_name_that_is_given(vault: Vault, key_store: Trusted) -> None:
    keys.turn_on_keyring(vault, now=NOW)
    quick = reopened(vault, user="Dataskyddsombudet hos Prov")
    assert quick.store.user == "Dataskyddsombudet hos Prov"
    keys.change_passphrase(quick, NEW, current=FIRST, now=NOW, cost=CHEAPEST)
    quick.abandon()


def test_wrong_tries_wait_and_are_told_once_at_the_next_opening(vault: Vault) -> None:
    vault.close(NOW)
    for seconds, user in ((0, ""), (1, ""), (3, "Eva Lund")):
        with pytest.raises(UserError, match="Fel lösenfras"):
            vaults.open_vault(vault.folder, passphrase="fel", user=user, now=NOW + timedelta(seconds=seconds))
    with pytest.raises(UserError, match="Vänta 4 sekunder") as caught:
        vaults.open_vault(vault.folder, passphrase=FIRST, now=NOW + timedelta(seconds=3))
    assert caught.value.code is ExitCode.NOT_ALLOWED
    with pytest.raises(UserError, match="Grupp"):
        vaults.open_vault(vault.folder, recovery_key="ABCDE", now=NOW + timedelta(seconds=3))
    again = vaults.open_vault(vault.folder, passphrase=FIRST, now=LATER)
    assert audited(again.store, Action.TRIES_FAILED) == [
        (
            Action.TRIES_FAILED,
            {
                "count": 3,
                "first_at": NOW.isoformat(),
                "last_at": (NOW + timedelta(seconds=3)).isoformat(),
                "kinds": {"passphrase": 3},
            },
        )
    ]
    last = reopened(again, passphrase=FIRST)
    assert len(audited(last.store, Action.TRIES_FAILED)) == 1
    last.abandon()


def test_a_disk_that_takes_nothing_still_calls_a_wrong_secret_wrong(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.close(NOW)

    def refuse(*_given: object, **_named: object) -> None:
        raise UserError("full", stands="", do="", code=ExitCode.DISK)

    monkeypatch.setattr(files, "write_atomic", refuse)
    with pytest.raises(UserError, match="Fel lösenfras"):
        key_file.unlock(vault.folder, passphrase="fel", now=NOW)


def test_the_rows_stand_though_the_count_was_not_cleared(vault: Vault) -> None:
    vault.close(NOW)
    with pytest.raises(UserError):
        vaults.open_vault(vault.folder, passphrase="fel", now=NOW)
    kept = (vault.folder / tries.NAME).read_bytes()
    vaults.open_vault(vault.folder, passphrase=FIRST, now=LATER).abandon()
    (vault.folder / tries.NAME).write_bytes(kept)  # the power went between the commit and the clearing
    again = vaults.open_vault(vault.folder, passphrase=FIRST, now=LATER)
    assert len(audited(again.store, Action.TRIES_FAILED)) == 2
    again.abandon()


def test_users_in_the_file_prove_nothing_until_the_vault_is_open(vault: Vault) -> None:
    add(vault)
    path = vault.folder / vault_file.NAME
    path.write_bytes(path.read_bytes().replace(b"Eva Lund", b"Eva Lunk"))
    assert [user.name for user in users.listed(vault)] == ["dataskyddsombud"]
    assert users.strangers(vault) == 1
    assert vault_users.names(vault_file.read_header(vault.folder)) == []
