"""Which values a person has provided, as dated data.  Whether they are carried away is `app.domain.outputs`' business."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from app.domain.outputs import Provided
from app.reference.reader import load
from app.reference.versions import in_force


@dataclass(frozen=True, slots=True)
class Reading:
    """What counts as provided from a day on.

    Attributes:
        by_source_kind: Kinds of sources that answer for all their values.
        by_field: Codes of fields under each answer.
        settled_by_source_kind: What a kind of source says where the field alone leaves it unclear.
    """

    valid_from: date
    source: str
    by_source_kind: Mapping[str, Provided]
    by_field: Mapping[Provided, tuple[str, ...]]
    settled_by_source_kind: Mapping[str, Provided]

    def answer(self, field: str, source_kind: str) -> Provided:
        """Return how a value of this field came to be, in a source of this kind; unclear when nothing tells."""
        if source_kind in self.by_source_kind:
            return self.by_source_kind[source_kind]
        found = next((one for one, codes in self.by_field.items() if field in codes), Provided.UNCLEAR)
        return self.settled_by_source_kind.get(source_kind, found) if found is Provided.UNCLEAR else found


@dataclass(frozen=True, slots=True)
class _File:
    versions: tuple[Reading, ...]


@cache
def _file() -> _File:
    return load("provided.json", _File)


def reading(on: date) -> Reading:
    """Return what counts as provided on the day `on`.

    Raises:
        ValueError: The day is before the General Data Protection Regulation applied.
    """
    return in_force(_file().versions, on)
