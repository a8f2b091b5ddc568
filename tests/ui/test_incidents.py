"""The tab Incidenter: a new incident, six steps that save themselves, the decision, the copy desk and what comes after."""

import datetime as dt
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.domain.severity import Risk, SeverityInput
from app.services import drafts, incidents
from app.services.demo_incidents import MISDELIVERY
from app.ui.context import Context
from app.ui.exports import SaveAs
from app.ui.incidents.acts import PaperDialog
from app.ui.incidents.decision_form import Choice, problems
from app.ui.incidents.dialogs import InformedDialog, NewIncidentDialog, NotifiedDialog, new_problems, notified_problems
from app.ui.incidents.moments import MomentField
from app.ui.incidents.page import IncidentPage
from app.ui.incidents.tab import IncidentsTab
from db.models import Attachment, AuditEntry, Incident
from tests.ui.conftest import NOW, TODAY
from tests.ui.typing import replace_text, type_text

W = TypeVar("W", bound=QWidget)
HOUR = dt.timedelta(hours=1)


def make(context: Context, *, hours_ago: float = 10, is_assessed: bool = False, **answers: Any) -> int:
    with context.vault.store.write(NOW) as session:
        incident = incidents.log(
            session, title="Felskickat brev", aware_at=NOW - hours_ago * HOUR, answers=answers, now=NOW
        )
        if is_assessed:
            incidents.assess(session, incident.id, SeverityInput(dpc=3, ei=1, confidentiality=0.25))
        return incident.id


def complete(context: Context, *, hours_ago: float = 10) -> int:
    rest: dict[str, Any] = {"measures": "Breven hämtades.", "subjects_informed": "will", "will_inform_at": "2026-11-23"}
    postal = {"controller.postal": "Storgatan 1\n752 31 Uppsala"}
    return make(context, hours_ago=hours_ago, is_assessed=True, **{**MISDELIVERY, **rest, **postal})


def shown(qtbot: QtBot, context: Context) -> IncidentsTab:
    tab = IncidentsTab(context)
    qtbot.addWidget(tab)
    tab.resize(1300, 700)
    tab.show()
    idle(qtbot, context)
    return tab


def opened(qtbot: QtBot, context: Context, incident_id: int) -> tuple[IncidentsTab, IncidentPage]:
    tab = shown(qtbot, context)
    context.ways.incident_wanted.emit(incident_id)
    idle(qtbot, context)
    return tab, tab.page


def idle(qtbot: QtBot, context: Context) -> None:
    qtbot.waitUntil(lambda: not context.jobs.is_busy)
    QApplication.processEvents()
    qtbot.waitUntil(lambda: not context.jobs.is_busy)


def stored(context: Context, incident_id: int) -> Incident:
    with context.vault.store.read() as session:
        incident = session.get_one(Incident, incident_id)
        session.expunge(incident)
        return incident


def acts(context: Context, action: Action) -> int:
    query = sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.action == action)
    with context.vault.store.read() as session:
        return session.scalar(query) or 0


def window(kind: type[W]) -> W:
    found = [one for one in QApplication.allWidgets() if isinstance(one, kind) and one.isVisible()]
    assert len(found) == 1
    return found[0]


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
        assert drafts.keys(session) == []


def test_a_half_typed_date_is_kept_when_the_whole_window_goes(qtbot: QtBot, context: Context) -> None:
    tab, page = opened(qtbot, context, make(context))
    page.go_to_step(2)
    replace_text(page.area.fields["occurred_from"].editor, "2026-11-1")
    tab.hide()
    idle(qtbot, context)
    with context.vault.store.read() as session:
        assert drafts.keys(session) == ["IncidentPage|I-2026-001"]


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


def test_the_severity_is_summed_live_and_stored(qtbot: QtBot, context: Context) -> None:
    incident_id = make(context)
    _tab, page = opened(qtbot, context, incident_id)
    page.go_to_step(4)
    form = page.area.severity
    for code, value in {
        "dpc": "3",
        "ei": "1",
        "confidentiality": "0.25",
        "integrity": "0",
        "availability": "0",
    }.items():
        form.fields[code].buttons[value].click()
    assert "1 frågor till" in form.result.text.text()
    form.fields["malicious"].buttons["0"].click()
    assert form.result.title.text() == "Hög risk 3,25 = 3 × 1 + 0,25"
    assert "informera de berörda" in form.result.text.text()
    page.saving.flush()
    idle(qtbot, context)
    assert stored(context, incident_id).score == 3.25
    qtbot.waitUntil(lambda: page.desk.rows["severity"].text.text() == "Hög")


def test_a_decision_as_suggested_needs_no_reason(qtbot: QtBot, context: Context) -> None:
    incident_id = make(context, is_assessed=True)
    _tab, page = opened(qtbot, context, incident_id)
    page.go_to_step(6)
    page.area.decision.risk.buttons["high"].click()
    assert (page.area.decision.notify.value(), page.area.decision.inform.value()) == ("yes", "yes")
    page.finish_step()
    idle(qtbot, context)
    incident = stored(context, incident_id)
    assert (incident.risk, incident.is_notify, incident.is_inform) == (Risk.HIGH, True, True)
    qtbot.waitUntil(lambda: page.area.next_step.title.text() == "Nästa steg: anmäl till IMY")
    assert not page.area.decision.has_unsaved()


def test_a_deviating_decision_needs_a_reason(qtbot: QtBot, context: Context) -> None:
    incident_id = make(context, is_assessed=True)
    _tab, page = opened(qtbot, context, incident_id)
    page.go_to_step(6)
    decision = page.area.decision
    decision.risk.buttons["unlikely"].click()
    decision.save_button.click()
    assert "Skriv varför" in decision.reason.problem_text()
    assert stored(context, incident_id).risk is None
    type_text(decision.reason.editor, "Brevet kom tillbaka oöppnat.")
    decision.save_button.click()
    idle(qtbot, context)
    incident = stored(context, incident_id)
    assert (incident.risk, incident.decision_reason) == (Risk.UNLIKELY, "Brevet kom tillbaka oöppnat.")
    qtbot.waitUntil(lambda: "anmäls inte" in page.clock.ring.accessibleName())


def test_without_an_assessment_nothing_can_be_decided(qtbot: QtBot, context: Context) -> None:
    _tab, page = opened(qtbot, context, make(context))
    page.go_to_step(6)
    assert not page.area.decision.save_button.isEnabled()
    assert "steg 4" in page.area.next_step.title.text()


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        (Choice(None, None, None, ""), "risk"),
        (Choice(Risk.RISK, False, False, "skäl"), "notify"),
        (Choice(Risk.UNLIKELY, False, True, "skäl"), "inform"),
        (Choice(Risk.RISK, True, True, ""), "reason"),
        (Choice(Risk.HIGH, True, True, ""), "reason"),
    ],
)
def test_what_is_wrong_with_a_decision_is_told_by_its_field(choice: Choice, field: str) -> None:
    assert list(problems(choice, Risk.RISK)) == [field]


def test_the_copy_desk_copies_one_answer_and_all(qtbot: QtBot, context: Context) -> None:
    _tab, page = opened(qtbot, context, complete(context))
    row = page.desk.rows["description"]
    assert row.title.text() == "Beskriv vad som har hänt"
    assert row.left.text() == f"{2000 - len(str(MISDELIVERY['description']))} tecken kvar"
    row.copy_button.click()
    assert QGuiApplication.clipboard().text() == MISDELIVERY["description"]
    page.desk.copy_all_button.click()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("1. Namnet på den personuppgiftsansvarige")
    assert "30. Hur har ni agerat efter incidenten?\nBreven hämtades." in copied
    assert "SAKNAS" not in copied


def test_a_missing_answer_is_named_with_its_step_and_leads_there(qtbot: QtBot, context: Context) -> None:
    _tab, page = opened(qtbot, context, make(context))
    row = page.desk.rows["measures"]
    assert row.missing.text().strip() == "SAKNAS – steg 5"
    assert not row.copy_button.isVisible()
    row.missing.click()
    assert page.area.currentIndex() == 4
    assert (
        "allmän handling" in page.desk.banner.findChildren(QWidget)[-1].accessibleName() or page.desk.banner.isVisible()
    )


def test_the_pdf_is_shown_without_being_stored_and_saved_where_the_user_chooses(
    qtbot: QtBot, context: Context, tmp_path: Path
) -> None:
    incident_id = complete(context)
    _tab, page = opened(qtbot, context, incident_id)
    page.desk.preview_button.click()
    qtbot.waitUntil(lambda: any(box.isVisible() for box in page.findChildren(PaperDialog)), timeout=10_000)
    assert window(PaperDialog).view.count() >= 2
    with context.vault.store.read() as session:
        assert session.scalars(sa.select(Attachment.id)).all() == []
    window(PaperDialog).save_button.click()
    qtbot.waitUntil(lambda: bool(page.findChildren(SaveAs)), timeout=10_000)
    (saver,) = page.findChildren(SaveAs)
    assert saver.dialog.selectedFiles()[0].endswith("anmalan_I-2026-001_v1.pdf")
    saver.dialog.setDirectory(str(tmp_path))
    saver.dialog.accept()
    target = tmp_path / "anmalan_I-2026-001_v1.pdf"
    qtbot.waitUntil(target.exists)
    with context.vault.store.read() as session:
        assert session.scalars(sa.select(Attachment.kind)).all() == ["notification"]
    assert target.read_bytes().startswith(b"%PDF")


def decide(context: Context, incident_id: int, risk: Risk = Risk.HIGH) -> None:
    with context.vault.store.write(NOW) as session:
        incidents.decide(session, incident_id, risk=risk)


def test_notified_informed_and_closed_one_step_after_the_other(qtbot: QtBot, context: Context) -> None:
    incident_id = complete(context)
    decide(context, incident_id)
    _tab, page = opened(qtbot, context, incident_id)
    page.go_to_step(6)
    card = page.area.next_step
    card.buttons[0].click()
    notified = window(NotifiedDialog)
    assert not notified.reason.isVisible()
    type_text(notified.reference.editor, "IMY-2026-1")
    notified.verb_button.click()
    qtbot.waitUntil(lambda: card.title.text() == "Nästa steg: informera de berörda")
    assert (stored(context, incident_id).notified_at, stored(context, incident_id).authority_reference) == (
        NOW,
        "IMY-2026-1",
    )
    assert "Komplettera senast 20 december 2026" in page.clock.moment.text()
    card.buttons[0].click()
    window(InformedDialog).verb_button.click()
    qtbot.waitUntil(lambda: card.title.text() == "Nästa steg: avsluta incidenten")
    assert stored(context, incident_id).informed_on == TODAY
    card.buttons[0].click()
    qtbot.waitUntil(lambda: card.title.text().startswith("Avslutad"))
    assert stored(context, incident_id).closed_on == TODAY
    assert not page.area.forms[1].isEnabled()
    card.buttons[0].click()
    qtbot.waitUntil(lambda: stored(context, incident_id).closed_on is None)


def test_a_late_notification_asks_why(qtbot: QtBot, context: Context) -> None:
    incident_id = complete(context, hours_ago=80)
    decide(context, incident_id)
    _tab, page = opened(qtbot, context, incident_id)
    assert page.clock.ring.accessibleName() == "−8.00 tim för sent"
    assert page.desk.rows["late_reason"].missing.text().strip() == "SAKNAS – steg 2"
    page.go_to_step(6)
    page.area.next_step.buttons[0].click()
    dialog = window(NotifiedDialog)
    assert dialog.reason.isVisible()
    dialog.verb_button.click()
    assert "Skriv varför" in dialog.reason.problem_text()
    assert stored(context, incident_id).notified_at is None
    type_text(dialog.reason.editor, "Vi visste inte omfattningen.")
    dialog.verb_button.click()
    qtbot.waitUntil(lambda: stored(context, incident_id).notified_at is not None)
    assert stored(context, incident_id).late_reason == "Vi visste inte omfattningen."


def test_a_supplement_is_offered_only_when_there_is_news(qtbot: QtBot, context: Context) -> None:
    incident_id = complete(context)
    decide(context, incident_id)
    with context.vault.store.write(NOW) as session:
        incidents.mark_notified(session, incident_id, at=NOW)
    _tab, page = opened(qtbot, context, incident_id)
    assert [made.text() for made in page.area.next_step.buttons if "omplettering" in made.text()] == []
    with context.vault.store.write(NOW) as session:
        incidents.update(session, incident_id, {"measures": "Breven hämtades och förstördes."})
    qtbot.waitUntil(lambda: any("(1 svar)" in made.text() for made in page.area.next_step.buttons))


def test_an_incomplete_file_cannot_be_closed_and_says_what_is_missing(qtbot: QtBot, context: Context) -> None:
    incident_id = make(context, is_assessed=False)
    with context.vault.store.write(NOW) as session:
        incidents.assess(session, incident_id, SeverityInput(dpc=1, ei=0.25))
        incidents.decide(session, incident_id, risk=Risk.UNLIKELY)
    _tab, page = opened(qtbot, context, incident_id)
    page.go_to_step(6)
    assert not page.area.next_step.buttons[0].isEnabled()
    assert "Dokumentationen är inte hel" in page.area.next_step.text.text()


@pytest.mark.parametrize(
    ("at", "reason", "field"),
    [
        (None, "", "at"),
        (NOW + HOUR, "", "at"),
        (NOW - 100 * HOUR, "", "at"),
        (NOW, "", "reason"),
        (NOW, "därför", None),
    ],
)
def test_the_time_of_a_notification_is_checked(at: dt.datetime | None, reason: str, field: str | None) -> None:
    found = notified_problems(at=at, aware_at=NOW - 80 * HOUR, target_at=NOW - 8 * HOUR, reason=reason, now=NOW)
    assert next(iter(found), None) == field


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
