"""The words that an extract explains on its last page."""

from dataclasses import dataclass
from functools import cache

from app.reference.reader import load


@dataclass(frozen=True, slots=True)
class Term:
    """A word and what it means, in both languages."""

    code: str
    title: str
    title_en: str
    text: str
    text_en: str

    def shown(self, language: str) -> tuple[str, str]:
        """Return the word and its meaning in `language`, `sv` or `en`."""
        return (self.title_en, self.text_en) if language == "en" else (self.title, self.text)


@dataclass(frozen=True, slots=True)
class _File:
    terms: tuple[Term, ...]


@cache
def glossary() -> tuple[Term, ...]:
    """Return the terms, in the order of the file; the document sorts them for its language."""
    return load("glossary.json", _File).terms
