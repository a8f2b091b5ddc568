"""Users of a vault: each opens it with an own passphrase, in a role that nobody but an open vault can write."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.domain.errors import ExitCode, UserError
from app.domain.roles import Role
from app.security import slots, vault_file, vault_header, vault_users
from app.security.kdf import MINIMUM
from app.security.vault_header import MOST_SLOTS
from tests.security.conftest import NOW, PASSPHRASE, Made

EVA = "tre gröna lyktor vid ån"


def add(made: Made, name: str = "Eva Lund", role: Role = Role.HANDLER, passphrase: str = EVA) -> None:
    vault_users.add(made.folder, made.keys, (name, role, passphrase), now=NOW, cost=MINIMUM)


def listed(made: Made) -> list[tuple[str, Role]]:
    header = vault_file.read_header(made.folder)
    return [(user.name, user.role) for user in vault_users.users(header, made.keys)]


def changed(made: Made, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the file as somebody without a key would, with right checksums."""
    whole = json.loads(made.file.read_bytes())
    change(whole)
    whole["slots"] = [
        vault_header.with_checksum({name: value for name, value in slot.items() if name != "sha256"})
        for slot in whole["slots"]
    ]
    made.file.write_text(json.dumps(whole), encoding="utf-8")


def test_a_user_opens_the_vault_in_their_role_and_nothing_else_changed(made: Made) -> None:
    before = vault_file.read_header(made.folder)
    add(made, "  Eva   Lund ")
    keys = vault_file.unlock(made.folder, passphrase=EVA, user="eva lund")
    assert keys == made.keys
    assert keys.holder is not None
    assert (keys.holder.kind, keys.holder.name, keys.holder.role) == ("user", "Eva Lund", Role.HANDLER)
    after = vault_file.read_header(made.folder)
    assert (after.head, after.keys, after.slots[:2]) == (before.head, before.keys, before.slots)
    owner = vault_file.unlock(made.folder, passphrase=PASSPHRASE).holder
    assert owner is not None
    assert owner.role is Role.OFFICER
    assert listed(made) == [("dataskyddsombud", Role.OFFICER), ("Eva Lund", Role.HANDLER)]
    assert vault_users.names(after) == ["Eva Lund"]
    assert vault_users.has_owner(after)


@pytest.mark.parametrize(
    ("user", "passphrase", "words"),
    [
        ("Eva Lund", PASSPHRASE, "Fel lösenfras"),
        ("Ove Berg", EVA, "ingen användare"),
        ("", EVA, "Fel lösenfras"),
    ],
)
def test_nobody_opens_with_anothers_passphrase(made: Made, user: str, passphrase: str, words: str) -> None:
    add(made)
    with pytest.raises(UserError, match=words) as caught:
        vault_file.unlock(made.folder, passphrase=passphrase, user=user)
    assert caught.value.code is ExitCode.WRONG_SECRET


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "Eva\x00", "Eva\u202elund", "dataskyddsombud", "EVA  LUND"])
def test_a_name_that_is_taken_or_cannot_be_shown_is_refused(made: Made, name: str) -> None:
    add(made)
    before = made.file.read_bytes()
    with pytest.raises(UserError) as caught:
        add(made, name)
    assert caught.value.code is ExitCode.NOT_ALLOWED
    assert made.file.read_bytes() == before


def test_there_is_room_for_so_many_and_no_more(made: Made) -> None:
    changed(made, lambda whole: whole.update(slots=whole["slots"] * (MOST_SLOTS // 2)))
    with pytest.raises(UserError, match="så många nycklar"):
        add(made)


def test_a_user_gets_a_new_passphrase_and_the_others_keep_theirs(made: Made) -> None:
    add(made)
    add(made, "Ove Berg", passphrase="annan fras")
    new = ("Eva Lund", "en helt ny fras")
    vault_users.change_passphrase(made.folder, made.keys, new, now=NOW, cost=MINIMUM)
    keys = vault_file.unlock(made.folder, passphrase="en helt ny fras", user="Eva Lund")
    assert keys.holder is not None
    assert keys.holder.role is Role.HANDLER
    assert vault_file.unlock(made.folder, passphrase="annan fras", user="Ove Berg") == made.keys
    assert vault_file.unlock(made.folder, passphrase=PASSPHRASE) == made.keys
    with pytest.raises(UserError, match="Fel lösenfras"):
        vault_file.unlock(made.folder, passphrase=EVA, user="Eva Lund")
    with pytest.raises(UserError, match="ingen användare"):
        vault_users.change_passphrase(made.folder, made.keys, ("Ulla", "x y z"), now=NOW, cost=MINIMUM)


def test_another_role_keeps_the_passphrase(made: Made) -> None:
    add(made)
    for role in (Role.REVIEWER, Role.OFFICER, Role.HANDLER):
        vault_users.change_role(made.folder, made.keys, "Eva Lund", role)
        holder = vault_file.unlock(made.folder, passphrase=EVA, user="Eva Lund").holder
        assert holder is not None
        assert holder.role is role
    assert listed(made)[1] == ("Eva Lund", Role.HANDLER)


def test_a_removed_user_no_longer_opens_it(made: Made) -> None:
    add(made)
    vault_users.remove(made.folder, made.keys, "eva lund")
    with pytest.raises(UserError, match="ingen användare"):
        vault_file.unlock(made.folder, passphrase=EVA, user="Eva Lund")
    assert listed(made) == [("dataskyddsombud", Role.OFFICER)]
    with pytest.raises(UserError, match="ingen användare"):
        vault_users.remove(made.folder, made.keys, "Eva Lund")


def test_the_last_officer_stays(made: Made) -> None:
    add(made)
    before = made.file.read_bytes()
    with pytest.raises(UserError, match="sista dataskyddsombud"):
        vault_users.remove(made.folder, made.keys, "dataskyddsombud")
    with pytest.raises(UserError, match="sista dataskyddsombud"):
        vault_users.change_role(made.folder, made.keys, "dataskyddsombud", Role.REVIEWER)
    assert made.file.read_bytes() == before


def test_the_vaults_own_passphrase_may_go_when_another_officer_is_there(made: Made) -> None:
    add(made, role=Role.OFFICER)
    vault_users.remove(made.folder, made.keys, "dataskyddsombud")
    header = vault_file.read_header(made.folder)
    assert not vault_users.has_owner(header)
    assert vault_file.unlock(made.folder, passphrase=EVA, user="Eva Lund") == made.keys
    with pytest.raises(UserError, match="användares lösenfras") as caught:
        vault_file.unlock(made.folder, passphrase=PASSPHRASE)
    assert caught.value.code is ExitCode.WRONG_SECRET
    with pytest.raises(UserError, match="sista dataskyddsombud"):
        vault_users.remove(made.folder, made.keys, "Eva Lund")
    with pytest.raises(UserError, match="sista dataskyddsombud"):
        vault_users.change_role(made.folder, made.keys, "Eva Lund", Role.HANDLER)
    assert vault_file.unlock(made.folder, recovery_key=made.recovery_key) == made.keys


@pytest.mark.parametrize("field", ["role", "name", "id", "made_at", "public", "proof"])
def test_a_role_or_name_written_by_a_stranger_opens_nothing_and_is_not_listed(made: Made, field: str) -> None:
    add(made)
    planted = {"role": "officer", "name": "Eva Lunden", "public": "11" * 32, "proof": "22" * 32}
    changed(made, lambda whole: whole["slots"][2].update({field: planted.get(field, "33")}))
    name = "Eva Lunden" if field == "name" else "Eva Lund"
    with pytest.raises(UserError) as caught:
        vault_file.unlock(made.folder, passphrase=EVA, user=name)
    assert caught.value.code is ExitCode.WRONG_SECRET
    assert listed(made) == [("dataskyddsombud", Role.OFFICER)]
    assert vault_users.strangers(vault_file.read_header(made.folder), made.keys) == 1
    assert vault_file.unlock(made.folder, passphrase=PASSPHRASE) == made.keys


@pytest.mark.parametrize("proof", [None, 1, "ÅÄÖ", "\ud800"])
def test_a_proof_of_another_kind_proves_nothing(made: Made, proof: object) -> None:
    changed(made, lambda whole: whole["slots"][0].update(proof=proof))
    header = vault_file.read_header(made.folder)
    assert not slots.is_genuine(header.vault_id, made.keys.vault_key, header.slots[0])


def test_a_role_of_a_later_version_is_not_taken_for_another(made: Made) -> None:
    add(made)
    header = vault_file.read_header(made.folder)
    slot = slots.addressed(made.keys.vault_id, made.keys.vault_key, header.slots[2], role="auditor")
    changed(made, lambda whole: whole["slots"].__setitem__(2, dict(slot.record)))
    with pytest.raises(UserError) as caught:
        vault_file.unlock(made.folder, passphrase=EVA, user="Eva Lund")
    assert caught.value.code is ExitCode.NEWER_VERSION


def test_a_damaged_user_is_not_called_a_stranger(made: Made) -> None:
    add(made)
    made.file.write_bytes(made.file.read_bytes().replace(b"Eva Lund", b"Eva Lunk"))
    with pytest.raises(UserError) as caught:
        vault_file.unlock(made.folder, passphrase=EVA, user="Eva Lund")
    assert caught.value.code is ExitCode.DAMAGED
    assert "lägg till användaren på nytt" in caught.value.do


@pytest.mark.parametrize("value", ["00" * 32, "00", 7])
def test_a_planted_ephemeral_is_damage(made: Made, value: object) -> None:
    changed(made, lambda whole: whole["slots"][1].update(ephemeral=value))
    with pytest.raises(UserError) as caught:
        vault_file.unlock(made.folder, recovery_key=made.recovery_key)
    assert caught.value.code is ExitCode.DAMAGED


def test_a_key_pair_that_gives_no_secret_takes_no_key(made: Made) -> None:
    slot = vault_header.Slot({**vault_file.read_header(made.folder).slots[0].record, "public": "00" * 32}, False)
    with pytest.raises(UserError) as caught:
        slots.addressed(made.keys.vault_id, made.keys.vault_key, slot)
    assert caught.value.code is ExitCode.DAMAGED


def test_every_flipped_bit_of_a_users_slot_is_noticed(made: Made) -> None:
    add(made)
    good = made.file.read_bytes()
    start = good.rindex(b"{")
    start, codes = good.rindex(b"{", 0, start), set()
    for place in range(start * 8, len(good.rstrip()) * 8):
        data = bytearray(good)
        data[place // 8] ^= 1 << place % 8
        try:
            assert vault_header.parse(bytes(data)).damaged
        except UserError as error:
            codes.add(error.code)
    assert codes == {ExitCode.DAMAGED}
