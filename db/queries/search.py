"""Questions of the search box.  They go to the driver itself: one search asks dozens, each of them takes microseconds.

An answer of many rows comes as one, written in JSON: for every row the driver would have to get Python's lock back from other
threads, and a search during an import would wait hundreds of times.

`hidden` are the imports that are not published: nothing that they wrote is found.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

ALL = 1_000
"""More words than anybody types."""
MANY = 200
"""How many people are looked at for one question; ranking happens on them, never in SQL."""
BEGUN = 2_000
"""How many identifiers that begin alike are looked at."""
NAMED_KINDS = ("pnr", "sam", "interim", "customer_no", "invoice_no")
CONTACT_KINDS = ("email", "phone", "login")


class Person(NamedTuple):
    """A row of the search's own table."""

    subject_id: int
    names: str
    words: str
    sources: str
    is_protected: bool


@contextmanager
def driver(session: Session) -> Iterator[Any]:
    """Give the driver's cursor within the session's transaction."""
    cursor = session.connection().connection.cursor()
    try:
        yield cursor
    finally:
        cursor.close()


def with_identifier(cursor: Any, norms: Sequence[str], hidden: Sequence[int] = ()) -> list[int]:
    """Return ids of everybody with exactly one of these identifiers."""
    query = f"SELECT subject_id FROM identifier WHERE norm IN ({_marks(norms)}){_not_of(hidden)} LIMIT {MANY}"  # noqa: S608
    return _listed(cursor, query, norms)


def with_beginning(cursor: Any, start: str, kinds: Sequence[str], limit: int, hidden: Sequence[int] = ()) -> list[int]:
    """Return ids of people with an identifier of these kinds that begins so, as far as one looks among all that begin so.

    So short a beginning as "19" is that of nearly all identity numbers; a customer number among them is found by one more sign.
    """
    query = f"""SELECT subject_id FROM (SELECT subject_id, kind, norm FROM identifier WHERE norm >= ? AND norm < ?
        {_not_of(hidden)} ORDER BY norm LIMIT {BEGUN}) WHERE kind IN ({_marks(kinds)}) ORDER BY norm LIMIT ?"""  # noqa: S608
    return _listed(cursor, query, (start, start + "\U0010ffff", *kinds, limit))


def named_from(cursor: Any, start: str, limit: int, hidden: Sequence[int] = ()) -> list[int]:
    """Return ids of people whose sort key begins so, in Swedish order."""
    query = f"""SELECT id AS subject_id FROM subject WHERE sort_key >= ? AND sort_key < ?{_not_of(hidden)}
        ORDER BY sort_key LIMIT ?"""  # noqa: S608
    return _listed(cursor, query, (start, start + "\U0010ffff", limit))


def matching(cursor: Any, match: str, limit: int) -> list[int]:
    """Return ids of people that the index finds for a match expression."""
    query = "SELECT rowid AS subject_id FROM subject_fts WHERE subject_fts MATCH ? LIMIT ?"
    return _listed(cursor, query, (match, limit))


def people(cursor: Any, ids: Sequence[int], hidden: Sequence[int] = ()) -> dict[int, Person]:
    """Return what the search knows of people, by id."""
    query = f"""SELECT subject_id, names, words, sources, is_protected FROM search_person
        WHERE subject_id IN ({_marks(ids)})"""  # noqa: S608
    if hidden:
        of_hidden = ", ".join(map(str, hidden))
        query += f" AND NOT EXISTS (SELECT 1 FROM subject WHERE id = subject_id AND batch_id IN ({of_hidden}))"  # noqa: S608
    return {row[0]: Person(*row) for row in _table(cursor, query, Person._fields, ids)}


def wholes(cursor: Any, ids: Sequence[int]) -> dict[int, int]:
    """Return the merged person of each record that is a part of one."""
    query = f"SELECT part_id, whole_id FROM merge WHERE part_id IN ({_marks(ids)})"  # noqa: S608
    return dict(cursor.execute(query, tuple(ids)))


def identifiers(cursor: Any, ids: Sequence[int], hidden: Sequence[int] = ()) -> dict[int, dict[str, set[str]]]:
    """Return people's identifiers by kind, of a merged person those of all their records."""
    whole = {key: key for key in ids}
    query = f"SELECT part_id, whole_id FROM merge WHERE whole_id IN ({_marks(ids)})"  # noqa: S608
    whole.update(cursor.execute(query, tuple(ids)))
    query = (
        f"SELECT subject_id, kind, norm FROM identifier WHERE subject_id IN ({_marks(list(whole))}){_not_of(hidden)}"  # noqa: S608
    )
    found: dict[int, dict[str, set[str]]] = {}
    for subject_id, kind, norm in _table(cursor, query, ("subject_id", "kind", "norm"), tuple(whole)):
        found.setdefault(whole[subject_id], {}).setdefault(kind, set()).add(norm)
    return found


def source_names(cursor: Any) -> dict[int, str]:
    """Return all sources' names."""
    return {row[0]: row[1] for row in cursor.execute("SELECT id, name FROM source ORDER BY name")}


def in_papers(cursor: Any, match: str, limit: int) -> list[tuple[int, str]]:
    """Return subject id and request number where a request's message or a letter filed in it has these words."""
    query = """SELECT request.subject_id, request.number FROM request WHERE request.subject_id IS NOT NULL AND (
        request.id IN (SELECT rowid FROM request_fts WHERE request_fts MATCH ?)
        OR request.id IN (SELECT attachment.request_id FROM document_fts JOIN attachment ON attachment.id = document_fts.rowid
            WHERE document_fts MATCH ?)) ORDER BY request.id DESC LIMIT ?"""
    return [(row[0], row[1]) for row in cursor.execute(query, (match, match, limit))]


def vocabulary(cursor: Any) -> dict[str, int]:
    """Return every word of every name, and how many people have it."""
    return dict(cursor.execute("SELECT term, doc FROM subject_vocabulary WHERE term >= 'a'"))


def all_of(*groups: Sequence[str], begun: int = 0) -> str:
    """Return the match expression for somebody who has a word of each group.

    Args:
        groups: The words of each.
        begun: So many groups, counted from the last, are beginnings of words only.
    """
    first = len(groups) - begun
    stars = ("*" if place >= first else "" for place in range(len(groups)))
    parts = (" OR ".join(f'"{word}"{star}' for word in group) for group, star in zip(groups, stars, strict=True))
    return " AND ".join(f"({part})" for part in parts)


def _listed(cursor: Any, query: str, values: Sequence[Any]) -> list[int]:
    """Return the people's ids that a query gives, in its order."""
    found = cursor.execute(f"SELECT json_group_array(subject_id) FROM ({query})", tuple(values)).fetchone()  # noqa: S608
    return json.loads(found[0])  # type: ignore[no-any-return]


def _table(cursor: Any, query: str, columns: Sequence[str], values: Sequence[Any]) -> list[list[Any]]:
    """Return the rows that a query gives, in its order."""
    row = ", ".join(columns)
    found = cursor.execute(f"SELECT json_group_array(json_array({row})) FROM ({query})", tuple(values)).fetchone()  # noqa: S608
    return json.loads(found[0])  # type: ignore[no-any-return]


def _not_of(hidden: Sequence[int]) -> str:
    return f" AND coalesce(batch_id, 0) NOT IN ({', '.join(map(str, hidden))})" if hidden else ""


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))
