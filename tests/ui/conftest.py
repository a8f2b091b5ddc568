"""What the tests of the window stand on: a real encrypted vault, the lanes, and settings that are nobody's own."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QSettings
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.security import vault_file
from app.security.kdf import KdfCost
from app.services import founding, vaults
from app.services.founding import NewVault
from app.services.vaults import Vault
from app.ui import context as contexts
from app.ui.context import Context
from app.ui.kit.collector import Collector

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 22)
COST = KdfCost(memory_kib=46 * 1024, rounds=1, lanes=1)
PASSPHRASE = "korrekt häst batteri"
USER = "Eva Lund"


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path) -> None:
    """Keep the window's settings of one test in its own folder."""
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "config"))


@pytest.fixture(scope="session", autouse=True)
def collected_in_the_main_thread(qapp: QApplication) -> None:
    """Free widgets as the program does."""
    Collector(qapp)


@pytest.fixture
def qtbot(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[QtBot]:
    """The robot, holding its widgets until they are deleted: pytest-qt knows them weakly, and a live window must not be garbage."""
    held: list[QWidget] = []
    monkeypatch.setattr(qtbot, "addWidget", held.append)
    yield qtbot
    for widget in held:
        if shiboken6.isValid(widget):
            widget.close()
            widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed vault to copy: making one is slower than opening one."""
    folder = tmp_path_factory.mktemp("pattern") / "iTrace.ombud"
    facts = NewVault(passphrase=PASSPHRASE, profile="itrace", user=USER, cost=COST)
    made, _recovery_key = founding.create(folder, facts, now=NOW)
    made.close(NOW)
    return folder


@pytest.fixture
def vault_folder(pattern: Path, tmp_path: Path) -> Path:
    """A closed vault of this test's own; its passphrase is `PASSPHRASE`."""
    folder = tmp_path / "iTrace.ombud"
    shutil.copytree(pattern, folder)
    return folder


@pytest.fixture
def vault(vault_folder: Path) -> Iterator[Vault]:
    """An open vault from the profile iTrace; at work is Eva Lund."""
    keys = vault_file.unlock(vault_folder, passphrase=PASSPHRASE)
    opened = vaults.open_with_keys(vault_folder, keys, user=USER, now=NOW)
    yield opened
    opened.abandon()


@pytest.fixture
def context(qtbot: QtBot, vault: Vault) -> Iterator[Context]:
    """What a tab is given.  The time stands still at `NOW`, and the day is `TODAY`."""
    made = contexts.of(vault, now=lambda: NOW, today=lambda: TODAY)
    yield made
    made.jobs.close()


@pytest.fixture(autouse=True)
def no_window_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Close what a test left open, so that the next one does not see it."""
    yield
    if isinstance(app := QApplication.instance(), QApplication):
        for widget in app.topLevelWidgets():
            if isinstance(widget, QWidget) and widget.isVisible():
                widget.close()
