"""From the mail to the closed file by the keyboard alone, through the real window."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.domain.status import Status
from app.services import filing
from app.ui.comfort import Comfort
from app.ui.context import Context
from app.ui.window import MainWindow
from db.models import Request
from db.queries import inbox
from tests.factories import ADDRESS, make_subject
from tests.importers.mails import with_header
from tests.ui.keyboard import Keyboard
from tests.ui.request_steps import answer, decide, identify, look_up, make_extract, register, to_inbox

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
