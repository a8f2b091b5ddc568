"""The words of the policy check as dated data: what, which section and requirement, why, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from app.domain.findings import Place, Weight
from app.reference.reader import load
from app.reference.versions import in_force


@dataclass(frozen=True, slots=True)
class Point:
    """Something that can be missing."""

    title: str
    title_en: str

    def shown(self, language: str) -> str:
        """Return the words in `language`, `sv` or `en`."""
        return self.title_en if language == "en" else self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check in words; texts may hold `{about}`, `{lacks}` and `{count}`.

    Attributes:
        article: The law it comes from; empty for a promise of the policy alone.
        requirements: What it breaks of R1 to R80.
        section: The section of the policy, for a vault that was started from it.
    """

    code: str
    weight: Weight
    place: Place
    article: str
    requirements: tuple[str, ...]
    section: str
    title: str
    title_en: str
    why: str
    why_en: str
    suggestion: str
    suggestion_en: str


@dataclass(frozen=True, slots=True)
class _Version:
    valid_from: date
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class _File:
    points: Mapping[str, Point]
    versions: tuple[_Version, ...]


@cache
def _file() -> _File:
    return load("policy_checks.json", _File)


def checks(on: date) -> dict[str, Check]:
    """Return the checks in force on a day, by code.

    Raises:
        ValueError: No version had begun by then.
    """
    return {check.code: check for check in in_force(_file().versions, on).checks}


def points() -> Mapping[str, Point]:
    """Return the words for what can be missing, by code."""
    return _file().points
