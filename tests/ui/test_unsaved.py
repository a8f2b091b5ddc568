"""What is typed and not saved survives the lock, and comes back where it was typed and nowhere else."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.services import drafts, filing, organisation
from app.services.vaults import Vault
from app.ui.clock import Clock
from app.ui.comfort import Comfort
from app.ui.inbox.case import read
from app.ui.inbox.case_dialogs import ExtendDialog
from app.ui.inbox.register_dialog import RegisterDialog
from app.ui.kit.drafting import pack, unpack
from app.ui.kit.fields import LineField
from app.ui.kit.forms import FormDialog, open_form
from app.ui.program import Program
from app.ui.register.tab import RegisterTab
from app.ui.tools.company import CompanyPage
from app.ui.window import MainWindow
from db.models import Activity, Request
from db.queries import inbox
from tests.importers.mails import PLAIN, with_header
from tests.ui import inbox_cases
from tests.ui.conftest import NOW, PASSPHRASE, TODAY
from tests.ui.typing import replace_text, type_text

OTHER = with_header("Subject", "radera mina uppgifter")


class Form(FormDialog):
    """A form with one line and one secret."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Prov", "Spara")
        self.line = self.add("line", LineField("Rad"))
        self.secret = self.add("secret", LineField("Hemligt", is_secret=True))


@pytest.fixture
def program(qtbot: QtBot, qapp: QApplication, vault: Vault) -> Iterator[Program]:
    """A program with the vault open in its window; it is locked at the end."""
    made = Program(qapp, Comfort(), Clock(lambda: NOW, lambda: TODAY))
    made.open_vault(vault)
    yield made
    if made.window is not None:
        made.lock()
        qtbot.waitUntil(lambda: made.unlock is not None, timeout=20_000)
    assert made.unlock is not None
    made.unlock.jobs.close()
    for widget in qapp.topLevelWidgets():
        widget.hide()
        widget.deleteLater()


def window_of(program: Program) -> MainWindow:
    assert program.window is not None
    return program.window


def lock_and_unlock(qtbot: QtBot, program: Program) -> MainWindow:
    """Return the window that comes after the vault was locked and opened again, once it knows its drafts."""
    program.lock()
    return unlock_again(qtbot, program)


def unlock_again(qtbot: QtBot, program: Program) -> MainWindow:
    """Open the vault anew when it is locked, and return its window."""
    qtbot.waitUntil(lambda: program.unlock is not None, timeout=20_000)
    assert program.unlock is not None
    type_text(program.unlock.passphrase.line, PASSPHRASE)
    QTest.keyClick(program.unlock.passphrase.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.window is not None, timeout=20_000)
    again = window_of(program)
    qtbot.waitUntil(lambda: not again.context.jobs.is_busy, timeout=20_000)
    return again


def modal(qtbot: QtBot, kind: type[Any]) -> Any:
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind), timeout=20_000)
    return QApplication.activeModalWidget()


def offers(widget: QWidget, text: str = "&Hämta tillbaka") -> list[QAbstractButton]:
    return [one for one in widget.findChildren(QAbstractButton) if text in one.text()]


def take_back(widget: QWidget) -> None:
    (button,) = offers(widget)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def kept_titles(window: MainWindow) -> dict[str, str]:
    with window.context.vault.store.read() as session:
        return drafts.titles(session)


def new_request(window: MainWindow) -> None:
    tab: Any = window.show_tab("inbox")
    tab.queue.open_empty()


def test_what_was_typed_in_a_form_survives_the_lock_and_is_offered_again(qtbot: QtBot, program: Program) -> None:
    form = Form(window_of(program))
    open_form(form)
    type_text(form.line.editor, "Åsa begär utdrag")
    type_text(form.secret.editor, "hemligt ord")
    again = lock_and_unlock(qtbot, program)
    assert kept_titles(again) == {"Form|": "Prov"}
    second = Form(again)
    open_form(second)
    take_back(second)
    qtbot.waitUntil(lambda: second.line.value() == "Åsa begär utdrag", timeout=20_000)
    assert second.secret.value() == "", "a secret is never kept"
    assert kept_titles(again) == {}
    second.hide()
    second.deleteLater()


def test_enter_takes_a_draft_back_and_does_not_save_the_form(qtbot: QtBot, program: Program) -> None:
    form = Form(window_of(program))
    open_form(form)
    type_text(form.line.editor, "Åsa")
    again = lock_and_unlock(qtbot, program)
    second = Form(again)
    saved: list[bool] = []
    second.accepted.connect(lambda: saved.append(True))
    open_form(second)
    second.activateWindow()
    (button,) = offers(second)
    qtbot.waitUntil(button.hasFocus)
    QTest.keyClick(button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: second.line.value() == "Åsa", timeout=20_000)
    assert (saved, second.isVisible()) == ([], True)
    second.hide()
    second.deleteLater()


def test_the_lock_key_locks_while_a_form_is_in_front(qtbot: QtBot, program: Program) -> None:
    window = window_of(program)
    window.show()
    form = Form(window)
    open_form(form)
    type_text(form.line.editor, "Åsa begär utdrag")
    window.idle.take_touched()  # as the keeper does, several times a second
    handle = form.windowHandle()
    QTest.keyClick(handle, Qt.Key.Key_L)
    QApplication.processEvents()
    assert program.window is window
    QTest.keyPress(handle, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)  # it is gone before the key is let go
    again = unlock_again(qtbot, program)
    assert kept_titles(again) == {"Form|": "Prov"}


def test_a_thrown_away_draft_is_gone(qtbot: QtBot, program: Program) -> None:
    form = Form(window_of(program))
    open_form(form)
    type_text(form.line.editor, "Åsa")
    again = lock_and_unlock(qtbot, program)
    second = Form(again)
    open_form(second)
    (button,) = offers(second, "&Kasta")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: kept_titles(again) == {}, timeout=20_000)
    assert second.line.value() == ""
    second.hide()
    second.deleteLater()


def test_what_was_typed_about_one_request_is_not_offered_for_another(qtbot: QtBot, program: Program) -> None:
    context = window_of(program).context
    first, other = inbox_cases.stored(context), inbox_cases.stored(context, "Bo Alm")

    def form(window: MainWindow, request_id: int) -> ExtendDialog:
        with window.context.vault.store.read() as session:
            case = read(session, request_id)
        assert case is not None
        made = ExtendDialog(window, window.context, case)
        open_form(made)
        return made

    type_text(form(window_of(program), first).reason.editor, "Många register")
    again = lock_and_unlock(qtbot, program)
    wrong = form(again, other)
    assert offers(wrong) == []
    wrong.reject()
    right = form(again, first)
    take_back(right)
    qtbot.waitUntil(lambda: right.reason.value() == "Många register", timeout=20_000)
    right.hide()
    right.deleteLater()


def test_a_dropped_mail_and_what_was_typed_about_it_come_back_with_the_original(qtbot: QtBot, program: Program) -> None:
    window_of(program).context.ways.mail_dropped.emit(PLAIN)
    form = modal(qtbot, RegisterDialog)
    replace_text(form.name.editor, "Åsa Test, kund")
    again = lock_and_unlock(qtbot, program)
    new_request(again)
    take_back(modal(qtbot, RegisterDialog))
    qtbot.waitUntil(
        lambda: getattr(QApplication.activeModalWidget(), "draft_about", "") != "",
        timeout=20_000,
    )
    back = modal(qtbot, RegisterDialog)
    assert back.name.value() == "Åsa Test, kund"
    assert "registerutdrag" in back.message.value()
    back.submit()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not back, timeout=20_000)
    with again.context.vault.store.read() as session:
        (request_id,) = inbox.ids(session, inbox.Filter("all"), today=TODAY)
        (kept,) = inbox.attachments(session, request_id)
        assert filing.read(session, kept.id) == PLAIN
        assert session.get_one(Request, request_id).requester_name == "Åsa Test, kund"


def test_a_mail_that_waits_for_its_form_survives_the_lock_too(qtbot: QtBot, program: Program) -> None:
    ways = window_of(program).context.ways
    ways.mail_dropped.emit(PLAIN)
    modal(qtbot, RegisterDialog)
    ways.mail_dropped.emit(OTHER)
    again = lock_and_unlock(qtbot, program)
    assert list(kept_titles(again).values()) == ["Ny begäran", "Ny begäran"]
    with again.context.vault.store.write(NOW) as session:
        originals = {kept.original for key in drafts.titles(session) if (kept := drafts.take(session, key))}
    assert originals == {PLAIN, OTHER}


def test_a_mail_that_is_no_mail_leaves_nothing_waiting(qtbot: QtBot, program: Program) -> None:
    window = window_of(program)
    window.context.ways.mail_dropped.emit(b"\x00\x01\x02")
    qtbot.waitUntil(lambda: bool(inbox_cases.error_shown()), timeout=20_000)
    tab: Any = window.tabs.tab("inbox")
    assert tab.queue.drafts() == []


def test_the_company_page_keeps_what_is_typed_when_it_is_left_and_when_the_vault_locks(
    qtbot: QtBot, program: Program
) -> None:
    def page(window: MainWindow) -> CompanyPage:
        shown = window.show_tool("company")
        assert isinstance(shown, CompanyPage)
        qtbot.waitUntil(lambda: bool(shown._stored), timeout=20_000)
        return shown

    window = window_of(program)
    first = page(window)
    replace_text(first.fields["website"].editor, "https://example.se/åäö")
    QTest.keyClick(first, Qt.Key.Key_Escape)
    assert window.stack.currentWidget() is window.tabs
    assert page(window) is first
    assert first.fields["website"].value() == "https://example.se/åäö"
    window.leave_tool()
    again = lock_and_unlock(qtbot, program)
    second = page(again)
    assert second.fields["website"].value() != "https://example.se/åäö"
    take_back(second)
    qtbot.waitUntil(lambda: second.fields["website"].value() == "https://example.se/åäö", timeout=20_000)
    second.save()
    qtbot.waitUntil(lambda: not again.context.jobs.is_busy, timeout=20_000)
    with again.context.vault.store.read() as session:
        assert organisation.fact(session, organisation.CONTROLLER)["website"] == "https://example.se/åäö"
    again.leave_tool()
    assert again.stack.count() == 1, "a page with nothing unsaved is let go"


def test_an_activity_that_is_changed_and_not_saved_survives_the_lock(qtbot: QtBot, program: Program) -> None:
    def tab(window: MainWindow) -> RegisterTab:
        shown = window.show_tab("register")
        assert isinstance(shown, RegisterTab)
        qtbot.waitUntil(lambda: shown.form is not None and shown._shown_id is not None, timeout=20_000)
        return shown

    first = tab(window_of(program))
    assert first.form is not None
    activity_id = first._shown_id
    replace_text(first.form.security.editor, "Låsta skåp och inlåst server")
    again = lock_and_unlock(qtbot, program)
    second = tab(again)
    assert second.form is not None
    assert not second.is_changed
    take_back(second)
    qtbot.waitUntil(lambda: second.is_changed, timeout=20_000)
    assert second.form.security.value() == "Låsta skåp och inlåst server"
    second.save()
    qtbot.waitUntil(lambda: not again.context.jobs.is_busy and not second.is_changed, timeout=20_000)
    with again.context.vault.store.read() as session:
        assert session.get_one(Activity, activity_id).security == "Låsta skåp och inlåst server"


def test_a_change_of_language_keeps_what_is_typed(qtbot: QtBot, program: Program) -> None:
    form = Form(window_of(program))
    open_form(form)
    type_text(form.line.editor, "Åsa")
    old = window_of(program)
    program.speak("sv")
    qtbot.waitUntil(lambda: program.window is not old, timeout=20_000)
    qtbot.waitUntil(lambda: not window_of(program).context.jobs.is_busy, timeout=20_000)
    assert kept_titles(window_of(program)) == {"Form|": "Prov"}


def test_answers_of_every_kind_can_be_kept() -> None:
    for value in ("text", 3, True, TODAY, NOW, dt.time(15, 10), ("a", "b"), (TODAY, dt.time(1, 2))):
        assert unpack(pack(value)) == value
