"""Find a person across all sources, say why each hit hits, and record a search made for a request."""

import datetime as dt
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain import contacts, identity, matching
from app.domain.audit import Action
from app.domain.errors import UserError
from app.domain.matching import Certainty
from app.domain.names import fold, strict
from app.domain.subjects import Protection
from app.i18n import _
from app.services import audit
from app.services.ledger import LedgerLine, record
from db.models import Identifier, Subject
from db.queries import lookup as queries
from db.queries import people

__all__ = ["Hit", "LedgerLine", "open_subject", "record", "search", "timed"]

NUMBERS = ("pnr", "sam", "interim")
ORDER = {Certainty.SURE: 0, Certainty.LIKELY: 1, Certainty.POSSIBLE: 2}


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


def search(session: Session, text: str, *, today: dt.date, limit: int = 50) -> list[Hit]:
    """Return the people a search text fits, surest first.

    Names go in any order and without å ä ö; personal identity numbers, phone numbers, e-mail addresses and customer numbers
    in any form.  The search itself is not recorded: it shows names only.
    """
    asked = matching.query(text, today=today)
    ids = list(dict.fromkeys(people.wholes(session, _proposals(session, asked, text)).values()))
    members = people.members(session, ids)
    facts = _facts(session, members)
    called = people.names_of_wholes(session, members)
    names = queries.source_names(session, members)
    hits = []
    for subject_id, row in queries.subjects(session, ids).items():
        held = facts.get(subject_id, {})
        judged = matching.judge(asked, _hit_facts(called[subject_id], held))
        protected = row.protection is not Protection.NONE
        hits.append(
            Hit(
                subject_id=subject_id,
                name=row.display_name,
                certainty=judged.certainty,
                why=judged.why,
                hint="" if protected else _hint(held),
                sources=tuple(names.get(subject_id, ())),
                is_protected=protected,
            )
        )
    hits.sort(key=lambda hit: (ORDER[hit.certainty], fold(hit.name), hit.subject_id))
    return hits[:limit]


def _proposals(session: Session, asked: matching.Query, text: str) -> list[int]:
    """Return ids of everybody worth judging."""
    norms = sorted(asked.numbers | asked.emails | asked.phones | asked.references)
    found = [row.subject_id for row in queries.by_identifier(session, norms)] if norms else []
    digits = re.sub(r"\D", "", text)
    if not found and len(digits) >= 4 and not re.search(r"[^\W\d_]", text):
        for start in _starts(text.strip(), digits):
            found += [
                row.subject_id
                for row in queries.by_identifier_start(session, start, kinds=(*NUMBERS, "phone", "customer_no"))
            ]
    words = [word for word in re.split(r"[^\w]+", fold(text)) if word]
    if not found and "@" in text and len(text.strip()) > 2:
        found = [
            row.subject_id for row in queries.by_identifier_start(session, text.strip().casefold(), kinds=("email",))
        ]
    elif words and re.search(r"[^\W\d_]", text):
        found += queries.by_name(session, words)
        found += [
            row.subject_id
            for row in queries.by_identifier(session, [text.strip(), text.strip().upper(), text.strip().casefold()])
        ]
    return list(dict.fromkeys(found))


def _starts(text: str, digits: str) -> Sequence[str]:
    """Return the beginnings of stored numbers that typed digits may be."""
    if text.startswith(("+", "00")):
        return ("+" + digits.removeprefix("00"),)
    starts = [digits, text]
    if text.startswith("0"):
        starts.append("+46" + digits[1:])
    if digits[:2] not in ("19", "20"):
        starts += ["19" + digits, "20" + digits]
    return list(dict.fromkeys(starts))


def _facts(session: Session, members: Mapping[int, int]) -> dict[int, dict[str, set[str]]]:
    """Return the identifiers of each person by kind, those of the records they were merged from among them."""
    query = sa.select(Identifier.subject_id, Identifier.kind, Identifier.norm)
    facts: dict[int, dict[str, set[str]]] = {}
    for record_id, kind, norm in session.execute(query.where(Identifier.subject_id.in_(list(members)))):
        facts.setdefault(members[record_id], {}).setdefault(kind, set()).add(norm)
    return facts


def _hit_facts(names: tuple[str, ...], held: dict[str, set[str]]) -> matching.HitFacts:
    others = (norms for kind, norms in held.items() if kind not in (*NUMBERS, "email", "phone"))
    return matching.HitFacts(
        names=names,
        numbers=frozenset().union(*(held.get(kind, set()) for kind in NUMBERS)),
        emails=frozenset(held.get("email", set())),
        phones=frozenset(held.get("phone", set())),
        references=frozenset(strict(norm) for norms in others for norm in norms),
    )


def _hint(held: dict[str, set[str]]) -> str:
    for kind in NUMBERS:
        if kind in held:
            return identity.masked(min(held[kind]))
    if "email" in held:
        return min(held["email"])
    return contacts.phone_shown(min(held["phone"])) if "phone" in held else ""


def open_subject(session: Session, subject_id: int, *, reason: str = "") -> Subject:
    """Return a person's record, and record that it was read.

    Raises:
        UserError: The person has a protected identity and no reason was given.
    """
    subject_id = people.whole(session, subject_id)
    subject = session.get_one(Subject, subject_id)
    if subject.protection is not Protection.NONE:
        if not reason.strip():
            raise UserError(
                _("Personen har skyddade personuppgifter."),
                stands=_("Inget har visats."),
                do=_("Skriv varför du behöver öppna uppgifterna. Skälet sparas i loggen."),
            )
        audit.record(session, Action.PROTECTED_OPENED, subject, subject_id=subject_id, has_reason=True)
    audit.record(session, Action.SUBJECT_READ, subject, subject_id=subject_id)
    return subject


def timed(
    session: Session, text: str, *, today: dt.date, limit: int, clock: Callable[[], float] = time.perf_counter
) -> tuple[list[Hit], float]:
    """Return the hits and how many milliseconds they took."""
    started = clock()
    hits = search(session, text, today=today, limit=limit)
    return hits, (clock() - started) * 1000
