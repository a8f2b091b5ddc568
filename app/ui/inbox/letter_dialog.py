"""The letter editor: kinds to the left, the text in the middle, the finished page to the right."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from app.i18n import _
from app.reference.letters import KINDS, MERGE_FIELDS
from app.services import letters, requests
from app.services.letters import LetterDraft
from app.ui.context import Context
from app.ui.inbox.case import Case
from app.ui.inbox.page_form import PageForm
from app.ui.kit.fields import LineField
from app.ui.kit.foreign import one_line
from app.ui.kit.jobs import Job
from app.ui.kit.text_field import TextField
from app.ui.kit.theme import Tone
from app.ui.letter_words import FIELD_LABELS, kind_label
from db.models import Attachment

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NOT_FOR_REQUESTS = frozenset({"incident_information"})
PREVIEW_AFTER = 400
_TOKEN = re.compile(r"\{([a-z_]+)\}")


class LetterDialog(PageForm):
    """Writes a letter about a request.

    Args:
        parent: The window it belongs to.
        context: What a tab is given.
        case: The request.
        kind: The letter to begin with; empty for what the request needs as it stands.
    """

    def __init__(self, parent: QWidget | None, context: Context, case: Case, kind: str = "") -> None:
        self.kinds = QListWidget()
        super().__init__(parent, context, case, (_("Skriv brev"), _("Skapa brevet")), self.kinds)
        self._draft: LetterDraft | None = None
        self._first_kind = kind
        self._round = 0
        self._timer = QTimer(self, singleShot=True, interval=PREVIEW_AFTER)
        self._build_sides()
        self._build_editor()
        self._connect()
        context.jobs.read(partial(_proposed, case.request.id), then=self._offer, failed=self.fail)

    def _build_sides(self) -> None:
        self.kinds.setAccessibleName(_("Slag av brev"))
        self.kinds.setFixedWidth(self.fontMetrics().horizontalAdvance("n") * 27)
        self.middle.insertWidget(0, self.kinds)
        self.middle.addWidget(self.pages, 1)

    def _build_editor(self) -> None:
        self.column.addWidget(self.note)
        self.subject = self.add("subject", LineField(_("Rubrik")))
        self.missing = {
            name: self.add(f"missing_{name}", LineField(_(FIELD_LABELS[name]), _("Brevet behöver det här.")))
            for name in sorted(MERGE_FIELDS)
        }
        self.text = self.add("text", TextField(_("Brevets text"), lines=14))
        for field in self.missing.values():
            field.hide()

    def _connect(self) -> None:
        self._timer.timeout.connect(self._draw)
        self.kinds.currentItemChanged.connect(self._choose)
        for field in (self.subject, self.text, *self.missing.values()):
            field.changed.connect(self._timer.start)
        self.text.changed.connect(self._show_missing)

    @Slot(object)
    def _offer(self, proposed: Sequence[str]) -> None:
        """List the letters, those the request needs first, and begin with the first."""
        first = [self._first_kind] if self._first_kind else []
        wanted = list(dict.fromkeys([*first, *proposed]))
        rest = [kind for kind in KINDS if kind not in wanted and kind not in NOT_FOR_REQUESTS]
        for kind in [*wanted, *rest]:
            shown = kind_label(kind)
            item = QListWidgetItem(_("{letter} (föreslås)").format(letter=shown) if kind in proposed else shown)
            item.setData(Qt.ItemDataRole.UserRole, kind)
            self.kinds.addItem(item)
        self.kinds.setCurrentRow(0)

    @Slot(QListWidgetItem, QListWidgetItem)
    def _choose(self, item: QListWidgetItem | None, _before: QListWidgetItem | None) -> None:
        if item is not None:
            kind = str(item.data(Qt.ItemDataRole.UserRole))
            work = partial(_drafted, self.case.request.id, kind, self.today)
            self.context.jobs.read(work, then=self._show_draft, failed=self.fail)

    @Slot(object)
    def _show_draft(self, draft: LetterDraft) -> None:
        self._draft = draft
        self.subject.set_value(draft.subject)
        self.text.set_value("\n\n".join(draft.paragraphs))
        for field in self.missing.values():
            field.set_value("")
            field.set_problem("")
        self._tell_address(draft)
        self._show_missing()
        self._untouched = self.values()
        self._draw()

    def _tell_address(self, draft: LetterDraft) -> None:
        lines = one_line(", ".join(draft.addressee_lines), 200)
        notes = " ".join(part for part in (draft.address_problem, *draft.notes) if part)
        title = _("Till: {lines}").format(lines=lines) if lines else _("Ingen adressat")
        if draft.via:
            title = f"{title} ({draft.via})"
        self.tell(title, notes, Tone.WARN if draft.address_problem or draft.via else Tone.INFO)

    @Slot()
    def _show_missing(self) -> None:
        """Show a field for each fact that the text still lacks."""
        lacking = self._tokens()
        for name, field in self.missing.items():
            field.setVisible(name in lacking)

    def _tokens(self) -> set[str]:
        return set(_TOKEN.findall(f"{self.subject.value()}\n{self.text.value()}")) & MERGE_FIELDS

    def letter(self) -> LetterDraft | None:
        """Return the letter as the form says, None before it is there."""
        if self._draft is None:
            return None
        fill = self._filler()
        paragraphs = tuple(part.strip() for part in re.split(r"\n\s*\n", fill(self.text.value())) if part.strip())
        lacking = sorted(name for name in self._tokens() if not self.missing[name].value())
        return replace(self._draft, subject=fill(self.subject.value()), paragraphs=paragraphs, missing=tuple(lacking))

    def _filler(self) -> Callable[[str], str]:
        given = {name: field.value() for name, field in self.missing.items() if field.value()}
        return partial(_TOKEN.sub, lambda found: given.get(found[1], found[0]))

    @Slot()
    def _draw(self) -> None:
        """Draw the pages again, in the reading lane."""
        ready = self.letter()
        if ready is None:
            return
        self._round += 1
        work = partial(_preview, self.case.request.id, ready, self.today, self._round)
        self.context.jobs.read(work, then=self._show_pages, failed=self._hide_pages)

    @Slot(object)
    def _show_pages(self, drawn: tuple[int, bytes]) -> None:
        number, pdf = drawn
        if number == self._round:
            self.show_page(pdf)

    @Slot(object)
    def _hide_pages(self, _error: Exception) -> None:
        self.pages.set_document(0, None)

    def problems(self) -> dict[str, str]:
        """Return what is missing, by field."""
        ready = self.letter()
        if ready is None:
            return {"text": _("Brevet är inte klart att visa än. Vänta ett ögonblick.")}
        found = {f"missing_{name}": _("Fyll i det här.") for name in ready.missing}
        if not ready.paragraphs:
            found["text"] = _("Brevet är tomt.")
        if not ready.subject:
            found["subject"] = _("Skriv en rubrik.")
        return found

    def save(self) -> None:
        """Write the letter into the case."""
        ready = self.letter()
        if ready is not None:
            self.write(partial(_make, self.case, ready, self.today))


def _proposed(request_id: int, session: "Session", _job: Job) -> tuple[str, ...]:
    return letters.proposed_kinds(session, request_id)


def _drafted(request_id: int, kind: str, today: dt.date, session: "Session", _job: Job) -> LetterDraft:
    return letters.draft(session, request_id, kind, today=today)


def _preview(
    request_id: int, ready: LetterDraft, today: dt.date, number: int, session: "Session", _job: Job
) -> tuple[int, bytes]:
    return number, letters.preview(session, request_id, ready, today=today)


def _make(case: Case, ready: LetterDraft, today: dt.date, session: "Session") -> Attachment:
    """Write the letter; an acknowledgement is also noted in the request."""
    made = letters.make(session, case.request.id, ready, today=today)
    if ready.kind == "acknowledgement" and case.facts.sent_on is None:
        requests.acknowledge(session, case.request.id, today=today)
    return made
