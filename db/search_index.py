"""Keeps the search index of people right.

Triggers note whom a change is about (`search_stale`), this module writes those people's rows again, and `Store.write` calls it
before every commit, so that no reader ever sees an index that disagrees with the register.  Who inserts data with a batch must
call `mark` first: for those rows there is no trigger.

While an import is open, what it says of people already known is left out; those it makes have their rows at once, and the
search leaves them out until the import is published.

A merged person has one row with what all of their records say; the records themselves have none.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.domain.names import words
from db import bulk
from db.hidden import OpenBatch

PLACES = ("street", "co_address", "postcode", "city", "other_address", "property_designation")
TEXTS = ("correspondence", "complaint", "service_case", "feedback")
PLACE, TEXT = "0", "1"
"""What stands before a word of an address or a free text in the index, so that it is never taken for a name."""
MOST_WORDS = 400
PART = 1024
TIDY_PAGES = 300

_COLUMNS = ("subject_id", "names", "words", "places", "sources", "is_protected")
_WHOLES = """INSERT OR IGNORE INTO search_stale (subject_id)
    SELECT whole_id FROM merge JOIN search_stale ON search_stale.subject_id = merge.part_id"""
_STALE = f"SELECT subject_id FROM search_stale ORDER BY subject_id LIMIT {PART}"  # noqa: S608 - our own number
_PARTS_OF = "SELECT part_id, whole_id FROM merge WHERE whole_id IN ({among})"
_IS_PART = "SELECT part_id FROM merge WHERE part_id IN ({among})"
_PEOPLE = "SELECT id, display_name, protection FROM subject WHERE id IN ({among})"
_MADE_BY = "SELECT id, batch_id FROM subject WHERE id IN ({among}) AND batch_id IS NOT NULL"
SAID = frozenset(("name", "first_name", "last_name", *PLACES, *TEXTS))
_LISTED = ", ".join(f"'{code}'" for code in sorted(SAID))
_DATA = f"""SELECT subject_id, source_id, field, CASE WHEN field IN ({_LISTED}) THEN value END
    FROM datum WHERE subject_id IN ({{among}})"""  # noqa: S608 - our own names
_DATA_AND_BATCHES = _DATA.replace("END\n", "END, batch_id, gone_batch_id\n")
_HELD = (
    "SELECT subject_id, names, words, places, sources, is_protected FROM search_person WHERE subject_id IN ({among})"
)
_UPDATE = "UPDATE search_person SET names = ?, sources = ?, is_protected = ? WHERE subject_id = ?"


@dataclass
class _Said:
    """What the data say about one person, as far as the search needs it."""

    names: dict[str, None] = field(default_factory=dict)
    parts: defaultdict[tuple[int, int], dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    places: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    sources: set[int] = field(default_factory=set)

    def take(self, record: tuple[int, int], code: str, value: str | None) -> None:
        self.sources.add(record[1])
        if value is None:
            return
        if code == "name":
            self.names[value] = None
        elif code in ("first_name", "last_name"):
            self.parts[record][code] = value
        elif code in TEXTS:
            self.texts.append(value)
        else:
            self.places.append(value.replace(" ", "") if code == "postcode" else value)


def mark(connection: sa.Connection, subject_ids: Iterable[int]) -> None:
    """Note that these people's data were changed by rows that no trigger sees."""
    rows = [(subject_id,) for subject_id in subject_ids]
    if rows:
        connection.exec_driver_sql("INSERT OR IGNORE INTO search_stale (subject_id) VALUES (?)", rows)


@dataclass(frozen=True)
class NewPerson:
    """Somebody whom an import has just made: all that the vault holds of them is what one row of one source says."""

    subject_id: int
    name: str
    is_protected: bool
    source_id: int
    values: Mapping[str, str]


def add(connection: sa.Connection, people: Iterable[NewPerson], *, check: Callable[[], None]) -> None:
    """Write the rows of new people from what was just stored of them, instead of reading it all back."""
    rows = []
    for one in people:
        said, record = _Said(), (one.subject_id, one.source_id)
        for code, value in one.values.items():
            said.take(record, code, value if code in SAID else None)
        rows.append(_row(one.subject_id, one.name, one.is_protected, said))
    _insert(connection, rows, check)


def tidy(connection: sa.Connection, *, pages: int = TIDY_PAGES) -> bool:
    """Rewrite some of the name index, and return whether nothing is left in it that was deleted in haste.

    Each call writes about so many pages; a second call goes on where the first one stopped.
    """
    driver: Any = connection.connection.driver_connection
    before = driver.total_changes
    connection.exec_driver_sql(f"INSERT INTO subject_fts(subject_fts, rank) VALUES ('merge', {-pages})")  # noqa: S608 - our own number
    return bool(driver.total_changes - before < 2)  # the statement itself is one


@contextmanager
def in_haste(connection: sa.Connection) -> Iterator[None]:
    """Let deleting leave its words in the name index, a hundred times as fast; whoever does so calls `tidy` until it is done."""
    secure = "INSERT INTO subject_fts(subject_fts, rank) VALUES ('secure-delete', {})"
    connection.exec_driver_sql(secure.format(0))
    yield
    connection.exec_driver_sql(secure.format(1))


def refresh(
    connection: sa.Connection, opened: Sequence[OpenBatch] = (), *, check: Callable[[], None] = lambda: None
) -> None:
    """Write the rows of everybody noted again.

    Args:
        connection: A connection in a transaction that may write.
        opened: The imports whose rows do not all count.
        check: Called before each statement; what it raises ends the work.
    """
    connection.exec_driver_sql(_WHOLES)
    while ids := [row[0] for row in connection.exec_driver_sql(_STALE)]:
        check()
        _write(connection, ids, opened, check)
        connection.exec_driver_sql("DELETE FROM search_stale WHERE subject_id <= ?", (ids[-1],))


def _write(
    connection: sa.Connection, ids: Sequence[int], opened: Sequence[OpenBatch], check: Callable[[], None]
) -> None:
    held = {row[0]: tuple(row) for row in bulk.select(connection, _HELD, ids)}
    parts = {row[0] for row in bulk.select(connection, _IS_PART, ids)}
    rows = [
        row for row in _rows(connection, [key for key in ids if key not in parts], opened) if held.get(row[0]) != row
    ]
    same = [row for row in rows if row[0] in held and held[row[0]][2:4] == row[2:4]]
    if same:  # found by the same words as before: the name index stays
        connection.exec_driver_sql(_UPDATE, [(row[1], row[4], row[5], row[0]) for row in same])
    rows = [row for row in rows if row[0] not in held or held[row[0]][2:4] != row[2:4]]
    changed = [(key,) for key in held if key in parts] + [(row[0],) for row in rows if row[0] in held]
    if changed:
        connection.exec_driver_sql("DELETE FROM search_person WHERE subject_id = ?", changed)
    _insert(connection, rows, check)


def _insert(connection: sa.Connection, rows: Sequence[tuple[Any, ...]], check: Callable[[], None]) -> None:
    bulk.insert(connection, "search_person", _COLUMNS, [cell for row in rows for cell in row], check=check)
    indexed = [cell for row in rows for cell in (row[0], row[2], row[3])]
    bulk.insert(connection, "subject_fts", ("rowid", "words", "places"), indexed, check=check)


def _rows(connection: sa.Connection, ids: Sequence[int], opened: Sequence[OpenBatch]) -> list[tuple[Any, ...]]:
    """Return the rows of these people, of a merged one with what the records it is made of say."""
    if not ids:
        return []
    whole = {key: key for key in ids}
    whole.update((row[0], row[1]) for row in bulk.select(connection, _PARTS_OF, ids))
    said: defaultdict[int, _Said] = defaultdict(_Said)
    own: dict[int, tuple[str, str]] = {}
    for subject_id, name, protection in bulk.select(connection, _PEOPLE, list(whole)):
        if subject_id == whole[subject_id]:
            own[subject_id] = name, protection
        else:
            said[whole[subject_id]].names[name] = None
    for subject_id, source_id, code, value in _data(connection, list(whole), opened):
        said[whole[subject_id]].take((subject_id, source_id), code, value)
    return [_row(key, name, protection != "none", said[key]) for key, (name, protection) in own.items()]


def _data(connection: sa.Connection, ids: Sequence[int], opened: Sequence[OpenBatch]) -> Iterator[Any]:
    """Return the data that count of these people."""
    if not opened:
        yield from bulk.select(connection, _DATA, ids)
        return
    hidden = {batch.id for batch in opened if batch.is_hidden}
    replacing = {batch.id for batch in opened if not batch.is_hidden}
    made_by = dict(tuple(row) for row in bulk.select(connection, _MADE_BY, ids))
    for *said, batch_id, gone_id in bulk.select(connection, _DATA_AND_BATCHES, ids):
        if gone_id not in replacing and (batch_id not in hidden or made_by.get(said[0]) == batch_id):
            yield said


def _row(subject_id: int, name: str, is_protected: bool, said: _Said) -> tuple[Any, ...]:
    names = {name: None, **said.names}
    for parts in said.parts.values():
        names[" ".join(parts[code] for code in ("first_name", "last_name") if code in parts)] = None
    shown = [" ".join(one.split()) for one in names]
    places = "" if is_protected else _marked(said)
    return subject_id, "\n".join(shown), index_words(shown), places, _listed(said.sources), int(is_protected)


def index_words(names: Iterable[str]) -> str:
    """Return what is found of these names: each word as it is written and without å ä ö, for names are typed in both ways."""
    found: dict[str, None] = {}
    for name in names:
        folded = words(name)
        found.update(dict.fromkeys(folded))
        if not name.isascii() and (own := words(name, keep=True)) != folded:
            found.update(dict.fromkeys(own))
    return " ".join(found)


def _marked(said: _Said) -> str:
    places = dict.fromkeys(PLACE + word for place in said.places for word in words(place))
    texts = dict.fromkeys(TEXT + word for text in said.texts for word in words(text))
    return " ".join((*places, *list(texts)[:MOST_WORDS]))


def _listed(sources: set[int]) -> str:
    return " ".join(map(str, sorted(sources)))
