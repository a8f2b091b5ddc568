"""What the lists show, read in one go; plain values, so that nothing of the database is held by the window."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.services.extract_words import Register
from app.services.register import ActivityFacts, facts_of
from app.services.register_choices import Choosable, choosable
from app.ui.register.columns import ACTIVITIES, RECIPIENTS, RULES, SOURCES
from db.queries import register as queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Rows = dict[int, dict[str, Any]]


@dataclass(frozen=True)
class Everything:
    """The register as it stands.

    Attributes:
        parts: The rows of each list by id, in order.
        activities: What the form shows, by id.
        origins: Section and requirements of each activity, by id.
    """

    parts: dict[str, Rows]
    activities: dict[int, ActivityFacts]
    origins: dict[int, tuple[str, list[str]]]
    choosable: Choosable


def read(session: "Session") -> Everything:
    """Return the whole register."""
    words = Register(session)
    rules = queries.activities_per_rule(session)
    parts: dict[str, Rows] = {
        ACTIVITIES: {
            row.id: {**row._mapping, "basis": words.basis(row.legal_basis)} for row in queries.activities(session)
        },
        SOURCES: {row.id: dict(row._mapping) for row in queries.sources(session)},
        RECIPIENTS: {
            row.id: {
                "name": row.name,
                "role": row.role,
                "category": row.category,
                "country": row.country,
                "section": row.section,
                "requirements": list(row.requirements),
            }
            for row in queries.recipients(session)
        },
        RULES: {
            row.id: {
                "name": row.title,
                "kind": row.kind,
                "months": row.months,
                "section": row.section,
                "requirements": list(row.requirements),
                "used": rules.get(row.id, 0),
            }
            for row in queries.rules(session)
        },
    }
    return Everything(
        parts=parts,
        activities={key: facts_of(row) for key, row in words.activities.items()},
        origins={key: (row.section, list(row.requirements)) for key, row in words.activities.items()},
        choosable=choosable(session),
    )
