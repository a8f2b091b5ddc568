"""The names of the countries an office meets: the economic area, and those that suppliers are often in."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from app.reference.reader import load


@dataclass(frozen=True, slots=True)
class _File:
    countries: Mapping[str, tuple[str, ...]]


@cache
def _names() -> Mapping[str, tuple[str, ...]]:
    return load("countries.json", _File).countries


def name(code: str, language: str) -> str:
    """Return a country's name in `language`, `sv` or `en`; the code itself when the list does not have it."""
    names = _names().get(code)
    return names[language == "en"] if names else code


def code_of(text: str) -> str | None:
    """Return the two letters of a country written by name or by letters, in any case; None when it is neither."""
    wanted = text.strip().casefold()
    named = next((code for code, names in _names().items() if wanted in map(str.casefold, names)), None)
    is_code = len(wanted) == 2 and wanted.isascii() and wanted.isalpha()
    return named or (wanted.upper() if is_code else None)
