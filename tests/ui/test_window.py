"""The main window: tabs, keys, drops, search, locking, drafts and language."""

import datetime as dt
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from PySide6.QtCore import QMimeData, QObject, QPointF, Qt, QUrl, Slot
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app import i18n
from app.domain.audit import Action
from app.paths import program_root
from app.security import lock_file
from app.services import organisation
from app.services.vaults import Vault
from app.services.whereabouts import Whereabouts
from app.ui import drops, knock, status_bar, tabs
from app.ui.clock import Clock
from app.ui.comfort import Comfort
from app.ui.context import Context
from app.ui.idle import IdleWatch
from app.ui.kit import clipboard
from app.ui.kit.messages import ErrorBox, QuestionBox
from app.ui.kit.shortcuts import ShortcutList
from app.ui.kit.theme import Scheme, set_text_zoom, theme
from app.ui.program import Program
from app.ui.window import MainWindow
from db.queries import trail
from tests.ui.conftest import NOW, PASSPHRASE, TODAY
from tests.ui.typing import type_text


@pytest.fixture
def window(qtbot: QtBot, context: Context) -> Iterator[MainWindow]:
    made = MainWindow(context, Comfort())
    made.show()
    made.activateWindow()
    qtbot.waitActive(made)
    made.begin()
    qtbot.waitUntil(lambda: not context.jobs.is_busy, timeout=20_000)
    yield made
    made.hide()
    made.deleteLater()
    QApplication.sendPostedEvents(made, 0)


@pytest.fixture
def program(qtbot: QtBot, qapp: QApplication, vault: Vault) -> Iterator[Program]:
    """A program with the vault open in its window."""
    made = Program(qapp, Comfort(), Clock(lambda: NOW, lambda: TODAY))
    made.open_vault(vault)
    yield made
    if made.window is not None:
        made.window.context.jobs.close()
    if made.unlock is not None:
        made.unlock.jobs.close()
    for widget in qapp.topLevelWidgets():
        widget.hide()
        widget.deleteLater()


class Ear(QObject):
    """Hears a way."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Any] = []

    @Slot(object)
    def hear(self, told: object) -> None:
        self.heard.append(told)


def test_six_tabs_stand_in_their_order(window: MainWindow) -> None:
    titles = [window.tabs.tabText(number) for number in range(window.tabs.count())]
    assert titles == ["Översikt", "Begäranden", "Registrerade", "Incidenter", "Gallring", "Behandlingar"]
    assert list(window.tabs.made) == ["overview"], "the others are made when they are first shown"


def test_every_tab_can_be_made(qtbot: QtBot, window: MainWindow) -> None:
    for number, name in enumerate(tabs.NAMES, start=1):
        QTest.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)
        assert window.tabs.current_name() == name
        assert type(window.tabs.made[name]).__name__ == tabs.TABS[number - 1].kind
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy, timeout=20_000)


def test_ctrl_tab_goes_round(qtbot: QtBot, window: MainWindow) -> None:
    window.step_tab(-1)
    assert window.tabs.current_name() == "register"
    window.step_tab(1)
    assert window.tabs.current_name() == "overview"
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy, timeout=20_000)


def test_a_narrow_window_shows_the_titles_of_unselected_tabs_as_icons(qtbot: QtBot, window: MainWindow) -> None:
    window.tabs.set_count("inbox", 7)
    assert window.tabs.tabText(1) == "Begäranden  7"
    window.resize(960, 540)
    qtbot.waitUntil(lambda: window.tabs.tabText(1) == "7")
    assert window.tabs.tabText(0) == "Översikt"
    assert window.tabs.tabText(2) == ""
    assert window.tabs.tabBar().accessibleTabName(1) == "Begäranden 7"


def test_ctrl_k_searches(qtbot: QtBot, window: MainWindow) -> None:
    ear = Ear()
    window.context.ways.search_wanted.connect(ear.hear)
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.search.hasFocus()
    type_text(window.search, "öberg")
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    assert ear.heard[0] == "öberg"
    assert window.tabs.current_name() == "lookup"
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy, timeout=20_000)


def _drop(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    where, buttons = QPointF(50, 200), Qt.MouseButton.LeftButton
    window.dropEvent(QDropEvent(where, Qt.DropAction.CopyAction, data, buttons, Qt.KeyboardModifier.NoModifier))


def test_a_dropped_mail_comes_as_bytes(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    ear, mail = Ear(), tmp_path / "brev.EML"
    mail.write_bytes(b"From: a@example.com\r\n\r\nHej")
    window.context.ways.mail_dropped.connect(ear.hear)
    _drop(window, mail)
    qtbot.waitUntil(lambda: bool(ear.heard), timeout=20_000)
    assert bytes(ear.heard[0]) == mail.read_bytes()
    assert window.tabs.current_name() == "inbox"
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy, timeout=30_000)


def test_a_dropped_file_of_another_kind_is_refused_with_a_remedy(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "bild.png").write_bytes(b"x")
    _drop(window, tmp_path / "bild.png")
    box = window.findChildren(ErrorBox)[0]
    assert box.words.what == "Filen är varken ett mejl eller en tabell."
    assert window.tabs.current_name() == "overview"


def test_which_files_are_tables_and_mails(tmp_path: Path) -> None:
    assert drops.kind_of(tmp_path / "a.xlsx") == "table"
    assert drops.kind_of(tmp_path / "a.CSV") == "table"
    assert drops.kind_of(tmp_path / "a.eml") == "mail"


def test_the_band_is_shown_over_a_vault_of_examples_only(qtbot: QtBot, window: MainWindow) -> None:
    assert not window.band.isVisible()
    window.context.jobs.write(
        lambda session, _job: organisation.change_fact(session, organisation.VAULT, {"is_example": True})
    )
    qtbot.waitUntil(window.band.isVisible)
    assert window.band.accessibleName().startswith("EXEMPELDATA")


def test_ctrl_slash_lists_the_shortcuts(qtbot: QtBot, window: MainWindow) -> None:
    window.menus.actions["shortcuts"].trigger()
    box = window.findChildren(ShortcutList)[0]
    rows = {row.text: row.keys for row in box.rows}
    assert rows["Lås valvet"] == "Ctrl+L"
    assert rows["Begäranden"] == "Ctrl+2"
    assert rows["Sök"] == "Ctrl+K"
    box.close()


def test_no_two_menu_actions_share_a_key(window: MainWindow) -> None:
    keys = [
        key.toString() for action in window.menus.actions.values() for key in action.shortcuts() if not key.isEmpty()
    ]
    assert sorted(keys) == sorted(set(keys))


def test_text_and_looks_are_remembered(qtbot: QtBot, window: MainWindow) -> None:
    window.menus.actions["larger"].trigger()
    assert Comfort().zoom == 110
    window.menus.actions["normal_size"].trigger()
    assert theme().zoom == 100
    window.menus.actions["scheme_dark"].trigger()
    assert Comfort().scheme is Scheme.DARK
    window.menus.actions["scheme_light"].trigger()


@pytest.mark.parametrize(("size", "zoom"), [((1366, 740), 100), ((960, 540), 100), ((960, 540), 200)])
def test_the_window_fits(qtbot: QtBot, window: MainWindow, size: tuple[int, int], zoom: int) -> None:
    set_text_zoom(zoom)
    try:
        window.resize(*size)
        qtbot.waitUntil(lambda: (window.width(), window.height()) == size)
        corner = window.tabs.cornerWidget()
        assert corner is not None
        qtbot.waitUntil(lambda: window.lock_button.mapTo(window, QPointF(0, 0).toPoint()).x() < size[0])
        assert corner.height() >= window.search.height() - 1
    finally:
        set_text_zoom(100)


def test_the_last_backup_is_said() -> None:
    eight = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)
    assert status_bar.backup_words(eight, TODAY) == "Säkerhetskopia: i dag 08.00"
    assert status_bar.backup_words(eight - dt.timedelta(days=1), TODAY) == "Säkerhetskopia: i går"
    assert status_bar.backup_words(eight - dt.timedelta(days=9), TODAY) == "Säkerhetskopia: 2026-11-13"
    assert status_bar.backup_words(None, TODAY) == "Säkerhetskopia: ingen"


def test_locking_closes_the_vault_and_unlocking_gives_it_back(qtbot: QtBot, program: Program, vault: Vault) -> None:
    window = program.window
    assert window is not None
    window.show_tab("retention")
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert not window.isVisible()
    qtbot.waitUntil(lambda: program.unlock is not None, timeout=20_000)
    unlock = program.unlock
    assert unlock is not None
    assert lock_file.held_by(vault.folder) is None
    assert unlock.folder() == vault.folder
    type_text(unlock.passphrase.line, PASSPHRASE)
    QTest.mouseClick(unlock.unlock_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: program.window is not None, timeout=20_000)
    again = program.window
    assert again is not None
    qtbot.waitUntil(lambda: again.tabs.current_name() == "retention")  # in the next turn of the event loop
    with again.context.vault.store.read() as session:
        assert trail.last_at(session, Action.VAULT_LOCKED) == NOW
    again.lock_wanted.emit()
    qtbot.waitUntil(lambda: program.unlock is not None, timeout=20_000)


def test_nobody_at_the_keyboard_locks_the_vault(qtbot: QtBot, qapp: QApplication, program: Program) -> None:
    window = program.window
    assert window is not None
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy, timeout=20_000)
    window.idle.set_limit(80)
    qtbot.waitUntil(lambda: program.unlock is not None, timeout=20_000)


def test_a_computer_that_has_slept_locks_the_vault(qtbot: QtBot) -> None:
    at = [NOW]
    watch = IdleWatch(600_000, lambda: at[0])
    with qtbot.assertNotEmitted(watch.idle):
        at[0] += dt.timedelta(seconds=30)
        watch._look()
    with qtbot.waitSignal(watch.idle):
        at[0] += dt.timedelta(minutes=3)
        watch._look()
    with qtbot.assertNotEmitted(watch.idle):
        watch._look()


def test_a_locked_screen_locks_the_vault(qtbot: QtBot, program: Program) -> None:
    window = program.window
    assert window is not None
    window.screen_lock.hear(False)
    assert program.window is window
    window.screen_lock.hear(True)
    qtbot.waitUntil(lambda: program.unlock is not None, timeout=20_000)


def test_a_second_start_brings_the_window_to_the_front(qtbot: QtBot, program: Program, vault: Vault) -> None:
    window = program.window
    assert window is not None
    window.showMinimized()
    answers: list[bool] = []
    second = threading.Thread(target=lambda: answers.append(knock.knock(vault.folder, 20.0)))
    second.start()
    qtbot.waitUntil(lambda: bool(answers), timeout=25_000)
    second.join()

    assert answers == [True]
    assert not window.isMinimized()
    assert not (vault.folder / knock.NAME).exists()


def test_at_a_vault_without_a_window_nobody_answers(vault: Vault) -> None:
    assert not knock.knock(vault.folder, 0.1), "this process has it open, and shows nothing"
    assert not (vault.folder / knock.NAME).exists()
    vault.close(NOW)
    assert not knock.knock(vault.folder, 20.0), "it is not open: nobody waits"


def test_the_session_being_locked_does_too(qtbot: QtBot, program: Program) -> None:
    assert program.window is not None
    program.window.screen_lock.lock()
    qtbot.waitUntil(lambda: program.unlock is not None, timeout=20_000)


def test_the_clipboard_is_emptied_at_the_lock_and_after_a_while(
    qtbot: QtBot, qapp: QApplication, program: Program
) -> None:
    board = QApplication.clipboard()
    clipboard.copy_text("asa@example.com")
    assert set(clipboard.UNSEEN) <= set(board.mimeData().formats())
    program.lock()
    assert board.text() == ""
    qtbot.waitUntil(lambda: program.unlock is not None, timeout=20_000)
    watch = clipboard.ClipboardWatch(program, limit_ms=50)
    clipboard.copy_text("asa@example.com")
    assert board.text() == "asa@example.com"
    qtbot.waitUntil(lambda: board.text() == "")
    watch.deleteLater()


def test_a_key_press_is_a_sign_of_life(qtbot: QtBot, qapp: QApplication) -> None:
    label = QLabel("x")
    qtbot.addWidget(label)
    label.show()
    watch = IdleWatch(60_000, lambda: NOW)
    with qtbot.waitSignal(watch.ticked, timeout=20_000) as heard:
        watch.set_limit(60_000)
    assert heard.args == [1]
    handle = label.windowHandle()
    assert handle is not None
    since = watch._quiet.msecsSinceReference()
    qtbot.waitUntil(lambda: watch._quiet.elapsed() > 1)
    QTest.keyClick(handle, Qt.Key.Key_A)
    assert watch._quiet.msecsSinceReference() > since, "the time counts from the key"
    with qtbot.waitSignal(watch.idle, timeout=20_000):
        watch.set_limit(20)


def test_closing_the_window_locks_the_vault_first(
    qtbot: QtBot, qapp: QApplication, program: Program, vault: Vault
) -> None:
    assert program.window is not None
    with qtbot.waitSignal(qapp.aboutToQuit, timeout=100, raising=False):
        program.window.close()
    qtbot.waitUntil(lambda: lock_file.held_by(vault.folder) is None, timeout=20_000)
    assert program.window is None


def test_the_language_changes_on_the_same_open_vault(
    qtbot: QtBot, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = program_root()
    (tmp_path / "resources" / "locale" / "en" / "LC_MESSAGES").mkdir(parents=True)
    for part in (root / "resources").iterdir():
        if part.name != "locale":
            (tmp_path / "resources" / part.name).symlink_to(part)
    catalogue = Catalog(locale="en")
    catalogue.add("Översikt", "Overview")
    with (tmp_path / "resources" / "locale" / "en" / "LC_MESSAGES" / "ombudet.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    i18n._catalogue.cache_clear()
    window = program.window
    assert window is not None
    vault = window.context.vault
    try:
        program.speak("en")
        assert program.window is not window
        assert program.window is not None
        assert program.window.tabs.tabText(0) == "Overview"
        assert program.window.context.vault is vault
        qtbot.waitUntil(lambda: not shiboken6.isValid(window) or not window.isVisible())
        assert Comfort().language == "en"
    finally:
        program.speak("sv")
        i18n._catalogue.cache_clear()
    assert program.window is not None
    assert program.window.tabs.tabText(0) == "Översikt"


def test_a_vault_in_a_synced_folder_is_warned_about_until_that_is_put_away(
    qtbot: QtBot, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = program.window
    assert window is not None
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy, timeout=20_000)
    window._tell_place(Whereabouts.HERE)
    assert not window.findChildren(QuestionBox)
    window._tell_place(Whereabouts.SYNCED)
    (box,) = window.findChildren(QuestionBox)
    assert "synkas" in box.windowTitle()
    box.verb_button.click()
    qtbot.waitUntil(lambda: not [one for one in window.findChildren(QuestionBox) if one.isVisible()])
    window._tell_place(Whereabouts.SYNCED)
    assert not [one for one in window.findChildren(QuestionBox) if one.isVisible()]
    assert Comfort().is_closed(f"place {window.context.vault.keys.vault_id}")
