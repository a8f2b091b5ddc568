"""Starts the window: the application, its looks and language, and the first thing on the screen."""

import datetime as dt
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app import __version__, i18n
from app.ui.comfort import Comfort
from app.ui.kit.collector import Collector
from app.ui.kit.icons import icon
from app.ui.kit.labels import PlainTextGuard
from app.ui.kit.theme import apply, set_text_zoom

TURN_S = 0.0005  # how long a thread at work may keep the window waiting; the usual 5 ms add up when a table is painted
_COUNTRY = {"sv": "SE", "en": "GB"}


def run(
    folder: Path | None,
    *,
    is_demo: bool,
    spoken: Sequence[str],
    now: Callable[[], dt.datetime],
    today: Callable[[], dt.date],
) -> int:
    """Show the window and return the exit code when it is closed.

    Args:
        folder: The vault to open; None for the one that was open last.
        is_demo: Make and open the vault of invented people instead.
        spoken: The languages the system speaks, the first wish first.
        now: Returns the time, aware UTC.
        today: Returns the day in Stockholm.
    """
    sys.setswitchinterval(TURN_S)
    app, comfort = make_application(spoken)
    from app.ui.clock import Clock
    from app.ui.program import Program

    program = Program(app, comfort, Clock(now, today))
    if is_demo:
        program.open_demo()
    else:
        program.begin(folder)
    return app.exec()


def make_application(spoken: Sequence[str] = ()) -> tuple[QApplication, Comfort]:
    """Return the application, dressed and translated, and what is remembered on this computer."""
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("Ombudet")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("ombudet")
    app.setQuitOnLastWindowClosed(False)
    comfort = Comfort(spoken)
    i18n.set_language(comfort.language)
    translate_qt(app, comfort.language)
    apply(app, comfort.scheme)
    set_text_zoom(comfort.zoom)
    app.setWindowIcon(icon("shield-check", "accent"))
    PlainTextGuard(app)
    Collector(app)
    return app, comfort


def translate_qt(app: QApplication, code: str) -> None:
    """Let Qt's own buttons and dialogs speak a language, and count and sort as it does."""
    QLocale.setDefault(QLocale(f"{code}_{_COUNTRY.get(code, '')}"))
    for old in app.findChildren(QTranslator):
        app.removeTranslator(old)
        old.deleteLater()
    translator = QTranslator(app)
    if translator.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
