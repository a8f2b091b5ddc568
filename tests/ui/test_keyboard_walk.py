"""From the mail to the closed file by the keyboard alone, through the real window."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.domain.status import Outcome, Status
from app.services import filing
from app.ui.comfort import Comfort
from app.ui.context import Context
from app.ui.inbox.case_dialogs import IdentityDialog, SentDialog
from app.ui.inbox.decide_dialog import DecideDialog
from app.ui.inbox.extract_dialog import ExtractDialog
from app.ui.inbox.letter_dialog import LetterDialog
from app.ui.inbox.register_dialog import RegisterDialog
from app.ui.inbox.tab import InboxTab
from app.ui.lookup.tab import LookupTab
from app.ui.window import MainWindow
from db.models import Request
from db.queries import inbox
from tests.factories import ADDRESS, make_subject
from tests.importers.mails import with_header
from tests.ui.keyboard import Keyboard

MAIL = with_header("Received", "from mx.example.se by mx.exempel.se; Mon, 16 Nov 2026 10:00:00 +0100")


@pytest.fixture
def window(qtbot: QtBot, context: Context) -> Iterator[MainWindow]:
    """The main window over a vault with one customer."""
    with context.vault.store.write(context.now()) as session:
        make_subject(session, "Åsa Test", values={**ADDRESS, "email": "asa@example.se"})
    made = MainWindow(context, Comfort())
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.begin("inbox")
    yield made
    made.hide()
    made.deleteLater()


def the_request(context: Context) -> Request:
    with context.vault.store.read() as session:
        (found,) = inbox.ids(session, inbox.Filter("all"), today=context.today())
        request = inbox.request(session, found)
    assert request is not None
    return request


def test_a_mail_becomes_a_closed_request_by_the_keyboard_alone(
    qtbot: QtBot, context: Context, window: MainWindow, tmp_path: Path
) -> None:
    mail, out = tmp_path / "brev.eml", tmp_path / "utdrag.pdf"
    mail.write_bytes(MAIL)
    keys = Keyboard(qtbot, window)
    counted: dict[str, int] = {}

    def count(what: str) -> None:
        counted[what] = keys.presses - sum(counted.values())

    tab = to_inbox(keys, window)
    register(keys, tab, mail)
    count("register")
    identify(keys, tab)
    count("identity")
    look_up(keys, window, tab)
    count("lookup")
    make_extract(keys, tab, out)
    count("extract")
    decide(keys, tab)
    count("decide")
    answer(keys, tab)
    count("answer")
    keys.press("Ctrl+.")
    keys.until(lambda: the_request(context).status is Status.CLOSED)
    count("close")
    keys.until(lambda: tab.table.rows.rowCount() == 0)

    request = the_request(context)
    with context.vault.store.read() as session:
        files = inbox.attachments(session, request.id)
        stored = {row.kind: filing.read(session, row.id) for row in files}
        done = {row.action for row in inbox.events(session, request.id)}
    assert (request.received_on, request.due_on) == (dt.date(2026, 11, 16), dt.date(2026, 12, 16))
    assert (request.sent_on, request.closed_on) == (context.today(), context.today())
    assert stored["mail"] == MAIL
    assert out.read_bytes() == stored["extract"]
    assert {"letter", "workbook"} < set(stored)
    assert {Action.SEARCHED, Action.EXTRACT_MADE, Action.DECIDED, Action.LETTER_MADE, Action.SENT} <= done
    assert counted == {
        "register": 4, "identity": 3, "lookup": 4, "extract": 3, "decide": 2, "answer": 4, "close": 1,
    }  # fmt: skip


def to_inbox(keys: Keyboard, window: MainWindow) -> InboxTab:
    keys.press("Ctrl+2")
    tab = window.tabs.tab("inbox")
    assert isinstance(tab, InboxTab)
    keys.until(tab.isVisible)
    return tab


def register(keys: Keyboard, tab: InboxTab, mail: Path) -> None:
    keys.press("Ctrl+Shift+M")
    keys.dialog(QFileDialog)
    keys.write(str(mail))
    keys.press("Return")
    form = keys.dialog(RegisterDialog)
    assert form.rights.value() == ("access",)
    assert form.sender_card.isVisibleTo(form)
    keys.press("Ctrl+Return")
    keys.until(lambda: is_next(tab, "identity"))


def identify(keys: Keyboard, tab: InboxTab) -> None:
    keys.press("Ctrl+I")
    keys.dialog(IdentityDialog)
    keys.press("Space", "Ctrl+Return")
    keys.until(lambda: is_next(tab, "lookup"))


def look_up(keys: Keyboard, window: MainWindow, tab: InboxTab) -> None:
    keys.press("Ctrl+.")
    lookup = window.tabs.tab("lookup")
    assert isinstance(lookup, LookupTab)
    keys.until(lambda: lookup.isVisible() and lookup.table.rows.rowCount() == 1 and lookup.box.hasFocus())
    keys.press("Return")
    keys.until(lookup.band.yes_button.isEnabled)
    keys.press("Alt+Ä")
    keys.until(lookup.band.done_button.hasFocus)
    keys.press("Space")
    keys.until(lambda: tab.isVisible() and is_next(tab, "extract"))


def make_extract(keys: Keyboard, tab: InboxTab, out: Path) -> None:
    keys.press("Ctrl+.")
    form = keys.dialog(ExtractDialog)
    keys.until(lambda: form.pages.count() > 0)
    keys.press("Alt+S")
    keys.dialog(QFileDialog)
    keys.press("Ctrl+A")
    keys.presses -= 1  # the proposed name is marked already; only this screen without a window manager needs it
    keys.write(str(out))
    keys.press("Return")
    keys.until(out.exists)
    keys.until(lambda: is_next(tab, "decide"))


def decide(keys: Keyboard, tab: InboxTab) -> None:
    keys.press("Ctrl+.")
    form = keys.dialog(DecideDialog)
    assert [decision.outcome for decision in form.decisions()] == [Outcome.GRANTED]
    keys.press("Ctrl+Return")
    keys.until(lambda: is_next(tab, "letter"))


def answer(keys: Keyboard, tab: InboxTab) -> None:
    keys.press("Ctrl+.")
    form = keys.dialog(LetterDialog)
    keys.until(lambda: form.pages.count() > 0)
    letter = form.letter()
    assert letter is not None
    assert letter.kind == "access"
    assert letter.addressee_lines == ("Åsa Test", "Storgatan 1", "752 31 Uppsala")
    keys.press("Ctrl+Return")
    keys.until(lambda: is_next(tab, "send"))
    keys.press("Ctrl+.")
    keys.dialog(SentDialog)
    keys.press("Ctrl+Return")
    keys.until(lambda: is_next(tab, "close"))


def is_next(tab: InboxTab, code: str) -> bool:
    """Say whether the card offers this step, and the keys reach the tab."""
    case, focus = tab.pane.case, tab.window().focusWidget()
    if case is None or case.next_step is None or focus is None:
        return False
    return case.next_step.code == code and tab.isAncestorOf(focus) and tab.window().isActiveWindow()
