"""The tab Incidenter: the list, a new incident, and six steps that save themselves."""

import datetime as dt
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.services import drafts, incidents
from app.ui.context import Context
from app.ui.incidents.dialogs import NewIncidentDialog, new_problems
from app.ui.incidents.moments import MomentField
from app.ui.incidents.tab import IncidentsTab
from tests.ui.conftest import NOW, TODAY
from tests.ui.incidents import HOUR, acts, idle, make, opened, shown, stored, window
from tests.ui.typing import replace_text, type_text


def test_enter_starts_the_clock_and_the_page_opens(qtbot: QtBot, context: Context) -> None:
    tab = shown(qtbot, context)
    assert "Skriv upp även små" in tab.table.empty.text.text()
    tab.table.empty.button.click()
    dialog = window(NewIncidentDialog)
    assert dialog.aware_at.value() == NOW
    assert "ons 25 nov 2026" in dialog.until.title.text()
    type_text(dialog.title.line, "Brev till fel låda")
    QTest.keyClick(dialog.title.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: tab.page.incident_id is not None)
    idle(qtbot, context)
    incident = stored(context, tab.page.incident_id or 0)
    assert (incident.title, incident.aware_at) == ("Brev till fel låda", NOW)
    assert incident.target_at == NOW + 72 * HOUR
    assert tab.page.clock.ring.accessibleName() == "72.00 kvar av 72 tim"
    assert tab.page.area.title.value() == "Brev till fel låda"


def test_a_new_incident_without_title_or_in_the_future_is_not_stored(qtbot: QtBot, context: Context) -> None:
    tab = shown(qtbot, context)
    tab.new_button.click()
    dialog = window(NewIncidentDialog)
    replace_text(dialog.aware_at.line, "2026-11-23")
    dialog.verb_button.click()
    assert "utan namn" in dialog.title.problem_text()
    assert "framtiden" in dialog.aware_at.problem_text()
    assert acts(context, Action.INCIDENT_LOGGED) == 0


def test_the_list_says_how_many_hours_are_left(qtbot: QtBot, context: Context) -> None:
    make(context, hours_ago=54.6)
    make(context, hours_ago=80)
    tab = shown(qtbot, context)
    texts = [[tab.table.rows.text_at(row, column) for column in range(6)] for row in range(2)]
    assert texts[0][3:] == ["8.00 tim för sent", "Inte bedömd", "Utreds"]
    assert texts[1] == ["I-2026-001", "Felskickat brev", "2026-11-20 03.24", "17.24 tim kvar", "Inte bedömd", "Utreds"]
    assert tab.chips.buttons["open"].text() == "Öppna 2"
    ModelTester(None).check(tab.table.rows)  # type: ignore[no-untyped-call]


def test_all_three_readings_are_told_with_the_sum(qtbot: QtBot, context: Context) -> None:
    _tab, page = opened(qtbot, context, make(context))
    assert not page.clock.readings.isVisible()
    page.clock.fold.button.click()
    assert page.clock.readings.isVisible()
    words = page.clock.readings.text()
    for part in ("72 timmar, helger inräknade", "Mål, till minuten", "Timregeln", "Yttersta läsningen", "omstridd"):
        assert part in words


def test_typing_is_stored_once_after_a_pause(qtbot: QtBot, context: Context) -> None:
    incident_id = make(context)
    _tab, page = opened(qtbot, context, incident_id)
    field = page.area.fields["description"]
    type_text(field.editor, "Ett brev låg i fel låda.")
    assert page.has_unsaved()
    qtbot.waitUntil(lambda: page.state.text() == "Sparat 10.00", timeout=5000)
    assert stored(context, incident_id).answers["description"] == "Ett brev låg i fel låda."
    assert acts(context, Action.INCIDENT_UPDATED) == 1
    assert not page.has_unsaved()
    qtbot.waitUntil(lambda: page.desk.rows["description"].text.text() == "Ett brev låg i fel låda.")


def test_leaving_a_field_stores_it_at_once(qtbot: QtBot, context: Context) -> None:
    incident_id = make(context)
    tab, page = opened(qtbot, context, incident_id)
    qtbot.waitUntil(tab.isActiveWindow)
    field = page.area.fields["description"]
    field.setFocus()
    type_text(field.editor, "Åäö")
    page.area.fields["processor"].setFocus()
    idle(qtbot, context)
    assert stored(context, incident_id).answers["description"] == "Åäö"


@pytest.mark.parametrize("way", ["step", "list", "tab", "flush"])
def test_no_keystroke_is_lost_when_the_page_is_left(qtbot: QtBot, context: Context, way: str) -> None:
    incident_id = make(context)
    tab, page = opened(qtbot, context, incident_id)
    type_text(page.area.fields["description"].editor, "Ett brev")
    {"step": page.go_on, "list": tab.show_list, "tab": tab.hide, "flush": tab.flush}[way]()
    context.jobs.close()
    assert stored(context, incident_id).answers["description"] == "Ett brev"


def test_what_is_typed_while_a_save_is_under_way_stays(qtbot: QtBot, context: Context) -> None:
    incident_id = make(context)
    _tab, page = opened(qtbot, context, incident_id)
    field = page.area.fields["description"]
    type_text(field.editor, "Ett ")
    page.flush()
    type_text(field.editor, "brev")
    idle(qtbot, context)
    assert field.value() == "Ett brev"
    page.flush()
    idle(qtbot, context)
    assert stored(context, incident_id).answers["description"] == "Ett brev"


def test_a_half_typed_date_comes_back_after_the_lock(qtbot: QtBot, context: Context) -> None:
    incident_id = make(context)
    tab, page = opened(qtbot, context, incident_id)
    page.go_to_step(2)
    replace_text(page.area.fields["occurred_from"].editor, "2026-11-1")
    assert tab.has_unsaved()
    tab.flush()
    idle(qtbot, context)
    again = IncidentsTab(context)
    qtbot.addWidget(again)
    again.open_incident(incident_id)
    found = again.page.area.fields["occurred_from"]
    assert isinstance(found, MomentField)
    qtbot.waitUntil(lambda: found.line.text() == "2026-11-1")
    assert "dag och klockslag" in found.problem_text()
    with context.vault.store.read() as session:
        assert drafts.titles(session) == {}


def test_a_half_typed_date_is_kept_when_the_whole_window_goes(qtbot: QtBot, context: Context) -> None:
    tab, page = opened(qtbot, context, make(context))
    page.go_to_step(2)
    replace_text(page.area.fields["occurred_from"].editor, "2026-11-1")
    tab.hide()
    idle(qtbot, context)
    with context.vault.store.read() as session:
        assert drafts.titles(session) == {"IncidentPage|I-2026-001": "I-2026-001"}


def test_ctrl_shift_n_asks_for_a_new_incident_also_from_a_page(qtbot: QtBot, context: Context) -> None:
    tab, page = opened(qtbot, context, make(context))
    qtbot.waitUntil(tab.isActiveWindow)
    page.area.fields["description"].setFocus()
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(page.area.fields["description"].editor, Qt.Key.Key_N, modifiers)
    assert window(NewIncidentDialog).title.value() == ""


def test_an_answer_that_contradicts_another_is_not_stored_and_says_why(qtbot: QtBot, context: Context) -> None:
    incident_id = make(context, n_subjects_low=10)
    _tab, page = opened(qtbot, context, incident_id)
    page.go_to_step(3)
    high = page.area.fields["n_subjects_high"]
    type_text(high.editor, "2")
    page.saving.flush()
    assert "minsta antalet" in high.problem_text()
    assert page.has_unsaved()
    type_text(high.editor, "00")
    page.saving.flush()
    idle(qtbot, context)
    assert high.problem_text() == ""
    assert stored(context, incident_id).answers["n_subjects_high"] == 200


def test_one_wrong_answer_does_not_keep_the_others_out(qtbot: QtBot, context: Context) -> None:
    incident_id = make(context)
    _tab, page = opened(qtbot, context, incident_id)
    page.area.fields["description"].editor.setFocus()
    type_text(page.area.fields["description"].editor, "x" * 2001)
    type_text(page.area.fields["processor"].editor, "Tryckeriet")
    page.saving.flush()
    idle(qtbot, context)
    assert stored(context, incident_id).answers == {"processor": "Tryckeriet"}
    assert "1 tecken för långt" in page.area.fields["description"].problem_text()


def test_moving_the_time_of_awareness_moves_the_clock(qtbot: QtBot, context: Context) -> None:
    incident_id = make(context)
    _tab, page = opened(qtbot, context, incident_id)
    page.go_to_step(2)
    aware = page.area.fields["aware_at"]
    assert isinstance(aware, MomentField)
    replace_text(aware.line, "2026-11-20")
    replace_text(aware.clock, "1510")
    page.saving.flush()
    idle(qtbot, context)
    assert stored(context, incident_id).aware_at == dt.datetime(2026, 11, 20, 14, 10, tzinfo=dt.UTC)
    qtbot.waitUntil(lambda: "mån 23 nov 2026" in page.clock.moment.text())


def test_questions_come_into_view_when_they_apply(qtbot: QtBot, context: Context) -> None:
    _tab, page = opened(qtbot, context, make(context))
    page.go_to_step(5)
    form = page.area.forms[5]
    assert not form.fields["not_informed_reason"].isVisible()
    informed: Any = form.fields["subjects_informed"]
    informed.buttons["no"].click()
    assert form.fields["not_informed_reason"].isVisible()
    assert not form.fields["informed_at"].isVisible()


def test_a_new_incident_needs_a_time() -> None:
    assert list(new_problems(title="x", aware_at=None, now=NOW)) == ["aware_at"]


def test_the_hour_that_comes_twice_asks_which(qtbot: QtBot) -> None:
    field = MomentField("När?", lambda: TODAY)
    qtbot.addWidget(field)
    field.show()
    replace_text(field.line, "2026-10-25")
    replace_text(field.clock, "02.30")
    assert field.which.isVisible()
    assert field.value() == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)
    field.which.setCurrentIndex(1)
    assert field.value() == dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)
    replace_text(field.line, "2026-03-29")
    assert not field.which.isVisible()
    assert field.value() is None
    assert "fanns inte" in field.why_unreadable()


def test_alt_left_goes_back_to_the_list_and_keeps_the_place(qtbot: QtBot, context: Context) -> None:
    first, second = make(context), make(context, hours_ago=5)
    tab = shown(qtbot, context)
    tab.table.select_id(second)
    QTest.keyClick(tab.table, Qt.Key.Key_Return)
    idle(qtbot, context)
    assert tab.page.incident_id == second != first
    tab.back_action.trigger()
    assert tab.stack.currentWidget() is tab.list_page
    assert tab.table.selected_id() == second


def test_in_a_narrow_window_questions_and_copy_desk_take_turns(qtbot: QtBot, context: Context) -> None:
    tab, page = opened(qtbot, context, make(context))
    tab.resize(900, 500)
    assert (page.middle.isVisible(), page.desk.isVisible()) == (True, False)
    page.desk_button.click()
    assert (page.middle.isVisible(), page.desk.isVisible()) == (False, True)
    page.desk.rows["measures"].missing.click()
    assert (page.middle.isVisible(), page.desk.isVisible()) == (True, False)


def test_markup_in_a_title_is_shown_as_text(qtbot: QtBot, context: Context) -> None:
    with context.vault.store.write(NOW) as session:
        incident_id = incidents.log(session, title="<b>x</b>", aware_at=NOW, now=NOW).id
    _tab, page = opened(qtbot, context, incident_id)
    assert page.heading.text().endswith("<b>x</b>")
    assert page.heading.textFormat() == Qt.TextFormat.PlainText
