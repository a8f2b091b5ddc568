"""The one search box: who a typed text may mean, how sure that is, and why.  Shows names only, and is not recorded.

A look-up made for a request is another thing: `app.services.lookup.record` keeps it in the trail.
"""

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from sqlalchemy.orm import Session

from app.domain import asking, contacts, identity, matching
from app.domain.asking import Asked
from app.domain.matching import Certainty, HitFacts
from app.domain.names import fold, sort_key, strict, words
from app.i18n import _
from app.services.near_names import ONE_SLIP, Vocabulary
from db import search_index
from db.hidden import seen_by
from db.queries import search as queries
from db.queries.search import Person
from db.search_index import PLACE, TEXT

NUMBERS = ("pnr", "sam", "interim")
REFERENCES = ("customer_no", "invoice_no")
ORDER = {Certainty.SURE: 0, Certainty.LIKELY: 1, Certainty.POSSIBLE: 2}
ENOUGH = 50
"""When so many people fit, weaker likenesses are not looked for."""
TOP = 10
SLIPS_AT_A_TIME = 6
MORE_WORDS = 0.2
"""How much farther from a name as typed one is for each word it has besides."""


class Way(IntEnum):
    """How a person was found, the best way first."""

    IDENTIFIER = 0
    BEGINNING = 1
    NAME = 2
    NEAR_NAME = 3
    PLACE = 4
    PAPER = 5


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A person who may be the one looked for.

    Attributes:
        why: What made the hit, in words.
        hint: Something that tells namesakes apart: a masked number; empty for a protected person.
        is_protected: Open only with a reason.
    """

    subject_id: int
    name: str
    certainty: Certainty
    why: str
    hint: str
    sources: tuple[str, ...]
    is_protected: bool


@dataclass
class _Found:
    """Who was found, in which way, and what there is to say of it."""

    cursor: Any
    asked: Asked
    ways: dict[int, Way] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    costs: dict[int, float] = field(default_factory=dict)
    papers: dict[int, str] = field(default_factory=dict)
    hidden: Sequence[int] = ()

    def add(self, ids: Sequence[int], way: Way) -> None:
        for subject_id in ids:
            self.ways.setdefault(subject_id, way)

    def fetch(self) -> None:
        """Fetch those found since last time.  A record that is part of a merged person gives way to the person."""
        missing = [subject_id for subject_id in self.ways if subject_id not in self.people]
        if missing:
            self.people.update(queries.people(self.cursor, missing, self.hidden))
        parts = [subject_id for subject_id in missing if subject_id not in self.people]
        wholes = queries.wholes(self.cursor, parts) if parts else {}
        for part in parts:
            way = self.ways.pop(part)
            if part in wholes:
                self.ways[wholes[part]] = min(way, self.ways.get(wholes[part], way))
        if wholes:
            self.people.update(queries.people(self.cursor, list(wholes.values()), self.hidden))


def search(session: Session, text: str, *, today: dt.date, limit: int = 50, may_be_old: bool = False) -> list[Hit]:
    """Return the people a search text fits, surest first.

    Names go in any order, in part, misspelt and without å ä ö; identity numbers, phone numbers, e-mail addresses and customer
    numbers in any form; addresses; words of free text and of the requests and letters on file.

    Args:
        session: A session that reads.
        text: What was typed.
        today: The day that settles the century of a short number.
        limit: The most hits.
        may_be_old: Look for near names among the words known already, for one who is typing; `warm` brings them up to date.
    """
    asked = asking.read(text, today=today)
    if "changed" in session.info:  # one who writes sees what is written so far
        session.flush()
        search_index.refresh(session.connection(), seen_by(session))
    unseen = tuple(batch.id for batch in seen_by(session) if batch.is_hidden)
    with queries.driver(session) as cursor:
        found = _Found(cursor, asked, hidden=unseen)
        _by_number(found)
        _by_name(found)
        if len(found.ways) < ENOUGH:
            _by_place(found)
        if len(found.ways) < TOP and asked.words and sum(map(len, asked.words)) >= 4:
            _by_near_name(found, vocabulary(session, may_be_old=may_be_old))
        found.fetch()
        return _hits(found, limit)


def vocabulary(session: Session, *, may_be_old: bool = False) -> Vocabulary:
    """Return the words of all names; they are read once after each change of the register."""
    kept, serial = session.info["kept"], session.info["serial"]
    known, of_serial = kept.get("vocabulary", (None, None))
    if known is None or (serial != of_serial and not may_be_old):
        with queries.driver(session) as cursor:
            known = Vocabulary(queries.vocabulary(cursor))
        kept["vocabulary"] = known, serial
    return known  # type: ignore[no-any-return]


def warm(session: Session) -> None:
    """Read the words of all names again if the register has changed, outside of any search."""
    vocabulary(session)


def timed(
    session: Session,
    text: str,
    *,
    today: dt.date,
    limit: int,
    may_be_old: bool = False,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[list[Hit], float]:
    """Return the hits and how many milliseconds they took."""
    started = clock()
    hits = search(session, text, today=today, limit=limit, may_be_old=may_be_old)
    return hits, (clock() - started) * 1000


def _by_number(found: _Found) -> None:
    asked, query = found.asked, found.asked.query
    norms = sorted(query.numbers | query.emails | query.phones | frozenset(asked.codes))
    if norms:
        found.add(queries.with_identifier(found.cursor, norms, found.hidden), Way.IDENTIFIER)
    for start in asked.starts:
        kinds = (*queries.NAMED_KINDS, *queries.CONTACT_KINDS)
        found.add(queries.with_beginning(found.cursor, start, kinds, ENOUGH, found.hidden), Way.BEGINNING)
    if asked.mail_start and not found.ways:
        start = asked.mail_start
        found.add(queries.with_beginning(found.cursor, start, ("email",), ENOUGH, found.hidden), Way.BEGINNING)
    if len(asked.codes) and not asked.starts and any(sign.isdigit() for sign in asked.codes[0]):
        for start in asked.codes[:3] if " " not in asked.codes[0] else ():
            found.add(queries.with_beginning(found.cursor, start, REFERENCES, ENOUGH, found.hidden), Way.BEGINNING)


def _by_name(found: _Found) -> None:
    """Find names: as they were typed, then with all words whole, then with words that begin so; å ä ö first, then without."""
    typed = found.asked.words
    if not typed:
        return
    folded = tuple(map(fold, typed))
    name = found.asked.query.names[0]
    found.add(queries.named_from(found.cursor, sort_key(name), ENOUGH, found.hidden), Way.NAME)
    for asked in dict.fromkeys((typed, folded)):
        if len(found.ways) < queries.MANY:
            match = queries.all_of(*([word] for word in asked))
            found.add(queries.matching(found.cursor, match, queries.MANY // 2), Way.NAME)
    for asked in dict.fromkeys((typed, folded)):
        if len(found.ways) < queries.MANY // 2:
            match = queries.all_of(*([word] for word in asked), begun=queries.ALL)
            found.add(queries.matching(found.cursor, match, queries.MANY // 2), Way.NAME)


def _by_place(found: _Found) -> None:
    """Find addresses and free text, mixed with names as they may be, then the papers of requests."""
    asked = found.asked.places
    if not asked or max(map(len, asked)) < 3:
        return
    groups = [(word, PLACE + word, TEXT + word) for word in asked]
    for begun in (0, 1):  # whole words are found in a tenth of the time; only the last one may be half typed
        if len(found.ways) < ENOUGH:
            match = queries.all_of(*groups, begun=begun)
            found.add(queries.matching(found.cursor, match, queries.MANY // 2), Way.PLACE)
    if max(map(len, asked)) >= 4:
        match = queries.all_of(*([word] for word in asked if len(word) > 1), begun=queries.ALL)
        for subject_id, number in queries.in_papers(found.cursor, match, ENOUGH):
            found.papers.setdefault(subject_id, number)
        found.add(list(found.papers), Way.PAPER)


def _by_near_name(found: _Found, known: Vocabulary) -> None:
    """Find names that are nearly the ones typed: they sound alike, or differ by a slip of the finger."""
    before = set(found.ways)
    readings = known.readings([fold(word) for word in found.asked.words])
    nearest = {word: known.near(word) for _cost, reading in readings for word in reading}
    for _cost, reading in readings:  # the likeliest first; when enough are found, the rest would come after them
        if len(found.ways.keys() - before) < ENOUGH:
            _near_reading(found, [nearest[word] for word in reading])
    found.fetch()
    for subject_id in found.ways.keys() - before:
        person = found.people.get(subject_id)
        has = person.words.split() if person else ()
        found.costs[subject_id] = min(
            cost
            + sum(min((nearest[word].get(held, 3.0) for held in has), default=3.0) for word in reading)
            + MORE_WORDS * max(0, len(words(person.names.partition("\n")[0])) - len(reading) if person else 0)
            for cost, reading in readings
        )


def _near_reading(found: _Found, near: Sequence[dict[str, float]]) -> None:
    """Look for one reading of the words, from the nearest spellings outwards."""
    close = [[word for word, cost in one.items() if cost < 0.5] for one in near]
    slips = [[word for word, cost in one.items() if 0.5 <= cost <= ONE_SLIP] for one in near]
    if all(close):
        found.add(queries.matching(found.cursor, queries.all_of(*close), ENOUGH), Way.NEAR_NAME)
    for place, words_near in enumerate(slips):
        others = [one for number, one in enumerate(close) if number != place]
        if all(others):
            for start in range(0, len(words_near), SLIPS_AT_A_TIME):  # few enough that a common name hides no rare one
                match = queries.all_of(*others, words_near[start : start + SLIPS_AT_A_TIME])
                found.add(queries.matching(found.cursor, match, ENOUGH), Way.NEAR_NAME)
    if len(found.ways) < TOP and len(near) > 1 and all(near):
        match = queries.all_of(*(list(one) for one in near))
        found.add(queries.matching(found.cursor, match, queries.MANY), Way.NEAR_NAME)


def _hits(found: _Found, limit: int) -> list[Hit]:
    chosen = _ranked(found)[:limit]
    identifiers = queries.identifiers(found.cursor, chosen, found.hidden)
    sources = queries.source_names(found.cursor)
    facts = [_facts(found.people[one].names, identifiers.get(one, {}), found) for one in chosen]
    judged = [matching.judge(found.asked.query, one) for one in facts]
    settled = matching.settled(list(zip(judged, facts, strict=True)))
    hits = []
    for subject_id, verdict in zip(chosen, settled, strict=True):
        person = found.people[subject_id]
        hits.append(
            Hit(
                subject_id=subject_id,
                name=person.names.partition("\n")[0],
                certainty=verdict.certainty,
                why=_why(found, subject_id, verdict),
                hint="" if person.is_protected else _hint(identifiers.get(subject_id, {})),
                sources=tuple(sources[key] for key in map(int, person.sources.split())),
                is_protected=bool(person.is_protected),
            )
        )
    hits.sort(key=lambda hit: ORDER[hit.certainty])
    return hits


def _ranked(found: _Found) -> list[int]:
    """Return the ids of those found, the best first; in near names no name comes twice before each has come once."""
    typed, folded = set(found.asked.words), {fold(word) for word in found.asked.words}
    keys: dict[int, tuple[Any, ...]] = {}
    for subject_id, way in found.ways.items():
        person = found.people.get(subject_id)
        if person is None or (person.is_protected and _is_telling(found, way)):
            continue
        rank = _rank(person, typed, folded) if way is Way.NAME else 0
        keys[subject_id] = (way, round(found.costs.get(subject_id, 0), 2), rank, sort_key(person.names), subject_id)
    order = sorted(keys, key=keys.__getitem__)
    if not found.costs:
        return order
    seen: dict[str, int] = {}
    turn = {}
    for subject_id in order:
        name = " ".join(sorted(words(found.people[subject_id].names)))
        seen[name] = seen.get(name, 0) + 1
        turn[subject_id] = seen[name] // 3 if subject_id in found.costs else 0
    return sorted(order, key=lambda one: (keys[one][0], turn[one], keys[one][1]))


def _is_telling(found: _Found, way: Way) -> bool:
    """Return whether a hit tells something about a protected person that the one who asks did not know."""
    return way in (Way.PLACE, Way.PAPER) or (way is Way.BEGINNING and not found.asked.words)


def _rank(person: Person, typed: set[str], folded: set[str]) -> int:
    has = set(person.words.split())
    if typed <= has:
        return 0 if len(words(person.names.partition("\n")[0])) == len(typed) else 2
    if folded <= has:
        return 1 if len(words(person.names.partition("\n")[0])) == len(folded) else 3
    return 4


def _facts(names: str, held: dict[str, set[str]], found: _Found) -> HitFacts:
    asked = found.asked.query
    if not (asked.numbers or asked.emails or asked.phones or asked.references or asked.postcodes):
        return HitFacts(names=tuple(names.split("\n")))
    others = (norms for kind, norms in held.items() if kind not in (*NUMBERS, "email", "phone"))
    return HitFacts(
        names=tuple(names.split("\n")),
        numbers=frozenset().union(*(held.get(kind, set()) for kind in NUMBERS)),
        emails=frozenset(held.get("email", set())),
        phones=frozenset(held.get("phone", set())),
        references=frozenset(strict(norm) for norms in others for norm in norms),
    )


def _why(found: _Found, subject_id: int, verdict: matching.Judgement) -> str:
    """Return why somebody was found: what is the same, or else the way they were found in."""
    way = found.ways[subject_id]
    if way in (Way.IDENTIFIER, Way.NAME) or verdict.certainty is not Certainty.POSSIBLE:
        return verdict.why
    if way is Way.PAPER:
        return _("texten i {number}").format(number=found.papers[subject_id])
    return {
        Way.BEGINNING: _("numret eller adressen börjar så"),
        Way.NEAR_NAME: _("ett liknande namn"),
        Way.PLACE: _("adressen eller en text"),
    }.get(way, verdict.why)


def _hint(held: dict[str, set[str]]) -> str:
    for kind in NUMBERS:
        if kind in held:
            return identity.masked(min(held[kind]))
    if "email" in held:
        return min(held["email"])
    return contacts.phone_shown(min(held["phone"])) if "phone" in held else ""
