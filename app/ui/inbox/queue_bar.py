"""Says above the list that mails wait for their form, and lets the user go on with them or let them go."""

from PySide6.QtCore import Signal, Slot

from app.i18n import _, ngettext
from app.ui.kit import messages
from app.ui.kit.buttons import button
from app.ui.kit.cards import Card
from app.ui.kit.flow import flow_widget
from app.ui.kit.labels import PlainLabel
from app.ui.kit.theme import Tone


class QueueBar(Card):
    """Hidden while nobody waits.

    Signals:
        wanted: Open the forms again.
        dropped: Forget the mails; the user has said yes to it.
    """

    wanted = Signal()
    dropped = Signal()

    def __init__(self) -> None:
        super().__init__(Tone.INFO)
        self._count = 0
        self.text = PlainLabel("", wrap=True)
        holder, flow = flow_widget()
        self.on_button, self.drop_button = button(_("&Gå igenom dem"), "inbox"), button(_("&Ta bort …"))
        flow.addWidget(self.on_button)
        flow.addWidget(self.drop_button)
        self.add(self.text)
        self.add(holder)
        self.on_button.clicked.connect(self.wanted)
        self.drop_button.clicked.connect(self._ask)
        self.hide()

    @Slot(int)
    def set_count(self, count: int) -> None:
        """Say how many wait."""
        self._count = count
        text = ngettext(
            "{count} brev väntar på att gås igenom.", "{count} brev väntar på att gås igenom.", count
        ).format(count=count)
        self.text.setText(text)
        self.setAccessibleName(text)
        self.setVisible(count > 0)

    @Slot()
    def _ask(self) -> None:
        question = messages.Question(
            ngettext("Ta bort {count} brev ur kön?", "Ta bort {count} brev ur kön?", self._count).format(
                count=self._count
            ),
            _("De blir inga begäranden. Filerna ligger kvar där de är."),
            _("Ta bort"),
        )
        messages.ask(self.window(), question, self.dropped.emit)
