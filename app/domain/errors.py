"""Errors that a person can act on.  An error without a remedy is a bug and does not belong here."""

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended.  The numbers are a contract with scripts; never reuse one."""

    OK = 0
    USAGE = 2
    WRONG_SECRET = 3
    DAMAGED = 4
    IN_USE = 5
    NEWER_VERSION = 6
    UNREADABLE_INPUT = 7
    TAMPERED = 8
    DISK = 9
    KEYRING = 10
    NOT_ALLOWED = 11


class UserError(Exception):
    """Something the user can understand and mend.  The texts are shown as they are, so they hold no personal data.

    Attributes:
        what: What happened.
        stands: What is still as it was.
        do: What to do next.
        code: The command line's exit code.
    """

    def __init__(self, what: str, *, stands: str, do: str, code: ExitCode = ExitCode.NOT_ALLOWED) -> None:
        super().__init__(what)
        self.what, self.stands, self.do, self.code = what, stands, do, code


def told_as(error: UserError, what: str, *, stands: str, do: str = "") -> UserError:
    """Return the error of a part as the error of the whole act.

    Args:
        error: Why the part failed.
        what: What that means for the act; `{why}` stands for the reason.
        stands: What is still as it was.
        do: What to do next; as the part says when empty.
    """
    return UserError(what.format(why=error.what), stands=stands, do=do or error.do, code=error.code)


class Cancelled(Exception):  # noqa: N818 - not an error: the user asked for it
    """The user cancelled the work; nothing of it was kept."""
