"""The register extract before it is made: what goes in to the left, the page in the middle, checks to the right."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QWidget

from app.documents.content import Extract
from app.domain.status import label
from app.i18n import _, ngettext
from app.services import extracts, lookup
from app.ui.context import Context
from app.ui.inbox.case import Case
from app.ui.inbox.page_form import PageForm
from app.ui.inbox.value_tree import ValueTree
from app.ui.kit.cards import Card
from app.ui.kit.choice_fields import ChoicesField
from app.ui.kit.jobs import Job
from app.ui.kit.labels import PlainLabel
from app.ui.kit.steps import StepList, StepRow
from db.queries import cards

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PREVIEW_AFTER = 300


@dataclass(frozen=True)
class Review:
    """What there is to go through."""

    values: Sequence[Any]
    masks: frozenset[int]


@dataclass(frozen=True)
class Drawn:
    """A preview, with the number of the round it was drawn in."""

    number: int
    content: Extract
    pdf: bytes


class ExtractDialog(PageForm):
    """Reviews and makes the extract of a request."""

    def __init__(self, parent: QWidget | None, context: Context, case: Case) -> None:
        self.tree = ValueTree()
        super().__init__(parent, context, case, (_("Granska utdraget"), _("Skapa utdraget")), self.tree)
        self._round = 0
        self._found = Review((), frozenset())
        self._timer = QTimer(self, singleShot=True, interval=PREVIEW_AFTER)
        self._build()
        self._timer.timeout.connect(self._draw)
        self.tree.ticks_changed.connect(self._timer.start)
        context.jobs.write(partial(_review, case), then=self._show_values, failed=self.fail)

    def _build(self) -> None:
        self.tree.setMinimumWidth(self.fontMetrics().horizontalAdvance("n") * 42)
        self.middle.insertWidget(0, self.tree, 5)
        self.middle.insertWidget(1, self.pages, 6)
        self.middle.setStretch(2, 4)
        self.checks = StepList(_("Kontroller"))
        card = Card()
        card.add(PlainLabel(_("Innan du skapar"), "h2"))
        card.add(self.checks)
        formats = [("pdf", _("PDF")), ("xlsx", _("Kalkylblad"))]
        self.formats = self.add("formats", ChoicesField(_("Format"), formats))
        self.formats.set_value(extracts.FORMATS)
        self.column.addWidget(card)
        self.column.addWidget(self.note)
        version = len({row.version for row in self.case.files("extract")}) + 1
        if version > 1:
            self.tell(
                _("Det här blir version {version}").format(version=version), _("De äldre finns kvar under Bilagor.")
            )

    @Slot(object)
    def _show_values(self, review: Review) -> None:
        self._found = review
        self.tree.set_values(review.values, review.masks)
        self.tree.setFocus()
        self._draw()

    def masked(self) -> frozenset[int]:
        """Return the values that are hidden."""
        return self.tree.unticked()

    @Slot()
    def _draw(self) -> None:
        """Draw the pages again, in the reading lane."""
        self._round += 1
        work = partial(_drawn, self.case, self.masked(), self.today, self._round)
        self.context.jobs.read(work, then=self._show_pages, failed=self.fail, text=_("Ritar utdraget …"))

    @Slot(object)
    def _show_pages(self, drawn: Drawn) -> None:
        if drawn.number != self._round:
            return
        self.show_page(drawn.pdf)
        self.checks.set_steps(self._checked(drawn.content))

    def _checked(self, content: Extract) -> list[StepRow]:
        rows = [row for category in content.categories for row in category.rows]
        hidden, review = len(self.masked()), len(self._found.masks)
        groundless = sum(row.activity_id is None for row in self._found.values)
        request = self.case.request
        how = label(request.identity_method) if request.identity_method else _("Inte kontrollerad")
        shown = ngettext("{count} uppgift", "{count} uppgifter", len(rows)).format(count=len(rows))
        masks = ngettext("{count} dold", "{count} dolda", hidden).format(count=hidden)
        read = ngettext("{count} fritext att läsa", "{count} fritexter att läsa", review).format(count=review)
        lacking = ngettext("{count} saknar grund", "{count} saknar grund", groundless).format(count=groundless)
        return [
            StepRow(_("Identitet"), how, is_done=self.case.facts.identity_checked),
            StepRow(_("Sökt i alla register"), "", is_done=self.case.facts.has_lookup),
            StepRow(_("Innehåll"), shown, is_done=bool(rows)),
            StepRow(_("Andra personer"), f"{read}, {masks}", is_done=not review or hidden >= review),
            StepRow(_("Lösenord"), _("lämnas aldrig ut"), is_done=True),
            StepRow(_("Ändamål och grund"), lacking if groundless else _("alla har"), is_done=not groundless),
        ]

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by field."""
        return {} if self.formats.value() else {"formats": _("Välj minst ett format.")}

    def save(self) -> None:
        """Make the files and store them in the case."""
        self.write(
            partial(
                extracts.make,
                request_id=self.case.request.id,
                today=self.today,
                formats=self.formats.value(),
                masked=self.masked(),
            )
        )


def _review(case: Case, session: "Session", _job: Job) -> Review:
    """Open the person's record for the review, which the trail keeps, and return what is in it."""
    subject_id = case.request.subject_id
    if subject_id is None:
        return Review((), frozenset())
    lookup.open_subject(session, subject_id, reason=case.request.number)
    return Review(cards.data(session, subject_id), extracts.proposed_masks(session, subject_id))


def _drawn(case: Case, masked: Collection[int], today: dt.date, number: int, session: "Session", _job: Job) -> Drawn:
    from app.documents.extract import write_extract

    request = case.request
    content = extracts.content(
        session,
        subject_id=request.subject_id,
        request_id=request.id,
        today=today,
        language=request.language,
        masked=masked,
    )
    return Drawn(number, content, write_extract(content))
