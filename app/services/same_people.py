"""Suggestions of records that may be one person: found by what they share, never by comparing everybody with everybody."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain import identity, same_person
from app.domain.audit import Action
from app.domain.errors import UserError
from app.domain.names import fold
from app.domain.same_person import STRENGTH, Likeness, Record
from app.domain.subjects import Protection
from app.i18n import _
from app.services import audit
from app.services.guard import guarded
from app.services.lookup import open_subject
from app.services.search import NUMBERS
from app.services.subjects import Card, card
from db.models import Subject
from db.queries import lookup as queries
from db.queries import people
from db.queries import same_people as shared

Step = Callable[[int, int], None]
MOST = 500
"""So many suggestions are shown; those settled give way to the next."""
HOUSEHOLD = 12
"""An address, a number or a name that more records share says nothing about who they are."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """One of two people in a suggestion.

    Attributes:
        hint: What tells namesakes apart; empty for a protected person.
        sources: Where the records are held.
    """

    subject_id: int
    name: str
    hint: str
    sources: tuple[str, ...]
    is_protected: bool


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two people who may be one.

    Attributes:
        reasons: What speaks for it, in words without a value.
        against: What speaks against.
    """

    one: Person
    other: Person
    likeness: Likeness
    reasons: tuple[str, ...]
    against: tuple[str, ...]


def suggest_for(session: Session, subject_id: int) -> list[Pair]:
    """Return who may be the same person as one, the likeliest first."""
    top = people.whole(session, subject_id)
    family = people.family(session, top)
    found = {key for group in shared.sharing_with(session, family, most=HOUSEHOLD) for key in group}
    found |= set(shared.namesakes(session, family, most=HOUSEHOLD))
    others = [key for key in set(people.wholes(session, sorted(found)).values()) if key != top]
    return _judged(session, [(min(top, key), max(top, key)) for key in others], first=top)


def suggestions(session: Session, *, limit: int = MOST, step: Step | None = None) -> list[Pair]:
    """Return who may be the same person in the whole register, the likeliest first.

    Args:
        session: Any session.
        limit: How many at the most.
        step: Called with steps done and steps in all; raises `Cancelled` to stop.
    """
    found: list[Pair] = []
    seen: set[tuple[int, int]] = set()
    ways = (shared.same_identifiers(session, most=HOUSEHOLD), shared.same_names(session, most=HOUSEHOLD))
    for number, groups in enumerate(ways):
        for some in _in_hundreds(groups):
            if step is not None:
                step(number, len(ways))
            tops = people.wholes(session, sorted({key for group in some for key in group}))
            pairs = {pair for group in some for pair in _pairs(sorted({tops[key] for key in group}))} - seen
            seen |= pairs
            found += _judged(session, sorted(pairs))
            if len(found) >= limit:
                break
    found.sort(key=_order)
    return found[:limit]


def _order(pair: Pair) -> tuple[int, int, str, int]:
    return STRENGTH[pair.likeness], -len(pair.reasons), fold(pair.one.name), pair.one.subject_id


def _in_hundreds(groups: Iterable[Sequence[int]]) -> Iterator[list[Sequence[int]]]:
    some: list[Sequence[int]] = []
    for group in groups:
        some.append(group)
        if len(some) == 100:
            yield some
            some = []
    if some:
        yield some


def _pairs(keys: Sequence[int]) -> Iterator[tuple[int, int]]:
    for place, one in enumerate(keys):
        for other in keys[place + 1 :]:
            yield one, other


def _judged(session: Session, pairs: Sequence[tuple[int, int]], *, first: int | None = None) -> list[Pair]:
    """Return the pairs that something speaks for and nobody has told apart; `first` stands first in its pairs."""
    ids = sorted({key for pair in pairs for key in pair})
    members = people.members(session, ids)
    apart = {_top_pair(pair, members) for pair in people.told_apart(session, list(members))}
    records = _records(session, members)
    shown = _people(session, members)
    found = []
    for pair in pairs:
        if pair in apart or any(key not in shown for key in pair):
            continue
        told = same_person.suggest(records[pair[0]], records[pair[1]])
        if told is not None:
            one, other = sorted(pair, key=lambda key: key != first)
            found.append(
                Pair(
                    one=shown[one],
                    other=shown[other],
                    likeness=told.likeness,
                    reasons=told.reasons,
                    against=told.against,
                )
            )
    return sorted(found, key=_order)


def _top_pair(pair: tuple[int, int], members: Mapping[int, int]) -> tuple[int, int]:
    one, other = (members.get(key, key) for key in pair)
    return min(one, other), max(one, other)


def _records(session: Session, members: Mapping[int, int]) -> dict[int, Record]:
    """Return what the records of each person say, as the rules of likeness read it."""
    names = people.names_of_wholes(session, members)
    marks: defaultdict[int, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in shared.identifiers(session, list(members)):
        marks[members[row.subject_id]][row.kind].add(row.norm)
    homes: defaultdict[int, set[str]] = defaultdict(set)
    born: defaultdict[int, set[dt.date]] = defaultdict(set)
    places: defaultdict[tuple[int, int], dict[str, str]] = defaultdict(dict)
    for fact in shared.facts(session, list(members)):
        if fact.field == "birth_date":
            born[members[fact.subject_id]] |= _day(fact.value)
        else:
            places[fact.subject_id, fact.source_id][fact.field] = fact.value
    for (key, _source), parts in places.items():
        if len(parts) > 1:
            homes[members[key]].add(fold(" ".join(parts[code] for code in sorted(parts))))
    return {
        key: Record(
            names=names.get(key, ()),
            numbers=frozenset(marks[key]["pnr"] | marks[key]["sam"]),
            emails=frozenset(norm.casefold() for norm in marks[key]["email"]),
            phones=frozenset(marks[key]["phone"]),
            references=frozenset(marks[key]["customer_no"]),
            homes=frozenset(homes[key]),
            born_on=frozenset(born[key] | _born(marks[key]["pnr"])),
        )
        for key in set(members.values())
    }


def _day(text: str) -> set[dt.date]:
    try:
        return {dt.date.fromisoformat(text)}
    except ValueError:
        return set()  # a date nobody can read tells nobody apart


def _born(numbers: Iterable[str]) -> set[dt.date]:
    return {day for number in numbers for day in _day(f"{number[:4]}-{number[4:6]}-{number[6:8]}")}


def _people(session: Session, members: Mapping[int, int]) -> dict[int, Person]:
    sources = queries.source_names(session, members)
    hints: dict[int, str] = {}
    for row in shared.identifiers(session, list(members)):
        if row.kind in NUMBERS:
            hints.setdefault(members[row.subject_id], identity.masked(row.norm))
    return {
        key: Person(
            subject_id=key,
            name=row.display_name,
            hint=hints.get(key, "") if row.protection is Protection.NONE else "",
            sources=tuple(sources.get(key, ())),
            is_protected=row.protection is not Protection.NONE,
        )
        for key, row in queries.subjects(session, sorted(set(members.values()))).items()
    }


@guarded
def side_by_side(session: Session, ids: Sequence[int], *, reason: str = "", today: dt.date) -> tuple[Card, ...]:
    """Return the cards of people who may be one, and record that they were read.

    Raises:
        UserError: Somebody has a protected identity and no reason was given, or is gone.
    """
    cards = [card(session, key, today=today) for key in ids]
    found = [one for one in cards if one is not None]
    if len(found) < len(ids):
        raise UserError(
            _("Personen finns inte längre i registren."),
            stands=_("Inget har ändrats."),
            do=_("Ta fram förslagen igen. Uppgifterna kan ha gallrats."),
        )
    for one in found:
        open_subject(session, one.subject_id, reason=reason)
        audit.record(
            session,
            Action.SUBJECT_READ,
            session.get_one(Subject, one.subject_id),
            subject_id=one.subject_id,
            beside=True,
        )
    return tuple(found)
