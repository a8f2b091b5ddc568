"""The versions of a document about a person: each remembers its rows, so that the next can tell what differs.

What is remembered lies beside the documents, repeats what they say, and is erased with them.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.content import ChangedRow, Extract, ExtractRow, Since
from app.domain.outputs import Scope, ShowGround
from app.domain.row_changes import RowFacts, differences
from app.services import filing, output_kinds
from db.models import Attachment

JSON_TYPE = "application/json"


@dataclass(frozen=True, kw_only=True)
class Version:
    """What a version remembers.

    Attributes:
        scope: The document's scope, a code.
        masked: Ids of values that were hidden.
        shown: Why values that may concern others were shown, by their ids.
    """

    number: int
    made_on: dt.date
    scope: str
    language: str
    rows: tuple[RowFacts, ...] = ()
    masked: frozenset[int] = frozenset()
    shown: Mapping[int, ShowGround] = field(default_factory=dict)

    def value_of(self, datum_id: int) -> str | None:
        """Return a stored value as the version showed it; None when it had no such row."""
        key = f"datum:{datum_id}"
        return next((row.facts["value"] for row in self.rows if row.key == key), None)


def latest(session: Session, scope: Scope, place: filing.Place) -> Version | None:
    """Return the last version of a document in its case, or of a person outside cases; None when there is none."""
    same = (
        Attachment.kind == output_kinds.rows_of(scope),
        Attachment.request_id == place.request_id,
        Attachment.subject_id == place.subject_id,
    )
    found = session.scalar(sa.select(Attachment.id).where(*same).order_by(Attachment.version.desc()).limit(1))
    return _read(filing.read(session, found)) if found is not None else None


def next_number(session: Session, scope: Scope, place: filing.Place) -> int:
    """Return the number of the version that is made next."""
    return filing.next_version(session, output_kinds.family(scope), place)


def since(before: Version | None, made: Extract, scope: Scope) -> Since | None:
    """Return what differs from the version before; None for the first."""
    if before is None:
        return None
    if (before.scope, before.language) != (scope.value, made.mark.language):
        return Since(before.number, before.made_on, None)
    found = differences(before.rows, _facts(made))
    rows = (ChangedRow(one.change.value, one.category, one.label, one.parts) for one in found)
    return Since(before.number, before.made_on, tuple(rows))


def remember(
    session: Session,
    made: Extract,
    scope: Scope,
    place: filing.Place,
    decided: tuple[frozenset[int], Mapping[int, str]],
) -> None:
    """Keep what stands in a version beside its files.

    Args:
        session: The write session.
        made: The document.
        scope: Its scope.
        place: The case or the person; it knows the version.
        decided: Which values are hidden, and on which grounds others are shown.
    """
    masked, shown = decided
    kept = {
        "number": made.mark.version,
        "made_on": made.mark.made_on.isoformat(),
        "scope": scope.value,
        "language": made.mark.language,
        "masked": sorted(masked),
        "shown": {str(key): ground for key, ground in shown.items()},
        "rows": [[row.key, row.category, row.label, dict(row.facts)] for row in _facts(made)],
    }
    raw = json.dumps(kept, ensure_ascii=False).encode()
    kind = output_kinds.rows_of(scope)
    filing.store(session, raw, kind=kind, name=f"{kind}_v{made.mark.version}.json", media_type=JSON_TYPE, place=place)


def _read(raw: bytes) -> Version:
    kept = json.loads(raw)
    return Version(
        number=kept["number"],
        made_on=dt.date.fromisoformat(kept["made_on"]),
        scope=kept["scope"],
        language=kept["language"],
        rows=tuple(RowFacts(*row) for row in kept["rows"]),
        masked=frozenset(kept["masked"]),
        shown={int(key): ShowGround(ground) for key, ground in kept["shown"].items()},
    )


def _facts(made: Extract) -> tuple[RowFacts, ...]:
    return tuple(
        RowFacts(row.key, category.title, row.label, _texts(row))
        for category in made.categories
        for row in category.rows
    )


def _texts(row: ExtractRow) -> dict[str, str]:
    return {
        "value": row.value,
        "source": row.source,
        "since": row.since_on.isoformat() if row.since_on else "",
        "purpose": row.purpose,
        "legal_basis": row.legal_basis,
        "recipients": "\n".join(row.recipients),
        "erased": row.erase_text,
        "masked": row.mask_reason if row.is_masked else "",
    }
