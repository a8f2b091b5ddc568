"""Extracts and data to carry away by the command line: keys, versions, grounds, the password and its letter."""

import json
from pathlib import Path

import pikepdf
import pytest

from tests.cli.conftest import Run
from tests.json_schema import problems, schema
from tests.services.conftest import pdf_text

TABLE = "Kundnr;Namn;E-post;Adress;Postnr;Ort;Korrespondens\r\nK1;Åsa Öberg;asa@example.com;Storgatan 1;752 31;Uppsala;Grannen Bo ringde\r\n"


@pytest.fixture
def person(on_vault: Run, tmp_path: Path) -> str:
    """Import a person and return the id."""
    table = tmp_path / "kunder.csv"
    table.write_bytes(TABLE.encode("cp1252"))
    on_vault("import", table, "--source", "Kundregister")
    return str(on_vault("search", "K1").data["hits"][0]["subject_id"])


def test_an_extract_in_four_formats_has_its_keys_and_the_next_says_what_differs(
    on_vault: Run, person: str, tmp_path: Path
) -> None:
    out = tmp_path / "ut"
    first = on_vault("extract", "--subject", person, "--out", out, "--formats", "pdf,xlsx,json,csv").data
    assert [Path(file["path"]).suffix for file in first["files"]] == [".pdf", ".xlsx", ".json", ".csv"]
    keys = {"files", "sections", "rows", "masked", "has_data", "version", "scope", "changes", "password_letter"}
    assert set(first) == keys
    assert (first["masked"], first["version"], first["scope"], first["changes"]) == (1, 1, "access", None)
    document = json.loads(Path(first["files"][2]["path"]).read_text(encoding="utf-8"))
    form = schema("personal-data-1.json")
    assert problems(document, form, form) == []
    assert all("Öberg" not in Path(file["path"]).name for file in first["files"])
    second = on_vault("extract", "--subject", person, "--out", out).data
    assert second["changes"] == {"since_version": 1, "added": 0, "removed": 0, "changed": 0}


def test_portability_has_two_scopes(on_vault: Run, person: str, tmp_path: Path) -> None:
    narrow = on_vault("portability", "--subject", person, "--out", tmp_path / "a").data
    assert [Path(file["path"]).suffix for file in narrow["files"]] == [".json", ".csv"]
    assert narrow["scope"] == "article_20"
    assert {one["title"] for one in narrow["left_out"]} >= {"Uppgifter som vi har satt eller räknat fram"}
    wide = on_vault("portability", "--subject", person, "--scope", "promise", "--out", tmp_path / "b").data
    assert (wide["scope"], wide["version"]) == ("promise", 2)
    assert wide["rows"] > narrow["rows"]


def test_a_hidden_text_is_shown_with_a_ground_only(on_vault: Run, person: str, tmp_path: Path) -> None:
    out = tmp_path / "ut"
    made = on_vault("extract", "--subject", person, "--out", out, "--formats", "csv").data
    assert "Grannen" not in Path(made["files"][0]["path"]).read_text(encoding="utf-8-sig")
    assert on_vault("extract", "--subject", person, "--out", out, "--show", "7").code == 2
    assert on_vault("extract", "--subject", person, "--out", out, "--show", "7=för att").code == 2
    shown = [str(key) + "=known" for key in range(1, 9)]
    options = [part for one in shown for part in ("--show", one)]
    made = on_vault("extract", "--subject", person, "--out", out, "--formats", "csv", *options).data
    assert made["masked"] == 0
    assert "Grannen" in Path(made["files"][0]["path"]).read_text(encoding="utf-8-sig")


def test_what_is_left_out_needs_a_reason_and_must_exist(on_vault: Run, person: str, tmp_path: Path) -> None:
    asked = ("extract", "--subject", person, "--out", tmp_path / "ut")
    assert on_vault(*asked, "--without-category", "service").code == 11
    assert on_vault(*asked, "--without-category", "annat").code == 2
    assert on_vault(*asked, "--without-source", "Annat").code == 2
    made = on_vault(*asked, "--without-category", "service", "--reason", "Du bad bara om dina köp.").data
    assert made["masked"] == 0
    assert "Du bad bara om dina köp." in pdf_text(Path(made["files"][0]["path"]).read_bytes())


def test_the_password_is_on_the_letter_only(on_vault: Run, person: str, tmp_path: Path) -> None:
    out, post = tmp_path / "ut", tmp_path / "brev"
    asked = ("extract", "--subject", person, "--out", out)
    ran = on_vault(*asked, "--formats", "pdf", "--password-letter", post)
    assert ran.code == 0, ran.out + ran.err
    [file] = ran.data["files"]
    text = pdf_text(Path(ran.data["password_letter"]).read_bytes())
    password = next(word for word in text.split() if word.count("-") == 4)
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(file["path"])
    with pikepdf.open(file["path"], password=password) as document:
        assert document.encryption.bits == 256
        assert len(document.pages) == file["pages"]
    assert password not in ran.out + ran.err
    assert "Storgatan 1" in text
    assert on_vault(*asked, "--formats", "pdf", "--password-letter", out).code == 2, "never side by side"
    assert on_vault(*asked, "--formats", "json", "--password-letter", post).code == 2


def test_copies_of_mails_go_along_under_names_of_our_own(on_vault: Run, person: str, tmp_path: Path) -> None:
    mail = tmp_path / "Åsa Öberg.eml"
    mail.write_text("From: asa@example.com\nSubject: Utdrag\n\nJag vill ha ett registerutdrag.\n", encoding="utf-8")
    number = on_vault("request", "register", "--mail", mail, "--subject", person).data["number"]
    on_vault("request", "identity", number, "--method", "bankid")
    asked = ("extract", "--request", number, "--out", tmp_path / "ut", "--formats", "csv")
    assert len(on_vault(*asked).data["files"]) == 1
    files = on_vault(*asked, "--copies").data["files"]
    copy = Path(files[1]["path"])
    assert copy.name.startswith("bilaga_1_")
    assert copy.suffix == ".eml"
    assert copy.read_bytes() == mail.read_bytes()
    assert copy.name in Path(files[0]["path"]).read_text(encoding="utf-8-sig")


def test_portability_of_a_request_about_nobody_is_refused(on_vault: Run, tmp_path: Path) -> None:
    facts = ("--right", "portability", "--received", "2026-11-10", "--requester", "Åsa Öberg")
    number = on_vault("request", "register", *facts).data["number"]
    assert on_vault("portability", "--request", number, "--out", tmp_path).code == 2
