"""The steps of a request through the real window by the keyboard, each waiting for the next one to be offered."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from app.domain.status import Outcome
from app.ui.inbox.case_dialogs import IdentityDialog, SentDialog
from app.ui.inbox.decide_dialog import DecideDialog
from app.ui.inbox.letter_dialog import LetterDialog
from app.ui.inbox.register_dialog import RegisterDialog
from app.ui.inbox.tab import InboxTab
from app.ui.lookup.tab import LookupTab
from app.ui.outputs import ExtractDialog
from app.ui.window import MainWindow
from tests.ui.keyboard import Keyboard


def to_inbox(keys: Keyboard, window: MainWindow) -> InboxTab:
    keys.press("Ctrl+2")
    tab = window.tabs.tab("inbox")
    assert isinstance(tab, InboxTab)
    keys.until(tab.isVisible)
    return tab


def register(keys: Keyboard, tab: InboxTab, mail: Path) -> None:
    keys.press("Ctrl+Shift+M")
    keys.dialog(QFileDialog)
    keys.write(str(mail))
    keys.press("Return")
    form = keys.dialog(RegisterDialog)
    assert form.rights.value() == ("access",)
    assert form.sender_card.isVisibleTo(form)
    keys.press("Ctrl+Return")
    keys.until(lambda: is_next(tab, "identity"))


def identify(keys: Keyboard, tab: InboxTab) -> None:
    keys.press("Ctrl+I")
    keys.dialog(IdentityDialog)
    keys.press("Space", "Ctrl+Return")
    keys.until(lambda: is_next(tab, "lookup"))


def look_up(keys: Keyboard, window: MainWindow, tab: InboxTab) -> None:
    keys.press("Ctrl+.")
    lookup = window.tabs.tab("lookup")
    assert isinstance(lookup, LookupTab)
    keys.until(lambda: lookup.isVisible() and lookup.table.rows.rowCount() == 1 and lookup.box.hasFocus())
    keys.press("Return")
    keys.until(lookup.band.yes_button.isEnabled)
    keys.press("Alt+Ä")
    keys.until(lookup.band.done_button.hasFocus)
    keys.press("Space")
    keys.until(lambda: tab.isVisible() and is_next(tab, "extract"))


def make_extract(keys: Keyboard, tab: InboxTab, out: Path) -> None:
    keys.press("Ctrl+.")
    form = keys.dialog(ExtractDialog)
    keys.until(lambda: form.pages.count() > 0)
    keys.press("Alt+S")
    keys.dialog(QFileDialog)
    keys.press("Ctrl+A")
    keys.presses -= 1  # the proposed name is marked already; only this screen without a window manager needs it
    keys.write(str(out))
    keys.press("Return")
    keys.until(out.exists)
    keys.until(lambda: is_next(tab, "decide"))


def decide(keys: Keyboard, tab: InboxTab) -> None:
    keys.press("Ctrl+.")
    form = keys.dialog(DecideDialog)
    assert [decision.outcome for decision in form.decisions()] == [Outcome.GRANTED]
    keys.press("Ctrl+Return")
    keys.until(lambda: is_next(tab, "letter"))


def answer(keys: Keyboard, tab: InboxTab) -> None:
    keys.press("Ctrl+.")
    form = keys.dialog(LetterDialog)
    keys.until(lambda: form.pages.count() > 0)
    letter = form.letter()
    assert letter is not None
    assert letter.kind == "access"
    assert letter.addressee_lines == ("Åsa Test", "Storgatan 1", "752 31 Uppsala")
    keys.press("Ctrl+Return")
    keys.until(lambda: is_next(tab, "send"))
    keys.press("Ctrl+.")
    keys.dialog(SentDialog)
    keys.press("Ctrl+Return")
    keys.until(lambda: is_next(tab, "close"))


def is_next(tab: InboxTab, code: str) -> bool:
    """Say whether the card offers this step, and the keys reach the tab."""
    case, focus = tab.pane.case, tab.window().focusWidget()
    if case is None or case.next_step is None or focus is None:
        return False
    return case.next_step.code == code and tab.isAncestorOf(focus) and tab.window().isActiveWindow()
