"""Secrets and users by the command line, in each role, and the wait after wrong tries."""

from pathlib import Path

import pytest

from app.security import vault_file
from app.services import keys, vaults
from tests.cli.conftest import NOW, PASSPHRASE, Ran, Run
from tests.key_stores import in_use

NEW = "gata moln kvist sadel tröja"


def names(done: Ran) -> list[tuple[str, str]]:
    assert done.code == 0, done.out
    return [(one["name"], one["role"]) for one in done.data["users"]]


def as_eva(run: Run, folder: Path, *words: str, passphrase: str = NEW, stdin: str = "") -> Ran:
    return run("--vault", folder, "--passphrase-stdin", "--user", "Eva Berg", *words, stdin=f"{passphrase}\n{stdin}")


def test_users_are_added_listed_given_another_role_and_removed(on_vault: Run, run: Run, folder: Path) -> None:
    assert names(on_vault("users", "list")) == [("dataskyddsombud", "officer")]
    both = [("dataskyddsombud", "officer"), ("Eva Berg", "handler")]
    assert names(on_vault("users", "add", "Eva Berg", "--role", "handler", stdin=f"{NEW}\n")) == both
    checked = as_eva(run, folder, "unlock-check")
    assert (checked.data["user"], checked.data["role"]) == ("Eva Berg", "handler")
    both[1] = ("Eva Berg", "reviewer")
    assert names(on_vault("users", "role", "Eva Berg", "--role", "reviewer")) == both
    assert as_eva(run, folder, "unlock-check").data["role"] == "reviewer"
    gone = on_vault("users", "remove", "Eva Berg", "--rekey")
    assert names(gone) == both[:1]
    assert set(gone.data) == {"users", "unknown"}
    assert set(gone.data["users"][0]) == {"name", "role", "since", "owner"}
    assert on_vault("unlock-check").code == 0


def test_a_removal_without_a_new_key_says_what_that_leaves(on_vault: Run) -> None:
    on_vault("users", "add", "Eva Berg", "--role", "handler", stdin=f"{NEW}\n")
    done = on_vault("users", "remove", "Eva Berg")
    assert names(done) == [("dataskyddsombud", "officer")]
    assert "rekey" in done.err


@pytest.mark.parametrize(
    "words",
    [
        ["users", "add", "Ove Berg", "--role", "handler"],
        ["users", "remove", "Eva Berg"],
        ["users", "role", "Eva Berg", "--role", "officer"],
        ["rekey"],
    ],
)
def test_a_case_handler_changes_no_keys(on_vault: Run, run: Run, folder: Path, words: list[str]) -> None:
    on_vault("users", "add", "Eva Berg", "--role", "handler", stdin=f"{NEW}\n")
    before = (folder / vault_file.NAME).read_bytes()
    done = as_eva(run, folder, *words, stdin="annan lång fras som duger\n")
    assert done.code == 11
    assert "Bara ett dataskyddsombud" in done.data["error"]["what"]
    assert (folder / vault_file.NAME).read_bytes() == before


def test_a_reviewer_registers_nothing(on_vault: Run, run: Run, folder: Path) -> None:
    on_vault("users", "add", "Eva Berg", "--role", "reviewer", stdin=f"{NEW}\n")
    words = ["request", "register", "--right", "access", "--received", "2026-11-20", "--channel", "email"]
    assert as_eva(run, folder, *words).code == 11
    assert as_eva(run, folder, "request", "list").data == []
    assert as_eva(run, folder, "verify").code == 0


def test_everyone_changes_the_own_passphrase(on_vault: Run, run: Run, folder: Path) -> None:
    on_vault("users", "add", "Eva Berg", "--role", "handler", stdin=f"{NEW}\n")
    other = "lampa sten vinge kaffe orgel"
    done = as_eva(run, folder, "passwd", stdin=f"{other}\n")
    assert (done.code, set(done.data)) == (0, {"vault_id", "user", "role"})
    assert as_eva(run, folder, "unlock-check", passphrase=other).code == 0
    assert on_vault("passwd", stdin=f"{other} till\n").code == 0
    assert on_vault("unlock-check").code == 3
    assert on_vault("unlock-check", passphrase=f"{other} till").code == 0
    assert on_vault("passwd", passphrase=f"{other} till", stdin="kort\n").code == 11


def test_a_new_key_for_the_database_and_a_new_recovery_key(on_vault: Run, run: Run, folder: Path) -> None:
    before = vault_file.unlock(folder, passphrase=PASSPHRASE)
    done = on_vault("rekey", "--new-recovery-key")
    assert set(done.data) == {"vault_id", "rotated", "recovery_key"}
    after = vault_file.unlock(folder, passphrase=PASSPHRASE)
    assert after.database != before.database
    assert on_vault("rekey").data["recovery_key"] is None
    key = done.data["recovery_key"]
    by_key = run("--vault", folder, "--recovery-stdin", "passwd", stdin=f"{key}\n{NEW}\n")
    assert by_key.code == 0
    assert on_vault("unlock-check", passphrase=NEW).code == 0


def test_the_key_store_opens_but_changes_no_keys(run: Run, folder: Path) -> None:
    with in_use():
        vault = vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW)
        keys.turn_on_keyring(vault, now=NOW)
        vault.close(NOW)
        assert run("--vault", folder, "--keyring", "unlock-check").code == 0
        for words in (["passwd"], ["rekey"], ["restore", "x", "--to", "y"]):
            assert run("--vault", folder, "--keyring", *words).code == 2
    assert run("--vault", folder, "--keyring", "unlock-check", stdin="x").code == 10


def test_wrong_tries_make_the_next_one_wait_and_are_told(on_vault: Run, folder: Path, waited: list[float]) -> None:
    for _time in range(3):
        assert on_vault("unlock-check", passphrase="fel").code == 3
    assert waited == [1, 2]
    assert on_vault("unlock-check").code == 0
    assert waited == [1, 2, 4]
    assert on_vault("unlock-check").code == 0
    assert waited == [1, 2, 4]
    assert not (folder / "tries").exists()


def test_help_names_the_keys_of_the_answers(run: Run) -> None:
    for words, keys_told in (
        (["--help"], ["vault_id, user, role", "recovery_key"]),
        (["users", "--help"], ["unknown"]),
    ):
        told = " ".join(run(*words, as_json=False).out.split())
        assert all(name in told for name in keys_told)
