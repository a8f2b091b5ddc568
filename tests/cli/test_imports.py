"""Imports by the command line: the difference from last time, what is chosen, and taking one back."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from app.domain.errors import ExitCode
from tests.cli.conftest import Run

HEAD = "Kundnr;Namn;E-post\n"
FIRST = HEAD + "K-1;Åsa Öberg;asa@example.com\nK-2;Bo Älm;bo@example.com\n"
SECOND = HEAD + "K-1;Åsa Öberg;asa.ny@example.com\nK-3;Cia Ek;cia@example.com\n"


@pytest.fixture
def first(on_vault: Run, tmp_path: Path) -> Path:
    """Return a file that has been imported."""
    path = tmp_path / "kunder.csv"
    path.write_text(FIRST, encoding="utf-8")
    assert on_vault("import", path, "--source", "Kundregister").data[0]["imported"] == 2
    return path


def names(on_vault: Run, text: str) -> list[str]:
    return [hit["name"] for hit in on_vault("search", text).data["hits"]]


def test_the_difference_is_told_before_and_after(on_vault: Run, first: Path) -> None:
    first.write_text(SECOND, encoding="utf-8")
    tried = on_vault("import", first, "--source", "Kundregister", "--dry-run").data[0]
    assert names(on_vault, "cia ek") == []
    done = on_vault("import", first, "--source", "Kundregister").data[0]
    for found in (tried, done):
        assert [found[key] for key in ("imported", "updated", "unchanged", "gone")] == [1, 1, 0, 1]
    assert (tried["batch_id"], names(on_vault, "cia ek")) == (None, ["Cia Ek"])
    assert names(on_vault, "asa@example.com") == ["Åsa Öberg"]


def test_a_part_of_a_register_makes_nobody_gone(on_vault: Run, first: Path) -> None:
    first.write_text(SECOND, encoding="utf-8")
    assert on_vault("import", first, "--source", "Kundregister", "--part").data[0]["gone"] == 0


@pytest.mark.parametrize(("choice", "count"), [("update", 1), ("skip", 1), ("new", 2)])
def test_somebody_known_is_met_as_chosen(on_vault: Run, first: Path, choice: str, count: int) -> None:
    done = on_vault("import", first, "--source", "Fakturering", "--duplicates", choice).data[0]
    assert (done["duplicates"], done["skipped"]) == (2, 2 if choice == "skip" else 0)
    assert len(names(on_vault, "åsa öberg")) == count


def test_the_relation_of_who_is_gone_ends(on_vault: Run, first: Path) -> None:
    first.write_text(SECOND, encoding="utf-8")
    on_vault("import", first, "--source", "Kundregister", "--gone", "end")
    hit = on_vault("search", "bo älm").data["hits"][0]
    assert on_vault("show", "subject", str(hit["subject_id"])).data["relation_end"] == "2026-11-22"


def test_an_import_is_taken_back_once(on_vault: Run, first: Path) -> None:
    first.write_text(SECOND, encoding="utf-8")
    batch = on_vault("import", first, "--source", "Kundregister").data[0]["batch_id"]
    undone = on_vault("undo-import", str(batch))
    assert (undone.code, undone.data) == (0, {"batch_id": batch})
    assert (names(on_vault, "cia ek"), names(on_vault, "asa.ny@example.com")) == ([], [])
    again = on_vault("undo-import", str(batch))
    assert (again.code, again.data["error"]["what"]) == (11, "Importen är redan ångrad.")
    unknown = on_vault("undo-import", "99")
    assert (unknown.code, unknown.data["error"]["what"]) == (11, "Det finns ingen import med det numret.")


def test_the_report_is_written_at_once_or_later(on_vault: Run, tmp_path: Path) -> None:
    path = tmp_path / "kunder.csv"
    path.write_text(FIRST, encoding="utf-8")
    made = on_vault("import", path, "--report", tmp_path / "nu").data[0]
    assert load_workbook(made["report_file"]).sheetnames[-2:] == ["Fel", "Varningar"]
    later = on_vault("import-report", str(made["batch_id"]), "--out", tmp_path / "sedan")
    assert load_workbook(later.data["files"][0]["path"]).sheetnames == ["Läs mig", "Antal", "Kolumner"]
    assert on_vault("import-report", "99", "--out", tmp_path).code == ExitCode.USAGE


def test_an_import_stands_when_its_report_cannot_be_written(on_vault: Run, tmp_path: Path) -> None:
    path = tmp_path / "kunder.csv"
    path.write_text(FIRST, encoding="utf-8")
    done = on_vault("import", path, "--report", path)
    assert (done.code, done.data[0]["imported"], done.data[0]["report_file"]) == (0, 2, None)
    assert names(on_vault, "bo älm") == ["Bo Älm"]
