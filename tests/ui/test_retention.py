"""The tab Gallring: proposals, dry run, decision, receipt, stops and rules, with real clicks on a real vault."""

import datetime as dt
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.domain.subjects import HoldKind
from app.services import filing, retention
from app.ui.context import Context
from app.ui.exports import SaveAs
from app.ui.kit.messages import ErrorBox, QuestionBox, Toast
from app.ui.retention.dry_run import DryRunDialog
from app.ui.retention.lines import short_number
from app.ui.retention.receipt import ReceiptDialog
from app.ui.retention.tab import RetentionTab
from db.models import Attachment, Datum, Hold, RetentionRun, Subject, Task
from tests.factories import make_datum, make_subject
from tests.ui.conftest import NOW, TODAY

W = TypeVar("W", bound=QWidget)
VALUES = {"email": "asa@example.com", "gender": "kvinna"}
LEFT = dt.date(2021, 3, 15)


def leaver(context: Context, name: str = "Åsa Öberg", *, voucher: bool = False) -> int:
    with context.vault.store.write(NOW) as session:
        subject = make_subject(session, name, relation_end_on=LEFT, values=VALUES)
        if voucher:
            make_datum(session, subject, "invoice_no", "F-1", fy_end_on=dt.date(2022, 12, 31))
        return subject.id


def hold(context: Context, subject_id: int) -> None:
    with context.vault.store.write(NOW) as session:
        retention.set_hold(
            session, subject_id, kind=HoldKind.DISPUTE, reason="T-2026-02", review_on=dt.date(2027, 1, 15), today=TODAY
        )


def opened(qtbot: QtBot, context: Context) -> RetentionTab:
    tab = RetentionTab(context)
    qtbot.addWidget(tab)
    tab.resize(1200, 640)
    tab.show()
    qtbot.waitUntil(lambda: not context.jobs.is_busy)
    return tab


def window(kind: type[W]) -> W:
    found = [shown for shown in QApplication.allWidgets() if isinstance(shown, kind) and shown.isVisible()]
    assert len(found) == 1
    return found[0]


def count(context: Context, model: type) -> int:
    with context.vault.store.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def decided(qtbot: QtBot, context: Context, tab: RetentionTab) -> ReceiptDialog:
    tab.proposals.decide_button.click()
    window(QuestionBox).verb_button.click()
    qtbot.waitUntil(lambda: any(box.isVisible() for box in tab.findChildren(ReceiptDialog)))
    dialog = window(ReceiptDialog)
    qtbot.waitUntil(lambda: dialog.view.count() > 0)
    return dialog


def test_proposals_are_listed_with_their_reason_and_what_stays_is_told_apart(qtbot: QtBot, context: Context) -> None:
    leaver(context, voucher=True)
    tab = opened(qtbot, context)
    assert [chip.text() for chip in tab.chips.buttons.values()] == [
        "Förslag 1",
        "Hålls kvar 2",
        "Regler 8",
        "Kvitton 0",
    ]
    table = tab.proposals.table
    texts = [table.rows.text_at(0, number) for number in range(5)]
    assert texts[:4] == ["Åsa Öberg", "E-post, Kön", "2026-03-16", "Radera"]
    assert "15 mars 2021" in texts[4]
    assert {tab.kept.table.rows.text_at(row, 1) for row in range(2)} == {"Namn", "Fakturanummer"}
    ModelTester(None).check(table.rows)  # type: ignore[no-untyped-call]


def test_space_ticks_a_row_and_the_buttons_say_what_would_go(qtbot: QtBot, context: Context) -> None:
    leaver(context)
    tab = opened(qtbot, context)
    assert not tab.proposals.decide_button.isEnabled()
    assert "Markera minst ett" in tab.proposals.decide_button.toolTip()
    tab.proposals.table.selectRow(0)
    QTest.keyClick(tab.proposals.table, Qt.Key.Key_Space)
    assert tab.proposals.decide_button.isEnabled()
    assert tab.state.text() == "1 förslag markerat · 1 person · 3 poster raderas"
    QTest.keyClick(tab.proposals.table, Qt.Key.Key_Space)
    assert not tab.proposals.decide_button.isEnabled()


def test_all_lines_of_a_person_are_ticked_together(qtbot: QtBot, context: Context) -> None:
    subject_id = leaver(context)
    with context.vault.store.write(NOW) as session:
        subject = session.get_one(Subject, subject_id)
        for field, value in (("newsletter_consent", "ja"), ("consent_withdrawn_on", "2026-11-01")):
            make_datum(session, subject, field, value)
    tab = opened(qtbot, context)
    rows = tab.proposals.table.rows
    assert rows.rowCount() == 2
    rows.tick([0], is_on=True)
    assert [rows.is_ticked(number) for number in range(2)] == [True, True]


def test_mark_all_marks_all_and_then_none(qtbot: QtBot, context: Context) -> None:
    for name in ("Åsa Öberg", "Bo Alm"):
        leaver(context, name)
    tab = opened(qtbot, context)
    tab.proposals.all_button.click()
    assert len(tab.proposals.chosen()) == 2
    assert tab.proposals.all_button.text().replace("&", "").strip().endswith("Avmarkera alla")
    tab.proposals.all_button.click()
    assert tab.proposals.chosen() == []


def test_the_dry_run_tells_source_reason_and_number_and_changes_nothing(qtbot: QtBot, context: Context) -> None:
    leaver(context, voucher=True)
    leaver(context, "Bo Alm")
    before = count(context, Datum)
    tab = opened(qtbot, context)
    tab.proposals.table.rows.tick([0], is_on=True)
    tab.proposals.dry_run_button.click()
    dialog = window(DryRunDialog)
    assert tab._found is not None
    assert dialog.title.text() == f"Provkörning {short_number(tab._found.token)}"
    assert dialog.goes.rows.rowCount() == 1
    goes = [dialog.goes.rows.text_at(0, number) for number in range(3)]
    assert goes[1] + goes[2] in ("E-post, KönKundregister 2", "Namn, E-post, KönKundregister 3")
    dialog.close_button.click()
    assert count(context, Datum) == before
    assert count(context, RetentionRun) == 0


def test_a_decision_erases_shows_the_receipt_and_lists_the_work_by_hand(
    qtbot: QtBot, context: Context, tmp_path: Path
) -> None:
    leaver(context)
    tab = opened(qtbot, context)
    tab.proposals.all_button.click()
    tab.proposals.decide_button.click()
    question = window(QuestionBox)
    assert question.verb_button.text() == "3 poster raderas"
    assert question.cancel_button.isDefault()
    question.verb_button.click()
    qtbot.waitUntil(lambda: any(box.isVisible() for box in tab.findChildren(ReceiptDialog)))
    dialog = window(ReceiptDialog)
    qtbot.waitUntil(lambda: dialog.view.count() > 0 and bool(dialog.boxes))
    assert count(context, Subject) == 0
    assert count(context, Datum) == 0
    assert dialog.names.text.text() == "Åsa Öberg"
    qtbot.waitUntil(dialog.trail.isVisible)
    trail = dialog.trail.text.text()
    assert "Rad 1 i journalen: klar." in trail
    assert "Uppgifter raderades, 3 uppgifter" in trail
    assert "Raderingen prövades, 0 spår" in trail
    assert "obrutna sedan" in trail
    assert "Öberg" not in trail
    dialog.save_button.click()
    (saver,) = dialog.findChildren(SaveAs)
    assert saver.dialog.selectedFiles()[0].endswith("gallringskvitto_G-2026-001.pdf")
    saver.dialog.setDirectory(str(tmp_path))
    saver.dialog.accept()
    target = tmp_path / "gallringskvitto_G-2026-001.pdf"
    qtbot.waitUntil(lambda: bool(dialog.findChildren(Toast)))
    with context.vault.store.read() as session:
        newest = session.scalars(sa.select(sa.func.max(Attachment.id))).one()
        assert target.read_bytes() == filing.read(session, newest)
    assert dialog.findChildren(Toast)[-1].button.text() == "Visa i mapp"


def test_work_outside_the_program_is_ticked_off_with_day_and_name(qtbot: QtBot, context: Context) -> None:
    leaver(context)
    tab = opened(qtbot, context)
    tab.proposals.all_button.click()
    dialog = decided(qtbot, context, tab)
    task_id, box = next(iter(dialog.boxes.items()))
    all_tasks = len(dialog.boxes)
    box.click()
    qtbot.waitUntil(lambda: f"{all_tasks - 1} sak" in dialog.rest.text())
    assert not box.isEnabled()
    with context.vault.store.read() as session:
        done = session.execute(sa.select(Task.done_on, Task.done_by).where(Task.id == task_id)).one()
    assert tuple(done) == (TODAY, "Eva Lund")
    dialog.close_button.click()
    qtbot.waitUntil(lambda: tab.chips.buttons["receipts"].text() == "Kvitton 1")
    tab.chips.buttons["receipts"].click()
    qtbot.waitUntil(lambda: tab.receipts.table.rows.text_at(0, 6) == f"{all_tasks - 1} av {all_tasks} kvar")
    tab.receipts.table.selectRow(0)
    QTest.keyClick(tab.receipts.table, Qt.Key.Key_Return)
    again = window(ReceiptDialog)  # the list of decisions and a row of it: two steps, and nobody's name
    assert not again.names.isVisible()
    qtbot.waitUntil(lambda: again.view.count() > 0 and bool(again.boxes) and again.trail.isVisible())
    assert "Uppgifter raderades" in again.trail.text.text()


def test_only_what_is_ticked_goes(qtbot: QtBot, context: Context) -> None:
    for name in ("Åsa Öberg", "Bo Alm"):
        leaver(context, name)
    tab = opened(qtbot, context)
    tab.proposals.table.rows.tick([0], is_on=True)
    decided(qtbot, context, tab)
    with context.vault.store.read() as session:
        assert session.scalars(sa.select(Subject.display_name)).all() == ["Åsa Öberg"]


def test_a_decision_about_an_old_proposal_is_refused_and_nothing_goes(qtbot: QtBot, context: Context) -> None:
    subject_id = leaver(context)
    tab = opened(qtbot, context)
    tab.proposals.all_button.click()
    tab.proposals.decide_button.click()
    question = window(QuestionBox)
    context.news.blockSignals(True)  # the news is on its way, and the officer is faster
    hold(context, subject_id)
    question.verb_button.click()
    qtbot.waitUntil(lambda: any(isinstance(box, ErrorBox) for box in QApplication.topLevelWidgets() if box.isVisible()))
    assert window(ErrorBox).words.what.startswith("Förslaget har ändrats")
    assert count(context, Datum) == 3
    qtbot.waitUntil(lambda: tab.chips.buttons["proposals"].text() == "Förslag 0")


def test_a_lifted_stop_makes_proposals_again(qtbot: QtBot, context: Context) -> None:
    hold(context, leaver(context))
    tab = opened(qtbot, context)
    assert "Inget att gallra" in tab.proposals.table.empty.text.text()
    tab.chips.buttons["kept"].click()
    tab.kept.table.selectRow(0)
    assert "T-2026-02" in tab.kept.detail.text.text()
    tab.kept.lift_button.click()
    window(QuestionBox).verb_button.click()
    qtbot.waitUntil(lambda: tab.chips.buttons["proposals"].text() == "Förslag 1")
    with context.vault.store.read() as session:
        assert session.scalar(sa.select(Hold.lifted_by)) == "Eva Lund"


def test_a_stop_without_anything_due_is_listed_too(qtbot: QtBot, context: Context) -> None:
    with context.vault.store.write(NOW) as session:
        subject_id = make_subject(session, "Cia Ek", values=VALUES).id
    hold(context, subject_id)
    tab = opened(qtbot, context)
    assert [tab.kept.table.rows.text_at(0, number) for number in range(2)] == ["Cia Ek", "Alla uppgifter"]
    with qtbot.waitSignal(context.ways.subject_wanted) as wanted:
        tab.kept.table.selectRow(0)
        tab.kept.table.opened.emit(tab.kept.table.selected_id())
    assert wanted.args == [subject_id]


def test_a_row_without_a_stop_cannot_be_lifted_and_says_why(qtbot: QtBot, context: Context) -> None:
    leaver(context, voucher=True)
    tab = opened(qtbot, context)
    tab.chips.buttons["kept"].click()
    tab.kept.table.selectRow(0)
    assert not tab.kept.lift_button.isEnabled()
    assert "gallringsstopp" in tab.kept.lift_button.toolTip()


@pytest.mark.parametrize(("row", "words"), [(0, "60 månader efter att kundrelationen tog slut"), (3, "samtycket")])
def test_rules_are_sentences(qtbot: QtBot, context: Context, row: int, words: str) -> None:
    tab = opened(qtbot, context)
    assert words in tab.rules.table.rows.text_at(row, 2)


def test_a_hidden_tab_waits_until_it_is_looked_at(qtbot: QtBot, context: Context) -> None:
    tab = RetentionTab(context)
    qtbot.addWidget(tab)
    leaver(context)
    qtbot.wait(50)
    assert tab.proposals.table.rows.rowCount() == 0
    tab.show()
    qtbot.waitUntil(lambda: tab.proposals.table.rows.rowCount() == 1)


def test_markup_in_a_name_is_shown_as_text(qtbot: QtBot, context: Context) -> None:
    leaver(context, "<b>x</b>")
    tab = opened(qtbot, context)
    tab.proposals.table.selectRow(0)
    assert tab.proposals.detail.title.text().startswith("<b>x</b> – ")
    assert tab.proposals.detail.title.textFormat() == Qt.TextFormat.PlainText
