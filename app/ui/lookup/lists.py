"""What the card lists beside the values: consents, marketing by channel, cases, documents and events, one at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain import rights, status
from app.domain.breach import in_stockholm
from app.domain.consents import ConsentState
from app.domain.rights import Right
from app.i18n import _
from app.services import filing, person_lists
from app.services.person_lists import PersonLists
from app.ui.context import Context
from app.ui.document_dialog import DocumentDialog
from app.ui.file_words import kind_text, size_text
from app.ui.kit.badges import Badge
from app.ui.kit.chips import Chip
from app.ui.kit.empty import EmptyState
from app.ui.kit.foreign import one_line
from app.ui.kit.labels import PlainLabel
from app.ui.kit.table import Column, QueryTable
from app.ui.kit.theme import Tone
from db.models import Attachment

CONSENTS, MARKETING, CASES, DOCUMENTS, EVENTS = "consents", "marketing", "cases", "documents", "events"
KEYS = (CONSENTS, MARKETING, CASES, DOCUMENTS, EVENTS)
DASH = "–"
_STATES = {
    ConsentState.IN_FORCE: Badge(Tone.OK, "check"),
    ConsentState.UNPROVEN: Badge(Tone.WARN, "triangle-alert"),
    ConsentState.WITHDRAWN: Badge(Tone.HOLD, "pause"),
    ConsentState.DENIED: Badge(Tone.NEUTRAL, "minus"),
}


@dataclass(frozen=True)
class _View:
    """How one list is shown."""

    title: Callable[[], str]
    columns: Callable[[], tuple[Column, ...]]
    empty: Callable[[], str]
    foot: Callable[[], str]


class ListsView(QWidget):
    """One of the person's lists.

    Signals:
        case_opened: A request, by its id.
        document_opened: A stored file, by its id.
    """

    case_opened = Signal(int)
    document_opened = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._lists: PersonLists | None = None
        self._shown = CONSENTS
        view = _VIEWS[CONSENTS]
        self.table = QueryTable(view.columns(), self._fetch, name=view.title())
        self.table.setMinimumHeight(self.fontMetrics().lineSpacing() * 11)
        self.foot = PlainLabel("", "muted", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.table, 1)
        column.addWidget(self.foot)
        self.table.opened.connect(self._open)

    def set_lists(self, lists: PersonLists | None) -> None:
        """Show what a person has; None while it is being read."""
        self._lists = lists
        self._fill()

    def turn_to(self, key: str) -> None:
        """Show one of the lists."""
        if key != self._shown:
            self._shown = key
            self.table.set_ids([])
            self.table.set_columns(_VIEWS[key].columns())
            self.table.setAccessibleName(_VIEWS[key].title())
        self._fill()

    def chips(self) -> list[Chip]:
        """Return a chip for each list, with its count once it is known."""
        return [(key, _VIEWS[key].title(), self._count(key)) for key in KEYS]

    def _count(self, key: str) -> int | None:
        if self._lists is None:
            return None
        return self._lists.stopped if key == MARKETING else len(self._rows(key))

    def _rows(self, key: str) -> Mapping[int, Any]:
        rows: Mapping[int, Any] = getattr(self._lists, key) if self._lists is not None else {}
        return rows

    def _fill(self) -> None:
        view, rows = _VIEWS[self._shown], self._rows(self._shown)
        self.table.set_empty(EmptyState("inbox", view.empty() if self._lists is not None else _("Läser …")))
        self.table.set_ids(list(rows))
        self.table.reload()
        is_cut = self._shown == EVENTS and len(rows) == person_lists.MOST_EVENTS
        cut = _("De senaste {n} visas. Hela loggen finns under Verktyg.").format(n=len(rows)) if is_cut else ""
        self.foot.setText(" ".join(part for part in (view.foot(), cut) if part))

    def _fetch(self, ids: Sequence[int]) -> dict[int, Any]:
        rows = self._rows(self._shown)
        return {key: rows[key] for key in ids if key in rows}

    @Slot(int)
    def _open(self, row_id: int) -> None:
        if self._shown == CASES:
            self.case_opened.emit(row_id)
        elif self._shown == DOCUMENTS:
            self.document_opened.emit(row_id)


class ListActs(QObject):
    """Reads a person's lists and opens what is in them."""

    def __init__(self, owner: QWidget, context: Context) -> None:
        super().__init__(owner)
        self._owner, self._context = owner, context

    def read(self, subject_id: int, take: Callable[[int, PersonLists], None]) -> None:
        """Read the lists of somebody whose card is open."""
        self._context.jobs.read(
            lambda session, _job: person_lists.lists(session, subject_id), then=partial(take, subject_id)
        )

    @Slot(int)
    def open_document(self, attachment_id: int) -> None:
        """Show a stored file."""
        self._context.jobs.write(
            lambda session, _job: filing.open_document(session, attachment_id), then=self._show_document
        )

    def _show_document(self, found: tuple[Attachment, bytes]) -> None:
        DocumentDialog(self._owner.window(), self._context, *found).open()


def _text(name: str, limit: int = 200) -> Callable[[Any], str]:
    return lambda row: one_line(str(getattr(row, name) or ""), limit) or DASH


def _names(name: str) -> Callable[[Any], str]:
    return lambda row: ", ".join(one_line(part, 60) for part in getattr(row, name)) or DASH


def _day(name: str) -> Callable[[Any], str]:
    return lambda row: found.isoformat() if (found := getattr(row, name)) is not None else DASH


def _at(name: str) -> Callable[[Any], str]:
    return lambda row: f"{in_stockholm(getattr(row, name)):%Y-%m-%d %H.%M}"


def _consent_columns() -> tuple[Column, ...]:
    return (
        Column(_("Samtycke till"), _text("purpose"), tooltip=_text("purpose", 600), width=18, is_strong=True),
        Column(_("Läge"), lambda row: row.state.label, badge=lambda row: _STATES[row.state], width=12),
        Column(_("Lämnat"), _text("given_on"), width=10),
        Column(_("Återkallat"), _text("withdrawn_on"), width=10),
        Column(_("Textversion"), _text("version"), tooltip=_text("version", 600), width=11),
        Column(_("Bevis"), _text("evidence"), tooltip=_text("evidence", 600), width=16),
        Column(_("Källa"), _text("source"), width=10),
    )


def _marketing_columns() -> tuple[Column, ...]:
    return (
        Column(_("Reklam via"), _text("label"), width=20, is_strong=True),
        Column(_("Läge"), _stopped, badge=_stopped_badge, width=14),
        Column(_("Sedan"), _day("since_on"), width=10),
        Column(_("Sagt i"), _names("said_in"), tooltip=_names("said_in"), width=22),
        Column(_("Saknas i"), _names("missing_in"), tooltip=_names("missing_in"), width=22),
    )


def _stopped(row: Any) -> str:
    return _("Spärrad") if row.is_stopped else _("Ingen spärr")


def _stopped_badge(row: Any) -> Badge:
    return Badge(Tone.HOLD, "megaphone-off") if row.is_stopped else Badge(Tone.NEUTRAL, "minus")


def _case_columns() -> tuple[Column, ...]:
    return (
        Column(_("Nr"), _text("number"), width=12, is_strong=True),
        Column(_("Rättighet"), _rights, tooltip=_rights, width=24),
        Column(_("Inkom"), _day("received_on"), width=10),
        Column(_("Svara senast"), _day("due_on"), width=12),
        Column(_("Besvarad"), _day("sent_on"), width=10),
        Column(_("Läge"), lambda row: status.label(row.status), width=16),
    )


def _rights(row: Any) -> str:
    return ", ".join(rights.label(Right(code)) for code in (row.rights or "").split(",") if code) or DASH


def _document_columns() -> tuple[Column, ...]:
    return (
        Column(_("Vad"), kind_text, tooltip=_text("name"), width=30, is_strong=True),
        Column(_("Version"), lambda row: f"v{row.version}", width=7),
        Column(_("Sparad"), _at("stored_at"), width=16),
        Column(_("Av"), _text("stored_by", 60), width=16),
        Column(_("Storlek"), lambda row: size_text(row.size), width=9),
    )


def _event_columns() -> tuple[Column, ...]:
    return (
        Column(_("När"), _at("at"), width=16),
        Column(_("Händelse"), person_lists.event_text, width=36, is_strong=True),
        Column(_("Vem"), _text("user", 60), width=20),
    )


def _nothing() -> str:
    return ""


_VIEWS = {
    CONSENTS: _View(
        lambda: _("Samtycken"),
        _consent_columns,
        lambda: _("Inget samtycke är noterat i registren."),
        lambda: _("Ett samtycke gäller bara om ni kan visa vilken text personen sa ja till, och hur."),
    ),
    MARKETING: _View(
        lambda: _("Reklam"),
        _marketing_columns,
        _nothing,
        lambda: _("Saknas i: de systemen ändrar du för hand, så att spärren gäller överallt."),
    ),
    CASES: _View(
        lambda: _("Ärenden"), _case_columns, lambda: _("Personen har inga ärenden."), lambda: _("Enter öppnar ärendet.")
    ),
    DOCUMENTS: _View(
        lambda: _("Handlingar"),
        _document_columns,
        lambda: _("Det finns inga handlingar om personen."),
        lambda: _("Enter öppnar handlingen."),
    ),
    EVENTS: _View(
        lambda: _("Händelser"),
        _event_columns,
        lambda: _("Inget har hänt med personens uppgifter."),
        lambda: _("Ur granskningsloggen, den senaste först."),
    ),
}
