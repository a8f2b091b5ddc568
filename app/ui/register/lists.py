"""What the lists show, read in one go; plain values, so that nothing of the database is held by the window."""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from app.domain import ground
from app.services.extract_words import Register
from app.services.register import ActivityFacts, facts_of
from app.services.register_choices import Choosable, choosable
from app.services.register_parts import NoticeFacts, RecipientFacts, RuleFacts, SourceFacts
from app.ui.register.columns import ACTIVITIES, NOTICES, RECIPIENTS, RULES, SOURCES
from db.queries import register as queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Rows = dict[int, dict[str, Any]]
Counts = tuple[dict[int, int], dict[int, int]]


@dataclass(frozen=True)
class Everything:
    """The register as it stands.

    Attributes:
        parts: The rows of each list by id, in order.  How many data there are is not known until `put_counts`.
        activities: What the form shows, by id.
        facts: What the forms of the other lists show, by list and id.
        origins: Section and requirements of each activity, by id.
        codes: The ids by list and code.
    """

    parts: dict[str, Rows]
    activities: dict[int, ActivityFacts]
    facts: dict[str, dict[int, Any]]
    origins: dict[int, tuple[str, list[str]]]
    codes: dict[str, dict[str, int]]
    choosable: Choosable

    def put_counts(self, counts: Counts) -> None:
        """Put in how many data each activity and each source has."""
        for part, found in zip((ACTIVITIES, SOURCES), counts, strict=True):
            for key, row in self.parts[part].items():
                row["data"] = found.get(key, 0)


def read(session: "Session") -> Everything:
    """Return the whole register, but for the counts."""
    words = Register(session)
    sources, recipients, rules, notices = (
        queries.source_list(session),
        queries.recipients(session),
        queries.rules(session),
        queries.notices(session),
    )
    return Everything(
        parts={
            ACTIVITIES: {row.id: _activity(row, words) for row in queries.activities(session)},
            SOURCES: {row.id: {**row._mapping, "data": None} for row in queries.sources(session)},
            RECIPIENTS: {row.id: _named(row, "role", "category", "country", "agreement_on") for row in recipients},
            RULES: _rules(rules, queries.activities_per_rule(session)),
            NOTICES: _notices(notices, words),
        },
        activities={key: facts_of(row) for key, row in words.activities.items()},
        facts={
            SOURCES: {row.id: _facts(SourceFacts, row) for row in sources},
            RECIPIENTS: {row.id: _facts(RecipientFacts, row) for row in recipients},
            RULES: {row.id: _facts(RuleFacts, row) for row in rules},
            NOTICES: {row.id: _facts(NoticeFacts, row) for row in notices},
        },
        origins={key: (row.section, list(row.requirements)) for key, row in words.activities.items()},
        codes={
            ACTIVITIES: {row.code: key for key, row in words.activities.items()},
            SOURCES: {row.code: row.id for row in sources},
            RECIPIENTS: {row.code: row.id for row in recipients},
            RULES: {row.code: row.id for row in rules},
            NOTICES: {row.code: row.id for row in notices},
        },
        choosable=choosable(session),
    )


def count(session: "Session") -> Counts:
    """Return how many data there are by activity and by source."""
    return queries.data_counts(session)


def _activity(row: Any, words: Register) -> dict[str, Any]:
    lacks = ground.missing(purposes=row.purposes, legal_basis=row.legal_basis, rule_kind=row.rule_kind)
    return {**row._mapping, "basis": words.basis(row.legal_basis), "lacks": lacks, "data": None}


def _named(row: Any, *names: str) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in names}
    agreement_on = found.get("agreement_on")
    if agreement_on is not None:
        found["agreement_on"] = agreement_on.isoformat()
    return {"name": row.name, "section": row.section, "requirements": list(row.requirements), **found}


def _rules(rows: Any, used: dict[int, int]) -> Rows:
    return {
        row.id: {
            "name": row.title,
            "kind": row.kind,
            "months": row.months,
            "section": row.section,
            "requirements": list(row.requirements),
            "used": used.get(row.id, 0),
        }
        for row in rows
    }


def _notices(rows: Any, words: Register) -> Rows:
    return {
        row.id: {
            "name": words.notice_title(row),
            "version": row.version,
            "valid_from": row.valid_from.isoformat(),
            "has_text": bool(row.text.strip()),
            "section": row.section,
            "requirements": list(row.requirements),
            "used": sum(row.code in activity.notices for activity in words.activities.values()),
        }
        for row in rows
    }


def _facts(kind: Any, row: Any) -> Any:
    """Return a stored row as the facts its form takes."""
    held = {field.name: getattr(row, field.name) for field in fields(kind)}
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in held.items()})
