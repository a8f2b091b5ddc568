"""The import wizard with the keyboard alone: from the menu's keys to the report, and every stop on the way has a name."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.ui.context import Context
from app.ui.importing import ImportDialog, open_import
from db.models import Subject
from tests.importers.tables import HEADERS, PERSON, csv_file
from tests.ui.test_importing import OTHER, WRONG, count, wait_for_trial
from tests.ui.typing import type_text

MOST_STOPS = 60


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focused(), key, modifiers)


def stops(dialog: ImportDialog) -> list[QWidget]:
    """Go round with Tab, and return every stop once, in order."""
    found: list[QWidget] = []
    while focused() not in found:
        found.append(focused())
        assert len(found) < MOST_STOPS
        press(Qt.Key.Key_Tab)
    assert all(one.window() is dialog for one in found)
    return found


def name_of(widget: QWidget) -> str:
    """Return what a screen reader says of a stop: its own name, or that of the field it is part of."""
    one: QWidget | None = widget
    while one is not None:
        if name := one.accessibleName() or str(one.property("text") or ""):
            return name
        one = one.parentWidget()
    return ""


def tab_to(wanted: QWidget) -> None:
    """Go with Tab until a widget has the focus."""
    for _number in range(MOST_STOPS):
        if focused() is wanted:
            return
        press(Qt.Key.Key_Tab)
    raise AssertionError("Tab never comes there")


def look_round(dialog: ImportDialog) -> None:
    """Every stop has a name, the way on and the way out are among them, and Shift+Tab goes the same way back."""
    found = stops(dialog)
    assert [one for one in found if not name_of(one)] == []
    ways = [one for one in (dialog.next_button, dialog.cancel_button) if one.isVisibleTo(dialog) and one.isEnabled()]
    assert all(one in found for one in ways)
    here = focused()
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert focused() is here


def test_the_whole_way_by_keys_alone(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    dialog = open_import(None, context, csv_file(tmp_path, HEADERS, PERSON, OTHER, WRONG))
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: not context.jobs.is_busy, timeout=20_000)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None and focused().window() is dialog)

    look_round(dialog)
    tab_to(dialog.next_button)
    press(Qt.Key.Key_Space)
    assert dialog.current() == 1
    look_round(dialog)
    tab_to(dialog.column_page.new_source.editor)
    type_text(focused(), "Kundregister")
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)  # from any field
    assert dialog.current() == 2
    wait_for_trial(qtbot, dialog)
    assert focused() is dialog.next_button  # the trial is over: the way on
    look_round(dialog)
    tab_to(dialog.back_button)
    press(Qt.Key.Key_Space)
    assert dialog.current() == 1
    tab_to(dialog.next_button)
    press(Qt.Key.Key_Space)
    wait_for_trial(qtbot, dialog)
    tab_to(dialog.next_button)
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: dialog.current() == 4, timeout=20_000)
    assert count(context, Subject) == 2
    look_round(dialog)
    tab_to(dialog.done_page.save_button)
    tab_to(dialog.done_page.undo_button)
    press(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not dialog.isVisible())


def test_escape_before_the_import_closes_and_leaves_nothing(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    dialog = open_import(None, context, csv_file(tmp_path, HEADERS, PERSON))
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: not context.jobs.is_busy, timeout=20_000)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None and focused().window() is dialog)
    press(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert count(context, Subject) == 0
