"""Backups are made while the window is open and when it is closed, and a failure is told once."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.security import files
from app.services import automatic, backup, organisation
from app.services.vaults import Vault
from app.ui.kit.messages import Toast
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
