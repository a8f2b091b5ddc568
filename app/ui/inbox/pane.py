"""The right-hand page: one request, its next step, and what has been done."""

import datetime as dt
from functools import partial
from typing import cast

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QScrollArea, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.domain import channels
from app.i18n import _
from app.ui.file_words import KINDS
from app.ui.inbox import acts
from app.ui.inbox.badges import deadline_badge, limit_text
from app.ui.inbox.case import Case
from app.ui.inbox.ledger_page import LedgerPage
from app.ui.inbox.pages import EventsPage, FilesPage, MessagePage, StepsPage
from app.ui.kit.badges import BadgeLabel
from app.ui.kit.buttons import explain, icon_button
from app.ui.kit.cards import InfoCard, NextStepCard
from app.ui.kit.chips import ChipRow
from app.ui.kit.empty import EmptyState
from app.ui.kit.icons import icon
from app.ui.kit.labels import PlainLabel, set_tooltip
from app.ui.kit.late import Pages
from app.ui.kit.theme import Tone

LETTERS = ("letter", "message")
FILES = tuple(kind for kind in KINDS if kind not in LETTERS)
CasePage = StepsPage | FilesPage | EventsPage | MessagePage | LedgerPage


class RequestPane(QWidget):
    """Shows one request.

    Signals:
        wanted: An act's code.
        file_opened: The id of a file.
        ask_wanted: Somebody is to be asked about a source outside the vault.
        answer_wanted: A line of the ledger whose answer has come.
        left: Back to the list, when there is room for one pane only.
    """

    wanted = Signal(str)
    file_opened = Signal(int)
    ask_wanted = Signal()
    answer_wanted = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.case: Case | None = None
        self.why_not_any = ""  # why whoever is at work may do nothing here
        self._today = dt.date.min
        self._build_head()
        self._build_pages()
        self._build()
        self.back_button.clicked.connect(self.left)
        self.chips.chosen.connect(self._turn_to)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.set_case(None, self._today)

    def _build_head(self) -> None:
        self.back_button = icon_button("arrow-left", _("Till listan"))
        self.heading = PlainLabel("", "h1", wrap=True, is_selectable=True)
        self.menu_button = icon_button("ellipsis", _("Mer att göra i ärendet"))
        self.menu = QMenu(self.menu_button)
        self.menu.setToolTipsVisible(True)
        self.menu_button.setMenu(self.menu)
        self.badge = BadgeLabel()
        self.meta = PlainLabel("", "muted", wrap=True)
        self.limit = PlainLabel("", wrap=True, is_selectable=True)
        self.sum = PlainLabel("", "muted", wrap=True, is_selectable=True)
        self.protected = InfoCard(tone=Tone.WARN)
        self.card = NextStepCard()

    def _build_pages(self) -> None:
        self.chips = ChipRow(_("Delar av ärendet"), [("steps", _("Steg"), None)])
        self.stack = Pages(
            {
                "steps": StepsPage,
                "letters": partial(self._files_page, _("Brev"), _("Inga brev än."), LETTERS),
                "files": partial(self._files_page, _("Bilagor"), _("Inga bilagor än."), FILES),
                "ledger": self._ledger_page,
                "events": EventsPage,
                "message": MessagePage,
            },
            self._fill_page,
        )

    def _files_page(self, name: str, empty: str, kinds: tuple[str, ...]) -> FilesPage:
        page = FilesPage(name, empty, kinds)
        page.table.opened.connect(self.file_opened)
        return page

    def _ledger_page(self) -> LedgerPage:
        page = LedgerPage()
        page.ask_wanted.connect(self.ask_wanted)
        page.answer_wanted.connect(lambda line_id: self.answer_wanted.emit(page.line(line_id)))
        return page

    def _fill_page(self, page: CasePage) -> None:
        if self.case is not None:
            page.set_case(self.case)

    @property
    def steps(self) -> StepsPage:
        """The steps."""
        return cast("StepsPage", self.stack.page("steps"))

    @property
    def letters(self) -> FilesPage:
        """The letters."""
        return cast("FilesPage", self.stack.page("letters"))

    @property
    def files(self) -> FilesPage:
        """The other files."""
        return cast("FilesPage", self.stack.page("files"))

    @property
    def ledger(self) -> LedgerPage:
        """What every source answered."""
        return cast("LedgerPage", self.stack.page("ledger"))

    @property
    def message(self) -> MessagePage:
        """The whole message."""
        return cast("MessagePage", self.stack.page("message"))

    def _build(self) -> None:
        around, self._whole = QVBoxLayout(self), QStackedWidget()
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._whole)
        self._nothing = EmptyState("inbox", _("Välj en begäran i listan."))
        self._whole.addWidget(self._nothing)
        self._area, inner = QScrollArea(), QWidget()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setMinimumWidth(self.fontMetrics().horizontalAdvance("n") * 44)
        self._area.setWidget(inner)
        self._whole.addWidget(self._area)
        self._lay_out(QVBoxLayout(inner))

    def _lay_out(self, column: QVBoxLayout) -> None:
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(8)
        top, facts = QHBoxLayout(), QHBoxLayout()
        column.addLayout(top)
        column.addLayout(facts)
        top.setSpacing(8)
        top.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.heading, 1)
        top.addWidget(self.menu_button, 0, Qt.AlignmentFlag.AlignTop)
        facts.setSpacing(8)
        facts.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignTop)
        facts.addWidget(self.meta, 1, Qt.AlignmentFlag.AlignVCenter)
        self.back_button.hide()
        for part in (self.limit, self.sum, self.protected, self.card, self.chips):
            column.addWidget(part)
        column.addWidget(self.stack, 1)

    def set_case(self, case: Case | None, today: dt.date) -> None:
        """Show a request, or that none is chosen."""
        self.case, self._today = case, today
        self._whole.setCurrentWidget(self._area if case else self._nothing)
        if case is None:
            return
        self._show_head(case)
        has_focus = self.window().focusWidget() in self.card.buttons
        self._show_card(case)
        if has_focus:
            self.focus_first()  # the button that had the focus is gone
        self._show_pages(case)

    def _show_head(self, case: Case) -> None:
        request, days = case.request, case.deadline
        self.heading.setText(case.heading)
        self.badge.set_badge(*deadline_badge(case.standing, self._today))
        meta = _("{number} · inkom {day} via {channel}")
        self.meta.setText(
            meta.format(
                number=request.number,
                day=request.received_on.isoformat(),
                channel=channels.label(request.channel).lower(),
            )
        )
        self.limit.setText(limit_text(days.goal_on, days.due_on))
        self.sum.setText(days.sum + ".")
        self.protected.setVisible(case.is_protected)
        if case.is_protected and case.subject is not None:
            self.protected.set_content(
                _("Skyddade personuppgifter: {kind}").format(kind=case.subject.protection.label),
                _("Svara bara genom Skatteverkets postförmedling eller vid personlig överlämning. Aldrig med e-post."),
            )

    def _show_card(self, case: Case) -> None:
        self.card.clear_buttons()
        step = case.next_step
        if step is None:
            self.card.set_plain(_("Ärendet är avslutat"), _("Inget mer behöver göras."))
            self._add_to_card("reopen")
            return
        self.card.set_step(step.title[:1].lower() + step.title[1:], acts.about(step.code, case.facts))
        self._add_to_card(step.code, is_primary=True)
        for code in self._lesser(case):
            if code != step.code:
                self._add_to_card(code)

    def _lesser(self, case: Case) -> list[str]:
        """Return what else lies near at hand."""
        facts, found = case.facts, []
        if facts.acknowledged_on is None and facts.sent_on is None:
            found.append("acknowledge")
        if facts.is_paused:
            found.append("resume")
        if case.next_step is not None and case.next_step.code == "send":
            found.append("letter")
        if case.next_step is not None and case.next_step.code == "close" and facts.sent_on is not None:
            found.append("reopen")
        return found

    def _add_to_card(self, code: str, *, is_primary: bool = False) -> None:
        act = acts.BY_CODE[code]
        made = self.card.add_button(_(act.title), act.icon, is_primary=is_primary)
        made.setProperty("act", code)
        made.clicked.connect(self._want)
        if self.why_not_any:
            explain(made, self.why_not_any)

    def _show_pages(self, case: Case) -> None:
        letters, files = case.files(*LETTERS), case.files(*FILES)
        self.chips.set_counts(
            [
                ("steps", _("Steg"), None),
                ("letters", _("Brev"), len(letters)),
                ("files", _("Bilagor"), len(files)),
                ("ledger", _("Sökning"), len(case.ledger)),
                ("events", _("Händelser"), len(case.events)),
                ("message", _("Meddelandet"), None),
            ]
        )
        self.stack.refill()
        self._turn_to(self.chips.value())

    @Slot(str)
    def _turn_to(self, key: str) -> None:
        self.stack.page(key)
        for name, page in self.stack.made.items():
            policy = QSizePolicy.Policy.Preferred if name == key else QSizePolicy.Policy.Ignored
            page.setSizePolicy(policy, policy)  # only the page in view says how tall the stack is
        self.stack.turn_to(key)

    @Slot()
    def _fill_menu(self) -> None:
        self.menu.clear()
        if self.case is None:
            return
        for act in acts.ACTS:
            if act.code in acts.SEPARATED:
                self.menu.addSeparator()
            words = f"{_(act.title)}\t{act.keys}" if act.keys else _(act.title)
            made = QAction(icon(act.icon), words, self.menu)
            made.setProperty("act", act.code)
            why = self.why_not_any or act.why_not(self.case.facts, self._today)
            made.setEnabled(not why)
            set_tooltip(made, why or "")
            made.triggered.connect(self._want)
            self.menu.addAction(made)

    @Slot()
    def _want(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.wanted.emit(str(sender.property("act")))

    def set_narrow(self, is_narrow: bool) -> None:
        """Show the way back to the list, or not."""
        self.back_button.setVisible(is_narrow)

    def focus_first(self) -> None:
        """Go to the next step's button."""
        target = self.card.buttons[0] if self.card.buttons else self.menu_button
        target.setFocus(Qt.FocusReason.OtherFocusReason)
