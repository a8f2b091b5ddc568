"""One walk through the whole window, as a user takes it, in a process of its own.  Belongs to `bench_window`.

Run: `python -m tests.benchmarks.walk FOLDER TABLE`.  Prints each situation with its longest gap in milliseconds, as JSON.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.main import now, today
from app.services.demo import PASSPHRASE
from app.ui import start, tabs
from app.ui.clock import Clock
from app.ui.kit.jobs import Jobs
from app.ui.program import Program
from app.ui.unlock import UnlockWindow
from app.ui.window import MainWindow
from tests.benchmarks.heartbeat import Gap, Heartbeat, run_until
from tests.ui.typing import replace_text, type_text

STILL_S = 0.45  # longer than the window's own waits before it reads or draws
"""A situation is over when nothing has been going on for so long."""
CTRL = Qt.KeyboardModifier.ControlModifier
SEARCHES = ("öberg åsa", "K10500", "sjöstrm", "exempel.se")


class Walk:
    """Takes each situation in turn and notes the longest gap.

    Args:
        folder: The vault.
        table: A customer register to import.
    """

    def __init__(self, folder: Path, table: Path) -> None:
        self._folder, self._table = folder, table
        self._heart = Heartbeat()
        self.gaps: dict[str, Gap] = {}
        app, comfort = start.make_application()
        start.settle(app, comfort)
        self.program = Program(app, comfort, Clock(now, today))

    @contextmanager
    def _measure(self, name: str) -> Iterator[None]:
        self._heart.start()
        yield
        self.gaps[name] = self._heart.stop()

    def take(self) -> None:
        """Walk."""
        self._unlock()
        self._open_tabs()
        self._open_details()
        self._open_tools()
        self._search()
        self._make_extract()
        self._import()
        with self._measure("locking"):
            QTest.mouseClick(self._window.lock_button, Qt.MouseButton.LeftButton)
            run_until(lambda: self.program.unlock is not None)
            self._settle()

    def _unlock(self) -> None:
        self.program.begin(self._folder)
        with self._measure("unlock window, while typing"):
            type_text(self._unlock_window.passphrase.line, PASSPHRASE)
            self._settle()
        with self._measure("unlocking, to the first tab"):
            QTest.keyClick(self._unlock_window.passphrase.line, Qt.Key.Key_Return)
            run_until(lambda: self.program.window is not None)
            self._settle()

    def _open_tabs(self) -> None:
        for number, name in enumerate(tabs.NAMES[1:], start=2):
            with self._measure(f"tab {name}"):
                QTest.keyClick(self._window, Qt.Key(Qt.Key.Key_0 + number), CTRL)
                self._settle()

    def _open_details(self) -> None:
        self._show_tab("inbox")
        table = self._tab.table
        with self._measure("another request"):
            QTest.keyClick(table, Qt.Key.Key_Down)
            self._settle()
        with self._measure("form for a new request"):
            QTest.keyClick(self._window, Qt.Key.Key_N, CTRL)
            self._settle()
        self._close_dialog()
        self._show_tab("incidents")
        with self._measure("an incident's page"):
            QTest.keyClick(self._tab.table, Qt.Key.Key_Down)
            QTest.keyClick(self._tab.table, Qt.Key.Key_Return)
            self._settle()
        with self._measure("an incident's next step"):
            QTest.mouseClick(self._tab.page.next_button, Qt.MouseButton.LeftButton)
            self._settle()
        with self._measure("form for a new incident"):
            self._tab.new_action.trigger()
            self._settle()
        self._close_dialog()

    def _open_tools(self) -> None:
        for name in ("log", "company", "backup", "about"):
            with self._measure(f"tools {name}"):
                self._window.show_tool(name)
                self._settle()
        with self._measure("form for a new passphrase"):
            self._window.change_passphrase()
            self._settle()
        self._close_dialog()
        self._window.leave_tool()

    def _search(self) -> None:
        self._show_tab("lookup")
        tab = self._tab
        with self._measure("searching, each key"):
            for text in SEARCHES:
                replace_text(tab.box, "")
                for character in text:
                    type_text(tab.box, character)
                    run_until(lambda: True, still_s=0.08)
                self._settle()
        with self._measure("a person's card"):
            replace_text(tab.box, "öberg åsa")
            self._settle()
            QTest.keyClick(tab.box, Qt.Key.Key_Down)
            self._settle()

    def _make_extract(self) -> None:
        self._show_tab("inbox")
        tab = self._tab
        self._window.context.ways.request_wanted.emit(1)
        run_until(lambda: tab.pane.case is not None and tab.pane.case.request.id == 1)
        self._settle()
        with self._measure("extract, preview"):
            tab.perform("extract")
            run_until(lambda: isinstance(self._dialog(), QDialog))
            form: Any = self._dialog()
            run_until(lambda: form.pages.count() > 0)
            self._settle()
        with self._measure("extract, scrolling the preview"):
            for _page in range(3):
                QTest.keyClick(form.pages, Qt.Key.Key_PageDown)
                run_until(lambda: True, still_s=0.1)
        with self._measure("extract, made"):
            QTest.mouseClick(form.verb_button, Qt.MouseButton.LeftButton)
            run_until(lambda: self._dialog() is not form)
            self._settle()
        self._close_dialog()

    def _import(self) -> None:
        from app.ui.importing import open_import

        with self._measure("import, file read"):
            dialog = open_import(self._window, self._window.context, self._table)
            run_until(lambda: dialog.draft.preview is not None)
            self._settle()
        with self._measure("import, columns"):
            self._press(dialog.next_button)
        with self._measure("import, tried"):
            type_text(dialog.column_page.new_source.editor, "Butiken")
            self._press(dialog.next_button)
            run_until(lambda: dialog.draft.trial is not None)
            self._settle()
        with self._measure("import, done"):
            self._press(dialog.next_button)
            run_until(lambda: dialog.draft.done is not None)
            self._settle()
        self._close_dialog()

    @property
    def _window(self) -> MainWindow:
        found = self.program.window
        if found is None:
            raise RuntimeError("the vault is not open")
        return found

    @property
    def _unlock_window(self) -> UnlockWindow:
        found = self.program.unlock
        if found is None:
            raise RuntimeError("the unlock window is not open")
        return found

    @property
    def _tab(self) -> Any:
        return self._window.current_tab()

    def _show_tab(self, name: str) -> None:
        self._window.show_tab(name)
        self._settle()

    def _press(self, button: QWidget) -> None:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self._settle()

    def _dialog(self) -> QWidget | None:
        return QApplication.activeModalWidget()

    def _close_dialog(self) -> None:
        dialog = self._dialog()
        if isinstance(dialog, QDialog):
            QDialog.reject(dialog)  # nothing was typed that anybody wants
        run_until(lambda: self._dialog() is None)

    def _settle(self) -> None:
        lanes: list[Callable[[], Jobs | None]] = [
            lambda: self.program.unlock.jobs if self.program.unlock else None,
            lambda: self.program.window.context.jobs if self.program.window else None,
        ]
        run_until(lambda: not any(jobs.is_busy for lane in lanes if (jobs := lane())), still_s=STILL_S)


def main() -> None:
    """Walk and print."""
    walk = Walk(Path(sys.argv[1]), Path(sys.argv[2]))
    walk.take()
    sys.stdout.write(json.dumps(walk.gaps) + "\n")


if __name__ == "__main__":
    main()
