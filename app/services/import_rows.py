"""From rows of a file to stored people.  Belongs to `imports`; knows what is new in a row and what it replaces.

Everything is written with its batch; what it replaces stays until the batch is published.  A trial counts and writes nothing.
"""

import datetime as dt
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

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
from app.services.import_known import Mark
from app.services.import_match import NOBODY, Asked, Matcher, display_name, name_of, strong
from app.services.import_tally import Change, Tally
from app.services.import_writes import YES, Writes, is_yes
from db import search_index
from db.hidden import seen_by
from db.models import Source, Subject
from db.queries.history import NAMES
from db.search_index import NewPerson

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


@dataclass
class _News:
    """What a row says that is new: identifiers, values beside what is held, and values in the place of others."""

    marks: list[Mark]
    added: dict[str, str] = field(default_factory=dict)
    replaced: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)

    @property
    def is_any(self) -> bool:
        return bool(self.added or self.replaced)

    def changes(self) -> tuple[Change, ...]:
        said = {**self.replaced, **self.added}
        return tuple(Change(code, self.before.get(code, ""), value) for code, value in said.items())


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
        self._source_id, self._batch_id = source.id if source is not None else 0, batch_id
        self._choices, self._check = choices, check
        activity_id = source.activity_id if source is not None else None
        fields = by_code().values()
        self._kinds = {known.code: known.identifier for known in fields if known.identifier}
        self._lone = {known.code for known in fields if known.category not in SEVERAL}
        self._columns = {known.code: _columns(known, activity_id, bookkeeping_id) for known in fields}
        self._next_id = self._first_id = (session.scalar(sa.select(sa.func.max(Subject.id))) or 0) + 1
        self._others: set[int] = set()
        self._created = session.info["now"].astimezone(dt.UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
        self._matcher = Matcher(session.connection(), self._source_id, remembers=not batch_id)
        self._use(session)

    def add(self, session: Session, rows: Sequence[RowDraft]) -> None:
        """Take in one chunk."""
        self._use(session)
        self._writes = Writes(self._sql, self._source_id, self._batch_id)
        self._new: dict[int, tuple[list[Mark], dict[str, str]]] = {}
        kinds = self._kinds
        asked = []
        for row in rows:
            marks = [(kinds[code], value) for code, value in row.values.items() if code in kinds]
            asked.append(Asked(row, name_of(row.values), digest(row.values), marks, strong(marks)))
        self._matcher.look_up(asked)
        found = [(one, *self._matcher.find(one)) for one in asked]
        changing = sorted({owner for _one, owner, is_said in found if owner and not is_said})
        self._known = import_known.of_source(self._sql, self._source_id, changing)
        self._settled = import_known.settled(self._sql, self._source_id, changing)
        for one in asked:
            self._place(one)
        if self._batch_id:
            self._writes.store(self._check)
            search_index.refresh(self._sql, seen_by(session), check=self._check)

    def _use(self, session: Session) -> None:
        """Go on in this session; others may have made people meanwhile."""
        self._sql = session.connection()
        last = self._sql.exec_driver_sql("SELECT max(id) FROM subject").scalar() or 0
        self._others.update(range(self._next_id, last + 1))
        self._next_id = max(self._next_id, last + 1)
        self._matcher.connection = self._sql

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
        is_protected = protection is not Protection.NONE
        self._writes.people.append(NewPerson(owner, name, is_protected, self._source_id, values))
        self._writes.identify(owner, one.marks)
        self._writes.hold(owner, row, values, self._columns)
        self._writes.said += (owner, self._source_id, one.digest)
        return owner

    def _place_known(self, owner: int, one: Asked) -> None:
        row, news = one.row, self._news(owner, one)
        if news.is_any:
            self.tally.take_change(row.line, owner, display_name(row), news.changes())
        else:
            self.tally.unchanged += 1
        if not self._batch_id:
            return
        if news.is_any:
            self._writes.touch(owner, is_new=owner >= self._first_id and owner not in self._others)
            if not set(NAMES).isdisjoint(news.added):
                self._writes.name_later(owner)
        self._writes.identify(owner, news.marks)
        self._writes.hold(owner, row, news.added, self._columns)
        self._writes.replace(owner, row, news.replaced, self._columns)
        self._writes.say(owner, one.digest, is_replacing=bool(news.replaced))
        if news.marks or not RECORD.isdisjoint((*news.added, *news.replaced)):
            self._writes.change_record(owner, row.values)

    def _news(self, owner: int, one: Asked) -> _News:
        """Return what a row says of somebody known that the source has not said before."""
        known, row = self._known_of(owner), one.row
        news = _News([mark for mark in one.marks if mark not in known.marks])
        for code, value in row.values.items():
            values = known.values[code]
            if value in values:
                continue
            if self._is_settled(owner, row.line, code, value):
                news.marks = [mark for mark in news.marks if mark[1] != value]
            elif values and code in self._lone:
                news.before[code] = next(iter(values))
                news.replaced[code] = value
                values.clear()
            else:
                news.added[code] = value
        known.learn(one.marks, {**news.added, **news.replaced})
        return news

    def _is_settled(self, owner: int, line: int, code: str, value: str) -> bool:
        """Return whether somebody has settled by hand what the row says otherwise; it is noted, and not taken."""
        settled = self._settled.get(owner)
        if settled is None:
            return False
        is_lone = code in self._lone
        corrected = [datum_id for datum_id, old in settled.corrected[code] if is_lone or old == value]
        if corrected:
            self.tally.leave(line, code, Action.CORRECTED)
            self._writes.differ(corrected[0], line, value)
        elif is_lone and code in settled.erased:
            self.tally.leave(line, code, Action.ERASED)
        else:
            return False
        return True

    def _known_of(self, owner: int) -> import_known.Known:
        """Return what is known of a person; of one who is new in this chunk, what the first row said."""
        if owner in self._new:
            self._known[owner].learn(*self._new.pop(owner))
        return self._known[owner]


def _columns(known: Field, activity_id: int | None, bookkeeping_id: int | None) -> tuple[int | None, str, bool]:
    """Return the activity a field's values are held for, their category, and whether they belong to a voucher."""
    activity = bookkeeping_id if known.bookkeeping and bookkeeping_id else activity_id
    return activity, known.category.value, known.bookkeeping
