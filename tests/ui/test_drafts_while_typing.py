"""What is typed is in the vault while it is typed: a crash a second after the last key loses nothing."""

import importlib
import pkgutil
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from app.security import files
from app.services import drafts
from app.services.vaults import open_vault
from app.ui.kit.drafting import Drafting
from app.ui.kit.forms import open_form
from app.ui.kit.messages import ErrorBox
from app.ui.program import Program
from app.ui.unsaved import LOOK_MS
from app.ui.window import MainWindow
from db.models import Setting
from tests.ui.conftest import NOW, PASSPHRASE
from tests.ui.test_unsaved import Form, kept_titles, lock_and_unlock, program, take_back, window_of
from tests.ui.typing import type_text

__all__ = ["program"]

WITHOUT = {
    *(
        "DocumentDialog",
        "DryRunDialog",
        "ErrorBox",
        "FirstRun",
        "HistoryDialog",
        "ImportDialog",
        "PaperDialog",
        "PastImports",
    ),
    *("QuestionBox", "ReceiptDialog", "ShortcutList", "SuggestionsDialog", "ValueDialog", "Wizard"),
}
"""Dialogs in which nothing is typed that could be lost."""


def held(window: MainWindow, key: str) -> drafts.Kept | None:
    """Return a draft as it is in the vault, without taking it."""
    with window.context.vault.store.read() as session:
        found = session.get(Setting, "draft:" + key)
        return None if found is None else drafts.Kept(found.value["values"], caret=found.value["caret"])


def test_what_is_typed_is_in_the_vault_while_it_is_typed_with_the_place_of_the_caret(
    qtbot: QtBot, program: Program
) -> None:
    window = window_of(program)
    qtbot.waitUntil(lambda: window.drafts.is_known)
    form = Form(window)
    open_form(form)
    type_text(form.line.editor, "Åsa begär utdrag")
    QTest.keyClick(form.line.editor, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    editor: Any = form.line.editor
    at = editor.cursorPosition()
    qtbot.waitUntil(lambda: (found := held(window, "Form|")) is not None and found.caret.get("at") == at)
    kept = held(window, "Form|")
    assert kept is not None
    assert kept.values == {"line": "Åsa begär utdrag"}
    assert LOOK_MS < 1000
    window.context.vault.abandon()  # the power goes
    form.hide()
    form.deleteLater()

    vault = open_vault(window.context.vault.folder, passphrase=PASSPHRASE, now=NOW)
    program.window = None
    window.hide()
    window.deleteLater()
    program.open_vault(vault)
    again = window_of(program)
    qtbot.waitUntil(lambda: again.drafts.is_known and not again.context.jobs.is_busy)
    second = Form(again)
    open_form(second)
    take_back(second)
    qtbot.waitUntil(lambda: second.line.value() == "Åsa begär utdrag", timeout=20_000)
    qtbot.waitUntil(second.line.editor.hasFocus)
    editor = second.line.editor
    assert editor.cursorPosition() == at == len("Åsa begär ")
    second.hide()
    second.deleteLater()


def test_a_form_that_is_done_leaves_no_draft(qtbot: QtBot, program: Program) -> None:
    window = window_of(program)
    qtbot.waitUntil(lambda: window.drafts.is_known)
    form = Form(window)
    open_form(form)
    type_text(form.line.editor, "Åsa")
    qtbot.waitUntil(lambda: held(window, "Form|") is not None)
    form.finish()
    qtbot.waitUntil(lambda: held(window, "Form|") is None)
    assert kept_titles(window) == {}


def test_a_new_draft_stands_beside_an_old_one_that_nobody_has_decided_about(qtbot: QtBot, program: Program) -> None:
    form = Form(window_of(program))
    open_form(form)
    type_text(form.line.editor, "det första")
    again = lock_and_unlock(qtbot, program)
    second = Form(again)
    open_form(second)
    type_text(second.line.editor, "det andra")
    qtbot.waitUntil(lambda: held(again, "Form|~") is not None)
    assert held(again, "Form|") == drafts.Kept({"line": "det första"}, caret=held(again, "Form|").caret)  # type: ignore[union-attr]
    third = lock_and_unlock(qtbot, program)
    assert sorted(kept_titles(third)) == ["Form|", "Form|~"]
    for text in ("det första", "det andra"):
        form = Form(third)
        open_form(form)
        take_back(form)
        qtbot.waitUntil(partial(_says, form, text), timeout=20_000)
        form.finish()
        qtbot.waitUntil(lambda: not third.context.jobs.is_busy)


def test_a_full_disk_is_told_once_and_not_with_every_key(
    qtbot: QtBot, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = window_of(program)
    qtbot.waitUntil(lambda: window.drafts.is_known)

    def refuse(*_given: object) -> None:
        raise files.disk_error(OSError(28, "full"))

    monkeypatch.setattr(drafts, "save", refuse)
    form = Form(window)
    open_form(form)
    type_text(form.line.editor, "Å")
    qtbot.waitUntil(lambda: bool(window.findChildren(ErrorBox)))
    for box in window.findChildren(ErrorBox):
        box.accept()
    type_text(form.line.editor, "sa")
    QTest.keyClick(form.windowHandle(), Qt.Key.Key_F15)  # typed into the widget, a key goes past the window
    qtbot.waitUntil(lambda: window.keeper._job is not None and window.keeper._job.is_over)
    assert sum(box.isVisible() for box in window.findChildren(ErrorBox)) == 0
    monkeypatch.undo()
    type_text(form.line.editor, "!")
    QTest.keyClick(form.windowHandle(), Qt.Key.Key_F15)
    qtbot.waitUntil(lambda: (found := held(window, "Form|")) is not None and found.values == {"line": "Åsa!"})
    form.finish()


def test_every_form_with_fields_keeps_what_is_typed() -> None:
    """A dialog in which something can be typed is a `FormDialog`, or has a reason not to be."""
    import app.ui

    for found in pkgutil.walk_packages(app.ui.__path__, "app.ui."):
        importlib.import_module(found.name)
    dialogs = {kind.__name__ for kind in subclasses(QDialog) if kind.__module__.startswith("app.")}
    keeping = {kind.__name__ for kind in subclasses(Drafting)}
    assert dialogs - keeping == WITHOUT


def subclasses(kind: type[Any]) -> set[type[Any]]:
    found: set[type[Any]] = set()
    for below in kind.__subclasses__():
        found |= {below, *subclasses(below)}
    return found


def _says(form: Form, text: str) -> bool:
    return bool(form.line.value() == text)
