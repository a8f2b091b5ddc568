"""A form whose answers are stored in the vault by one act, with a note under its fields."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from app.ui.context import Context
from app.ui.kit.cards import InfoCard
from app.ui.kit.forms import FormDialog
from app.ui.kit.jobs import Job
from app.ui.kit.theme import Tone

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Work = Callable[["Session"], Any]


class StoreForm(FormDialog):
    """A form that writes to the vault.

    Args:
        parent: The window it belongs to.
        context: What a tab is given.
        words: The title and the verb.
    """

    def __init__(self, parent: QWidget | None, context: Context, words: tuple[str, str]) -> None:
        super().__init__(parent, words[0], words[1])
        self.context = context
        self.today = context.today()
        self.note = InfoCard()
        self.note.hide()

    def write(self, work: Work) -> None:
        """Do `work` in the writer's lane and close the form when it is stored."""
        self.context.jobs.write(partial(_without_job, work), then=self.finish, failed=self.fail)

    def tell(self, title: str, text: str = "", tone: Tone = Tone.INFO) -> None:
        """Say something under the fields; nothing for an empty title."""
        self.note.set_content(title, text)
        self.note.set_tone(tone)
        self.note.setVisible(bool(title))


def _without_job(work: Work, session: "Session", _job: Job) -> Any:
    return work(session)
