"""Policykoll: what was found, why and what to do; by mouse and by keyboard alone; approvals with a reason, taken back with a question."""

import dataclasses
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.domain.findings import Place
from app.services import organisation, policy, register
from app.ui.comfort import Comfort
from app.ui.context import Context
from app.ui.kit.theme import Tone
from app.ui.overview.tab import OverviewTab
from app.ui.register.part_forms import RecipientForm
from app.ui.register.tab import RegisterTab
from app.ui.tools.finding import ways
from app.ui.tools.policy import ApproveForm, PolicyPage
from app.ui.window import MainWindow
from db.models import Activity
from tests.factories import make_subject
from tests.services.conftest import audited
from tests.ui.conftest import NOW, TODAY
from tests.ui.keyboard import Keyboard
from tests.ui.looking import cells, dialog, open_person, shown_tab
from tests.ui.test_register import question
from tests.ui.typing import type_text


@pytest.fixture
def page(qtbot: QtBot, context: Context) -> PolicyPage:
    made = PolicyPage(context)
    qtbot.addWidget(made)
    made.resize(1366, 660)
    made.show()
    qtbot.waitUntil(lambda: made.table.rows.rowCount() > 0 and not context.jobs.is_busy)
    return made


@pytest.fixture
def window(qtbot: QtBot, context: Context) -> Iterator[MainWindow]:
    made = MainWindow(context, Comfort())
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.begin()
    yield made
    context.jobs.close()
    made.hide()
    made.deleteLater()


def titles(page: PolicyPage) -> list[str]:
    return [page.table.rows.text_at(place, 1) for place in range(page.table.rows.rowCount())]


def choose(page: PolicyPage, key: str) -> None:
    page.table.select_id(page._ids[key])
    one = page.chosen()
    assert one is not None
    assert one.key == key


def settle(qtbot: QtBot, page: PolicyPage) -> None:
    qtbot.waitUntil(lambda: not page.context.jobs.is_busy)


def test_the_list_and_its_counts_are_those_of_the_check(page: PolicyPage) -> None:
    with page.context.vault.store.read() as session:
        found = policy.findings_of(session, now=NOW, today=TODAY)
    waiting = [one.title for one in found if one.state == "open"]
    assert titles(page) == waiting
    assert page.chips.buttons["open"].text() == f"Att åtgärda {len(waiting)}"
    assert page.chips.buttons["met"].text() == "Uppfyllda 1"
    assert page.summary.text().endswith("av policyns 80 krav är utan anmärkning.")


def test_a_finding_is_shown_whole(page: PolicyPage) -> None:
    choose(page, "C6")
    pane = page.pane
    assert pane.title.text() == "Ansvarig och dataskyddsombud är samma"
    assert pane.badge.text() == "Lagen"
    assert pane.badge.badge().tone is Tone.DANGER
    assert {name: label.text() for name, label in pane.facts.items()} == {
        "section": "Kontakter",
        "requirements": "R59",
        "article": "Art. 38.6",
    }
    assert "38.6" in pane.what.text()
    assert pane.why.text()
    assert pane.suggestion.text().startswith("Utse någon annan")
    assert not pane.handled.isVisibleTo(page)
    assert pane.mend_button.accessibleName() == "Öppna företagsprofilen"
    for label in page.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText


def test_what_the_program_meets_says_so_and_cannot_be_approved(qtbot: QtBot, page: PolicyPage) -> None:
    QTest.mouseClick(page.chips.buttons["met"], Qt.MouseButton.LeftButton)
    assert titles(page) == ["Rätten att klaga saknas i policyn"]
    assert page.pane.handled.text().startswith("Uppfyllt")
    assert not page.pane.approve_button.isVisibleTo(page)
    page.approve()
    assert not any(isinstance(made, ApproveForm) for made in QApplication.topLevelWidgets() if made.isVisible())


def test_a_deviation_is_approved_with_a_reason_and_taken_back(qtbot: QtBot, page: PolicyPage) -> None:
    choose(page, "C9")
    before = len(titles(page))
    QTest.mouseClick(page.pane.approve_button, Qt.MouseButton.LeftButton)
    form = dialog(ApproveForm)
    QTest.mouseClick(form.verb_button, Qt.MouseButton.LeftButton)
    assert form.fields["reason"].problem_text()
    assert audited(page.context.vault.store, Action.DEVIATION_APPROVED) == []
    type_text(form.fields["reason"].text, "Rättas vid årsskiftet på Öland.")
    QTest.mouseClick(form.verb_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(titles(page)) == before - 1)

    QTest.mouseClick(page.chips.buttons["approved"], Qt.MouseButton.LeftButton)
    assert titles(page) == ["Namn från en annan mall"]
    assert page.pane.approved.isVisibleTo(page)
    assert page.pane.approved.text.text() == "Rättas vid årsskiftet på Öland."
    assert page.pane.approved.title.text() == "Godkänd av Eva Lund, söndag 22 november 2026 kl. 10.00"

    QTest.mouseClick(page.pane.withdraw_button, Qt.MouseButton.LeftButton)
    QTest.keyClick(question(), Qt.Key.Key_Escape)
    assert titles(page) == ["Namn från en annan mall"]
    QTest.mouseClick(page.pane.withdraw_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(question().verb_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: titles(page) == [])
    assert page.table.empty.isVisible()
    assert not page.pane.area.isVisibleTo(page)
    assert [act for act, _told in audited(page.context.vault.store)][-2:] == [
        Action.DEVIATION_APPROVED,
        Action.DEVIATION_WITHDRAWN,
    ]


def test_a_finding_vanishes_when_its_fact_is_mended_and_the_choice_stays(qtbot: QtBot, page: PolicyPage) -> None:
    choose(page, "C11")
    page.context.jobs.write(
        lambda session, _job: organisation.change_fact(
            session, organisation.OFFICER, {"name": "Eva Lund", "email": "eva@example.se"}
        )
    )
    qtbot.waitUntil(lambda: "Ansvarig och dataskyddsombud är samma" not in titles(page))
    one = page.chosen()
    assert one is not None
    assert one.key == "C11"


@pytest.mark.parametrize(
    ("key", "signal", "told"),
    [
        ("C6", "tool_wanted", ["company"]),
        ("backup_missing", "tool_wanted", ["backup"]),
        ("upkeep_unset", "tab_wanted", ["register"]),
        ("C10", "register_wanted", ["activity", "credit_check"]),
        ("C1", "register_wanted", ["notice", "policy"]),
        ("recipient_incomplete:klarna", "register_wanted", ["recipient", "klarna"]),
        ("source_incomplete:partner", "register_wanted", ["source", "partner"]),
    ],
)
def test_the_button_leads_to_where_it_is_mended(
    qtbot: QtBot, page: PolicyPage, key: str, signal: str, told: list[str]
) -> None:
    choose(page, key)
    with qtbot.waitSignal(getattr(page.context.ways, signal)) as heard:
        QTest.mouseClick(page.pane.mend_button, Qt.MouseButton.LeftButton)
    assert heard.args == told


def test_every_place_has_a_button_of_its_own() -> None:
    assert set(ways()) == set(Place)
    assert len(set(ways().values())) == len(Place)


def test_a_narrow_page_shows_one_pane_at_a_time(qtbot: QtBot, page: PolicyPage) -> None:
    page.resize(800, 500)
    assert page.list_side.isVisible()
    assert not page.pane.isVisible()
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert page.pane.isVisible()
    assert not page.list_side.isVisible()
    left = []
    page.left.connect(lambda: left.append(True))
    QTest.keyClick(page.pane, Qt.Key.Key_Escape)
    assert page.list_side.isVisible()
    assert left == []
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert left == [True]


def test_from_the_menu_to_the_mended_fact_by_the_keyboard_alone(
    qtbot: QtBot, context: Context, window: MainWindow
) -> None:
    window.menus.actions["policy"].trigger()
    page = window.stack.currentWidget()
    assert isinstance(page, PolicyPage)
    keys = Keyboard(qtbot, window)
    keys.until(lambda: page.table.rows.rowCount() > 0 and not context.jobs.is_busy)
    choose(page, "recipient_incomplete:klarna")
    page.table.setFocus()
    keys.press("Return")
    keys.until(page.pane.mend_button.hasFocus)
    keys.press("Space")
    form = keys.dialog(RecipientForm)
    assert form.fields["name"].value() == "Klarna"
    assert isinstance(window.current_tab(), RegisterTab)
    keys.press("Tab", "Tab", "Tab")
    keys.write("Sverige")
    keys.press("Ctrl+Return")
    keys.until(lambda: not context.jobs.is_busy)
    with context.vault.store.read() as session:
        found = {one.key for one in policy.findings_of(session, now=NOW, today=TODAY)}
    assert "recipient_incomplete:klarna" not in found
    assert keys.presses == 6


def test_a_deviation_is_approved_by_the_keyboard_alone(qtbot: QtBot, context: Context, window: MainWindow) -> None:
    page = window.show_tool("policy")
    assert isinstance(page, PolicyPage)
    keys = Keyboard(qtbot, window)
    keys.until(lambda: page.table.rows.rowCount() > 0 and not context.jobs.is_busy)
    page.table.setFocus()
    first = page.chosen()
    assert first is not None
    keys.press("Alt+G")
    keys.dialog(ApproveForm)
    keys.write("Vi väntar på besked.")
    keys.press("Ctrl+Return")
    keys.until(lambda: page.chips.buttons["approved"].text() == "Godkända 1")
    assert audited(context.vault.store, Action.DEVIATION_APPROVED)[0][1]["finding"] == first.key
    assert keys.presses == 2


def test_the_first_tab_says_how_many_wait_and_leads_there(qtbot: QtBot, context: Context) -> None:
    tab = OverviewTab(context)
    qtbot.addWidget(tab)
    tab.resize(1300, 700)
    tab.show()
    qtbot.waitUntil(tab.policy.isVisible)
    with context.vault.store.read() as session:
        count = policy.open_count(session, now=NOW, today=TODAY)
    assert tab.policy_button.accessibleName() == f"Policykoll: {count} saker att åtgärda"
    with qtbot.waitSignal(context.ways.tool_wanted) as heard:
        QTest.mouseClick(tab.policy_button, Qt.MouseButton.LeftButton)
    assert heard.args == ["policy"]


def test_a_datum_whose_activity_lacks_an_end_says_so_on_the_card(qtbot: QtBot, context: Context) -> None:
    with context.vault.store.write(NOW) as session:
        subject_id = make_subject(session, values={"email": "asa@example.com"}).id
    tab = shown_tab(qtbot, context)
    open_person(qtbot, tab, subject_id)
    assert set(cells(tab, 5)) == {"Avtal (Art. 6.1 b)"}
    with context.vault.store.write(NOW) as session:
        row = session.scalars(sa.select(Activity).where(Activity.code == "customer_admin")).one()
        register.save_activity(session, row.id, dataclasses.replace(register.facts_of(row), rule_id=None))
    again = shown_tab(qtbot, context)
    open_person(qtbot, again, subject_id)
    assert set(cells(again, 5)) == {"Saknar grund"}
