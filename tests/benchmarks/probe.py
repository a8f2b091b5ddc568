"""A window in a process of its own, that says when it can be used.  Belongs to `bench_start`.

Run: `python -m tests.benchmarks.probe` for an empty window, `… FOLDER` for the unlock window, `… FOLDER PASSPHRASE` to unlock too.
Says "usable" with the milliseconds it has computed so far.  Imports as little as it can: all of it is counted.
"""

import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget


def say(text: str) -> None:
    """Tell the one who started this process."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def say_usable() -> None:
    """Tell that the window can be used."""
    say(f"usable {time.process_time() * 1000:.1f}")


def show_empty() -> None:
    """Show a window with nothing in it: the least a program of this kind can do."""
    from PySide6.QtWidgets import QApplication, QWidget

    app = QApplication([])

    class Empty(QWidget):
        def paintEvent(self, _event: object) -> None:
            say_usable()
            app.quit()

    window = Empty()
    window.show()
    app.exec()


class Painted:
    """Sees a widget being painted while `is_ready` holds."""

    def __init__(self, widget: "QWidget", is_ready: Callable[[], bool]) -> None:
        from PySide6.QtCore import QEvent, QObject

        seen = self
        self.is_done = False

        class Filter(QObject):
            def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
                if event.type() is QEvent.Type.Paint and is_ready():
                    seen.is_done = True
                return False

        self._filter = Filter(widget)
        widget.installEventFilter(self._filter)
        widget.update()


def type_key(widget: "QWidget", text: str, key: int = 0) -> None:
    """Press a key."""
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication

    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text))


def _when(is_so: Callable[[], Any], then: Callable[[], object]) -> None:
    """Ask in every turn of the event loop, and go on when it is so."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    timer = QTimer(QApplication.instance(), interval=1)

    def look() -> None:
        if is_so():
            timer.stop()
            then()

    timer.timeout.connect(look)
    timer.start()


class Visitor:
    """Uses the program's windows as soon as they can be used.

    Args:
        passphrase: Unlocks the vault; empty to stop at the unlock window.
    """

    def __init__(self, passphrase: str) -> None:
        self._passphrase = passphrase
        self._keys_at = 0.0
        self._window: Any = None
        self._painted: Painted | None = None

    def come(self) -> None:
        """Wait for the unlock window, painted, with the cursor in its field."""
        _when(self._can_type, self._type)

    def _can_type(self) -> bool:
        self._window = self._window or _shown("UnlockWindow")
        if self._window is None:
            return False
        line = self._window.passphrase.line
        self._painted = self._painted or Painted(line, lambda: True)
        return self._painted.is_done and line.hasFocus()

    def _type(self) -> None:
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication

        line = self._window.passphrase.line
        type_key(line, "x")
        if self._window.passphrase.value() != "x":
            raise RuntimeError("the key did not arrive")
        say_usable()
        if not self._passphrase:
            QApplication.exit()
            return
        self._window.passphrase.set_value(self._passphrase)
        QTimer.singleShot(200, self._wait)  # whoever types a passphrase takes longer

    def _wait(self) -> None:
        _when(lambda: not self._window.jobs.is_busy, self._unlock)

    def _unlock(self) -> None:
        from PySide6.QtCore import Qt

        from app.security import vault_file

        derive = vault_file.unlock

        def unlock(*given: Any, **named: Any) -> Any:
            keys = derive(*given, **named)
            self._keys_at = time.perf_counter()
            return keys

        vault_file.unlock = unlock
        self._painted = None
        type_key(self._window.passphrase.line, "\r", Qt.Key.Key_Return)
        _when(self._is_first_tab_shown, self._end)

    def _is_first_tab_shown(self) -> bool:
        window = _shown("MainWindow")
        tab = window.tabs.made.get("overview") if window is not None else None
        if tab is not None and self._painted is None:
            self._painted = Painted(tab.heading, lambda: bool(tab.heading.text()))
        return self._painted is not None and self._painted.is_done

    def _end(self) -> None:
        from PySide6.QtWidgets import QApplication

        say(f"{(time.perf_counter() - self._keys_at) * 1000:.1f}")
        QApplication.exit()


def _shown(kind: str) -> Any:
    from PySide6.QtWidgets import QApplication

    found = (one for one in QApplication.topLevelWidgets() if type(one).__name__ == kind and one.isVisible())
    return next(found, None)


def main() -> None:
    """Show what was asked for."""
    if len(sys.argv) == 1:
        show_empty()
        return
    from app import main as program

    find = program._vault_folder

    def find_and_watch(given: Sequence[str]) -> "Path | None":
        _watch_loop()
        return find(given)

    program._vault_folder = find_and_watch
    program.main([sys.argv[1]])


def _watch_loop() -> None:
    """See to it that the visitor comes when the event loop starts."""
    from PySide6.QtWidgets import QApplication

    visitor = Visitor("".join(sys.argv[2:]))
    run = QApplication.exec

    def run_watched() -> int:
        visitor.come()
        return run()

    QApplication.exec = staticmethod(run_watched)  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
