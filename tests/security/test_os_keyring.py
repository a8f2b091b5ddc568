"""Quick unlocking: whatever the key store does, passphrase and recovery key open the vault and nothing is deleted.

The key store here is a real backend of `keyring` that keeps its entries in memory, under the class name of one that is trusted.
"""

import os
import threading
from collections.abc import Callable
from typing import Any

import keyring
import pytest
from keyring.backends import chainer, fail, null
from keyring.errors import InitError, KeyringLocked

from app.domain.errors import ExitCode, UserError
from app.domain.roles import Role
from app.security import os_keyring, vault_file, vault_rotation, vault_users
from app.security.vault_header import MOST_SLOTS
from tests.key_stores import InMemory, OtherTrusted, Plaintext, Trusted
from tests.security.conftest import NOW, PASSPHRASE, Made
from tests.security.test_vault_users import add, changed

OFFICER = ("dataskyddsombud", Role.OFFICER)
SHORT_S = 0.2


def turn_on(made: Made, who: tuple[str, Role] = OFFICER) -> None:
    os_keyring.turn_on(made.folder, made.keys, who, now=NOW, patience_s=5)


def test_the_key_store_opens_the_vault_in_the_users_role(made: Made, store: Trusted) -> None:
    before = vault_file.read_header(made.folder)
    assert not os_keyring.is_on(before)
    add(made)
    turn_on(made, ("Eva Lund", Role.HANDLER))
    keys = os_keyring.unlock(made.folder)
    assert keys == made.keys
    assert keys.holder is not None
    assert (keys.holder.kind, keys.holder.name, keys.holder.role) == ("keyring", "Eva Lund", Role.HANDLER)
    header = vault_file.read_header(made.folder)
    assert header.slots[-1].record["backend"] == "keyring.backends.SecretService.Keyring"
    assert header.slots[:2] == before.slots
    assert os_keyring.is_on(header)
    assert os_keyring.is_on(header, "EVA LUND")
    assert not os_keyring.is_on(header, "Ove Berg")
    [held] = store.entries.values()
    assert held not in made.file.read_text(encoding="utf-8")


def test_each_user_has_an_own_entry(made: Made, store: Trusted) -> None:
    add(made)
    turn_on(made)
    turn_on(made, ("Eva Lund", Role.HANDLER))
    assert len(store.entries) == 2
    store.entries.pop(next(iter(store.entries)))
    holder = os_keyring.unlock(made.folder).holder
    assert holder is not None
    assert holder.name == "Eva Lund"


def test_turning_it_on_again_replaces_it_and_off_takes_it_away(made: Made, store: Trusted) -> None:
    turn_on(made)
    turn_on(made)
    assert [slot.kind for slot in vault_file.read_header(made.folder).slots].count("keyring") == 1
    os_keyring.turn_off(made.folder, made.keys, "dataskyddsombud")
    assert not os_keyring.is_on(vault_file.read_header(made.folder))
    with pytest.raises(UserError) as caught:
        os_keyring.unlock(made.folder)
    assert caught.value.code is ExitCode.KEYRING
    assert vault_file.unlock(made.folder, passphrase=PASSPHRASE) == made.keys


def test_it_is_turned_off_though_the_key_store_is_gone(made: Made, store: Trusted) -> None:
    turn_on(made)
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
    os_keyring.turn_off(made.folder, made.keys, "dataskyddsombud")
    assert not os_keyring.is_on(vault_file.read_header(made.folder))


def test_another_role_a_rotation_and_a_removal_follow_the_user(made: Made, store: Trusted) -> None:
    add(made)
    turn_on(made, ("Eva Lund", Role.HANDLER))
    vault_users.change_role(made.folder, made.keys, "Eva Lund", Role.REVIEWER)
    holder = os_keyring.unlock(made.folder).holder
    assert holder is not None
    assert holder.role is Role.REVIEWER
    first = vault_rotation.begin(made.folder, made.keys, lambda header: vault_file.by_passphrase(header, PASSPHRASE))
    done = vault_rotation.finish(made.folder, first)
    assert os_keyring.unlock(made.folder) == done
    vault_users.remove(made.folder, done, "Eva Lund")
    with pytest.raises(UserError, match="har inte nyckeln"):
        os_keyring.unlock(made.folder)


@pytest.mark.parametrize("backend", [null.Keyring, fail.Keyring, chainer.ChainerBackend, Plaintext, InMemory])
def test_a_key_store_that_is_not_trusted_is_refused(made: Made, store: Trusted, backend: Callable[[], Any]) -> None:
    keyring.set_keyring(backend())
    before = made.file.read_bytes()
    with pytest.raises(UserError, match="litar på") as caught:
        turn_on(made)
    assert caught.value.code is ExitCode.KEYRING
    assert made.file.read_bytes() == before


class Forgetful(Trusted):
    def get_password(self, service: str, username: str) -> str | None:
        return (super().get_password(service, username) or "x")[:-1]


class Refusing(Trusted):
    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked("hemligt")


for wrong in (Forgetful, Refusing):
    wrong.__module__, wrong.__qualname__ = "keyring.backends.SecretService", "Keyring"


@pytest.mark.parametrize(("backend", "words"), [(Forgetful, "gav inte tillbaka"), (Refusing, "svarar inte")])
def test_what_is_not_read_back_as_it_was_written_changes_nothing(
    made: Made, store: Trusted, backend: type[Trusted], words: str
) -> None:
    broken = backend()
    keyring.set_keyring(broken)
    before = made.file.read_bytes()
    with pytest.raises(UserError, match=words) as caught:
        turn_on(made)
    assert caught.value.code is ExitCode.KEYRING
    assert made.file.read_bytes() == before
    assert broken.entries == {}


def test_it_is_never_the_only_slot_and_there_must_be_room(made: Made, store: Trusted) -> None:
    turn_on(made)
    good = made.file.read_bytes()
    changed(made, lambda whole: whole.update(slots=whole["slots"][2:]))
    with pytest.raises(UserError, match="skadad"):
        turn_on(made)
    made.file.write_bytes(good)
    changed(made, lambda whole: whole.update(slots=whole["slots"][:2] * (MOST_SLOTS // 2)))
    with pytest.raises(UserError, match="så många nycklar"):
        turn_on(made)


def locked(backend: Trusted, release: threading.Event) -> None:
    def refuse(_service: str, _username: str) -> str:
        raise KeyringLocked("hemligt")

    backend.get_password = refuse  # type: ignore[method-assign, assignment]


def throwing(backend: Trusted, release: threading.Event) -> None:
    def refuse(_service: str, _username: str) -> str:
        raise InitError("hemligt")

    backend.get_password = refuse  # type: ignore[method-assign, assignment]


def hanging(backend: Trusted, release: threading.Event) -> None:
    def wait(_service: str, _username: str) -> str:
        release.wait(60)
        return ""

    backend.get_password = wait  # type: ignore[method-assign, assignment]


def emptied(backend: Trusted, release: threading.Event) -> None:
    backend.entries.clear()


def replaced(backend: Trusted, release: threading.Event) -> None:
    backend.entries = dict.fromkeys(backend.entries, "ab" * 32)


def truncated(backend: Trusted, release: threading.Event) -> None:
    backend.entries = {entry: held[:-2] for entry, held in backend.entries.items()}


def garbled(backend: Trusted, release: threading.Event) -> None:
    backend.entries = dict.fromkeys(backend.entries, "inte hexadecimalt")


def missing(backend: Trusted, release: threading.Event) -> None:
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]


def another(backend: Trusted, release: threading.Event) -> None:
    other = OtherTrusted()
    other.entries = backend.entries
    keyring.set_keyring(other)


FAILURES = [missing, locked, emptied, replaced, another, throwing, hanging, truncated, garbled]


@pytest.mark.parametrize("failure", FAILURES)
def test_when_the_key_store_fails_both_other_secrets_open_it_and_nothing_is_deleted(
    made: Made, store: Trusted, failure: Callable[[Trusted, threading.Event], None]
) -> None:
    turn_on(made)
    release = threading.Event()
    failure(store, release)
    before, held = made.file.read_bytes(), dict(store.entries)
    with pytest.raises(UserError) as caught:
        os_keyring.unlock(made.folder, patience_s=SHORT_S)
    release.set()
    assert caught.value.code is ExitCode.KEYRING
    assert "hemligt" not in caught.value.what + caught.value.stands + caught.value.do
    assert vault_file.unlock(made.folder, passphrase=PASSPHRASE) == made.keys
    assert vault_file.unlock(made.folder, recovery_key=made.recovery_key) == made.keys
    assert made.file.read_bytes() == before
    assert store.entries == held
    assert sorted(entry.name for entry in made.folder.iterdir()) == ["vault.json"]


def test_a_failing_key_store_may_be_given_a_new_secret(made: Made, store: Trusted) -> None:
    turn_on(made)
    store.entries.clear()
    turn_on(made)
    assert os_keyring.unlock(made.folder) == made.keys


def test_a_slot_of_another_vault_or_a_damaged_one_is_passed_over(made: Made, store: Trusted) -> None:
    turn_on(made)
    made.file.write_bytes(made.file.read_bytes().replace(b"SecretService", b"SecretServicf"))
    with pytest.raises(UserError) as caught:
        os_keyring.unlock(made.folder)
    assert caught.value.code is ExitCode.KEYRING
    with pytest.raises(UserError, match="har inte nyckeln"):
        vault_file.by_keyring(vault_file.read_header(made.folder), "00", bytes(32))


def test_a_disk_that_refuses_leaves_no_entry_behind(
    made: Made, store: Trusted, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(UserError) as caught:
        turn_on(made)
    assert caught.value.code is ExitCode.DISK
    assert store.entries == {}
