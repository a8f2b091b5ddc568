"""What a document says, as plain frozen data.  The writers turn it into bytes and decide nothing but the looks.

Texts arrive finished in the document's language; the writers add only headings and fixed sentences.  Nothing here reads a clock, so the same
content gives the same bytes.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class Mark:
    """What every page carries at its foot.

    Attributes:
        reference: Case number.
        made_on: Date printed on the document.
        language: `sv` or `en`.
        is_example: The vault holds invented people; every page says so.
        version: 1 for the first, counted up when a document is made anew.
        trail: Short form of the audit trail's head when the document was made.
    """

    reference: str
    made_on: date
    language: str = "sv"
    is_example: bool = False
    version: int = 1
    trail: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Someone with an address: the controller, the data protection officer, the sender of a letter.

    Attributes:
        lines: The postal address.
        orgnr: Number in the register of companies, for a company.
    """

    name: str
    lines: tuple[str, ...] = ()
    email: str = ""
    phone: str = ""
    orgnr: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True)
class Titled:
    """A text with a heading of its own."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ExtractRow:
    """One stored value with all that Art. 15.1 asks about it.

    Attributes:
        label: What the value is, in words.
        value: The value; for a masked one, what is left of it.
        source: Where it came from.
        since_on: The day it was collected, if known.
        purpose: Why it is kept; several purposes stand on lines of their own.
        legal_basis: The ground in Art. 6, in words.
        recipients: Who has received it, by name when known.
        erase_text: When it is erased, a date or a sentence.
        is_masked: The value is partly or wholly withheld; `mask_reason` says why.
        trace: Which file and line the value came from, in a few words; the file is one of `Extract.files`.
        mask_reason: Why the value is masked, in words; empty means another person's data.
        kind: `text`, `date` (value is yyyy-mm-dd) or `money` (value is a number, point or comma); used by the workbook.
        code: The field's code, the same in every language.
        key: Tells the row apart in every version of the document.
        file: Number of the file in `Extract.files`; None when the value was written in the program.
        line: The line in the file.
        provided: How the value came to be, a code; only where the document is made to be carried away.
    """

    label: str
    value: str
    source: str = ""
    since_on: date | None = None
    purpose: str = ""
    legal_basis: str = ""
    recipients: tuple[str, ...] = ()
    erase_text: str = ""
    is_masked: bool = False
    trace: str = ""
    mask_reason: str = ""
    kind: str = "text"
    code: str = ""
    key: str = ""
    file: int | None = None
    line: int | None = None
    provided: str = ""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that values were imported from.

    Attributes:
        number: As the rows call it.
        sha256: Its digest, which tells whether somebody else's copy is the same file.
    """

    number: int
    source: str
    imported_on: date
    sha256: str


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row that differs from the version before.

    Attributes:
        change: `added`, `removed` or `changed`.
        parts: What in the row says something else, as codes.
    """

    change: str
    category: str
    label: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Since:
    """What differs from the version before.

    Attributes:
        version: The number of that version.
        rows: None when the two cannot be compared, because of another language or another scope.
    """

    version: int
    made_on: date
    rows: tuple[ChangedRow, ...] | None


@dataclass(frozen=True, slots=True)
class Carried:
    """What a document that is made to be carried away holds, and why not more.

    Attributes:
        code: `article_20` or `promise`.
        law: What it rests on, in words.
        texts: What the scope means.
        left_out: What is not in it, and why.

    Source: Art. 20 GDPR; the policy's promise R46.
    """

    code: str
    title: str
    law: str
    texts: tuple[str, ...]
    left_out: tuple[Titled, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtractCategory:
    """A group of values that a person recognises, such as purchases."""

    code: str
    title: str
    rows: tuple[ExtractRow, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtractRecipient:
    """Someone who has received data.  `role` is in words: processor, controller of their own, authority."""

    name: str
    role: str
    country: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Extract:
    """The annex to an answer about access, in thirteen parts; or, with `carried`, the values to take to somebody else.

    Attributes:
        files: The files that the rows come from.
        since: What differs from the version before; None for the first.
        carried: The scope of a document made to be carried away; None for a register extract.

    Source: Art. 15.1 a–h, 15.2, 15.3 and 20 GDPR.
    """

    mark: Mark
    controller: Party
    officer: Party
    subject_name: str
    subject_identity: str
    has_data: bool
    categories: tuple[ExtractCategory, ...] = ()
    purposes: tuple[Titled, ...] = ()
    recipients: tuple[ExtractRecipient, ...] = ()
    transfers: tuple[str, ...] = ()
    retention: tuple[Titled, ...] = ()
    sources: tuple[Titled, ...] = ()
    profiling: tuple[str, ...] = ()
    automated: tuple[str, ...] = ()
    rights: tuple[Titled, ...] = ()
    complaint: tuple[str, ...] = ()
    withheld: tuple[Titled, ...] = ()
    searched: tuple[Titled, ...] = ()
    glossary: tuple[Titled, ...] = ()
    files: tuple[SourceFile, ...] = ()
    since: Since | None = None
    carried: Carried | None = None


@dataclass(frozen=True, slots=True)
class RecordTable:
    """A list that the register rests on, such as recipients: a heading, the columns, and a row of texts for each.

    Attributes:
        widths: How wide the columns are in print, relative to each other.
    """

    title: str
    headers: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str | date | None, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """The register of processing activities as it stands on a day.

    Attributes:
        representative: The controller's representative in the Union, if any.
        points: The headings of Art. 30.1 and what an extract needs besides; the same for every activity, the name first.
        activities: A text for each point, per activity.
        lists: What the activities point at: recipients, sources, retention rules, notices.

    Source: Art. 30.1 GDPR.
    """

    mark: Mark
    controller: Party
    officer: Party
    representative: str
    points: tuple[str, ...]
    activities: tuple[tuple[str | date | None, ...], ...] = ()
    lists: tuple[RecordTable, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """Where the envelope's window is: to the right or the left, and how far the office's own envelopes differ."""

    side: Literal["right", "left"] = "right"
    right_mm: float = 0.0
    down_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in Swedish office layout.

    Attributes:
        mark: Footer and language.
        sender: Letterhead and footer.
        addressee_lines: Three to five lines as they stand in the window: name, street, postcode and town.
        subject: The heading.
        paragraphs: The text; a paragraph that begins with "- " becomes a list item.
        signed_by: Name and role, lines separated by a line break.
        via: How it goes, such as registered mail; printed above the address.
        window: Where the address stands.
        enclosures: What follows with the letter.
    """

    mark: Mark
    sender: Party
    addressee_lines: tuple[str, ...]
    subject: str
    paragraphs: tuple[str, ...]
    signed_by: str
    via: str | None = None
    window: Window = Window()
    enclosures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in the notification form.  `number` only when the live form's number is known."""

    number: str | None
    name: str
    label: str
    text: str = ""
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Notification:
    """The notification of a personal data breach, in the order of the authority's form.

    Source: Art. 33.3 and 33.5 GDPR.
    """

    mark: Mark
    status_text: str
    clock_text: str
    answers: tuple[Answer, ...]
    severity_text: str = ""
    decision_text: str = ""
    late_reason: str = ""
    log: tuple[str, ...] = ()
    is_supplement: bool = False


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A kind of data, where it was and why it was erased or kept.  Never the data."""

    what: str
    source: str
    why: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of an erasure that holds neither names nor erased values.

    Source: Art. 5.2 and 17 GDPR.
    """

    mark: Mark
    controller_name: str
    decided_by: str
    decided_at_text: str
    reason: str
    erased: tuple[ReceiptLine, ...] = ()
    kept: tuple[ReceiptLine, ...] = ()
    outside: tuple[str, ...] = ()
    proof: tuple[str, ...] = ()
