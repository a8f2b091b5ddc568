"""Languages: source strings are Swedish, other languages come from `resources/locale/<language>/LC_MESSAGES/ombudet.mo`.

The language belongs to the running context, so that a document can be written in English while the window is Swedish.
"""

import gettext as _gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from app.paths import program_root

LANGUAGES = ("sv", "en")
_default = "sv"
_language: ContextVar[str | None] = ContextVar("language", default=None)


def language() -> str:
    """Return the language in use here, `sv` or `en`."""
    return _language.get() or _default


def set_language(code: str) -> None:
    """Make `code` the language of the program.

    Raises:
        ValueError: The program does not have this language.
    """
    global _default  # noqa: PLW0603 - one program, one window language
    _default = _known(code)


@contextmanager
def language_as(code: str) -> Iterator[None]:
    """Use another language inside a `with` block, for one document or one letter.

    Raises:
        ValueError: The program does not have this language.
    """
    token = _language.set(_known(code))
    try:
        yield
    finally:
        _language.reset(token)


def _known(code: str) -> str:
    if code not in LANGUAGES:
        raise ValueError(code)
    return code


@cache
def _catalogue(code: str) -> _gettext.NullTranslations:
    if code == "sv":
        return _gettext.NullTranslations()
    return _gettext.translation("ombudet", program_root() / "resources" / "locale", languages=[code], fallback=True)


def _(text: str) -> str:
    """Return `text` in the language in use; the source language is Swedish."""
    return _catalogue(language()).gettext(text) if text else ""


def ngettext(one: str, many: str, count: int) -> str:
    """Return the singular or the plural form for `count`, in the language in use."""
    return _catalogue(language()).ngettext(one, many, count)


def mark(text: str) -> str:
    """Return `text` unchanged; marks a constant for translation that is shown later through `_`."""
    return text
