"""A program that starts: the unlock window first, and what it can be used without right after."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QProcess, QProcessEnvironment
from pytestqt.qtbot import QtBot

from app import main
from app.services.vaults import Vault
from app.ui.knock import Door

ROOT = Path(__file__).parents[2]
WATCH = """
import ctypes, json, sys, time
from app import main as program

find, began = program._vault_folder, time.monotonic()

def look():
    from app.ui.kit import icons
    from app.ui.kit.labels import PlainTextGuard
    app = QApplication.instance()
    window = next(one for one in app.topLevelWidgets() if type(one).__name__ == sys.argv[1])
    return {
        "guards": len(app.findChildren(PlainTextGuard)),
        "dumpable": ctypes.CDLL(None).prctl(3) if sys.platform == "linux" else 0,
        "waiting": icons._later.is_on,
        "icon": not app.windowIcon().isNull(),
        "title": window.windowTitle(),
        "loaded": [name for name in ("sqlalchemy", "cryptography", "argon2") if name in sys.modules],
    }

def ask():
    state = look()
    seen.append(state)
    if state["guards"] or time.monotonic() - began > 20:
        print(json.dumps([seen[0], seen[-1]]))
        QApplication.exit()

def watch(given):
    global QApplication, seen
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication
    seen, run = [], QApplication.exec

    def run_watched():
        timer = QTimer(QApplication.instance(), interval=1)
        timer.timeout.connect(ask)
        timer.start()
        return run()

    QApplication.exec = staticmethod(run_watched)
    return find(given)

program._vault_folder = watch
program.main(sys.argv[2:])
"""


def _states(tmp_path: Path, window: str, *arguments: str) -> list[dict[str, object]]:
    """Start the program; return how it was in the first turn of its event loop, and when all was done."""
    command = [sys.executable, "-c", WATCH, window, *arguments]
    surroundings = {"XDG_CONFIG_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen", "PATH": "", "HOME": str(tmp_path)}
    said = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=surroundings).stdout
    states: list[dict[str, object]] = json.loads(said)
    return states


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux whether the memory can be read")
def test_the_unlock_window_comes_first_and_the_guards_right_after(tmp_path: Path, vault_folder: Path) -> None:
    first, last = _states(tmp_path, "UnlockWindow", str(vault_folder))
    assert first["title"] == "Lås upp – Ombudet"
    assert first["loaded"] == [], "what the window can be used without is not loaded before it"
    assert (first["guards"], first["waiting"]) == (0, True)
    done = {"guards": 1, "dumpable": 0, "waiting": False, "icon": True}
    assert {name: last[name] for name in done} == done


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux whether the memory can be read")
def test_somebody_new_has_it_all_from_the_first_moment(tmp_path: Path) -> None:
    first, _last = _states(tmp_path, "FirstRun")
    assert (first["guards"], first["dumpable"], first["waiting"]) == (1, 0, False)


@pytest.mark.parametrize("name", ["Kunden AB", "search", "kund.ombud"])
def test_a_vault_in_a_folder_of_any_name_opens_in_the_window(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    assert main._wants_window([str(folder)]) is name.endswith(".ombud")
    (folder / "vault.json").write_text("{}", encoding="utf-8")
    assert main._wants_window([str(folder)])
    assert not main._wants_window([str(folder), "verify"])


def test_a_command_is_never_taken_for_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "vault.json").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert not main._wants_window(["sources"])
    assert main._wants_window([str(tmp_path / "sources")])


def test_a_second_start_for_an_open_vault_knocks_and_ends(qtbot: QtBot, vault: Vault) -> None:
    holder, process = QObject(), QProcess()
    door = Door(vault.folder, holder)
    process.setWorkingDirectory(str(ROOT))
    surroundings = QProcessEnvironment.systemEnvironment()
    for name in ("LC_ALL", "LANG", "LANGUAGE"):
        surroundings.insert(name, "sv_SE.UTF-8")
    process.setProcessEnvironment(surroundings)
    with qtbot.waitSignals([door.knocked, process.finished], timeout=60_000):
        process.start(sys.executable, ["-m", "app", str(vault.folder)])
    told = bytes(process.readAllStandardError().data()).decode()
    assert (process.exitCode(), "Valvet är redan öppet" in told) == (0, True)
