"""The request that a mail seems to belong to, and the choice to file it there instead of making a new one."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox

from app.i18n import _
from app.services.mail_threads import Thread
from app.ui.kit.cards import Card
from app.ui.kit.foreign import one_line
from app.ui.kit.labels import PlainLabel
from app.ui.kit.theme import Tone


class ThreadCard(Card):
    """Proposes a request; nothing is chosen until the user ticks the box.

    Signals:
        changed: The user chose the request, or a new one after all.
    """

    changed = Signal()

    def __init__(self, thread: Thread | None) -> None:
        super().__init__(Tone.INFO if thread is None or thread.is_same_sender else Tone.WARN)
        self._thread = thread
        self.title, self.why = PlainLabel("", "h2", wrap=True), PlainLabel("", wrap=True)
        number = thread.number if thread else ""
        self.box = QCheckBox(_("&Lägg brevet i {number} i stället för en ny begäran").format(number=number))
        for part in (self.title, self.why, self.box):
            self.add(part)
        self.setVisible(thread is not None)
        if thread is not None:
            self.title.setText(_("Brevet hör till {number}").format(number=number))
            self.why.setText(" ".join(_reasons(thread)))
        self.box.toggled.connect(self.changed)

    def request_id(self) -> int | None:
        """Return the request the mail is to be filed in, None for a new one."""
        return self._thread.request_id if self._thread is not None and self.box.isChecked() else None


def _reasons(thread: Thread) -> list[str]:
    said = [thread.why, _("Begäran är från {who}.").format(who=one_line(thread.who, 80) or _("okänd"))]
    if not thread.is_same_sender:
        said.append(_("Det här brevet har en annan avsändare. Kontrollera vem det är från."))
    if thread.is_closed:
        said.append(_("Ärendet är avslutat."))
    return said
