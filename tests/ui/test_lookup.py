"""Registrerade: what the officer sees, does and leaves behind."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import shiboken6
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.domain.channels import MarketingChannel
from app.domain.rights import Right
from app.domain.subjects import HoldKind, Protection
from app.services import retention
from app.ui.context import Context
from app.ui.kit.badges import BADGE_ROLE
from app.ui.kit.messages import QuestionBox
from app.ui.lookup.forms import ExtractForm, Form, HoldForm, OptOutForm, ReasonForm
from app.ui.lookup.tab import LookupTab, whole_terms
from app.ui.lookup.value import ValueDialog
from db.models import Attachment, Hold, Lookup, LookupSource, OptOut, Request, RequestRight, Subject
from tests.factories import CUSTOMER, NOW, TODAY, make_datum, make_request, make_source, make_subject
from tests.services.conftest import audited
from tests.ui.typing import replace_text, type_text

CANARIES = ("<b>x</b>", "=1+1", "x" * 40_000, "Åsa\u202eGrebö")


@pytest.fixture
def tab(qtbot: QtBot, context: Context) -> LookupTab:
    made = LookupTab(context)
    qtbot.addWidget(made)
    made.resize(1366, 640)
    made.show()
    qtbot.waitUntil(lambda: not context.jobs.is_busy)
    return made


@pytest.fixture
def person(context: Context) -> int:
    with context.vault.store.write(NOW) as session:
        subject = make_subject(
            session, values={**CUSTOMER, "password": "hemligt"}, relation_end_on=dt.date(2024, 3, 31)
        )
        return subject.id


def do(context: Context, act: Callable[[Any], Any]) -> Any:
    with context.vault.store.write(NOW) as session:
        return act(session)


def stored(context: Context, query: Any) -> Any:
    with context.vault.store.read() as session:
        return session.scalars(query).all()


def dialog(kind: type[Any]) -> Any:
    return next(made for made in QApplication.topLevelWidgets() if isinstance(made, kind) and made.isVisible())


def press_ctrl_enter(qtbot: QtBot, form: Form) -> None:
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    QTest.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def find(qtbot: QtBot, tab: LookupTab, text: str) -> None:
    replace_text(tab.box, text)
    qtbot.waitUntil(lambda: not tab._typing.isActive() and not tab._context.jobs.is_busy and bool(tab._hits))


def open_person(qtbot: QtBot, tab: LookupTab, subject_id: int, text: str = "öberg åsa") -> None:
    find(qtbot, tab, text)
    tab.table.select_id(subject_id)
    qtbot.waitUntil(lambda: tab.pane.subject_id == subject_id)


def cells(tab: LookupTab, column: int) -> list[str]:
    table = tab.pane.card.table
    return [table.rows.text_at(place, column) for place in range(table.rows.rowCount())]


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
    assert set(cells(tab, 4)) == {"Avtal (Art. 6.1 b)"}
    assert cells(tab, 6)[0] == "2029-03-31"
    assert audited(tab._context.vault.store, Action.SUBJECT_READ) == [(Action.SUBJECT_READ, {})]


def test_a_value_without_activity_lacks_its_ground(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    def add(session: Any) -> None:
        lost = make_source(session, "Gammal lista", activity="finns_inte")
        make_datum(session, session.get_one(Subject, person), "segment", "Kaffe", source=lost)

    do(tab._context, add)
    open_person(qtbot, tab, person)
    place = cells(tab, 0).index("Kundsegment")
    table = tab.pane.card.table
    assert table.rows.text_at(place, 4) == "Saknar grund"
    assert table.rows.data(table.rows.index(place, 4), BADGE_ROLE) is not None
    assert table.rows.text_at(place, 3) == "–"


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


def test_a_hold_is_set_and_lifted(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    open_person(qtbot, tab, person)
    card = tab.pane.card
    QTest.mouseClick(card.hold_button, Qt.MouseButton.LeftButton)
    form = dialog(HoldForm)
    form.submit()
    assert form.fields["reason"].problem_text()
    type_text(form.fields["reason"].editor, "Tvist om faktura")
    form.submit()
    qtbot.waitUntil(lambda: card.lift_button.isVisibleTo(tab))
    assert [badge.text() for badge in card._badges] == ["Tvist – gallras inte"]
    hold = stored(tab._context, sa.select(Hold))[0]
    assert (hold.kind, hold.reason, hold.review_on) == (HoldKind.DISPUTE, "Tvist om faktura", dt.date(2027, 5, 21))
    assert set(cells(tab, 6)) == {"Stoppad"}
    QTest.mouseClick(card.lift_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(dialog(QuestionBox).verb_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not card.lift_button.isVisibleTo(tab))
    assert stored(tab._context, sa.select(Hold.lifted_on)) == [TODAY]


def test_a_hold_that_is_refused_keeps_what_was_typed(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    open_person(qtbot, tab, person)
    QTest.mouseClick(tab.pane.card.hold_button, Qt.MouseButton.LeftButton)
    form = dialog(HoldForm)
    type_text(form.fields["reason"].editor, "Utredning")
    replace_text(form.fields["review_on"].editor, "2026-11-22")
    form.submit()
    assert form.isVisible()
    assert form.fields["review_on"].problem_text()
    assert form.fields["reason"].value() == "Utredning"
    assert stored(tab._context, sa.select(Hold)) == []


def test_marketing_is_stopped_per_channel(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    open_person(qtbot, tab, person)
    QTest.mouseClick(tab.pane.card.opt_out_button, Qt.MouseButton.LeftButton)
    form = dialog(OptOutForm)
    form.submit()
    assert form.fields["channels"].problem_text()
    form._channels.buttons["sms"].click()
    form.submit()
    qtbot.waitUntil(lambda: bool(tab.pane.card._badges))
    assert tab.pane.card._badges[0].text() == "Reklamspärr: sms"
    assert stored(tab._context, sa.select(OptOut.channel)) == [MarketingChannel.SMS]
    QTest.mouseClick(tab.pane.card.opt_out_button, Qt.MouseButton.LeftButton)
    assert not dialog(OptOutForm)._channels.buttons["sms"].isEnabled()


def test_an_extract_opens_the_request_that_is_there(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    request_id = do(tab._context, lambda session: make_request(session, subject=session.get_one(Subject, person)).id)
    open_person(qtbot, tab, person)
    with qtbot.waitSignal(tab._context.ways.request_wanted) as heard:
        QTest.mouseClick(tab.pane.card.extract_button, Qt.MouseButton.LeftButton)
    assert heard.args == [request_id]


def test_an_extract_that_was_asked_for_makes_a_request(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    open_person(qtbot, tab, person)
    QTest.mouseClick(tab.pane.card.extract_button, Qt.MouseButton.LeftButton)
    form = dialog(ExtractForm)
    replace_text(form.fields["received_on"].editor, "i går")
    with qtbot.waitSignal(tab._context.ways.request_wanted) as heard:
        press_ctrl_enter(qtbot, form)
    request = stored(tab._context, sa.select(Request))[0]
    assert heard.args == [request.id]
    assert (request.subject_id, request.received_on) == (person, dt.date(2026, 11, 21))
    assert stored(tab._context, sa.select(RequestRight.right)) == [Right.ACCESS]


def test_an_extract_for_the_office_itself_is_stored_and_offered(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    open_person(qtbot, tab, person)
    QTest.mouseClick(tab.pane.card.extract_button, Qt.MouseButton.LeftButton)
    form = dialog(ExtractForm)
    form._kind.buttons[ExtractForm.OWN].click()
    assert not form.fields["received_on"].isVisibleTo(form)
    form.submit()
    qtbot.waitUntil(lambda: len(stored(tab._context, sa.select(Attachment.id))) == 1, timeout=20_000)
    qtbot.waitUntil(lambda: not shiboken6.isValid(form))
    assert stored(tab._context, sa.select(Attachment.kind)) == ["extract"]
    assert stored(tab._context, sa.select(Request)) == []


def band_for(qtbot: QtBot, tab: LookupTab) -> int:
    request_id = int(do(tab._context, lambda session: make_request(session).id))
    tab._context.ways.lookup_wanted.emit(request_id)
    qtbot.waitUntil(lambda: tab.band.isVisibleTo(tab) and not tab._context.jobs.is_busy)
    return request_id


def test_a_search_for_a_request_is_recorded_with_every_register(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    do(tab._context, lambda session: make_source(session, "Nyhetsbrev"))
    request_id = band_for(qtbot, tab)
    assert tab.band.title.text().startswith("Du söker för B-2026-")
    assert tab.box.text() == "Åsa Öberg"
    assert not tab.band.yes_button.isEnabled()
    qtbot.waitUntil(lambda: bool(tab._hits))
    tab.table.select_id(person)
    qtbot.waitUntil(tab.band.yes_button.isEnabled)
    QTest.mouseClick(tab.band.yes_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.band.done_button.isVisibleTo(tab))
    assert tab.band.text.text() == "Kundregister: 9 träffar\nNyhetsbrev: inget"
    with qtbot.waitSignal(tab._context.ways.request_wanted) as heard:
        QTest.keyClick(tab.band.done_button, Qt.Key.Key_Space)
    assert heard.args == [request_id]
    assert not tab.band.isVisibleTo(tab)
    assert stored(tab._context, sa.select(Request.subject_id)) == [person]
    assert stored(tab._context, sa.select(Lookup.terms)) == [["Åsa Öberg"]]
    assert sorted(stored(tab._context, sa.select(LookupSource.found))) == [0, 9]
    assert len(audited(tab._context.vault.store, Action.HIT_CONFIRMED)) == 1


def test_that_nobody_was_found_is_an_answer(qtbot: QtBot, tab: LookupTab) -> None:
    do(tab._context, make_source)
    band_for(qtbot, tab)
    QTest.mouseClick(tab.band.term_buttons[1], Qt.MouseButton.LeftButton)
    assert tab.box.text() == "asa@example.com"
    qtbot.waitUntil(lambda: not tab._typing.isActive() and not tab._context.jobs.is_busy)
    QTest.mouseClick(tab.band.no_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.band.done_button.isVisibleTo(tab))
    assert tab.band.text.text() == "Kundregister: inget"
    assert stored(tab._context, sa.select(Lookup.terms)) == [["Åsa Öberg", "asa@example.com"]]
    assert stored(tab._context, sa.select(Request.subject_id)) == [None]


def test_a_search_can_be_dropped(qtbot: QtBot, tab: LookupTab) -> None:
    band_for(qtbot, tab)
    QTest.mouseClick(tab.band.drop_button, Qt.MouseButton.LeftButton)
    assert not tab.band.isVisibleTo(tab)
    assert stored(tab._context, sa.select(Lookup)) == []


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
