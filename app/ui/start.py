"""Starts the window: the application, its looks and language, and the first thing on the screen."""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app import __version__, i18n
from app.ui.clock import Clock
from app.ui.comfort import Comfort
from app.ui.kit import icons
from app.ui.kit.collector import Collector
from app.ui.kit.labels import PlainTextGuard
from app.ui.kit.theme import STYLE, apply, set_text_zoom

SETTLE_MS = 30  # after the first window is painted; nobody waits for what comes then
TURN_S = 0.0005  # how long a thread at work may keep the window waiting; the usual 5 ms add up when a table is painted
_COUNTRY = {"sv": "SE", "en": "GB"}


def run(
    folder: Path | None,
    *,
    is_demo: bool,
    spoken: Sequence[str],
    clock: Clock,
    first: str = "",
    again: Callable[[Sequence[str]], bool] | None = None,
) -> int:
    """Show the window and return the exit code when it is closed.

    Args:
        folder: The vault to open; None for the one that was open last.
        is_demo: Make and open the vault of invented people instead.
        spoken: The languages the system speaks, the first wish first.
        clock: The time and the day.
        first: As for `Program.begin`.
        again: As for `Program`.
    """
    sys.setswitchinterval(TURN_S)
    icons.draw_later()
    app, comfort = make_application(spoken)
    wanted = folder or next((one.folder for one in comfort.recent()), None)
    if wanted is not None and not (is_demo or first) and (wanted / "lock").exists():
        from app.ui import knock

        if knock.knock(wanted):
            sys.stderr.write(i18n._("Valvet är redan öppet. Dess fönster är nu framme.") + "\n")
            return 0
    from app.ui.program import NEW, Program

    program = Program(app, comfort, clock, again)
    if is_demo or first == NEW or not (folder or comfort.recent()):
        settle(app, comfort)
        program.open_demo() if is_demo else program.begin(None, first)
    else:
        program.begin(folder, first)
        QTimer.singleShot(SETTLE_MS, app, partial(settle, app, comfort))
    return app.exec()


def settle(app: QApplication, comfort: Comfort) -> None:
    """Do what the unlock window can be used without: its icons, Qt's own words, the guards."""
    from app.security import hardening

    hardening.hide_memory()
    icons.draw_now()
    app.setWindowIcon(icons.icon("shield-check", "accent"))
    translate_qt(app, comfort.language)
    PlainTextGuard(app).look_through()


def make_application(spoken: Sequence[str] = ()) -> tuple[QApplication, Comfort]:
    """Return the application, dressed, and what is remembered on this computer; `settle` does the rest."""
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication([*sys.argv[:1], "-style", STYLE])
    app.setApplicationName("Ombudet")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("ombudet")
    app.setQuitOnLastWindowClosed(False)
    comfort = Comfort(spoken)
    i18n.set_language(comfort.language)
    apply(app, comfort.scheme, has_style=app is not found)
    set_text_zoom(comfort.zoom)
    Collector(app)
    return app, comfort


def translate_qt(app: QApplication, code: str) -> None:
    """Let Qt's own buttons and dialogs speak a language, and count and sort as it does."""
    from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator

    QLocale.setDefault(QLocale(f"{code}_{_COUNTRY.get(code, '')}"))
    for old in app.findChildren(QTranslator):
        app.removeTranslator(old)
        old.deleteLater()
    translator = QTranslator(app)
    if translator.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
