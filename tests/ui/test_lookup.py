"""Registrerade: what the officer sees, does and leaves behind."""

import datetime as dt
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.domain.subjects import HoldKind, Protection
from app.services import retention
from app.ui.context import Context
from app.ui.kit.badges import BADGE_ROLE
from app.ui.lookup.forms import Form, ReasonForm
from app.ui.lookup.tab import LookupTab, whole_terms
from app.ui.lookup.value import ValueDialog
from db.models import Subject
from tests.factories import CUSTOMER, TODAY, make_datum, make_source, make_subject
from tests.services.conftest import audited
from tests.ui.looking import cells, dialog, do, find, open_person, press_ctrl_enter, shown_tab
from tests.ui.typing import type_text

CANARIES = ("<b>x</b>", "=1+1", "x" * 40_000, "Åsa\u202eGrebö")


@pytest.fixture
def tab(qtbot: QtBot, context: Context) -> LookupTab:
    return shown_tab(qtbot, context)


@pytest.fixture
def person(context: Context) -> int:
    values = {**CUSTOMER, "password": "hemligt"}
    return int(
        do(context, lambda session: make_subject(session, values=values, relation_end_on=dt.date(2024, 3, 31)).id)
    )


def test_typing_finds_the_person_and_says_why(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    find(qtbot, tab, "oberg")
    assert tab.table.rows.text_at(0, 0) == "Åsa Öberg  19640823-••••"
    assert tab.table.rows.text_at(0, 1) in ("Säker", "Trolig", "Möjlig")
    assert tab.table.rows.data(tab.table.rows.index(0, 1), BADGE_ROLE).icon_name
    assert "i 1 register" in tab.count.text()
    QTest.keyClick(tab.box, Qt.Key.Key_Down)
    assert tab.focusWidget() is tab.table
    assert "Kundregister" in tab.why.text.text()


def test_a_personal_number_in_any_form_is_a_certain_hit(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    for form in ("196408233234", "640823-3234", "19640823-3234"):
        find(qtbot, tab, form)
        assert tab.table.rows.text_at(0, 1) == "Säker"
        tab.box.clear()
        qtbot.waitUntil(lambda: not tab._hits)


def test_the_newest_search_wins(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    other = do(tab._context, lambda session: make_subject(session, "Zeta Sist").id)
    for text in ("öberg", "åsa", "zeta"):
        tab.box.setText(text)
        tab._search()
    qtbot.waitUntil(lambda: not tab._context.jobs.is_busy)
    assert list(tab._hits) == [other]


def test_an_answer_to_an_older_search_is_dropped(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    find(qtbot, tab, "öberg")
    tab._show_hits(tab._asked - 1, "gammal", ([], 0.0, 1))
    assert list(tab._hits) == [person]


def test_no_register_offers_an_import(tab: LookupTab) -> None:
    assert "Importera först ett kundregister" in tab.table.empty.text.text()
    assert tab.table.empty.button.isVisibleTo(tab.table)


def test_no_hits_offer_to_clear(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    type_text(tab.box, "öber<b>")
    qtbot.waitUntil(lambda: "Inga träffar på ”öber<b>”" in tab.table.empty.text.text())
    QTest.mouseClick(tab.table.empty.link, Qt.MouseButton.LeftButton)
    assert tab.box.text() == ""


def test_the_card_shows_grounds_and_ends_and_leaves_a_trace(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    open_person(qtbot, tab, person)
    card = tab.pane.card
    assert card.name.text() == "Åsa Öberg"
    assert card.line.text() == "Kund 2016-04-01 – 2024-03-31 · Storgatan 1, 752 31 Uppsala · 0 ärenden"
    values = dict(zip(cells(tab, 0), cells(tab, 1), strict=True))
    assert values["Personnummer"] == "19640823-••••"
    assert values["Lösenord"] == "lämnas aldrig ut"
    assert values["Telefon"] == "070-174 06 05"
    assert "hemligt" not in values.values()
    assert set(cells(tab, 5)) == {"Avtal (Art. 6.1 b)"}
    assert cells(tab, 7)[0] == "2029-03-31"
    assert audited(tab._context.vault.store, Action.SUBJECT_READ) == [(Action.SUBJECT_READ, {})]


def test_a_value_without_activity_lacks_its_ground(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    def add(session: Any) -> None:
        lost = make_source(session, "Gammal lista", activity="finns_inte")
        make_datum(session, session.get_one(Subject, person), "segment", "Kaffe", source=lost)

    do(tab._context, add)
    open_person(qtbot, tab, person)
    place = cells(tab, 0).index("Kundsegment")
    table = tab.pane.card.table
    assert table.rows.text_at(place, 5) == "Saknar grund"
    assert table.rows.data(table.rows.index(place, 5), BADGE_ROLE) is not None
    assert table.rows.text_at(place, 4) == "–"


def test_chips_count_and_filter(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    open_person(qtbot, tab, person)
    card = tab.pane.card
    assert card.chips.buttons["all"].text() == "Alla 9"
    assert card.chips.buttons["login"].text() == "Inloggningsinformation 1"
    QTest.mouseClick(card.chips.buttons["login"], Qt.MouseButton.LeftButton)
    assert cells(tab, 0) == ["Lösenord"]
    assert card.foot.text().startswith("1 av 9 uppgifter visas.")


def test_the_personal_number_is_revealed_for_a_while_and_it_is_recorded(
    qtbot: QtBot, tab: LookupTab, person: int
) -> None:
    open_person(qtbot, tab, person)
    card = tab.pane.card
    tab.activateWindow()
    card.reveal_action.trigger()
    qtbot.waitUntil(lambda: "19640823-3234" in cells(tab, 1))
    assert card.hide_timer.interval() == 30_000
    assert card.hide_timer.isActive()
    assert card.reveal_action.shortcut().toString() == "Ctrl+Shift+H"
    assert audited(tab._context.vault.store, Action.SUBJECT_READ)[-1][1] == {
        "fields": ["personnummer"],
        "is_revealed": True,
    }
    assert "hemligt" not in cells(tab, 1)
    card.hide_timer.timeout.emit()
    assert "19640823-3234" not in cells(tab, 1)


def test_a_revealed_number_is_hidden_when_another_person_is_shown(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    other = do(
        tab._context, lambda session: make_subject(session, "Zeta Sist", values={"personnummer": "200001012384"}).id
    )
    open_person(qtbot, tab, person)
    QTest.mouseClick(tab.pane.card.reveal_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "19640823-3234" in cells(tab, 1))
    open_person(qtbot, tab, other, "zeta")
    assert "20000101-••••" in cells(tab, 1)
    assert not tab.pane.card.hide_timer.isActive()


def protected(context: Context) -> int:
    values = {"personnummer": "200001012384", "street": "Hemliga vägen 3", "city": "Uppsala"}
    return int(
        do(
            context,
            lambda session: make_subject(session, "Sara Skydd", protection=Protection.CONFIDENTIAL, values=values).id,
        )
    )


def test_a_protected_person_shows_nothing_before_a_reason_is_given(qtbot: QtBot, tab: LookupTab) -> None:
    subject_id = protected(tab._context)
    find(qtbot, tab, "sara")
    assert tab.table.rows.text_at(0, 0) == "Sara Skydd"
    tab.table.select_id(subject_id)
    qtbot.waitUntil(lambda: tab.pane.currentWidget() is tab.pane.locked)
    assert tab.pane.card.card is None
    QTest.mouseClick(tab.pane.unlock_button, Qt.MouseButton.LeftButton)
    form: Form = dialog(ReasonForm)
    form.submit()
    assert form.fields["reason"].problem_text()
    assert audited(tab._context.vault.store, Action.PROTECTED_OPENED) == []
    type_text(form.fields["reason"].editor, "Svar på begäran från Åland")
    press_ctrl_enter(qtbot, form)
    qtbot.waitUntil(lambda: tab.pane.subject_id == subject_id)
    assert tab.pane.card.banner.isVisibleTo(tab)
    assert "Skyddade personuppgifter" in tab.pane.card.banner.title.text()
    assert "Hemliga vägen 3" not in cells(tab, 1)
    assert "Hemliga" not in tab.pane.card.line.text()
    assert len(audited(tab._context.vault.store, Action.PROTECTED_OPENED)) == 1


def test_leaving_the_reason_open_shows_nothing(qtbot: QtBot, tab: LookupTab) -> None:
    subject_id = protected(tab._context)
    find(qtbot, tab, "sara")
    tab.table.select_id(subject_id)
    tab.table.opened.emit(subject_id)
    form = dialog(ReasonForm)
    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert not form.isVisible()
    assert tab.pane.currentWidget() is tab.pane.locked
    assert audited(tab._context.vault.store, Action.SUBJECT_READ) == []


def test_only_whole_terms_are_recorded() -> None:
    assert whole_terms(["Å", "Ås", "Åsa", " ", "asa@example.se", "Åsa"]) == ["Åsa", "asa@example.se"]


def test_another_tab_can_ask_for_a_person(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    tab._context.ways.subject_wanted.emit(person)
    qtbot.waitUntil(lambda: tab.pane.subject_id == person)


def test_a_protected_person_asked_for_by_another_tab_stays_locked(qtbot: QtBot, tab: LookupTab) -> None:
    subject_id = protected(tab._context)
    tab._context.ways.subject_wanted.emit(subject_id)
    qtbot.waitUntil(lambda: tab.pane.currentWidget() is tab.pane.locked)
    assert tab.pane.subject_id is None


def test_a_person_who_is_erased_meanwhile_disappears(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    open_person(qtbot, tab, person)
    do(tab._context, lambda session: session.delete(session.get_one(Subject, person)))
    qtbot.waitUntil(lambda: tab.pane.currentWidget() is tab.pane.nobody)


def test_what_another_tab_changes_shows_at_once(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    open_person(qtbot, tab, person)
    do(
        tab._context,
        lambda session: retention.set_hold(
            session, person, kind=HoldKind.INVESTIGATION, reason="x", review_on=dt.date(2027, 1, 1), today=TODAY
        ),
    )
    qtbot.waitUntil(lambda: [badge.text() for badge in tab.pane.card._badges] == ["Utredning – gallras inte"])


def test_enter_opens_a_value_whole(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    open_person(qtbot, tab, person)
    table = tab.pane.card.table
    table.setFocus()
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_Return)
    shown = dialog(ValueDialog)
    assert shown.value.value() == "Åsa Öberg"
    texts = [label.text() for label in shown.findChildren(QLabel)]
    assert any("IT-leverantörer" in text for text in texts)
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    assert not shown.isVisible()


@pytest.mark.parametrize("name", CANARIES, ids=["markup", "formula", "endless", "right-to-left"])
def test_strange_names_come_out_as_text(qtbot: QtBot, tab: LookupTab, name: str) -> None:
    subject_id = do(
        tab._context, lambda session: make_subject(session, name, values={**CUSTOMER, "complaint": name}).id
    )
    find(qtbot, tab, "asa@example.com")
    tab.table.select_id(subject_id)
    qtbot.waitUntil(lambda: tab.pane.subject_id == subject_id)
    shown = tab.pane.card.name.text()
    assert shown[:3] == name[:3]
    assert len(shown) <= 60
    assert "\u202e" not in "".join([shown, *cells(tab, 1), tab.table.rows.text_at(0, 0), tab.why.title.text()])
    for label in tab.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
    assert tab.pane.card.minimumSizeHint().width() < 1000
    assert name not in tab.window().windowTitle()


def test_a_narrow_tab_shows_one_pane_at_a_time(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    tab.resize(700, 540)
    find(qtbot, tab, "öberg")
    assert tab.left.isVisible()
    assert not tab.right.isVisible()
    QTest.keyClick(tab.box, Qt.Key.Key_Return)
    QTest.keyClick(tab.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: tab.pane.subject_id == person)
    assert tab.right.isVisible()
    assert not tab.left.isVisible()
    tab.back_action.trigger()
    assert tab.left.isVisible()


def test_everything_can_be_reached_by_name(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    open_person(qtbot, tab, person)
    nameless = [
        button
        for button in tab.findChildren(QPushButton)
        if button.isVisible() and not button.accessibleName() and not button.text()
    ]
    assert nameless == []
    assert tab.box.accessibleName()
    assert tab.table.accessibleName()
    assert not [made for made in QApplication.topLevelWidgets() if isinstance(made, QDialog) and made.isVisible()]
