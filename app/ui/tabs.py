"""The tabs: which there are, made when they are first shown, with counters, and icons only where the window is narrow."""

import gc
import importlib
import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QTabBar, QTabWidget, QVBoxLayout, QWidget

from app.i18n import _, mark
from app.ui.context import Context
from app.ui.kit import messages
from app.ui.kit.empty import EmptyState
from app.ui.kit.icons import SIZE, icon
from app.ui.kit.labels import built, tooltip_markup
from app.ui.kit.theme import theme

log = logging.getLogger(__name__)
NARROW = 1100


@dataclass(frozen=True)
class Tab:
    """A tab: its name for the ways, its title and icon, and where its class is."""

    name: str
    title: str
    icon: str
    module: str
    kind: str


TABS = (
    Tab("overview", mark("Översikt"), "layout-dashboard", "app.ui.overview.tab", "OverviewTab"),
    Tab("inbox", mark("Begäranden"), "inbox", "app.ui.inbox.tab", "InboxTab"),
    Tab("lookup", mark("Registrerade"), "users", "app.ui.lookup.tab", "LookupTab"),
    Tab("incidents", mark("Incidenter"), "triangle-alert", "app.ui.incidents.tab", "IncidentsTab"),
    Tab("retention", mark("Gallring"), "archive-x", "app.ui.retention.tab", "RetentionTab"),
    Tab("register", mark("Behandlingar"), "book-open", "app.ui.register.tab", "RegisterTab"),
)
NAMES = tuple(tab.name for tab in TABS)


def load() -> None:
    """Import every tab's module, in a thread, so that the first click on a tab does not wait for it.

    What is loaded stays for good, so the collector of garbage is kept from looking through it.  Python's own collecting is off
    already, and stays off: see `app.ui.kit.collector`.
    """
    if gc.get_freeze_count():
        return
    for tab in TABS:
        with suppress(ImportError):
            importlib.import_module(tab.module)
    gc.freeze()


class _Bar(QTabBar):
    """Tabs that are at least as tall as what stands beside them."""

    least = 0

    def tabSizeHint(self, index: int) -> QSize:
        """Return the size it wants."""
        return super().tabSizeHint(index).expandedTo(QSize(0, self.least))


class TabArea(QTabWidget):
    """The tabs in their order.

    Signals:
        shown: The name of the tab that came into view.
    """

    shown = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.made: dict[str, QWidget] = {}
        self._counts: dict[str, int] = {}
        self._bar = _Bar()
        self.setTabBar(self._bar)
        self.setDocumentMode(True)
        self._bar.setExpanding(False)
        self.tabBar().setUsesScrollButtons(True)
        self.setAccessibleName(_("Flikar"))
        for tab in TABS:
            page = QWidget()
            column = QVBoxLayout(page)
            column.setContentsMargins(0, 0, 0, 0)
            self.addTab(page, icon(tab.icon), "")
        self._label()
        self.currentChanged.connect(self._show)
        theme().changed.connect(self._fit)

    def current_name(self) -> str:
        """Return the name of the tab in view."""
        return NAMES[self.currentIndex()]

    def show_tab(self, name: str) -> QWidget:
        """Bring a tab into view and return it, made if it was not."""
        self.setCurrentIndex(NAMES.index(name))
        return self.tab(name)

    def tab(self, name: str) -> QWidget:
        """Return a tab, made if it was not."""
        if name not in self.made:
            self.made[name] = made = self._make(TABS[NAMES.index(name)])
            layout = self.widget(NAMES.index(name)).layout()  # type: ignore[union-attr]
            layout.addWidget(made)  # type: ignore[union-attr]
        return self.made[name]

    def set_count(self, name: str, count: int) -> None:
        """Write a number after a tab's title; 0 takes it away."""
        if self._counts.get(name, 0) != count:
            self._counts[name] = count
            self._label()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose between titles and icons."""
        super().resizeEvent(event)
        if (event.size().width() < NARROW) != (event.oldSize().width() < NARROW):
            self._label()

    def is_narrow(self) -> bool:
        """Say whether only the tab in view has room for its title."""
        return self.width() < NARROW * max(1.0, theme().zoom / 100)

    def _make(self, tab: Tab) -> QWidget:
        try:
            kind: Any = getattr(importlib.import_module(tab.module), tab.kind)
            made: QWidget = built(lambda: kind(self._context))
        except Exception as error:  # one broken tab must not take the others with it
            messages.show_error(self.window(), error)
            return EmptyState(tab.icon, _("Fliken kan inte visas."))
        counted = getattr(made, "counted", None)
        if counted is not None:
            counted.connect(lambda count: self.set_count(tab.name, count))
        return made

    @Slot(int)
    def _show(self, number: int) -> None:
        self.tab(NAMES[number])
        self._label()
        self.shown.emit(NAMES[number])

    def set_corner(self, corner: QWidget) -> None:
        """Put something beside the tabs, and make them as tall."""
        self.setCornerWidget(corner)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        """Size icons and tabs for the text size in force."""
        side = round(SIZE * max(1.0, theme().zoom / 100))
        self.setIconSize(QSize(side, side))
        corner = self.cornerWidget()
        self._bar.least = corner.sizeHint().height() if corner is not None else 0
        self._label()

    @Slot()
    def _label(self) -> None:
        is_narrow = self.is_narrow()
        for number, tab in enumerate(TABS):
            title, count = _(tab.title), self._counts.get(tab.name, 0)
            number_text = str(count) if count else ""
            is_shown = number == self.currentIndex() or not is_narrow
            self.setTabText(number, f"{title}  {number_text}".strip() if is_shown else number_text)
            spoken = f"{title} {number_text}".strip()
            self.setTabToolTip(number, tooltip_markup(_("{title} (Ctrl+{n})").format(title=spoken, n=number + 1)))
            self.tabBar().setAccessibleTabName(number, spoken)


def focus_first(widget: QWidget) -> None:
    """Put the focus on the first part of a tab that takes it."""
    part = widget.nextInFocusChain()
    while part is not None and widget.isAncestorOf(part):
        if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isEnabled() and part.isVisibleTo(widget):
            part.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        part = part.nextInFocusChain()
