"""What the officer chooses from when a right is handled: words that point to it, grounds, refusals, contents of a reply."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from app.domain.rights import Right
from app.reference.reader import load


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose or tick off, in both languages."""

    code: str
    title: str
    title_en: str

    def shown(self, language: str) -> str:
        """Return the title in `language`, `sv` or `en`."""
        return self.title_en if language == "en" else self.title


@dataclass(frozen=True, slots=True)
class Ground(Choice):
    """A ground to grant or to refuse, with its article."""

    article: str
    requirements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RightTexts:
    """What the program knows about one right.

    Attributes:
        words: Beginnings of words and phrases that point to the right.
        grounds: Grounds to grant it, where the law wants one.
        refusals: Grounds to refuse it in whole or in part; empty when it cannot be refused.
        reply: What the answer must hold.
    """

    right: Right
    words: tuple[str, ...]
    grounds: tuple[Ground, ...]
    refusals: tuple[Ground, ...]
    reply: tuple[Choice, ...]
    requirements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _File:
    rights: tuple[RightTexts, ...]
    balancing: tuple[Choice, ...]


@cache
def _file() -> _File:
    return load("rights.json", _File)


@cache
def _by_right() -> Mapping[Right, RightTexts]:
    return MappingProxyType({texts.right: texts for texts in _file().rights})


def right_texts(right: Right) -> RightTexts:
    """Return everything known about `right`."""
    return _by_right()[right]


def right_words() -> Mapping[Right, tuple[str, ...]]:
    """Return for each right the words that point to it, for `app.domain.rights.proposed`."""
    return MappingProxyType({right: texts.words for right, texts in _by_right().items()})


def erasure_grounds() -> tuple[Ground, ...]:
    """Return the grounds for erasure: G1 to G6 of the policy, and F, which only the law has.

    Source: Art. 17.1 GDPR.
    """
    return right_texts(Right.ERASURE).grounds


def refusal_grounds(right: Right) -> tuple[Ground, ...]:
    """Return the grounds to refuse `right`; empty when it cannot be refused."""
    return right_texts(right).refusals


def balancing() -> tuple[Choice, ...]:
    """Return the questions of a balancing of interests, in order.  Source: Arts 6.1 f and 21.1 GDPR."""
    return _file().balancing
