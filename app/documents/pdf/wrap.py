"""Breaks text into lines.  Linear in the length of the text, so a strange value cannot hold up a document."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from app.documents.pdf.fonts import MISSING, Metrics

_VOWELS = frozenset("aeiouyåäöéAEIOUYÅÄÖÉ")
_AFTER_SIGN = re.compile(r"[-/@._,;:=&?+ ]")
_SPACE = re.compile(
    r"""
    [ ]                            # where a line may end, but not
    (?<!Art\.[ ]) (?<!art\.[ ])    # within Art. 6
    (?!§)                          # within 2 §
    (?<![0-9][ ](?=[0-9]{2,3}\b))  # within 752 31 or 08-465 004 10
    (?<![0-9][ ](?=[a-h]\b))       # within 6.1 c
    """,
    re.VERBOSE,
)
_LONELY = 1 / 3  # of the line: a last word shorter than this takes the word before with it
_SHORTEST_PART = 3


class Line(NamedTuple):
    """One line of a paragraph.

    Attributes:
        text: What is drawn.
        end: What the break stands for: a space, a hyphen we added, a line break, or nothing inside a long word.
    """

    text: str
    end: str


def wrap(text: str, metrics: Metrics, size: float, width: float) -> list[Line]:
    """Return `text` as lines no wider than `width` points.  There is always at least one line."""
    lines: list[Line] = []
    for part in text.split("\n"):
        lines += _wrap_part(part, metrics, size, width)
        lines[-1] = lines[-1]._replace(end="\n")
    lines[-1] = lines[-1]._replace(end="")
    return lines


def fitted(text: str, metrics: Metrics, size: float, width: float) -> str:
    """Return a text for one line: as it is, or as much of it as has room and an ellipsis."""
    if metrics.width(text, size) <= width:
        return text
    room = (width - metrics.width("…", size)) * 1000 / size
    return text[: _fitting(text, 0, metrics, room)].rstrip() + "…"


def _wrap_part(part: str, metrics: Metrics, size: float, width: float) -> list[Line]:
    space = metrics.width(" ", size)
    lines: list[Line] = []
    before: list[str] = []
    words: list[str] = []
    used = 0.0
    for word in _SPACE.split(part):
        length = metrics.width(word, size)
        if words and used + space + length > width:
            lines.append(Line(" ".join(words), " "))
            before, words = words, []
        if not words and length > width:
            *whole, (word, _end) = _broken(word, metrics, size, width)  # noqa: PLW2901 - the rest of it goes on
            lines += whole
            before, length = [], metrics.width(word, size)
        used = used + space + length if words else length
        words.append(word)
    if len(words) == 1 and len(before) > 2 and used < width * _LONELY:
        *kept, moved = before
        if metrics.width(moved, size) + space + used <= width:
            lines[-1], words = Line(" ".join(kept), " "), [moved, *words]
    return [*lines, Line(" ".join(words), "")]


def _broken(word: str, metrics: Metrics, size: float, width: float) -> Iterator[Line]:
    start, hyphen = 0, metrics.width("-", size)
    while (stop := _fitting(word, start, metrics, width * 1000 / size)) < len(word):
        cut, end = _cut(word, start, stop, _fitting(word, start, metrics, (width - hyphen) * 1000 / size))
        yield Line(word[start:cut], end)
        start = cut
    yield Line(word[start:], "")


def _fitting(word: str, start: int, metrics: Metrics, room: float) -> int:
    """Return where the part of `word` from `start` that has room ends; at least one character fits."""
    spare = metrics.widths[MISSING]
    for place in range(start, len(word)):
        room -= metrics.widths.get(word[place], spare)
        if room < 0:
            return max(place, start + 1)
    return len(word)


def _cut(word: str, start: int, stop: int, hyphened: int) -> tuple[int, str]:
    """Choose the break: by the one-consonant rule in a plain word, after a sign in an address, else where the room ends."""
    if word[start:stop].isalpha():
        for place in range(min(hyphened, len(word) - _SHORTEST_PART), start + _SHORTEST_PART - 1, -1):
            if word[place] not in _VOWELS and word[place + 1] in _VOWELS:
                return place, "-"
    for place in range(stop, start + (stop - start) // 2, -1):
        if _AFTER_SIGN.match(word[place - 1]):
            return place, ""
    return stop, ""
