"""The audit trail: who did what and when, and whether the chain is whole."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout

from app.domain.audit import Action, label
from app.domain.breach import in_stockholm, stockholm
from app.domain.errors import UserError
from app.i18n import _, mark, ngettext
from app.services import audit, verification
from app.ui.context import Context
from app.ui.kit.buttons import button
from app.ui.kit.cards import InfoCard
from app.ui.kit.date_fields import DateField
from app.ui.kit.empty import EmptyState
from app.ui.kit.fields import ComboField, LineField
from app.ui.kit.flow import flow_widget
from app.ui.kit.foreign import one_line
from app.ui.kit.labels import PlainLabel
from app.ui.kit.table import Column, QueryTable
from app.ui.kit.theme import Tone
from app.ui.tools.page import ToolPage
from db.queries import trail

_KINDS = {
    "vault": mark("Valvet"),
    "request": mark("Begäran"),
    "requestright": mark("Rättighet"),
    "incident": mark("Incident"),
    "subject": mark("Person"),
    "datum": mark("Uppgift"),
    "setting": mark("Inställning"),
    "attachment": mark("Handling"),
    "activity": mark("Behandling"),
    "source": mark("Källa"),
    "importbatch": mark("Import"),
    "retentionrun": mark("Gallring"),
    "hold": mark("Gallringsstopp"),
    "lookup": mark("Sökning"),
    "task": mark("Uppgift utanför programmet"),
    "optout": mark("Reklamspärr"),
    "recipient": mark("Mottagare"),
    "retentionrule": mark("Gallringsregel"),
    "notice": mark("Informationstext"),
    "deviation": mark("Avvikelse"),
}


def about(row: Any) -> str:
    """Return what an entry is about, such as "Begäran 12"."""
    kind = _KINDS.get(row.object_kind)
    return f"{_(kind) if kind else row.object_kind} {row.object_id}".strip()


def details(row: Any) -> str:
    """Return an entry's codes and counts on one line."""
    held = row.details
    if held is None:
        return _("Raderat med personen")
    parts = []
    for name, value in held.items():
        text = ", ".join(map(str, value)) if isinstance(value, list) else _in_words(value)
        if text:
            parts.append(f"{name}: {text}")
    return one_line(" · ".join(parts))


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    return "" if value is None or isinstance(value, dict) else str(value)


def columns() -> tuple[Column, ...]:
    """Return the columns of the list."""
    return (
        Column(_("Nr"), lambda row: str(row.seq), width=6),
        Column(_("Tid"), lambda row: in_stockholm(row.at).strftime("%Y-%m-%d %H.%M.%S"), width=19),
        Column(_("Vem"), lambda row: one_line(row.user), width=18),
        Column(_("Händelse"), lambda row: label(row.action), width=30, is_strong=True),
        Column(_("Gäller"), about, width=18),
        Column(_("Uppgifter"), details, tooltip=details, width=40),
    )


class LogPage(ToolPage):
    """The trail with filters, and the proof of its chain."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            context,
            _("Logg"),
            _(
                "Loggen säger vem som gjort vad. Den innehåller inga personuppgifter om registrerade och kan inte ändras."
            ),
            is_scrolled=False,
        )
        self.action = ComboField(_("Händelse"), [("", _("Alla")), *sorted(_choices(), key=lambda pair: pair[1])])
        self.user = ComboField(_("Vem"), [("", _("Alla"))])
        self.since = DateField(_("Från och med"), context.today)
        self.until = DateField(_("Till och med"), context.today)
        self.clear_button = button(_("&Rensa filter"), "x", role="link")
        self.outside = LineField(
            _("Kontrollpunkt från ett papper"),
            _("Står i dokumentens sidfot, till exempel #412 9f3c-12ab-77e0."),
            is_optional=True,
        )
        self.verify_button = button(_("&Verifiera kedjan"), "shield-check", role="primary")
        self.verdict = InfoCard(tone=Tone.OK)
        self.verdict.hide()
        self.count = PlainLabel("", "muted")
        self.table = QueryTable(columns(), self._fetch, name=_("Logg"))
        self.table.set_empty(EmptyState("scroll-text", _("Inga händelser med det filtret.")))
        self._asked = 0
        self._build()
        self._connect()
        self._reload()

    def _build(self) -> None:
        holder, flow = flow_widget(12)
        for part in (self.action, self.user, self.since, self.until):
            flow.addWidget(part)
        bottom = QHBoxLayout()
        bottom.addWidget(self.count)
        bottom.addWidget(self.clear_button)
        bottom.addStretch()
        bottom.addWidget(self.outside)
        bottom.addWidget(self.verify_button)
        self.column.addWidget(holder)
        self.column.addLayout(bottom)
        self.column.addWidget(self.verdict)
        self.column.addWidget(self.table, 1)

    def _connect(self) -> None:
        for field in (self.action, self.user):
            field.changed.connect(self._reload)
        for date in (self.since, self.until):
            date.left.connect(self._reload)
            date.changed.connect(self._reload)
        self.clear_button.clicked.connect(self._clear)
        self.verify_button.clicked.connect(self.verify)
        self.context.news.changed.connect(self._hear)

    def wanted(self) -> trail.Filter:
        """Return the filter chosen."""
        since, until, action = self.since.value(), self.until.value(), self.action.value()
        return trail.Filter(
            actions=frozenset({Action(action)}) if action else frozenset(),
            user=self.user.value() or "",
            since=stockholm(since, dt.time(), fold=0) if since else None,
            until=stockholm(until + dt.timedelta(days=1), dt.time(), fold=0) if until else None,
        )

    @Slot()
    def verify(self) -> None:
        """Read the whole chain and say what was found, also against a paper's checkpoint."""
        typed = self.outside.value().strip()
        try:
            held = verification.evidence(self.context.vault, [typed] if typed else [])
        except UserError as error:
            self.outside.set_problem(f"{error.what} {error.do}")
            return
        self.outside.set_problem("")
        self.verify_button.setEnabled(False)
        self.context.jobs.read(
            lambda session, job: audit.verify(session, held, step=job.step),
            partial(self._show_proof, is_typed=bool(typed)),
            self._fail,
            _("Läser loggen …"),
        )

    def _show_proof(self, proof: audit.Proof, *, is_typed: bool) -> None:
        self.verify_button.setEnabled(True)
        is_whole = proof.fault is None
        title = _("Loggen är hel") if is_whole else _("Loggen är ändrad")
        more = (
            _("Jämför med en äldre säkerhetskopia, och ta reda på vem som haft tillgång till valvet.")
            if not is_whole
            else ""
        )
        if is_typed and proof.fault in (audit.Fault.REWRITTEN, audit.Fault.MISSING):
            title = _("Loggen och kontrollpunkten stämmer inte överens")
            more = _("Kontrollera först att kontrollpunkten är rätt avskriven.") + " " + more
        words = audit.in_words(proof)
        self.verdict.set_tone(Tone.OK if is_whole else Tone.DANGER)
        self.verdict.set_content(title, f"{words}{'' if words.endswith('.') else '.'} {more}".strip())
        self.verdict.show()

    def _fail(self, error: Exception) -> None:
        from app.ui.kit import messages

        self.verify_button.setEnabled(True)
        messages.show_error(self.window(), error)

    @Slot(object)
    def _hear(self, names: frozenset[str]) -> None:
        if "AuditEntry" in names:
            self._reload()

    @Slot()
    def _clear(self) -> None:
        for field in (self.action, self.user):
            field.set_value("")
        for date in (self.since, self.until):
            date.set_value(None)
            date.set_problem("")
        self._reload()

    @Slot()
    def _reload(self) -> None:
        self._asked += 1
        asked, wanted = self._asked, self.wanted()
        self.context.jobs.read(
            lambda session, _job: (trail.ids(session, wanted), trail.users(session)), partial(self._answer, asked)
        )

    def _answer(self, asked: int, found: tuple[list[int], list[str]]) -> None:
        if asked == self._asked:  # reads go side by side, and an older one may come last
            self._show(found)

    def _show(self, found: tuple[list[int], list[str]]) -> None:
        ids, users = found
        self.table.set_ids(ids)
        self.user.set_choices([("", _("Alla")), *((name, one_line(name)) for name in users if name)])
        self.count.setText(ngettext("{n} händelse", "{n} händelser", len(ids)).format(n=len(ids)))
        self.clear_button.setVisible(self.wanted() != trail.Filter())

    def _fetch(self, ids: Sequence[int]) -> Mapping[int, Any]:
        with self.context.vault.store.read() as session:
            return audit.entries(session, ids)


def _choices() -> list[tuple[str, str]]:
    return [(action.value, label(action)) for action in Action]
