"""The backups that there are, and the folders that cannot be reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Slot

from app.domain.breach import in_stockholm
from app.i18n import _, ngettext
from app.services import automatic
from app.services.automatic import Copy, Place
from app.ui import rights
from app.ui.context import Context
from app.ui.kit import messages
from app.ui.kit.buttons import button
from app.ui.kit.cards import Card
from app.ui.kit.flow import flow_widget
from app.ui.kit.foreign import one_line
from app.ui.kit.labels import PlainLabel
from app.ui.kit.messages import Question
from app.ui.kit.table import Column, QueryTable


@dataclass(frozen=True)
class Line:
    """A backup, or a folder without any."""

    place: Place
    copy: Copy | None


def columns() -> tuple[Column, ...]:
    """Return the columns of the list."""
    return (
        Column(_("Gjord"), _made, width=16, is_strong=True),
        Column(_("Mapp"), lambda one: one_line(str(one.place.path), 200), width=40),
        Column(_("Läge"), _state, width=18),
    )


def _made(one: Line) -> str:
    return in_stockholm(one.copy.made_at).strftime("%Y-%m-%d %H.%M") if one.copy is not None else "–"


def _state(one: Line) -> str:
    if one.copy is not None:
        return _("Finns")
    return _("Inga kopior här") if one.place.is_there else _("Mappen nås inte")


class BackupList(Card):
    """The list, and giving up a folder that is gone for good."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._lines: dict[int, Line] = {}
        self.table = QueryTable(
            columns(), self._fetch, name=_("Säkerhetskopior som finns"), empty=_("Ingen kopia är gjord än.")
        )
        self.table.setMinimumHeight(200)
        self.forget_button = button(_("&Glöm mappen …"), "x")
        self.forget_button.setEnabled(False)
        holder, flow = flow_widget()
        flow.addWidget(self.forget_button)
        words = _(
            "Markera en kopia för att återställa just den. En mapp som inte nås får nya nycklar nästa gång den är inkopplad. Är den borta för gott kan du glömma den."
        )
        for part in (
            PlainLabel(_("Kopior som finns"), "h2"),
            PlainLabel(words, "muted", wrap=True),
            self.table,
            holder,
        ):
            self.add(part)
        rights.restrict(context.vault, "automatic.forget", self.forget_button)
        self.table.current_changed.connect(self._offer)
        self.forget_button.clicked.connect(self._ask)

    def load(self) -> None:
        """Look in the folders, in a thread: one of them may be far away."""
        vault = self._context.vault
        self._context.jobs.run(lambda _job: automatic.standing(vault), self._take)

    def chosen(self) -> Path | None:
        """Return the marked backup, else the newest, None when there is none."""
        line = self._lines.get(self.table.selected_id() or 0)
        if line is not None and line.copy is not None:
            return line.copy.path
        return next((one.copy.path for one in self._lines.values() if one.copy is not None), None)

    def _take(self, found: list[Place]) -> None:
        made = [Line(place, copy) for place in found for copy in place.copies]
        made.sort(key=lambda one: one.copy.made_at if one.copy is not None else 0, reverse=True)
        made += [Line(place, None) for place in found if not place.copies]
        self._lines = dict(enumerate(made, 1))
        self.table.set_ids(list(self._lines))
        self.table.reload()
        self._offer(self.table.selected_id())

    def _fetch(self, ids: Sequence[int]) -> dict[int, Line]:
        return {key: self._lines[key] for key in ids if key in self._lines}

    @Slot(object)
    def _offer(self, key: int | None) -> None:
        line = self._lines.get(key or 0)
        self.forget_button.setEnabled(line is not None and line.copy is None and not line.place.is_in_use)

    @Slot()
    def _ask(self) -> None:
        line = self._lines.get(self.table.selected_id() or 0)
        if line is None:
            return
        question = Question(
            title=_("Glömma mappen?"),
            text=_("Kopior som ligger kvar där får inga nya nycklar, och de gallras inte av programmet längre."),
            verb=_("Glöm mappen"),
        )
        vault, now, place = self._context.vault, self._context.now(), line.place.path

        def forget() -> None:
            self._context.jobs.run(lambda _job: automatic.forget(vault, place, now=now), self._reload, self._fail)

        messages.ask(self.window(), question, forget)

    def _reload(self, _nothing: None) -> None:
        self.load()

    def _fail(self, error: Exception) -> None:
        messages.show_error(self.window(), error)


def told(counts: Mapping[str, int]) -> str:
    """Return in words what a backup holds."""
    people, requests, events = counts["subject"], counts["request"], counts["audit_entry"]
    parts = (
        ngettext("{count} person", "{count} personer", people).format(count=people),
        ngettext("{count} begäran", "{count} begäranden", requests).format(count=requests),
        ngettext("{count} händelse", "{count} händelser", events).format(count=events),
    )
    return ", ".join(parts) + "."
