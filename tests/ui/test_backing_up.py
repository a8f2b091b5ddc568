"""Backups are made while the window is open and when it is closed, and a failure is told once."""

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.security import files
from app.services import automatic, backup, organisation
from app.services.vaults import Vault
from app.ui import backing_up
from app.ui.kit.messages import ErrorBox, Toast
from app.ui.program import Program
from tests.ui.conftest import NOW
from tests.ui.test_unsaved import program, window_of

__all__ = ["program"]


def change(vault: Vault) -> None:
    with vault.store.write(NOW) as session:
        organisation.change_fact(session, organisation.OFFICER, {"phone": "08-465 004 00"})


def test_the_window_makes_one_when_it_is_wanted(qtbot: QtBot, program: Program) -> None:
    window = window_of(program)
    vault = window.context.vault
    change(vault)
    window.backups.look()
    qtbot.waitUntil(lambda: bool(automatic.copies(vault, vault.folder / backup.INSIDE)), timeout=30_000)
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy, timeout=30_000)


def test_it_looks_soon_after_the_opening(qtbot: QtBot, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    window = window_of(program)
    vault = window.context.vault
    change(vault)
    monkeypatch.setattr(backing_up, "FIRST_MS", 20)
    backing_up.BackupWatch(window.context, window)
    qtbot.waitUntil(lambda: bool(automatic.copies(vault, vault.folder / backup.INSIDE)), timeout=30_000)
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy, timeout=30_000)


def test_closing_the_window_makes_one_and_a_lock_does_not_wait_for_it(
    qtbot: QtBot, qapp: QApplication, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = window_of(program)
    folder, vault = window.context.vault.folder, window.context.vault
    change(vault)
    program.lock()
    qtbot.waitUntil(lambda: program.unlock is not None, timeout=20_000)
    assert automatic.copies(vault, folder / backup.INSIDE) == []
    ended: list[bool] = []
    monkeypatch.setattr(
        program,
        "_app",
        type("App", (), {"quit": lambda _self: ended.append(True), "topLevelWidgets": qapp.topLevelWidgets})(),
    )
    from app.services.vaults import open_vault
    from tests.ui.conftest import PASSPHRASE

    program.open_vault(open_vault(folder, passphrase=PASSPHRASE, now=NOW))
    change(window_of(program).context.vault)
    window_of(program).close_wanted.emit()
    qtbot.waitUntil(lambda: bool(ended), timeout=30_000)
    assert len(automatic.copies(vault, folder / backup.INSIDE)) == 1
    monkeypatch.undo()
    program.show_unlock(folder)


def test_a_failure_is_told_once(qtbot: QtBot, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    window = window_of(program)

    def refuse(*_given: object, **_named: object) -> None:
        raise files.disk_error(OSError(28, "full"))

    monkeypatch.setattr(automatic, "run", refuse)
    for _turn in range(2):
        window.backups.look()
        qtbot.waitUntil(lambda: window.backups._job is not None and window.backups._job.is_over)
        QApplication.processEvents()
    qtbot.waitUntil(lambda: len(window.findChildren(Toast)) == 1)
    assert "Disken är full" in window.findChildren(Toast)[0].findChildren(type(window.status.saved))[0].text()


@pytest.mark.parametrize("is_read", [True, False])
def test_what_went_wrong_at_closing_can_be_read_before_the_program_ends(
    qtbot: QtBot, qapp: QApplication, program: Program, monkeypatch: pytest.MonkeyPatch, is_read: bool
) -> None:
    window, close, ended = window_of(program), Vault.close, list[bool]()
    folder = window.context.vault.folder

    def close_badly(vault: Vault, now: dt.datetime) -> None:
        close(vault, now)
        raise files.disk_error(OSError(28, "full"))

    with monkeypatch.context() as patched:
        patched.setattr(Vault, "close", close_badly)
        patched.setattr("app.ui.program.READ_MS", 60_000 if is_read else 50)
        app = type("App", (), {"quit": lambda _self: ended.append(True), "topLevelWidgets": qapp.topLevelWidgets})()
        patched.setattr(program, "_app", app)
        window.close_wanted.emit()
        box = shown_error(qtbot)
        if is_read:
            assert ended == []
            assert "disken" in box.words.what.lower()
            QTest.mouseClick(box.close_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: bool(ended), timeout=20_000)
    program.show_unlock(folder)


def shown_error(qtbot: QtBot) -> ErrorBox:
    def found() -> list[ErrorBox]:
        return [one for one in QApplication.topLevelWidgets() if isinstance(one, ErrorBox) and one.isVisible()]

    qtbot.waitUntil(lambda: bool(found()), timeout=20_000)
    return found()[0]
