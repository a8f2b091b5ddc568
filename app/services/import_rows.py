"""From rows of a file to stored people.  Belongs to `imports`; knows which row is about whom and what is new in it."""

import datetime as dt
import secrets
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.fields import Category, Field
from app.domain.names import sort_key
from app.domain.subjects import Protection
from app.i18n import _
from app.importers.drafts import RowDraft
from app.reference.fields import by_code
from app.services import import_known
from app.services.import_known import STRONG, Known, Mark
from db import bulk, search_index
from db.models import Source, Subject
from db.store import announce

SEVERAL = (Category.PURCHASE, Category.SERVICE)
"""Categories where a person has many values of one field; elsewhere a new value replaces the old one from the same source."""
YES = ("ja", "j", "yes", "y", "true", "sant", "1", "x")

_SUBJECT = (
    "id", "uid", "display_name", "sort_key", "relation_start_on", "relation_end_on", "protection", "is_deceased", "created_at"
)  # fmt: skip
_IDENTIFIER = ("subject_id", "source_id", "kind", "norm")
_DATUM = (
    "subject_id", "source_id", "batch_id", "activity_id", "line", "category", "field", "value", "since_on", "fy_end_on"
)  # fmt: skip
_REPLACE = "UPDATE datum SET value = ?, batch_id = ?, line = ? WHERE subject_id = ? AND source_id = ? AND field = ?"
_REFRESH = """UPDATE subject SET relation_start_on = coalesce(?1, relation_start_on),
    relation_end_on = CASE WHEN ?2 > coalesce(relation_end_on, '') THEN ?2 ELSE relation_end_on END,
    protection = CASE WHEN ?3 AND protection = 'none' THEN 'confidential' ELSE protection END WHERE id = ?4"""


@dataclass
class Counts:
    """How the rows went."""

    imported: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass
class _Chunk:
    """What the rows of one chunk have to be stored as; inserts come as flat cells, updates as rows."""

    owners: dict[Mark, int]
    known: defaultdict[int, Known]
    new: dict[int, tuple[list[Mark], dict[str, str]]] = field(default_factory=dict)
    subjects: list[Any] = field(default_factory=list)
    identifiers: list[Any] = field(default_factory=list)
    data: list[Any] = field(default_factory=list)
    replaced: list[tuple[Any, ...]] = field(default_factory=list)
    refreshed: list[tuple[Any, ...]] = field(default_factory=list)

    def known_of(self, owner: int) -> Known:
        """Return what is known of a person; of one who is new in this chunk, what the first row said."""
        if owner in self.new:
            self.known[owner].learn(*self.new.pop(owner))
        return self.known[owner]


class RowWriter:
    """Stores chunks of rows with few statements.

    Args:
        session: The write session.
        source: Where the rows come from.
        batch_id: The import they belong to.
        bookkeeping_id: The activity that vouchers are held for, if there is one.
        check: Called several times a chunk; what it raises ends the work.

    Attributes:
        counts: How the rows went so far.
        disputed: Persons whose rows say that there is a dispute.
    """

    def __init__(
        self,
        session: Session,
        source: Source,
        batch_id: int,
        *,
        bookkeeping_id: int | None,
        check: Callable[[], None],
    ) -> None:
        self.counts = Counts()
        self.disputed: set[int] = set()
        self._session, self._source_id, self._batch_id = session, source.id, batch_id
        self._sql, self._check = session.connection(), check
        fields = by_code().values()
        self._kinds = {known.code: known.identifier for known in fields if known.identifier}
        self._lone = {known.code for known in fields if known.category not in SEVERAL}
        self._columns = {known.code: _columns(known, source.activity_id, bookkeeping_id) for known in fields}
        self._next_id = (session.scalar(sa.select(sa.func.max(Subject.id))) or 0) + 1
        self._created = session.info["now"].astimezone(dt.UTC).replace(tzinfo=None).isoformat(" ", "microseconds")

    def add(self, rows: Sequence[RowDraft]) -> None:
        """Store one chunk."""
        kinds = self._kinds
        marks = [[(kinds[code], value) for code, value in row.values.items() if code in kinds] for row in rows]
        owners = import_known.owners(self._sql, (mark for of_row in marks for mark in of_row))
        known = import_known.of_source(self._sql, self._source_id, sorted(set(owners.values())))
        chunk = _Chunk(owners, known)
        for row, of_row in zip(rows, marks, strict=True):
            self._place(chunk, row, of_row)
        self._store(chunk)

    def _place(self, chunk: _Chunk, row: RowDraft, marks: list[Mark]) -> None:
        owners = chunk.owners
        owner = next((owners[mark] for mark in marks if mark in owners), None)
        if owner is None:
            owner = self._place_new(chunk, row, marks)
        else:
            self._place_known(chunk, owner, row, marks)
        for mark in marks:
            if mark[0] in STRONG:
                owners.setdefault(mark, owner)
        if "dispute" in row.values and _is_yes(row, "dispute"):
            self.disputed.add(owner)

    def _place_new(self, chunk: _Chunk, row: RowDraft, marks: list[Mark]) -> int:
        owner = self._next_id
        self._next_id += 1
        self.counts.imported += 1
        values = row.values
        name = display_name(row)
        protection = Protection.CONFIDENTIAL if _is_yes(row, "protected") else Protection.NONE
        start, end = values.get("relation_start"), values.get("relation_end")
        chunk.subjects += (
            owner, secrets.token_hex(16), name, sort_key(name), start, end, protection.value, 0, self._created
        )  # fmt: skip
        self._identify(chunk, owner, marks)
        self._hold(chunk, owner, row, values)
        chunk.new[owner] = marks, values
        return owner

    def _place_known(self, chunk: _Chunk, owner: int, row: RowDraft, marks: list[Mark]) -> None:
        known = chunk.known_of(owner)
        self._identify(chunk, owner, [mark for mark in marks if mark not in known.marks])
        added: dict[str, str] = {}
        replaced = 0
        for code, value in row.values.items():
            values = known.values[code]
            if value in values:
                continue
            if values and code in self._lone:
                chunk.replaced.append((value, self._batch_id, row.line, owner, self._source_id, code))
                values.clear()
                replaced += 1
            else:
                added[code] = value
        self._hold(chunk, owner, row, added)
        known.learn(marks, row.values)
        if not added and not replaced:
            self.counts.unchanged += 1
            return
        self.counts.updated += 1
        start, end = row.values.get("relation_start"), row.values.get("relation_end")
        chunk.refreshed.append((start, end, _is_yes(row, "protected"), owner))

    def _identify(self, chunk: _Chunk, owner: int, marks: list[Mark]) -> None:
        for kind, norm in marks:
            chunk.identifiers += (owner, self._source_id, kind, norm)

    def _hold(self, chunk: _Chunk, owner: int, row: RowDraft, values: dict[str, str]) -> None:
        """Put values down as data about a person."""
        cells, columns, fy_end = chunk.data, self._columns, _fy_end(row)
        source, batch, line, since = self._source_id, self._batch_id, row.line, row.values.get("relation_start")
        for code, value in values.items():
            activity, category, is_voucher = columns[code]
            cells += (
                owner,
                source,
                batch,
                activity,
                line,
                category,
                code,
                value,
                since,
                fy_end if is_voucher else None,
            )

    def _store(self, chunk: _Chunk) -> None:
        for table, columns, cells in (
            ("subject", _SUBJECT, chunk.subjects),
            ("identifier", _IDENTIFIER, chunk.identifiers),
            ("datum", _DATUM, chunk.data),
        ):
            bulk.insert(self._sql, table, columns, cells, check=self._check)
        for statement, rows in ((_REPLACE, chunk.replaced), (_REFRESH, chunk.refreshed)):
            if rows:
                self._check()
                self._sql.exec_driver_sql(statement, rows)
        search_index.mark(self._sql, set(chunk.data[:: len(_DATUM)]))
        search_index.refresh(self._sql, check=self._check)
        announce(self._session, "Subject", "Identifier", "Datum")


def _columns(known: Field, activity_id: int | None, bookkeeping_id: int | None) -> tuple[int | None, str, bool]:
    """Return the activity a field's values are held for, their category, and whether they belong to a voucher."""
    activity = bookkeeping_id if known.bookkeeping and bookkeeping_id else activity_id
    return activity, known.category.value, known.bookkeeping


def _is_yes(row: RowDraft, code: str) -> bool:
    return row.values.get(code, "").casefold() in YES


def display_name(row: RowDraft) -> str:
    """Return the name a row gives, or what stands for it when there is none."""
    values = row.values
    name = values.get("name") or " ".join(part for part in (values.get("first_name"), values.get("last_name")) if part)
    if name:
        return name
    return _("Kund {number}").format(number=values["customer_no"]) if "customer_no" in values else _("Namn saknas")


def _fy_end(row: RowDraft) -> str | None:
    """Return the end of the financial year the row's voucher belongs to; a calendar year when the file does not say."""
    if end := row.values.get("financial_year_end"):
        return end
    day = row.values.get("invoice_date")
    return f"{day[:4]}-12-31" if day else None
