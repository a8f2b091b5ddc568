"""Whom a row of a file is about.  Belongs to `import_rows`; reads only.

Identity numbers point at one person whoever gives them.  A customer number points at one person within its own source; in
another source it needs a name that does not speak against it.  Addresses count only within the source, with the name.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.domain.importing import contradicts, is_same_name, shares_a_word
from app.domain.names import sort_key
from app.i18n import _, language_as
from app.importers.drafts import RowDraft
from app.services import import_known
from app.services.import_known import LOOSE, NATIONAL, STRONG, Mark

NOBODY = 0


@dataclass(slots=True)
class Asked:
    """A row, with what can tell whom it is about.

    Attributes:
        name: As the row gives it; empty when it gives none.
        digest: Stands for all it says.
        marks: Its identifiers; `strong` those that point at one person.
    """

    row: RowDraft
    name: str
    digest: int
    marks: list[Mark]
    strong: list[Mark]


@dataclass
class _Chunk:
    """What was read for the rows of one chunk."""

    owners: dict[Mark, list[int]] = field(default_factory=dict)
    loose: defaultdict[Mark, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    alike: dict[int, int] = field(default_factory=dict)
    said: set[tuple[int, int]] = field(default_factory=set)
    ours: set[int] = field(default_factory=set)
    names: dict[int, str] = field(default_factory=dict)
    numbers: dict[int, set[str]] = field(default_factory=dict)


class Matcher:
    """Finds the people of rows, chunk by chunk.

    Args:
        connection: Where to read.
        source_id: The source the rows come from; None when it is not there yet.
        remembers: Nothing is stored, so that the people of earlier chunks have to be kept in mind: in a trial.
    """

    def __init__(self, connection: sa.Connection, source_id: int | None, *, remembers: bool) -> None:
        self.connection, self._source_id, self._remembers = connection, source_id or 0, remembers
        self._minded: dict[int, int] = {}
        self._rows_minded: set[int] = set()
        self._chunk = _Chunk()

    def look_up(self, rows: Sequence[Asked]) -> None:
        """Read what is known of the people of a chunk."""
        self._chunk = chunk = _Chunk()
        self._take_owners(one.strong[0] for one in rows if one.strong)
        self._take_said({owner for found in chunk.owners.values() for owner in found})
        rest = [one for one in rows if not self._is_said(one)]
        self._take_owners(mark for one in rest for mark in one.strong[1:])
        nameless = [one for one in rest if not one.strong]
        norms = [norm for one in nameless for kind, norm in one.marks if kind in LOOSE]
        for mark, owner, name in import_known.loose(self.connection, self._source_id, norms):
            chunk.loose[mark].append((owner, name))
        bare = [
            sort_key(display_name(one.row)) for one in nameless if not any(kind in LOOSE for kind, _norm in one.marks)
        ]
        chunk.alike = import_known.alike(self.connection, self._source_id, bare) if bare else {}
        owners = {owner for found in chunk.owners.values() for owner in found}
        owners |= {owner for found in chunk.loose.values() for owner, _name in found}
        self._take_said(owners - chunk.ours)
        strangers = owners - chunk.ours
        if strangers:
            chunk.names = import_known.names(self.connection, strangers)
            chunk.numbers = import_known.numbers(self.connection, strangers)

    def find(self, one: Asked) -> tuple[int, bool]:
        """Return whom a row is about, `NOBODY` for somebody new, and whether exactly this was said of them before."""
        chunk = self._chunk
        candidates = self._candidates(one)
        for owner in candidates:
            if (owner, one.digest) in chunk.said or hash((owner, one.digest)) in self._rows_minded:
                return owner, True
        for owner in candidates:
            if owner in chunk.ours:
                return owner, False
        return (candidates[0], False) if candidates else (NOBODY, False)

    def is_ours(self, owner: int) -> bool:
        """Return whether the source itself has said something about the person, in the vault or in this file."""
        return owner in self._chunk.ours

    def add(self, owner: int, one: Asked) -> None:
        """Remember that a row is about this person, for the rows after it."""
        chunk = self._chunk
        chunk.said.add((owner, one.digest))
        chunk.ours.add(owner)
        keys: list[object] = [*one.strong]
        for mark in one.strong:
            chunk.owners.setdefault(mark, [owner])
        if not one.strong:
            loose = [mark for mark in one.marks if mark[0] in LOOSE]
            for mark in loose:
                chunk.loose[mark].append((owner, one.name))
            if not loose:
                chunk.alike[one.digest] = owner
            keys = [(*mark, sort_key(one.name)) for mark in loose] or [one.digest]
        if self._remembers:
            self._rows_minded.add(hash((owner, one.digest)))
            for key in keys:
                self._minded.setdefault(hash(key), owner)

    def _candidates(self, one: Asked) -> list[int]:
        chunk = self._chunk
        found = [owner for mark in one.strong for owner in chunk.owners.get(mark, ()) if self._may_be(owner, mark, one)]
        if not one.strong:
            marks = [mark for mark in one.marks if mark[0] in LOOSE]
            near = [known for mark in marks for known in chunk.loose.get(mark, ())]
            found = [owner for owner, name in near if (owner, one.digest) in chunk.said or is_same_name(name, one.name)]
            if not marks and one.digest in chunk.alike:
                found = [chunk.alike[one.digest]]
                chunk.said.add((found[0], one.digest))
        if self._remembers and not found:
            found = self._recalled(one)
        return found

    def _recalled(self, one: Asked) -> list[int]:
        """Return who an earlier chunk's row was about, in a trial."""
        keys: list[object] = [*one.strong]
        if not one.strong:
            keys = [(*mark, sort_key(one.name)) for mark in one.marks if mark[0] in LOOSE] or [one.digest]
        owner = next((self._minded[hash(key)] for key in keys if hash(key) in self._minded), NOBODY)
        if not owner:
            return []
        self._chunk.ours.add(owner)
        return [owner]

    def _may_be(self, owner: int, mark: Mark, one: Asked) -> bool:
        chunk = self._chunk
        if mark[0] in NATIONAL or owner in chunk.ours or owner not in chunk.names:
            return True
        numbers = (norm for kind, norm in one.marks if kind in NATIONAL)
        return shares_a_word(chunk.names[owner], one.name) and not contradicts(numbers, chunk.numbers.get(owner, ()))

    def _is_said(self, one: Asked) -> bool:
        owners = self._chunk.owners.get(one.strong[0], ()) if one.strong else ()
        return any((owner, one.digest) in self._chunk.said for owner in owners)

    def _take_owners(self, marks: Iterable[Mark]) -> None:
        owners = self._chunk.owners
        for mark, owner in import_known.owners(self.connection, (norm for _kind, norm in marks)):
            known = owners.setdefault(mark, [])
            if owner not in known:
                known.append(owner)

    def _take_said(self, owners: set[int]) -> None:
        found = import_known.said(self.connection, self._source_id, owners) if owners else set()
        self._chunk.said |= found
        self._chunk.ours |= {owner for owner, _digest in found}


def name_of(values: Mapping[str, str]) -> str:
    """Return the name a row gives, empty when it gives none."""
    return values.get("name") or " ".join(part for part in (values.get("first_name"), values.get("last_name")) if part)


def display_name(row: RowDraft) -> str:
    """Return the name a row gives, or what stands for it when there is none."""
    return name_of(row.values) or stand_in(row.values.get("customer_no"))


def stand_in(number: str | None) -> str:
    """Return what somebody without a name is shown by.  It is stored, and thus the same whatever language the window has."""
    with language_as("sv"):
        return _("Kund {number}").format(number=number) if number is not None else _("Namn saknas")


def strong(marks: Sequence[Mark]) -> list[Mark]:
    """Return the marks that point at one person, in their order."""
    return [mark for mark in marks if mark[0] in STRONG]
