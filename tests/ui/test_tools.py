"""The pages of the tools: trail, backups, restore, passphrase, company, about."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.domain.errors import UserError
from app.security import vault_file
from app.services import audit, organisation
from app.ui.comfort import Comfort
from app.ui.context import Context
from app.ui.kit.forms import open_form
from app.ui.kit.theme import Tone
from app.ui.tools.about import AboutPage, system_info
from app.ui.tools.company import CompanyPage
from app.ui.tools.log import LogPage
from app.ui.tools.passphrase import PassphraseForm
from app.ui.window import MainWindow
from db.queries import trail
from tests.ui.conftest import NOW, PASSPHRASE, USER
from tests.ui.typing import replace_text, type_text


@pytest.fixture
def window(qtbot: QtBot, context: Context) -> Iterator[MainWindow]:
    made = MainWindow(context, Comfort())
    made.show()
    made.begin()
    yield made
    context.jobs.close()
    made.hide()
    made.deleteLater()


def shown(qtbot: QtBot, page: QWidget) -> None:
    qtbot.addWidget(page)
    page.resize(1300, 700)
    page.show()


def events(context: Context) -> int:
    """Return how many acts the trail holds."""
    with context.vault.store.read() as session:
        return len(trail.ids(session, trail.Filter()))


def test_the_log_shows_who_did_what_newest_first(qtbot: QtBot, context: Context) -> None:
    page = LogPage(context)
    shown(qtbot, page)
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == events(context))
    assert page.table.rows.text_at(0, 3) == "Valvet öppnades"
    assert page.table.rows.text_at(0, 2) == USER
    assert page.table.rows.text_at(0, 1) == "2026-11-22 10.00.00"
    assert page.count.text() == f"{events(context)} händelser"


def test_an_answer_to_an_older_filter_does_not_count(qtbot: QtBot, context: Context) -> None:
    page = LogPage(context)
    shown(qtbot, page)
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == events(context))
    page._answer(page._asked - 1, ([], []))
    assert page.table.rows.rowCount() == events(context)
    page._answer(page._asked, ([], []))
    assert page.table.rows.rowCount() == 0


def test_the_log_can_be_filtered_and_the_filter_cleared(qtbot: QtBot, context: Context) -> None:
    page = LogPage(context)
    shown(qtbot, page)
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == events(context))
    assert not page.clear_button.isVisible()
    page.action.set_value(Action.VAULT_CREATED.value)
    page.action.changed.emit()
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 1)
    assert page.clear_button.isVisible()
    QTest.mouseClick(page.clear_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == events(context))
    type_text(page.since.line, "+1")
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 0)
    assert page.table.empty.isVisible()
    replace_text(page.since.line, "idag")
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == events(context))


def test_a_whole_chain_is_said_with_its_sum(qtbot: QtBot, context: Context) -> None:
    page = LogPage(context)
    shown(qtbot, page)
    QTest.mouseClick(page.verify_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.verdict.isVisible)
    assert page.verdict.title.text() == "Loggen är hel"
    assert page.verdict.text.text() == f"{events(context)} händelser, obrutna sedan 2026-11-22."
    assert page.verdict.tone is Tone.OK


def test_a_changed_row_is_found_and_named(qtbot: QtBot, context: Context) -> None:
    with context.vault.store.write(NOW) as session:
        for name in session.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            if "audit" in name:
                session.execute(sa.text(f'DROP TRIGGER "{name}"'))
        session.execute(sa.text("UPDATE audit_entry SET user = 'Någon annan' WHERE seq = 2"))
    page = LogPage(context)
    shown(qtbot, page)
    QTest.mouseClick(page.verify_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.verdict.isVisible)
    assert page.verdict.title.text() == "Loggen är ändrad"
    assert "Händelse 2" in page.verdict.text.text()
    assert page.verdict.tone is Tone.DANGER


def test_the_trail_is_held_against_a_paper(qtbot: QtBot, context: Context) -> None:
    with context.vault.store.read() as session:
        paper = audit.head(session)
    with context.vault.store.write(NOW) as session:
        audit.record(session, Action.SETTING_CHANGED)
    page = LogPage(context)
    shown(qtbot, page)
    for typed, title in (
        (paper, "Loggen är hel"),
        ("#2 0000-0000-0000", "Loggen och kontrollpunkten stämmer inte överens"),
    ):
        replace_text(page.outside.line, typed)
        page.verdict.hide()
        QTest.mouseClick(page.verify_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(page.verdict.isVisible)
        assert page.verdict.title.text() == title
        assert page.outside.problem_text() == ""
    replace_text(page.outside.line, "#2 00")
    QTest.mouseClick(page.verify_button, Qt.MouseButton.LeftButton)
    assert "ingen kontrollpunkt" in page.outside.problem_text()
    assert page.verify_button.isEnabled()


def test_the_passphrase_is_changed_only_by_one_who_knows_it(
    qtbot: QtBot, context: Context, window: MainWindow, vault_folder: Path
) -> None:
    form = PassphraseForm(context, window)
    open_form(form)
    type_text(form.current.line, "inte den")
    form.new.suggest()
    chosen = form.new.value()
    QTest.mouseClick(form.verb_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(form.current.problem_text()), timeout=20_000)
    assert form.current.problem_text() == "Fel lösenfras."
    replace_text(form.current.line, PASSPHRASE)
    with qtbot.waitSignal(form.accepted, timeout=30_000):
        QTest.mouseClick(form.verb_button, Qt.MouseButton.LeftButton)
    assert vault_file.unlock(vault_folder, passphrase=chosen) == context.vault.keys
    with pytest.raises(UserError):
        vault_file.unlock(vault_folder, passphrase=PASSPHRASE)
    with context.vault.store.read() as session:
        assert trail.last_at(session, Action.PASSPHRASE_CHANGED) == NOW


def test_the_company_facts_are_shown_checked_and_stored(qtbot: QtBot, context: Context) -> None:
    page = CompanyPage(context)
    shown(qtbot, page)
    qtbot.waitUntil(lambda: page.fields["name"].value() == "iTrace")
    assert page.section.text() == "Från policyns avsnitt ”Kontakter”."
    assert not page.has_unsaved()
    type_text(page.fields["address"].editor, "Storgatan 1")
    replace_text(page.fields["email"].editor, "inte en adress")
    type_text(page.fields["orgnr"].editor, "191212121212")
    assert page.has_unsaved()
    QTest.mouseClick(page.save_button, Qt.MouseButton.LeftButton)
    assert page.fields["email"].problem_text() == "Det ser inte ut som en e-postadress."
    assert "inget organisationsnummer" in page.fields["orgnr"].problem_text()
    replace_text(page.fields["email"].editor, "dataskydd@exempel.se")
    replace_text(page.fields["orgnr"].editor, "")
    replace_text(page.fields["officer_name"].editor, "Örjan Äng")
    page.minutes.set_value("2")
    QTest.mouseClick(page.save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.save_button.isEnabled() and not page.has_unsaved(), timeout=20_000)
    with context.vault.store.read() as session:
        controller = organisation.fact(session, organisation.CONTROLLER)
        assert controller["address_lines"] == ["Storgatan 1"]
        assert controller["email"] == "dataskydd@exempel.se"
        assert controller["section"] == "Kontakter", "what the page does not show stays"
        assert organisation.fact(session, organisation.PROTECTION)["lock_minutes"] == 2
    assert context.vault.store.user == "Örjan Äng"


def test_the_lock_minutes_of_the_vault_take_hold_at_once(qtbot: QtBot, context: Context, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.status.locks.text() == "Låses om 10 min", timeout=20_000)
    change = {"lock_minutes": 2}
    context.jobs.write(lambda session, _job: organisation.change_fact(session, organisation.PROTECTION, change))
    qtbot.waitUntil(lambda: window.status.locks.text() == "Låses om 2 min", timeout=20_000)
    change = {"lock_minutes": 600}  # as a vault of before may have it
    context.jobs.write(lambda session, _job: organisation.change_fact(session, organisation.PROTECTION, change))
    qtbot.waitUntil(lambda: window.status.locks.text() == "Låses om 30 min", timeout=20_000)


def test_about_says_the_licences_and_nothing_about_the_user(qtbot: QtBot, context: Context) -> None:
    page = AboutPage(context)
    qtbot.addWidget(page)
    page.show()
    assert "PySide6-Essentials" in page.licences.toPlainText()
    assert "MIT License" in page.licences.toPlainText()
    QTest.mouseClick(page.copy_button, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == system_info()
    assert "Ombudet" in system_info()
    assert str(Path.home()) not in system_info()


def test_esc_leads_back_from_a_page_to_the_tabs(qtbot: QtBot, window: MainWindow) -> None:
    for name in ("log", "backup", "company", "about"):
        page = window.show_tool(name)
        assert window.stack.currentWidget() is page
        QTest.keyClick(page, Qt.Key.Key_Escape)
        assert window.stack.currentWidget() is window.tabs
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy, timeout=20_000)
