"""From the severity figure to the closed incident: decision, copy desk, notification, information, supplement."""

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.severity import Risk, SeverityInput
from app.services import incidents
from app.services.demo_incidents import MISDELIVERY
from app.ui.context import Context
from app.ui.exports import SaveAs
from app.ui.incidents.acts import PaperDialog
from app.ui.incidents.decision_form import Choice, problems
from app.ui.incidents.dialogs import InformedDialog, NotifiedDialog, notified_problems
from db.models import Attachment
from tests.ui.conftest import NOW, TODAY
from tests.ui.incidents import HOUR, complete, decide, idle, make, opened, stored, window
from tests.ui.typing import type_text


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
