"""Errors stay until read and hold no personal data; questions default to the safe answer; toasts can be undone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QMainWindow
from pytestqt.qtbot import QtBot

from app.domain.errors import ExitCode, UserError
from app.ui.kit import messages
from app.ui.kit.labels import PlainLabel
from app.ui.kit.messages import ErrorBox, Question, QuestionBox, Toast

FULL = UserError("Disken är full.", stands="Allt du sparat är kvar.", do="Gör plats.", code=ExitCode.DISK)


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    return made


def words(box: QDialog) -> list[str]:
    return [label.text() for label in box.findChildren(PlainLabel)]


def unexpected() -> ValueError:
    try:
        raise ValueError("Åsa Öberg 196408233234")
    except ValueError as error:
        return error


def test_an_error_says_what_happened_what_stands_and_what_to_do(window: QMainWindow) -> None:
    box = messages.show_error(window, FULL)
    assert words(box) == ["Disken är full.", "Allt du sparat är kvar.", "Gör plats."]
    assert not box.isModal()
    box.close()


def test_markup_in_an_error_is_shown_as_it_is(window: QMainWindow) -> None:
    box = messages.show_error(window, UserError("<img src='x.png'>", stands="<b>", do="&lt;"))
    labels = box.findChildren(PlainLabel)
    assert [label.text() for label in labels] == ["<img src='x.png'>", "<b>", "&lt;"]
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    box.close()


def test_the_same_error_is_not_shown_twice(window: QMainWindow) -> None:
    first, second = messages.show_error(window, FULL), messages.show_error(window, FULL)
    assert first is second
    first.close()
    third = messages.show_error(window, FULL)
    assert third is not first
    third.close()


def test_an_unexpected_error_names_no_person(
    window: QMainWindow, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    box = messages.show_error(window, unexpected())
    QTest.mouseClick(box.copy_button, Qt.MouseButton.LeftButton)
    told = " ".join(words(box)) + caplog.text + QGuiApplication.clipboard().text()
    assert "ValueError" in caplog.text
    assert "test_kit_messages.py" in QGuiApplication.clipboard().text()
    assert "Åsa" not in told
    assert "196408233234" not in told
    caplog.clear()
    box.close()


def test_the_report_names_the_cause_too() -> None:
    error = UserError("a", stands="b", do="c", code=ExitCode.DAMAGED)
    error.__cause__ = unexpected()
    assert [line for line in messages.report(error).splitlines() if not line.startswith(" ")][1:] == [
        "UserError (DAMAGED)",
        "ValueError",
    ]


def test_enter_and_esc_choose_the_safe_answer(window: QMainWindow, qtbot: QtBot) -> None:
    done: list[bool] = []
    question = Question("Radera 14 poster?", "Det går inte att ångra.", "14 poster raderas", ("Köp: 14",))
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        box = messages.ask(window, question, lambda: done.append(True))
        assert box.verb_button.text() == "14 poster raderas"
        QTest.keyClick(box, key)
        assert not box.isVisible()
    assert done == []


def test_the_verb_does_it(window: QMainWindow, qtbot: QtBot) -> None:
    done: list[bool] = []
    box = messages.ask(
        window, Question("Slå ihop?", "Det går att ångra.", "Slå ihop", is_danger=False), lambda: done.append(True)
    )
    assert isinstance(box, QuestionBox)
    assert "•  Köp" not in " ".join(words(box))
    QTest.mouseClick(box.verb_button, Qt.MouseButton.LeftButton)
    assert done == [True]


def test_a_toast_can_be_undone_once(window: QMainWindow, qtbot: QtBot) -> None:
    undone: list[bool] = []
    toast = messages.toast(window, "Begäran avslutad", "Ångra", lambda: undone.append(True))
    assert toast.isVisible()
    assert toast.accessibleName() == "Begäran avslutad"
    QTest.mouseClick(toast.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.findChildren(Toast))
    assert undone == [True]


def test_a_new_toast_takes_the_place_of_the_old(window: QMainWindow, qtbot: QtBot) -> None:
    messages.toast(window, "Ett")
    second = messages.toast(window, "Två")
    qtbot.waitUntil(lambda: window.findChildren(Toast) == [second])
    window.resize(800, 500)
    assert abs(second.geometry().center().x() - 400) < 3
    QTest.keyClick(second, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.findChildren(Toast))


def test_closing_an_error_lets_go_of_it(window: QMainWindow, qtbot: QtBot) -> None:
    box = messages.show_error(window, FULL)
    QTest.mouseClick(box.close_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.findChildren(ErrorBox))
