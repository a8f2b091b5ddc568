"""Whether two records are one person: suggested with reasons, compared side by side, decided by somebody, and taken back."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain import same_person
from app.i18n import _, ngettext
from app.services import merging, same_people
from app.services.same_people import Pair
from app.services.subjects import Card
from app.ui.context import Context
from app.ui.kit import messages
from app.ui.kit.buttons import button
from app.ui.kit.cards import InfoCard
from app.ui.kit.fields import LineField
from app.ui.kit.foreign import many_lines, one_line
from app.ui.kit.forms import FormDialog, open_form
from app.ui.kit.jobs import Job
from app.ui.kit.labels import PlainLabel, set_style
from app.ui.kit.table import Column, QueryTable
from app.ui.kit.theme import Tone
from app.ui.lookup.forms import ApartForm, Form, ReasonForm
from app.ui.lookup.notes import one_name

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class SamePeople(QObject):
    """Shows suggestions and carries out what somebody decides.

    Signals:
        told: What was done, in a sentence.
        shown: The person to show now.
    """

    told = Signal(str)
    shown = Signal(int)

    def __init__(self, owner: QWidget, context: Context) -> None:
        super().__init__(owner)
        self._owner, self._context = owner, context

    def compare(self, pair: Pair) -> None:
        """Open two people side by side; a protected one only for a reason."""
        if pair.one.is_protected or pair.other.is_protected:
            form = ReasonForm(self._owner.window())
            form.given.connect(partial(self._give_reason, form, pair))
            open_form(form)
        else:
            self._open(pair, "")

    def _give_reason(self, form: Form, pair: Pair, answers: dict[str, Any]) -> None:
        form.finish()
        self._open(pair, str(answers["reason"]))

    def _open(self, pair: Pair, reason: str) -> None:
        ids, today = (pair.one.subject_id, pair.other.subject_id), self._context.today()
        self._context.jobs.write(
            lambda session, _job: same_people.side_by_side(session, ids, reason=reason, today=today),
            then=partial(self._show, pair),
        )

    def _show(self, pair: Pair, cards: Sequence[Card]) -> None:
        form = CompareForm(self._owner.window(), pair, cards)
        form.given.connect(partial(self._merge, form))
        form.told_apart.connect(partial(self._tell_apart, form))
        open_form(form)

    def _merge(self, form: "CompareForm", reason: str) -> None:
        ids = [one.subject_id for one in form.cards]
        self._context.jobs.write(
            lambda session, _job: merging.merge(session, ids, reason=reason).id,
            then=partial(self._merged, form),
            failed=form.fail,
        )

    def _merged(self, form: FormDialog, whole_id: int) -> None:
        form.finish()
        self.told.emit(_("Posterna är en person nu. Det går att ta isär dem igen."))
        self.shown.emit(whole_id)

    def _tell_apart(self, form: "CompareForm") -> None:
        one, other = (card.subject_id for card in form.cards)
        self._context.jobs.write(
            lambda session, _job: merging.tell_apart(session, one, other),
            then=partial(self._apart, form),
            failed=form.fail,
        )

    def _apart(self, form: FormDialog, _result: object) -> None:
        form.finish()
        self.told.emit(_("Noterat: de är två personer. De föreslås inte igen."))

    def take_apart(self, card: Card) -> None:
        """Ask which records of a merged person are somebody else."""
        form = ApartForm(self._owner.window(), card.parts)
        form.draft_about = str(card.subject_id)
        form.given.connect(partial(self._take_apart, form, card))
        open_form(form)

    def _take_apart(self, form: Form, card: Card, answers: dict[str, Any]) -> None:
        only = [int(key) for key in answers["only"]]
        self._context.jobs.write(
            lambda session, _job: merging.take_apart(session, card.subject_id, only=only),
            then=partial(self._taken_apart, form),
            failed=form.fail,
        )

    def _taken_apart(self, form: FormDialog, done: merging.Apart) -> None:
        form.finish()
        words = ngettext("{n} post är en egen person igen.", "{n} poster är egna personer igen.", len(done.subject_ids))
        told = words.format(n=len(done.subject_ids))
        if done.new:
            told += " " + _("Det som kom till efter hopslagningen ligger hos den första.")
        self.told.emit(told)
        self.shown.emit(done.whole_id or done.subject_ids[0])


class CompareForm(FormDialog):
    """Two people side by side; somebody decides whether they are one.

    Signals:
        given: Why they are one person.
        told_apart: They are two.
    """

    given = Signal(str)
    told_apart = Signal()

    def __init__(self, parent: QWidget | None, pair: Pair, cards: Sequence[Card]) -> None:
        super().__init__(parent, _("Är det samma person?"), _("Slå ihop"), width=860)
        self.cards = tuple(cards)
        speaks = [_("Talar för: {reasons}.").format(reasons=", ".join(pair.reasons))]
        if pair.against:
            speaks.append(_("Talar emot: {reasons}.").format(reasons=", ".join(pair.against)))
        self.column.addWidget(InfoCard(same_person.label(pair.likeness), "\n".join(speaks), tone=Tone.INFO))
        self.grid = _grid(self.cards)
        self.column.addWidget(self.grid, 1)
        hint = _("Skriv inga uppgifter om personen här. Till exempel: samma kundnummer i båda registren.")
        self.add("reason", LineField(_("Varför är det samma person?"), hint))
        self.apart_button = button(_("&Inte samma person"), "split")
        self.apart_button.clicked.connect(self.told_apart)
        line = QHBoxLayout()
        line.addWidget(self.apart_button)
        line.addStretch()
        self.column.addLayout(line)

    def problems(self) -> dict[str, str]:
        """Return what is wrong."""
        return {} if self.values()["reason"] else {"reason": _("Skriv varför det är samma person.")}

    def save(self) -> None:
        """Hand the reason over."""
        self.given.emit(self.values()["reason"])


def compared(cards: Sequence[Card]) -> list[tuple[str, tuple[str, ...], bool]]:
    """Return rows of a comparison: what, each person's values, and whether any is the same in all."""
    labels = list(dict.fromkeys(row.label for card in cards for row in card.rows))
    rows = [] if _("Namn") in labels else [(_("Namn"), tuple(card.name for card in cards), False)]
    for label in labels:
        values = [list(dict.fromkeys(row.value for row in card.rows if row.label == label)) for card in cards]
        is_same = bool(set(values[0]).intersection(*values[1:]))
        rows.append((label, tuple("\n".join(some) for some in values), is_same))
    sources = tuple(", ".join(dict.fromkeys(row.source for row in card.rows)) for card in cards)
    return [*rows, (_("Finns i"), sources, False)]


def _grid(cards: Sequence[Card]) -> QScrollArea:
    area, inner = QScrollArea(), QWidget()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setMinimumHeight(260)
    area.setAccessibleName(_("Personerna sida vid sida"))
    lines = QGridLayout(inner)
    lines.setHorizontalSpacing(18)
    lines.setVerticalSpacing(4)
    for place, (label, values, is_same) in enumerate(compared(cards)):
        lines.addWidget(PlainLabel(one_line(label), "muted"), place, 0, Qt.AlignmentFlag.AlignTop)
        for column, value in enumerate(values, 1):
            made = PlainLabel(many_lines(value, 500) or "–", wrap=True, is_selectable=True)
            set_style(made, "level", "strong" if is_same else "")
            lines.addWidget(made, place, column, Qt.AlignmentFlag.AlignTop)
        same = PlainLabel(_("lika") if is_same else "", "muted")
        lines.addWidget(same, place, len(cards) + 1, Qt.AlignmentFlag.AlignTop)
    lines.setRowStretch(lines.rowCount(), 1)
    for column in range(1, len(cards) + 1):
        lines.setColumnStretch(column, 1)
    area.setWidget(inner)
    return area


class SuggestionsDialog(QDialog):
    """Everybody in the register who may be somebody else in it; looked for in a job that can be stopped."""

    def __init__(self, parent: QWidget | None, context: Context) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Samma person?"))
        self._context = context
        self._pairs: dict[int, Pair] = {}
        self.acts = SamePeople(self, context)
        columns = (
            Column(_("Förslag"), lambda pair: same_person.label(pair.likeness), width=10),
            Column(_("Ena posten"), lambda pair: one_name(pair.one), width=20, is_strong=True),
            Column(_("Andra posten"), lambda pair: one_name(pair.other), width=20, is_strong=True),
            Column(_("Talar för"), lambda pair: ", ".join(pair.reasons), width=30),
            Column(_("Talar emot"), lambda pair: ", ".join(pair.against) or "–", width=18),
        )
        self.table = QueryTable(columns, self._fetch, name=_("Förslag på samma person"), empty=_("Inga förslag."))
        self.foot = PlainLabel(_("Letar …"), "muted", wrap=True)
        self.close_button = button(_("Stäng"))
        line = QHBoxLayout()
        line.addWidget(self.foot, 1)
        line.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.addWidget(self.table, 1)
        column.addLayout(line)
        self.resize(1060, 520)
        self.close_button.clicked.connect(self.accept)
        self.table.opened.connect(self._open)
        self.acts.told.connect(self._tell)
        self.finished.connect(self._end)
        self._job: Job | None = None
        self.look()

    def look(self) -> None:
        """Look through the register again."""
        self._job = self._context.jobs.read(
            lambda session, job: same_people.suggestions(session, step=job.step),
            then=self._show,
            text=_("Letar efter samma person"),
        )

    def _show(self, pairs: list[Pair]) -> None:
        self._pairs = dict(enumerate(pairs, 1))
        self.table.set_ids(list(self._pairs))
        told = ngettext("{n} förslag. Enter jämför.", "{n} förslag. Enter jämför.", len(pairs))
        self.foot.setText(told.format(n=len(pairs)))

    def _fetch(self, ids: Sequence[int]) -> dict[int, Pair]:
        return {key: self._pairs[key] for key in ids if key in self._pairs}

    @Slot(int)
    def _open(self, number: int) -> None:
        self.acts.compare(self._pairs[number])

    @Slot(str)
    def _tell(self, words: str) -> None:
        messages.toast(self, words)
        self.look()

    @Slot()
    def _end(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self.deleteLater()


def suggested(subject_id: int, session: "Session", _job: Job) -> list[Pair]:
    """Return who may be the same person as one."""
    return same_people.suggest_for(session, subject_id)
