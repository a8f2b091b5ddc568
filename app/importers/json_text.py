"""The lists in a JSON file, one element after the other, without holding the whole of it.  Runs in the child.

Numbers stay as they are written.  Names that an object has twice are both kept.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from app.domain.errors import UserError
from app.i18n import _
from app.importers.limits import JSON_DEPTH, JSON_ELEMENT
from app.importers.refusals import refusal

_BLOCK = 64 * 1024
_SPACE = " \t\r\n\ufeff"


class Number(str):
    """A number as it is written in the file."""

    __slots__ = ()


class Pairs(tuple[tuple[str, Any], ...]):
    """An object's names and values in their order."""

    __slots__ = ()


_DECODER = json.JSONDecoder(
    object_pairs_hook=Pairs, parse_int=Number, parse_float=Number, parse_constant=Number, strict=False
)


def elements(path: Path, code: str) -> Iterator[tuple[str, Any]]:
    """Return every element of every list in the file with the list's name; the outermost list has none.

    Raises:
        UserError: The file is no JSON, or one element of a list is over the limit.
    """
    with path.open(encoding=code, newline="") as stream:
        text = _Text(stream)
        yield from _lists(text, "", 0)
        if text.peek():
            raise text.damaged()


def _lists(text: "_Text", name: str, depth: int) -> Iterator[tuple[str, Any]]:
    sign = text.peek()
    if sign == "[":
        for _place in _parts(text, "]"):
            yield name, text.value()
    elif sign == "{" and depth < JSON_DEPTH:
        for _place in _parts(text, "}"):
            key = text.value()
            if not isinstance(key, str) or isinstance(key, Number) or text.peek() != ":":
                raise text.damaged()
            text.take()
            yield from _lists(text, f"{name}.{key}" if name else key, depth + 1)
    else:
        text.value()


def _parts(text: "_Text", last: str) -> Iterator[None]:
    """Stand before each part of a list or an object in turn, and at last after its end."""
    text.take()
    if text.peek() == last:
        text.take()
        return
    while True:
        yield
        sign = text.peek()
        text.take()
        if sign == last:
            return
        if sign != ",":
            raise text.damaged()


class _Text:
    """The text of the file, of which only the part at hand is held."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._held = ""
        self._at = 0
        self._line = 1
        self._is_over = False

    def peek(self) -> str:
        """Return the next sign that is no space, an empty text at the end."""
        while True:
            while self._at < len(self._held):
                if self._held[self._at] not in _SPACE:
                    return self._held[self._at]
                self._at += 1
            if self._is_over:
                return ""
            self._fill()

    def take(self) -> None:
        """Go past the sign that `peek` gave."""
        self._at += 1

    def value(self) -> Any:
        """Return the value that begins here, and go past it."""
        self.peek()
        while True:
            try:
                found, end = _DECODER.raw_decode(self._held, self._at)
            except ValueError:
                end = len(self._held)
            except RecursionError:
                raise self.damaged() from None
            else:
                if end < len(self._held) or self._is_over:
                    self._at = end
                    return found
            if self._is_over:
                raise self.damaged()
            if len(self._held) - self._at > JSON_ELEMENT:
                raise self.damaged()
            self._fill()

    def damaged(self) -> UserError:
        """Return the error for what stands here."""
        line = self._line + self._held.count("\n", 0, self._at)
        return refusal(
            _("Filen är ingen hel JSON-fil. Felet är på rad {line} eller strax efter.").format(line=line),
            _("Exportera den på nytt, eller spara tabellen som CSV eller Excel-arbetsbok (.xlsx)."),
        )

    def _fill(self) -> None:
        """Read on, twice as much each time the value at hand is not at its end."""
        rest = self._held[self._at :]
        self._line += self._held.count("\n", 0, self._at)
        try:
            fresh = self._stream.read(max(_BLOCK, len(rest)))
        except UnicodeError:
            raise self.damaged() from None
        self._is_over = not fresh
        self._held, self._at = rest + fresh, 0
