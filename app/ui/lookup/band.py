"""The band over the search when it is made for a request: who asks, is it this person, and what every register answered."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal, Slot

from app.domain.ledger import Answer
from app.i18n import _, ngettext
from app.services.lookup import LedgerLine
from app.ui.kit.buttons import button, explain
from app.ui.kit.cards import Card
from app.ui.kit.flow import flow_widget
from app.ui.kit.foreign import one_line
from app.ui.kit.labels import PlainLabel
from app.ui.kit.theme import Tone


class RequestBand(Card):
    """Says which request the search is for.  Hidden while there is none.

    Signals:
        term_chosen: Search for this.
        confirmed: The person on the card is the one.
        denied: Nobody in the registers is the one.
        finished: Go on to the request.
        dropped: Stop searching for the request.
    """

    term_chosen = Signal(str)
    confirmed = Signal()
    denied = Signal()
    finished = Signal()
    dropped = Signal()

    def __init__(self) -> None:
        super().__init__(Tone.INFO)
        self.request_id: int | None = None
        self.terms: tuple[str, ...] = ()
        self._number = ""
        self.title, self.text = PlainLabel("", "h2", wrap=True), PlainLabel("", wrap=True, is_selectable=True)
        self.add(self.title)
        self.add(self.text)
        holder, flow = flow_widget()
        self.term_buttons = [button("", "search", role="link") for _number in range(2)]
        self.yes_button = button(_("Det &är den här personen"), "user-check", role="primary")
        self.no_button = button(_("&Finns inte hos oss"), "user-x")
        self.drop_button = button(_("Avbryt sökningen"), role="link")
        self.done_button = button(_("&Till begäran"), "arrow-right", role="primary")
        for made in (self.yes_button, self.no_button, *self.term_buttons, self.drop_button, self.done_button):
            flow.addWidget(made)
        self.column.addWidget(holder)
        self._connect()
        self.hide()

    def _connect(self) -> None:
        self.yes_button.clicked.connect(self.confirmed)
        self.no_button.clicked.connect(self.denied)
        self.drop_button.clicked.connect(self.dropped)
        self.done_button.clicked.connect(self.finished)
        for made in self.term_buttons:
            made.clicked.connect(self._choose_term)

    def set_request(self, row: Any) -> None:
        """Search for the person of this request: a row of number, received_on, requester_name and requester_email."""
        self.request_id, self._number = row.id, row.number
        asked = (row.requester_name.strip(), row.requester_email.strip())
        self.terms = tuple(dict.fromkeys(term for term in asked if term))
        self._say(
            _("Du söker för {number}").format(number=row.number),
            _("Inkom {day} från {who}. Hitta personen och bekräfta.").format(
                day=row.received_on.isoformat(), who=one_line(", ".join(self.terms), 120) or _("okänd avsändare")
            ),
        )
        for place, made in enumerate(self.term_buttons):
            has_term = place < len(self.terms)
            shown = one_line(self.terms[place], 40) if has_term else ""
            made.setText(_("Sök på {term}").format(term=shown).replace("&", "&&"))
            made.setAccessibleName(_("Sök på {term}").format(term=shown))
            made.setVisible(has_term)
        self._show_question(is_asking=True)
        self.set_person("")
        self.show()

    def set_person(self, name: str) -> None:
        """Say whose card is open; empty when none is."""
        explain(self.yes_button, None if name else _("Öppna först personens kort: välj en träff i listan."))

    def show_ledger(self, lines: Sequence[LedgerLine], *, has_person: bool) -> None:
        """Show what each register answered, and the way on."""
        told = [_ledger_words(line) for line in lines] or [_("Det finns inga register att söka i.")]
        outcome = _("personen är vald") if has_person else _("ingen person hittades")
        self._say(
            _("Sökningen för {number} är sparad: {outcome}").format(number=self._number, outcome=outcome),
            "\n".join(told),
        )
        self._show_question(is_asking=False)
        self.done_button.setFocus()

    def clear(self) -> None:
        """Search for no request any more."""
        self.request_id, self.terms = None, ()
        self.hide()

    def _say(self, title: str, text: str) -> None:
        self.title.setText(title)
        self.text.setText(text)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)

    def _show_question(self, *, is_asking: bool) -> None:
        for made in (self.yes_button, self.no_button, self.drop_button):
            made.setVisible(is_asking)
        if not is_asking:
            for made in self.term_buttons:
                made.hide()
        self.done_button.setVisible(not is_asking)

    @Slot()
    def _choose_term(self) -> None:
        place = next(place for place, made in enumerate(self.term_buttons) if made is self.sender())
        self.term_chosen.emit(self.terms[place])


def _ledger_words(line: LedgerLine) -> str:
    answer = ngettext("{n} träff", "{n} träffar", line.found).format(n=line.found) if line.found else _("inget")
    if line.answer is Answer.FAILED:
        answer = _("gick inte att söka, {why}").format(why=line.why)
    return f"{one_line(line.source, 80)}: {answer}"
