"""Behandlingar: the lists are changed by mouse and by keyboard, with history and export; the form takes all an extract needs."""

import datetime as dt
import itertools
from pathlib import Path
from typing import Any

import pytest
import shiboken6
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.domain.transfers import Transfer
from app.services.register_choices import choosable
from app.ui.context import Context
from app.ui.exports import SaveAs
from app.ui.kit.messages import ErrorBox
from app.ui.register.form import ActivityForm
from app.ui.register.history import HistoryDialog
from app.ui.register.part_forms import NoticeForm, PartForm, RecipientForm, RuleForm, SourceForm
from app.ui.register.tab import RegisterTab
from db.models import Notice, Recipient, RetentionRule, Source
from tests.factories import NOW, make_subject
from tests.services.conftest import audited
from tests.ui.keyboard import Keyboard
from tests.ui.looking import dialog, stored
from tests.ui.test_register import form_of, question, rows, show, tab
from tests.ui.test_register import stored as stored_activity
from tests.ui.typing import replace_text, type_text

__all__ = ["tab"]


def choose(qtbot: QtBot, tab: RegisterTab, part: str, name: str) -> None:
    """Show a list by the mouse and choose a row by its name."""
    QTest.mouseClick(tab.chips.buttons[part], Qt.MouseButton.LeftButton)
    place = [text.strip() for text in rows(tab, 0)].index(name)
    tab.table.selectRow(place)


def open_form(kind: type[PartForm]) -> Any:
    return dialog(kind)


def saved(qtbot: QtBot, tab: RegisterTab, form: PartForm) -> None:
    """Press the form's button and wait until it is stored."""
    QTest.mouseClick(form.verb_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not (shiboken6.isValid(form) and form.isVisible()) and not tab._context.jobs.is_busy)


def test_a_recipient_is_added_changed_and_removed_by_the_mouse(qtbot: QtBot, tab: RegisterTab) -> None:
    QTest.mouseClick(tab.chips.buttons["recipients"], Qt.MouseButton.LeftButton)
    QTest.mouseClick(tab.new_button, Qt.MouseButton.LeftButton)
    form = open_form(RecipientForm)
    type_text(form.fields["name"].line, "Molnet på Åland AB")
    form.fields["category"].set_value("webhost")
    form.fields["role"].set_value("processor")
    type_text(form.fields["country"].line, "finland")
    type_text(form.fields["agreement_on"].line, "2026-01-02")
    saved(qtbot, tab, form)
    qtbot.waitUntil(lambda: "     Molnet på Åland AB" in rows(tab, 0))
    [row] = stored(tab._context, sa.select(Recipient).where(Recipient.name == "Molnet på Åland AB"))
    assert (row.category, row.role, row.country, row.agreement_on) == (
        "webhost",
        "processor",
        "FI",
        dt.date(2026, 1, 2),
    )
    assert rows(tab, 2)[rows(tab, 0).index("     Molnet på Åland AB")] == "Finland"

    tab.table.select_id(row.id)
    QTest.mouseClick(tab.desk.change_button, Qt.MouseButton.LeftButton)
    again = open_form(RecipientForm)
    assert again.fields["country"].value() == "Finland"
    replace_text(again.fields["country"].line, "Mars")
    QTest.mouseClick(again.verb_button, Qt.MouseButton.LeftButton)
    assert again.fields["country"].problem_text()
    replace_text(again.fields["country"].line, "se")
    saved(qtbot, tab, again)
    assert stored(tab._context, sa.select(Recipient.country).where(Recipient.id == row.id)) == ["SE"]

    tab.table.select_id(row.id)
    QTest.mouseClick(tab.desk.remove_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(question().verb_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "     Molnet på Åland AB" not in rows(tab, 0))


def test_what_is_used_is_not_removed_and_the_reason_is_said(qtbot: QtBot, tab: RegisterTab) -> None:
    choose(qtbot, tab, "recipients", "Klarna")
    tab.table.setFocus()
    QTest.keyClick(tab.table, Qt.Key.Key_Delete)
    QTest.mouseClick(question().verb_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: any(isinstance(box, ErrorBox) and box.isVisible() for box in QApplication.topLevelWidgets())
    )
    box = dialog(ErrorBox)
    assert "Köp, fakturering och bokföring" in box.words.what
    assert "     Klarna" in rows(tab, 0)


def test_nothing_is_removed_when_the_question_is_left(qtbot: QtBot, tab: RegisterTab) -> None:
    choose(qtbot, tab, "rules", "Kontaktperson: 60 månader")
    tab.desk.remove()
    QTest.keyClick(question(), Qt.Key.Key_Escape)
    assert "Kontaktperson: 60 månader" in rows(tab, 0)
    assert audited(tab._context.vault.store, Action.RULE_REMOVED) == []


def test_a_source_is_connected_to_an_activity(qtbot: QtBot, tab: RegisterTab) -> None:
    choose(qtbot, tab, "sources", "Inköpta målgrupper")
    tab.table.setFocus()
    QTest.keyClick(tab.table, Qt.Key.Key_Return)
    form = open_form(SourceForm)
    assert form.fields["activity_id"].combo.currentText() == "Nyhetsbrev och direktmarknadsföring"
    form.fields["activity_id"].set_value("")
    form.fields["evidence"].set_value("agreement")
    type_text(form.fields["told_on"].line, "idag")
    saved(qtbot, tab, form)
    [row] = stored(tab._context, sa.select(Source).where(Source.code == "purchased"))
    assert (row.activity_id, row.evidence, row.told_on) == (None, "agreement", dt.date(2026, 11, 22))
    qtbot.waitUntil(lambda: "Saknar grund" in rows(tab, 2))


def test_a_rule_without_a_length_asks_for_none(qtbot: QtBot, tab: RegisterTab) -> None:
    QTest.mouseClick(tab.chips.buttons["rules"], Qt.MouseButton.LeftButton)
    QTest.mouseClick(tab.new_button, Qt.MouseButton.LeftButton)
    form = open_form(RuleForm)
    type_text(form.fields["title"].line, "Tre år")
    type_text(form.fields["months"].line, "tre")
    form.submit()
    assert form.fields["months"].problem_text()
    form.fields["kind"].set_value("consent")
    form.fields["kind"].changed.emit()
    assert not form.fields["months"].isVisibleTo(form)
    form.fields["kind"].set_value("relation_months")
    form.fields["kind"].changed.emit()
    replace_text(form.fields["months"].line, "36")
    saved(qtbot, tab, form)
    [row] = stored(tab._context, sa.select(RetentionRule).where(RetentionRule.title == "Tre år"))
    assert (row.kind, row.months) == ("relation_months", 36)
    qtbot.waitUntil(lambda: "36 månader" in rows(tab, 2))


def test_a_new_version_of_a_notice_says_what_it_puts_right(qtbot: QtBot, tab: RegisterTab) -> None:
    QTest.mouseClick(tab.chips.buttons["notices"], Qt.MouseButton.LeftButton)
    QTest.mouseClick(tab.new_button, Qt.MouseButton.LeftButton)
    form = open_form(NoticeForm)
    offered = list(form.fields["settles"].buttons)
    assert "C1" in offered
    assert not {"C6", "C10", "C12"} & set(offered), "no text can put these right"
    type_text(form.fields["title"].line, "Personuppgiftspolicy")
    type_text(form.fields["version"].line, "2")
    type_text(form.fields["valid_from"].line, "2026-11-20")
    form.fields["covers"].buttons["marketing"].click()
    form.fields["settles"].buttons["C1"].click()
    saved(qtbot, tab, form)
    [row] = stored(tab._context, sa.select(Notice).where(Notice.version == "2"))
    assert (row.settles, row.covers, row.allows_marketing) == (["C1"], ["marketing"], True)
    qtbot.waitUntil(lambda: "Saknas" in rows(tab, 3))


def test_the_history_opens_with_before_and_after(qtbot: QtBot, tab: RegisterTab) -> None:
    show(qtbot, tab, "quotes")
    replace_text(form_of(tab).name.line, "Offerter och anbud")
    tab.save()
    qtbot.waitUntil(lambda: "Offerter och anbud" in rows(tab, 0) and not tab._context.jobs.is_busy)
    QTest.mouseClick(tab.desk.history_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: any(isinstance(box, HistoryDialog) and box.isVisible() for box in QApplication.topLevelWidgets())
    )
    box = dialog(HistoryDialog)
    shown = [[box.table.rows.text_at(place, column) for column in range(1, 5)] for place in range(2)]
    assert shown == [
        ["Eva Lund", "Namn", "Offerter", "Offerter och anbud"],
        ["Eva Lund", "Företagsprofilen lades in", "", ""],
    ]
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert not box.isVisible()


@pytest.mark.parametrize(("place", "kind", "start"), [(0, "pdf", b"%PDF"), (1, "xlsx", b"PK")])
def test_the_register_is_written_where_the_user_says(
    qtbot: QtBot, tab: RegisterTab, tmp_path: Path, place: int, kind: str, start: bytes
) -> None:
    tab.desk.menu.actions()[place].trigger()
    qtbot.waitUntil(lambda: bool(tab.desk.findChildren(SaveAs)), timeout=20_000)
    (saver,) = tab.desk.findChildren(SaveAs)
    assert Path(saver.dialog.selectedFiles()[0]).name == f"behandlingsregister_2026-11-22.{kind}"
    saver.dialog.setDirectory(str(tmp_path))
    saver.dialog.accept()
    target = tmp_path / f"behandlingsregister_2026-11-22.{kind}"
    qtbot.waitUntil(lambda: target.exists() and not tab._context.jobs.is_busy)
    assert target.read_bytes().startswith(start)
    assert len(audited(tab._context.vault.store, Action.REGISTER_EXPORTED)) == 1


def test_the_form_takes_what_an_extract_needs_besides(qtbot: QtBot, tab: RegisterTab) -> None:
    show(qtbot, tab, "profiling")
    form = form_of(tab)
    assert form.sources.value() == ("agreement", "public_source")
    assert form.notices.value() == ("marketing", "policy")
    assert form.logic.value().startswith("Kunder delas in")
    assert form.interest.isVisibleTo(form)
    assert form.interest.value()
    QTest.mouseClick(form.transfers_to.add_button, Qt.MouseButton.LeftButton)
    [first] = form.transfers_to.rows
    assert first.country.hasFocus() or not tab.isActiveWindow()
    type_text(first.country, "Indien")
    first.safeguard.setCurrentIndex(first.safeguard.findData("clauses"))
    type_text(form.balancing.text, "Väger tyngre, för att kunden väntar sig det.")
    type_text(form.owner.line, "Eva Lund")
    form.dpia.set_value("done")
    type_text(form.joint_controllers.text, "Mässan AB")
    tab.save()
    qtbot.waitUntil(lambda: stored_activity(tab._context, "profiling").owner == "Eva Lund")
    row = stored_activity(tab._context, "profiling")
    assert row.transfers_to == [{"country": "IN", "safeguard": "clauses"}]
    assert (row.dpia, row.joint_controllers, row.balancing[:5]) == ("done", "Mässan AB", "Väger")
    qtbot.waitUntil(lambda: not tab._context.jobs.is_busy and not tab.is_changed)
    QTest.mouseClick(form_of(tab).transfers_to.rows[0].remove_button, Qt.MouseButton.LeftButton)
    assert form_of(tab).transfers_to.value() == ()
    assert tab.is_changed


def test_a_country_that_is_none_is_said_by_its_field(qtbot: QtBot, tab: RegisterTab) -> None:
    show(qtbot, tab, "quotes")
    form = form_of(tab)
    form.transfers_to.set_value((Transfer("Mars"), Transfer("US"), Transfer("US")))
    tab.save()
    assert form.transfers_to.problem_text() == "Skriv landets namn, eller dess två bokstäver."
    form.transfers_to.set_value((Transfer("US"), Transfer("US")))
    tab.save()
    assert "två gånger" in form.transfers_to.problem_text()
    form.transfers_to.set_value((Transfer("US", "compelling"),))
    form.transfers.set_value("")
    tab.save()
    assert "30.1 e" in form.transfers.problem_text()


def test_selling_profiles_asks_for_a_reason_and_automation_warns(qtbot: QtBot, tab: RegisterTab) -> None:
    show(qtbot, tab, "quotes")
    form = form_of(tab)
    assert not form.selling_reason.isVisibleTo(form)
    assert not form.warning.isVisibleTo(form)
    form.automation.buttons["selling"].click()
    form.automation.buttons["automated"].click()
    assert form.selling_reason.isVisibleTo(form)
    assert form.warning.isVisibleTo(form)
    tab.save()
    assert form.selling_reason.problem_text()
    form.automation.buttons["selling"].click()
    type_text(form.own_purposes.text, "Försäljning av profiler")
    tab.save()
    assert form.automation.problem_text()
    assert not stored_activity(tab._context, "quotes").is_automated


def test_a_basis_other_than_an_interest_asks_for_no_balancing(qtbot: QtBot, tab: RegisterTab) -> None:
    show(qtbot, tab, "quotes")
    form = form_of(tab)
    assert not form.balancing.isVisibleTo(form)
    form.legal_basis.set_value("legitimate_interest")
    form.legal_basis.changed.emit()
    assert form.balancing.isVisibleTo(form)


def test_a_recipient_that_is_gone_from_the_lists_is_not_lost_by_a_save(qtbot: QtBot, context: Context) -> None:
    with context.vault.store.write(NOW) as session:
        session.execute(sa.delete(Recipient).where(Recipient.code == "webhost"))
    made = RegisterTab(context)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.form is not None and not context.jobs.is_busy)
    show(qtbot, made, "quotes")
    assert not made.is_changed
    type_text(form_of(made).security.text, "Ö")
    made.save()
    qtbot.waitUntil(lambda: stored_activity(context, "quotes").security.startswith("Ö"))
    assert set(stored_activity(context, "quotes").recipients) == {"webhost", "it_supplier"}


def test_the_form_grows_part_by_part_so_that_the_window_never_waits_long(qtbot: QtBot, context: Context) -> None:
    with context.vault.store.read() as session:
        choices = choosable(session)
    form = ActivityForm(None, choices, context.today)  # type: ignore[arg-type]  # nothing holds it
    qtbot.addWidget(form)
    sizes = [0]
    for _slice in form.build():
        assert not form.isEnabled(), "nothing is typed into a form that is not whole"
        assert not form.is_whole
        sizes.append(len(form.fields))
    assert form.is_whole
    steps = [after - before for before, after in itertools.pairwise(sizes)]
    assert max(steps) <= 4
    assert len(steps) == 12
    assert len(form.fields) == 25


def test_a_saved_activity_keeps_its_form_and_the_place_of_the_cursor(qtbot: QtBot, tab: RegisterTab) -> None:
    show(qtbot, tab, "quotes")
    before = form_of(tab)
    replace_text(before.name.line, "Anbud")
    tab.save()
    qtbot.waitUntil(lambda: "Anbud" in rows(tab, 0) and not tab._context.jobs.is_busy)
    assert form_of(tab) is before
    with tab._context.vault.store.write(NOW) as session:
        session.execute(sa.update(Recipient).where(Recipient.code == "webhost").values(name="Molnet"))
    qtbot.waitUntil(lambda: form_of(tab) is not before)
    assert form_of(tab).recipients.buttons["webhost"].text() == "Molnet"
    assert form_of(tab).name.value() == "Anbud"


def test_an_activity_that_nothing_uses_is_removed(qtbot: QtBot, tab: RegisterTab) -> None:
    show(qtbot, tab, "development")
    QTest.mouseClick(tab.desk.remove_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(question().verb_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(rows(tab, 0)) == 13 and not tab._context.jobs.is_busy)
    assert "Utveckling av produkter och tjänster" not in rows(tab, 0)


def test_the_lists_count_what_is_held_in_a_reading_of_their_own(qtbot: QtBot, tab: RegisterTab) -> None:
    with tab._context.vault.store.write(NOW) as session:
        make_subject(session, values={"email": "asa@example.com"})
    qtbot.waitUntil(lambda: "2" in rows(tab, 3))
    QTest.mouseClick(tab.chips.buttons["sources"], Qt.MouseButton.LeftButton)
    assert rows(tab, 3)[rows(tab, 0).index("Kundregister")] == "2"


@pytest.mark.parametrize(
    ("kind", "code", "form"),
    [
        ("recipient", "klarna", RecipientForm),
        ("source", "partner", SourceForm),
        ("rule", "relation_60", RuleForm),
        ("notice", "policy", NoticeForm),
    ],
)
def test_another_tab_can_lead_to_a_row_and_its_form(
    qtbot: QtBot, context: Context, kind: str, code: str, form: type[PartForm]
) -> None:
    made = RegisterTab(context)
    qtbot.addWidget(made)
    made.show()
    made.show_row(kind, code)  # before anything is read
    qtbot.waitUntil(lambda: any(isinstance(box, form) and box.isVisible() for box in QApplication.topLevelWidgets()))
    assert made.chips.value() in ("recipients", "sources", "rules", "notices")
    made.show_row("nothing", code)
    made.show_row(kind, "unknown")
    assert made.table.selected_id() is None


def test_another_tab_can_lead_to_an_activity(qtbot: QtBot, tab: RegisterTab) -> None:
    QTest.mouseClick(tab.chips.buttons["rules"], Qt.MouseButton.LeftButton)
    tab._context.ways.register_wanted.emit("activity", "credit_check")
    assert tab.chips.value() == "activities"
    assert form_of(tab).name.value() == "Kreditprövning"


def test_a_recipient_is_added_by_the_keyboard_alone(qtbot: QtBot, tab: RegisterTab) -> None:
    tab.activateWindow()
    qtbot.waitUntil(tab.isActiveWindow)
    keys = Keyboard(qtbot, tab)
    tab.chips.buttons["activities"].setFocus()
    keys.press("Right", "Right", "Space")
    keys.until(lambda: tab.chips.value() == "recipients")
    keys.press("Alt+N")
    form = keys.dialog(RecipientForm)
    keys.write("Tryckeriet i Örebro")
    keys.press("Tab", "Tab", "Space")
    assert form.fields["role"].value() == "processor"
    keys.press("Ctrl+Return")
    keys.until(lambda: "Tryckeriet i Örebro" in rows(tab, 0))
    assert keys.presses <= 8
