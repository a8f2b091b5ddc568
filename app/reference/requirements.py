"""The eighty requirements read out of the policy, and where each is met."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from app.reference.reader import load


class RequirementKind(StrEnum):
    """What meets a requirement: data in a resource, something the program does, or a standard text."""

    DATA = "data"
    BEHAVIOUR = "behaviour"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement.

    Attributes:
        where: For data and texts `file#table/code` under `resources/`; for behaviour a path in the program.
    """

    id: str
    kind: RequirementKind
    title: str
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _File:
    requirements: tuple[Requirement, ...]


@cache
def requirements() -> tuple[Requirement, ...]:
    """Return R1 to R80 in order."""
    return load("requirements.json", _File).requirements
