"""The page of backups: made, listed, tried, restored, in one folder or two."""

import datetime as dt
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.services import backup, keys, organisation, vaults
from app.ui.context import Context
from app.ui.kit.forms import open_form
from app.ui.kit.messages import ErrorBox
from app.ui.tools.backup_list import told
from app.ui.tools.backups import BackupsPage
from app.ui.tools.restore import RestoreForm
from app.ui.tools.trial import TrialForm
from app.ui.window import MainWindow
from db.queries import trail
from tests.ui.conftest import NOW, PASSPHRASE
from tests.ui.test_importing_again import say_yes
from tests.ui.test_tools import shown, window
from tests.ui.typing import replace_text, type_text

__all__ = ["window"]


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
    (second / f"iTrace-{NOW:%Y%m%dT%H%M%SZ}.unfinished").mkdir(parents=True)  # as a disk that refuses
    replace_text(page.second.line, str(second))
    QTest.mouseClick(page.make_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(window.findChildren(ErrorBox)), timeout=30_000)
    qtbot.waitUntil(lambda: page.list.table.rows.rowCount() == 1, timeout=20_000)  # the first one got its backup
    shutil.rmtree(next(tmp_path.glob("*.ombud-backup")))
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
    shown(qtbot, page)
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
    shown(qtbot, page)
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
