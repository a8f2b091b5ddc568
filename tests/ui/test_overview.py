"""The first tab: what waits, in words and in order, and the ways from it."""

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.subjects import HoldKind
from app.services import holds, organisation
from app.ui.context import Context
from app.ui.kit.theme import Tone
from app.ui.overview import words
from app.ui.overview.tab import OverviewTab
from db.models import Incident
from tests.factories import make_request, make_subject
from tests.ui.conftest import NOW, TODAY


@pytest.fixture
def tab(qtbot: QtBot, context: Context) -> OverviewTab:
    made = OverviewTab(context)
    qtbot.addWidget(made)
    made.resize(1300, 700)
    made.show()
    qtbot.waitUntil(lambda: bool(made.heading.text()))
    return made


def test_days_and_hours_are_said_with_their_tone() -> None:
    assert words.days_left(-2) == ("Försenad 2 dagar", Tone.DANGER)
    assert words.days_left(0) == ("I dag", Tone.DANGER)
    assert words.days_left(1) == ("1 dag kvar", Tone.WARN)
    assert words.days_left(8) == ("8 dagar kvar", Tone.INFO)
    assert words.hours_left(NOW + dt.timedelta(hours=17, minutes=24), NOW) == ("17 tim 24 min kvar", Tone.DANGER)
    assert words.hours_left(NOW + dt.timedelta(hours=40), NOW) == ("40 tim 0 min kvar", Tone.WARN)
    assert words.hours_left(NOW - dt.timedelta(hours=3), NOW) == ("Försenad 3 tim 0 min", Tone.DANGER)


def test_the_next_deadline_is_a_sentence() -> None:
    assert words.next_deadline(None, today=TODAY) == "Nästa frist: ingen."
    near = words.next_deadline(dt.date(2026, 11, 27), today=TODAY)
    assert near == "Nästa frist: fredag 27 november (5 dagar kvar)."
    late = words.next_deadline(dt.date(2026, 11, 20), today=TODAY)
    assert late == "Äldsta frist som gått ut: fredag 20 november (försenad 2 dagar)."


def test_a_backup_older_than_seven_days_is_a_warning() -> None:
    assert words.backup_warning(None, now=NOW) == "Valvet har ingen säkerhetskopia än."
    assert words.backup_warning(NOW - dt.timedelta(days=7), now=NOW) == ""
    assert "8 dagar gammal" in words.backup_warning(NOW - dt.timedelta(days=8), now=NOW)


def test_a_fresh_vault_says_that_nothing_burns_and_what_to_begin_with(qtbot: QtBot, tab: OverviewTab) -> None:
    assert tab.heading.text() == "I dag, söndag 22 november 2026"
    assert tab.next_deadline.text() == "Nästa frist: ingen."
    assert tab.table.empty.isVisible()
    assert tab.start.isVisible()
    assert len(tab.start.steps.buttons) == 5
    assert not tab.backup.isVisible()  # the list says it already


def test_what_is_late_comes_first_and_enter_opens_it(qtbot: QtBot, context: Context) -> None:
    with context.vault.store.write(NOW) as session:
        soon = make_request(session, received_on=dt.date(2026, 10, 26))
        late = make_request(session, received_on=dt.date(2026, 10, 19))
        make_request(session, received_on=TODAY)
        late_id, soon_id = late.id, soon.id
    tab = OverviewTab(context)
    qtbot.addWidget(tab)
    tab.show()
    qtbot.waitUntil(lambda: len(tab.rows) == 2)
    assert [row.target_id for row in tab.rows] == [late_id, soon_id]
    assert tab.table.rows.text_at(0, 0) == "Försenad 4 dagar"
    tab.table.select_id(0)
    with qtbot.waitSignal(context.ways.request_wanted) as heard:
        QTest.keyClick(tab.table, Qt.Key.Key_Return)
    assert heard.args == [late_id]


def test_an_incident_clock_and_a_hold_lead_to_their_tabs(qtbot: QtBot, context: Context) -> None:
    with context.vault.store.write(NOW) as session:
        subject = make_subject(session)
        holds.set_hold(
            session,
            subject.id,
            kind=HoldKind.DISPUTE,
            reason="Reklamation",
            review_on=TODAY + dt.timedelta(days=3),
            today=TODAY,
        )
        subject_id = subject.id
        session.add(
            Incident(
                number="I-2026-001", title="Prov", aware_at=NOW, target_at=NOW + dt.timedelta(hours=72), created_at=NOW
            )
        )
        session.flush()
    tab = OverviewTab(context)
    qtbot.addWidget(tab)
    tab.show()
    qtbot.waitUntil(lambda: len(tab.rows) == 2)
    kinds = [row.kind for row in tab.rows]
    assert sorted(kinds) == ["hold", "incident"]
    assert "Åsa" not in "".join(row.title + row.detail for row in tab.rows), "no names on the first page"
    with qtbot.waitSignal(context.ways.incident_wanted):
        tab.table.opened.emit(kinds.index("incident"))
    with qtbot.waitSignal(context.ways.subject_wanted) as heard:
        tab.table.opened.emit(kinds.index("hold"))
    assert heard.args == [subject_id]


def test_news_of_a_change_reloads_the_page(qtbot: QtBot, context: Context, tab: OverviewTab) -> None:
    context.jobs.write(
        lambda session, _job: organisation.change_fact(session, organisation.CONTROLLER, {"address_lines": ["Gatan 1"]})
    )
    qtbot.waitUntil(lambda: "klart" in tab.start.steps.buttons[0].accessibleName())
    assert "Inställning ändrades" in tab.events.lines[0]


def test_the_list_for_beginners_can_be_put_away_for_good(qtbot: QtBot, context: Context, tab: OverviewTab) -> None:
    QTest.mouseClick(tab.start.close_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(tab.backup.isVisible)
    assert not tab.start.isVisible()
    again = OverviewTab(context)
    qtbot.addWidget(again)
    again.show()
    qtbot.waitUntil(lambda: bool(again.heading.text()))
    assert not again.start.isVisible()


def test_a_step_leads_to_its_place(qtbot: QtBot, context: Context, tab: OverviewTab) -> None:
    with qtbot.waitSignal(context.ways.tool_wanted) as heard:
        QTest.mouseClick(tab.start.steps.buttons[4], Qt.MouseButton.LeftButton)
    assert heard.args == ["backup"]
    with qtbot.waitSignal(context.ways.tab_wanted) as told:
        QTest.mouseClick(tab.start.steps.buttons[2], Qt.MouseButton.LeftButton)
    assert told.args == ["register"]


def test_a_narrow_window_puts_the_side_under_the_list(qtbot: QtBot, tab: OverviewTab) -> None:
    tab.resize(1300, 700)
    assert tab.side.x() > tab.table.x() + 100
    tab.resize(700, 500)
    qtbot.waitUntil(lambda: tab.side.y() > tab.table.y())
