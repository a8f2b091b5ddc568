"""The way out of the vault for a document about a person: its files together, and a password's letter somewhere else."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.domain.errors import UserError
from app.i18n import _
from app.ui.exports import SaveAs
from app.ui.kit import messages
from app.ui.kit.jobs import Jobs


@dataclass(frozen=True)
class Outcome:
    """What was made.

    Attributes:
        files: Names and contents, the first of which the user names.
        letter: The letter with the password; exists nowhere else.
    """

    files: tuple[tuple[str, bytes], ...]
    letter: tuple[str, bytes] | None = None


def leave(owner: QWidget, jobs: Jobs, made: Outcome) -> SaveAs:
    """Ask where the files go, and then where the letter with the password goes."""
    saving = SaveAs(owner, jobs, made.files, _("Spara"))
    if made.letter is not None:
        saving.saved.connect(partial(_ask_for_letter, owner, jobs, made.letter))
    return saving


def _ask_for_letter(owner: QWidget, jobs: Jobs, letter: tuple[str, bytes], folder: Path) -> None:
    title = _("Spara brevet med lösenordet i en annan mapp")
    saving = SaveAs(owner, jobs, [letter], title, away_from=folder)
    saving.dialog.rejected.connect(partial(messages.show_error, owner.window(), _unsaved()))


def _unsaved() -> UserError:
    return UserError(
        _("Brevet med lösenordet är inte sparat."),
        stands=_("Filen är sparad, men går inte att öppna utan brevet. Handlingen ligger kvar i valvet."),
        do=_("Gör filen en gång till och spara brevet. Filen får då ett nytt lösenord."),
    )
