"""The questions behind the severity score, in plain words.  The sum is `app.domain.severity`'s business."""

from dataclasses import dataclass
from functools import cache

from app.reference.reader import load


@dataclass(frozen=True, slots=True)
class SeverityChoice:
    """One answer and the figure it gives."""

    value: float
    title: str
    title_en: str
    help: str
    help_en: str


@dataclass(frozen=True, slots=True)
class SeverityQuestion:
    """One question.  `code` is a field of `app.domain.severity.SeverityInput`."""

    code: str
    title: str
    title_en: str
    choices: tuple[SeverityChoice, ...]


@dataclass(frozen=True, slots=True)
class _File:
    source: str
    questions: tuple[SeverityQuestion, ...]


@cache
def questions() -> tuple[SeverityQuestion, ...]:
    """Return the six questions, in the order they are asked."""
    return load("severity.json", _File).questions
