"""Mails by the command line: named ones are registered, those in folders and mailboxes only proposed until asked for."""

from pathlib import Path

from app.cli import parser
from app.i18n import language_as
from tests.cli.conftest import Run
from tests.importers.mailboxes import ANSWER, ERASURE, folder, mailbox
from tests.importers.mails import PLAIN
from tests.importers.outlook import Outlook


def numbers(on_vault: Run) -> list[str]:
    return [row["number"] for row in on_vault("request", "list").data]


def test_a_named_mail_of_outlook_becomes_a_request(on_vault: Run, tmp_path: Path) -> None:
    path = tmp_path / "brev.msg"
    path.write_bytes(Outlook().file())
    [row] = on_vault("import", path).data
    assert row["kind"] == "mail"
    assert row["requests"][0]["number"] == "B-2026-001"
    again = on_vault("request", "register", "--mail", path).data
    assert (again["number"], again["rights"]) == ("B-2026-002", ["access"])


def test_a_mailbox_answers_what_each_mail_asks_for_and_registers_nothing(on_vault: Run, tmp_path: Path) -> None:
    [row] = on_vault("import", mailbox(tmp_path / "b.mbox", PLAIN, ERASURE, b"From: \xff\r\n\r\n")).data
    assert (row["kind"], row["imported"], len(row["requests"])) == ("mailbox", 0, 3)
    first, second, _third = row["requests"]
    assert (first["message"], first["rights"], first["received"], first["due"]) == (
        1,
        ["access"],
        "2026-02-16",
        "2026-03-16",
    )
    assert (second["rights"], second["request_id"], second["number"], second["sender"]) == (
        ["erasure"],
        None,
        None,
        "asa@example.se",
    )
    assert numbers(on_vault) == []


def test_a_folder_has_a_row_for_each_file_and_its_tables_are_imported(on_vault: Run, tmp_path: Path) -> None:
    rows = on_vault("import", folder(tmp_path / "brev")).data
    assert [(Path(row["file"]).name, row["kind"], len(row["requests"])) for row in rows] == [
        ("1.eml", "mail", 1),
        ("2.MSG", "mail", 1),
        ("3.mbox", "mailbox", 2),
        ("kunder.csv", "table", 0),
    ]
    assert rows[3]["imported"] == 1
    assert numbers(on_vault) == []


def test_with_register_each_mail_becomes_a_request_an_answer_is_filed_and_nothing_comes_twice(
    on_vault: Run, tmp_path: Path
) -> None:
    path = folder(tmp_path / "brev")
    rows = on_vault("import", path, "--register").data
    made = [one for row in rows for one in row["requests"]]
    assert [one["number"] for one in made] == ["B-2026-001", "B-2026-002", "B-2026-003", "B-2026-001"]
    assert made[3]["belongs_to"] == "B-2026-001"
    files = on_vault("show", "request", "B-2026-001").data["files"]
    assert sorted(file["name"] for file in files) == ["B-2026-001_brev_2.eml", "B-2026-001_original.eml"]
    again = [one for row in on_vault("import", path, "--register").data for one in row["requests"]]
    assert {one["number"] for one in again} == {None}
    assert [one["filed_in"] for one in again] == ["B-2026-001", "B-2026-002", "B-2026-003", "B-2026-001"]
    assert sorted(numbers(on_vault)) == ["B-2026-001", "B-2026-002", "B-2026-003"]


def test_a_mail_that_cannot_be_read_says_why_and_stops_no_other(on_vault: Run, tmp_path: Path) -> None:
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "a.msg").write_bytes(Outlook().file()[:600])
    (tmp_path / "f" / "b.eml").write_bytes(PLAIN)
    (tmp_path / "f" / "c.mbox").write_bytes(b"inget")
    (tmp_path / "f" / "d.json").write_bytes(b"{}")
    done = on_vault("import", tmp_path / "f", "--register")
    assert done.code == 0
    first, second, third, fourth = done.data
    assert "skadat" in first["requests"][0]["error"]["what"]
    assert second["requests"][0]["number"] == "B-2026-001"
    assert "ingen brevlåda" in third["requests"][0]["error"]["what"]
    assert "ingen lista" in fourth["error"]["what"]


def test_a_dry_run_of_a_folder_registers_nothing(on_vault: Run, tmp_path: Path) -> None:
    rows = on_vault("import", folder(tmp_path / "brev"), "--register", "--dry-run").data
    assert rows[0]["requests"][0]["number"] == "B-2026-001"
    assert numbers(on_vault) == []


def test_a_mail_is_filed_in_a_request_and_a_mailbox_is_no_mail(on_vault: Run, tmp_path: Path) -> None:
    first, further = tmp_path / "1.eml", tmp_path / "2.eml"
    first.write_bytes(PLAIN)
    further.write_bytes(ANSWER)
    number = on_vault("request", "register", "--mail", first).data["number"]
    assert len(on_vault("request", "mail", number, "--file", further).data["files"]) == 2
    assert on_vault("request", "mail", number, "--file", further).code == 11
    assert on_vault("request", "register", "--mail", mailbox(tmp_path / "b.mbox", PLAIN)).code == 2


def test_the_help_says_what_becomes_of_mails() -> None:
    with language_as("sv"):
        command = next(action for action in parser()._actions if action.dest == "command")
    assert isinstance(command.choices, dict)
    told = " ".join(command.choices["import"].format_help().split())
    assert "blir en begäran" in told
    assert "--register" in told
