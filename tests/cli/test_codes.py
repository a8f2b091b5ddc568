"""Exit codes and the form of answers: a contract with scripts."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.cli import output
from app.security import vault_file
from app.services import vaults
from tests.cli.conftest import NOW, PASSPHRASE, Run
from tests.places import locked

ROOT = Path(__file__).resolve().parents[2]


def test_an_answer_is_one_json_document(on_vault: Run) -> None:
    done = on_vault("unlock-check")

    assert done.code == 0
    assert set(done.data) == {"vault_id", "user", "role", "format", "changes"}
    assert done.err == ""


def test_without_json_the_answer_is_a_short_text(on_vault: Run) -> None:
    done = on_vault("unlock-check", as_json=False)

    assert done.out == "Hemligheten stämmer.\n"


def test_an_error_says_what_stands_and_what_to_do(on_vault: Run) -> None:
    wrong = on_vault("unlock-check", passphrase="fel")

    assert wrong.code == 3
    assert wrong.data["error"]["code"] == 3
    assert all(wrong.data["error"][part] for part in ("what", "stands", "do"))
    spoken = on_vault("unlock-check", passphrase="fel", as_json=False)
    assert (spoken.out, len(spoken.err.splitlines())) == ("", 3)


@pytest.mark.parametrize(
    "arguments",
    [
        ["finns-inte"],
        ["request"],
        ["unlock-check"],
        ["--vault", "x", "unlock-check"],
        ["rules", "deadline", "--received", "imorgon"],
        ["rules", "breach", "--aware", "2026-11-20T15:10"],
        ["rules", "severity", "--dpc", "9", "--ei", "1"],
        ["rules", "retention"],
    ],
)
def test_words_that_make_no_command_are_code_two(run: Run, arguments: list[str]) -> None:
    assert run(*arguments).code == 2


def test_an_unknown_case_is_said_and_is_no_crash(on_vault: Run) -> None:
    for arguments in (
        ["show", "request", "B-1999-001"],
        ["show", "subject", "77"],
        ["request", "close", "99"],
        ["show", "activity", "x"],
    ):
        done = on_vault(*arguments)
        assert done.code == 2
        assert done.data["error"]["do"]


def test_a_damaged_vault_is_code_four(on_vault: Run, folder: Path) -> None:
    (folder / "data.db").write_bytes(b"x" * 4096)

    assert on_vault("unlock-check").code == 4


def test_a_vault_in_use_is_code_five(on_vault: Run, folder: Path) -> None:
    held = vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW)

    assert on_vault("unlock-check").code == 5
    held.abandon()


def test_a_vault_of_a_newer_version_is_code_six(on_vault: Run, folder: Path) -> None:
    path = folder / vault_file.NAME
    whole = json.loads(path.read_bytes())
    head = {name: value for name, value in whole["header"].items() if name != "sha256"} | {"version": 99}
    text = json.dumps(head, sort_keys=True, separators=(",", ":"))
    path.write_bytes(
        json.dumps(whole | {"header": head | {"sha256": hashlib.sha256(text.encode()).hexdigest()}}).encode()
    )

    assert on_vault("unlock-check").code == 6


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04"])
def test_a_file_that_cannot_be_read_is_code_seven(on_vault: Run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "kunder.xlsx"
    path.write_bytes(content)

    assert on_vault("import", path).code == 7


def test_a_changed_trail_is_code_eight(on_vault: Run, folder: Path) -> None:
    vault = vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW)
    with vault.store.write(NOW) as session:
        session.execute(sa.text("DROP TRIGGER audit_entry_no_update"))
        session.execute(sa.text("UPDATE audit_entry SET user = 'någon annan' WHERE seq = 2"))
    vault.close(NOW)

    done = on_vault("verify")
    assert done.code == 8
    assert "2" in done.data["error"]["what"]


def test_a_place_that_cannot_be_written_is_code_nine(on_vault: Run, tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("inte en mapp")

    assert on_vault("backup", "--to", tmp_path / "fil").code == 9


def test_what_a_rule_forbids_is_code_eleven(on_vault: Run) -> None:
    facts = ("--right", "access", "--received", "2026-11-10", "--requester", "Åsa")
    number = on_vault("request", "register", *facts).data["number"]

    done = on_vault("request", "close", number)
    assert done.code == 11
    assert "Identiteten" in done.data["error"]["do"]


def test_the_recovery_key_opens_too(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "Ny.ombud"
    made = run(
        "--vault",
        path,
        "--passphrase-stdin",
        "init",
        "--profile",
        "empty",
        "--name",
        "Ny",
        stdin="fem ord som ingen gissar\n",
    )
    assert made.code == 0
    key = made.data["recovery_key"]

    assert len(key.split("-")) == 8
    check = run("--vault", path, "--recovery-stdin", "unlock-check", stdin=key.lower().replace("-", " ") + "\n")
    assert check.data["vault_id"] == made.data["vault_id"]
    assert run("--vault", path, "--passphrase-stdin", "init", stdin="fem ord som ingen gissar\n").code == 11


def test_no_passphrase_makes_no_vault_and_a_weak_one_is_warned_about(run: Run, tmp_path: Path) -> None:
    assert run("--vault", tmp_path / "Ny.ombud", "--passphrase-stdin", "init", stdin="\n").code == 2
    assert not (tmp_path / "Ny.ombud").exists()

    weak = run("--vault", tmp_path / "Ny.ombud", "--passphrase-stdin", "init", stdin="abc\n")
    assert (weak.code, weak.err != "") == (0, True)
    assert weak.data["vault_id"]


def test_an_unforeseen_error_gives_its_place_and_no_value(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError("Åsa Öberg")
    except ValueError as error:
        output.show_unexpected(error, as_json=True)
        output.show_unexpected(error, as_json=False)

    said = capsys.readouterr()
    assert json.loads(said.out)["error"]["code"] == 1
    for text in (said.out, said.err):
        assert "ValueError" in text
        assert "test_codes.py" in text
        assert "Öberg" not in text


def test_progress_goes_to_standard_error(on_vault: Run, tmp_path: Path) -> None:
    table = tmp_path / "kunder.csv"
    table.write_text("Kundnr;Namn\nK1;Åsa\n", encoding="utf-8")

    done = on_vault("--progress", "import", table)
    assert all(set(json.loads(line)) == {"done", "total"} for line in done.err.splitlines())
    assert done.err
    assert done.data


def test_a_name_cannot_steer_the_terminal(on_vault: Run, tmp_path: Path) -> None:
    table = tmp_path / "kunder.csv"
    table.write_text("Kundnr;Namn\nK1;\x1b[31mRöd\n", encoding="utf-8")
    on_vault("import", table)

    assert "\x1b" not in on_vault("search", "K1", as_json=False).out


@pytest.mark.parametrize(("language", "word"), [("sv", "begäranden"), ("en", "requests")])
def test_help_is_in_the_language_asked_for(run: Run, language: str, word: str) -> None:
    done = run("--lang", language, "--help", as_json=False)

    assert done.code == 0
    assert word in done.out
    assert "migrate" in done.out


def test_the_program_itself_keeps_standard_output_pure(folder: Path) -> None:
    command = [sys.executable, "-m", "app", "--vault", str(folder), "--passphrase-stdin", "--json", "due"]
    done = subprocess.run(
        command, input=PASSPHRASE + "\n", cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )

    assert done.returncode == 0
    assert set(json.loads(done.stdout)) == {"requests", "incidents", "holds", "reviews"}
    assert done.stderr == ""


def test_a_read_only_vault_is_said(on_vault: Run, folder: Path) -> None:
    with locked(folder):
        assert on_vault("unlock-check").code == 9
    assert on_vault("unlock-check").code == 0
