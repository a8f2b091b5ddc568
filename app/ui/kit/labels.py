"""Text on screen that is never markup.

Qt guesses whether a text is HTML, and then opens the files it names.  Labels here say plain text, tooltips are escaped, and
`PlainTextGuard` mends what others made.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar
from weakref import WeakSet

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import Qt as TextQt
from PySide6.QtWidgets import QApplication, QLabel, QSizePolicy, QWidget

from app.ui.kit.theme import Tone

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QTreeWidgetItem

AnyWidget = TypeVar("AnyWidget", bound=QWidget)
_POLISH, _TOOL_TIP = QEvent.Type.Polish, QEvent.Type.ToolTip  # looked up once: the guard sees every event there is
_guards: "WeakSet[PlainTextGuard]" = WeakSet()
LEVELS = ("body", "display", "h1", "h2", "strong", "muted", "problem")


class PlainLabel(QLabel):
    """A label that shows its text as it is written.

    Args:
        text: What to show.
        level: `body`, `display`, `h1`, `h2`, `strong`, `muted` or `problem`.
        wrap: Break long lines.
        is_selectable: Let the user mark and copy the text.
    """

    def __init__(self, text: str = "", level: str = "body", *, wrap: bool = False, is_selectable: bool = False) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.set_level(level)
        if wrap:
            self.setWordWrap(True)
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        if is_selectable:
            flags = Qt.TextInteractionFlag
            self.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)

    def set_level(self, level: str) -> None:
        """Style the text.

        Raises:
            ValueError: There is no such level.
        """
        if level not in LEVELS:
            raise ValueError(level)
        set_style(self, "level", "" if level == "body" else level)

    def set_tone(self, tone: Tone | None) -> None:
        """Colour the text by meaning; the words must say it too."""
        set_style(self, "tone", tone.value if tone else "")


def set_style(widget: QWidget, name: str, value: str | bool) -> None:
    """Set a property that the style sheet looks at, and let it look again."""
    before = widget.property(name)
    if before == value or (before is None and not value):
        return
    widget.setProperty(name, value)
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):  # else the style looks when it is first shown
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def set_shown(widget: QWidget, is_shown: bool) -> None:
    """Show or hide a widget that stands otherwise; showing it again would measure all of it, also in a page not in view."""
    if widget.isHidden() == is_shown:
        widget.setVisible(is_shown)


def tooltip_markup(text: str) -> str:
    """Return `text` so that a tooltip shows exactly its characters, wrapped at a readable width."""
    if not text:
        return ""
    import html

    return f"<qt>{html.escape(text).replace(chr(10), '<br>')}</qt>"


def set_tooltip(target: "QWidget | QAction", text: str) -> None:
    """Give a widget or action a tooltip; the only door to `setToolTip`."""
    target.setToolTip(tooltip_markup(text))
    if isinstance(target, QWidget):
        target.setAccessibleDescription(text)


def set_cell_tooltip(item: "QTreeWidgetItem", column: int, text: str) -> None:
    """Give a cell of a tree a tooltip."""
    item.setToolTip(column, tooltip_markup(text))


class _HasText(Protocol):
    def toolTip(self) -> str: ...


def is_safe_tooltip(target: _HasText) -> bool:
    """Say whether the tooltip is plain, or was made by `tooltip_markup`."""
    text = target.toolTip()
    if not TextQt.mightBeRichText(text):
        return True
    import html

    return text == tooltip_markup(html.unescape(text.removeprefix("<qt>").removesuffix("</qt>").replace("<br>", "\n")))


class PlainTextGuard(QObject):
    """Turns every other label in the program to plain text when it is first shown, and escapes foreign tooltips.

    The log names the class of the offender, never its text.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        _guards.add(self)
        self.watch()

    def watch(self) -> None:
        """Look at every event of the program."""
        self._app.installEventFilter(self)

    def look_through(self) -> None:
        """See to the windows that were built before the guard came."""
        for window in self._app.topLevelWidgets():
            for label in window.findChildren(QLabel):
                _make_plain(label)

    def rest(self) -> None:
        """Look at nothing for a while."""
        self._app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See to the keys and events of the parts."""
        kind = event.type()
        if kind is _POLISH:
            if isinstance(watched, QLabel):
                _make_plain(watched)
        elif kind is _TOOL_TIP and isinstance(watched, QWidget) and not is_safe_tooltip(watched):
            _report("tooltip with markup on %s", type(watched).__name__)
            watched.setToolTip(tooltip_markup(watched.toolTip()))
        return False


def built(make: Callable[[], AnyWidget]) -> AnyWidget:
    """Return a widget of ours as `make` builds it; the guard looks through it when it is whole, not at each event on the way."""
    guards = [guard for guard in _guards if shiboken6.isValid(guard)]
    for guard in guards:
        guard.rest()
    try:
        made = make()
    finally:
        for guard in guards:
            guard.watch()
    for label in made.findChildren(QLabel) if guards else ():
        _make_plain(label)
    return made


def _make_plain(label: QLabel) -> None:
    if label.textFormat() == Qt.TextFormat.PlainText:
        return
    if TextQt.mightBeRichText(label.text()):
        _report("label with markup: %s in %s", type(label).__name__, type(label.window()).__name__)
    label.setTextFormat(Qt.TextFormat.PlainText)


def _report(text: str, *kinds: str) -> None:
    import logging

    logging.getLogger(__name__).error(text, *kinds)
