"""What the policy check finds: how much a finding weighs, where it is mended, and what it is about."""

from dataclasses import dataclass
from enum import StrEnum

from app.i18n import _, mark


class Weight(StrEnum):
    """What a finding breaks; the order here is the order they are listed in."""

    LAW = "law"
    PROMISE = "promise"
    NOTE = "note"


class Place(StrEnum):
    """Where a finding is mended."""

    ACTIVITY = "activity"
    RECIPIENT = "recipient"
    SOURCE = "source"
    RULE = "rule"
    NOTICE = "notice"
    REGISTER = "register"
    COMPANY = "company"
    BACKUP = "backup"
    INBOX = "inbox"
    INCIDENTS = "incidents"
    RETENTION = "retention"


class State(StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    APPROVED = "approved"
    MET = "met"


_WEIGHTS = {
    Weight.LAW: mark("Lagen"),
    Weight.PROMISE: mark("Policyns löfte"),
    Weight.NOTE: mark("Att reda ut"),
}


@dataclass(frozen=True)
class Finding:
    """Something that the policy or the law does not bear.

    Attributes:
        check: Which check found it; its words are looked up by this.
        code: The code of the row it is about, empty when it is about the whole vault.
        about: The row's name.
        section: The section of the policy that the row comes from.
        requirements: The requirements that the row meets.
        lacks: Codes of what is missing.
        count: How many, where the words have a number.
        is_met: The program itself puts it right; it is shown, not counted.
        opens: The code of the row to open when it is another than `code`.
    """

    check: str
    code: str = ""
    about: str = ""
    section: str = ""
    requirements: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    count: int = 0
    is_met: bool = False
    opens: str = ""

    @property
    def key(self) -> str:
        """Return what an approved deviation is kept under."""
        return f"{self.check}:{self.code}" if self.code else self.check


def label(weight: Weight) -> str:
    """Return what a finding breaks, as the user reads it."""
    return _(_WEIGHTS[weight])


def still_covers(approved: tuple[str, ...], lacks: tuple[str, ...]) -> bool:
    """Return whether an approved deviation still stands: nothing may be missing that was there when it was approved."""
    return set(lacks) <= set(approved)
