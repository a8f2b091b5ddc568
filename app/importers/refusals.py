"""The one way to refuse a file: what is wrong with it, that nothing was imported, what to do."""

from app.domain.errors import ExitCode, UserError
from app.i18n import _


class UnreadableError(UserError):
    """The reader broke or gave up.  The file may still be what it says, and can be kept as it is."""


def refusal(what: str, do: str) -> UserError:
    """Return the error for a file that cannot be read; the texts hold nothing out of the file."""
    return UserError(what, stands=_("Inget har importerats."), do=do, code=ExitCode.UNREADABLE_INPUT)


def unreadable(what: str, do: str) -> UnreadableError:
    """Return the error for a file that cannot be read although it seems to be of a kind that can."""
    return UnreadableError(what, stands=_("Inget har importerats."), do=do, code=ExitCode.UNREADABLE_INPUT)


def too_much() -> UnreadableError:
    """Return the error for a file that exhausted the reader or broke it."""
    return unreadable(
        _("Filen var för stor, för invecklad eller gick inte att läsa."),
        _("Öppna filen i det program den kommer från och spara den på nytt, eller dela den i mindre filer."),
    )


def not_opened() -> UserError:
    """Return the error for a file that the operating system does not let us open."""
    return refusal(
        _("Filen kan inte öppnas."),
        _("Kontrollera att filen finns kvar, att du får läsa den och att inget annat program har den låst."),
    )
