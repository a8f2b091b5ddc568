"""How the rows of an import went: counts, examples, and who of the source was met.  Belongs to `import_rows`."""

from dataclasses import dataclass, field

from app.domain.audit import Action
from app.domain.importing import Duplicate

EXAMPLES = 20
MET = 2_000
"""So many rows about people known from elsewhere are listed; the rest are counted."""
LEFT = 2_000


@dataclass(frozen=True)
class Change:
    """A field that a row changes: the value before, empty when there was none, and after."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Example:
    """A row as an example of what an import does."""

    line: int
    name: str
    subject_id: int = 0
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Met:
    """A row about somebody whom another source, or another row of the file, gave already."""

    line: int
    name: str
    choice: Duplicate


@dataclass(frozen=True)
class Left:
    """A value of the file that is not taken, because somebody corrected or erased the field by hand."""

    line: int
    field: str
    why: Action


@dataclass
class Tally:
    """How the rows went.

    Attributes:
        imported: Persons that are new.
        updated: Rows that changed or added something about a known person.
        unchanged: Rows that said nothing new.
        skipped: Rows left out by choice.
        duplicates: Rows about somebody known from elsewhere, whatever became of them.
        left: Values not taken because somebody settled them by hand.
    """

    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    duplicates: int = 0
    new: list[Example] = field(default_factory=list)
    changed: list[Example] = field(default_factory=list)
    met: list[Met] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    _seen: bytearray = field(default_factory=bytearray)

    def see(self, owner: int) -> None:
        """Remember that the file has this person."""
        if owner >= len(self._seen):
            self._seen.extend(bytes(max(owner + 1 - len(self._seen), 64 * 1024)))
        self._seen[owner] = 1

    def is_seen(self, owner: int) -> bool:
        """Return whether the file has this person."""
        return owner < len(self._seen) and self._seen[owner] == 1

    def counts(self) -> dict[str, int]:
        """Return how many rows went which way, by the words of the trail."""
        return {name: getattr(self, name) for name in ("imported", "updated", "unchanged", "skipped")}

    def take_new(self, line: int, name: str) -> None:
        """Count a new person."""
        self.imported += 1
        if len(self.new) < EXAMPLES:
            self.new.append(Example(line, name))

    def take_change(self, line: int, owner: int, name: str, changes: tuple[Change, ...]) -> None:
        """Count a row that changed or added something."""
        self.updated += 1
        if len(self.changed) < EXAMPLES:
            self.changed.append(Example(line, name, owner, changes))

    def meet(self, line: int, name: str, choice: Duplicate) -> None:
        """Count a row about somebody known from elsewhere."""
        self.duplicates += 1
        if len(self.met) < MET:
            self.met.append(Met(line, name, choice))

    def leave(self, line: int, code: str, why: Action) -> None:
        """Note a value that is not taken."""
        if len(self.left) < LEFT:
            self.left.append(Left(line, code, why))
