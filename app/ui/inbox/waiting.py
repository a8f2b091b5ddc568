"""The mails that wait for their form: whose turn it is, which were skipped, and how many there were."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.importers.mailbox import Letter
from app.services.intake import Proposal
from app.ui.kit.drafting import Draft


@dataclass(eq=False)
class Item:
    """One mail.

    Attributes:
        letter: Where it lies; None for one that was handed over as bytes.
        typed: What is typed about it, with the mail's bytes once they are read.
        is_alone: It was chosen by itself, so that what is no mail can be refused at once.
        number: Its place among all that came, from 1.
        proposal: What it suggests; None until it is read.
    """

    letter: Letter | None
    typed: Draft
    is_alone: bool
    number: int = 0
    proposal: Proposal | None = None
    is_asked: bool = False
    is_skipped: bool = False

    @property
    def name(self) -> str:
        """What the file is called, with the mail's number in a mailbox."""
        if self.letter is None:
            return ""
        number = self.letter.number
        return self.letter.path.name if number is None else f"{self.letter.path.name} · {number}"


@dataclass
class Line:
    """All mails that wait, in the order of their turns.

    Attributes:
        is_held: The user has stopped; no form opens by itself.
    """

    items: list[Item] = field(default_factory=list)
    total: int = 0
    is_held: bool = False

    def __len__(self) -> int:
        return len(self.items)

    def add(self, fresh: Iterable[Item]) -> None:
        """Put mails last; before those that the user has left for later."""
        at = 0 if self.is_held else next((n for n, one in enumerate(self.items) if one.is_skipped), len(self.items))
        for item in fresh:
            self.total += 1
            item.number = self.total
            self.items.insert(at, item)
            at += 1
        self.is_held = False

    def next(self) -> Item | None:
        """Return the mail whose turn it is, None when there is none or the user has stopped."""
        return next((one for one in self.items if not one.is_skipped), None) if not self.is_held else None

    def ahead(self, count: int) -> list[Item]:
        """Return the mails to be read now, so that their forms open at once."""
        return [one for one in self.items if not one.is_skipped][:count]

    def take(self, item: Item) -> None:
        """Take a mail out of the line; whoever takes it says where it goes."""
        if item in self.items:
            self.items.remove(item)

    def put_back(self, item: Item) -> None:
        """Put a mail first again and open no more forms."""
        self.items.insert(0, item)
        self.is_held = True

    def skip(self, item: Item) -> None:
        """Put a mail last; it comes again when the user asks for the skipped ones."""
        item.is_skipped = True
        self.items.append(item)

    def go_on(self) -> None:
        """Let the forms open again, those of the skipped mails too."""
        self.is_held = False
        for one in self.items:
            one.is_skipped = False

    def begin_anew_if_empty(self) -> None:
        """Count from 1 again when nobody waits."""
        if not self.items:
            self.total, self.is_held = 0, False
