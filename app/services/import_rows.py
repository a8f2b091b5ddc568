"""From rows of a file to stored people.  Belongs to `imports`; knows what is new in a row and what it replaces.

Everything is written with its batch; what it replaces stays until the batch is published.  A trial counts and writes nothing.
"""

import datetime as dt
import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.audit import Action
from app.domain.fields import Category, Field
from app.domain.importing import Duplicate, digest
from app.domain.names import sort_key
from app.domain.subjects import Protection
from app.importers.drafts import RowDraft
from app.reference.fields import by_code
from app.services import import_known
from app.services.import_known import Known, Mark
from app.services.import_match import NOBODY, Asked, Matcher, display_name, name_of, strong
from app.services.import_tally import Change, Tally
from app.services.import_writes import YES, Writes, is_yes
from db.models import Source, Subject

__all__ = ["YES", "Choices", "RowWriter", "display_name"]

SEVERAL = (Category.PURCHASE, Category.SERVICE)
"""Categories where a person has many values of one field; elsewhere a new value replaces the old one from the same source."""
RECORD = frozenset(("relation_start", "relation_end", "protected"))
"""Fields that the person's record repeats."""


@dataclass(frozen=True)
class Choices:
    """What becomes of rows about somebody known from elsewhere: of all of them, and of some lines."""

    usual: Duplicate = Duplicate.UPDATE
    lines: Mapping[int, Duplicate] = field(default_factory=dict)

    def of(self, line: int) -> Duplicate:
        """Return what becomes of the row on a line."""
        return self.lines.get(line, self.usual)


class RowWriter:
    """Compares chunks of rows with what is known and, unless it is a trial, stores what is new with few statements.

    Args:
        session: A write session; any session for a trial.
        source: Where the rows come from; None in a trial for a source that is not there yet.
        batch_id: The import they belong to; 0 in a trial.
        bookkeeping_id: The activity that vouchers are held for, if there is one.
        choices: What becomes of rows about somebody known from elsewhere.
        check: Called several times a chunk; what it raises ends the work.

    Attributes:
        tally: How the rows went so far.
        disputed: Persons whose rows say that there is a dispute.
        stored: How many values were put down so far.
    """

    def __init__(
        self,
        session: Session,
        source: Source | None,
        batch_id: int,
        *,
        bookkeeping_id: int | None,
        choices: Choices,
        check: Callable[[], None],
    ) -> None:
        self.tally = Tally()
        self.disputed: set[int] = set()
        self.stored = 0
        self._source_id, self._batch_id = source.id if source is not None else 0, batch_id
        self._choices, self._check = choices, check
        activity_id = source.activity_id if source is not None else None
        fields = by_code().values()
        self._kinds = {known.code: known.identifier for known in fields if known.identifier}
        self._lone = {known.code for known in fields if known.category not in SEVERAL}
        self._columns = {known.code: _columns(known, activity_id, bookkeeping_id) for known in fields}
        self._next_id = (session.scalar(sa.select(sa.func.max(Subject.id))) or 0) + 1
        self._created = session.info["now"].astimezone(dt.UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
        self._matcher = Matcher(session.connection(), self._source_id, remembers=not batch_id)
        self._use(session)

    def add(self, session: Session, rows: Sequence[RowDraft]) -> None:
        """Take in one chunk."""
        self._use(session)
        kinds = self._kinds
        asked = []
        for row in rows:
            marks = [(kinds[code], value) for code, value in row.values.items() if code in kinds]
            asked.append(Asked(row, name_of(row.values), digest(row.values), marks, strong(marks)))
        self._matcher.look_up(asked)
        found = [(one, *self._matcher.find(one)) for one in asked]
        changing = sorted({owner for _one, owner, is_said in found if owner and not is_said})
        self._known = import_known.of_source(self._sql, self._source_id, changing)
        self._settled = import_known.settled(self._sql, changing) if changing else {}
        for one in asked:
            self._place(one)
        if self._batch_id:
            self.stored += self._writes.store(self._check)

    def _use(self, session: Session) -> None:
        """Go on in this session."""
        self._sql = session.connection()
        self._matcher.connection = self._sql
        self._writes = Writes(self._sql, self._source_id, self._batch_id)
        self._known: defaultdict[int, Known] = defaultdict(Known)
        self._settled: dict[int, dict[str, Action]] = {}
        self._new: dict[int, tuple[list[Mark], dict[str, str]]] = {}

    def _place(self, one: Asked) -> None:
        tally, row = self.tally, one.row
        owner, is_said = self._matcher.find(one)
        if is_said:
            tally.unchanged += 1
            tally.see(owner)
            return
        if owner != NOBODY and (tally.is_seen(owner) or not self._matcher.is_ours(owner)):
            choice = self._choices.of(row.line)
            tally.meet(row.line, display_name(row), choice)
            if choice is Duplicate.SKIP:
                tally.skipped += 1
                tally.see(owner)
                return
            if choice is Duplicate.NEW:
                owner = NOBODY
        if owner == NOBODY:
            owner = self._place_new(one)
        else:
            self._place_known(owner, one)
        tally.see(owner)
        self._matcher.add(owner, one)
        if "dispute" in row.values and is_yes(row.values, "dispute"):
            self.disputed.add(owner)

    def _place_new(self, one: Asked) -> int:
        owner = self._next_id
        self._next_id += 1
        row, values = one.row, one.row.values
        name = display_name(row)
        self.tally.take_new(row.line, name)
        self._new[owner] = one.marks, values
        if not self._batch_id:
            return owner
        protection = Protection.CONFIDENTIAL if is_yes(values, "protected") else Protection.NONE
        start, end = values.get("relation_start"), values.get("relation_end")
        self._writes.subjects += (
            owner, secrets.token_hex(16), name, sort_key(name), start, end, protection.value, 0, self._created, self._batch_id
        )  # fmt: skip
        self._writes.identify(owner, one.marks)
        self._writes.hold(owner, row, values, self._columns)
        self._writes.said += (owner, self._source_id, one.digest)
        return owner

    def _place_known(self, owner: int, one: Asked) -> None:
        known, row = self._known_of(owner), one.row
        fresh = [mark for mark in one.marks if mark not in known.marks]
        settled = self._settled.get(owner, {})
        added: dict[str, str] = {}
        replaced: dict[str, str] = {}
        before: dict[str, str] = {}
        for code, value in row.values.items():
            values = known.values[code]
            if value in values:
                continue
            if code in settled and code in self._lone:
                self.tally.leave(row.line, code, settled[code])
                fresh = [mark for mark in fresh if mark[1] != value]
                continue
            if values and code in self._lone:
                before[code] = next(iter(values))
                replaced[code] = value
                values.clear()
            else:
                added[code] = value
        known.learn(one.marks, {**added, **replaced})
        if added or replaced:
            changes = tuple(Change(code, before.get(code, ""), value) for code, value in {**replaced, **added}.items())
            self.tally.take_change(row.line, owner, display_name(row), changes)
        else:
            self.tally.unchanged += 1
        if self._batch_id:
            self._writes.identify(owner, fresh)
            self._writes.hold(owner, row, added, self._columns)
            self._writes.replace(owner, row, replaced, self._columns)
            self._writes.say(owner, one.digest, is_replacing=bool(replaced))
            if fresh or not RECORD.isdisjoint((*added, *replaced)):
                self._writes.change_record(owner, row.values)

    def _known_of(self, owner: int) -> Known:
        """Return what is known of a person; of one who is new in this chunk, what the first row said."""
        if owner in self._new:
            self._known[owner].learn(*self._new.pop(owner))
        return self._known[owner]


def _columns(known: Field, activity_id: int | None, bookkeeping_id: int | None) -> tuple[int | None, str, bool]:
    """Return the activity a field's values are held for, their category, and whether they belong to a voucher."""
    activity = bookkeeping_id if known.bookkeeping and bookkeeping_id else activity_id
    return activity, known.category.value, known.bookkeeping
