"""The same register again: what is new, changed and gone, what is chosen about it, and imports that are taken back."""

import datetime as dt
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.importing import BatchState, Duplicate, Gone
from app.services import import_batch
from app.ui.comfort import Comfort
from app.ui.context import Context
from app.ui.importing import ImportDialog, PastImports, open_past
from app.ui.importing.found import CHANGED, FAULTS, GONE, KNOWN, NEW
from app.ui.kit.messages import ErrorBox, QuestionBox
from app.ui.window import MainWindow
from db.models import Datum, ImportBatch, SourceAbsence, Subject
from tests.factories import make_request
from tests.importers.tables import HEADERS, PERSON, csv_file
from tests.ui.conftest import NOW, TODAY
from tests.ui.looking import open_person, shown_tab
from tests.ui.test_importing import OTHER, WRONG, choose, choose_place, opened, press, run, to_check, wait_for_trial

Box = TypeVar("Box", QuestionBox, ErrorBox)
MOVED = (*PERSON[:3], "asa.ny@example.se", *PERSON[4:])
ENDED = dt.date(2024, 5, 31)
THIRD = ("Eva Ek", "", "1007", "eva@example.se", "", "", "", "")


def again(qtbot: QtBot, context: Context, path: Path) -> ImportDialog:
    dialog = opened(qtbot, context, path)
    press(dialog)
    press(dialog)
    wait_for_trial(qtbot, dialog)
    return dialog


def shown(dialog: ImportDialog, key: str) -> list[tuple[str, ...]]:
    page = dialog.check_page
    QTest.mouseClick(page.chips.buttons[key], Qt.MouseButton.LeftButton)
    rows = page.table.rows
    return [tuple(rows.text_at(place, column) for column in range(3)) for place in range(rows.rowCount())]


def finish(qtbot: QtBot, context: Context, dialog: ImportDialog) -> None:
    press(dialog)
    qtbot.waitUntil(lambda: dialog.current() == 4 and not context.jobs.is_busy, timeout=20_000)


def names(context: Context) -> list[str]:
    with context.vault.store.read() as session:
        return sorted(session.scalars(sa.select(Subject.display_name)))


def box(qtbot: QtBot, kind: type[Box]) -> Box:
    found: list[Box] = []

    def is_there() -> bool:
        found[:] = [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]
        return bool(found)

    qtbot.waitUntil(is_there, timeout=20_000)
    return found[0]


def say_yes(qtbot: QtBot) -> None:
    QTest.mouseClick(box(qtbot, QuestionBox).verb_button, Qt.MouseButton.LeftButton)


def test_the_difference_is_shown_list_by_list(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    run(qtbot, context, csv_file(tmp_path, HEADERS, PERSON, OTHER)).accept()
    dialog = again(qtbot, context, csv_file(tmp_path, HEADERS, MOVED, THIRD, WRONG))
    page = dialog.check_page
    assert [badge.text() for badge in page._badges] == [
        "1 ny person",
        "1 rad ändrar eller lägger till",
        "1 saknas i filen",
        "1 rad med fel",
    ]
    assert list(page.chips.buttons) == [FAULTS, NEW, CHANGED, GONE]
    assert shown(dialog, NEW) == [("3", "Eva Ek", "Ny person")]
    assert shown(dialog, CHANGED) == [("2", "Åsa Öberg", f"E-post: {PERSON[3]} → asa.ny@example.se")]
    assert shown(dialog, GONE) == [("–", "Örjan Äng", "Fanns i registret förut")]
    assert shown(dialog, FAULTS)[0][:2] == ("4", "Personnummer")
    assert page.gone.isVisibleTo(dialog)
    assert not page.known.isVisibleTo(dialog)


def test_who_is_gone_is_left_alone_unless_somebody_chooses(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    run(qtbot, context, csv_file(tmp_path, HEADERS, PERSON, OTHER)).accept()
    finish(qtbot, context, again(qtbot, context, csv_file(tmp_path, HEADERS, PERSON)))
    with context.vault.store.read() as session:
        assert session.scalars(sa.select(SourceAbsence)).all() == []
        assert set(session.scalars(sa.select(Subject.relation_end_on))) == {None, ENDED}


def test_the_relation_of_who_is_gone_can_be_counted_as_ended(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    run(qtbot, context, csv_file(tmp_path, HEADERS, PERSON, OTHER)).accept()
    dialog = again(qtbot, context, csv_file(tmp_path, HEADERS, PERSON))
    choose(dialog.check_page.gone.combo, Gone.END.value)
    finish(qtbot, context, dialog)
    with context.vault.store.read() as session:
        ends = {row.display_name: row.relation_end_on for row in session.scalars(sa.select(Subject))}
        person = session.scalars(sa.select(Subject.id).where(Subject.display_name == "Örjan Äng")).one()
    assert ends == {"Åsa Öberg": ENDED, "Örjan Äng": TODAY}
    tab = shown_tab(qtbot, context)
    open_person(qtbot, tab, person, "örjan äng")
    assert f"Saknas i Kundregister sedan {TODAY.isoformat()}" in [one.text() for one in tab.pane.card._badges]


def test_a_part_of_a_register_makes_nobody_gone(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    run(qtbot, context, csv_file(tmp_path, HEADERS, PERSON, OTHER)).accept()
    dialog = again(qtbot, context, csv_file(tmp_path, HEADERS, PERSON))
    page = dialog.check_page
    page.is_part.box.click()
    qtbot.waitUntil(lambda: dialog.draft.trial is not None and not page.is_working, timeout=20_000)
    assert dialog.draft.trial is not None
    assert dialog.draft.trial.gone == 0
    assert page.is_part.isVisibleTo(dialog)


def test_the_file_of_rejected_rows_is_a_part(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    headers = (*HEADERS, "Rad", "Fel", "Så rättar du")
    dialog = opened(qtbot, context, csv_file(tmp_path, headers, (*PERSON, "4", "Personnummer", "Rätta")))
    assert dialog.draft.is_part


def test_a_known_person_is_met_as_chosen_row_by_row(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    run(qtbot, context, csv_file(tmp_path, HEADERS, PERSON, OTHER)).accept()
    headers = ("Person", *HEADERS[1:])
    dialog = to_check(qtbot, context, csv_file(tmp_path, headers, PERSON, OTHER, name="annan.csv"), "Fakturering")
    page = dialog.check_page
    assert shown(dialog, KNOWN) == [
        ("2", "Åsa Öberg", "Läggs till på personen"),
        ("3", "Örjan Äng", "Läggs till på personen"),
    ]
    page.table.selectRow(1)
    QTest.mouseClick(page.choice_buttons[Duplicate.SKIP], Qt.MouseButton.LeftButton)
    assert shown(dialog, KNOWN)[1] == ("3", "Örjan Äng", "Hoppas över")
    finish(qtbot, context, dialog)
    with context.vault.store.read() as session:
        count = sa.select(sa.func.count(sa.distinct(Datum.source_id))).group_by(Datum.subject_id)
        assert session.scalars(count.order_by(Datum.subject_id)).all() == [2, 1]
    assert len(names(context)) == 2


def test_the_usual_choice_is_tried_again_and_remembered(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    run(qtbot, context, csv_file(tmp_path, HEADERS, PERSON)).accept()
    path = csv_file(tmp_path, ("Person", *HEADERS[1:]), PERSON, name="annan.csv")
    dialog = to_check(qtbot, context, path, "Fakturering")
    choose(dialog.check_page.known.combo, Duplicate.NEW.value)
    qtbot.waitUntil(lambda: dialog.draft.trial is not None and dialog.draft.trial.imported == 1, timeout=20_000)
    wait_for_trial(qtbot, dialog)
    finish(qtbot, context, dialog)
    assert names(context) == ["Åsa Öberg", "Åsa Öberg"]
    dialog.accept()
    other = opened(qtbot, context, path)
    assert other.column_page.source.value() == "Fakturering"
    assert other.draft.duplicates is Duplicate.NEW


def test_an_import_is_taken_back_from_the_last_page(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    dialog = run(qtbot, context, csv_file(tmp_path, HEADERS, PERSON, OTHER))
    QTest.mouseClick(dialog.done_page.undo_button, Qt.MouseButton.LeftButton)
    say_yes(qtbot)
    qtbot.waitUntil(lambda: not dialog.done_page.undo_button.isVisibleTo(dialog), timeout=20_000)
    assert dialog.done_page.report.text().startswith("Importen är ångrad.")
    assert names(context) == []


@pytest.fixture
def past(qtbot: QtBot, context: Context, tmp_path: Path) -> PastImports:
    """Return the list of two imports, the later one current."""
    run(qtbot, context, csv_file(tmp_path, HEADERS, PERSON)).accept()
    finish(qtbot, context, again(qtbot, context, csv_file(tmp_path, HEADERS, MOVED, OTHER)))
    dialog = open_past(None, context)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: dialog.table.rows.rowCount() == 2, timeout=20_000)
    dialog.table.selectRow(0)
    return dialog


def test_the_report_of_an_earlier_import_is_saved(
    qtbot: QtBot, context: Context, past: PastImports, tmp_path: Path
) -> None:
    QTest.mouseClick(past.report_button, Qt.MouseButton.LeftButton)
    target = tmp_path / "rapport.xlsx"
    choose_place(qtbot, past, target)
    assert load_workbook(target).sheetnames == ["Läs mig", "Antal", "Kolumner"]


def test_earlier_imports_are_listed_and_taken_back(qtbot: QtBot, context: Context, past: PastImports) -> None:
    rows = past.table.rows
    assert [rows.text_at(0, column) for column in (1, 3, 4, 7)] == ["Kundregister", "1", "1", "Gäller"]
    QTest.mouseClick(past.undo_button, Qt.MouseButton.LeftButton)
    say_yes(qtbot)
    qtbot.waitUntil(lambda: rows.text_at(0, 7).startswith("Ångrad"), timeout=20_000)
    past.table.selectRow(0)
    assert not past.undo_button.isEnabled()
    assert names(context) == ["Åsa Öberg"]
    with context.vault.store.read() as session:
        assert session.scalars(sa.select(ImportBatch.state)).all() == [BatchState.DONE, BatchState.UNDONE]
        assert PERSON[3] in session.scalars(sa.select(Datum.value).where(Datum.field == "email")).all()


def test_what_somebody_built_on_is_not_taken_back(qtbot: QtBot, context: Context, past: PastImports) -> None:
    with context.vault.store.write(NOW) as session:
        make_request(session, subject=session.scalars(sa.select(Subject).order_by(Subject.id.desc())).first())
    QTest.mouseClick(past.undo_button, Qt.MouseButton.LeftButton)
    refused = box(qtbot, ErrorBox)
    assert "1 person från importen har fått ett ärende" in refused.words.what
    refused.close()
    assert names(context) == ["Åsa Öberg", "Örjan Äng"]


def test_what_is_left_of_a_stopped_import_is_taken_out_when_the_window_opens(
    qtbot: QtBot, context: Context, tmp_path: Path
) -> None:
    run(qtbot, context, csv_file(tmp_path, HEADERS, PERSON, OTHER)).accept()
    store = context.vault.store
    store.hide()
    with store.write(NOW, is_bulk=True) as session:
        import_batch.withdraw(session, session.scalars(sa.select(ImportBatch)).one())
    assert names(context) == []
    window = MainWindow(context, Comfort())
    qtbot.addWidget(window)
    window.begin()
    qtbot.waitUntil(lambda: not store.is_hiding, timeout=20_000)
    assert names(context) == []
    with store.read() as session:
        assert session.scalars(sa.select(ImportBatch)).all() == []
