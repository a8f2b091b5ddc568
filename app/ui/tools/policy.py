"""Policykoll: what the policy, the law and the register do not agree on, why it matters, and the way to where it is mended."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.domain import findings
from app.domain.findings import Place, State
from app.i18n import _, ngettext
from app.reference.requirements import requirements
from app.services import policy
from app.services.policy import Shown
from app.ui import rights
from app.ui.context import Context
from app.ui.kit import messages
from app.ui.kit.chips import ChipRow
from app.ui.kit.empty import EmptyState
from app.ui.kit.forms import FormDialog, open_form
from app.ui.kit.labels import PlainLabel
from app.ui.kit.table import Column, QueryTable
from app.ui.kit.text_field import TextField
from app.ui.tools.finding import BADGES, FindingPane
from app.ui.tools.page import ToolPage

ONE_PANE_BELOW = 1100
CONCERNS = frozenset(
    {
        "Activity",
        "Source",
        "Recipient",
        "RetentionRule",
        "Notice",
        "Setting",
        "Deviation",
        "Request",
        "Incident",
        "Hold",
    }
)
TABS = {
    Place.REGISTER: "register",
    Place.INBOX: "inbox",
    Place.INCIDENTS: "incidents",
    Place.RETENTION: "retention",
}
TOOLS = {Place.COMPANY: "company", Place.BACKUP: "backup"}


def columns() -> tuple[Column, ...]:
    """Return the columns of the list."""
    return (
        Column(_("Gäller"), lambda one: findings.label(one.weight), badge=lambda one: BADGES[one.weight], width=11),
        Column(_("Iakttagelse"), lambda one: one.title, tooltip=lambda one: one.title, width=38, is_strong=True),
        Column(_("Krav"), lambda one: one.code, width=5),
        Column(_("Policyns avsnitt"), lambda one: one.section or "–", tooltip=lambda one: one.section, width=12),
    )


class ApproveForm(FormDialog):
    """Why a deviation is approved."""

    def __init__(self, context: Context, parent: QWidget, finding: Shown) -> None:
        super().__init__(parent, _("Godkänn avvikelse"), _("Godkänn"))
        self._context, self._finding = context, finding
        self.draft_about = finding.key
        words = _(
            "Iakttagelsen räknas inte längre. Den kommer tillbaka om något mer saknas. Skäl, namn och tid sparas."
        )
        self.column.addWidget(PlainLabel(finding.title, "strong", wrap=True))
        self.column.addWidget(PlainLabel(words, wrap=True))
        self.add("reason", TextField(_("Skäl"), _("Varför ni godtar att det är så, och till när."), lines=4))

    def problems(self) -> dict[str, str]:
        """Return what is wrong."""
        return {} if self.values()["reason"] else {"reason": _("Skriv ett skäl. Utan skäl godkänns inget.")}

    def save(self) -> None:
        """Store the decision."""
        key, reason = self._finding.key, self.values()["reason"]
        now, today = self._context.now(), self._context.today()
        self._context.jobs.write(
            lambda session, _job: policy.approve(session, key, reason=reason, now=now, today=today).id,
            then=self.finish,
            failed=self.fail,
        )


class PolicyPage(ToolPage):
    """The findings in a list, and beside it the one that is chosen."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            context,
            _("Policykoll"),
            _("Här står det som policyn lovar, lagen kräver eller registret saknar. Det räknas om när något ändras."),
            is_scrolled=False,
        )
        self._found: dict[int, Shown] = {}
        self._ids: dict[str, int] = {}
        self._is_one_pane = self._is_reading = False
        chips = [(state.value, text, 0) for state, text in _states().items()]
        self.chips = ChipRow(_("Visa"), chips, combo_below=26 * self.fontMetrics().height())
        self.summary = PlainLabel("", "muted", wrap=True)
        self.table = QueryTable(columns(), self._fetch, name=_("Iakttagelser"))
        self.table.set_empty(EmptyState("circle-check", _("Inget här.")))
        self.pane = FindingPane()
        self._build()
        self._connect()
        rights.restrict(context.vault, "policy.approve", self.pane.approve_button, self.pane.withdraw_button)
        self._reload()

    def _build(self) -> None:
        self.list_side = QWidget()
        left = QVBoxLayout(self.list_side)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(8)
        for part in (self.chips, self.table, self.summary):
            left.addWidget(part, int(part is self.table))
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(24)
        self.splitter.addWidget(self.list_side)
        self.splitter.addWidget(self.pane)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        self.splitter.setSizes([780, 540])
        self.column.addWidget(self.splitter, 1)

    def _connect(self) -> None:
        self.chips.chosen.connect(self._list)
        self.table.current_changed.connect(self._show)
        self.table.opened.connect(self._open)
        self.pane.mend_button.clicked.connect(self.mend)
        self.pane.approve_button.clicked.connect(self.approve)
        self.pane.withdraw_button.clicked.connect(self.withdraw)
        self.pane.list_button.clicked.connect(self.show_list)
        self.context.news.changed.connect(self._hear)

    def chosen(self) -> Shown | None:
        """Return the finding that is chosen."""
        return self._found.get(self.table.selected_id() or 0)

    @Slot()
    def mend(self) -> None:
        """Go to where the chosen finding is mended."""
        one, ways = self.chosen(), self.context.ways
        if one is None:
            return
        if one.place in TABS:
            ways.tab_wanted.emit(TABS[one.place])
        elif one.place in TOOLS:
            ways.tool_wanted.emit(TOOLS[one.place])
        else:
            ways.register_wanted.emit(one.place.value, one.opens)

    @Slot()
    def approve(self) -> None:
        """Ask why the chosen finding is approved as a deviation."""
        one = self.chosen()
        if one is not None and one.state is State.OPEN:
            open_form(ApproveForm(self.context, self.window(), one))

    @Slot()
    def withdraw(self) -> None:
        """Ask, and take the approval of the chosen finding back."""
        one = self.chosen()
        if one is None or one.state is not State.APPROVED:
            return
        question = messages.Question(
            _("Ta tillbaka godkännandet?"),
            _("Iakttagelsen räknas igen. Att den varit godkänd står kvar i loggen."),
            _("Ta tillbaka"),
            is_danger=False,
        )
        messages.ask(self.window(), question, partial(self._withdraw, one.key))

    def _withdraw(self, key: str) -> None:
        self.context.jobs.write(lambda session, _job: policy.withdraw(session, key))

    @Slot()
    def show_list(self) -> None:
        """Show the list again where there is room for one pane only."""
        self._arrange(is_reading=False)
        self.table.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show one pane at a time when there is no room for two."""
        super().resizeEvent(event)
        self._is_one_pane = self.width() < ONE_PANE_BELOW * self.fontMetrics().height() / 17
        self._arrange(is_reading=self._is_reading)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back with Esc: to the list first, where it is not in view."""
        if event.key() == Qt.Key.Key_Escape and self._is_one_pane and self._is_reading:
            self.show_list()
        else:
            super().keyPressEvent(event)

    def _arrange(self, *, is_reading: bool) -> None:
        self._is_reading = is_reading
        self.list_side.setVisible(not (self._is_one_pane and is_reading))
        self.pane.setVisible(is_reading or not self._is_one_pane)
        self.pane.list_button.setVisible(self._is_one_pane)

    @Slot(object)
    def _hear(self, names: frozenset[str]) -> None:
        if names & CONCERNS:
            self._reload()

    def _reload(self) -> None:
        now, today = self.context.now(), self.context.today()
        self.context.jobs.read(lambda session, _job: policy.findings_of(session, now=now, today=today), then=self._take)

    def _take(self, found: Sequence[Shown]) -> None:
        for one in found:
            self._ids.setdefault(one.key, len(self._ids) + 1)
        self._found = {self._ids[one.key]: one for one in found}
        counts = {state: sum(one.state is state for one in found) for state in State}
        self.chips.set_counts([(state.value, text, counts[state]) for state, text in _states().items()])
        self.summary.setText(_summary(found))
        self._list()

    @Slot()
    def _list(self) -> None:
        wanted = self.chips.value()
        ids = [key for key, one in self._found.items() if one.state.value == wanted]
        self.table.set_ids(ids)
        if self.table.selected_id() is None and ids:
            self.table.select_id(ids[0])
        self._show()

    def _fetch(self, ids: Sequence[int]) -> dict[int, Shown]:
        return {key: self._found[key] for key in ids if key in self._found}

    @Slot()
    def _show(self, *_row: Any) -> None:
        self.pane.show_finding(self.chosen())
        if self.chosen() is None:
            self._arrange(is_reading=False)

    @Slot(int)
    def _open(self, _row_id: int) -> None:
        self._arrange(is_reading=True)
        self.pane.mend_button.setFocus()


def _states() -> dict[State, str]:
    return {State.OPEN: _("Att åtgärda"), State.APPROVED: _("Godkända"), State.MET: _("Uppfyllda")}


def _summary(found: Sequence[Shown]) -> str:
    """Return how much of what the policy asks for is without remark; nothing for a vault without a policy."""
    if not any(one.key in ("C1", "C12") for one in found):
        return ""
    waiting = {code for one in found if one.state is State.OPEN for code in one.requirements}
    total = len(requirements())
    return ngettext(
        "{n} av policyns {total} krav är utan anmärkning.", "{n} av policyns {total} krav är utan anmärkning.", total
    ).format(n=total - len(waiting), total=total)
