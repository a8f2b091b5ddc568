"""The wizard with every kind of text file: å, ä and ö are seen before anything is stored; wide files can be mapped."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from pytestqt.qtbot import QtBot

from app.ui.context import Context
from app.ui.importing.dialog import ImportDialog
from db.models import Datum, Subject
from tests.importers.tables import csv_file, text_file
from tests.ui.test_importing import opened, press, run, to_check

PEOPLE = (("Åsa Öberg", "asa@example.se"), ("Örjan Äng", "orjan@example.se"))
CARDS = "".join(f"BEGIN:VCARD\r\nFN:{name}\r\nEMAIL:{email}\r\nEND:VCARD\r\n" for name, email in PEOPLE)
MANY_HEADINGS = "N:A;B;;;\r\nORG:C\r\nTITLE:D\r\nBDAY:19640823\r\nGENDER:M\r\nADR:;;E;F;G;H;I\r\nTEL:1\r\nEND:"
LIST = json.dumps([{"namn": name, "e-post": email} for name, email in PEOPLE], ensure_ascii=False)
TABBED = "Namn\tE-post\r\n" + "".join(f"{name}\t{email}\r\n" for name, email in PEOPLE)
FILES = {"kunder.tsv": (TABBED, "TSV, 2"), "kunder.vcf": (CARDS, "vCard (.vcf), 2"), "kunder.json": (LIST, "JSON, 2")}


def choose(qtbot: QtBot, context: Context, dialog: ImportDialog, code: str) -> None:
    combo = dialog.file_page.encoding.combo
    combo.setCurrentIndex(combo.findData(code))
    combo.activated.emit(combo.currentIndex())
    qtbot.waitUntil(lambda: dialog.draft.preview is not None and not context.jobs.is_busy, timeout=20_000)


@pytest.mark.parametrize("name", FILES)
def test_a_wrong_encoding_is_seen_and_mended(qtbot: QtBot, context: Context, tmp_path: Path, name: str) -> None:
    text, kind = FILES[name]
    dialog = opened(qtbot, context, text_file(tmp_path, text.encode("cp1252"), name))
    page = dialog.file_page
    assert page.kind.text() == f"{kind} kolumner, cirka 2 rader"
    assert page.encoding.isVisibleTo(dialog)
    assert page.separator.isVisibleTo(dialog) is (name == "kunder.tsv")
    assert "Kontrollera att å, ä och ö ser rätt ut" in page.warning_text.text()
    assert "Åsa   Öberg   Örjan   Äng" in page.words.text()
    choose(qtbot, context, dialog, "cp850")
    assert "Åsa" not in page.words.text()
    assert page.look_hint.isVisibleTo(dialog)
    choose(qtbot, context, dialog, "cp1252")
    assert "Åsa   Öberg" in page.words.text()


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_text_file_is_imported(qtbot: QtBot, context: Context, tmp_path: Path, name: str) -> None:
    run(qtbot, context, text_file(tmp_path, FILES[name][0].encode("cp1252"), name))
    with context.vault.store.read() as session:
        assert sorted(session.scalars(sa.select(Subject.display_name))) == ["Åsa Öberg", "Örjan Äng"]
        emails = session.scalars(sa.select(Datum.value).where(Datum.field == "email"))
        assert sorted(emails) == ["asa@example.se", "orjan@example.se"]


def test_two_hundred_columns_are_shown_and_mapped(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    names = ["Namn", *(f"k{number}" for number in range(198)), "E-post"]
    row = ["Åsa Öberg", *["x"] * 198, "asa@example.se"]
    dialog = to_check(qtbot, context, csv_file(tmp_path, names, row))
    assert len(dialog.column_page.combos) == 200
    assert dialog.draft.mapping[0] == "name"
    assert dialog.draft.mapping[199] == "email"
    assert dialog.draft.trial is not None
    assert dialog.draft.trial.imported == 1


def test_of_several_lists_the_user_chooses_one(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    raw = json.dumps({"kunder": [{"namn": "Åsa"}], "ordrar": [{"ordernr": "1", "kund": "Bo"}, {"ordernr": "2"}]})
    dialog = opened(qtbot, context, text_file(tmp_path, raw.encode(), "k.json"))
    combo = dialog.file_page.sheet.combo
    assert dialog.file_page.sheet.isVisibleTo(dialog)
    combo.setCurrentIndex(combo.findData("ordrar"))
    combo.activated.emit(combo.currentIndex())
    qtbot.waitUntil(lambda: dialog.draft.preview is not None and not context.jobs.is_busy, timeout=20_000)
    assert dialog.file_page.kind.text() == "JSON, 2 kolumner, cirka 2 rader"
    press(dialog)
    assert len(dialog.column_page.combos) == 2


def test_the_programs_own_headings_do_not_hide_a_wrong_encoding(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    raw = CARDS.replace("END:", MANY_HEADINGS).encode("cp1252")
    dialog = opened(qtbot, context, text_file(tmp_path, raw, "kunder.vcf"))
    assert dialog.file_page.words.text() == "Åsa   Öberg   Örjan   Äng"
