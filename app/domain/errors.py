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


class Cancelled(Exception):  # noqa: N818 - not an error: the user asked for it
    """The user cancelled the work; nothing of it was kept."""
