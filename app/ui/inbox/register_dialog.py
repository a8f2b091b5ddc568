"""A new request: prefilled from a mail, or typed.  The deadline and its sum follow the day while it is typed."""

import datetime as dt
import hashlib
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QWidget

from app.domain import channels, matching, rights
from app.domain.channels import Channel
from app.domain.rights import Right
from app.i18n import _, ngettext
from app.services import request_facts, requests
from app.services.intake import Proposal, as_further_mail
from app.services.lookup import Hit
from app.services.requests import Intake
from app.ui.context import Context
from app.ui.inbox.badges import limit_text
from app.ui.inbox.thread_card import ThreadCard
from app.ui.kit.buttons import button
from app.ui.kit.cards import Card, InfoCard
from app.ui.kit.choice_fields import ChoiceField, ChoicesField
from app.ui.kit.date_fields import DateField
from app.ui.kit.drafting import Draft, packed
from app.ui.kit.fields import ComboField, LineField
from app.ui.kit.foreign import one_line
from app.ui.kit.forms import FormDialog
from app.ui.kit.jobs import Job
from app.ui.kit.labels import PlainLabel
from app.ui.kit.text_field import TextField
from app.ui.kit.theme import Tone
from db.models import Request

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SHOWN_FILES = 5


class RegisterDialog(FormDialog):
    """Registers a request.

    Args:
        parent: The window it belongs to.
        context: What a tab is given.
        proposal: What a mail suggests; None for an empty form.

    Signals:
        registered: The new request.
        filed: The request that the mail was filed in instead.
        draft_wanted: A draft with its mail: the form has to be made anew from the mail.
        left: The user left the mail: `skip` it, `stop` here, or `drop` it; and what was typed so far.
    """

    registered = Signal(object)
    filed = Signal(object)
    draft_wanted = Signal(object)
    left = Signal(str, object)

    def __init__(self, parent: QWidget | None, context: Context, proposal: Proposal | None = None) -> None:
        super().__init__(parent, _("Ny begäran"), _("Spara"), width=640)
        self._context, self._proposal = context, proposal
        self.draft_about = about(proposal.intake.original) if proposal else ""
        self._is_one_of_many = False
        self._add_queue()
        self._add_notes(proposal)
        self._add_fields()
        self._prefill(proposal)
        self.received_on.changed.connect(self._show_sum)
        self.received_on.left.connect(self._show_sum)
        self._show_sum()

    def _add_queue(self) -> None:
        self.place = PlainLabel("", "muted", wrap=True)
        self.column.addWidget(self.place)
        self.skip_button, self.drop_button = button(_("&Hoppa över")), button(_("&Inte en begäran"))
        for number, made in enumerate((self.skip_button, self.drop_button)):
            self.buttons.insertWidget(number, made)
            made.hide()
        self.place.hide()
        self.skip_button.clicked.connect(self._skip)
        self.drop_button.clicked.connect(self._drop)

    def set_place(self, number: int, total: int, name: str) -> None:
        """Say which mail of how many this is; among several it can be skipped and come back to."""
        self._is_one_of_many = total > 1
        text = _("Brev {number} av {total}").format(number=number, total=total) if total > 1 else ""
        self.place.setText("   ".join(part for part in (text, one_line(name, 80)) if part))
        self.place.setVisible(bool(self.place.text()))
        self.skip_button.setVisible(total > 1)
        self.drop_button.setVisible(total > 1)

    def _add_notes(self, proposal: Proposal | None) -> None:
        self.doubts = InfoCard(_("Titta efter"), tone=Tone.WARN)
        self.thread_card = ThreadCard(proposal.thread if proposal else None)
        self.sender_card = SenderCard(proposal.sender if proposal else None)
        for card in (self.doubts, self.thread_card, self.sender_card):
            self.column.addWidget(card)
        doubts = "  ".join(_doubts(proposal)) if proposal else ""
        self.doubts.setVisible(bool(doubts))
        self.doubts.set_content(_("Titta efter"), one_line(doubts, 800))
        self.sender_card.setVisible(bool(proposal and proposal.sender))
        self.thread_card.changed.connect(self._show_choice)

    def _add_fields(self) -> None:
        named = [(right.value, rights.label(right)) for right in Right]
        ways = [(channel.value, channels.label(channel)) for channel in Channel]
        self.received_on = self.add("received_on", DateField(_("Inkom"), self._context.today))
        self.limit = InfoCard(tone=Tone.INFO)
        self.column.addWidget(self.limit)
        self.rights = self.add("rights", ChoicesField(_("Vad begäran gäller"), named))
        self.name = self.add("requester_name", LineField(_("Vem som begär")))
        self.email = self.add("requester_email", LineField(_("E-postadress"), is_optional=True))
        self.channel = self.add("channel", ComboField(_("Hur den kom"), ways))
        self.message = self.add("message", TextField(_("Meddelandet"), is_optional=True, lines=5))
        self.language = self.add(
            "language", ChoiceField(_("Språk i svaret"), [("sv", _("Svenska")), ("en", _("Engelska"))])
        )
        self.kept = PlainLabel("", "muted", wrap=True)
        self.column.addWidget(self.kept)

    def _prefill(self, proposal: Proposal | None) -> None:
        intake = proposal.intake if proposal else None
        self.received_on.set_value(intake.received_on if intake else self._context.today())
        self.channel.set_value(intake.channel.value if intake else Channel.EMAIL.value)
        self.language.set_value(intake.language if intake else "sv")
        self.kept.setVisible(intake is not None and intake.original is not None)
        if intake is None:
            return
        self.rights.set_value([right.value for right in intake.rights])
        self.name.set_value(intake.requester_name)
        self.email.set_value(intake.requester_email)
        self.message.set_value(intake.message)
        self.kept.setText(_("Originalet sparas med ärendet, som det kom.") + _attached(proposal))

    @Slot()
    def _show_sum(self) -> None:
        received_on = self.received_on.day()
        if received_on is None:
            self.limit.set_content(_("Fristen räknas från den dag begäran kom."), "")
            return
        days = request_facts.deadline(received_on)
        self.limit.set_content(limit_text(days.goal_on, days.due_on), days.sum + ".")

    def intake(self) -> Intake:
        """Return the request as the form says."""
        original = self._proposal.intake.original if self._proposal else None
        return Intake(
            rights=[Right(code) for code in self.rights.value()],
            received_on=self.received_on.day() or dt.date.max,
            channel=Channel(self.channel.value() or Channel.OTHER),
            requester_name=self.name.value(),
            requester_email=self.email.value(),
            message=self.message.value(),
            language=self.language.value() or "sv",
            subject_id=self.sender_card.subject_id(),
            original=original,
            message_id=self._proposal.intake.message_id if self._proposal else "",
        )

    @Slot()
    def _show_choice(self) -> None:
        """Show what has to be filled in: for a mail in a request that is there already, only the day."""
        is_new = self.thread_card.request_id() is None
        for name, field in self.fields.items():
            field.setVisible(is_new or name == "received_on")
        self.limit.setVisible(is_new)
        self.sender_card.setVisible(is_new and self._proposal is not None and self._proposal.sender is not None)
        self.verb_button.setText(_("Spara") if is_new else _("Lägg i ärendet"))

    def drafts(self) -> list[Draft]:
        """Return what is typed, and the mail: one that nobody has touched yet must not get lost either."""
        original = self.intake().original
        if original is None or not self.isVisible():
            return super().drafts()
        return [Draft(type(self).__name__, self.draft_about, self.windowTitle(), packed(self.values()), original)]

    def take_back(self, draft: Draft) -> None:
        """Fill the form in, or leave it for one made from the draft's mail."""
        if draft.original:
            self.draft_wanted.emit(draft)
            self._throw_away()
        else:
            self.fill(draft)

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by field."""
        found = requests.problems(self.intake(), today=self._context.today())
        if self.received_on.is_empty():
            found["received_on"] = _("Skriv den dag då begäran kom.")
        if self.thread_card.request_id() is not None:
            return {name: text for name, text in found.items() if name == "received_on"}
        return found

    def save(self) -> None:
        """Store the request and start its clock, or file the mail in the request that was chosen."""
        work = partial(_store, self.intake(), self.thread_card.request_id(), self._context.today())
        self._context.jobs.write(work, then=self.finish, failed=self.fail)

    def finish(self, result: object = None) -> None:
        """Tell which request it became."""
        (self.registered if self.thread_card.request_id() is None else self.filed).emit(result)
        super().finish(result)

    @Slot()
    def reject(self) -> None:
        """Leave the form; of several mails this one and the rest wait, with what was typed."""
        if self._is_one_of_many and not self.is_saving:
            self._leave("stop")
        else:
            super().reject()

    @Slot()
    def _skip(self) -> None:
        self._leave("skip")

    @Slot()
    def _drop(self) -> None:
        self._leave("drop")

    def _leave(self, how: str) -> None:
        self.left.emit(how, Draft(type(self).__name__, self.draft_about, self.windowTitle(), packed(self.values())))
        self._throw_away()


class SenderCard(Card):
    """Who the sender seems to be, how sure that is and why, and whether to go by it."""

    def __init__(self, hit: Hit | None) -> None:
        super().__init__(Tone.OK if hit else None)
        self._hit = hit
        self.title, self.why = PlainLabel("", "h2", wrap=True), PlainLabel("", wrap=True)
        self.box = QCheckBox(_("&Koppla begäran till personen"))
        self.box.setChecked(hit is not None)
        for part in (self.title, self.why, self.box):
            self.add(part)
        if hit is not None:
            shown = one_line(hit.name, 80)
            self.title.setText(_("Avsändaren finns i registret: {name}").format(name=shown))
            why = _("{certainty}: {why}.").format(certainty=matching.label(hit.certainty), why=hit.why)
            self.why.setText(" ".join(part for part in (why, hit.hint) if part))
            self.box.setAccessibleName(_("Koppla begäran till {name}").format(name=shown))

    def subject_id(self) -> int | None:
        """Return the person the request is tied to, if any."""
        return self._hit.subject_id if self._hit is not None and self.box.isChecked() else None


def about(original: bytes | None) -> str:
    """Return what tells the draft of one mail from that of another; empty without a mail."""
    return hashlib.sha256(original).hexdigest()[:16] if original is not None else ""


def _doubts(proposal: Proposal) -> list[str]:
    said = list(proposal.doubts)
    if proposal.filed_in:
        said.insert(0, _("Brevet finns redan i {number}.").format(number=proposal.filed_in))
    return said


def _attached(proposal: Proposal | None) -> str:
    """Return the names and sizes of what is attached, after a space."""
    if proposal is None or not proposal.attachments:
        return ""
    named = [f"{one_line(one.name, 60)} ({max(1, one.size // 1000)} kB)" for one in proposal.attachments[:SHOWN_FILES]]
    more = len(proposal.attachments) - len(named)
    if more > 0:
        named.append(ngettext("och {count} till", "och {count} till", more).format(count=more))
    return " " + _("Bilagor: {names}.").format(names=", ".join(named))


def _store(intake: Intake, request_id: int | None, today: dt.date, session: "Session", _job: Job) -> Request:
    if request_id is None:
        return requests.register(session, intake, today=today)
    return requests.add_mail(session, request_id, as_further_mail(intake), today=today)
