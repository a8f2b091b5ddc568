"""The page about keys and users: what each button does, and what is off for whom."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.roles import Role
from app.security import os_keyring, recovery_key, vault_file
from app.services import users
from app.ui.comfort import Comfort
from app.ui.context import Context
from app.ui.kit.messages import ErrorBox, QuestionBox
from app.ui.tools.keys import KeysPage
from app.ui.tools.passphrase import PassphraseForm
from app.ui.tools.user_forms import RecoveryForm, RoleForm, RotateForm, UserForm
from app.ui.window import MainWindow
from tests.key_stores import Trusted, in_use
from tests.ui.conftest import COST, NOW, PASSPHRASE
from tests.ui.typing import type_text

T = TypeVar("T")
EVA = "gata moln kvist sadel tröja"


@pytest.fixture
def key_store() -> Iterator[Trusted]:
    with in_use() as backend:
        yield backend


@pytest.fixture
def page(qtbot: QtBot, context: Context) -> KeysPage:
    return _page(qtbot, context)


def _page(qtbot: QtBot, context: Context) -> KeysPage:
    made = KeysPage(context)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    qtbot.waitUntil(lambda: bool(made.row_buttons), timeout=20_000)
    return made


def _click(button: QPushButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _shown(kind: type[T]) -> T | None:
    found = [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]
    return found[-1] if found else None


def _wait(qtbot: QtBot, kind: type[T]) -> T:
    qtbot.waitUntil(lambda: _shown(kind) is not None, timeout=20_000)
    found = _shown(kind)
    assert found is not None
    return found


def test_it_says_who_one_is_and_lists_the_users(page: KeysPage) -> None:
    assert page.mine.text() == "Du arbetar som Eva Lund, dataskyddsombud."
    assert list(page.row_buttons) == ["dataskyddsombud"]
    role, gone = page.row_buttons["dataskyddsombud"]
    assert not role.isEnabled()
    assert gone.isEnabled()
    assert not page.strangers.isVisible()


def test_a_user_is_added_given_another_role_and_removed(qtbot: QtBot, context: Context, page: KeysPage) -> None:
    _click(page.add_button)
    form = _wait(qtbot, UserForm)
    _click(form.verb_button)
    assert form.name.problem_text() == "Skriv användarens namn."
    type_text(form.name.line, "Ove Berg")
    form.new.suggest()
    with qtbot.waitSignal(form.accepted, timeout=30_000):
        _click(form.verb_button)
    qtbot.waitUntil(lambda: "Ove Berg" in page.row_buttons, timeout=20_000)
    assert users.listed(context.vault)[1].role is Role.HANDLER

    _click(page.row_buttons["Ove Berg"][0])
    role = _wait(qtbot, RoleForm)
    assert role.role.may.text().startswith("Får registrera")
    role.role.set_value(Role.REVIEWER.value)
    assert role.role.may.text().startswith("Får läsa")
    with qtbot.waitSignal(role.accepted, timeout=20_000):
        _click(role.verb_button)
    assert users.listed(context.vault)[1].role is Role.REVIEWER

    qtbot.waitUntil(lambda: not context.jobs.is_busy, timeout=20_000)
    _click(page.row_buttons["Ove Berg"][1])
    _click(_wait(qtbot, QuestionBox).verb_button)
    qtbot.waitUntil(lambda: list(page.row_buttons) == ["dataskyddsombud"], timeout=20_000)
    offer = _wait(qtbot, QuestionBox)
    assert offer.windowTitle() == "Byt databasens nyckel också?"
    _click(offer.verb_button)
    _wait(qtbot, RotateForm).reject()


def test_the_last_officer_is_not_removed(qtbot: QtBot, context: Context, page: KeysPage) -> None:
    _click(page.row_buttons["dataskyddsombud"][1])
    _click(_wait(qtbot, QuestionBox).verb_button)
    box = _wait(qtbot, ErrorBox)
    assert "sista dataskyddsombud" in box.words.what
    assert vault_file.unlock(context.vault.folder, passphrase=PASSPHRASE) == context.vault.keys
    box.close()


def test_the_databases_key_is_changed_and_a_new_sheet_is_offered(
    qtbot: QtBot, context: Context, page: KeysPage, vault_folder: Path
) -> None:
    before = context.vault.keys
    _click(page.rotate_button)
    form = _wait(qtbot, RotateForm)
    _click(form.verb_button)
    assert form.current.problem_text()
    type_text(form.current.line, PASSPHRASE)
    with qtbot.waitSignal(form.accepted, timeout=30_000):
        _click(form.verb_button)
    assert context.vault.keys.database != before.database
    offer = _wait(qtbot, QuestionBox)
    assert offer.windowTitle() == "Gör ett nytt återställningsblad också?"
    _click(offer.verb_button)
    sheet = _wait(qtbot, RecoveryForm)
    made = sheet.paper.made
    assert made is not None
    key = made.recovery_key
    _click(sheet.verb_button)
    assert all(field.problem_text() for field in sheet.page.typed), "two groups are typed back first"
    for number, field in zip(sheet.page.asked, sheet.page.typed, strict=True):
        type_text(field.line, recovery_key.groups(key)[number - 1].lower())
    with qtbot.waitSignal(sheet.accepted, timeout=20_000):
        _click(sheet.verb_button)
    assert vault_file.unlock(vault_folder, recovery_key=key) == context.vault.keys


def test_a_wrong_passphrase_rotates_nothing(qtbot: QtBot, context: Context, page: KeysPage) -> None:
    before = context.vault.keys
    _click(page.rotate_button)
    form = _wait(qtbot, RotateForm)
    type_text(form.current.line, "inte den")
    _click(form.verb_button)
    box = _wait(qtbot, ErrorBox)
    assert box.words.what.startswith("Databasens nyckel är inte bytt.")
    assert context.vault.keys == before
    box.close()
    form._throw_away()


def test_quick_unlocking_is_asked_about_and_turned_on_and_off(
    qtbot: QtBot, context: Context, page: KeysPage, key_store: Trusted
) -> None:
    assert "Slå på" in page.keyring_button.accessibleName()
    _click(page.keyring_button)
    _click(_wait(qtbot, QuestionBox).verb_button)
    qtbot.waitUntil(lambda: "Slå av" in page.keyring_button.accessibleName(), timeout=20_000)
    assert os_keyring.unlock(context.vault.folder) == context.vault.keys
    _click(page.keyring_button)
    qtbot.waitUntil(lambda: "Slå på" in page.keyring_button.accessibleName(), timeout=20_000)
    assert key_store.entries == {}


def test_the_own_passphrase_is_changed_here_too(qtbot: QtBot, page: KeysPage) -> None:
    _click(page.passphrase_button)
    _wait(qtbot, PassphraseForm).reject()


@pytest.mark.parametrize("role", [Role.HANDLER, Role.REVIEWER])
def test_what_a_role_may_not_do_is_off_with_the_reason(qtbot: QtBot, context: Context, role: Role) -> None:
    context.vault.store.role = role
    page = _page(qtbot, context)
    off = [page.add_button, page.recovery_button, page.rotate_button, *page.row_buttons["dataskyddsombud"]]
    for one in off:
        assert not one.isEnabled()
        assert "Bara ett dataskyddsombud får ändra nycklar och användare." in one.toolTip()
    assert page.passphrase_button.isEnabled()
    assert page.keyring_button.isEnabled()
    assert role.label in page.mine.text()


def test_a_stranger_in_the_key_file_is_told(qtbot: QtBot, context: Context) -> None:
    users.add(context.vault, "Ove Berg", Role.HANDLER, EVA, now=NOW, cost=COST)
    path = context.vault.folder / vault_file.NAME
    path.write_bytes(path.read_bytes().replace(b"Ove Berg", b"Ove Borg"))
    page = _page(qtbot, context)
    qtbot.waitUntil(page.strangers.isVisible, timeout=20_000)
    assert page.strangers.text().startswith("1 nyckel i valvet är skadad")


def test_the_menu_leads_there(qtbot: QtBot, context: Context) -> None:
    window = MainWindow(dataclasses.replace(context), Comfort())
    window.show()
    window.begin()
    window.menus.actions["keys"].trigger()
    assert isinstance(window.stack.currentWidget(), KeysPage)
    context.jobs.close()
    window.hide()
    window.deleteLater()
