"""Behandlingar: the record of processing is read, changed and saved; nothing that was typed is lost by accident."""

import dataclasses
import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.services import register
from app.ui.context import Context
from app.ui.kit.messages import QuestionBox
from app.ui.register.form import ActivityForm
from app.ui.register.tab import RegisterTab
from db.models import Activity
from tests.factories import NOW, make_subject
from tests.services.conftest import audited
from tests.ui.typing import replace_text, type_text

CANARIES = ("<b>x</b>", "=1+1", "x" * 40_000, "Åsa\u202eGrebö")


@pytest.fixture
def tab(qtbot: QtBot, context: Context) -> RegisterTab:
    made = RegisterTab(context)
    qtbot.addWidget(made)
    made.resize(1366, 640)
    made.show()
    qtbot.waitUntil(lambda: made.form is not None and not context.jobs.is_busy)
    return made


def form_of(tab: RegisterTab) -> ActivityForm:
    assert tab.form is not None
    return tab.form


def key_of(context: Context, code: str) -> int:
    with context.vault.store.read() as session:
        return session.scalars(sa.select(Activity.id).where(Activity.code == code)).one()


def stored(context: Context, code: str) -> Activity:
    with context.vault.store.write(NOW) as session:
        return session.scalars(sa.select(Activity).where(Activity.code == code)).one()


def show(qtbot: QtBot, tab: RegisterTab, code: str) -> int:
    wanted = key_of(tab._context, code)
    tab.table.select_id(wanted)
    qtbot.waitUntil(lambda: tab._shown_id == wanted)
    return wanted


def rows(tab: RegisterTab, column: int) -> list[str]:
    return [tab.table.rows.text_at(place, column) for place in range(tab.table.rows.rowCount())]


def question() -> QuestionBox:
    return next(made for made in QApplication.topLevelWidgets() if isinstance(made, QuestionBox) and made.isVisible())


def test_all_points_of_the_article_are_shown(qtbot: QtBot, tab: RegisterTab) -> None:
    show(qtbot, tab, "customer_admin")
    form = form_of(tab)
    heads = [label.text()[:2] for label in form.findChildren(QLabel) if label.property("level") == "h2"]
    assert heads[:7] == ["a)", "b)", "c)", "d)", "e)", "f)", "g)"]
    assert form.isVisible()
    assert form.name.value() == "Kundadministration"
    assert form.purposes.value() == ("agreement", "login", "terms")
    assert form.legal_basis.value() == "contract"
    assert form.categories.value() == ("customer", "login")
    assert "webhost" in form.recipients.value()
    assert form.rule.combo.currentText() == "60 månader efter kundrelationens slut"
    assert (
        form.origin.text.text()
        == "Policyns avsnitt ”Ändamål och laglig grund för behandling” · R15, R30, R31, R75, R17, R22"
    )
    assert not tab.is_changed
    assert not tab.undo_button.isVisibleTo(tab)


def test_the_list_says_basis_rule_and_how_much_is_held(qtbot: QtBot, tab: RegisterTab) -> None:
    with tab._context.vault.store.write(NOW) as session:
        make_subject(session, values={"email": "asa@example.com"})
    qtbot.waitUntil(lambda: "2" in rows(tab, 3))
    place = rows(tab, 0).index("Kundadministration")
    assert rows(tab, 1)[place] == "Avtal (Art. 6.1 b)"
    assert rows(tab, 2)[place] == "60 månader efter kundrelationens slut"
    assert tab.chips.buttons["activities"].text() == "Behandlingar 14"


def test_a_change_is_saved_with_a_trace(qtbot: QtBot, tab: RegisterTab) -> None:
    show(qtbot, tab, "customer_admin")
    form = form_of(tab)
    replace_text(form.name.line, "Kundvård på Åland")
    form.recipients.buttons["klarna"].click()
    assert tab.state.text() == "Ändringar som inte är sparade"
    QTest.mouseClick(tab.save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Kundvård på Åland" in rows(tab, 0))
    row = stored(tab._context, "customer_admin")
    assert row.name == "Kundvård på Åland"
    assert "klarna" in row.recipients
    assert tab.state.text() == ""
    assert audited(tab._context.vault.store, Action.ACTIVITY_SAVED)[-1][1]["code"] == "customer_admin"
    assert "name" in audited(tab._context.vault.store, Action.ACTIVITY_SAVED)[-1][1]["fields"]


def test_ctrl_enter_saves(qtbot: QtBot, tab: RegisterTab) -> None:
    show(qtbot, tab, "quotes")
    tab.activateWindow()
    qtbot.waitUntil(tab.isActiveWindow)
    type_text(form_of(tab).security.text, "Ö")
    QTest.keyClick(form_of(tab).security.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: stored(tab._context, "quotes").security.startswith("Ö"))


def test_what_is_missing_is_said_under_its_field(qtbot: QtBot, tab: RegisterTab) -> None:
    show(qtbot, tab, "quotes")
    form = form_of(tab)
    replace_text(form.name.line, "")
    form.subjects.buttons["prospects"].click()
    form.purposes.buttons["quote"].click()
    tab.save()
    assert form.name.problem_text() == "Skriv vad behandlingen heter."
    assert form.subjects.problem_text()
    assert form.purposes.problem_text()
    assert stored(tab._context, "quotes").name == "Offerter"
    assert audited(tab._context.vault.store, Action.ACTIVITY_SAVED) == []


def test_a_day_that_cannot_be_read_is_not_saved_as_none(qtbot: QtBot, tab: RegisterTab) -> None:
    show(qtbot, tab, "quotes")
    form = form_of(tab)
    type_text(form.review_on.line, "nästa år")
    tab.save()
    assert form.review_on.problem_text()
    replace_text(form.review_on.line, "2027-03-01")
    tab.save()
    qtbot.waitUntil(lambda: stored(tab._context, "quotes").review_on == dt.date(2027, 3, 1))


def test_leaving_a_changed_form_asks_first(qtbot: QtBot, tab: RegisterTab) -> None:
    first, second = show(qtbot, tab, "quotes"), key_of(tab._context, "customer_admin")
    replace_text(form_of(tab).name.line, "Annat")
    tab.table.select_id(second)
    box = question()
    QTest.keyClick(box, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: tab.table.selected_id() == first)
    assert form_of(tab).name.value() == "Annat"
    tab.table.select_id(second)
    QTest.mouseClick(question().verb_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab._shown_id == second)
    assert form_of(tab).name.value() == "Kundadministration"
    qtbot.waitUntil(lambda: tab.table.selected_id() == second)
    assert stored(tab._context, "quotes").name == "Offerter"


def test_changes_can_be_taken_back(qtbot: QtBot, tab: RegisterTab) -> None:
    show(qtbot, tab, "quotes")
    replace_text(form_of(tab).name.line, "Annat")
    QTest.mouseClick(tab.undo_button, Qt.MouseButton.LeftButton)
    assert form_of(tab).name.value() == "Offerter"
    assert not tab.is_changed


def test_a_new_activity_is_added(qtbot: QtBot, tab: RegisterTab) -> None:
    QTest.mouseClick(tab.new_button, Qt.MouseButton.LeftButton)
    form = form_of(tab)
    assert form.name.value() == ""
    type_text(form.name.line, "Kundträffar på Öland")
    type_text(form.own_purposes.text, "Bjuda in till träffar")
    form.subjects.buttons["customers"].click()
    form.categories.buttons["customer"].click()
    form.legal_basis.set_value("legitimate_interest")
    tab.save()
    qtbot.waitUntil(lambda: "Kundträffar på Öland" in rows(tab, 0))
    qtbot.waitUntil(lambda: not tab._context.jobs.is_busy)
    row = stored(tab._context, "kundtraffar_pa_oland")
    assert row.purposes == ["Bjuda in till träffar"]
    assert row.rule_id is None
    assert tab.table.selected_id() == row.id
    assert "Saknar regel" in rows(tab, 2)


def test_what_others_save_does_not_overwrite_what_is_typed(qtbot: QtBot, tab: RegisterTab) -> None:
    wanted = show(qtbot, tab, "quotes")
    replace_text(form_of(tab).name.line, "Mitt namn")
    with tab._context.vault.store.write(NOW) as session:
        facts = register.facts_of(session.get_one(Activity, wanted))
        register.save_activity(session, wanted, dataclasses.replace(facts, name="Deras namn"))
    qtbot.waitUntil(lambda: "Deras namn" in rows(tab, 0))
    assert form_of(tab).name.value() == "Mitt namn"


@pytest.mark.parametrize(
    ("part", "first", "title"),
    [
        ("sources", "Avanmälan via länk i utskick", "Källa"),
        ("recipients", "Webbhotell", "Mottagare"),
        ("rules", "60 månader efter kundrelationens slut", "Gallringsregel"),
    ],
)
def test_sources_recipients_and_rules_are_listed(
    qtbot: QtBot, tab: RegisterTab, part: str, first: str, title: str
) -> None:
    QTest.mouseClick(tab.chips.buttons[part], Qt.MouseButton.LeftButton)
    assert tab.table.rows.headerData(0, Qt.Orientation.Horizontal) == title
    assert rows(tab, 0)[0] == first
    assert not tab.right.isVisibleTo(tab)
    last = tab.table.rows.columnCount() - 1
    assert all("R" in text or "Eget tillägg" in text for text in rows(tab, last))
    QTest.mouseClick(tab.chips.buttons["activities"], Qt.MouseButton.LeftButton)
    assert tab.right.isVisibleTo(tab)
    assert len(rows(tab, 0)) == 14


def test_named_recipients_stand_under_their_kind(qtbot: QtBot, tab: RegisterTab) -> None:
    QTest.mouseClick(tab.chips.buttons["recipients"], Qt.MouseButton.LeftButton)
    names = rows(tab, 0)
    assert names.index("     Klarna") > names.index("Betalning och fakturering")


def test_a_narrow_tab_shows_one_pane_at_a_time(qtbot: QtBot, tab: RegisterTab) -> None:
    tab.resize(700, 540)
    assert tab.left.isVisible()
    assert not tab.right.isVisible()
    tab.table.selectRow(2)
    QTest.keyClick(tab.table, Qt.Key.Key_Return)
    assert tab.right.isVisible()
    assert not tab.left.isVisible()
    tab.back_action.trigger()
    assert tab.left.isVisible()


@pytest.mark.parametrize("name", CANARIES, ids=["markup", "formula", "endless", "right-to-left"])
def test_strange_names_come_out_as_text(qtbot: QtBot, tab: RegisterTab, name: str) -> None:
    wanted = key_of(tab._context, "quotes")
    with tab._context.vault.store.write(NOW) as session:
        facts: Any = register.facts_of(session.get_one(Activity, wanted))
        register.save_activity(session, wanted, dataclasses.replace(facts, name=name, purposes=(name,)))
    qtbot.waitUntil(lambda: "Offerter" not in rows(tab, 0) and not tab._context.jobs.is_busy)
    shown = next(text for text in rows(tab, 0) if text[:3] == name[:3])
    assert "\u202e" not in shown
    assert len(shown) <= 200
    show(qtbot, tab, "quotes")
    assert form_of(tab).own_purposes.value() == name
    assert not tab.is_changed or len(name) > 2000
    for label in tab.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
