"""The right side of the tab: opens a person's record, with a reason where one is needed, and carries out what is asked of it."""

import datetime as dt
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.domain.channels import Channel
from app.domain.rights import Right
from app.domain.subjects import HoldKind
from app.i18n import _
from app.services import extracts, filing, requests, retention, subjects
from app.services.person_lists import PersonLists
from app.services.requests import Intake
from app.services.same_people import Pair
from app.services.subjects import Card
from app.ui import exports, rights
from app.ui.context import Context
from app.ui.kit import messages
from app.ui.kit.buttons import button
from app.ui.kit.cards import InfoCard
from app.ui.kit.empty import EmptyState
from app.ui.kit.foreign import many_lines
from app.ui.kit.forms import open_form
from app.ui.kit.messages import Question
from app.ui.kit.theme import Tone
from app.ui.lookup.card import PersonCard
from app.ui.lookup.deceased import Deceased
from app.ui.lookup.forms import ExtractForm, Form, HoldForm, OptOutForm, ReasonForm
from app.ui.lookup.lists import ListActs
from app.ui.lookup.same import SamePeople, suggested
from app.ui.lookup.values import ValueActs
from app.ui.outputs import About, Outcome, PortabilityDialog, leave

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CONCERNS = frozenset(
    {
        "Subject",
        "Datum",
        "Hold",
        "OptOut",
        "Request",
        "Merge",
        "Correction",
        "Conflict",
        "NotSame",
        "Activity",
        "Source",
        "Recipient",
        "RetentionRule",
    }
)
LISTED = frozenset({"Attachment", "AuditEntry"})


class PersonPane(QStackedWidget):
    """Shows nobody, a locked record, or a person's card.

    Signals:
        person_shown: The open person's name; empty when none is open.
    """

    person_shown = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.subject_id: int | None = None
        self._wanted: int | None = None
        self._reason = ""
        self.nobody = EmptyState("users", _("Sök till vänster och välj en träff."))
        self.values, self.same = ValueActs(self, context), SamePeople(self, context)
        self.deceased = Deceased(self, context)
        self.lists = ListActs(self, context)
        self._build_locked()
        self.scroller = QScrollArea()
        self.scroller.setWidgetResizable(True)
        self.scroller.setFrameShape(QFrame.Shape.NoFrame)
        self.scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for page in (self.nobody, self.locked, self.scroller):
            self.addWidget(page)
        self._context.news.changed.connect(self._hear)
        for acts in (self.values, self.same, self.deceased):
            acts.told.connect(self._tell)
        self.same.shown.connect(self._show_changed)

    @cached_property
    def card(self) -> PersonCard:
        """The card of whoever is open; made when it is first asked for."""
        made = PersonCard()
        vault = self._context.vault
        rights.restrict(vault, "extracts.make_for_subject", made.extract_button, made.carry_button, made.opt_out_button)
        rights.restrict(vault, "holds.set_hold", made.hold_button, made.apart_button)
        rights.restrict(vault, "holds.lift_hold", made.lift_button)
        self.scroller.setWidget(made)
        made.reveal_wanted.connect(self._reveal)
        made.opened.connect(self._show_value)
        made.extract_button.clicked.connect(self._want_extract)
        made.carry_button.clicked.connect(self._want_files)
        made.hold_button.clicked.connect(self._want_hold)
        made.lift_button.clicked.connect(self._want_lift)
        made.opt_out_button.clicked.connect(self._want_opt_out)
        for one in (made.deceased_button, made.alive_button):
            one.clicked.connect(self._want_deceased)
        made.apart_button.clicked.connect(self._want_apart)
        made.suggestion.chosen.connect(self.same.compare)
        made.lists.case_opened.connect(self._context.ways.request_wanted)
        made.lists.document_opened.connect(self.lists.open_document)
        return made

    def _build_locked(self) -> None:
        self.locked = QWidget()
        notice = InfoCard(
            _("Skyddade personuppgifter"),
            _("Inget visas förrän du skrivit varför du behöver öppna uppgifterna. Skälet sparas i loggen."),
            tone=Tone.DANGER,
        )
        self.unlock_button = button(_("&Öppna uppgifterna …"), "shield-alert", role="danger")
        notice.add(self.unlock_button)
        column = QVBoxLayout(self.locked)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(notice)
        column.addStretch()
        self.unlock_button.clicked.connect(self.ask_reason)

    def show_person(self, subject_id: int, *, is_protected: bool) -> None:
        """Open a person's record; a protected one waits behind a lock until a reason is given."""
        if subject_id in {self.subject_id, self._wanted}:
            return
        self._close()
        self._wanted = subject_id
        if is_protected:
            self.setCurrentWidget(self.locked)
        else:
            self._open("")

    def show_nobody(self) -> None:
        """Close the record that is open."""
        self._close()
        self.setCurrentWidget(self.nobody)

    @Slot()
    def ask_reason(self) -> None:
        """Ask why a protected record is opened."""
        if self._wanted is None or self.currentWidget() is not self.locked:
            return
        form = ReasonForm(self.window())
        form.draft_about = str(self._wanted)
        form.given.connect(partial(self._give_reason, form))
        open_form(form)

    def _give_reason(self, form: Form, answers: dict[str, Any]) -> None:
        form.finish()
        self._open(str(answers["reason"]))

    def _close(self) -> None:
        self.subject_id = self._wanted = None
        self._reason = ""
        if "card" in self.__dict__:
            self.card.hide_revealed()
        self.person_shown.emit("")

    def _open(self, reason: str) -> None:
        wanted, today = self._wanted, self._context.today()
        if wanted is None:
            return
        self._reason = reason
        self._context.jobs.write(
            lambda session, _job: subjects.open_card(session, wanted, reason=reason, today=today),
            then=partial(self._take, wanted),
            failed=self._fail,
            text=_("Öppnar personens uppgifter"),
        )

    def _take(self, wanted: int, card: Card | None) -> None:
        if wanted not in (self._wanted, self.subject_id):
            return
        if card is None:
            self.show_nobody()
            return
        self.subject_id, self._wanted = wanted, None
        self.card.set_card(card)
        self.setCurrentWidget(self.scroller)
        self.person_shown.emit(card.name)
        self.lists.read(wanted, self._take_lists)
        self._context.jobs.read(partial(suggested, card.subject_id), then=partial(self._take_pairs, card.subject_id))

    def _take_lists(self, subject_id: int, lists: PersonLists) -> None:
        if subject_id == self.subject_id:
            self.card.set_lists(lists)

    def _take_pairs(self, subject_id: int, pairs: list[Pair]) -> None:
        if subject_id == self.subject_id:
            self.card.suggestion.set_pairs(subject_id, pairs)

    @Slot(str)
    def _tell(self, words: str) -> None:
        messages.toast(self, words)

    @Slot(int)
    def _show_changed(self, subject_id: int) -> None:
        """Show the person that came of joining records or taking them apart; the reason given holds for it too."""
        self._wanted, self.subject_id = subject_id, None
        self._open(self._reason)

    @Slot()
    def _want_apart(self) -> None:
        if self.card.card is not None:
            self.same.take_apart(self.card.card)

    def _fail(self, error: Exception) -> None:
        self.show_nobody()
        messages.show_error(self.window(), error)

    @Slot(object)
    def _hear(self, names: frozenset[str]) -> None:
        if self.subject_id is None or not names & (CONCERNS | LISTED):
            return
        if not names & CONCERNS:
            self.lists.read(self.subject_id, self._take_lists)
            return
        wanted, today = self.subject_id, self._context.today()
        self._context.jobs.read(
            lambda session, _job: subjects.card(session, wanted, today=today), then=partial(self._take, wanted)
        )

    @Slot()
    def _reveal(self) -> None:
        wanted, reason = self.subject_id, self._reason
        if wanted is not None:
            self._context.jobs.write(
                lambda session, _job: subjects.reveal(session, wanted, reason=reason),
                then=partial(self._take_revealed, wanted),
            )

    def _take_revealed(self, wanted: int, values: dict[int, str]) -> None:
        if wanted == self.subject_id:
            self.card.show_revealed(values)

    @Slot(int)
    def _show_value(self, datum_id: int) -> None:
        row = self.card.row(datum_id)
        if row is not None and self.subject_id is not None:
            self.values.show(self.subject_id, row)

    @Slot()
    def _want_hold(self) -> None:
        if self.subject_id is not None:
            form = HoldForm(self.window(), self._context.today)
            form.draft_about = str(self.subject_id)
            form.given.connect(partial(self._set_hold, form, self.subject_id))
            open_form(form)

    def _set_hold(self, form: Form, subject_id: int, answers: dict[str, Any]) -> None:
        today = self._context.today()
        self._context.jobs.write(
            lambda session, _job: (
                retention.set_hold(
                    session,
                    subject_id,
                    kind=HoldKind(answers["kind"]),
                    reason=answers["reason"],
                    review_on=answers["review_on"],
                    today=today,
                ).id
            ),
            then=partial(self._done, form, _("Gallringsstoppet är satt.")),
            failed=form.fail,
        )

    @Slot()
    def _want_lift(self) -> None:
        card = self.card.card
        if card is None or not card.holds:
            return
        hold = card.holds[0]
        question = Question(
            title=_("Häv gallringsstoppet?"),
            text=_("Det som stoppet har hållit kvar föreslås vid nästa gallring. Inget raderas nu."),
            verb=_("Häv stoppet"),
            details=(
                _("{kind}, satt {day}, prövas {review}").format(
                    kind=hold.kind.label, day=hold.set_on.isoformat(), review=hold.review_on.isoformat()
                ),
                many_lines(hold.reason, 300),
            ),
            is_danger=False,
        )
        messages.ask(self.window(), question, partial(self._lift, hold.hold_id))

    def _lift(self, hold_id: int) -> None:
        today = self._context.today()
        self._context.jobs.write(
            lambda session, _job: retention.lift_hold(session, hold_id, today=today).id,
            then=partial(self._done, None, _("Gallringsstoppet är hävt.")),
        )

    @Slot()
    def _want_opt_out(self) -> None:
        card = self.card.card
        if card is not None:
            form = OptOutForm(self.window(), dict(card.opt_outs))
            form.draft_about = str(card.subject_id)
            form.given.connect(partial(self._opt_out, form, card.subject_id))
            open_form(form)

    def _opt_out(self, form: Form, subject_id: int, answers: dict[str, Any]) -> None:
        today = self._context.today()
        self._context.jobs.write(
            lambda session, _job: requests.opt_out(session, subject_id, answers["channels"], today=today),
            then=partial(self._done, form, _("Reklamspärren gäller från i dag.")),
            failed=form.fail,
        )

    @Slot()
    def _want_deceased(self) -> None:
        if self.card.card is not None:
            self.deceased.turn(self.card.card.subject_id, self.card.card.is_deceased)

    @Slot()
    def _want_files(self) -> None:
        """Review what the person can carry away."""
        card = self.card.card
        if card is not None:
            about = About(subject_id=card.subject_id, request_id=None, reference="", reason=self._reason)
            form = PortabilityDialog(self.window(), self._context, about)
            form.made.connect(self._show_files)
            open_form(form)

    @Slot(object, bool)
    def _show_files(self, made: Outcome, _wants_file: bool) -> None:
        leave(self, self._context.jobs, made)

    @Slot()
    def _want_extract(self) -> None:
        card = self.card.card
        if card is None:
            return
        if card.open_access is not None:
            self._context.ways.request_wanted.emit(card.open_access[0])
            return
        form = ExtractForm(self.window(), self._context.today)
        form.draft_about = str(card.subject_id)
        form.given.connect(partial(self._extract, form, card))
        open_form(form)

    def _extract(self, form: Form, card: Card, answers: dict[str, Any]) -> None:
        today, is_own = self._context.today(), answers["kind"] == ExtractForm.OWN
        if is_own:
            self._context.jobs.write(
                lambda session, _job: _own_extract(session, card.subject_id, today),
                then=partial(self._save_extract, form),
                failed=form.fail,
                text=_("Skriver registerutdraget"),
            )
            return
        intake = Intake(
            rights=(Right.ACCESS,),
            received_on=answers["received_on"],
            channel=Channel(answers["channel"]),
            requester_name=card.name[:200],
            subject_id=card.subject_id,
        )
        self._context.jobs.write(
            lambda session, _job: requests.register(session, intake, today=today).id,
            then=partial(self._go_to_request, form),
            failed=form.fail,
        )

    def _go_to_request(self, form: Form, request_id: int) -> None:
        form.finish()
        self._context.ways.request_wanted.emit(request_id)

    def _save_extract(self, form: Form, made: tuple[str, bytes]) -> None:
        form.finish()
        name, content = made
        exports.save_as(self, self._context.jobs, content, name)

    def _done(self, form: Form | None, words: str, _result: object) -> None:
        if form is not None:
            form.finish()
        messages.toast(self, words)


def _own_extract(session: "Session", subject_id: int, today: dt.date) -> tuple[str, bytes]:
    """Make an extract for the office itself and return its name and bytes."""
    made = extracts.make_for_subject(session, subject_id, today=today, formats=("pdf",))[0]
    return made.name, filing.read(session, made.id)
