"""The register and the policy check by the command line."""

import datetime as dt
from pathlib import Path

from app.services import organisation, policy, vaults
from tests.cli.conftest import NOW, PASSPHRASE, TODAY, Run

KEYS = {
    *(
        "finding",
        "state",
        "weight",
        "what",
        "section",
        "article",
        "requirements",
        "why",
        "suggestion",
        "handled",
        "place",
    ),
    *("opens", "reason", "approved_by", "approved_at"),
}


def test_the_register_is_written_as_pdf_and_workbook(on_vault: Run, tmp_path: Path) -> None:
    made = on_vault("register", "export", "--out", tmp_path / "ut")

    assert made.code == 0
    names = [Path(file["path"]).name for file in made.data["files"]]
    assert names == ["behandlingsregister_2026-11-22.pdf", "behandlingsregister_2026-11-22.xlsx"]
    assert set(made.data["files"][0]) == {"path", "sha256", "pages"}
    assert made.data["files"][0]["pages"] > 1
    assert (tmp_path / "ut" / names[0]).read_bytes().startswith(b"%PDF-")


def test_one_format_can_be_chosen_and_an_unknown_one_is_said(on_vault: Run, tmp_path: Path) -> None:
    only = on_vault("register", "export", "--out", tmp_path / "ut", "--formats", "xlsx")
    assert [Path(file["path"]).suffix for file in only.data["files"]] == [".xlsx"]
    wrong = on_vault("register", "export", "--out", tmp_path / "ut", "--formats", "odt")
    assert wrong.code == 2
    assert "pdf, xlsx" in wrong.data["error"]["do"]
    assert on_vault("register").code == 2


def test_the_export_is_in_the_language_asked_for(on_vault: Run, tmp_path: Path) -> None:
    from tests.documents.reading import text_of

    on_vault("--lang", "en", "register", "export", "--out", tmp_path / "ut", "--formats", "pdf")
    text = text_of((tmp_path / "ut" / "behandlingsregister_2026-11-22.pdf").read_bytes())
    assert "Customer administration" in text
    assert "Kundadministration" not in text


def test_every_finding_says_what_where_why_and_what_to_do(on_vault: Run) -> None:
    found = on_vault("policy-check")

    assert found.code == 0
    assert {frozenset(one) for one in found.data} == {frozenset(KEYS)}
    by_key = {one["finding"]: one for one in found.data}
    assert {f"C{number}" for number in range(1, 13)} - set(by_key) == set()
    assert (by_key["C12"]["state"], by_key["C6"]["state"]) == ("met", "open")
    assert by_key["backup_missing"]["place"] == "backup"
    assert all(one["what"] and one["why"] and one["suggestion"] for one in found.data)
    assert on_vault("policy-check", as_json=False).out.startswith("50 saker att åtgärda.\n- ")


def test_an_approved_deviation_and_a_mended_fact_are_told(on_vault: Run, folder: Path) -> None:
    vault = vaults.open_vault(folder, passphrase=PASSPHRASE, now=NOW, user="Eva Lund")
    with vault.store.write(NOW) as session:
        policy.approve(session, "C9", reason="Rättas vid nyår.", now=NOW, today=TODAY)
        organisation.change_fact(session, organisation.OFFICER, {"name": "Eva Lund", "email": "eva@example.se"})
    vault.close(NOW)

    by_key = {one["finding"]: one for one in on_vault("policy-check").data}
    assert "C6" not in by_key
    assert (by_key["C9"]["state"], by_key["C9"]["reason"]) == ("approved", "Rättas vid nyår.")
    assert by_key["C9"]["approved_by"] == "Eva Lund"
    assert dt.datetime.fromisoformat(by_key["C9"]["approved_at"]) == NOW


def test_a_vault_without_a_policy_has_no_contradictions(run: Run, tmp_path: Path) -> None:
    vault = ("--vault", tmp_path / "Tom.ombud", "--passphrase-stdin")
    run(*vault, "init", "--profile", "empty", "--name", "Tom AB", stdin=f"{PASSPHRASE}\n")

    found = run(*vault, "policy-check", stdin=f"{PASSPHRASE}\n").data
    assert not any(one["finding"].startswith("C1") for one in found)
    assert {one["section"] for one in found} == {""}


def test_an_activity_is_shown_whole(on_vault: Run) -> None:
    shown = on_vault("show", "activity", "web_cookies").data
    assert shown["transfers_to"] == [{"country": "US", "safeguard": ""}]
    assert (shown["sources"], shown["notices"]) == (["website", "ip_location"], ["policy"])
