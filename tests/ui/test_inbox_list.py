"""The list of requests: what is in it, in which order, what the badges say, and how it follows the window's width."""

import datetime as dt
from functools import partial

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.rights import Right
from app.domain.status import Question
from app.domain.subjects import Protection
from app.services import requests
from app.ui.context import Context
from app.ui.inbox.badges import Standing, deadline_badge, limit_text
from app.ui.inbox.register_dialog import RegisterDialog
from app.ui.inbox.tab import InboxTab
from app.ui.kit.theme import Tone
from tests.importers.mails import PLAIN
from tests.ui.conftest import TODAY
from tests.ui.inbox_cases import click, error_shown, shown, stored
from tests.ui.typing import type_text


def texts(tab: InboxTab, column: int) -> list[str]:
    return [tab.table.rows.text_at(row, column) for row in range(tab.table.rows.rowCount())]


def has_selected(tab: InboxTab, request_id: int) -> bool:
    return tab.table.selected_id() == request_id


@pytest.mark.parametrize(
    ("due", "changes", "words", "tone"),
    [
        ("2026-11-20", {}, "Försenad 2 dagar", Tone.DANGER),
        ("2026-11-22", {}, "Sista dagen i dag", Tone.DANGER),
        ("2026-11-23", {}, "1 dag kvar", Tone.WARN),
        ("2026-11-29", {}, "7 dagar kvar", Tone.WARN),
        ("2026-11-30", {}, "8 dagar kvar", Tone.INFO),
        ("2027-01-26", {"extended_on": TODAY}, "Förlängd till 26 jan", Tone.HOLD),
        ("2026-11-25", {"extended_on": TODAY}, "3 dagar kvar", Tone.WARN),
        ("2026-11-20", {"is_paused": True}, "Pausad", Tone.HOLD),
        ("2026-11-20", {"sent_on": dt.date(2026, 11, 20)}, "Besvarad", Tone.OK),
        ("2026-11-20", {"sent_on": dt.date(2026, 11, 22)}, "Besvarad 2 dagar sent", Tone.WARN),
        ("2026-11-20", {"closed_on": TODAY}, "Avslutad", Tone.NEUTRAL),
    ],
)
def test_the_badge_says_in_words_where_the_deadline_stands(
    due: str, changes: dict[str, dt.date], words: str, tone: Tone
) -> None:
    plain = {"sent_on": None, "closed_on": None, "extended_on": None, "is_paused": False}
    text, badge = deadline_badge(Standing(due_on=dt.date.fromisoformat(due), **{**plain, **changes}), TODAY)  # type: ignore[arg-type]
    assert (text, badge.tone) == (words, tone)


def test_the_goal_stands_before_the_last_lawful_day_only_when_they_differ() -> None:
    goal, due = dt.date(2026, 12, 23), dt.date(2026, 12, 28)
    both = limit_text(goal, due)
    assert both.index("23 december") < both.index("28 december")
    assert limit_text(due, due) == "Svara senast måndag 28 december 2026."


def test_the_list_is_sorted_by_deadline_and_can_be_sorted_by_name_in_swedish_order(
    qtbot: QtBot, context: Context
) -> None:
    for name, day in (("Örjan Äng", 3), ("Zeta Ek", 1), ("Åsa Öberg", 2)):
        stored(context, name, received_on=dt.date(2026, 11, day))
    tab = shown(qtbot, context)
    qtbot.waitUntil(lambda: tab.table.rows.rowCount() == 3)
    assert texts(tab, 1) == ["Zeta Ek", "Åsa Öberg", "Örjan Äng"]
    tab.table.sort_requested.emit("who", False)
    qtbot.waitUntil(lambda: texts(tab, 1)[0] == "Örjan Äng")
    assert texts(tab, 1) == ["Örjan Äng", "Åsa Öberg", "Zeta Ek"]
    assert tab.count.text() == "3 begäranden, 1 markerad"


def test_the_chips_count_what_is_late_soon_and_waiting(qtbot: QtBot, context: Context) -> None:
    late = stored(context, "Sen Person", received_on=dt.date(2026, 10, 20))
    soon = stored(context, "Snar Person", received_on=dt.date(2026, 10, 26))
    waiting = stored(context, "Vänta Person", received_on=dt.date(2026, 10, 19))
    with context.vault.store.write(context.now()) as session:
        requests.pause(session, waiting, question=Question.IDENTITY, reason="okänd", asked_on=dt.date(2026, 10, 20))
    tab = shown(qtbot, context)
    qtbot.waitUntil(lambda: tab.chips.buttons["open"].text() == "Öppna 3")
    found = {key: chip.text() for key, chip in tab.chips.buttons.items()}
    assert found == {
        "open": "Öppna 3",
        "overdue": "Försenade 1",
        "soon": "Frist inom 7 dagar 1",
        "waiting": "Väntar på svar 1",
        "closed": "Avslutade 0",
    }
    for key, expected in (("overdue", late), ("soon", soon), ("waiting", waiting)):
        click(tab.chips.buttons[key])
        qtbot.waitUntil(partial(has_selected, tab, expected))
        assert tab.table.rows.rowCount() == 1


def test_an_unidentified_person_who_has_no_letter_yet_stays_open_and_due(qtbot: QtBot, context: Context) -> None:
    from app.domain.request_facts import Decision
    from app.domain.status import Outcome

    request_id = stored(context, received_on=dt.date(2026, 10, 20))
    with context.vault.store.write(context.now()) as session:
        requests.pause(session, request_id, question=Question.IDENTITY, reason="okänd", asked_on=TODAY)
        requests.resume(session, request_id, answered_on=TODAY)
        decision = Decision(right=Right.ACCESS, outcome=Outcome.UNIDENTIFIED, reason="svarade inte")
        requests.decide(session, request_id, decision, today=TODAY)
    tab = shown(qtbot, context)
    qtbot.waitUntil(lambda: tab.chips.buttons["overdue"].text() == "Försenade 1")
    assert tab.table.rows.rowCount() == 1


def test_the_filter_finds_by_name_and_can_be_cleared(qtbot: QtBot, context: Context) -> None:
    stored(context, "Åsa Öberg")
    stored(context, "Karl Ek")
    tab = shown(qtbot, context)
    qtbot.waitUntil(lambda: tab.table.rows.rowCount() == 2)
    QTest.keyClick(tab.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert tab.search.hasFocus()
    type_text(tab.search, "öber")
    qtbot.waitUntil(lambda: texts(tab, 1) == ["Åsa Öberg"])
    type_text(tab.search, "zzz")
    qtbot.waitUntil(tab.table.empty.isVisible)
    assert tab.table.empty.text.text() == "Inga träffar i listan."
    click(tab.table.empty.button)
    qtbot.waitUntil(lambda: tab.table.rows.rowCount() == 2)


def test_an_empty_list_says_how_to_begin(qtbot: QtBot, context: Context) -> None:
    tab = shown(qtbot, context)
    qtbot.waitUntil(tab.table.empty.isVisible)
    assert "Släpp ett mejl här" in tab.table.empty.text.text()
    click(tab.table.empty.button)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), RegisterDialog))


def test_the_list_keeps_the_selected_request_when_news_come(qtbot: QtBot, context: Context) -> None:
    stored(context, "Åsa Öberg", received_on=dt.date(2026, 11, 1))
    second = stored(context, "Karl Ek", received_on=dt.date(2026, 11, 2))
    tab = shown(qtbot, context, second)
    stored(context, "Först Nu", received_on=dt.date(2026, 10, 25))
    qtbot.waitUntil(lambda: tab.table.rows.rowCount() == 3)
    assert tab.table.selected_id() == second


def test_a_request_that_is_wanted_is_shown_whichever_view_it_is_in(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context, until="letter")
    other = stored(context, "Karl Ek")
    from app.domain.status import DeliveryMethod

    with context.vault.store.write(context.now()) as session:
        requests.mark_sent(session, request_id, method=DeliveryMethod.LETTER, sent_on=TODAY, today=TODAY)
        requests.close(session, request_id, today=TODAY)
    tab = shown(qtbot, context, other)
    context.ways.request_wanted.emit(request_id)
    qtbot.waitUntil(lambda: tab.pane.case is not None and tab.pane.case.request.id == request_id)
    assert tab.chips.value() == "closed"
    assert tab.pane.card.title.text() == "Ärendet är avslutat"


def test_a_narrow_window_shows_one_pane_at_a_time(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context)
    tab = shown(qtbot, context, request_id)
    assert tab.list_side.isVisible()
    assert tab.pane.isVisible()
    tab.resize(700, 480)
    qtbot.waitUntil(lambda: not tab.pane.isVisible())
    tab.table.setFocus()
    QTest.keyClick(tab.table, Qt.Key.Key_Return)
    tab.pane.focus_first()
    assert tab.pane.isVisible()
    assert not tab.list_side.isVisible()
    QTest.keyClick(tab.pane.card.buttons[0], Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert tab.list_side.isVisible()
    assert not tab.pane.isVisible()


def test_a_protected_person_has_a_lock_in_the_list_and_a_warning_on_the_page(qtbot: QtBot, context: Context) -> None:
    request_id = stored(context, "Ylva Ros", protection=Protection.CONFIDENTIAL)
    tab = shown(qtbot, context, request_id)
    assert tab.table.rows.columns[1].icon(tab.table.rows.row_at(0)) == "lock"  # type: ignore[misc]
    assert tab.pane.protected.isVisible()
    assert "Aldrig med e-post" in tab.pane.protected.text.text()


def test_the_message_is_shown_as_it_was_written(qtbot: QtBot, context: Context) -> None:
    tab = shown(qtbot, context, stored(context))
    click(tab.pane.chips.buttons["message"])
    assert tab.pane.message.isVisible()
    assert "<b>Vilka uppgifter</b>" in tab.pane.message.text.toPlainText()


def test_a_mail_dropped_on_the_tab_opens_a_prefilled_form(qtbot: QtBot, context: Context) -> None:
    tab = shown(qtbot, context)
    data = QMimeData()
    data.setData("message/rfc822", PLAIN)
    drop(tab, data)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), RegisterDialog), timeout=20_000)


def test_a_file_that_is_no_mail_is_refused_with_the_remedy(qtbot: QtBot, context: Context) -> None:
    tab = shown(qtbot, context)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("brev.pst")])
    drop(tab, data)
    assert "spara breven för sig, som .msg eller .eml" in error_shown()


def drop(tab: InboxTab, data: QMimeData) -> None:
    place, buttons, none = QPointF(20, 200), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place.toPoint(), Qt.DropAction.CopyAction, data, buttons, none)
    QApplication.sendEvent(tab, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(tab, QDropEvent(place, Qt.DropAction.CopyAction, data, buttons, none))
