"""No text on screen is markup: labels are plain, tooltips escaped, and nothing else in the window may make either."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction, QHelpEvent
from PySide6.QtWidgets import QApplication, QFormLayout, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui.kit.labels import PlainLabel, PlainTextGuard, is_safe_tooltip, set_tooltip, tooltip_markup

WINDOW = Path(__file__).resolve().parents[2] / "app" / "ui"
CANARY = "<img src='file:///etc/hostname'> & <b>Åsa</b>"
CLASSES = {
    "QLabel", "QMessageBox", "QToolTip", "QWizard", "QWizardPage", "QTextEdit", "QTextBrowser", "QErrorMessage",
    "QInputDialog", "QProgressDialog", "QWhatsThis", "QTextDocument",
}  # fmt: skip
CALLS = {"setToolTip", "setHtml", "setTextFormat", "setWhatsThis", "insertHtml", "appendHtml", "setStatusTip"}
DOORS = {
    "kit/labels.py": {"QLabel", "setToolTip", "setTextFormat"},
    "kit/clipboard.py": {"setHtml"},
}


def markup_makers(folder: Path) -> list[str]:
    """Return where code uses a class or call that may take text for markup, outside the doors."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        name = path.relative_to(folder).as_posix()
        used = set(_names(ast.parse(path.read_text(encoding="utf-8"))))
        found += [f"{name}: {word}" for word in sorted(used & (CLASSES | CALLS) - DOORS.get(name, set()))]
    return found


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "addRow":
            yield from ("QLabel" for part in node.args[:1] if not _is_widget(part))


def _is_widget(part: ast.expr) -> bool:
    """Say whether a form's first column is a widget we made, and not words that Qt makes a label of."""
    if isinstance(part, ast.Call):
        return isinstance(part.func, ast.Name) and part.func.id[:1].isupper()
    return isinstance(part, ast.Name | ast.Attribute)


def test_nothing_in_the_window_makes_markup() -> None:
    assert markup_makers(WINDOW) == []


@pytest.mark.parametrize(
    "line",
    [
        "from PySide6.QtWidgets import QLabel",
        "QtWidgets.QMessageBox.warning(None, '', name)",
        "button.setToolTip(name)",
        "view.setHtml(body)",
        "form.addRow('Namn', edit)",
        "form.addRow(_('Namn'), edit)",
    ],
)
def test_the_rule_finds_what_breaks_it(line: str, tmp_path: Path) -> None:
    (tmp_path / "tab.py").write_text(line, encoding="utf-8")
    assert markup_makers(tmp_path) != []


def test_a_label_shows_its_characters(qtbot: QtBot) -> None:
    label = PlainLabel(CANARY, wrap=True)
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.text() == CANARY


def test_an_unknown_level_is_refused(qtbot: QtBot) -> None:
    with pytest.raises(ValueError, match="h7"):
        PlainLabel("x", "h7")


def test_a_tooltip_shows_its_characters_and_is_spoken_plain(qtbot: QtBot) -> None:
    button, action = QPushButton("x"), QAction("x")
    qtbot.addWidget(button)
    for target in (button, action):
        set_tooltip(target, CANARY)
        assert "<img" not in target.toolTip()
        assert "&lt;img" in target.toolTip()
        assert is_safe_tooltip(target)
    assert button.accessibleDescription() == CANARY
    set_tooltip(button, "")
    assert button.toolTip() == ""


@pytest.mark.parametrize(
    ("text", "is_safe"), [("Spara", True), (CANARY, False), (tooltip_markup(CANARY + "\n2"), True)]
)
def test_a_foreign_tooltip_is_told_from_ours(qtbot: QtBot, text: str, is_safe: bool) -> None:
    button = QPushButton("x")
    qtbot.addWidget(button)
    button.setToolTip(text)
    assert is_safe_tooltip(button) is is_safe


def test_markup_around_ours_does_not_pass_for_ours(qtbot: QtBot) -> None:
    button = QPushButton("x")
    qtbot.addWidget(button)
    button.setToolTip("<qt>&lt;b&gt;<img src='x.png'></qt>")
    assert not is_safe_tooltip(button)


@pytest.fixture
def guard(qapp: QApplication) -> Iterator[PlainTextGuard]:
    made = PlainTextGuard(qapp)
    yield made
    qapp.removeEventFilter(made)
    made.deleteLater()


@pytest.mark.usefixtures("guard")
def test_the_guard_turns_foreign_labels_plain(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    holder = QWidget()
    form = QFormLayout(holder)
    form.addRow("Namn", QLineEdit())
    form.addRow(CANARY, QLineEdit())
    qtbot.addWidget(holder)
    holder.show()
    assert {label.textFormat() for label in holder.findChildren(QLabel)} == {Qt.TextFormat.PlainText}
    assert [record.getMessage() for record in caplog.records] == ["label with markup: QLabel in QWidget"]
    assert "Åsa" not in caplog.text
    caplog.clear()


@pytest.mark.usefixtures("guard")
def test_the_guard_escapes_foreign_tooltips(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    button = QPushButton("x")
    qtbot.addWidget(button)
    button.setToolTip(CANARY)
    button.show()
    QApplication.sendEvent(button, QHelpEvent(QEvent.Type.ToolTip, QPoint(1, 1), QPoint(1, 1)))
    assert button.toolTip() == tooltip_markup(CANARY)
    assert [record.getMessage() for record in caplog.records] == ["tooltip with markup on QPushButton"]
    caplog.clear()


@pytest.mark.usefixtures("guard")
def test_the_guard_is_silent_about_our_own(qtbot: QtBot) -> None:
    label = PlainLabel(CANARY)
    set_tooltip(label, CANARY)
    qtbot.addWidget(label)
    label.show()
    QApplication.sendEvent(label, QHelpEvent(QEvent.Type.ToolTip, QPoint(1, 1), QPoint(1, 1)))
    assert label.text() == CANARY
