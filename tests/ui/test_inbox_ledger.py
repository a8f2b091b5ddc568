"""The ledger of a request in the window: what every source answered, who was asked, and closing without an answer."""

import datetime as dt

import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.domain.ledger import Answer
from app.domain.status import DeliveryMethod, Status
from app.services import ledger, requests
from app.services.ledger import Question
from app.ui.context import Context
from app.ui.inbox.ledger_dialogs import AnswerDialog, AskDialog, CloseDialog
from app.ui.inbox.tab import InboxTab
from db.models import LookupSource
from tests.factories import TODAY
from tests.services.conftest import audited
from tests.ui.inbox_cases import click, has_dialog_keys, request, shown, stored
from tests.ui.test_inbox_documents import finish
from tests.ui.typing import replace_text, type_text


def turned(qtbot: QtBot, context: Context, request_id: int) -> InboxTab:
    tab = shown(qtbot, context, request_id)
    click(tab.pane.chips.buttons["ledger"])
    return tab


def cells(tab: InboxTab, column: int) -> list[str]:
    rows = tab.pane.ledger.table.rows
    return [rows.text_at(place, column) for place in range(rows.rowCount())]


def asked(context: Context, request_id: int) -> int:
    with context.vault.store.write(context.now()) as session:
        question = Question(source="Pappersarkivet", owner="Bo Alm", due_on=TODAY)
        return ledger.ask(session, request_id, question, today=TODAY).line_id


def test_every_source_stands_there_with_what_it_answered(qtbot: QtBot, context: Context) -> None:
    tab = turned(qtbot, context, stored(context, until="lookup"))
    answers = dict(zip(cells(tab, 0), cells(tab, 1), strict=True))
    assert answers["Kundregister"].endswith("uppgifter")
    assert tab.pane.ledger.terms.text().startswith("Sökt på: ")
    assert not tab.pane.ledger.answer_button.isEnabled(), "a register answers by itself"


def test_nobody_is_asked_before_the_registers_are_searched(qtbot: QtBot, context: Context) -> None:
    tab = turned(qtbot, context, stored(context, until="identity"))
    assert not tab.pane.ledger.ask_button.isEnabled()


def test_somebody_is_asked_and_the_answer_is_entered(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context, until="lookup")
    tab = turned(qtbot, context, request_id)
    click(tab.pane.ledger.ask_button)
    qtbot.waitUntil(has_dialog_keys)
    form = QApplication.activeModalWidget()
    assert isinstance(form, AskDialog)
    QTest.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert form.owner.problem_text() == "Skriv vem som ska söka."
    type_text(form.source.editor, "<b>Pärmen</b>")
    type_text(form.owner.editor, "Bo Alm")
    replace_text(form.due_on.line, "i går")
    QTest.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert form.due_on.problem_text() == "Ange när svaret behövs, i dag eller senare."
    replace_text(form.due_on.line, "+3")
    finish(qtbot, form)
    qtbot.waitUntil(lambda: "<b>Pärmen</b>" in cells(tab, 0))
    line = cells(tab, 0).index("<b>Pärmen</b>")
    assert cells(tab, 1)[line] == "Frågad, väntar på svar"
    assert cells(tab, 2)[line] == f"Bo Alm, svar väntas {(TODAY + dt.timedelta(days=3)).isoformat()}"
    table = tab.pane.ledger.table
    table.setFocus()
    with context.vault.store.read() as session:
        asked_id = session.scalars(sa.select(LookupSource.id).where(LookupSource.owner == "Bo Alm")).one()
    table.select_id(asked_id)
    QTest.keyClick(table, Qt.Key.Key_Return)
    qtbot.waitUntil(has_dialog_keys)
    answer = QApplication.activeModalWidget()
    assert isinstance(answer, AnswerDialog)
    assert not answer.found.isVisibleTo(answer)
    answer.answer.buttons[Answer.FOUND.value].click()
    QTest.keyClick(answer, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert answer.found.problem_text() == "Skriv hur många uppgifter som fanns."
    type_text(answer.found.line, "4")
    finish(qtbot, answer)
    qtbot.waitUntil(lambda: cells(tab, 1)[line] == "4 uppgifter")
    assert cells(tab, 2)[line] == f"Bo Alm svarade {TODAY.isoformat()}"
    store = context.vault.store
    assert (len(audited(store, Action.SOURCE_ASKED)), len(audited(store, Action.SOURCE_ANSWERED))) == (1, 1)


def test_a_request_is_closed_without_an_answer_only_for_a_reason(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context, until="letter")
    with context.vault.store.write(context.now()) as session:
        requests.mark_sent(session, request_id, method=DeliveryMethod.LETTER, sent_on=TODAY, today=TODAY)
    asked(context, request_id)
    tab = turned(qtbot, context, request_id)
    tab.perform("close")
    qtbot.waitUntil(has_dialog_keys)
    form = QApplication.activeModalWidget()
    assert isinstance(form, CloseDialog)
    QTest.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert form.fields["reason"].problem_text() == "Skriv varför du avslutar ändå."
    assert request(context, request_id).closed_on is None
    type_text(form.fields["reason"].editor, "Pärmen är förstörd")
    finish(qtbot, form)
    qtbot.waitUntil(lambda: request(context, request_id).status is Status.CLOSED)
    with context.vault.store.read() as session:
        row = session.scalars(sa.select(LookupSource).where(LookupSource.owner == "Bo Alm")).one()
    assert (row.answer, row.why) == (Answer.NO_ANSWER, "Pärmen är förstörd")
    again = turned(qtbot, context, request_id).pane.ledger
    assert again.table.select_id(row.id)
    assert not again.ask_button.isEnabled(), "what is closed is not added to"
    assert not again.answer_button.isEnabled()


def test_a_register_answers_by_itself_and_enter_on_it_asks_nothing(qtbot: QtBot, context: Context) -> None:
    tab = turned(qtbot, context, stored(context, until="lookup"))
    table = tab.pane.ledger.table
    table.setFocus()
    table.selectRow(0)
    with qtbot.assertNotEmitted(tab.pane.ledger.answer_wanted):
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert QApplication.activeModalWidget() is None
