"""The unlock window: the right secret, the wrong one, and vaults that cannot be opened."""

import datetime as dt
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.audit import Action
from app.security import lock_file, vault_file
from app.services import founding, vaults
from app.services.founding import NewVault
from app.services.vaults import Vault
from app.ui.comfort import Comfort
from app.ui.unlock import UnlockWindow
from db.queries import trail
from db.store import FILE
from tests.ui.conftest import COST, NOW, PASSPHRASE, TODAY, USER
from tests.ui.typing import type_text

LATER = dt.timedelta(minutes=5)


@pytest.fixture
def comfort(vault_folder: Path) -> Comfort:
    made = Comfort()
    made.remember(vault_folder, TODAY)
    return made


@pytest.fixture
def window(qtbot: QtBot, comfort: Comfort) -> Iterator[UnlockWindow]:
    made = UnlockWindow(comfort, lambda: NOW)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.jobs.close()


def _opened(qtbot: QtBot, window: UnlockWindow) -> Vault:
    with qtbot.waitSignal(window.opened, timeout=20_000) as heard:
        pass
    vault: Vault = heard.args[0]
    return vault


def _try(qtbot: QtBot, window: UnlockWindow, passphrase: str) -> None:
    window.passphrase.set_value("")
    type_text(window.passphrase.line, passphrase)
    QTest.keyClick(window.passphrase.line, Qt.Key.Key_Return)


def test_the_passphrase_and_enter_open_the_latest_vault(qtbot: QtBot, window: UnlockWindow) -> None:
    assert "iTrace – öppnades 2026-11-22" in window.vault.combo.currentText()
    with qtbot.waitSignal(window.opened, timeout=20_000) as heard:
        _try(qtbot, window, PASSPHRASE)
    vault: Vault = heard.args[0]
    with vault.store.read() as session:
        assert trail.last_at(session, Action.VAULT_OPENED) == NOW
    assert vault.store.user == "Dataskyddsombudet hos iTrace"
    assert window.passphrase.value() == ""
    vault.close(NOW)


def test_a_wrong_passphrase_is_said_and_costs_a_second(qtbot: QtBot, window: UnlockWindow) -> None:
    _try(qtbot, window, "fel lösenfras")
    qtbot.waitUntil(window.error.isVisible, timeout=20_000)
    assert window.error.title.text() == "Fel lösenfras."
    assert "Valvet är låst och orört." in window.error.text.text()
    assert "Caps Lock" in window.error.text.text()
    assert not window.unlock_button.isEnabled()
    assert "Vänta 1 sekund" in window.status.text()
    qtbot.waitUntil(window.unlock_button.isEnabled, timeout=5_000)


def test_an_empty_passphrase_is_not_tried(qtbot: QtBot, window: UnlockWindow) -> None:
    QTest.mouseClick(window.unlock_button, Qt.MouseButton.LeftButton)
    assert window.passphrase.problem_text() == "Fältet är tomt."
    assert window.unlock_button.isEnabled()


def test_a_large_letter_without_shift_shows_that_caps_lock_is_on(window: UnlockWindow) -> None:
    line = window.passphrase.line
    type_text(line, "A")
    assert window.caps_hint.isVisible()
    shifted = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.ShiftModifier, "A")
    QApplication.sendEvent(line, shifted)
    assert not window.caps_hint.isVisible()


def test_the_recovery_key_forces_a_new_passphrase(qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "Nyckelprov.ombud"
    facts = NewVault(passphrase=PASSPHRASE, user=USER, cost=COST)
    made, key = founding.create(folder, facts, now=NOW)
    made.close(NOW)
    window = UnlockWindow(Comfort(), lambda: NOW, folder)
    qtbot.addWidget(window)
    window.show()
    QTest.mouseClick(window.recovery_button, Qt.MouseButton.LeftButton)
    type_text(window.recovery_page.key.line, key.lower().replace("-", " "))
    QTest.keyClick(window.recovery_page.key.line, Qt.Key.Key_Return)
    qtbot.waitUntil(window.new_page.isVisible, timeout=20_000)
    type_text(window.new_page.fields.first.line, "kort")
    QTest.mouseClick(window.new_page.set_button, Qt.MouseButton.LeftButton)
    assert "för lätt att gissa" in window.new_page.fields.first.problem_text()
    QTest.mouseClick(window.new_page.fields.suggest_button, Qt.MouseButton.LeftButton)
    chosen = window.new_page.fields.value()
    with qtbot.waitSignal(window.opened, timeout=30_000) as heard:
        QTest.mouseClick(window.new_page.set_button, Qt.MouseButton.LeftButton)
    vault: Vault = heard.args[0]
    with vault.store.read() as session:
        assert trail.last_at(session, Action.PASSPHRASE_CHANGED) == NOW
    vault.close(NOW)
    assert vault_file.unlock(folder, passphrase=chosen).vault_id == vault.keys.vault_id
    window.jobs.close()


def test_a_mistyped_group_of_the_recovery_key_is_named_before_anything_is_tried(
    qtbot: QtBot, window: UnlockWindow
) -> None:
    QTest.mouseClick(window.recovery_button, Qt.MouseButton.LeftButton)
    type_text(window.recovery_page.key.line, "ABCDE-12345")
    QTest.keyClick(window.recovery_page.key.line, Qt.Key.Key_Return)
    assert "Grupp 1 i återställningsnyckeln är felskriven." in window.recovery_page.key.problem_text()
    assert window.unlock_button.isEnabled()


def test_a_vault_in_use_is_said_with_its_place_and_time(qtbot: QtBot, window: UnlockWindow, vault_folder: Path) -> None:
    with lock_file.VaultLock(vault_folder, now=NOW):
        _try(qtbot, window, PASSPHRASE)
        qtbot.waitUntil(window.error.isVisible, timeout=20_000)
    assert "redan öppet på datorn" in window.error.title.text()
    assert "kl. 10.00" in window.error.title.text()


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('"sealed":"', '"sealed":"00', "skadad"),
        ('"format":"', '"format":"x', "skadad"),
    ],
)
def test_a_damaged_vault_is_said_with_what_stands(
    qtbot: QtBot, window: UnlockWindow, vault_folder: Path, old: str, new: str, what: str
) -> None:
    path = vault_folder / vault_file.NAME
    text = path.read_text(encoding="utf-8").replace(": ", ":")
    path.write_text(text.replace(old, new) if old in text else text[:-40], encoding="utf-8")
    _try(qtbot, window, PASSPHRASE)
    qtbot.waitUntil(window.error.isVisible, timeout=20_000)
    assert what in window.error.title.text()
    assert "orörda" in window.error.text.text()
    assert window.unlock_button.isEnabled()  # a damaged file costs no waiting


def test_a_folder_that_is_no_vault_is_said(qtbot: QtBot, window: UnlockWindow, tmp_path: Path) -> None:
    (tmp_path / "tom").mkdir()
    window._add_vault(tmp_path / "tom")
    assert window.error.title.text() == "Mappen är inget valv."


def test_another_vault_can_be_chosen(qtbot: QtBot, vault_folder: Path) -> None:
    window = UnlockWindow(Comfort(), lambda: NOW)
    qtbot.addWidget(window)
    window.show()
    assert not window.vault.isVisible()
    QTest.mouseClick(window.unlock_button, Qt.MouseButton.LeftButton)
    assert window.status.text() == "Välj ett valv först."
    window._add_vault(vault_folder)
    assert window.folder() == vault_folder
    window.jobs.close()


def test_a_folder_that_cannot_be_written_is_said(qtbot: QtBot, window: UnlockWindow, vault_folder: Path) -> None:
    (vault_folder / "lock").mkdir()  # as good as read-only, also for root: the lock cannot be written
    _try(qtbot, window, PASSPHRASE)
    qtbot.waitUntil(window.error.isVisible, timeout=20_000)
    assert window.error.title.text()
    assert window.error.text.text()


def test_the_event_loop_is_never_late_while_the_key_is_derived(qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "Tungt.ombud"
    made, _key = founding.create(folder, NewVault(passphrase=PASSPHRASE, user=USER), now=NOW)
    made.close(NOW)
    window = UnlockWindow(Comfort(), lambda: NOW, folder)
    qtbot.addWidget(window)
    window.show()
    beats = [time.perf_counter()]
    timer = QTimer(interval=10, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: beats.append(time.perf_counter()))
    qtbot.waitUntil(lambda: not window.jobs.is_busy, timeout=20_000)
    timer.start()
    with qtbot.waitSignal(window.opened, timeout=30_000) as heard:
        _try(qtbot, window, PASSPHRASE)
    timer.stop()
    assert len(beats) > 10, "the loop went on beating"
    heard.args[0].close(NOW)
    window.jobs.close()


def test_the_window_is_there_before_the_database_is_loaded() -> None:
    code = (
        "import sys; import app.ui.start, app.ui.program, app.ui.unlock;"
        "bad = [name for name in ('sqlalchemy', 'sqlcipher3', 'reportlab', 'openpyxl', 'phonenumbers') if name in sys.modules];"
        "print(bad)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_older_database_is_said_and_opened_only_when_the_user_says_so(
    qtbot: QtBot, vault_folder: Path, window: UnlockWindow, tmp_path: Path
) -> None:
    shutil.copyfile(vault_folder / FILE, tmp_path / FILE)
    vaults.open_vault(vault_folder, passphrase=PASSPHRASE, now=NOW).close(NOW)
    shutil.copyfile(tmp_path / FILE, vault_folder / FILE)
    _try(qtbot, window, PASSPHRASE)
    qtbot.waitUntil(window.error.isVisible, timeout=20_000)
    assert "2 registrerade ändringar saknas" in window.error.title.text()
    assert window.older_button.isVisible()
    assert "Vänta" not in window.status.text()
    with qtbot.waitSignal(window.opened, timeout=20_000) as heard:
        QTest.mouseClick(window.older_button, Qt.MouseButton.LeftButton)
    vault: Vault = heard.args[0]
    with vault.store.read() as session:
        assert trail.last_at(session, Action.OLDER_ACCEPTED) == NOW
    assert not window.older_button.isVisible()
    vault.close(NOW)


def test_a_wrong_passphrase_offers_no_way_past(qtbot: QtBot, window: UnlockWindow) -> None:
    _try(qtbot, window, "fel lösenfras")
    qtbot.waitUntil(window.error.isVisible, timeout=20_000)
    assert not window._has("older_button")
