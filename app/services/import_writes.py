"""What the rows of one chunk have to be stored as, and the few statements that do it.  Belongs to `import_rows`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from app.domain.subjects import Protection
from app.importers.drafts import RowDraft
from app.services import import_known
from app.services.import_known import Mark
from db import bulk, search_index
from db.search_index import NewPerson

Columns = Mapping[str, tuple[int | None, str, bool]]
"""Per field: the activity its values are held for, their category, and whether they belong to a voucher."""
SUBJECT = (
    "id", "uid", "display_name", "sort_key", "relation_start_on", "relation_end_on", "protection", "is_deceased", "created_at", "batch_id"
)  # fmt: skip
IDENTIFIER = ("subject_id", "source_id", "kind", "norm", "batch_id")
DATUM = (
    "subject_id", "source_id", "batch_id", "activity_id", "line", "category", "field", "value", "since_on", "fy_end_on"
)  # fmt: skip
SAID = ("subject_id", "source_id", "digest")
_OWN = "DELETE FROM datum WHERE subject_id = ?1 AND source_id = ?2 AND field = ?3 AND batch_id = ?4"
_GONE = """UPDATE datum SET gone_batch_id = ?4 WHERE subject_id = ?1 AND source_id = ?2 AND field = ?3
    AND batch_id IS NOT ?4 AND gone_batch_id IS NULL"""
_FORGET = "DELETE FROM import_row WHERE subject_id = ? AND source_id = ?"
_SAY = "INSERT OR IGNORE INTO import_row (subject_id, source_id, digest) VALUES (?, ?, ?)"
_LATER = "INSERT OR IGNORE INTO search_later (batch_id, subject_id) VALUES (?, ?)"
_DIFFER = """INSERT INTO conflict (datum_id, batch_id, line, value) VALUES (?, ?, ?, ?)
    ON CONFLICT (datum_id, value) DO NOTHING"""
_RECORD = """INSERT INTO record_change (batch_id, subject_id, start_before_on, end_before_on, protection_before, start_on, end_on, protection)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (batch_id, subject_id) DO UPDATE SET start_on = excluded.start_on, end_on = excluded.end_on, protection = excluded.protection"""
YES = ("ja", "j", "yes", "y", "true", "sant", "1", "x")


class Writes:
    """The rows to be stored; inserts come as flat cells."""

    def __init__(self, connection: sa.Connection, source_id: int, batch_id: int) -> None:
        self.subjects: list[Any] = []
        self.people: list[NewPerson] = []
        self.said: list[Any] = []
        self._sql, self._source_id, self._batch_id = connection, source_id, batch_id
        self._identifiers: list[Any] = []
        self._data: list[Any] = []
        self._replaced: dict[tuple[int, str], list[Any]] = {}
        self._forgotten: set[int] = set()
        self._said_again: list[tuple[int, int, int]] = []
        self._records: dict[int, list[tuple[str | None, str | None, bool]]] = {}
        self._conflicts: list[tuple[int, int, int, str]] = []
        self._again: set[int] = set()
        self._later: set[int] = set()

    def touch(self, owner: int, *, is_new: bool) -> None:
        """Note that a person is found by more than before: one who is new in this import at once, others when it is published."""
        (self._again if is_new else self._later).add(owner)

    def name_later(self, owner: int) -> None:
        """Note that somebody who is new in this import may have got a name by a later row."""
        self._later.add(owner)

    def differ(self, datum_id: int, line: int, value: str) -> None:
        """Note what the file says against a correction."""
        self._conflicts.append((datum_id, self._batch_id, line, value))

    def identify(self, owner: int, marks: Sequence[Mark]) -> None:
        """Put down identifiers of a person."""
        for kind, norm in marks:
            self._identifiers += (owner, self._source_id, kind, norm, self._batch_id)

    def hold(self, owner: int, row: RowDraft, values: Mapping[str, str], columns: Columns) -> None:
        """Put values down as data about a person."""
        cells, fy_end = self._data, _fy_end(row)
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

    def replace(self, owner: int, row: RowDraft, values: Mapping[str, str], columns: Columns) -> None:
        """Put values down in the place of what the source said before; the last one of several counts."""
        before, self._data = self._data, []
        for code, value in values.items():
            self._data = []
            self.hold(owner, row, {code: value}, columns)
            self._replaced[owner, code] = self._data
        self._data = before

    def say(self, owner: int, digest: int, *, is_replacing: bool) -> None:
        """Remember what the row said; a row that replaces something makes the earlier ones of the person void."""
        if is_replacing:
            self._forgotten.add(owner)
        self._said_again.append((owner, self._source_id, digest))

    def change_record(self, owner: int, values: Mapping[str, str]) -> None:
        """Let the person's record follow the row when the batch is published; the batch is known to have touched it."""
        change = values.get("relation_start"), values.get("relation_end"), is_yes(values, "protected")
        self._records.setdefault(owner, []).append(change)

    def store(self, check: Callable[[], None]) -> None:
        """Write it all.  Nobody is told: the batch is not published yet."""
        for table, columns, cells in (
            ("subject", SUBJECT, self.subjects),
            ("identifier", IDENTIFIER, self._identifiers),
            ("datum", DATUM, self._data),
            ("import_row", SAID, self.said),
        ):
            bulk.insert(self._sql, table, columns, cells, check=check)
        keys = [(owner, self._source_id, code, self._batch_id) for owner, code in self._replaced]
        self._run(_OWN, keys, check)
        self._run(_GONE, keys, check)
        cells = [cell for row in self._replaced.values() for cell in row]
        bulk.insert(self._sql, "datum", DATUM, cells, check=check)
        self._run(_FORGET, [(owner, self._source_id) for owner in sorted(self._forgotten)], check)
        self._run(_SAY, self._said_again, check)
        self._run(_DIFFER, self._conflicts, check)
        self._store_records(check)
        search_index.add(self._sql, self.people, check=check)
        search_index.mark(self._sql, self._again)
        self._run(_LATER, [(self._batch_id, owner) for owner in sorted(self._later)], check)

    def _run(self, statement: str, rows: Sequence[tuple[Any, ...]], check: Callable[[], None]) -> None:
        if rows:
            check()
            self._sql.exec_driver_sql(statement, list(rows))

    def _store_records(self, check: Callable[[], None]) -> None:
        if not self._records:
            return
        rows = []
        for owner, held in import_known.records(self._sql, self._batch_id, list(self._records)).items():
            start, end, protection = (
                new if held[5] is not None else old for old, new in zip(held[:3], held[3:], strict=True)
            )
            for new_start, new_end, is_protected in self._records[owner]:
                start = new_start or start
                end = max(end or "", new_end or "") or None
                if is_protected and protection == Protection.NONE.value:
                    protection = Protection.CONFIDENTIAL.value
            rows.append((self._batch_id, owner, *held[:3], start, end, protection))
        self._run(_RECORD, rows, check)


def is_yes(values: Mapping[str, str], code: str) -> bool:
    """Return whether a row says yes to something."""
    return values.get(code, "").casefold() in YES


def _fy_end(row: RowDraft) -> str | None:
    """Return the end of the financial year the row's voucher belongs to; a calendar year when the file does not say."""
    if end := row.values.get("financial_year_end"):
        return end
    day = row.values.get("invoice_date")
    return f"{day[:4]}-12-31" if day else None
