"""Pages in a given order with a list of steps at the side.  Qt's own wizard shows its titles as markup, so it is not used."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.i18n import _
from app.ui.kit.buttons import button
from app.ui.kit.labels import PlainLabel, set_style
from app.ui.kit.steps import StepButtons, StepRow


class WizardPage(QWidget):
    """One page.  Subclasses fill `column` and answer `enter` and `leave`.

    Args:
        title: The heading, and the name in the list of steps.
        intro: One or two sentences under the heading.
    """

    def __init__(self, title: str, intro: str = "") -> None:
        super().__init__()
        self.title = title
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        self.column.addWidget(PlainLabel(title, "h1", wrap=True))
        if intro:
            self.column.addWidget(PlainLabel(intro, "muted", wrap=True))

    def enter(self) -> None:
        """The page comes into view."""

    def leave(self) -> bool:
        """Say whether the page may be left forwards; show what is wrong when it may not."""
        return True


class Wizard(QDialog):
    """Walks through pages and is accepted after the last one.

    Args:
        parent: The window it belongs to.
        title: The window's title.
        finish: The verb on the last button.
    """

    def __init__(self, parent: QWidget | None, title: str, finish: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._finish = finish
        self.pages: list[WizardPage] = []
        self._furthest = 0
        self.stack = QStackedWidget()
        self.side = StepButtons(_("Steg"))
        self.cancel_button = button(_("Avbryt"))
        self.back_button = button(_("Tillbaka"))
        self.next_button = button(_("Nästa"), role="primary")
        self.next_button.setDefault(True)
        self._build()
        self.side.chosen.connect(self.go_to)
        self.cancel_button.clicked.connect(self.reject)
        self.back_button.clicked.connect(self.go_back)
        self.next_button.clicked.connect(self.go_on)
        self.resize(760, 560)

    def _build(self) -> None:
        whole, right, bottom = QHBoxLayout(self), QVBoxLayout(), QHBoxLayout()
        left = QVBoxLayout()
        self.side.setMinimumWidth(180)
        left.addWidget(self.side)
        left.addStretch()
        self.stack.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        bottom.addWidget(self.cancel_button)
        bottom.addStretch()
        bottom.addWidget(self.back_button)
        bottom.addWidget(self.next_button)
        right.addWidget(self.stack, 1)
        right.addLayout(bottom)
        whole.setContentsMargins(16, 16, 16, 12)
        whole.setSpacing(24)
        whole.addLayout(left)
        whole.addLayout(right, 1)

    def set_pages(self, pages: Sequence[WizardPage]) -> None:
        """Put the pages in and show the first; the others are measured when they are shown."""
        for page in pages:
            area = QScrollArea()
            area.setWidgetResizable(True)
            area.setFrameShape(QFrame.Shape.NoFrame)
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.stack.addWidget(area)
            self.pages.append(page)
        self._show(0)

    def current(self) -> int:
        """Return the number of the page in view, from 0."""
        return self.stack.currentIndex()

    @Slot()
    def go_on(self) -> None:
        """Go to the next page, or finish, if the page allows it."""
        here = self.current()
        if not self.pages[here].leave():
            return
        if here + 1 == len(self.pages):
            self.accept()
        else:
            self._show(here + 1)

    @Slot()
    def go_back(self) -> None:
        """Go to the page before; nothing that was typed is lost."""
        self._show(max(0, self.current() - 1))

    @Slot(int)
    def go_to(self, number: int) -> None:
        """Go to a page that has been seen; forwards only past pages that are in order."""
        target = min(number, self._furthest)
        while self.current() < target:
            here = self.current()
            self.go_on()
            if self.current() == here:
                break
        if self.current() > target:
            self._show(target)
        self._tell()

    def _show(self, number: int) -> None:
        self._furthest = max(self._furthest, number)
        page, area = self.pages[number], self.stack.widget(number)
        if isinstance(area, QScrollArea) and area.widget() is None:
            area.setWidget(page)
        self.stack.setCurrentIndex(number)
        self._tell()
        page.enter()
        (_first_stop(page) or self.next_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell(self) -> None:
        here = self.current()
        self.side.set_steps(
            [
                StepRow(page.title, is_done=number < self._furthest and number != here, is_current=number == here)
                for number, page in enumerate(self.pages)
            ]
        )
        for number, made in enumerate(self.side.buttons):
            made.setEnabled(number <= self._furthest)
        is_last = here + 1 == len(self.pages)
        self.back_button.setEnabled(here > 0)
        self.next_button.setText(self._finish if is_last else _("Nästa"))
        self.next_button.setAccessibleName(self.next_button.text())
        set_style(self.next_button, "role", "primary")


def _first_stop(page: QWidget) -> QWidget | None:
    """Return the first part of a page that the Tab key reaches."""
    part: QWidget | None = page
    for _part in page.findChildren(QWidget):  # no step further: the last part would hold on to the whole dialog
        part = part.nextInFocusChain() if part is not None else None
        if part is None or not page.isAncestorOf(part):
            return None
        if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isEnabled() and part.isVisibleTo(page):
            return part
    return None
