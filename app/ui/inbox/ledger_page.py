"""What every source answered to the recorded search: the registers in the vault, and those who were asked outside it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain import ledger
from app.domain.ledger import Answer
from app.i18n import _, ngettext
from app.services.ledger import LedgerLine
from app.ui.inbox.case import Case, local
from app.ui.kit.badges import Badge
from app.ui.kit.buttons import button
from app.ui.kit.foreign import one_line
from app.ui.kit.labels import PlainLabel
from app.ui.kit.table import Column, QueryTable
from app.ui.kit.theme import Tone

_BADGES = {
    Answer.FOUND: Badge(Tone.OK, "check"),
    Answer.NOTHING: Badge(Tone.NEUTRAL, "minus"),
    Answer.FAILED: Badge(Tone.WARN, "triangle-alert"),
    Answer.ASKED: Badge(Tone.INFO, "clock"),
    Answer.NO_ANSWER: Badge(Tone.WARN, "minus"),
}


class LedgerPage(QWidget):
    """The ledger of a request.

    Signals:
        ask_wanted: Somebody is to be asked about a source outside the vault.
        answer_wanted: The id of a line whose answer has come.
    """

    ask_wanted = Signal()
    answer_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._lines: dict[int, LedgerLine] = {}
        self._is_open = False
        columns = (
            Column(_("Källa"), lambda line: one_line(line.source), width=12, is_strong=True),
            Column(_("Svar"), _answer, badge=lambda line: _BADGES[line.answer], width=15),
            Column(_("Vem och när"), _who, tooltip=_who, width=15),
            Column(
                _("Sagt med svaret"), lambda line: one_line(line.why) or "–", tooltip=lambda line: line.why, width=16
            ),
        )
        self.table = QueryTable(columns, self._fetch, name=_("Vad varje källa svarade"), empty=_("Ingen sökning än."))
        self.table.setMinimumHeight(180)
        self.terms = PlainLabel("", "muted", wrap=True, is_selectable=True)
        self.ask_button = button(_("&Fråga någon annan …"), "send")
        self.answer_button = button(_("Skriv in s&varet …"), "pencil")
        row = QHBoxLayout()
        row.addWidget(self.ask_button)
        row.addWidget(self.answer_button)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        column.addWidget(self.terms)
        self.ask_button.clicked.connect(self.ask_wanted)
        self.answer_button.clicked.connect(self._want_answer)
        self.table.opened.connect(self._open)
        self.table.current_changed.connect(self._offer)

    def set_case(self, case: Case) -> None:
        """Show what was answered."""
        self._lines = {line.line_id: line for line in case.ledger}
        self.table.set_ids(list(self._lines))
        is_open = case.request.closed_on is None
        self.ask_button.setEnabled(is_open and bool(case.ledger))
        self.terms.setText(_searched(case.ledger))
        self._is_open = is_open
        self._offer(self.table.selected_id())

    def line(self, line_id: int) -> LedgerLine | None:
        """Return a line that is shown."""
        return self._lines.get(line_id)

    def _fetch(self, ids: Sequence[int]) -> dict[int, LedgerLine]:
        return {key: self._lines[key] for key in ids if key in self._lines}

    @Slot(object)
    def _offer(self, line_id: int | None) -> None:
        line = self._lines.get(line_id or 0)
        self.answer_button.setEnabled(self._is_open and line is not None and line.is_outside)

    @Slot()
    def _want_answer(self) -> None:
        self._open(self.table.selected_id() or 0)

    @Slot(int)
    def _open(self, line_id: int) -> None:
        line = self._lines.get(line_id)
        if line is not None and line.is_outside and self._is_open:
            self.answer_wanted.emit(line_id)


def _answer(line: LedgerLine) -> str:
    if line.answer is Answer.FOUND:
        return ngettext("{n} uppgift", "{n} uppgifter", line.found).format(n=line.found)
    return ledger.label(line.answer)


def _who(line: LedgerLine) -> str:
    if not line.is_outside:
        return _("{who} sökte {at}").format(who=one_line(line.who, 60), at=local(line.at))
    owner = one_line(line.owner, 60)
    if line.answered_on is not None:
        return _("{who} svarade {day}").format(who=owner, day=line.answered_on.isoformat())
    due = line.due_on.isoformat() if line.due_on else ""
    return _("{who}, svar väntas {day}").format(who=owner, day=due)


def _searched(lines: Sequence[LedgerLine]) -> str:
    terms = dict.fromkeys(term for line in lines for term in line.terms)
    return _("Sökt på: {terms}").format(terms=one_line(", ".join(terms), 300)) if terms else ""
