"""Registrerade: stops, marketing, extracts, and the search that a request asks for."""

import datetime as dt

import pytest
import shiboken6
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.domain.channels import MarketingChannel
from app.domain.rights import Right
from app.domain.subjects import HoldKind
from app.ui.context import Context
from app.ui.kit.messages import QuestionBox
from app.ui.lookup.deceased import DeceasedForm
from app.ui.lookup.forms import ExtractForm, HoldForm, OptOutForm
from app.ui.lookup.tab import LookupTab
from db.models import Attachment, Hold, Lookup, LookupSource, OptOut, Request, RequestRight, Subject
from tests.factories import CUSTOMER, TODAY, make_request, make_source, make_subject
from tests.services.conftest import audited
from tests.ui.looking import cells, dialog, do, open_person, press_ctrl_enter, shown_tab, stored
from tests.ui.typing import replace_text, type_text


@pytest.fixture
def tab(qtbot: QtBot, context: Context) -> LookupTab:
    return shown_tab(qtbot, context)


@pytest.fixture
def person(context: Context) -> int:
    values = {**CUSTOMER, "password": "hemligt"}
    return int(
        do(context, lambda session: make_subject(session, values=values, relation_end_on=dt.date(2024, 3, 31)).id)
    )


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
    assert set(cells(tab, 7)) == {"Stoppad"}
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


def test_profiled_offers_are_stopped_like_a_channel(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    open_person(qtbot, tab, person)
    QTest.mouseClick(tab.pane.card.opt_out_button, Qt.MouseButton.LeftButton)
    form = dialog(OptOutForm)
    form._channels.buttons["profiling"].click()
    form.submit()
    qtbot.waitUntil(lambda: bool(tab.pane.card._badges))
    assert tab.pane.card._badges[0].text() == "Reklamspärr: profilerade erbjudanden"
    assert stored(tab._context, sa.select(OptOut.channel)) == [MarketingChannel.PROFILING]


def test_a_death_is_noted_and_taken_back(qtbot: QtBot, tab: LookupTab, person: int) -> None:
    open_person(qtbot, tab, person)
    card = tab.pane.card
    QTest.mouseClick(card.deceased_button, Qt.MouseButton.LeftButton)
    form = dialog(DeceasedForm)
    form.submit()
    assert form.fields["how"].problem_text()
    form.fields["how"].set_value("relative")
    form.submit()
    qtbot.waitUntil(lambda: card.alive_button.isVisibleTo(tab))
    assert [badge.text() for badge in card._badges] == ["Avliden"]
    assert not card.deceased_button.isVisibleTo(tab)
    QTest.mouseClick(card.alive_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(dialog(QuestionBox).verb_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: card.deceased_button.isVisibleTo(tab))
    assert stored(tab._context, sa.select(Subject.is_deceased)) == [False]


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
    qtbot.waitUntil(lambda: len(stored(tab._context, sa.select(Attachment.id))) == 2, timeout=20_000)
    qtbot.waitUntil(lambda: not shiboken6.isValid(form))
    assert stored(tab._context, sa.select(Attachment.kind)) == ["extract", "extract_rows"]
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
    assert tab.band.text.text() == (
        "Kundregister: 9 träffar\nNyhetsbrev: gick inte att söka, inget är importerat därifrån än"
    )
    with qtbot.waitSignal(tab._context.ways.request_wanted) as heard:
        QTest.keyClick(tab.band.done_button, Qt.Key.Key_Space)
    assert heard.args == [request_id]
    assert not tab.band.isVisibleTo(tab)
    assert stored(tab._context, sa.select(Request.subject_id)) == [person]
    assert stored(tab._context, sa.select(Lookup.terms)) == [["Åsa Öberg"]]
    assert sorted(stored(tab._context, sa.select(LookupSource.found))) == [0, 9]
    assert len(audited(tab._context.vault.store, Action.HIT_CONFIRMED)) == 1


def test_that_nobody_was_found_is_an_answer(qtbot: QtBot, tab: LookupTab) -> None:
    do(tab._context, lambda session: make_subject(session, "Nils Öst", values={"city": "Malmö"}))
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
