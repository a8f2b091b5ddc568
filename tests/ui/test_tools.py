"""The pages of the tools: trail, backups, restore, passphrase, company, about."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.domain.errors import UserError
from app.security import vault_file
from app.services import audit, backup, keys, organisation, vaults
from app.ui.comfort import Comfort
from app.ui.context import Context
from app.ui.kit.forms import open_form
from app.ui.kit.messages import ErrorBox
from app.ui.kit.theme import Tone
from app.ui.tools.about import AboutPage, system_info
from app.ui.tools.backup_list import told
from app.ui.tools.backups import BackupsPage
from app.ui.tools.company import CompanyPage
from app.ui.tools.log import LogPage
from app.ui.tools.passphrase import PassphraseForm
from app.ui.tools.restore import RestoreForm
from app.ui.tools.trial import TrialForm
from app.ui.window import MainWindow
from db.queries import trail
from tests.ui.conftest import NOW, PASSPHRASE, USER
from tests.ui.test_importing_again import say_yes
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


def _shown(qtbot: QtBot, page: LogPage | BackupsPage | CompanyPage) -> None:
    qtbot.addWidget(page)
    page.resize(1300, 700)
    page.show()


def events(context: Context) -> int:
    """Return how many acts the trail holds."""
    with context.vault.store.read() as session:
        return len(trail.ids(session, trail.Filter()))


def test_the_log_shows_who_did_what_newest_first(qtbot: QtBot, context: Context) -> None:
    page = LogPage(context)
    _shown(qtbot, page)
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == events(context))
    assert page.table.rows.text_at(0, 3) == "Valvet öppnades"
    assert page.table.rows.text_at(0, 2) == USER
    assert page.table.rows.text_at(0, 1) == "2026-11-22 10.00.00"
    assert page.count.text() == f"{events(context)} händelser"


def test_an_answer_to_an_older_filter_does_not_count(qtbot: QtBot, context: Context) -> None:
    page = LogPage(context)
    _shown(qtbot, page)
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == events(context))
    page._answer(page._asked - 1, ([], []))
    assert page.table.rows.rowCount() == events(context)
    page._answer(page._asked, ([], []))
    assert page.table.rows.rowCount() == 0


def test_the_log_can_be_filtered_and_the_filter_cleared(qtbot: QtBot, context: Context) -> None:
    page = LogPage(context)
    _shown(qtbot, page)
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
    _shown(qtbot, page)
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
    _shown(qtbot, page)
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
    _shown(qtbot, page)
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


def test_a_backup_is_made_proven_and_restored_beside_the_vault(
    qtbot: QtBot, context: Context, window: MainWindow, tmp_path: Path
) -> None:
    target = tmp_path / "kopior"
    target.mkdir()
    page = window.show_tool("backup")
    assert isinstance(page, BackupsPage)
    qtbot.waitUntil(lambda: bool(page.latest.text()))
    assert page.latest.text() == "Ingen kopia utanför valvet är gjord än."
    QTest.mouseClick(page.make_button, Qt.MouseButton.LeftButton)
    assert page.folder.problem_text() == "Välj en mapp som finns."
    replace_text(page.folder.line, str(target))
    QTest.mouseClick(page.make_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.result.isVisible, timeout=30_000)
    (made,) = target.glob("*.ombud-backup")
    assert made.name in page.result.text.text()
    qtbot.waitUntil(lambda: "söndag 22 november" in page.latest.text())
    with context.vault.store.read() as session:
        assert trail.last_at(session, Action.BACKUP_MADE) == NOW
        assert organisation.fact(session, organisation.PROTECTION)["backup_folder"] == str(target)
    qtbot.waitUntil(lambda: "i dag" in window.status.backup.text())
    assert "0 personer, 0 begäranden" in page.result.text.text()
    qtbot.waitUntil(lambda: page.list.table.rows.rowCount() == 1, timeout=20_000)
    QTest.mouseClick(page.trial_button, Qt.MouseButton.LeftButton)
    tried = next(form for form in window.findChildren(TrialForm) if form.isVisible())
    assert tried.source.value() == str(made)
    type_text(tried.passphrase.line, PASSPHRASE)
    with qtbot.waitSignal(tried.accepted, timeout=30_000):
        QTest.mouseClick(tried.verb_button, Qt.MouseButton.LeftButton)
    assert not list(context.vault.folder.glob("*.trial"))
    form = RestoreForm(context, window)
    open_form(form)
    form.source.set_value(str(made))
    form.place.set_value(str(tmp_path))
    replace_text(form.name.line, "Åter")
    type_text(form.passphrase.line, PASSPHRASE)
    with qtbot.waitSignal(form.accepted, timeout=30_000):
        QTest.mouseClick(form.verb_button, Qt.MouseButton.LeftButton)
    again = vaults.open_vault(tmp_path / "Åter.ombud", passphrase=PASSPHRASE, now=NOW)
    with again.store.read() as session:
        assert organisation.fact(session, organisation.CONTROLLER)["name"] == "iTrace"
    again.close(NOW)


def test_the_backups_that_there_are_are_listed_and_a_marked_one_is_tried(
    qtbot: QtBot, context: Context, window: MainWindow, tmp_path: Path
) -> None:
    place, lost = tmp_path / "kopior", tmp_path / "borta"
    for one in (place, lost):
        one.mkdir()
    older = backup.make(context.vault, place, now=NOW - dt.timedelta(days=3)).path
    backup.make(context.vault, place, now=NOW)
    backup.make(context.vault, lost, now=NOW)
    shutil.rmtree(lost)
    page = window.show_tool("backup")
    assert isinstance(page, BackupsPage)
    rows = page.list.table.rows
    qtbot.waitUntil(lambda: rows.rowCount() == 3, timeout=20_000)
    assert [(rows.text_at(row, 1), rows.text_at(row, 2)) for row in range(3)] == [
        (str(place), "Finns"),
        (str(place), "Finns"),
        (str(lost), "Mappen nås inte"),
    ]
    page.list.table.selectRow(1)
    assert not page.list.forget_button.isEnabled()
    QTest.mouseClick(page.restore_button, Qt.MouseButton.LeftButton)
    form = next(form for form in window.findChildren(RestoreForm) if form.isVisible())
    assert form.source.value() == str(older)
    form.hide()
    page.list.table.selectRow(2)
    QTest.mouseClick(page.list.forget_button, Qt.MouseButton.LeftButton)
    say_yes(qtbot)
    qtbot.waitUntil(lambda: rows.rowCount() == 2, timeout=20_000)
    with context.vault.store.read() as session:
        assert organisation.fact(session, organisation.BACKUPS)["places"] == [str(place)]


def test_a_second_folder_gets_the_same_backup_and_is_remembered(
    qtbot: QtBot, context: Context, window: MainWindow, tmp_path: Path
) -> None:
    page = window.show_tool("backup")
    assert isinstance(page, BackupsPage)
    replace_text(page.folder.line, str(tmp_path))
    replace_text(page.second.line, str(tmp_path))
    QTest.mouseClick(page.make_button, Qt.MouseButton.LeftButton)
    assert "samma mapp" in page.second.problem_text()
    replace_text(page.second.line, str(tmp_path / "finns inte"))
    QTest.mouseClick(page.make_button, Qt.MouseButton.LeftButton)
    assert "mapp som finns" in page.second.problem_text()
    second = tmp_path / "stick"
    second.mkdir()
    replace_text(page.second.line, str(second))
    QTest.mouseClick(page.make_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.result.isVisible, timeout=30_000)
    assert [len(list(one.glob("*.ombud-backup"))) for one in (tmp_path, second)] == [1, 1]
    with context.vault.store.read() as session:
        assert organisation.fact(session, organisation.PROTECTION)["second_folder"] == str(second)
    qtbot.waitUntil(lambda: page.list.table.rows.rowCount() == 2, timeout=20_000)


def test_a_backup_is_tried_with_the_recovery_key(
    qtbot: QtBot, context: Context, window: MainWindow, tmp_path: Path
) -> None:
    vault = context.vault
    key = keys.change_recovery_key(vault, now=NOW)
    made = backup.make(vault, tmp_path, now=NOW).path
    form = TrialForm(context, window, str(made))
    open_form(form)
    type_text(form.passphrase.line, key)
    with qtbot.waitSignal(form.accepted, timeout=30_000):
        QTest.mouseClick(form.verb_button, Qt.MouseButton.LeftButton)


def test_what_a_backup_holds_is_told_in_good_swedish() -> None:
    assert told({"subject": 1, "request": 1, "audit_entry": 1}) == "1 person, 1 begäran, 1 händelse."
    assert told({"subject": 2, "request": 0, "audit_entry": 40}) == "2 personer, 0 begäranden, 40 händelser."


def test_a_cancelled_backup_leaves_nothing(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    target = tmp_path / "kopior"
    target.mkdir()
    page = BackupsPage(context)
    _shown(qtbot, page)
    replace_text(page.folder.line, str(target))
    page.make()
    QTest.mouseClick(page.cancel_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.make_button.isEnabled, timeout=30_000)
    qtbot.waitUntil(lambda: not context.jobs.is_busy, timeout=30_000)
    left = list(target.glob("*.ombud-backup*"))
    assert not left or page.result.isVisible(), "either it was cancelled whole, or it had been made already"
    assert not [path for path in left if path.suffix == ".unfinished"]


def test_a_backup_that_is_over_at_once_still_ends(
    qtbot: QtBot, context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = BackupsPage(context)
    _shown(qtbot, page)
    replace_text(page.folder.line, str(tmp_path))
    monkeypatch.setattr(context.jobs._readers, "submit", lambda work: work())  # over before the page can listen
    page.make()
    qtbot.waitUntil(page.make_button.isEnabled, timeout=30_000)
    assert page.result.isVisible()
    assert not page.cancel_button.isVisible()


def test_a_restore_never_overwrites(qtbot: QtBot, context: Context, window: MainWindow, tmp_path: Path) -> None:
    form = RestoreForm(context, window)
    open_form(form)
    form.source.set_value(str(tmp_path))
    form.place.set_value(str(tmp_path))
    replace_text(form.name.line, "iTrace")
    QTest.mouseClick(form.verb_button, Qt.MouseButton.LeftButton)
    assert "ingen säkerhetskopia" in form.source.problem_text()
    assert "Det finns redan något" in form.name.problem_text()
    assert form.passphrase.problem_text() == "Skriv kopians lösenfras eller återställningsnyckel."
    form.hide()


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
    _shown(qtbot, page)
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


def test_a_disk_that_refuses_is_said_and_the_vault_stays(
    qtbot: QtBot, context: Context, window: MainWindow, tmp_path: Path
) -> None:
    page = window.show_tool("backup")
    assert isinstance(page, BackupsPage)
    target = tmp_path / "upptaget"
    (target / f"iTrace-{NOW:%Y%m%dT%H%M%SZ}.unfinished").mkdir(parents=True)
    replace_text(page.folder.line, str(target))
    page.make()
    qtbot.waitUntil(lambda: bool(window.findChildren(ErrorBox)), timeout=30_000)
    assert window.findChildren(ErrorBox)[0].words.do
    qtbot.waitUntil(page.make_button.isEnabled)
    assert not page.result.isVisible()
    assert not list(target.glob("*.ombud-backup"))
