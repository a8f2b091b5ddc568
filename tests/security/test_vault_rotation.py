"""A new database key and a new vault key: every secret still opens, and what was taken away does not."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.errors import ExitCode, UserError
from app.domain.roles import Role
from app.security import vault_file, vault_header, vault_rotation, vault_users
from app.security.kdf import MINIMUM
from app.security.vault_file import VaultKeys
from app.security.vault_header import Header
from tests.security.broken import STEPS
from tests.security.conftest import NOW, PASSPHRASE, Made
from tests.security.test_vault_users import EVA, add, changed


def by_passphrase(header: Header) -> VaultKeys:
    return vault_file.by_passphrase(header, PASSPHRASE)


def rotated(made: Made) -> VaultKeys:
    return vault_rotation.begin(made.folder, made.keys, by_passphrase)


def test_both_keys_stand_in_the_box_until_the_database_has_the_new_one(made: Made) -> None:
    first = rotated(made)
    assert first.database == made.keys.database
    assert first.next_database not in {None, made.keys.database}
    assert first.vault_key != made.keys.vault_key
    assert vault_file.unlock(made.folder, passphrase=PASSPHRASE) == first
    done = vault_rotation.finish(made.folder, first)
    assert (done.database, done.next_database) == (first.next_database, None)
    assert vault_file.unlock(made.folder, passphrase=PASSPHRASE) == done
    assert vault_file.unlock(made.folder, recovery_key=made.recovery_key) == done


def test_the_key_of_the_file_head_stays_what_it_was(made: Made) -> None:
    assert made.keys.head == vault_file.unlock(made.folder, passphrase=PASSPHRASE).head
    assert len({made.keys.head, made.keys.vault_key, made.keys.database}) == 3
    done = vault_rotation.finish(made.folder, rotated(made))
    again = vault_rotation.finish(made.folder, vault_rotation.begin(made.folder, done, by_passphrase))
    found = vault_file.unlock(made.folder, passphrase=PASSPHRASE)
    assert found == again
    assert found.head == done.head == made.keys.head


def test_every_user_opens_with_the_same_passphrase_and_role_after_many_rotations(made: Made) -> None:
    add(made)
    add(made, "Ove Berg", Role.REVIEWER, "annan fras")
    keys = made.keys
    for _time in range(3):
        keys = vault_rotation.finish(made.folder, vault_rotation.begin(made.folder, keys, by_passphrase))
    for name, passphrase, role in (("Eva Lund", EVA, Role.HANDLER), ("Ove Berg", "annan fras", Role.REVIEWER)):
        found = vault_file.unlock(made.folder, passphrase=passphrase, user=name)
        assert found == keys
        assert found.holder is not None
        assert found.holder.role is role
    assert [user.name for user in vault_users.users(vault_file.read_header(made.folder), keys)] == [
        "dataskyddsombud",
        "Eva Lund",
        "Ove Berg",
    ]


def test_an_old_file_and_a_removed_secret_open_nothing_that_is_new(made: Made) -> None:
    add(made)
    old = made.file.read_bytes()
    vault_users.remove(made.folder, made.keys, "Eva Lund")
    done = vault_rotation.finish(made.folder, rotated(made))
    newest = made.file.read_bytes()
    made.file.write_bytes(old)
    known = vault_file.unlock(made.folder, passphrase=EVA, user="Eva Lund")
    assert known.database != done.database
    with pytest.raises(UserError, match="skadad"):
        vault_file.opened(vault_header.parse(newest), known.vault_key)


def test_keys_of_later_versions_are_carried_over(made: Made) -> None:
    named = {"database": made.keys.database.hex(), "later": "77" * 32}
    box = vault_file.make_box(made.keys.vault_id, made.keys.vault_key, named)
    whole = json.loads(made.file.read_bytes())
    whole["keys"] = box
    whole["slots"].append(vault_header.with_checksum({"id": "ab", "kind": "later", "more": [1]}))
    made.file.write_text(json.dumps(whole), encoding="utf-8")
    done = vault_rotation.finish(made.folder, rotated(made))
    header = vault_file.read_header(made.folder)
    assert vault_file.box_contents(header, done.vault_key) == {
        "database": done.database.hex(),
        "head": made.keys.head.hex(),
        "later": "77" * 32,
    }
    assert header.slots[-1].record == whole["slots"][-1]


@pytest.mark.parametrize("damage", ["public", "checksum", "no pair"])
def test_a_slot_that_cannot_be_carried_over_stops_it(made: Made, damage: str) -> None:
    add(made)
    if damage == "checksum":
        made.file.write_bytes(made.file.read_bytes().replace(b"Eva Lund", b"Eva Lunk"))
    elif damage == "public":
        changed(made, lambda whole: whole["slots"][2].update(public="11" * 32))
    else:
        changed(made, lambda whole: whole["slots"][2].pop("proof"))
    before = made.file.read_bytes()
    with pytest.raises(UserError) as caught:
        rotated(made)
    assert caught.value.code is ExitCode.DAMAGED
    assert "inte bytt" in caught.value.stands
    assert made.file.read_bytes() == before


def test_a_file_that_does_not_open_afterwards_never_replaces_the_old_one(made: Made) -> None:
    before = made.file.read_bytes()
    with pytest.raises(UserError, match="skadad"):
        vault_rotation.begin(made.folder, made.keys, lambda _header: made.keys)
    with pytest.raises(UserError, match="Fel lösenfras"):
        vault_rotation.begin(made.folder, made.keys, lambda header: vault_file.by_passphrase(header, "fel"))

    def refuse() -> None:
        raise UserError("nej", stands="", do="")

    with pytest.raises(UserError, match="nej"):
        vault_rotation.begin(made.folder, made.keys, by_passphrase, record=refuse)
    assert made.file.read_bytes() == before


def test_a_rotation_needs_this_vaults_keys(made: Made, tmp_path: Path) -> None:
    other, _recovery = vault_file.create(tmp_path / "annat.ombud", PASSPHRASE, now=NOW, cost=MINIMUM)
    with pytest.raises(UserError, match="skadad"):
        vault_rotation.begin(made.folder, other, by_passphrase)
    with pytest.raises(UserError, match="skadad"):
        vault_rotation.begin(made.folder, replace(made.keys, database=bytes(32)), by_passphrase)
    with pytest.raises(UserError, match="skadad"):
        vault_rotation.finish(made.folder, made.keys)
    first = rotated(made)
    with pytest.raises(UserError, match="skadad"):
        vault_rotation.finish(made.folder, replace(first, database=bytes(32)))


def test_what_is_read_back_must_be_what_was_written(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    first = rotated(made)
    before = made.file.read_bytes()
    honest = vault_file.make_box
    monkeypatch.setattr(vault_file, "make_box", lambda one, key, _named: honest(one, key, {"database": "00" * 32}))
    with pytest.raises(UserError, match="skadad"):
        vault_rotation.finish(made.folder, first)
    assert made.file.read_bytes() == before


DYING = """
import os, sys
from pathlib import Path
from app.security import vault_file, vault_rotation
from tests.security.broken import break_at
folder, phase, step = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
keys = vault_file.unlock(folder, passphrase=sys.argv[4])
if phase == "begin":
    break_at(step, lambda: os._exit(9))
    vault_rotation.begin(folder, keys, lambda header: vault_file.by_passphrase(header, sys.argv[4]))
else:
    break_at(step, lambda: os._exit(9))
    vault_rotation.finish(folder, keys)
"""


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("phase", ["begin", "finish"])
def test_a_process_that_dies_leaves_a_file_that_opens_and_goes_on(made: Made, phase: str, step: str) -> None:
    if phase == "finish":
        rotated(made)
    before = vault_file.unlock(made.folder, passphrase=PASSPHRASE)
    words = [sys.executable, "-c", DYING, str(made.folder), phase, step, PASSPHRASE]
    root = Path(__file__).parents[2]
    died = subprocess.run(words, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, check=False)
    assert died.returncode == 9
    found = vault_file.unlock(made.folder, passphrase=PASSPHRASE)
    possible = {before.database, before.next_database, found.next_database}
    assert found.database in possible
    if found.next_database is None:
        found = vault_rotation.begin(made.folder, found, by_passphrase)
    done = vault_rotation.finish(made.folder, found)
    assert vault_file.unlock(made.folder, recovery_key=made.recovery_key) == done
