"""The real program in a process of its own: opens a vault, shows a person, and locks when it is told to.

Run: `python -m tests.ui.lock_child FOLDER PASSPHRASE NAME FLAG keep|end`.
"""

import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from app import main
from app.security import hardening
from app.ui import start
from app.ui.clock import Clock
from app.ui.unlock import UnlockWindow
from app.ui.window import MainWindow

LOOK_MS = 30


class Driver:
    """Does one step after the other as soon as it can be done."""

    def __init__(self, passphrase: str, name: str, flag: Path) -> None:
        self._passphrase, self._name, self._flag = passphrase, name, flag
        self._step = self._unlock
        self._timer = QTimer()
        self._timer.timeout.connect(self._go)
        self._timer.start(LOOK_MS)

    def _go(self) -> None:
        self._step()

    def _shown(self, kind: type) -> list[Any]:
        return [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]

    def _unlock(self) -> None:
        for window in self._shown(UnlockWindow):
            window.passphrase.line.setText(self._passphrase)
            QTest.keyClick(window.passphrase.line, Qt.Key.Key_Return)
            self._step = self._search

    def _search(self) -> None:
        for window in self._shown(MainWindow):
            if not window.context.jobs.is_busy:
                tab = window.show_tab("lookup")
                tab.box.setText(self._name)
                self._step = self._tell

    def _tell(self) -> None:
        for window in self._shown(MainWindow):
            tab = window.tabs.tab("lookup")
            if tab.table.rows.rowCount() and not window.context.jobs.is_busy:
                tab.table.selectRow(0)
                QApplication.clipboard().setText(self._name)
                sys.stdout.write("shown\n")
                sys.stdout.flush()
                self._step = self._lock

    def _lock(self) -> None:
        if self._flag.exists():
            for window in self._shown(MainWindow):
                window.activateWindow()
                window.lock_button.click()
            self._step = self._rest

    def _rest(self) -> None:
        for window in self._shown(UnlockWindow):
            if isinstance(window.passphrase.line, QLineEdit):
                sys.stdout.write("kept\n")  # only where the process goes on
                sys.stdout.flush()
                self._timer.stop()


def run(folder: str, passphrase: str, name: str, flag: str, how: str) -> int:
    """Run the program, and its driver beside it."""
    hardening.limit()
    start.make_application()
    driver = Driver(passphrase, name, Path(flag))
    again = main.start_again if how == "end" else None
    code = start.run(Path(folder), is_demo=False, spoken=("sv",), clock=Clock(main.now, main.today), again=again)
    del driver
    return code


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:]))
