"""What a file from outside says, before anyone has confirmed it.  Nothing here is stored; nothing here knows the database."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class MailAttachment:
    """An attachment as the mail describes it; its content stays in the original."""

    name: str
    media_type: str
    size: int


@dataclass(frozen=True)
class MailDraft:
    """A mail, unconfirmed and perhaps incomplete; `warnings` says in words what is doubtful.

    Attributes:
        received_at: From the topmost `Received` header, else `Date`; None if there is none or it cannot be true.
        text: The plain text, or the text of the HTML without its markup.
        references: Message ids this mail answers, oldest first.
    """

    message_id: str
    sender_name: str
    sender_address: str
    to: str
    subject: str
    received_at: datetime | None
    text: str
    attachments: tuple[MailAttachment, ...] = ()
    warnings: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableOptions:
    """What the user chose about a table file; None means that the program guesses."""

    sheet: str | None = None
    encoding: str | None = None
    separator: str | None = None


@dataclass(frozen=True)
class TablePreview:
    """How the program understands a table file, to be looked at before anything is read.

    Attributes:
        kind: `csv`, `tsv`, `vcf`, `json`, `xlsx`, `xls` or `ods`.
        mapping: The guessed field code per column, None for a column that is left out.
    """

    kind: str
    sheets: tuple[str, ...]
    sheet: str
    encoding: str
    separator: str
    headers: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    rows_estimate: int
    mapping: tuple[str | None, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowDraft:
    """One row of a table: normalised text per field code.  Empty cells are left out."""

    line: int
    values: dict[str, str]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """Why a row was not read.  It names the column, never the value."""

    line: int
    column: str
    what: str
    remedy: str


@dataclass(frozen=True)
class RejectedRow:
    """The cells of a row that was not read, as they stood, for the file of rejected rows."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Chunk:
    """A part of a table: the good rows, and the problems of the others."""

    rows: list[RowDraft]
    problems: list[Problem]
    done: int
    total: int
    rejected: tuple[RejectedRow, ...] = ()
