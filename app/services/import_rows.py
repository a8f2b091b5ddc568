"""From rows of a file to stored people.  Belongs to `imports`; knows which row is about whom and what is new in it."""

import datetime as dt
import secrets
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.fields import Category, Field
from app.domain.names import sort_key
from app.domain.subjects import Protection
from app.i18n import _
from app.importers.drafts import RowDraft
from app.reference.fields import by_code
from db.models import Datum, Identifier, Source, Subject
from db.store import announce

_T = TypeVar("_T")

STRONG = ("pnr", "sam", "customer_no")
"""Kinds of identifier that point at one person only; an e-mail address may be shared."""
SEVERAL = (Category.PURCHASE, Category.SERVICE)
"""Categories where a person has many values of one field; elsewhere a new value replaces the old one from the same source."""
YES = ("ja", "j", "yes", "y", "true", "sant", "1", "x")

_SUBJECT = """INSERT INTO subject (id, uid, display_name, sort_key, relation_start_on, relation_end_on, protection, is_deceased, created_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)"""
_IDENTIFIER = "INSERT INTO identifier (subject_id, source_id, kind, norm) VALUES (?, ?, ?, ?)"
_DATUM = """INSERT INTO datum (subject_id, source_id, batch_id, activity_id, line, category, field, value, since_on, fy_end_on)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""


@dataclass
class Counts:
    """How the rows went."""

    imported: int = 0
    updated: int = 0
    unchanged: int = 0


class RowWriter:
    """Stores chunks of rows with few statements.

    Attributes:
        counts: How the rows went so far.
        disputed: Persons whose rows say that there is a dispute.
    """

    def __init__(self, session: Session, source: Source, batch_id: int, *, bookkeeping_id: int | None) -> None:
        self.counts = Counts()
        self.disputed: set[int] = set()
        self._session, self._source, self._batch_id = session, source, batch_id
        self._bookkeeping_id = bookkeeping_id
        self._fields = by_code()
        self._sql = session.connection()
        self._next_id = (session.scalar(sa.select(sa.func.max(Subject.id))) or 0) + 1
        self._created = session.info["now"].astimezone(dt.UTC).replace(tzinfo=None).isoformat(" ", "microseconds")

    def add(self, rows: Sequence[RowDraft]) -> None:
        """Store one chunk."""
        owners = self._known_owners(rows)
        held = self._held(set(owners.values()))
        subjects: list[tuple[Any, ...]] = []
        identifiers: list[tuple[Any, ...]] = []
        data: list[tuple[Any, ...]] = []
        known_again: list[tuple[int, RowDraft]] = []
        for row in rows:
            marks = list(self._identifiers(row))
            owner = next((owners[mark] for mark in marks if mark in owners), None)
            if owner is None:
                owner = self._next_id
                self._next_id += 1
                subjects.append(self._subject(owner, row))
                self.counts.imported += 1
                is_new = True
            else:
                is_new = False
            for mark in marks:
                if mark[0] in STRONG:
                    owners.setdefault(mark, owner)
            known = held[owner]
            identifiers += [(owner, self._source.id, *mark) for mark in marks if mark not in known.marks]
            known.marks.update(marks)
            added = list(self._data(owner, row, known))
            data += added
            changed = bool(added) or known.take_replaced()
            if changed and not is_new:
                known_again.append((owner, row))
            self._count(is_new, changed=changed)
            if row.values.get("dispute", "").casefold() in YES:
                self.disputed.add(owner)
        self._insert(subjects, identifiers, data)
        for owner, row in known_again:
            self._refresh(owner, row)

    def _count(self, is_new: bool, *, changed: bool) -> None:
        if not is_new and changed:
            self.counts.updated += 1
        elif not is_new:
            self.counts.unchanged += 1

    def _insert(
        self, subjects: list[tuple[Any, ...]], identifiers: list[tuple[Any, ...]], data: list[tuple[Any, ...]]
    ) -> None:
        for statement, rows in ((_SUBJECT, subjects), (_IDENTIFIER, identifiers), (_DATUM, data)):
            if rows:
                self._sql.exec_driver_sql(statement, rows)
        announce(self._session, "Subject", "Identifier", "Datum")

    def _identifiers(self, row: RowDraft) -> Iterator[tuple[str, str]]:
        for code, value in row.values.items():
            kind = self._fields[code].identifier
            if kind is not None:
                yield kind, value

    def _known_owners(self, rows: Sequence[RowDraft]) -> dict[tuple[str, str], int]:
        norms = {mark[1] for row in rows for mark in self._identifiers(row) if mark[0] in STRONG}
        found: dict[tuple[str, str], int] = {}
        for part in _parts(sorted(norms)):
            query = sa.select(Identifier.kind, Identifier.norm, Identifier.subject_id).where(
                Identifier.norm.in_(part), Identifier.kind.in_(STRONG)
            )
            found.update({(kind, norm): owner for kind, norm, owner in self._session.execute(query)})
        return found

    def _held(self, owners: set[int]) -> "defaultdict[int, _Held]":
        held: defaultdict[int, _Held] = defaultdict(_Held)
        for part in _parts(sorted(owners)):
            of_source = (Identifier.subject_id.in_(part), Identifier.source_id == self._source.id)
            for owner, kind, norm in self._session.execute(
                sa.select(Identifier.subject_id, Identifier.kind, Identifier.norm).where(*of_source)
            ):
                held[owner].marks.add((kind, norm))
            query = sa.select(Datum.id, Datum.subject_id, Datum.field, Datum.value).where(
                Datum.subject_id.in_(part), Datum.source_id == self._source.id
            )
            for key, owner, code, value in self._session.execute(query):
                held[owner].values[code][value] = key
        return held

    def _subject(self, key: int, row: RowDraft) -> tuple[Any, ...]:
        name = display_name(row)
        protection = Protection.CONFIDENTIAL if row.values.get("protected", "").casefold() in YES else Protection.NONE
        start, end = row.values.get("relation_start"), row.values.get("relation_end")
        return key, secrets.token_hex(16), name, sort_key(name), start, end, protection.value, self._created

    def _data(self, owner: int, row: RowDraft, known: "_Held") -> Iterator[tuple[Any, ...]]:
        fy_end = _fy_end(row)
        for code, value in row.values.items():
            field = self._fields[code]
            values = known.values[code]
            if value in values:
                continue
            if values and field.category not in SEVERAL:
                self._replace(owner, field, value, values)
                known.was_replaced = True
                continue
            values[value] = 0
            activity = self._bookkeeping_id if field.bookkeeping and self._bookkeeping_id else self._source.activity_id
            since = row.values.get("relation_start")
            yield (
                owner, self._source.id, self._batch_id, activity, row.line, field.category.value, code, value, since,
                fy_end if field.bookkeeping else None,
            )  # fmt: skip

    def _replace(self, owner: int, field: Field, value: str, values: dict[str, int]) -> None:
        where = (Datum.subject_id == owner, Datum.source_id == self._source.id, Datum.field == field.code)
        self._session.execute(sa.update(Datum).where(*where).values(value=value, batch_id=self._batch_id))
        values.clear()
        values[value] = 0

    def _refresh(self, owner: int, row: RowDraft) -> None:
        """Carry the row's relation dates and protection over to a known person.  The latest end counts; protection only grows."""
        changes: dict[str, Any] = {}
        for code in ("relation_start", "relation_end"):
            if code in row.values:
                changes[code + "_on"] = dt.date.fromisoformat(row.values[code])
        if row.values.get("protected", "").casefold() in YES:
            changes["protection"] = Protection.CONFIDENTIAL
        if not changes:
            return
        subject = self._session.get_one(Subject, owner)
        for name, value in changes.items():
            if name != "relation_end_on" or subject.relation_end_on is None or value > subject.relation_end_on:
                setattr(subject, name, value)


class _Held:
    """What is known about one person from this source."""

    def __init__(self) -> None:
        self.marks: set[tuple[str, str]] = set()
        self.values: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self.was_replaced = False

    def take_replaced(self) -> bool:
        was, self.was_replaced = self.was_replaced, False
        return was


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


def _parts(items: Sequence[_T], size: int = 500) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
