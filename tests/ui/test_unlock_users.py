"""Unlocking where there are several users, by the key store, and the wait that a restart does not end."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.roles import Role
from app.security import tries
from app.services import keys, users, vaults
from app.services.vaults import Vault
from app.ui.comfort import Comfort
from app.ui.unlock import UnlockWindow
from tests.key_stores import Trusted, in_use
from tests.ui.conftest import COST, NOW, PASSPHRASE, USER
from tests.ui.typing import type_text

EVA = "gata moln kvist sadel tröja"
LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture
def with_users(vault_folder: Path) -> Path:
    vault = vaults.open_vault(vault_folder, passphrase=PASSPHRASE, user=USER, now=NOW)
    users.add(vault, "Eva Berg", Role.REVIEWER, EVA, now=NOW, cost=COST)
    vault.close(NOW)
    return vault_folder


@pytest.fixture
def key_store() -> Iterator[Trusted]:
    with in_use() as backend:
        yield backend


def shown(qtbot: QtBot, folder: Path, now: dt.datetime = LATER) -> UnlockWindow:
    window = UnlockWindow(Comfort(), lambda: now, folder)
    qtbot.addWidget(window)
    window.show()
    return window


def opened(qtbot: QtBot, window: UnlockWindow, key: Qt.Key | None = Qt.Key.Key_Return) -> Vault:
    with qtbot.waitSignal(window.opened, timeout=20_000) as heard:
        if key is not None:
            QTest.keyClick(window.passphrase.line, key)
        else:
            QTest.mouseClick(window.quick_button, Qt.MouseButton.LeftButton)
    vault: Vault = heard.args[0]
    window.jobs.close()
    return vault


def test_a_vault_without_users_has_one_field(qtbot: QtBot, vault_folder: Path) -> None:
    window = shown(qtbot, vault_folder)
    qtbot.waitUntil(lambda: not window.jobs.is_busy, timeout=20_000)
    assert "user" not in vars(window)
    assert "quick_button" not in vars(window)
    window.jobs.close()


def test_a_user_is_chosen_and_opens_with_the_own_passphrase(qtbot: QtBot, with_users: Path) -> None:
    window = shown(qtbot, with_users)
    qtbot.waitUntil(lambda: "user" in vars(window) and window.user.isVisible(), timeout=20_000)
    assert [window.user.combo.itemText(n) for n in range(2)] == ["Dataskyddsombud (valvets lösenfras)", "Eva Berg"]
    window.user.set_value("Eva Berg")
    type_text(window.passphrase.line, EVA)
    vault = opened(qtbot, window)
    assert (vault.store.user, vault.store.role) == ("Eva Berg", Role.REVIEWER)
    vault.close(NOW)


def test_the_vaults_own_passphrase_is_the_first_choice(qtbot: QtBot, with_users: Path) -> None:
    window = shown(qtbot, with_users)
    qtbot.waitUntil(lambda: "user" in vars(window) and window.user.isVisible(), timeout=20_000)
    type_text(window.passphrase.line, PASSPHRASE)
    vault = opened(qtbot, window)
    assert (vault.store.user, vault.store.role) == ("Dataskyddsombudet hos iTrace", Role.OFFICER)
    vault.close(NOW)


def test_the_key_store_opens_it_by_one_button(qtbot: QtBot, with_users: Path, key_store: Trusted) -> None:
    vault = vaults.open_vault(with_users, passphrase=EVA, user="Eva Berg", now=NOW)
    keys.turn_on_keyring(vault, now=NOW)
    vault.close(NOW)
    window = shown(qtbot, with_users)
    qtbot.waitUntil(lambda: "quick_button" in vars(window) and window.quick_button.isVisible(), timeout=20_000)
    again = opened(qtbot, window, key=None)
    assert (again.store.user, again.store.role) == ("Eva Berg", Role.REVIEWER)
    again.close(NOW)


def test_a_key_store_that_forgot_points_to_the_passphrase(qtbot: QtBot, vault_folder: Path, key_store: Trusted) -> None:
    vault = vaults.open_vault(vault_folder, passphrase=PASSPHRASE, now=NOW)
    keys.turn_on_keyring(vault, now=NOW)
    vault.close(NOW)
    key_store.entries.clear()
    window = shown(qtbot, vault_folder)
    qtbot.waitUntil(lambda: "quick_button" in vars(window) and window.quick_button.isVisible(), timeout=20_000)
    QTest.mouseClick(window.quick_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "error" in vars(window) and window.error.isVisible(), timeout=20_000)
    assert "nyckelring" in window.error.title.text()
    assert window.unlock_button.isEnabled()
    type_text(window.passphrase.line, PASSPHRASE)
    opened(qtbot, window).close(NOW)


def test_a_new_window_still_waits_after_wrong_tries(qtbot: QtBot, vault_folder: Path) -> None:
    for _time in range(4):
        tries.add(vault_folder, "passphrase", NOW)
    window = shown(qtbot, vault_folder, NOW)
    qtbot.waitUntil(lambda: "Vänta 8 sekunder" in window.status.text(), timeout=20_000)
    assert not window.unlock_button.isEnabled()
    type_text(window.passphrase.line, PASSPHRASE)
    QTest.keyClick(window.passphrase.line, Qt.Key.Key_Return)
    assert window.pages.isEnabled(), "nothing was tried"
    window._countdown.begin(0)
    assert window.unlock_button.isEnabled()
    window.jobs.close()


def test_another_vault_shows_its_own_users(qtbot: QtBot, with_users: Path, tmp_path: Path, pattern: Path) -> None:
    window = shown(qtbot, with_users)
    qtbot.waitUntil(lambda: "user" in vars(window) and window.user.isVisible(), timeout=20_000)
    window._add_vault(pattern)
    qtbot.waitUntil(lambda: not window.user.isVisible(), timeout=20_000)
    window.jobs.close()
