"""The tab Gallring."""

from functools import partial
from typing import Any, cast

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.i18n import _, ngettext
from app.services import certificates, retention
from app.services.retention import Outcome
from app.ui import rights
from app.ui.context import Context
from app.ui.kit import messages
from app.ui.kit.chips import ChipRow
from app.ui.kit.empty import EmptyState
from app.ui.kit.jobs import Job
from app.ui.kit.labels import PlainLabel
from app.ui.kit.late import Pages
from app.ui.kit.messages import Question
from app.ui.retention import lines
from app.ui.retention.dry_run import DryRunDialog
from app.ui.retention.lines import Found
from app.ui.retention.panes import KeptPane, Pane, ProposalsPane, ReceiptsPane, RulesPane, ticked_words
from app.ui.retention.receipt import ReceiptDialog
from db.queries import retention as queries

SHOWN = {"Subject", "Datum", "Hold", "OptOut", "Request", "Incident", "RetentionRule", "RetentionRun", "Task", "Source"}
PROPOSALS, KEPT, RULES, RECEIPTS = "proposals", "kept", "rules", "receipts"


class RetentionTab(QWidget):
    """Shows what the rules propose, lets the officer decide, and keeps the receipts.

    The review is made when the tab comes into view and when something it shows has changed.

    Signals:
        counted: How many proposals there are.
    """

    counted = Signal(int)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._found: Found | None = None
        self._is_stale = True
        self._reading: Job | None = None
        self.chips = ChipRow(_("Visa"), _chips(None), combo_below=520)
        self.state = PlainLabel("", "muted", wrap=True)
        self._build()
        self._connect()
        self._tell()

    def _build(self) -> None:
        makers = {
            PROPOSALS: self._make_proposals,
            KEPT: self._make_kept,
            RULES: RulesPane,
            RECEIPTS: self._make_receipts,
        }
        self.stack = Pages(makers, self._fill)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 8)
        column.setSpacing(8)
        column.addWidget(self.chips)
        column.addWidget(self.stack, 1)
        column.addWidget(self.state)
        self._say_empty(_("Tar fram förslag …"), "")

    def _connect(self) -> None:
        self.chips.chosen.connect(self._choose)
        self._context.news.changed.connect(self._hear)

    def _make_proposals(self) -> ProposalsPane:
        pane = ProposalsPane()
        rights.restrict(self._context.vault, "retention.decide", pane.decide_button)
        pane.table.rows.ticked.connect(self._tell)
        pane.dry_run_wanted.connect(self._dry_run)
        pane.decision_wanted.connect(self._ask)
        pane.subject_wanted.connect(self._context.ways.subject_wanted)
        return pane

    def _make_kept(self) -> KeptPane:
        pane = KeptPane()
        rights.restrict(self._context.vault, "holds.lift_hold", pane.lift_button)
        pane.subject_wanted.connect(self._context.ways.subject_wanted)
        pane.lift_wanted.connect(self._ask_lift)
        return pane

    def _make_receipts(self) -> ReceiptsPane:
        pane = ReceiptsPane()
        pane.receipt_wanted.connect(self._open_receipt)
        return pane

    def _fill(self, pane: Pane) -> None:
        if self._found is not None:
            pane.show_found(self._found)

    @property
    def proposals(self) -> ProposalsPane:
        """What may go."""
        return cast("ProposalsPane", self.stack.page(PROPOSALS))

    @property
    def kept(self) -> KeptPane:
        """What stays."""
        return cast("KeptPane", self.stack.page(KEPT))

    @property
    def rules(self) -> RulesPane:
        """The rules."""
        return cast("RulesPane", self.stack.page(RULES))

    @property
    def receipts(self) -> ReceiptsPane:
        """Decisions and their receipts."""
        return cast("ReceiptsPane", self.stack.page(RECEIPTS))

    def showEvent(self, event: QShowEvent) -> None:
        """Make the review when somebody looks."""
        super().showEvent(event)
        if self._is_stale:
            self.reload()

    def reload(self) -> None:
        """Read the review of today again."""
        if self._reading is not None and not self._reading.is_over:
            self._reading.cancel()
        self._is_stale = False
        today = self._context.today()
        self._reading = self._context.jobs.read(
            lambda session, _job: lines.read(session, today=today), then=self._show, text=_("Tar fram förslag")
        )

    @Slot(object)
    def _hear(self, names: frozenset[str]) -> None:
        if not names & SHOWN:
            return
        self._is_stale = True
        if self.isVisible():
            self.reload()

    def _show(self, found: Found) -> None:
        self._found = found
        self.stack.refill()
        self.chips.set_counts(_chips(found))
        self.counted.emit(len(found.proposals))
        count = len(found.kept)
        stays = ngettext("{count} rad hålls kvar.", "{count} rader hålls kvar.", count).format(count=count)
        self._say_empty(
            _("Inget att gallra i dag. {kept}").format(kept=stays if count else "").strip(), _("Visa regler")
        )
        self._tell()

    def _say_empty(self, text: str, link: str) -> None:
        empty = EmptyState("archive-x", text, "", link)
        empty.link_pressed.connect(self._show_rules)
        self.proposals.table.set_empty(empty)

    @Slot()
    def _show_rules(self) -> None:
        self.chips.set_value(RULES)
        self._choose(RULES)

    @Slot(str)
    def _choose(self, key: str) -> None:
        self.stack.turn_to(key)
        self._tell()

    @Slot()
    def _tell(self) -> None:
        is_choosing = self.chips.value() == PROPOSALS and bool(self.proposals.found)
        self.state.setText(ticked_words(self.proposals.chosen()) if is_choosing else "")
        self.state.setVisible(is_choosing)

    @Slot()
    def _dry_run(self) -> None:
        if self._found is None:
            return
        goes = self.proposals.chosen() or self.proposals.lines()
        DryRunDialog(self, goes, self._found.kept, self._found.token).open()

    @Slot()
    def _ask(self) -> None:
        goes = self.proposals.chosen()
        if self._found is None or not goes:
            return
        question = Question(
            _("Gallra enligt förslaget?"),
            _("Uppgifterna raderas för gott och kan inte tas tillbaka. Ett kvitto utan värden sparas."),
            lines.verb(goes),
            (
                *lines.in_words(goes),
                _("Provkörning {number}").format(number=lines.short_number(self._found.token)),
            ),
        )
        messages.ask(self, question, self._decide)

    @Slot()
    def _decide(self) -> None:
        goes = self.proposals.chosen()
        if self._found is None or not goes:
            return
        token, today, only, files = self._found.token, self._context.today(), lines.people(goes), lines.files(goes)
        self._context.jobs.write(
            lambda session, _job: retention.decide(session, token, only=only, files=files, today=today),
            then=self._decided,
            failed=self._refused,
            text=_("Gallrar"),
        )

    def _decided(self, outcome: Outcome) -> None:
        self.proposals.table.rows.set_units(())
        vault, now = self._context.vault, self._context.now()
        self._context.jobs.run(
            lambda job: certificates.complete(vault, outcome.pending, now=now, step=job.step),
            then=lambda _receipt: self._find_receipt(outcome),
            failed=partial(self._not_proven, outcome),
            text=_("Söker efter spår av det raderade"),
        )

    def _not_proven(self, outcome: Outcome, error: Exception) -> None:
        messages.show_error(self.window(), error)
        self._find_receipt(outcome)

    def _find_receipt(self, outcome: Outcome) -> None:
        run_id, names = outcome.run.id, outcome.names
        self._context.jobs.read(
            lambda session, _job: (next(row for row in queries.runs(session) if row.id == run_id), names),
            then=self._show_receipt,
        )

    def _refused(self, error: Exception) -> None:
        messages.show_error(self.window(), error)
        self.reload()

    def _show_receipt(self, decided: tuple[Any, tuple[str, ...]]) -> None:
        run, names = decided
        ReceiptDialog(self, self._context, run, names).open()

    @Slot(int)
    def _open_receipt(self, run_id: int) -> None:
        ReceiptDialog(self, self._context, self.receipts.found[run_id]).open()

    @Slot()
    def _ask_lift(self) -> None:
        line = self.kept.current()
        if line is None or not line.hold_ids:
            return
        question = Question(
            _("Häv gallringsstoppet?"),
            _("Det som stoppet höll kvar blir förslag nästa gång, om fristen är ute. Inget raderas nu."),
            _("Häv stoppet"),
            (line.reason,),
            is_danger=False,
        )
        messages.ask(self, question, self._lift)

    @Slot()
    def _lift(self) -> None:
        line, today = self.kept.current(), self._context.today()
        if line is None:
            return
        hold_ids = line.hold_ids
        self._context.jobs.write(
            lambda session, _job: [retention.lift_hold(session, key, today=today).id for key in hold_ids]
        )


def _chips(found: Found | None) -> list[tuple[str, str, int | None]]:
    counts = (None,) * 4 if found is None else tuple(map(len, (found.proposals, found.kept, found.rules, found.runs)))
    titles = (_("Förslag"), _("Hålls kvar"), _("Regler"), _("Kvitton"))
    return list(zip((PROPOSALS, KEPT, RULES, RECEIPTS), titles, counts, strict=True))
