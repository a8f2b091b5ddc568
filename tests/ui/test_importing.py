"""The import wizard: every step with real files, and nothing half-imported."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.ui.comfort import Comfort
from app.ui.context import Context
from app.ui.exports import SaveAs
from app.ui.importing import ImportDialog, open_import
from app.ui.importing.draft import mapping_problem
from app.ui.lookup.tab import LookupTab
from app.ui.window import MainWindow
from db.models import Activity, Datum, ImportBatch, Source, Subject
from tests.importers.tables import HEADERS, PERSON, csv_file, text_file, workbook
from tests.services.conftest import audited
from tests.ui.typing import type_text

OTHER = ("Örjan Äng", "200001012384", "1002", "o@example.se", "", "", "", "")
WRONG = ("Fel Nummer", "19640823-3235", "1003", "", "", "", "", "")
CANARIES = ("<b>x</b>", "=1+1", "x" * 40_000, "Åsa\u202eGrebö")


def opened(qtbot: QtBot, context: Context, path: Path | None) -> ImportDialog:
    dialog = open_import(None, context, path)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: not context.jobs.is_busy, timeout=20_000)
    return dialog


def press(dialog: ImportDialog) -> None:
    QTest.mouseClick(dialog.next_button, Qt.MouseButton.LeftButton)


def to_check(qtbot: QtBot, context: Context, path: Path, source: str = "Kundregister") -> ImportDialog:
    dialog = opened(qtbot, context, path)
    press(dialog)
    type_text(dialog.column_page.new_source.editor, source)
    press(dialog)
    wait_for_trial(qtbot, dialog)
    return dialog


def wait_for_trial(qtbot: QtBot, dialog: ImportDialog) -> None:
    page = dialog.check_page
    qtbot.waitUntil(lambda: dialog.draft.trial is not None and not page.bar.isVisibleTo(page), timeout=20_000)


def run(qtbot: QtBot, context: Context, path: Path) -> ImportDialog:
    dialog = to_check(qtbot, context, path)
    press(dialog)
    qtbot.waitUntil(lambda: dialog.current() == 4, timeout=20_000)
    return dialog


def choose_place(qtbot: QtBot, parent: QWidget, target: Path) -> None:
    """Choose where a document goes, and wait until it is there."""
    qtbot.waitUntil(lambda: bool(parent.findChildren(SaveAs)), timeout=20_000)
    (saver,) = parent.findChildren(SaveAs)
    with qtbot.waitSignal(saver.saved, timeout=20_000):
        saver.dialog.fileSelected.emit(str(target))
    saver.dialog.close()


def count(context: Context, model: type[Any]) -> int:
    with context.vault.store.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def texts(dialog: ImportDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisibleTo(dialog))


def test_the_file_page_says_what_it_sees(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    dialog = opened(qtbot, context, csv_file(tmp_path, HEADERS, PERSON, OTHER, encoding="cp1252"))
    page = dialog.file_page
    assert page.kind.text() == "CSV, 8 kolumner, cirka 2 rader"
    assert page.encoding.value() == "cp1252"
    assert page.separator.value() == ";"
    assert "Åsa   Öberg   Örjan   Äng" in page.words.text()
    assert page.words.property("level") == "display"
    assert page.table.rows.text_at(0, 0) == "Åsa Öberg"
    assert page.warning.isVisibleTo(dialog)


def test_a_wrong_encoding_is_seen_and_mended(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    dialog = opened(qtbot, context, csv_file(tmp_path, HEADERS, PERSON, encoding="cp1252"))
    page = dialog.file_page
    for code, shown in (("cp850", False), ("cp1252", True)):
        page.encoding.combo.setCurrentIndex(page.encoding.combo.findData(code))
        page.encoding.combo.activated.emit(page.encoding.combo.currentIndex())
        qtbot.waitUntil(lambda: dialog.draft.preview is not None and not context.jobs.is_busy, timeout=20_000)
        assert ("Åsa" in page.words.text()) is shown


def test_without_a_file_it_does_not_go_on(qtbot: QtBot, context: Context) -> None:
    dialog = opened(qtbot, context, None)
    press(dialog)
    assert dialog.current() == 0
    assert dialog.file_page.problem.text() == "Välj en fil först."


def test_a_file_is_chosen_in_the_systems_own_way(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    path = workbook(tmp_path, HEADERS, PERSON)
    dialog = opened(qtbot, context, None)
    QTest.mouseClick(dialog.file_page.choose_button, Qt.MouseButton.LeftButton)
    chooser = dialog.file_page.dialog
    assert isinstance(chooser, QFileDialog)
    chooser.fileSelected.emit(str(path))
    chooser.close()
    qtbot.waitUntil(lambda: dialog.draft.preview is not None, timeout=20_000)
    assert dialog.file_page.kind.text().startswith("Excel (.xlsx)")
    assert not dialog.file_page.encoding.isVisibleTo(dialog)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"", "tom.csv"),
        (b"", "tom.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "last.xlsx"),
        (b"\0\1\2" * 90, "x.csv"),
    ],
    ids=["empty csv", "empty xlsx", "protected", "no table"],
)
def test_a_file_that_cannot_be_read_says_why(
    qtbot: QtBot, context: Context, tmp_path: Path, raw: bytes, name: str
) -> None:
    dialog = opened(qtbot, context, text_file(tmp_path, raw, name))
    assert dialog.file_page.problem.text()
    press(dialog)
    assert dialog.current() == 0
    assert count(context, Subject) == 0


def test_the_guess_can_be_changed_and_doubles_are_refused(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    dialog = opened(
        qtbot, context, csv_file(tmp_path, ("Namn", "Konstigt", "Mobil"), ("Åsa Öberg", "x", "070-174 06 05"))
    )
    press(dialog)
    page = dialog.column_page
    assert page.mapping() == ("name", None, "mobile")
    type_text(page.new_source.editor, "Kundregister")
    choose(page.combos[1], "name")
    press(dialog)
    assert dialog.current() == 1
    assert page.problem.text().startswith("Flera kolumner går till Namn.")
    choose(page.combos[1], "reference_comment")
    press(dialog)
    assert dialog.current() == 2
    assert dialog.draft.mapping == ("name", "reference_comment", "mobile")


def choose(combo: QComboBox, code: str) -> None:
    combo.setCurrentIndex(combo.findData(code))
    combo.activated.emit(combo.currentIndex())


def test_a_file_that_names_nobody_is_refused(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    dialog = opened(qtbot, context, csv_file(tmp_path, ("Ort", "Belopp"), ("Uppsala", "12")))
    press(dialog)
    type_text(dialog.column_page.new_source.editor, "Kundregister")
    press(dialog)
    assert dialog.current() == 1
    assert dialog.column_page.problem.text().startswith("Ingen kolumn säger vem raderna gäller.")


def test_the_register_needs_a_name(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    dialog = opened(qtbot, context, csv_file(tmp_path, HEADERS, PERSON))
    press(dialog)
    press(dialog)
    assert dialog.current() == 1
    assert dialog.column_page.new_source.problem_text()


def test_the_trial_counts_and_keeps_nothing(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    before = len(audited(context.vault.store))
    dialog = to_check(qtbot, context, csv_file(tmp_path, HEADERS, PERSON, OTHER, WRONG))
    page = dialog.check_page
    assert [badge.text() for badge in page._badges] == ["2 nya personer", "1 rad med fel"]
    row = [page.table.rows.text_at(0, column) for column in range(4)]
    assert row[:2] == ["4", "Personnummer"]
    assert all(row)
    assert "3235" not in texts(dialog)
    assert (count(context, Subject), count(context, ImportBatch), count(context, Datum)) == (0, 0, 0)
    assert len(audited(context.vault.store)) == before
    assert dialog.next_button.text() == "&Importera"


def test_an_import_is_stored_and_reported(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    dialog = run(qtbot, context, csv_file(tmp_path, HEADERS, PERSON, OTHER, WRONG))
    assert dialog.done_page.report.text() == "Kundregister:\n2 nya personer\n1 rad med fel"
    assert not dialog.back_button.isEnabled()
    with context.vault.store.read() as session:
        assert sorted(session.scalars(sa.select(Subject.display_name))) == ["Åsa Öberg", "Örjan Äng"]
        source = session.scalars(sa.select(Source).where(Source.is_register)).one()
        assert (source.name, session.get_one(Activity, source.activity_id).code) == ("Kundregister", "customer_admin")
    assert len(audited(context.vault.store, Action.IMPORTED)) == 1
    press(dialog)
    assert dialog.result() == ImportDialog.DialogCode.Accepted


def test_the_same_file_again_goes_into_the_same_register(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEADERS, PERSON)
    run(qtbot, context, path).accept()
    dialog = opened(qtbot, context, path)
    press(dialog)
    assert dialog.column_page.source.value() == "Kundregister"
    assert not dialog.column_page.new_source.isVisibleTo(dialog)
    press(dialog)
    wait_for_trial(qtbot, dialog)
    assert [badge.text() for badge in dialog.check_page._badges] == [
        "0 nya personer",
        "1 rad finns redan",
        "0 rader med fel",
    ]


def test_columns_chosen_by_hand_are_remembered(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    path = csv_file(tmp_path, ("Namn", "Konstigt"), ("Åsa Öberg", "Snabb hjälp"))
    dialog = opened(qtbot, context, path)
    press(dialog)
    type_text(dialog.column_page.new_source.editor, "Kommentarer")
    choose(dialog.column_page.combos[1], "reference_comment")
    press(dialog)
    wait_for_trial(qtbot, dialog)
    press(dialog)
    qtbot.waitUntil(lambda: dialog.current() == 4, timeout=20_000)
    dialog.accept()
    again = opened(qtbot, context, path)
    press(again)
    assert again.column_page.mapping() == ("name", "reference_comment")
    assert again.column_page.source.value() == "Kommentarer"


def test_another_kind_of_file_goes_into_a_new_register(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    run(qtbot, context, csv_file(tmp_path, HEADERS, PERSON)).accept()
    dialog = opened(
        qtbot, context, workbook(tmp_path, ("Förnamn", "Efternamn", "E-post"), ("Åsa", "Öberg", "asa@example.se"))
    )
    press(dialog)
    assert dialog.column_page.source.value() == ""
    assert dialog.column_page.new_source.isVisibleTo(dialog)


def test_rejected_rows_are_saved_as_they_stood(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    wrong = ("=1+1", *WRONG[1:])
    dialog = run(qtbot, context, csv_file(tmp_path, HEADERS, PERSON, wrong))
    QTest.mouseClick(dialog.done_page.save_button, Qt.MouseButton.LeftButton)
    chooser = dialog.done_page.saving.dialog
    target = tmp_path / "avvisade.csv"
    chooser.fileSelected.emit(str(target))
    chooser.close()
    qtbot.waitUntil(target.exists)
    rows = list(csv.reader(io.StringIO(target.read_text(encoding="utf-8-sig")), delimiter=";"))
    assert rows[0] == [*HEADERS, "Rad", "Fel", "Så rättar du"]
    assert rows[1][:9] == ["'=1+1", *wrong[1:], "3"]
    assert rows[1][9].startswith("Personnummer: ")
    assert rows[1][10]


def test_the_report_is_saved_from_the_last_page(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    dialog = run(qtbot, context, csv_file(tmp_path, HEADERS, PERSON, WRONG))
    QTest.mouseClick(dialog.done_page.report_button, Qt.MouseButton.LeftButton)
    target = tmp_path / "rapport.xlsx"
    choose_place(qtbot, dialog, target)
    assert "Fel" in load_workbook(target).sheetnames


def test_nothing_usable_cannot_be_imported(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    dialog = to_check(qtbot, context, csv_file(tmp_path, HEADERS, WRONG))
    assert not dialog.next_button.isEnabled()
    assert dialog.check_page.problem.text().startswith("Ingen rad kan importeras.")


def test_a_cancelled_import_leaves_nothing(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    many = [(f"Person {number}", "", str(number), "", "", "", "", "") for number in range(20_000)]
    dialog = to_check(qtbot, context, csv_file(tmp_path, HEADERS, *many))
    press(dialog)
    QTest.mouseClick(dialog.cancel_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.current() == 2 and not context.jobs.is_busy, timeout=20_000)
    assert dialog.isVisible()
    assert dialog.check_page.state.text() == "Importen är avbruten. Inget har sparats."
    assert (count(context, Subject), count(context, ImportBatch), count(context, Datum)) == (0, 0, 0)
    assert dialog.next_button.isEnabled()
    press(dialog)
    qtbot.waitUntil(lambda: dialog.current() == 4, timeout=30_000)
    assert count(context, Subject) == 20_000


def test_escape_before_the_import_just_closes(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    dialog = to_check(qtbot, context, csv_file(tmp_path, HEADERS, PERSON))
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.result() == ImportDialog.DialogCode.Rejected
    assert count(context, Subject) == 0


def test_going_back_and_changing_a_column_tries_again(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    dialog = to_check(qtbot, context, csv_file(tmp_path, HEADERS, PERSON, WRONG))
    QTest.mouseClick(dialog.back_button, Qt.MouseButton.LeftButton)
    choose(dialog.column_page.combos[1], "")
    press(dialog)
    wait_for_trial(qtbot, dialog)
    assert [badge.text() for badge in dialog.check_page._badges] == ["2 nya personer", "0 rader med fel"]


def test_dropping_a_table_opens_the_wizard(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    tab = LookupTab(context)
    qtbot.addWidget(tab)
    context.ways.table_dropped.emit(csv_file(tmp_path, HEADERS, PERSON))
    dialog = next(
        made for made in QApplication.topLevelWidgets() if isinstance(made, ImportDialog) and made.isVisible()
    )
    qtbot.waitUntil(lambda: dialog.draft.preview is not None and not context.jobs.is_busy, timeout=20_000)
    assert dialog.windowModality() is Qt.WindowModality.WindowModal


def test_the_menu_opens_the_wizard(qtbot: QtBot, context: Context) -> None:
    window = MainWindow(context, Comfort())
    qtbot.addWidget(window)
    window.show()
    window.menus.actions["import"].trigger()
    dialog = window.findChild(ImportDialog)
    assert dialog is not None
    assert dialog.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    window.hide()
    qtbot.waitUntil(lambda: not context.jobs.is_busy)


@pytest.mark.parametrize("name", CANARIES, ids=["markup", "formula", "endless", "right-to-left"])
def test_strange_cells_come_out_as_text(qtbot: QtBot, context: Context, tmp_path: Path, name: str) -> None:
    dialog = to_check(
        qtbot, context, csv_file(tmp_path, (*HEADERS, name[:200]), (*PERSON, name), (name, *WRONG[1:], ""))
    )
    for label in dialog.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
        assert "\u202e" not in label.text()
        assert len(label.text()) < 1000
    assert dialog.minimumSizeHint().width() < 1000
    assert "\u202e" not in dialog.file_page.table.rows.text_at(0, 8)


def test_the_choice_of_columns_is_judged() -> None:
    assert mapping_problem(("name", None, "email")) == ""
    assert mapping_problem((None, "customer_no")) == ""
    assert "två" not in mapping_problem(("street",))
    assert mapping_problem(("street",)).startswith("Ingen kolumn")
    assert mapping_problem(("name", "name")).startswith("Flera kolumner")
