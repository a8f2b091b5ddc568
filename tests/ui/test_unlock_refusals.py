"""Vaults that the unlock window cannot open: it says what happened, what stands and what to do, and changes nothing."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.security import lock_file, vault_file, vault_header
from app.ui.comfort import Comfort
from app.ui.unlock import UnlockWindow
from tests.ui.conftest import NOW, PASSPHRASE
from tests.ui.typing import type_text


def _newer(folder: Path) -> None:
    path = folder / vault_file.NAME
    whole = json.loads(path.read_text(encoding="utf-8"))
    head = {name: value for name, value in whole["header"].items() if name != "sha256"}
    whole["header"] = vault_header.with_checksum({**head, "version": vault_header.VERSION + 1})
    path.write_text(json.dumps(whole), encoding="utf-8")


def _without_keys(folder: Path) -> None:
    (folder / vault_file.NAME).unlink()


def _without_database(folder: Path) -> None:
    (folder / "data.db").unlink()


def _damaged_database(folder: Path) -> None:
    path = folder / "data.db"
    path.write_bytes(b"\x00" * 4096 + path.read_bytes()[4096:])


CASES: list[tuple[Callable[[Path], None], str]] = [
    (_newer, "nyare version"),
    (_without_keys, "vault.json saknas"),
    (_without_database, ""),
    (_damaged_database, ""),
]


@pytest.mark.parametrize(("spoil", "what"), CASES, ids=["newer", "no keys", "no database", "damaged database"])
def test_a_vault_that_cannot_be_opened_is_said_in_three_sentences(
    qtbot: QtBot, vault_folder: Path, spoil: Callable[[Path], None], what: str
) -> None:
    spoil(vault_folder)
    before = {path.name: path.read_bytes() for path in vault_folder.iterdir() if path.name in ("vault.json", "data.db")}
    window = UnlockWindow(Comfort(), lambda: NOW, vault_folder)
    qtbot.addWidget(window)
    window.show()
    type_text(window.passphrase.line, PASSPHRASE)
    QTest.keyClick(window.passphrase.line, Qt.Key.Key_Return)
    qtbot.waitUntil(window.error.isVisible, timeout=20_000)
    assert what in window.error.title.text()
    assert "oväntat" not in window.error.title.text()
    assert window.error.text.text().count(".") >= 2
    assert window.unlock_button.isEnabled()
    after = {path.name: path.read_bytes() for path in vault_folder.iterdir() if path.name in before}
    assert after == before
    assert lock_file.held_by(vault_folder) is None
    window.jobs.close()
