"""What can be done with an incident from its page: decide, make the paper, mark what was done outside, close."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.documents.notification import write_notification
from app.domain.wording import day
from app.i18n import _, ngettext
from app.reference.authority import authority
from app.services import filing, incidents
from app.ui import previews, rights
from app.ui.context import Context
from app.ui.exports import save_as
from app.ui.incidents.decision_form import Choice
from app.ui.incidents.dialogs import InformedDialog, NotifiedDialog
from app.ui.incidents.reading import Shown
from app.ui.kit import messages
from app.ui.kit.buttons import button
from app.ui.kit.cards import NextStepCard
from app.ui.kit.forms import open_form
from app.ui.kit.pdf_view import PdfView


class Acts(QObject):
    """The acts of one page.

    Args:
        page: The page; dialogs and messages belong to it.
        context: What the tab works with.
    """

    def __init__(self, page: QWidget, context: Context) -> None:
        super().__init__(page)
        self._page, self._context = page, context
        self._shown: Shown | None = None

    def show_next(self, card: NextStepCard, shown: Shown) -> None:
        """Say what is to be done next, with its button."""
        self._shown = shown
        facts = shown.facts
        card.clear_buttons()
        if facts.closed_on is not None:
            card.set_plain(_("Avslutad {day}").format(day=day(facts.closed_on)), _("Svaren är låsta."))
            self._add(card, _("&Öppna igen"), "history", self.reopen)
        elif facts.risk is None:
            is_assessed = facts.score is not None
            card.set_step(
                _("besluta") if is_assessed else _("bedöm risken i steg 4"),
                _("Välj risk nedan och spara beslutet.") if is_assessed else "",
            )
        elif facts.is_notify and facts.notified_at is None:
            self._notify_next(card, shown)
        elif facts.is_inform and facts.informed_on is None:
            card.set_step(_("informera de berörda"), _("Hög risk: de ska få veta utan onödigt dröjsmål."))
            self._add(card, _("&Markera som informerade…"), "users", self.mark_informed, is_primary=True)
        else:
            self._close_next(card, shown)
        if facts.notified_at is not None and facts.closed_on is None:
            self._supplement_next(card, shown)

    def _notify_next(self, card: NextStepCard, shown: Shown) -> None:
        name = authority(self._context.today()).short
        count = len(shown.missing)
        left = ngettext("{n} svar saknas.", "{n} svar saknas.", count).format(n=count) if count else ""
        how = _("Kopiera svaren till myndighetens e-tjänst. Skriv sedan här när du skickade.")
        card.set_step(_("anmäl till {authority}").format(authority=name), f"{left} {how}".strip())
        self._add(card, _("&Markera som anmäld…"), "check", self.mark_notified, is_primary=True)

    def _supplement_next(self, card: NextStepCard, shown: Shown) -> None:
        if shown.news:
            text = ngettext("Spara &komplettering ({n} svar)…", "Spara &komplettering ({n} svar)…", shown.news)
            self._add(card, text.format(n=shown.news), "file-plus", self.save_supplement)

    def _close_next(self, card: NextStepCard, shown: Shown) -> None:
        card.set_step(_("avsluta incidenten"), shown.why_not_close)
        self._add(card, _("A&vsluta incidenten"), "check", self.close, is_primary=not shown.why_not_close)
        card.buttons[-1].setEnabled(not shown.why_not_close)

    def _add(
        self, card: NextStepCard, text: str, icon_name: str, act: Callable[[], None], *, is_primary: bool = False
    ) -> None:
        made = card.add_button(text, icon_name, is_primary=is_primary)
        made.clicked.connect(act)
        rights.restrict(self._context.vault, "incidents.close" if act == self.close else "incidents.update", made)

    def decide(self, incident_id: int, choice: Choice, failed: Callable[[Exception], None]) -> None:
        """Store the decision."""
        if choice.risk is None:
            return
        risk, notify, inform, reason = choice.risk, choice.notify, choice.inform, choice.reason
        self._context.jobs.write(
            lambda session, _job: (
                incidents.decide(session, incident_id, risk=risk, notify=notify, inform=inform, reason=reason).id
            ),
            then=self._decided,
            failed=failed,
        )

    def _decided(self, _incident_id: int) -> None:
        messages.toast(self._page, _("Beslutet är sparat"))

    def mark_notified(self) -> None:
        """Ask when the notification was sent."""
        if self._shown is not None:
            facts = self._shown.facts
            incident = (facts.id, facts.aware_at, facts.target_at)
            open_form(NotifiedDialog(self._page, self._context, incident))

    def mark_informed(self) -> None:
        """Ask when the people were told."""
        if self._shown is not None:
            facts = self._shown.facts
            open_form(InformedDialog(self._page, self._context, facts.id, facts.aware_at))

    def close(self) -> None:
        """Close the incident; a toast offers to open it again."""
        if self._shown is None:
            return
        incident_id, today = self._shown.facts.id, self._context.today()
        self._context.jobs.write(
            lambda session, _job: incidents.close(session, incident_id, today=today).id, then=self._closed
        )

    def _closed(self, _incident_id: int) -> None:
        messages.toast(self._page, _("Incidenten är avslutad"), _("Ångra"), self.reopen)

    def reopen(self) -> None:
        """Open a closed incident again."""
        if self._shown is not None:
            incident_id = self._shown.facts.id
            self._context.jobs.write(lambda session, _job: incidents.reopen(session, incident_id).id)

    def save_paper(self, incident_id: int) -> None:
        """Make the notification as PDF, keep it with the incident, and let the user choose where a copy goes."""
        now = self._context.now()

        def work(session: Any, _job: object) -> tuple[bytes, str]:
            made = incidents.notify(session, incident_id, now=now)
            return filing.read(session, made.id), made.name

        self._context.jobs.write(work, then=self._save, text=_("Skriver anmälan"))

    def save_supplement(self) -> None:
        """Make a supplement with what the authority has not had."""
        if self._shown is None:
            return
        incident_id, now = self._shown.facts.id, self._context.now()

        def work(session: Any, _job: object) -> tuple[bytes, str]:
            made = incidents.supplement(session, incident_id, now=now)
            return filing.read(session, made.id), made.name

        self._context.jobs.write(work, then=self._save, text=_("Skriver kompletteringen"))

    def _save(self, made: tuple[bytes, str]) -> None:
        save_as(self._page, self._context.jobs, *made)

    def preview(self, incident_id: int) -> None:
        """Show the notification as it stands, after what is being stored; nothing is stored by it."""
        self._context.jobs.write(lambda _session, _job: incident_id, then=self._read_paper)

    def _read_paper(self, incident_id: int) -> None:
        now = self._context.now()
        self._context.jobs.read(
            lambda session, _job: write_notification(incidents.notification(session, incident_id, now=now)),
            then=self._show_paper,
            text=_("Skriver anmälan"),
        )

    def _show_paper(self, pdf: bytes) -> None:
        dialog = PaperDialog(self._page, pdf)
        dialog.save_button.clicked.connect(self._save_shown)
        dialog.open()

    def _save_shown(self) -> None:
        if self._shown is not None:
            self.save_paper(self._shown.facts.id)


class PaperDialog(QDialog):
    """The pages of the notification."""

    def __init__(self, parent: QWidget, pdf: bytes) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Anmälan som PDF"))
        self.view = PdfView()
        self.save_button, self.close_button = button(_("Spara P&DF…"), "file-text"), button(_("S&täng"), role="primary")
        bottom, column = QHBoxLayout(), QVBoxLayout(self)
        column.addWidget(self.view, 1)
        bottom.addStretch()
        bottom.addWidget(self.save_button)
        bottom.addWidget(self.close_button)
        column.addLayout(bottom)
        self.resize(760, 640)
        previews.show(self.view, pdf)
        self.save_button.clicked.connect(self.accept)
        self.close_button.clicked.connect(self.accept)
