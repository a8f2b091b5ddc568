"""Steps that the tests of Registrerade share."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.context import Context
from app.ui.kit.forms import FormDialog
from app.ui.lookup.tab import LookupTab
from tests.factories import NOW
from tests.ui.typing import replace_text


def do(context: Context, act: Callable[[Any], Any]) -> Any:
    with context.vault.store.write(NOW) as session:
        return act(session)


def stored(context: Context, query: Any) -> Any:
    with context.vault.store.read() as session:
        return session.scalars(query).all()


def dialog(kind: type[Any]) -> Any:
    return next(made for made in QApplication.topLevelWidgets() if isinstance(made, kind) and made.isVisible())


def press_ctrl_enter(qtbot: QtBot, form: FormDialog) -> None:
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    QTest.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def find(qtbot: QtBot, tab: LookupTab, text: str) -> None:
    replace_text(tab.box, text)
    qtbot.waitUntil(lambda: not tab._typing.isActive() and not tab._context.jobs.is_busy and bool(tab._hits))


def open_person(qtbot: QtBot, tab: LookupTab, subject_id: int, text: str = "öberg åsa") -> None:
    find(qtbot, tab, text)
    tab.table.select_id(subject_id)
    qtbot.waitUntil(lambda: tab.pane.subject_id == subject_id)


def cells(tab: LookupTab, column: int) -> list[str]:
    table = tab.pane.card.table
    return [table.rows.text_at(place, column) for place in range(table.rows.rowCount())]


def shown_tab(qtbot: QtBot, context: Context) -> LookupTab:
    """Return the tab in view, with nothing searched for."""
    made = LookupTab(context)
    qtbot.addWidget(made)
    made.resize(1366, 640)
    made.show()
    qtbot.waitUntil(lambda: not context.jobs.is_busy)
    return made
