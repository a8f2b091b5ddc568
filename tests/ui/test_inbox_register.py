"""A new request: from a mail with its proposals, or by hand; what is typed is never lost."""

import datetime as dt
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.domain.rights import Right
from app.services import filing
from app.services.request_facts import rights_of
from app.ui.context import Context
from app.ui.inbox.register_dialog import RegisterDialog
from app.ui.inbox.tab import InboxTab
from app.ui.kit.messages import QuestionBox
from db.models import Request
from db.queries import inbox
from tests.factories import make_subject
from tests.importers.mails import PLAIN, with_header
from tests.ui.inbox_cases import click, done, error_shown, has_dialog_keys, shown
from tests.ui.typing import replace_text, type_text

BOTH = with_header("Subject", "registerutdrag och radera mina uppgifter")
HOSTILE = with_header("From", '"<b>Fet</b>" <fet@example.se>')


def form(qtbot: QtBot) -> RegisterDialog:
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), RegisterDialog), timeout=20_000)
    qtbot.waitUntil(has_dialog_keys)
    found = QApplication.activeModalWidget()
    assert isinstance(found, RegisterDialog)
    return found


def from_mail(qtbot: QtBot, context: Context, raw: bytes) -> tuple[InboxTab, RegisterDialog]:
    tab = shown(qtbot, context)
    context.ways.mail_dropped.emit(raw)
    return tab, form(qtbot)


def is_gone(dialog: RegisterDialog) -> bool:
    return QApplication.activeModalWidget() is not dialog


def finish(dialog: RegisterDialog) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def all_requests(context: Context) -> list[Request]:
    with context.vault.store.read() as session:
        ids = inbox.ids(session, inbox.Filter("all"), today=context.today())
        return [found for key in ids if (found := inbox.request(session, key)) is not None]


def test_a_mail_fills_in_the_form_and_ctrl_enter_registers_it(qtbot: QtBot, context: Context) -> None:
    tab, dialog = from_mail(qtbot, context, PLAIN)
    assert dialog.received_on.day() == dt.date(2026, 2, 16)
    assert dialog.rights.value() == ("access",)
    assert (dialog.name.value(), dialog.email.value()) == ("Åsa Test", "asa@example.se")
    assert "registerutdrag" in dialog.message.value()
    finish(dialog)
    qtbot.waitUntil(lambda: tab.pane.case is not None)
    assert tab.pane.case is not None
    assert tab.pane.heading.text() == "Åsa Test – registerutdrag"
    assert "B-2026-001" in tab.pane.meta.text()
    assert tab.pane.badge.text().startswith("Försenad")
    assert tab.pane.sum.text() == "Inkom 16 februari → en månad 16 mars → svara senast 16 mars."
    assert tab.pane.card.title.text() == "Nästa steg: kontrollera identiteten"
    (request,) = all_requests(context)
    with context.vault.store.read() as session:
        (original,) = inbox.attachments(session, request.id)
        assert filing.read(session, original.id) == PLAIN
    assert Action.REQUEST_REGISTERED in done(context, request.id)


def test_one_letter_may_ask_for_several_rights(qtbot: QtBot, context: Context) -> None:
    _tab, dialog = from_mail(qtbot, context, BOTH)
    assert set(dialog.rights.value()) == {"access", "erasure"}
    finish(dialog)
    qtbot.waitUntil(lambda: len(all_requests(context)) == 1)
    with context.vault.store.read() as session:
        found = {row.right for row in rights_of(session, all_requests(context)[0].id)}
    assert found == {Right.ACCESS, Right.ERASURE}


@pytest.mark.parametrize("is_kept", [True, False])
def test_the_sender_is_matched_with_the_reason_and_can_be_let_go(qtbot: QtBot, context: Context, is_kept: bool) -> None:
    with context.vault.store.write(context.now()) as session:
        subject_id = make_subject(session, "Åsa Test", values={"email": "asa@example.se"}).id
    _tab, dialog = from_mail(qtbot, context, PLAIN)
    assert dialog.sender_card.isVisible()
    assert dialog.sender_card.title.text() == "Avsändaren finns i registret: Åsa Test"
    assert "samma e-postadress" in dialog.sender_card.why.text()
    if not is_kept:
        click(dialog.sender_card.box)
    finish(dialog)
    qtbot.waitUntil(lambda: len(all_requests(context)) == 1)
    assert all_requests(context)[0].subject_id == (subject_id if is_kept else None)


def test_nobody_is_matched_when_the_registers_do_not_know_the_sender(qtbot: QtBot, context: Context) -> None:
    _tab, dialog = from_mail(qtbot, context, PLAIN)
    assert not dialog.sender_card.isVisible()
    assert dialog.intake().subject_id is None


def test_markup_in_a_mail_comes_out_as_text(qtbot: QtBot, context: Context) -> None:
    tab, dialog = from_mail(qtbot, context, HOSTILE)
    finish(dialog)
    qtbot.waitUntil(lambda: tab.pane.case is not None)
    assert tab.pane.heading.text().startswith("<b>Fet</b>")
    assert tab.pane.heading.textFormat() == Qt.TextFormat.PlainText


def test_the_deadline_and_its_sum_follow_the_day_while_it_is_typed(qtbot: QtBot, context: Context) -> None:
    tab = shown(qtbot, context)
    QTest.keyClick(tab.table, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    dialog = form(qtbot)
    replace_text(dialog.received_on.line, "25 nov")
    assert (
        dialog.limit.title.text()
        == "Mål: svara torsdag 24 december 2026. Senast enligt lagen: måndag 28 december 2026."
    )
    assert dialog.limit.text.text() == (
        "Inkom 25 november → en månad 25 december (juldagen) → svara senast 28 december."
    )
    replace_text(dialog.received_on.line, "nonsens")
    assert dialog.limit.title.text() == "Fristen räknas från den dag begäran kom."


def test_what_is_wrong_stands_under_its_field_and_nothing_typed_is_lost(qtbot: QtBot, context: Context) -> None:
    tab = shown(qtbot, context)
    click(tab.new_button)
    dialog = form(qtbot)
    replace_text(dialog.received_on.line, "2027-01-01")
    type_text(dialog.message.text, "Ringde från sin dotters telefon.")
    finish(dialog)
    assert dialog.isVisible()
    assert "framtiden" in dialog.received_on.problem_text()
    assert dialog.rights.problem_text() == "Välj minst en rättighet."
    assert "vem som begär" in dialog.name.problem_text()
    assert dialog.message.value() == "Ringde från sin dotters telefon."
    replace_text(dialog.received_on.line, "hej")
    finish(dialog)
    assert "Det går inte att läsa som en dag" in dialog.received_on.problem_text()
    assert all_requests(context) == []


def test_a_changed_form_asks_before_it_is_left(qtbot: QtBot, context: Context) -> None:
    tab = shown(qtbot, context)
    click(tab.new_button)
    dialog = form(qtbot)
    type_text(dialog.name.line, "Åsa")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), QuestionBox))
    box = QApplication.activeModalWidget()
    assert isinstance(box, QuestionBox)
    click(box.cancel_button)
    assert dialog.isVisible()
    assert dialog.name.value() == "Åsa"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), QuestionBox))
    box = QApplication.activeModalWidget()
    assert isinstance(box, QuestionBox)
    click(box.verb_button)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)


def test_an_unchanged_form_is_left_by_esc_at_once(qtbot: QtBot, context: Context) -> None:
    tab = shown(qtbot, context)
    click(tab.new_button)
    QTest.keyClick(form(qtbot), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)


def test_two_mails_are_shown_one_after_the_other(qtbot: QtBot, context: Context) -> None:
    tab = shown(qtbot, context)
    context.ways.mail_dropped.emit(PLAIN)
    context.ways.mail_dropped.emit(BOTH)
    for _number in range(2):
        first = form(qtbot)
        finish(first)
        qtbot.waitUntil(partial(is_gone, first))
    qtbot.waitUntil(lambda: tab.table.rows.rowCount() == 2)


def test_what_is_not_a_mail_is_refused_with_a_remedy(qtbot: QtBot, context: Context) -> None:
    shown(qtbot, context)
    context.ways.mail_dropped.emit(b"")
    qtbot.waitUntil(lambda: bool(error_shown()), timeout=20_000)
    assert error_shown().startswith("Filen är tom.")
    assert all_requests(context) == []


def test_a_table_goes_to_the_import(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    tab = shown(qtbot, context)
    told: list[Path] = []
    context.ways.table_dropped.connect(told.append)
    tab.queue.take_file(tmp_path / "kunder.csv")
    assert told == [tmp_path / "kunder.csv"]


def test_a_mail_is_chosen_in_a_dialog_too(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    mail = tmp_path / "brev.eml"
    mail.write_bytes(PLAIN)
    tab = shown(qtbot, context)
    click(tab.import_button)
    box = tab.file_dialog
    assert isinstance(box, QFileDialog)
    box.selectFile(str(mail))
    box.accept()
    assert form(qtbot).name.value() == "Åsa Test"
