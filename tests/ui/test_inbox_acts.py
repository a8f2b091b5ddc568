"""What is done with a request on its page: allowed acts are stored and recorded, the others say why not."""

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.domain.rights import Right
from app.domain.status import DeliveryMethod, IdentityMethod, Outcome, Question, Status
from app.domain.subjects import Protection
from app.services import requests
from app.services.request_facts import rights_of
from app.ui.context import Context
from app.ui.inbox import acts
from app.ui.inbox.case_dialogs import (
    ExtendDialog,
    IdentityDialog,
    PauseDialog,
    ReopenDialog,
    ResumeDialog,
    SentDialog,
    TasksDialog,
)
from app.ui.inbox.decide_dialog import DecideDialog
from app.ui.inbox.tab import InboxTab
from app.ui.kit.forms import FormDialog
from app.ui.kit.messages import Toast
from db.models import Task
from tests.ui.conftest import NOW, TODAY
from tests.ui.inbox_cases import act, click, done, error_shown, request, shown, stored
from tests.ui.typing import replace_text, type_text

LATE = dt.date(2026, 10, 12)


def finish(qtbot: QtBot, dialog: FormDialog) -> None:
    """Press Ctrl+Enter and wait until the form is stored and gone."""
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not dialog)


def stays(dialog: FormDialog) -> None:
    """Press Ctrl+Enter on a form that must not be stored."""
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.isVisible()
    assert not dialog.is_saving


def next_code(tab: InboxTab) -> str:
    case = tab.pane.case
    return case.next_step.code if case is not None and case.next_step is not None else ""


def test_the_identity_check_is_recorded_with_who_and_when(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context)
    tab = shown(qtbot, context, request_id)
    dialog = act(qtbot, tab, "identity")
    assert isinstance(dialog, IdentityDialog)
    stays(dialog)
    assert dialog.method.problem_text() == "Välj hur identiteten kontrollerades."
    click(dialog.method.buttons["id_shown"])
    type_text(dialog.remark.text, "Körkort, slutar på 1234")
    finish(qtbot, dialog)
    qtbot.waitUntil(lambda: next_code(tab) == "lookup")
    found = request(context, request_id)
    assert (found.identity_method, found.identity_note) == (IdentityMethod.ID_SHOWN, "Körkort, slutar på 1234")
    row = next(row for row in tab.pane.steps.list.steps if row.title == "Kontrollera identiteten")
    assert (row.is_done, row.note) == (True, "2026-11-22 10.00, Eva Lund")


def test_the_lookup_is_handed_to_the_tab_that_searches(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context, until="identity")
    tab = shown(qtbot, context, request_id)
    told: list[int] = []
    context.ways.lookup_wanted.connect(told.append)
    QTest.keyClick(tab.table, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    assert told == [request_id]


def test_an_extension_needs_a_reason_and_offers_the_letter(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context, until="identity")
    tab = shown(qtbot, context, request_id)
    dialog = act(qtbot, tab, "extend")
    assert isinstance(dialog, ExtendDialog)
    assert "tre månader 10 februari 2027" in dialog.note.text.text()
    stays(dialog)
    assert "Skälet till förlängningen saknas" in dialog.reason.problem_text()
    type_text(dialog.reason.text, "Många begäranden samtidigt")
    finish(qtbot, dialog)
    qtbot.waitUntil(lambda: tab.pane.badge.text() == "Förlängd till 10 feb")
    assert request(context, request_id).due_on == dt.date(2027, 2, 10)
    toast = tab.findChild(Toast)
    assert toast is not None
    assert toast.button.text() == "Skriv brevet"


def test_an_extension_after_the_first_month_is_refused_with_the_reason(qtbot: QtBot, context: Context) -> None:
    tab = shown(qtbot, context, stored(context, received_on=LATE))
    tab.perform("extend")
    assert "Fristen kunde förlängas senast 12 november 2026" in error_shown()
    assert QApplication.activeModalWidget() is None


def test_a_late_question_is_warned_about_and_the_pause_ends_with_the_answer(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context)
    tab = shown(qtbot, context, request_id)
    dialog = act(qtbot, tab, "pause")
    assert isinstance(dialog, PauseDialog)
    assert "Pausen kan ifrågasättas" in dialog.note.text.text()
    replace_text(dialog.asked_on.line, "2026-11-12")
    assert "Pausen kan ifrågasättas" not in dialog.note.text.text()
    stays(dialog)
    assert "Skälet till pausen saknas" in dialog.reason.problem_text()
    type_text(dialog.reason.text, "Okänd adress")
    finish(qtbot, dialog)
    qtbot.waitUntil(lambda: tab.pane.badge.text() == "Pausad")
    assert request(context, request_id).status is Status.IDENTITY_ASKED
    resume = act(qtbot, tab, "resume")
    assert isinstance(resume, ResumeDialog)
    replace_text(resume.answered_on.line, "2026-11-11")
    stays(resume)
    assert "kan inte ha kommit före frågan" in resume.answered_on.problem_text()
    replace_text(resume.answered_on.line, "2026-11-20")
    assert "8 dagars paus" in resume.note.text.text() or "åtta dagars paus" in resume.note.text.text()
    finish(qtbot, resume)
    qtbot.waitUntil(lambda: tab.pane.badge.text() == "26 dagar kvar")
    assert request(context, request_id).due_on == dt.date(2026, 12, 18)


def test_a_refusal_needs_its_ground_and_its_reason(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context, rights=(Right.ERASURE,), until="lookup")
    tab = shown(qtbot, context, request_id)
    dialog = act(qtbot, tab, "decide")
    assert isinstance(dialog, DecideDialog)
    stays(dialog)
    (part,) = dialog.parts
    assert part.outcome.problem_text() == "Välj hur rättigheten avgörs."
    assert not part.reason.isVisible()
    click(part.outcome.buttons["refused"])
    assert part.reason.isVisible()
    stays(dialog)
    assert "Skälet till avslaget saknas" in part.reason.problem_text()
    type_text(part.reason.text, "Fakturan måste sparas")
    stays(dialog)
    assert "grund i lagen" in part.ground.problem_text()
    part.ground.set_value("bookkeeping")
    finish(qtbot, dialog)
    qtbot.waitUntil(lambda: next_code(tab) == "letter")
    with context.vault.store.read() as session:
        (row,) = rights_of(session, request_id)
    assert (row.outcome, row.ground, row.reason) == (Outcome.REFUSED, "bookkeeping", "Fakturan måste sparas")
    assert tab.pane.steps.decisions.text() == "Radering: Avslag. Fakturan måste sparas"


def test_each_right_is_decided_on_its_own_and_marketing_cannot_be_refused(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context, rights=(Right.RECTIFICATION, Right.MARKETING), until="lookup")
    tab = shown(qtbot, context, request_id)
    dialog = act(qtbot, tab, "decide")
    assert isinstance(dialog, DecideDialog)
    rectification, marketing = dialog.parts
    assert "refused" not in marketing.outcome.buttons
    assert marketing.outcome.value() == "granted"
    assert rectification.outcome.value() is None
    finish(qtbot, dialog)
    with context.vault.store.read() as session:
        found = {row.right: row.outcome for row in rights_of(session, request_id)}
    assert found == {Right.RECTIFICATION: None, Right.MARKETING: Outcome.GRANTED}


def test_nothing_is_decided_before_it_is_settled_who_asks(qtbot: QtBot, context: Context) -> None:
    tab = shown(qtbot, context, stored(context))
    for code in ("decide", "extract"):
        tab.perform(code)
        assert "Identiteten är inte kontrollerad" in error_shown()
    assert QApplication.activeModalWidget() is None


def test_the_answer_is_recorded_as_sent_and_the_request_closed(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context, until="letter")
    tab = shown(qtbot, context, request_id)
    dialog = act(qtbot, tab, "send")
    assert isinstance(dialog, SentDialog)
    replace_text(dialog.sent_on.line, "+1")
    stays(dialog)
    assert "har inte varit än" in dialog.sent_on.problem_text()
    replace_text(dialog.sent_on.line, "i dag")
    assert not dialog.note.isVisible()
    finish(qtbot, dialog)
    qtbot.waitUntil(lambda: next_code(tab) == "close")
    assert request(context, request_id).delivery is DeliveryMethod.LETTER
    assert tab.pane.badge.text() == "Besvarad"
    click(tab.pane.card.buttons[0])
    qtbot.waitUntil(lambda: tab.table.rows.rowCount() == 0)
    assert request(context, request_id).status is Status.CLOSED
    assert done(context, request_id)[0] is Action.CLOSED
    toast = tab.findChild(Toast)
    assert toast is not None
    click(toast.button)
    qtbot.waitUntil(lambda: tab.chips.value() == "closed" and tab.pane.case is not None)


def test_a_late_answer_is_recorded_as_late_and_seen_to_be(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context, received_on=LATE, until="letter")
    tab = shown(qtbot, context, request_id)
    dialog = act(qtbot, tab, "send")
    assert isinstance(dialog, SentDialog)
    assert dialog.note.title.text() == "Dagen är 10 dagar efter fristen"
    finish(qtbot, dialog)
    qtbot.waitUntil(lambda: tab.pane.badge.text() == "Besvarad 10 dagar sent")


@pytest.mark.parametrize("method", ["email", "letter", "phone"])
def test_a_protected_person_gets_no_answer_that_gives_them_away(qtbot: QtBot, context: Context, method: str) -> None:
    request_id = stored(context, "Ylva Ros", protection=Protection.PROTECTED_REGISTRATION, until="letter")
    tab = shown(qtbot, context, request_id)
    dialog = act(qtbot, tab, "send")
    assert isinstance(dialog, SentDialog)
    assert dialog.method.value() == "mail_forwarding"
    click(dialog.method.buttons[method])
    assert "Skicka genom Skatteverkets postförmedling" in dialog.method.problem_text()
    stays(dialog)
    assert request(context, request_id).sent_on is None
    click(dialog.method.buttons["mail_forwarding"])
    assert dialog.method.problem_text() == ""
    finish(qtbot, dialog)
    qtbot.waitUntil(lambda: request(context, request_id).delivery is DeliveryMethod.MAIL_FORWARDING)


def test_a_closed_request_is_opened_again(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context, until="letter")
    with context.vault.store.write(NOW) as session:
        requests.mark_sent(session, request_id, method=DeliveryMethod.LETTER, sent_on=TODAY, today=TODAY)
        requests.close(session, request_id, today=TODAY)
    tab = shown(qtbot, context, request_id)
    dialog = act(qtbot, tab, "reopen")
    assert isinstance(dialog, ReopenDialog)
    finish(qtbot, dialog)
    assert request(context, request_id).status is Status.COMPLAINT


def test_tasks_outside_the_program_are_ticked_off(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context, until="decide")
    with context.vault.store.write(NOW) as session:
        session.add(Task(kind="notice", title="Underrätta banken", request_id=request_id, created_at=NOW))
    tab = shown(qtbot, context, request_id)
    assert next_code(tab) == "execute"
    assert tab.pane.steps.tasks.text() == "○ Underrätta banken"
    dialog = act(qtbot, tab, "execute")
    assert isinstance(dialog, TasksDialog)
    stays(dialog)
    click(next(iter(dialog.ticked.buttons.values())))
    finish(qtbot, dialog)
    qtbot.waitUntil(lambda: next_code(tab) == "letter")
    assert tab.pane.steps.tasks.text() == "✓ Underrätta banken"


def test_the_menu_says_why_an_act_cannot_be_done(qtbot: QtBot, context: Context) -> None:
    tab = shown(qtbot, context, stored(context))
    tab.pane.menu.aboutToShow.emit()
    found = {action.property("act"): action for action in tab.pane.menu.actions() if action.property("act")}
    assert set(found) == {act.code for act in acts.ACTS}
    assert found["identity"].isEnabled()
    assert not found["send"].isEnabled()
    assert "Identiteten är inte kontrollerad" in found["send"].toolTip()
    assert tab.pane.menu.toolTipsVisible()


def test_a_paused_request_offers_the_way_on(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context)
    with context.vault.store.write(NOW) as session:
        requests.pause(session, request_id, question=Question.IDENTITY, reason="okänd", asked_on=TODAY)
    tab = shown(qtbot, context, request_id)
    assert [made.property("act") for made in tab.pane.card.buttons] == ["identity", "acknowledge", "resume"]
    roles = [made.property("role") for made in tab.pane.card.buttons]
    assert roles.count("primary") == 1
