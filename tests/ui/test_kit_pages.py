"""Pages: the document view, the stepper and the list of shortcuts."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from app.domain.errors import UserError
from app.ui.kit.fields import LineField
from app.ui.kit.messages import ErrorBox
from app.ui.kit.pdf_view import ZOOM_MAX, ZOOM_MIN, PdfView
from app.ui.kit.shortcuts import Shortcut, ShortcutAction, shortcuts
from app.ui.kit.wizard import Wizard, WizardPage
from tests.ui.typing import type_text

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


class Paper:
    """Draws grey pages; the second one lies on its side."""

    def __init__(self) -> None:
        self.drawn: list[int] = []

    def __call__(self, number: int, scale: float) -> tuple[int, int, bytes]:
        self.drawn.append(number)
        size = (842, 595) if number == 1 else (595, 842)
        width, height = (round(side * scale) for side in size)
        return width, height, bytes([200]) * (width * height * 3)


@pytest.fixture
def paper() -> Paper:
    return Paper()


@pytest.fixture
def view(qtbot: QtBot, paper: Paper) -> PdfView:
    made = PdfView()
    qtbot.addWidget(made)
    made.resize(400, 500)
    made.set_document(30, paper)
    made.show()
    made.grab()
    return made


def test_only_pages_in_view_are_drawn(view: PdfView, paper: Paper) -> None:
    assert set(paper.drawn) <= {0, 1}
    view.go_to(20)
    view.grab()
    assert 20 in paper.drawn
    assert 10 not in paper.drawn


def test_a_page_is_drawn_once_while_it_is_kept(view: PdfView, paper: Paper) -> None:
    before = list(paper.drawn)
    view.grab()
    assert paper.drawn == before


def test_the_keys_turn_pages(qtbot: QtBot, view: PdfView) -> None:
    QTest.keyClick(view, Key.Key_PageDown)
    assert view.current() == 1
    assert view.accessibleName() == "Förhandsvisning, sida 2 av 30"
    QTest.keyClick(view, Key.Key_End)
    assert view.current() == 29
    QTest.keyClick(view, Key.Key_PageUp)
    assert view.current() == 28
    QTest.keyClick(view, Key.Key_Home)
    assert view.current() == 0


def test_zoom_stays_within_its_limits_and_can_fit_again(qtbot: QtBot, view: PdfView) -> None:
    fitted = view.scale()
    QTest.keyClick(view, Key.Key_Plus, CONTROL)
    assert view.scale() == pytest.approx(fitted * 1.2)
    for _number in range(20):
        QTest.keyClick(view, Key.Key_Plus, CONTROL)
    assert view.scale() == ZOOM_MAX
    for _number in range(40):
        QTest.keyClick(view, Key.Key_Minus, CONTROL)
    assert view.scale() == ZOOM_MIN
    QTest.keyClick(view, Key.Key_0, CONTROL)
    assert view.scale() == pytest.approx(fitted)


def test_the_wheel_zooms_only_with_ctrl(view: PdfView) -> None:
    before = view.scale()
    for keys, is_zooming in ((Qt.KeyboardModifier.NoModifier, False), (CONTROL, True)):
        event = QWheelEvent(
            QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, keys,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view.viewport(), event)
        assert (view.scale() > before) is is_zooming


def test_a_view_without_a_document_is_empty(qtbot: QtBot) -> None:
    view = PdfView()
    qtbot.addWidget(view)
    view.show()
    view.grab()
    QTest.keyClick(view, Key.Key_PageDown)
    assert (view.count(), view.current(), view.accessibleName()) == (0, 0, "Förhandsvisning")


def test_a_page_that_cannot_be_drawn_is_told(qtbot: QtBot) -> None:
    def broken(_number: int, _scale: float) -> tuple[int, int, bytes]:
        raise UserError("Sidan kan inte visas.", stands="Filen är kvar.", do="Spara den och öppna den.")

    view = PdfView()
    qtbot.addWidget(view)
    view.set_document(1, broken)
    view.show()
    view.grab()
    qtbot.waitUntil(lambda: bool(view.findChildren(ErrorBox)))
    view.findChildren(ErrorBox)[0].close()


class NamePage(WizardPage):
    def __init__(self) -> None:
        super().__init__("Namn", "Vad heter ni?")
        self.field = LineField("Namn")
        self.column.addWidget(self.field)
        self.entered = 0

    def enter(self) -> None:
        self.entered += 1

    def leave(self) -> bool:
        self.field.set_problem("" if self.field.value() else "Skriv ett namn.")
        return bool(self.field.value())


@pytest.fixture
def wizard(qtbot: QtBot) -> Wizard:
    made = Wizard(None, "Ny databas", "Skapa")
    qtbot.addWidget(made)
    made.show()
    made.set_pages([WizardPage("Välkommen"), NamePage(), WizardPage("Klart")])
    return made


def press(qtbot: QtBot, wizard: Wizard) -> None:
    QTest.mouseClick(wizard.next_button, Qt.MouseButton.LeftButton)


def test_the_pages_come_in_order_and_the_last_button_has_its_verb(qtbot: QtBot, wizard: Wizard) -> None:
    page = wizard.pages[1]
    assert isinstance(page, NamePage)
    assert not wizard.back_button.isEnabled()
    press(qtbot, wizard)
    assert (wizard.current(), page.entered) == (1, 1)
    assert wizard.focusWidget() is page.field.line
    type_text(page.field.line, "Provbolaget Åäö")
    press(qtbot, wizard)
    assert wizard.next_button.text() == "Skapa"
    with qtbot.waitSignal(wizard.accepted):
        press(qtbot, wizard)


def test_a_page_with_a_problem_is_not_left_forwards(qtbot: QtBot, wizard: Wizard) -> None:
    page = wizard.pages[1]
    assert isinstance(page, NamePage)
    press(qtbot, wizard)
    press(qtbot, wizard)
    assert wizard.current() == 1
    assert page.field.problem_text() == "Skriv ett namn."
    QTest.mouseClick(wizard.back_button, Qt.MouseButton.LeftButton)
    assert wizard.current() == 0


def test_the_steps_lead_back_and_no_further_than_one_has_been(qtbot: QtBot, wizard: Wizard) -> None:
    page = wizard.pages[1]
    assert isinstance(page, NamePage)
    assert not wizard.side.buttons[1].isEnabled()
    press(qtbot, wizard)
    type_text(page.field.line, "Prov")
    press(qtbot, wizard)
    wizard.side.buttons[0].click()
    assert wizard.current() == 0
    wizard.side.buttons[2].click()
    assert wizard.current() == 2
    wizard.side.buttons[1].click()
    page.field.set_value("")
    wizard.side.buttons[2].click()
    assert wizard.current() == 1


def test_enter_goes_on_and_esc_leaves(qtbot: QtBot, wizard: Wizard) -> None:
    QTest.keyClick(wizard, Key.Key_Return)
    assert wizard.current() == 1
    with qtbot.waitSignal(wizard.rejected):
        QTest.keyClick(wizard, Key.Key_Escape)


def test_the_list_of_shortcuts_is_made_from_the_actions(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    new = QAction("&Ny begäran…", window)
    new.setShortcut(QKeySequence("Ctrl+N"))
    QAction("Utan tangent", window)
    own = ShortcutAction(window)
    window.show()
    box = own.show_list()
    assert box.rows == shortcuts(window)
    assert box.rows == (Shortcut("Ctrl+N", "Ny begäran"), Shortcut("Ctrl+/", "Visa kortkommandon"))
    QTest.keyClick(box, Key.Key_Escape)
    assert not box.isVisible()
