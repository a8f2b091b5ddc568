"""Requests for the tests of the tab Begäranden, made by the services themselves, and ways to look at what is stored."""

import datetime as dt
from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.channels import Channel
from app.domain.request_facts import Decision
from app.domain.rights import Right
from app.domain.status import IdentityMethod, Outcome
from app.domain.subjects import Protection
from app.services import extracts, letters, lookup, requests
from app.services.request_facts import rights_of
from app.ui.context import Context
from app.ui.inbox.tab import InboxTab
from app.ui.kit.messages import ErrorBox
from db.models import Request
from db.queries import inbox
from tests.factories import CUSTOMER, make_datum, make_subject
from tests.ui.conftest import TODAY

RECEIVED = dt.date(2026, 11, 10)


def stored(
    context: Context,
    name: str = "Åsa Öberg",
    *,
    rights: Sequence[Right] = (Right.ACCESS,),
    received_on: dt.date = RECEIVED,
    until: str = "register",
    protection: Protection = Protection.NONE,
) -> int:
    """Store a request that has come so far, and return its id."""
    with context.vault.store.write(context.now()) as session:
        subject = make_subject(session, name, values=CUSTOMER, protection=protection)
        make_datum(session, subject, "correspondence", "Sambon Bo Alm ringde.")
        make_datum(session, subject, "password", "hemligt")
        request = requests.register(
            session,
            requests.Intake(
                rights=list(rights),
                received_on=received_on,
                channel=Channel.EMAIL,
                requester_name=name,
                requester_email="asa@example.com",
                message="Hej!\n<b>Vilka uppgifter</b> har ni om mig?",
                subject_id=subject.id,
                original=b"Subject: fraga\r\n\r\nHej!",
            ),
            today=TODAY,
        )
        advance(session, request.id, until)
        return request.id


def advance(session: Session, request_id: int, until: str) -> None:
    """Take the steps of a request up to and with `until`."""
    for name, step in STEPS.items():
        step(session, request_id)
        if name == until:
            return


def _nothing(_session: Session, _request_id: int) -> None:
    """The first step is taken by storing it."""


def _identity(session: Session, request_id: int) -> None:
    requests.check_identity(session, request_id, method=IdentityMethod.ID_SHOWN, today=TODAY)


def _look_up(session: Session, request_id: int) -> None:
    subject_id = session.get_one(Request, request_id).subject_id
    lookup.record(session, request_id, subject_id=subject_id, terms=["Åsa"])


def _extract(session: Session, request_id: int) -> None:
    extracts.make(session, request_id, today=TODAY)


def _decide(session: Session, request_id: int) -> None:
    for row in rights_of(session, request_id):
        requests.decide(session, request_id, Decision(right=row.right, outcome=Outcome.GRANTED), today=TODAY)


def _letter(session: Session, request_id: int) -> None:
    kind = letters.proposed_kinds(session, request_id)[0]
    letters.make(session, request_id, letters.draft(session, request_id, kind, today=TODAY), today=TODAY)


STEPS = {
    "register": _nothing,
    "identity": _identity,
    "lookup": _look_up,
    "extract": _extract,
    "decide": _decide,
    "letter": _letter,
}


def shown(qtbot: QtBot, context: Context, request_id: int | None = None) -> InboxTab:
    """Return the tab on the screen with this request in view."""
    tab = InboxTab(context)
    qtbot.addWidget(tab)
    tab.resize(1366, 660)
    with qtbot.waitActive(tab):
        tab.show()
        tab.activateWindow()
    if request_id is not None:
        context.ways.request_wanted.emit(request_id)
        qtbot.waitUntil(lambda: tab.pane.case is not None and tab.pane.case.request.id == request_id)
    return tab


def act(qtbot: QtBot, tab: InboxTab, code: str) -> QWidget:
    """Do an act of the request in view and return the form it opens, when the keys reach it."""
    tab.perform(code)
    qtbot.waitUntil(has_dialog_keys)
    found = QApplication.activeModalWidget()
    assert found is not None
    return found


def has_dialog_keys() -> bool:
    """Say whether the keys reach an open dialog."""
    dialog = QApplication.activeModalWidget()
    if dialog is not None and QApplication.activeWindow() is not dialog:
        dialog.activateWindow()  # there is no window manager here to do it
    focus = QApplication.focusWidget()
    return dialog is not None and focus is not None and dialog.isAncestorOf(focus)


def click(button: QAbstractButton) -> None:
    """Click on a button's mark, which a radio button or a box has at its left."""
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(12, button.height() // 2))


def request(context: Context, request_id: int) -> Request:
    """Return a request as it is stored."""
    with context.vault.store.read() as session:
        found = inbox.request(session, request_id)
    assert found is not None
    return found


def done(context: Context, request_id: int) -> list[Action]:
    """Return what the trail says about a request, newest first."""
    with context.vault.store.read() as session:
        return [row.action for row in inbox.events(session, request_id)]


def error_shown() -> str:
    """Return what the error box on the screen says, "" when there is none."""
    boxes = [box for box in QApplication.topLevelWidgets() if isinstance(box, ErrorBox) and box.isVisible()]
    return " ".join(boxes[0].words) if boxes else ""
