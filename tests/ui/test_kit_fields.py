"""Fields take what people type, say what is wrong in words, and can be told apart by a screen reader."""

from datetime import date, time

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.kit.choice_fields import ChoiceField, ChoicesField
from app.ui.kit.date_fields import DateField, DateTimeField
from app.ui.kit.fields import ComboField, Field, LineField, show_problems
from app.ui.kit.text_field import TextField
from tests.ui.typing import replace_text, type_text

CHOICES = (("mail", "E-post"), ("letter", "Brev & post"), ("phone", "Telefon"))
TODAY = date(2026, 11, 3)


def today() -> date:
    return TODAY


def shown(qtbot: QtBot, *fields: Field) -> QWidget:
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    for field in fields:
        column.addWidget(field)
    holder.show()
    holder.activateWindow()
    qtbot.waitUntil(holder.isActiveWindow)
    return holder


def changes(field: Field) -> list[bool]:
    told: list[bool] = []
    field.changed.connect(lambda: told.append(True))
    return told


def test_swedish_letters_can_be_typed(qtbot: QtBot) -> None:
    field = LineField("Namn")
    _holder = shown(qtbot, field)
    told = changes(field)
    type_text(field.line, " Åsa Öberg é ł ")
    assert field.value() == "Åsa Öberg é ł"
    assert len(told) == len(" Åsa Öberg é ł ")
    replace_text(field.line, "Örjan")
    assert field.value() == "Örjan"


def test_putting_a_value_in_is_not_a_change_by_the_user(qtbot: QtBot) -> None:
    fields: list[Field] = [LineField("a"), TextField("b"), ComboField("c", CHOICES), ChoiceField("d", CHOICES)]
    _holder = shown(qtbot, *fields)
    told = [changes(field) for field in fields]
    for field in fields:
        field.set_value("letter")
        assert field.value() == "letter"
    assert told == [[], [], [], []]


def test_a_problem_is_said_under_the_field_and_goes_when_it_is_mended(qtbot: QtBot) -> None:
    field = LineField("Namn", "Som i folkbokföringen")
    _holder = shown(qtbot, field)
    field.set_problem("Skriv ett namn.")
    assert field.problem.isVisible()
    assert field.editor.property("wrong") is True
    assert field.editor.accessibleDescription() == "Skriv ett namn. Som i folkbokföringen"
    type_text(field.line, "Å")
    assert not field.problem.isVisible()
    assert field.editor.property("wrong") is False
    assert field.editor.accessibleDescription() == "Som i folkbokföringen"


def test_the_first_field_with_a_problem_gets_the_focus(qtbot: QtBot) -> None:
    fields: dict[str, Field] = {"name": LineField("Namn"), "city": LineField("Ort"), "note": TextField("Anteckning")}
    _holder = shown(qtbot, *fields.values())
    assert show_problems(fields, {"city": "Skriv en ort.", "note": "Skriv något."})
    qtbot.waitUntil(lambda: QApplication.focusWidget() is fields["city"].editor)
    assert [field.problem_text() for field in fields.values()] == ["", "Skriv en ort.", "Skriv något."]
    assert not show_problems(fields, {})
    assert [field.problem_text() for field in fields.values()] == ["", "", ""]


def test_an_optional_field_says_so_and_editors_have_names(qtbot: QtBot) -> None:
    field = TextField("Anteckning", is_optional=True)
    assert field.label.text() == "Anteckning (valfritt)"
    assert field.editor.accessibleName() == "Anteckning (valfritt)"


def test_markup_in_a_label_is_shown_as_it_is(qtbot: QtBot) -> None:
    field = LineField("<b>Namn</b>")
    assert field.label.textFormat() is Qt.TextFormat.PlainText


def test_a_secret_is_hidden_until_it_is_asked_for_and_keeps_its_spaces(qtbot: QtBot) -> None:
    field = LineField("Lösenfras", is_secret=True)
    _holder = shown(qtbot, field)
    type_text(field.line, " fem ord ")
    assert field.line.echoMode() is QLineEdit.EchoMode.Password
    assert field.value() == " fem ord "
    field.reveal_action.trigger()
    assert field.line.echoMode() is QLineEdit.EchoMode.Normal
    assert field.reveal_action.text() == "Dölj"
    assert field.value() == " fem ord "
    field.reveal_action.trigger()
    assert field.line.echoMode() is QLineEdit.EchoMode.Password


def test_the_count_says_what_is_left_and_what_is_too_much(qtbot: QtBot) -> None:
    field = TextField("Beskriv", max_chars=5)
    _holder = shown(qtbot, field)
    assert field.count.text() == "5 tecken kvar"
    type_text(field.text, "åäöåäöå")
    assert field.count.text() == "2 tecken för mycket"
    assert field.value() == "åäöåäöå"


def test_tab_leaves_a_text_field(qtbot: QtBot) -> None:
    field, after = TextField("Beskriv"), LineField("Namn")
    _holder = shown(qtbot, field, after)
    field.text.setFocus()
    QTest.keyClick(field.text, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is after.line
    assert field.value() == ""


def test_a_combo_keeps_its_code_when_the_choices_change(qtbot: QtBot) -> None:
    field = ComboField("Kanal", CHOICES)
    _holder = shown(qtbot, field)
    told = changes(field)
    QTest.keyClick(field.combo, Qt.Key.Key_Down)
    assert (field.value(), told) == ("letter", [True])
    field.set_choices((("phone", "Telefon"), ("letter", "Letter")))
    assert field.value() == "letter"
    field.set_choices((("phone", "Telefon"),))
    assert field.value() == "phone"


def test_only_one_radio_button_is_on(qtbot: QtBot) -> None:
    field = ChoiceField("Kanal", CHOICES)
    _holder = shown(qtbot, field)
    told = changes(field)
    assert field.value() is None
    for code in ("mail", "letter"):
        field.buttons[code].click()
    assert (field.value(), len(told)) == ("letter", 2)
    assert field.buttons["letter"].text() == "Brev && post"
    assert field.buttons["letter"].accessibleName() == "Kanal: Brev & post"
    field.set_value(None)
    assert field.value() is None


def test_any_number_of_boxes_can_be_ticked(qtbot: QtBot) -> None:
    field = ChoicesField("Kanaler", CHOICES, is_row=False)
    _holder = shown(qtbot, field)
    told = changes(field)
    field.buttons["phone"].click()
    field.buttons["mail"].click()
    assert (field.value(), len(told)) == (("mail", "phone"), 2)
    field.set_value(("letter",))
    assert field.value() == ("letter",)


@pytest.mark.parametrize("typed", ["3 nov", "261103", "idag"])
def test_a_day_is_shown_in_full_when_the_field_is_left(qtbot: QtBot, typed: str) -> None:
    field, after = DateField("Inkom", today), LineField("Namn")
    _holder = shown(qtbot, field, after)
    field.setFocus()
    type_text(field.line, typed)
    qtbot.waitUntil(field.line.hasFocus)
    after.setFocus()
    qtbot.waitUntil(after.line.hasFocus)
    assert field.line.text() == "2026-11-03"
    assert field.value() == TODAY


def test_what_is_no_day_is_said_in_words_and_kept_as_typed(qtbot: QtBot) -> None:
    field, after = DateField("Inkom", today), LineField("Namn")
    _holder = shown(qtbot, field, after)
    field.setFocus()
    qtbot.waitUntil(field.line.hasFocus)
    type_text(field.line, "kalle")
    after.setFocus()
    qtbot.waitUntil(lambda: bool(field.problem_text()))
    assert field.line.text() == "kalle"
    assert field.value() is None
    assert field.is_unreadable()
    field.set_value(None)
    assert field.is_empty()
    assert not field.is_unreadable()


def test_the_calendar_fills_the_field(qtbot: QtBot) -> None:
    field = DateField("Inkom", today)
    _holder = shown(qtbot, field)
    told = changes(field)
    QTest.mouseClick(field.button, Qt.MouseButton.LeftButton)
    calendar = field.calendar.picked
    assert calendar.selectedDate() == QDate(2026, 11, 3)
    assert calendar.firstDayOfWeek() is Qt.DayOfWeek.Monday
    calendar.clicked.emit(QDate(2026, 11, 9))
    assert field.value() == date(2026, 11, 9)
    assert told == [True]


def test_a_moment_needs_both_day_and_time(qtbot: QtBot) -> None:
    field = DateTimeField("Upptäckt", today)
    _holder = shown(qtbot, field)
    type_text(field.line, "3 nov")
    assert field.value() is None
    assert field.is_unreadable()
    type_text(field.clock, "1510")
    field.clock.editingFinished.emit()
    assert field.clock.text() == "15.10"
    assert field.value() == (TODAY, time(15, 10))
    replace_text(field.clock, "25")
    field.clock.editingFinished.emit()
    assert "klockslag" in field.problem_text()
    assert field.clock.property("wrong") is True
    field.set_value((TODAY, time(9)))
    assert field.clock.text() == "09.00"
    field.set_value(None)
    assert field.is_empty()
