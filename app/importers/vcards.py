"""Address cards (vCard 2.1, 3.0 and 4.0): lines and their values.  Runs in the child; reads in a stream.

A property is unfolded as bytes, because a fold may stand in the middle of a letter.
"""

import codecs
import quopri
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

from app.importers.csv_text import ENCODINGS
from app.importers.limits import CSV_FIELD

_PIECE = 64 * 1024
_LONGEST_HEAD = 1_000
_HEAD = re.compile(rb'(?:[\w-]+\.)?([\w-]+)((?:;(?:[^":;]|"[^"]*")*)*)')
_PROPERTY = re.compile(rb'((?:[^":]|"[^"]*")*):(.*)', re.DOTALL)
_QUOTED = re.compile(rb"^[^:]*;(?:ENCODING=)?QUOTED-PRINTABLE[;:]", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_QP = "QUOTED-PRINTABLE"
_BINARY = frozenset(("B", "BASE64"))
_UNSEEN = frozenset(("PHOTO", "LOGO", "SOUND", "KEY", "VERSION", "PRODID", "REV", "AGENT", "CLASS", "SORT-STRING"))
_BEGIN, _END = b"BEGIN:VCARD", b"END:VCARD"


class Head(NamedTuple):
    """What stands before the colon: the name and the types in capitals, and what else is said of the value."""

    name: str
    types: frozenset[str]
    params: dict[str, str]
    charset: str
    is_quoted: bool
    is_seen: bool


class Property(NamedTuple):
    """One line of a card."""

    head: Head
    value: bytes

    def text(self, code: str) -> str:
        """Return the value as it is written, in the property's own charset or the file's."""
        raw = quopri.decodestring(self.value) if self.head.is_quoted else self.value
        for charset in (self.head.charset or code, code):
            try:
                return raw.decode(charset)
            except UnicodeError:
                continue
        return raw.decode("cp1252", "replace")


def cards(path: Path, code: str) -> Iterator[tuple[list[Property], bool]]:
    """Return the properties of each card and whether it is whole; one that the file's end cuts off is not."""
    held: list[Property] | None = None
    depth = 0
    for line in logical_lines(path, code):
        mark = line[:20].upper().strip() if line[:1] in b"BEbe\xef" else b""
        if mark.removeprefix(codecs.BOM_UTF8) == _BEGIN:
            depth += 1
            held = [] if depth == 1 else held
        elif mark == _END and depth:
            depth -= 1
            if depth == 0 and held is not None:
                yield held, True
                held = None
        elif depth == 1 and held is not None and (found := parsed(line)):
            held.append(found)
    if held is not None:
        yield held, False


def parsed(line: bytes) -> Property | None:
    """Return the property on a line, None when it is none or says nothing in words."""
    before, colon, value = line.partition(b":")
    if b'"' in before:  # a colon between quotation marks divides nothing
        found = _PROPERTY.fullmatch(line)
        before, value = (found[1], found[2]) if found else (b"", b"")
    head = _head(before) if colon else None
    value = value.strip()
    return Property(head, value) if head is not None and head.is_seen and value else None


@lru_cache(maxsize=2_000)
def _head(written: bytes) -> Head | None:
    """Return what a line says of itself; the same few beginnings come again in every card."""
    found = _HEAD.fullmatch(written[:_LONGEST_HEAD])
    if not found:
        return None
    name = found[1].decode("ascii", "replace").upper()
    types: set[str] = set()
    params: dict[str, str] = {}
    for part in found[2].decode("ascii", "replace").split(";"):
        key, equals, value = part.partition("=")
        if not equals or key.upper() == "TYPE":
            types.update(word for text in (value if equals else key).split(",") if (word := text.strip('" ').upper()))
        else:
            params[key.upper()] = value.strip('"')
    encoding = {params.get("ENCODING", "").upper(), *types}
    is_seen = name not in _UNSEEN and not name.startswith("X-AB") and not encoding & _BINARY
    return Head(name, frozenset(types), params, _charset(params.get("CHARSET", "")), _QP in encoding, is_seen)


def _charset(named: str) -> str:
    """Return a charset that the program knows, else an empty text."""
    try:
        known = codecs.lookup(named).name
    except (LookupError, ValueError):
        return ""
    return known if known in ENCODINGS else ""


def logical_lines(path: Path, code: str) -> Iterator[bytes]:
    """Return the file's lines with their folds undone; what is over the limit of a cell is cut off a little beyond it."""
    held = b""
    for raw in _physical_lines(path, code):
        if held[-1:] == b"=" and _QUOTED.match(held[:200]):
            held = held[:-1] + raw[:CSV_FIELD] if len(held) <= CSV_FIELD else held
        elif raw[:1] in (b" ", b"\t") and held:
            held = held + raw[1:CSV_FIELD] if len(held) <= CSV_FIELD else held
        else:
            if held:
                yield held
            held = raw
    if held:
        yield held


def _physical_lines(path: Path, code: str) -> Iterator[bytes]:
    """Return the lines as they stand; a file in UTF-16 as UTF-8, any other byte for byte."""
    if code.startswith("utf-16"):
        with path.open(encoding=code, errors="replace") as text:
            while piece := text.readline(CSV_FIELD):
                yield piece.rstrip("\n").encode()
        return
    with path.open("rb") as stream:
        ends = b"\n" if b"\n" in stream.read(_PIECE) else b"\r"
        stream.seek(0)
        yield from _lines(stream) if ends == b"\n" else _old_lines(stream)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Return the lines; of one without end only as much as a cell may have, and a little more."""
    is_begun = False
    while raw := stream.readline(CSV_FIELD):
        if not is_begun:
            yield raw.rstrip(b"\r\n")
        is_begun = raw[-1:] != b"\n"


def _old_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Return the lines of a file that ends them as old Macintoshes did."""
    rest = b""
    while block := stream.read(_PIECE):
        *whole, rest = (rest + block).split(b"\r")
        rest = rest[:CSV_FIELD]
        yield from whole
    yield rest


def divided(text: str, sign: str) -> list[str]:
    """Return the parts of a structured value, without the backslashes."""
    if "\\" not in text:
        return [part.strip() for part in text.split(sign)]
    held = text.replace("\\\\", "\0")  # a backslash that is itself escaped escapes nothing
    return [plain(part.replace("\0", "\\\\")) for part in re.split(rf"(?<!\\){re.escape(sign)}", held)]


def plain(text: str) -> str:
    """Return a value without its backslashes; a backslash and an n are a line break."""
    return (
        text.strip()
        if "\\" not in text
        else _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text).strip()
    )


def fits(path: Path, code: str) -> bool:
    """Return whether all lines that name no charset of their own are written in this encoding."""
    for line in logical_lines(path, code):
        found = parsed(line)
        if found is None or found.head.charset or found.head.is_quoted:
            continue
        try:
            found.value.decode(code)
        except UnicodeError:
            return False
    return True
